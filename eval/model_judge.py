"""A sentence and a passage go to a language model, a verdict comes out; every reply that is none is counted.

The prompt stands in `prompts/judge.nl.txt`. A reply that is not the JSON that was asked for is asked for once more; a
second one, and a model that fails, leave the sentence unsupported and stand in `failures`. Nothing is left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from importlib.resources import files
from typing import Any, TypeVar

from index.errors import ModelError
from index.values import Passage
from rag.prompt import escape
from rag.protocols import LanguageModel
from rag.values import Message, Support, Verdict

Read = TypeVar("Read")

_VERDICTS: Mapping[str, tuple[Support, float]] = {
    "gesteund": ("supported", 1.0),
    "deels": ("unsupported", 0.5),
    "niet": ("unsupported", 0.0),
}
_OBJECT = re.compile(r"\{.*\}", re.DOTALL)
_AGAIN = "Dat is niet het gevraagde JSON-object. Geef alleen het JSON-object, zonder tekst eromheen."
_GIVE_UP = 5  # failures of the server, one after another, after which the model is held to be down


class ModelJudge:
    """A `Judge` that asks a language model. `failures` holds why each failed verdict failed, `asked` counts all."""

    def __init__(self, model: LanguageModel) -> None:
        self._model = model
        self._down = 0
        self.asked = 0
        self.failures: list[str] = []

    @property
    def name(self) -> str:
        """The model's name."""
        return self._model.name

    def judge(self, sentence: str, passage: Passage) -> Verdict:
        """Return the model's verdict; raise `ModelError` when the server has failed five times on end."""
        self.asked += 1
        question = f"<bron>\n{escape(_text_of(passage))}\n</bron>\n\n<zin>{escape(sentence)}</zin>"
        messages = [Message("system", prompt("judge")), Message("user", question)]
        try:
            reply, found = ask_for_json(self._model, messages, _verdict)
            self._down = 0
        except ModelError as error:
            self._down += 1
            if self._down >= _GIVE_UP:
                raise
            reply, found = error.say("nl"), None
        if found is None:
            self.failures.append(reply[:200])
            return Verdict("unsupported", 0.0, (reply[:200],))
        return found


def prompt(name: str) -> str:
    """Return the prompt `name`, in Dutch, as it stands in `prompts/`."""
    return (files("eval") / "prompts" / f"{name}.nl.txt").read_text(encoding="utf-8")


def ask_for_json(
    model: LanguageModel, messages: Sequence[Message], read: Callable[[dict[str, Any]], Read]
) -> tuple[str, Read | None]:
    """Return the model's last reply and what `read` makes of the JSON object in it, None when it is none twice.

    `read` raises `ValueError`, `KeyError` or `TypeError` for an object that is not what was asked for.
    """
    asked, reply = list(messages), ""
    for _ in range(2):
        reply = "".join(model.stream(asked))
        found = _OBJECT.search(reply)
        try:
            return reply, read(json.loads(found[0] if found else ""))
        except (ValueError, KeyError, TypeError):
            asked = [*messages, Message("assistant", reply), Message("user", _AGAIN)]
    return reply, None


def _verdict(value: dict[str, Any]) -> Verdict:
    support, score = _VERDICTS[value["oordeel"]]
    reason = value.get("reden", "")
    if not isinstance(reason, str):
        raise TypeError("reden")
    return Verdict(support, score, (reason,) if reason else ())


def _text_of(passage: Passage) -> str:
    asked = f"Gevraagd: {passage.question}\n" if passage.question else ""
    return f"{asked}{passage.body}"
