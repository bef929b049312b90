"""A claim and sentences of a passage go in, what speaks against the claim comes out, each with the words it is about.

Knows numbers, names, parties, negation, opposites, certainty and quantity by their surface; knows no coverage of words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from index.dutch import is_stopword, stem, tokenise
from rag.claims import Claim, Clause, is_counted, plain
from rag.likeness import held_by
from rag.numbers import Number, numbers_of
from rag.roles import leans, role_conflicts
from rag.vocabulary import entries, names, pattern, stems
from rag.words import PLURAL, SYNONYM, best_likeness

_NOT_DROPPED = ("most", "some", "few", "only")  # a claim grows when one of these is left out
_BOUNDS = {"maximaal": "minimaal", "minimaal": "maximaal"}
_SAME = 0.8  # the share of a sentence's other words that make it say the same of a name
_ALIGNED = 0.4  # the share of a clause's words that another must hold to be about the same
_ALL_OF = re.compile(r"\b(?:alle|elke?|iedere?|per)\s+((?:\w+\s+){0,2}?\w+)", re.IGNORECASE)
_PREPOSITION = re.compile(r"\s*(?:voor|bij|in|op|aan|onder|door|met|naar|tijdens|binnen|buiten|uit)\b", re.IGNORECASE)
_CONTRAST = re.compile(r"(?:\b(?:maar|en|doch)|,)\s*$", re.IGNORECASE)
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

    yield from _polarity(said, source, claim, where)
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


def _polarity(said: Clause, source: Clause, claim: Claim, where: Claim) -> Iterator[Reason]:
    flipped = list(_opposites(said, source, where))
    mine, theirs = _negated(said), [near for near in _negated(source) if _touches(near, said.tokens)]
    if (len(mine) + len(theirs) + len(flipped)) % 2 and not _negated_elsewhere(claim, where):
        yield Reason("opposite", flipped[0]) if flipped else Reason("negation")
    for one, other in ((said, source), (source, said)):
        for found in re.findall(r"\bzonder\s+((?:\w+\s+){0,2}?\w{4,})", one.text, re.IGNORECASE):
            if _touches(_words(found), other.tokens) and not re.search(r"\bzonder\b", other.text, re.IGNORECASE):
                yield Reason("negation")


def _negated(clause: Clause) -> list[list[str]]:
    """Return, for each negation in a clause, the content words nearest to it, two to either side."""
    found = []
    for match in pattern("claim.negation").finditer(clause.text):
        before, after = clause.text[: match.start()], clause.text[match.end() :]
        following = _uncounted(_words(after))[:2]
        is_of_what_follows = (
            following and _CONTRAST.search(before) and _PREPOSITION.match(after)
        )  # "maar niet voor vrachtwagens"
        found.append(following if is_of_what_follows else [*_uncounted(_words(before))[-2:], *following])
    return found


def _uncounted(words: Sequence[str]) -> list[str]:
    return [word for word in words if not is_counted(word)]


def _touches(near: Sequence[str], tokens: Sequence[str]) -> bool:
    return not near or any(held_by(token, tokens) >= 0.5 for token in near)


def _negated_elsewhere(claim: Claim, where: Claim) -> bool:
    """Whether claim and source each have one negation, of the same words, in clauses that were cut elsewhere."""
    mine, theirs = ([n for clause in one.clauses for n in _negated(clause)] for one in (claim, where))
    return len(mine) == len(theirs) == 1 and any(held_by(token, theirs[0]) >= PLURAL for token in mine[0])


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
    every = [_words(found) for found in _ALL_OF.findall(source)]
    if not pattern("amount.all").search(source) and not every:
        return False
    for found in _ALL_OF.findall(said):
        nouns = _words(found)
        if nouns and every and not any(best_likeness(nouns[0], other) >= SYNONYM for other in every):
            return False
    return True


def _restricting(source: str, claim: Claim) -> list[str]:
    """Return the numbers by which the source says which ones of "all" are meant, and that the claim leaves out."""
    said = {number.value for number in claim.numbers}
    found = re.findall(r"\b(?:alle|elke?|iedere?)\s+(?:\w+\s+){1,2}?(?:die|dat)\s([^,.;]*)", source, re.IGNORECASE)
    return [number.text for text in found for number in numbers_of(text) if number.value not in said]


def _words(phrase: str) -> list[str]:
    return [token for token in tokenise(phrase) if not is_stopword(token)]


def _shared(clause: Clause, other: Clause) -> float:
    if not (clause.tokens or clause.numbers):
        return 0.0
    held = sum(held_by(token, other.tokens) for token in clause.tokens)
    held += sum(number in other.numbers for number in clause.numbers)
    return held / (len(clause.tokens) + len(clause.numbers))


def _opposites(said: Clause, source: Clause, where: Claim) -> Iterator[str]:
    stemmed = {stem(token) for token in tokenise(source.text)}
    around = {stem(token) for token in where.words}
    for token in tokenise(said.text):
        against = _antonyms().get(stem(token))
        if against and stem(token) not in around and against & stemmed:
            yield token


@cache
def _antonyms() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for line in (files("rag") / "antonyms.txt").read_text(encoding="utf-8").splitlines():
        left, bar, right = line.partition("|")
        if line.startswith("#") or not bar:
            continue
        sides = [{stem(token) for token in tokenise(side)} for side in (left, right)]
        for these, those in (sides, sides[::-1]):
            for word in these:
                found.setdefault(word, set()).update(those - these)
    return {word: frozenset(against) for word, against in found.items()}
