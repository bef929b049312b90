"""A sentence goes in, what it claims comes out: words, numbers, names, addresses, parties and clauses.

Ways of saying the same (`paraphrases.txt`) are made alike first. Only surface facts of Dutch are known here; nothing is
looked up and no model is asked.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from index.dutch import is_stopword, tokenise
from rag.numbers import Number, NumberSort, numbers_of
from rag.vocabulary import pattern
from rag.words import content_tokens

_CLAUSE = re.compile(
    r"\s*[;:()–—]\s*|,\s+(?!(?:dat|of)\b)"
    r"|\s+(?=(?:maar|terwijl|omdat|doordat|waardoor|zodat|hoewel|tenzij|mits|behalve)\b)",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?<![\w.-])(?:[A-ZÀ-Þ][\w'’&.-]*[\w]|[A-Z](?=[\s.,;)]|$))")
_NO_NAMES = frozenset({"I", "U", "Ik", "De", "Het", "Een", "In"})
_ADDRESS = re.compile(
    r"(?:https?://|www\.)\S+|\b[\w-]+(?:\.[\w-]+)*\.(?:nl|com|org|eu|net|be|de|info|gov)\b(?:/\S*)?|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|(?<!\d)(?:\+31|0031|0)[\s-]?(?:\d[\s-]?){8,9}\d?(?!\d)|\b0[89]00[\s-]?\d{4}\b",
    re.IGNORECASE,
)
_CODE = re.compile(r"\b(?=\w*\d)(?=\w*[^\W\d_])\w+\b")
_COUNTED = re.compile(r"\d|^(?:euro|procent|miljoen|miljard|mln|mld|half|halve)$")
_ELLIPSIS = re.compile(r"^(.+?)\s(?:niet|wel)\W*$")


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a sentence that is true or false as a whole."""

    text: str
    tokens: tuple[str, ...]
    numbers: tuple[tuple[NumberSort, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """What one sentence says, as far as its surface shows; `tokens` are its content words without the numbers,
    `words` all its words in order."""

    text: str
    tokens: tuple[str, ...]
    numbers: tuple[Number, ...]
    names: tuple[str, ...]
    addresses: tuple[str, ...]
    clauses: tuple[Clause, ...]
    words: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is claimed."""
        return not (self.tokens or self.numbers)


@lru_cache(maxsize=4096)
def claim_of(sentence: str) -> Claim:
    """Return what `sentence` claims."""
    original = unicodedata.normalize("NFKC", sentence)
    text = alike(original)
    numbers = numbers_of(text)
    return Claim(
        text,
        words_of(text, numbers),
        numbers,
        _names(text),
        tuple(plain(found).rstrip(".,;)/") for found in _ADDRESS.findall(original)),
        tuple(_clauses(text)),
        tuple(tokenise(text)),
    )


def plain(text: str) -> str:
    """Return `text` as it is compared literally: composed, quotes and dashes alike, single blanks, any case."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    folded = re.sub(r"[«»“”„‟‹›‘’‚‛`´']", '"', folded)
    return " ".join(re.sub(r"[‐‑‒–—]", "-", folded).split())


def alike(text: str) -> str:
    """Return `text` with each phrase of `paraphrases.txt` replaced by the one way it is written here."""
    for phrase, written in _paraphrases():
        text = phrase.sub(written, text)
    return text


def words_of(text: str, numbers: tuple[Number, ...] | None = None) -> tuple[str, ...]:
    """Return the content words of `text`, without its numbers and the words they are written with."""
    bare = text
    for number in numbers_of(text) if numbers is None else numbers:
        bare = bare[: number.start] + " " * (number.end - number.start) + bare[number.end :]
    return tuple(token for token in content_tokens(bare) if not is_counted(token))


def is_counted(token: str) -> bool:
    """Whether a folded word is (part of) a number, which is compared by value and not by word."""
    return bool(_COUNTED.search(token))


def _names(text: str) -> tuple[str, ...]:
    """Return the folded names: words with a capital after the first word; abbreviations and codes anywhere."""
    start = re.match(r"\W*", text)
    begin = start.end() if start else 0
    found = [
        name[0]
        for name in _NAME.finditer(text)
        if name[0] not in _NO_NAMES and (name.start() > begin or re.search(r"[A-Z].*[A-Z]", name[0]))
    ]
    found += _CODE.findall(text)
    tokens = (token for name in found for token in tokenise(name))
    return tuple(dict.fromkeys(token for token in tokens if len(token) == 1 or not is_stopword(token)))


def _clauses(text: str) -> Iterator[Clause]:
    pieces = [piece for piece in _CLAUSE.split(text) if piece and piece.strip()]
    held, before = "", ""
    for i, piece in enumerate(pieces):
        held = f"{held}, {piece}" if held else piece
        following = pieces[i + 1] if i + 1 < len(pieces) else None
        small = len(content_tokens(held)) < 2 or (following is not None and len(content_tokens(following)) < 2)
        if following is None or not small:
            whole = f"{_after_verb(before)} {held}" if before and _is_elliptic(held) else held
            numbers = numbers_of(held)
            yield Clause(held, words_of(whole), tuple((number.sort, number.value) for number in numbers))
            before, held = held, ""


def _is_elliptic(text: str) -> bool:
    """Whether a clause leaves its verb to the clause before: "bij de ander niet"."""
    return bool(_ELLIPSIS.match(text)) and not pattern("question.verb_first").search(text)


def _after_verb(text: str) -> str:
    verb = pattern("question.verb_first").search(text)
    return text[verb.end() :] if verb else text


@cache
def _paraphrases() -> tuple[tuple[re.Pattern[str], str], ...]:
    found = []
    for line in (files("rag") / "paraphrases.txt").read_text(encoding="utf-8").splitlines():
        written, bar, phrases = line.partition(" = ")
        if bar and not line.startswith("#"):
            joined = "|".join(phrase.strip() for phrase in phrases.split(" | "))
            found.append((re.compile(rf"(?<!\w)(?:{joined})(?!\w)", re.IGNORECASE), written.strip()))
    return tuple(found)
