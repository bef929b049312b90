"""The questions of `search` and `ask`: one on the command line, or many from a file or standard input."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.errors import SettingsError
from index.language import say
from rag.values import Message


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as it was given, with its id and the conversation before it; `error` when the line held none."""

    id: str
    question: str
    history: tuple[Message, ...] = ()
    error: SettingsError | None = None


def add_questions(parser: argparse.ArgumentParser) -> None:
    """Add the question and `--questions` to a parser."""
    parser.add_argument("question", nargs="?", help=say("command.help_question"))
    parser.add_argument("--questions", metavar="FILE", help=say("command.help_questions"))
    parser.add_argument("--json", action="store_true", help=say("command.help_json"))


def read_questions(args: argparse.Namespace, parser: argparse.ArgumentParser) -> Iterator[Asked]:
    """Yield the questions in order; a line that is no question comes as one with an `error` that names it."""
    if (args.question is None) == (args.questions is None):
        parser.error(say("command.one_question"))
    if args.questions is None:
        return iter([Asked("1", args.question)])
    return _from_lines(args.questions)


def _from_lines(name: str) -> Iterator[Asked]:
    lines = sys.stdin if name == "-" else _open_lines(name)
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _asked(line, name, number)


def _open_lines(name: str) -> list[str]:
    try:
        return Path(name).read_text(encoding="utf-8").split("\n")
    except UnicodeDecodeError as error:
        raise SettingsError("settings.not_utf8", file=name) from error
    except OSError as error:
        raise SettingsError("settings.questions_file", file=name, reason=error.strerror) from error


def _asked(line: str, name: str, number: int) -> Asked:
    try:
        value: Any = json.loads(line)
        question = value.get("question") or value.get("q")
        history = tuple(Message(turn["role"], turn["text"]) for turn in value.get("history") or ())
        roles = {message.role for message in history}
        if not isinstance(question, str) or not roles <= {"user", "assistant"}:
            raise ValueError("question")
    except (ValueError, AttributeError, KeyError, TypeError) as error:
        found = SettingsError("settings.question_line", file=name, line=number)
        found.__cause__ = error
        return Asked(str(number), "", error=found)
    return Asked(str(value.get("id") or number), question, history)
