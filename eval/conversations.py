"""Conversations: a question after others is searched for as typed and as it is made whole, and both are compared."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.asking import Answerer, Search, found_names
from eval.measures import Measure
from eval.questions import GoldQuestion, QuestionsError
from eval.scores.case import Case
from eval.significance import mean_of, paired
from rag.followup import whole_question
from rag.values import Message

SWITCH = "topic-switch"


@dataclass(frozen=True, slots=True)
class Conversation:
    """A gold question that is asked after others; `question.kind` is "follow-up", "topic-switch" or "unanswerable"."""

    question: GoldQuestion
    history: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """What became of one conversation: its case (asked with its history), the question as it was made whole, and
    what was found for it as typed."""

    case: Case
    whole: str
    found_typed: tuple[str, ...]

    @property
    def left_alone(self) -> bool:
        """Whether nothing was taken over from the questions before."""
        return self.whole == self.case.question.question


def load_conversations(path: Path) -> list[Conversation]:
    """Read a file of conversations; the first line that is none is a `QuestionsError` that names it."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionsError("eval.file", file=path, reason=error) from error
    found = [_conversation(line, path, number) for number, line in enumerate(lines, 1) if line.strip()]
    if not found:
        raise QuestionsError("eval.no_questions", file=path)
    return found


def converse(name: str, conversations: Iterable[Conversation], answerer: Answerer, search: Search) -> list[Turn]:
    """Ask the last question of each conversation with what went before it, and search for it in both ways."""
    turns = []
    for conversation in conversations:
        question = conversation.question
        whole = whole_question(question.question, conversation.history)
        hits = tuple(search(whole))
        case = Case(
            name,
            question,
            answerer.ask(question.question, conversation.history),
            hits,
            found_names(hits, question.gold),
        )
        turns.append(Turn(case, whole, found_names(search(question.question), question.gold)))
    return turns


def measures(turns: Sequence[Turn], ndcg: Sequence[float], ndcg_typed: Sequence[float]) -> list[tuple[Measure, str]]:
    """Return the measures, each with the kind it is over, from the nDCG@10 of the answerable turns in their order."""
    rows: list[tuple[Measure, str]] = []
    answerable = [turn for turn in turns if turn.case.question.answerable]
    for kind in ("follow-up", SWITCH):
        chosen = [place for place, turn in enumerate(answerable) if turn.case.question.kind == kind]
        if not chosen:
            continue
        after, before = [ndcg[place] for place in chosen], [ndcg_typed[place] for place in chosen]
        gain = paired(after, before)
        rows += [
            (mean_of("nDCG@10 made whole", after), kind),
            (mean_of("nDCG@10 as typed", before), kind),
            (Measure("gain in nDCG@10", gain.value, gain.count, gain.low, gain.high), kind),
            (mean_of("right", [float(answerable[place].case.right) for place in chosen]), kind),
        ]
    switches = [float(turn.left_alone) for turn in turns if turn.case.question.kind == SWITCH]
    follow_ups = [float(not turn.left_alone) for turn in turns if turn.case.question.kind == "follow-up"]
    vain = [float(turn.case.refused) for turn in turns if not turn.case.question.answerable]
    named = (("topic switches left alone", switches), ("follow-ups made whole", follow_ups), ("refused", vain))
    return rows + [(mean_of(name, values), "") for name, values in named if values]


def _conversation(line: str, path: Path, number: int) -> Conversation:
    try:
        value: Any = json.loads(line)
        history = tuple(Message(turn["role"], turn["text"]) for turn in value["history"])
        if not history or not {message.role for message in history} <= {"user", "assistant"}:
            raise ValueError("history")
        question = GoldQuestion(
            str(value.get("id") or number),
            str(value["question"]),
            tuple(map(str, value["gold"])),
            tuple(map(str, value.get("facts") or ())),
            str(value.get("kind") or "follow-up"),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise QuestionsError("evaluate.conversation_line", file=path, line=number) from error
    return Conversation(question, history)
