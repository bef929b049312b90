"""A claim and sentences of a passage go in, what speaks against the claim comes out, each with the words it is about.

Knows numbers, names, parties, negation, opposites, certainty and quantity by their surface; knows no coverage of words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from index.dutch import stem
from rag.claims import Claim, Clause, plain
from rag.likeness import held_by
from rag.numbers import Number, numbers_of
from rag.polarity import content_words, polarity_conflicts
from rag.roles import leans, role_conflicts
from rag.vocabulary import entries, names, pattern, stems
from rag.words import SYNONYM, best_likeness

_NOT_DROPPED = ("most", "some", "few", "only")  # a claim grows when one of these is left out
_BOUNDS = {"maximaal": "minimaal", "minimaal": "maximaal"}
_SAME = 0.8  # the share of a sentence's other words that make it say the same of a name
_ALIGNED = 0.4  # the share of a clause's words that another must hold to be about the same
_ALL_OF = re.compile(r"\b(?:alle|elke?|iedere?|per)\s+((?:\w+\s+){0,2}?\w+)", re.IGNORECASE)
_PRESUPPOSED = re.compile(r"^(?:voordat|nadat|als|wanneer|totdat|zodra|indien|om\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a claim does not follow: the key of its sentence in the texts, and the words it is about."""

    key: str
    what: str = ""


def conflicts(claim: Claim, sentences: Sequence[Claim], whole: Sequence[Claim]) -> tuple[Reason, ...]:
    """Return what speaks against `claim` in `sentences`, those of the passage (`whole`) that hold its words best."""
    found = [*_numbers(claim, whole), *_facts(claim, whole), *_names_elsewhere(claim, whole)]
    found += _labels(claim, sentences)
    found += _clauses_agree(claim, sentences)
    found += (Reason("role", what) for what in role_conflicts(claim, whole))
    return tuple(dict.fromkeys(found))


def _numbers(claim: Claim, sentences: Sequence[Claim]) -> Iterator[Reason]:
    known = [(number, sentence) for number, sentence in _numbers_in_context(sentences)]
    said = {(number.sort, number.value) for number in claim.numbers}
    for number in claim.numbers:
        same = [(other, where) for other, where in known if _is_same(number, other)]
        if not same:
            if number.text.lower() != "één" or not any("een" in sentence.words for sentence in sentences):
                yield Reason("number", number.text)
            continue
        years = {other.year for other, _ in same}
        if number.year and None not in years and number.year not in years:
            yield Reason("number", f"{number.text}")
        if all(_is_bounded_otherwise(claim.text, number, where.text, other) for other, where in same):
            yield Reason("bound", number.text)
        told = max(_held_words(claim, where) for _, where in same)
        rivals = [
            other
            for other, where in known
            if other.sort == number.sort and (other.sort, other.value) not in said and _held_words(claim, where) >= told
        ]
        nearest = max(_meets(number, other) for other, _ in same)
        margin = 1 if len(claim.numbers) == 1 else 2
        if any(_meets(number, other) >= nearest + margin for other in rivals):
            yield Reason("number_elsewhere", number.text)
        elif number.unit in _units() and all(o.unit in _units() and stem(o.unit) != stem(number.unit) for o, _ in same):
            yield Reason("number_elsewhere", f"{number.text} {number.unit}")


def _held_words(claim: Claim, where: Claim) -> int:
    return sum(held_by(token, where.tokens) >= 0.5 for token in claim.tokens)


def _numbers_in_context(sentences: Sequence[Claim]) -> Iterator[tuple[Number, Claim]]:
    """Yield each number; where "dat" stands for what the sentence before tells, its words are near it too."""
    before: tuple[str, ...] = ()
    for sentence in sentences:
        leans = bool(re.search(r"\b(?:was|is|zijn|waren|werd)\s+(?:dat|dit|die)\b|^Dat\b", sentence.text))
        for number in sentence.numbers:
            yield (replace(number, near=(*number.near, *before)) if leans else number), sentence
        before = sentence.tokens


