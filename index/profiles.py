"""A passage goes in, out come the numbers that searching looks at: the codes of its terms in order, and what it is.

They are made when a passage is stored, so that a search need not read the texts of all that it compares. Knows no
store and no question.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.dutch import STEM, coded_stopwords, coded_terms
from index.values import Document, Passage

Codes = npt.NDArray[np.uint32]
Ints = npt.NDArray[np.int64]

# The parts of a profile: the words that answer, the question, title and heading, what is known about it, and the
# stopwords of the question.
BODY, QUESTION, REST, ABOUT, SMALL = range(5)
# What a passage is: of a document that answers nothing, a question or a postponement, or one that names another.
UNANSWERED, QUESTIONS, POSTPONEMENT, REFERENCE = 1, 2, 4, 8

_PARTS = 5
_HEAD = _PARTS + 1
_PROOF = 1
ANSWERS_NOTHING = frozenset({"questions", "postponement", "oral"})
_REFERENCE = re.compile(r"\b(?:zie|verwijs|antwoord|antwoorden|beantwoording|aangegeven|toegelicht)\b", re.IGNORECASE)
_LONGEST_REFERENCE = 30  # words; a longer answer that names another one says something of its own
_BUCKETS = 1 << 16
_WHOLE = 0x2144DF1C


def is_reference(passage: Passage) -> bool:
    """Whether the answer does little more than name another one ("Ja, zie het antwoord op vraag 2.")."""
    body = passage.body
    return bool(passage.refers_to and _REFERENCE.search(body) and len(body.split()) <= _LONGEST_REFERENCE)


def beside(passage: Passage) -> str:
    """Return the question or heading that is searched with what a passage says."""
    return passage.question or passage.context


def about_document(document: Document) -> str:
    """Return the words about a document that none of its passages holds."""
    people = [asker.name for asker in document.askers] + [o.name for o in document.answered_by if o.name]
    parties = [asker.party or "" for asker in document.askers]
    return " ".join([*people, *parties, *document.topics, document.case or "", document.number or ""])


def about_passage(passage: Passage) -> str:
    """Return the words about a passage that are not in it."""
    return " ".join([passage.label, *passage.notes.values()])


def shared_codes(document: Document) -> tuple[bytes, bytes]:
    """Return what the profiles of all passages of a document have in common: the codes of its title and about it."""
    return coded_terms(document.title), coded_terms(about_document(document))


def make_profile(number: int, passage: Passage, document: Document, shared: tuple[bytes, bytes] | None = None) -> bytes:
    """Return the profile of passage `number`, to be stored; its last four bytes prove that it is whole, and its own.

    Who makes several of one document gives its `shared_codes`.
    """
    title, about = shared or shared_codes(document)
    question = passage.question or ""
    heading = b"" if question else coded_terms(passage.context)
    parts = (
        coded_terms(passage.body),
        coded_terms(question),
        title + heading,
        coded_terms(about_passage(passage)) + about,
        coded_stopwords(question),
    )
    head = struct.pack(f"<{_HEAD}I", *(len(part) // 4 for part in parts), _flags(passage, document))
    whole = head + b"".join(parts)
    return whole + struct.pack("<I", zlib.crc32(whole, number))


def is_profile(number: int, profile: object) -> bool:
    """Whether `profile` is what was made for passage `number`."""
    # A checksum over something with its checksum behind it is the same for all there is.
    return isinstance(profile, bytes) and len(profile) > 4 and zlib.crc32(profile, number) == _WHOLE


def _flags(passage: Passage, document: Document) -> int:
    kind = document.kind
    flags = UNANSWERED * (kind in ANSWERS_NOTHING) | QUESTIONS * (kind == "questions")
    return flags | POSTPONEMENT * (kind == "postponement") | REFERENCE * is_reference(passage)


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Where codes stand, in the order of the profiles: each array has one value for each place.

    `row` is the profile's, `part` one of its parts, `at` the place among all codes, `which` the index of the code
    among those looked for, of which there are `codes`.
    """

    row: Ints
    part: Ints
    at: Ints
    which: Ints

    codes: int

    def within(self, first: int, last: int | None = None) -> Places:
        """Return the places in the parts from `first` to `last`, or in the first alone."""
        kept = self.part == first if last is None else (self.part >= first) & (self.part <= last)
        return Places(self.row[kept], self.part[kept], self.at[kept], self.which[kept], self.codes)

    def counted(self, rows: int) -> Ints:
        """Return how often each code stands in each profile: an array of shape (rows, codes)."""
        counts = np.bincount(self.row * self.codes + self.which, minlength=rows * self.codes)
        return counts.reshape(rows, self.codes)


