"""Robustness: the same question asked in other ways, and how far what is found and answered drifts."""

from __future__ import annotations

import json
import random
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from eval.asking import Answerer, Search, found_names
from eval.questions import QuestionsError
from eval.scores.case import Case

GIVEN = ("reworded", "english")  # what a person wrote; the other ways are made by rule
WAYS = ("typos", "no accents", "plain", "chatter", *GIVEN)
OVERLAP = 10

_WORD = re.compile(r"[^\W\d_]{5,}")
_CHATTER = (
    "Goedemorgen, ik heb een vraag waar ik niet uit kom. {} Alvast hartelijk dank!",
    "Hallo! {} Ik hoor het graag van u, met vriendelijke groet.",
    "Ik zat laatst met mijn buurvrouw te praten en toen vroegen wij ons iets af. {}",
)


@dataclass(frozen=True, slots=True)
class Drift:
    """One question asked in another way: the case it gives, and the share of the first ten finds that stayed."""

    way: str
    base: Case
    case: Case
    overlap: float

    @property
    def same_first(self) -> bool:
        """Whether the first find is the same passage."""
        first = [case.hits[0].passage.passage if case.hits else "" for case in (self.base, self.case)]
        return first[0] == first[1]


def load_variants(path: Path) -> dict[str, dict[str, str]]:
    """Read, by the id of a question, how a person asked it otherwise; a `QuestionsError` names a line that is none."""
    found: dict[str, dict[str, str]] = {}
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionsError("eval.file", file=path, reason=error) from error
    for number, line in enumerate(lines, 1):
        try:
            value = json.loads(line)
            found[value["id"]] = {way: str(value[way]) for way in GIVEN if way in value}
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise QuestionsError("evaluate.variant_line", file=path, line=number) from error
    return found


def ways_to_ask(question: str, name: str, given: Mapping[str, str]) -> dict[str, str]:
    """Return `question` in every other way that differs from it; `name` seeds what chance decides."""
    chance = random.Random(name)
    made: dict[str, str] = {
        "typos": with_typos(question, chance),
        "no accents": without_accents(question),
        "plain": re.sub(r"[^\w\s,.]|[,.](?!\d)", "", question).lower(),
        "chatter": chance.choice(_CHATTER).format(question),
        **given,
    }
    return {way: made[way] for way in WAYS if way in made and made[way] != question}


def with_typos(text: str, chance: random.Random) -> str:
    """Return `text` with a slip of the hand in a third of its longer words, at least one: two letters swapped, one
    left out or one doubled. Numbers and first letters stay."""
    words = list(_WORD.finditer(text))
    for word in sorted(chance.sample(words, max(1, len(words) // 3)) if words else (), key=lambda w: -w.start()):
        place = word.start() + chance.randrange(1, len(word[0]) - 1)
        one, two = text[place], text[place + 1]
        slip = chance.choice((two + one, two, one + one + two) if one != two else (two, one + one + two))
        text = text[:place] + slip + text[place + 2 :]
    return text


def without_accents(text: str) -> str:
    """Return `text` without the marks on its letters."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def drifts(
    cases: Sequence[Case],
    variants: Mapping[str, Mapping[str, str]],
    answerer: Answerer,
    search: Search,
    seen: Callable[[], None] = lambda: None,
) -> list[Drift]:
    """Ask every question in every other way, and hold what is found against what was found before.

    Where there are `variants`, the questions that are not among them are only asked without their accents: those are
    few. Without variants every question is asked in every way that rules can make.
    """
    found = []
    for base in cases:
        name, given = base.question.id, variants.get(base.question.id)
        for way, text in ways_to_ask(base.question.question, name, given or {}).items():
            if variants and given is None and way != "no accents":
                continue
            hits = tuple(search(text))
            case = replace(
                base,
                question=replace(base.question, question=text),
                answer=answerer.ask(text),
                hits=hits,
                found=found_names(hits, base.question.gold),
                backing=(),
                literal=(),
            )
            found.append(Drift(way, base, case, overlap(_names(base), _names(case))))
            seen()
    return found


def overlap(one: Sequence[str], other: Sequence[str]) -> float:
    """Return the share of the first ten that two rankings have in common; 1 when both are empty."""
    first, second = set(one[:OVERLAP]), set(other[:OVERLAP])
    return len(first & second) / max(len(first), len(second)) if first or second else 1.0


def is_same_again(case: Case, answerer: Answerer, search: Search) -> bool:
    """Whether asking once more finds the same in the same order and gives the same answer, word for word."""
    answer, hits = answerer.ask(case.question.question), search(case.question.question)
    same_answer = replace(answer, seconds=0.0, trace=()) == replace(case.answer, seconds=0.0, trace=())
    return same_answer and _names(case) == [hit.passage.passage for hit in hits]


def _names(case: Case) -> list[str]:
    return [hit.passage.passage for hit in case.hits]