def _is_same(said: Number, known: Number) -> bool:
    if said.sort == "share" or known.sort == "share":
        return said.sort == known.sort and abs(said.value - known.value) < 0.005
    return said.value == known.value and (said.sort == "day") == (known.sort == "day")


def _meets(a: Number, b: Number) -> int:
    return sum(best_likeness(token, b.near) >= 0.75 for token in a.near)


def _is_bounded_otherwise(said: str, number: Number, source: str, other: Number) -> bool:
    mine, theirs = (
        {word for word in _BOUNDS if word in text[max(0, n.start - 14) : n.start].lower()}
        for text, n in ((said, number), (source, other))
    )
    if theirs:
        return not mine & theirs
    return bool(mine) and _BOUNDS[min(mine)] in source.lower()


@cache
def _units() -> frozenset[str]:
    return frozenset(entries("claim.units"))


def _names_elsewhere(claim: Claim, whole: Sequence[Claim]) -> Iterator[Reason]:
    """A name of the passage in the place of another: the sentence that says the rest holds another name there."""
    if not claim.names:
        return
    rest = [token for token in claim.tokens if token not in claim.names]
    shares = [sum(held_by(token, s.tokens) >= SYNONYM for token in rest) for s in whole]
    place = max(range(len(whole)), key=lambda n: (shares[n], -n))
    best = whole[place]
    if len(rest) < 2 or shares[place] < _SAME * len(rest):
        return
    known = {token for s, share in zip(whole, shares, strict=True) if share == shares[place] for token in s.words}
    others = [name for name in best.names if name not in claim.names]
    for name in claim.names:
        if others and not leans(best, whole[max(0, place - 2) : place], name) and not _known(name, known):
            yield Reason("name", name)


def _known(name: str, words: frozenset[str] | set[str]) -> bool:
    return bool({name, name + "s", name.removesuffix("s")} & words) or stem(name) in {stem(word) for word in words}


def _facts(claim: Claim, sentences: Sequence[Claim]) -> Iterator[Reason]:
    tokens = frozenset(token for sentence in sentences for token in sentence.words)
    stemmed = {stem(token) for token in tokens}
    yield from (Reason("name", name) for name in claim.names if not _known(name, tokens))
    speaks = bool(re.search(r"\b(?:ik|wij|we|mijn|ons|onze)\b", " ".join(s.text for s in sentences), re.IGNORECASE))
    for token in claim.words:
        official = stem(token) in stems("claim.officials")
        if official and stem(token) not in stemmed and not (speaks and stem(token) in stems("claim.speakers")):
            yield Reason("party", token)
    texts = " ".join(plain(sentence.text) for sentence in sentences)
    for address in claim.addresses:
        if address not in texts:
            yield Reason("address", address)


def _labels(claim: Claim, sentences: Sequence[Claim]) -> Iterator[Reason]:
    """What is told apart by a letter or number ("zone A", "deel 2") must be the one that the best sentence is about."""
    said = _labelled(claim.text)
    for label, item in said:
        known = _labelled(sentences[0].text) if sentences else []
        if (
            sum(word == label for word, _ in said) == 1
            and any(word == label for word, _ in known)
            and (label, item) not in known
        ):
            yield Reason("name", f"{label} {item}")


def _labelled(text: str) -> list[tuple[str, str]]:
    found = re.findall(rf"({pattern('claim.labels').pattern})\s+([A-Z]|\d{{1,3}})(?=[\s.,;:)]|$)", text)
    return [(label.lower(), item) for label, item in found]


def _clauses_agree(claim: Claim, sentences: Sequence[Claim]) -> Iterator[Reason]:
    known = [(clause, sentence) for sentence in sentences for clause in sentence.clauses]
    for clause in claim.clauses:
        scored = sorted(((_shared(clause, other), -n) for n, (other, _) in enumerate(known)), reverse=True)
        best = [(share, known[-n]) for share, n in scored if share >= max(_ALIGNED, 0.95 * scored[0][0])]
        if not best:
            continue
        found = [tuple(_disagreements(clause, other, claim, where, sentences)) for _, (other, where) in best[:3]]
        yield from min(found, key=len)


