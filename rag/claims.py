"""A sentence goes in, what it claims comes out: words, numbers, names, clauses; and where two claims disagree.

Only surface facts of Dutch are known here; nothing is looked up and no model is asked.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from index.dutch import is_stopword, stem, tokenise
from rag.numbers import Number, numbers_of
from rag.vocabulary import names, pattern, stems
from rag.words import best_likeness, content_tokens

_CLAUSE = re.compile(
    r"\s*[;:()–—]\s*|,\s+(?!(?:dat|of)\b)|\s+(?=(?:maar|terwijl|omdat|doordat|waardoor|zodat|hoewel|tenzij|mits)\b)",
    re.IGNORECASE,
)
_NOT_DROPPED = ("most", "some", "few", "only")  # a claim grows when one of these is left out
_NAME = re.compile(r"(?<![\w.-])[A-ZÀ-Þ][\w'’&.-]*[\w]")
_ADDRESS = re.compile(
    r"(?:https?://|www\.)\S+|\b[\w-]+(?:\.[\w-]+)*\.(?:nl|com|org|eu|net|be|de|info|gov)\b(?:/\S*)?|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|(?<!\d)(?:\+31|0031|0)[\s-]?(?:\d[\s-]?){8,9}\d?(?!\d)|\b0[89]00[\s-]?\d{4}\b",
    re.IGNORECASE,
)
_BY = re.compile(r"\bdoor\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a sentence that is true or false as a whole."""

    text: str
    tokens: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """What one sentence says, as far as its surface shows."""

    text: str
    tokens: tuple[str, ...]
    numbers: tuple[Number, ...]
    names: tuple[str, ...]
    addresses: tuple[str, ...]
    actors: tuple[str, ...]
    clauses: tuple[Clause, ...]


@lru_cache(maxsize=4096)
def claim_of(sentence: str) -> Claim:
    """Return what `sentence` claims."""
    text = unicodedata.normalize("NFKC", sentence)
    tokens = content_tokens(text)
    stemmed = [stem(token) for token in tokenise(text)]
    return Claim(
        text,
        tokens,
        numbers_of(text),
        _names(text),
        tuple(plain(found).rstrip(".,;)/") for found in _ADDRESS.findall(text)),
        tuple(s for s in stemmed if s in stems("claim.actors")),
        tuple(_clauses(text)),
    )


