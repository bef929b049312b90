"""Question sets go in, every fault in them comes out: what is missing, not literal, double, or in two sets.

The form of a line is `Line`; `schema()` gives it as JSON Schema for other tools.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.questions import QuestionsError
from eval.scores.citations import is_part_of
from index.dutch import content_stems, stem, tokenise
from index.language import Language, say
from index.values import Passage

if TYPE_CHECKING:
    from pydantic import BaseModel

# Two questions that share this much of their words ask the same, and so do two with the same topic words and the same
# gold; "in 2024" and "in 2025" differ by a number, though.
_SAME = 0.85

PassagesOf = Callable[[str], Sequence[Passage]]


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: the key of its sentence and what to fill in."""

    key: str
    fields: Mapping[str, object] = field(default_factory=dict)

    def say(self, language: Language) -> str:
        """Return it as a sentence."""
        return say(f"evaluate.check_{self.key}", language, **self.fields)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question of a file with what tells whether another asks the same: all its words, those of its topic."""

    file: str
    id: str
    words: frozenset[str]
    topic: frozenset[str]
    value: dict[str, Any]


def schema() -> dict[str, Any]:
    """Return the JSON Schema of one line of a question set."""
    return _model().model_json_schema()


def check(paths: Sequence[Path], passages_of: PassagesOf) -> tuple[list[Fault], int]:
    """Return the faults of all sets together, and how many questions there are.

    `passages_of` gives the passages of a document, none when it is not there. A file that cannot be read is a
    `QuestionsError`.
    """
    faults: list[Fault] = []
    asked: list[_Asked] = []
    for path in paths:
        found = list(_read(path, faults))
        asked += found
        seen: set[str] = set()
        for one in found:
            if one.id in seen:
                faults.append(Fault("id", {"file": one.file, "id": one.id}))
            seen.add(one.id)
            faults += _against_documents(one, passages_of)
    return faults + _doubles(asked), len(asked)


def _read(path: Path, faults: list[Fault]) -> list[_Asked]:
    from pydantic import ValidationError

    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionsError("eval.file", file=path, reason=error) from error
    found = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            value = _model().model_validate_json(line).model_dump()
        except ValidationError as error:
            first = error.errors()[0]
            reason = f"{'.'.join(map(str, first['loc'])) or 'JSON'}: {first['msg']}"
            faults.append(Fault("field", {"file": path.name, "line": number, "reason": reason}))
            continue
        # The same follow-up can ask two things: what was asked before it belongs to it.
        text = " ".join([value["question"], *(turn["text"] for turn in value["history"])])
        words = frozenset(map(stem, tokenise(text)))
        found.append(_Asked(path.name, value["id"], words, frozenset(content_stems(text)), value))
    return found


def _against_documents(one: _Asked, passages_of: PassagesOf) -> list[Fault]:
    where: dict[str, object] = {"file": one.file, "id": one.id}
    gold, facts = one.value["gold"], one.value["facts"]
    if not gold:
        return [Fault("vain_facts", where)] if facts else []
    texts, faults = [], []
    for name in gold:
        document = name.partition("#")[0]
        held = [p.body for p in passages_of(document) if name == document or is_part_of(p.passage, name)]
        if not held:
            faults.append(Fault("gold", {**where, "gold": name}))
        texts.append("\n".join(held))
    if not facts:
        faults.append(Fault("no_fact", where))
    said = [" ".join(text.split()) for text in texts]
    for fact in facts:
        if not any(" ".join(fact.split()) in text for text in said):
            faults.append(Fault("fact", {**where, "fact": fact, "gold": ", ".join(gold)}))
    return faults


def _doubles(asked: Sequence[_Asked]) -> list[Fault]:
    by_word: dict[str, list[int]] = {}
    faults = []
    for place, one in enumerate(asked):
        near = {other for word in one.words for other in by_word.get(word, ())}
        twin = next((asked[n] for n in sorted(near) if _is_same(one, asked[n])), None)
        if twin is not None:
            key = "duplicate" if twin.file == one.file else "leak"
            other = twin.id if key == "duplicate" else f"{twin.file} ({twin.id})"
            faults.append(Fault(key, {"file": one.file, "id": one.id, "other": other}))
        for word in one.words:
            by_word.setdefault(word, []).append(place)
    return faults


def _is_same(one: _Asked, other: _Asked) -> bool:
    if [word for word in one.words ^ other.words if word[0].isdigit()]:
        return False
    is_near = len(one.words & other.words) >= _SAME * len(one.words | other.words)
    return is_near or (one.topic == other.topic and one.value["gold"] == other.value["gold"] != [])


@cache
def _model() -> type[BaseModel]:
    """Make the form of a line when it is first needed, so that nothing else waits for pydantic."""
    from pydantic import BaseModel, ConfigDict, Field

    class Turn(BaseModel):
        """One turn of the conversation before the question."""

        model_config = ConfigDict(extra="forbid")
        role: str = Field(pattern="^(user|assistant)$")
        text: str = Field(min_length=1)

    class Line(BaseModel):
        """A gold question: what is asked, which documents or passages answer it, and the literal facts of an answer.

        Without `gold` the right thing is to refuse.
        """

        model_config = ConfigDict(extra="forbid")
        id: str = Field(min_length=1)
        question: str = Field(min_length=3, max_length=500)
        gold: list[str] = Field(description="documents (a) or passages (a#vraag-1); none: no answer")
        facts: list[str] = Field(default_factory=list, description="words that stand literally in the gold passages")
        kind: str = Field(default="answerable", description="answerable, multi, partial, follow-up, other-year …")
        history: list[Turn] = Field(default_factory=list)

    return Line


def known_line(value: Mapping[str, Any]) -> str:
    """Return a gold question as a line of a set, its fields in their usual order."""
    names = ("id", "question", "gold", "facts", "kind")
    return json.dumps({name: value[name] for name in names}, ensure_ascii=False)