def _disagreements(
    said: Clause, source: Clause, claim: Claim, where: Claim, sentences: Sequence[Claim]
) -> Iterator[Reason]:
    def only_said(key: str, grounds: str) -> bool:
        return bool(pattern(key).search(said.text)) and not pattern(grounds).search(where.text)

    for what in polarity_conflicts(said, source, claim, where):
        yield Reason("opposite", what) if what else Reason("negation")
    doubts = [name for name in names("doubt") if pattern(f"doubt.{name}").search(source.text)]
    told = said.text if pattern("question.verb_first").search(said.text) else claim.text
    sure = not any(pattern(f"doubt.{name}").search(told) for name in names("doubt"))
    if doubts and sure and not _PRESUPPOSED.search(said.text):
        yield Reason("certainty", ", ".join(match[0] for match in _doubts(source.text)))
    if only_said("claim.duty", "claim.grounds_duty"):
        yield Reason("duty")
    if only_said("claim.leave", "claim.grounds_leave"):
        yield Reason("leave")
    if only_said("claim.decided", "claim.decided"):
        yield Reason("decided")
    if any(pattern(f"doubt.{name}").search(said.text) for name in ("studied",)) and not any(
        pattern(f"doubt.{name}").search(where.text) for name in names("doubt")
    ):
        yield Reason("doubt")
    yield from _amounts(said, source, claim, where, sentences)


def _doubts(text: str) -> Iterator[re.Match[str]]:
    for name in names("doubt"):
        match = pattern(f"doubt.{name}").search(text)
        if match:
            yield match


def _amounts(said: Clause, source: Clause, claim: Claim, where: Claim, sentences: Sequence[Claim]) -> Iterator[Reason]:
    for name in names("amount"):
        amount = pattern(f"amount.{name}")
        says, states = amount.search(said.text), amount.search(source.text)
        if says and name == "all":
            if not any(_all_holds(said.text, other.text) for other in sentences):
                yield Reason("quantity", says[0])
            elif restricting := _restricting(source.text, claim):
                yield Reason("limit", restricting[0])
        elif says and not amount.search(where.text):
            wider = any(pattern(f"amount.{other}").search(where.text) for other in ("all", "most"))
            if name != "some" or wider:
                yield Reason("quantity", says[0])
        if states and name in _NOT_DROPPED and not amount.search(claim.text):
            yield Reason("limit", states[0])
    shares = [number for number in where.numbers if number.sort == "share"]
    if shares and pattern("amount.all").search(said.text) and not any(n.sort == "share" for n in claim.numbers):
        yield Reason("limit", shares[0].text)


def _all_holds(said: str, source: str) -> bool:
    """Whether what the claim says of all of a thing, the source says of all of that thing too."""
    every = [content_words(found) for found in _ALL_OF.findall(source)]
    if not pattern("amount.all").search(source) and not every:
        return False
    for found in _ALL_OF.findall(said):
        nouns = content_words(found)
        if nouns and every and not any(best_likeness(nouns[0], other) >= SYNONYM for other in every):
            return False
    return True


def _restricting(source: str, claim: Claim) -> list[str]:
    """Return the numbers by which the source says which ones of "all" are meant, and that the claim leaves out."""
    said = {number.value for number in claim.numbers}
    found = re.findall(r"\b(?:alle|elke?|iedere?)\s+(?:\w+\s+){1,2}?(?:die|dat)\s([^,.;]*)", source, re.IGNORECASE)
    return [number.text for text in found for number in numbers_of(text) if number.value not in said]


def _shared(clause: Clause, other: Clause) -> float:
    if not (clause.tokens or clause.numbers):
        return 0.0
    held = sum(held_by(token, other.tokens) for token in clause.tokens)
    held += sum(number in other.numbers for number in clause.numbers)
    return held / (len(clause.tokens) + len(clause.numbers))