def plain(text: str) -> str:
    """Return `text` as it is compared literally: composed, quotes and dashes alike, single blanks, any case."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    folded = re.sub(r"[«»“”„‟‹›‘’‚‛`´']", '"', folded)
    return " ".join(re.sub(r"[‐‑‒–—]", "-", folded).split())


def conflicts(claim: Claim, sentences: Sequence[Claim]) -> tuple[str, ...]:
    """Return why `claim` does not follow from `sentences` although they share its words; empty when nothing speaks
    against it."""
    return tuple(
        reason for check in (_numbers, _facts, _opposites, _clauses_agree, _order) for reason in check(claim, sentences)
    )


def _names(text: str) -> tuple[str, ...]:
    """Return the folded names: words with a capital that do not begin the sentence, and abbreviations anywhere."""
    start = re.match(r"\W*", text)
    begin = start.end() if start else 0
    found = [name[0] for name in _NAME.finditer(text) if name.start() > begin or re.search(r"[A-Z].*[A-Z]", name[0])]
    return tuple(dict.fromkeys(token for name in found for token in tokenise(name) if not is_stopword(token)))


def _clauses(text: str) -> Iterator[Clause]:
    pieces = [piece for piece in _CLAUSE.split(text) if piece and piece.strip()]
    held = ""
    for i, piece in enumerate(pieces):
        held = f"{held}, {piece}" if held else piece
        following = pieces[i + 1] if i + 1 < len(pieces) else None
        small = len(content_tokens(held)) < 2 or (following is not None and len(content_tokens(following)) < 2)
        if following is None or not small:
            yield Clause(held, content_tokens(held))
            held = ""


def _numbers(claim: Claim, sentences: Sequence[Claim]) -> Iterator[str]:
    known = [number for sentence in sentences for number in sentence.numbers]
    for number in claim.numbers:
        same = [other for other in known if other.value == number.value]
        if not same:
            yield f"number not in the passage: {number.text}"
            continue
        rivals = [other for other in known if other.sort == number.sort and other.value != number.value]
        nearest = max(_meets(number, other) for other in same)
        if any(_meets(number, other) > nearest for other in rivals):
            yield f"number belongs to something else: {number.text}"


def _meets(a: Number, b: Number) -> int:
    return sum(best_likeness(token, b.near) >= 0.75 for token in a.near)


def _facts(claim: Claim, sentences: Sequence[Claim]) -> Iterator[str]:
    tokens = {token for sentence in sentences for token in tokenise(sentence.text)}
    stemmed = {stem(token) for token in tokens}
    for name in claim.names:
        if name not in tokens and name + "s" not in tokens and name.removesuffix("s") not in tokens:
            yield f"name not in the passage: {name}"
    for actor in claim.actors:
        if actor not in stemmed:
            yield f"party not in the passage: {actor}"
    texts = " ".join(plain(sentence.text) for sentence in sentences)
    for address in claim.addresses:
        if address not in texts:
            yield f"address not in the passage: {address}"


def _opposites(claim: Claim, sentences: Sequence[Claim]) -> Iterator[str]:
    stemmed = {stem(token) for sentence in sentences for token in tokenise(sentence.text)}
    for token in tokenise(claim.text):
        against = _antonyms().get(stem(token))
        if against and stem(token) not in stemmed and against & stemmed:
            yield f"the passage says the opposite of: {token}"


def _clauses_agree(claim: Claim, sentences: Sequence[Claim]) -> Iterator[str]:
    known = [clause for sentence in sentences for clause in sentence.clauses]
    for clause in claim.clauses:
        scored = [(_shared(clause, other), -n) for n, other in enumerate(known)]
        shared, place = max(scored, default=(0.0, 0))
        if not shared:
            continue
        yield from _disagreements(clause.text, known[-place].text)


def _disagreements(said: str, source: str) -> Iterator[str]:
    def only_said(key: str) -> bool:
        return bool(pattern(key).search(said)) and not pattern(key).search(source)

    if bool(pattern("claim.negation").search(said)) != bool(pattern("claim.negation").search(source)):
        yield "negation differs"
    doubts = [name for name in names("doubt") if pattern(f"doubt.{name}").search(source)]
    if doubts and not any(pattern(f"doubt.{name}").search(said) for name in names("doubt")):
        yield f"more certain than the passage ({', '.join(doubts)})"
    if only_said("claim.duty"):
        yield "a duty that the passage does not state"
    if only_said("claim.leave") and not doubts:
        yield "a possibility that the passage does not state"
    if only_said("claim.decided"):
        yield "a decision that the passage does not state"
    for name in names("amount"):
        said_it, stated = (bool(pattern(f"amount.{name}").search(text)) for text in (said, source))
        if said_it and not stated:
            yield f"quantity differs ({name})"
        if stated and not said_it and name in _NOT_DROPPED:
            yield f"a limit of the passage is left out ({name})"


def _order(claim: Claim, sentences: Sequence[Claim]) -> Iterator[str]:
    """Who does what: two parties in the other order, without a passive to account for it."""
    for sentence in sentences:
        said = _parties(claim)
        known = _parties(sentence)
        both = [party for party in dict.fromkeys(said) if party in known]
        if len(both) < 2 or bool(_BY.search(claim.text)) != bool(_BY.search(sentence.text)):
            continue
        if sorted(both, key=known.index) != both:
            yield f"the parties stand in another order: {', '.join(both)}"


def _parties(claim: Claim) -> list[str]:
    names = set(claim.names)
    stemmed = [(token, stem(token)) for token in tokenise(claim.text)]
    return [s for token, s in stemmed if s in stems("claim.actors") or token in names]


def _shared(clause: Clause, other: Clause) -> float:
    return sum(best_likeness(token, other.tokens) for token in clause.tokens)


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