class Profiles:
    """The profiles of some passages, looked at together."""

    def __init__(self, profiles: Sequence[bytes]) -> None:
        self._data: Codes = np.frombuffer(b"".join(profiles), dtype="<u4")
        sizes = np.fromiter(map(len, profiles), dtype=np.int64, count=len(profiles)) // 4
        self._starts: Ints = np.cumsum(sizes) - sizes
        heads = self._data[self._starts[:, None] + np.arange(_HEAD)].astype(np.int64)
        self.lengths: Ints = heads[:, :_PARTS]
        self.flags: Ints = heads[:, _PARTS]
        # Where the first part of each profile begins and each part ends, among all codes.
        self._bounds: Ints = self._starts[:, None] + _HEAD + np.cumsum(heads, axis=1) - heads

    @staticmethod
    def of(pairs: Iterable[tuple[Passage, Document]]) -> Profiles:
        """Return the profiles of passages that have none in store."""
        return Profiles([make_profile(0, passage, document) for passage, document in pairs])

    def __len__(self) -> int:
        return len(self._starts)

    def starts(self, part: int) -> Ints:
        """Return where a part of each profile begins, among all codes."""
        return self.ends(part) - self.lengths[:, part]

    def ends(self, part: int) -> Ints:
        """Return where a part of each profile ends, among all codes."""
        return self._bounds[:, part + 1]

    def next_words(self, places: Ints) -> Ints:
        """Return for each of some places among all codes the first one behind it that holds no stem.

        It may lie outside the profile, but not outside of all: each ends in four bytes that are none of its codes.
        """
        following, last = places + 1, len(self._data) - 1
        while (stems := (self._data[np.minimum(following, last)] & 3 == STEM) & (following < last)).any():
            following[stems] += 1
        return following

    def bodies(self) -> list[Codes]:
        """Return the codes of what each passage says, in order."""
        spans = zip(self.starts(BODY).tolist(), self.ends(BODY).tolist(), strict=True)
        return [self._data[start:end] for start, end in spans]

    def find(self, wanted: Codes) -> Places:
        """Return all places of the codes `wanted`, which are ascending and differ."""
        if not len(wanted) or not len(self):
            none = np.empty(0, dtype=np.int64)
            return Places(none, none, none, none, len(wanted))
        # Nearly all codes are not wanted: a table of a part of their bits leaves few to be looked up.
        table = np.zeros(_BUCKETS, dtype=np.bool_)
        table[wanted >> 2 & _BUCKETS - 1] = True
        near = np.flatnonzero(table[self._data >> 2 & _BUCKETS - 1])
        found = self._data[near]
        which = np.minimum(np.searchsorted(wanted, found), len(wanted) - 1)
        right = wanted[which] == found
        at, which = near[right], which[right]
        # Behind so many bounds: of each profile the first begins its first part, and each of the others ends a part.
        row, part = np.divmod(np.searchsorted(self._bounds.ravel(), at, side="right") - 1, _HEAD)
        # A length at the head or the proof at the end may look like a code.
        inside = part < _PARTS
        return Places(row[inside], part[inside], at[inside], which[inside], len(wanted))
