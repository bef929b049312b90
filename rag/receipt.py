"""An answer and the texts it cites go in, a receipt comes out; later it shows which citations still hold.

A receipt is a JSON object with the whole answer, what made it (model, settings, generation of the store), and hashes
(SHA-256, of UTF-8) of every cited document's reading text, of every quote, and of the receipt itself.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any, Literal

from index.errors import ReceiptError
from index.sentences import sentence_spans
from rag.answer_json import Json, to_json
from rag.values import Answer

VERSION = 1
State = Literal["there", "moved", "changed", "gone"]
TextOf = Callable[[str], str | None]
"""Gives the reading text of a document by its identifier; None when there is no such document."""

_ALIKE = 0.6  # how alike (ratio of `difflib`) a stretch of text must be to be called the quote, changed


@dataclass(frozen=True, slots=True)
class Check:
    """What became of one citation. `now` is what its words have become, where they were changed; `is_same_document`
    whether the whole text of the document is what it was."""

    number: int
    document: str
    label: str
    quote: str
    state: State
    now: str = ""
    is_same_document: bool = True

    @property
    def holds(self) -> bool:
        """Whether the words still stand literally in the document."""
        return self.state in ("there", "moved")

    @property
    def changes(self) -> list[tuple[str, str]]:
        """The words that were and the words that are, for each place where changed words differ."""
        was, now = self.quote.split(), self.now.split()
        if self.state != "changed":
            return []
        steps = SequenceMatcher(None, was, now, autojunk=False).get_opcodes()
        return [(" ".join(was[a:b]), " ".join(now[c:d])) for tag, a, b, c, d in steps if tag != "equal"]


def make_receipt(answer: Answer, text_of: TextOf, settings: Mapping[str, str], made: datetime) -> dict[str, Json]:
    """Return the receipt of `answer`, ready for `json.dumps`."""
    documents: dict[str, Json] = {}
    for citation in answer.citations:
        text = text_of(citation.document.document)
        documents[citation.document.document] = {
            "title": citation.document.title,
            "date": citation.document.date.isoformat() if citation.document.date else None,
            "sha256": None if text is None else _hash(text),
        }
    receipt: dict[str, Json] = {
        "receipt": VERSION,
        "made": made.isoformat(timespec="seconds"),
        "settings": dict(settings),
        "answer": {key: value for key, value in to_json(answer).items() if key not in ("trace", "seconds")},
        "documents": documents,
        "quotes": {str(citation.number): _hash(citation.quote) for citation in answer.citations},
    }
    return {**receipt, "sha256": _seal(receipt)}


def check_receipt(receipt: Mapping[str, Any], text_of: TextOf, name: str) -> list[Check]:
    """Return what became of each citation; raise `ReceiptError`, naming the file `name`, for what is no receipt or not
    as it was made."""
    try:
        rest = {key: value for key, value in receipt.items() if key != "sha256"}
        if receipt["receipt"] != VERSION:
            raise ReceiptError("receipt.version", file=name, found=receipt["receipt"], expected=VERSION)
        if _seal(rest) != receipt["sha256"]:
            raise ReceiptError("receipt.altered", file=name)
        documents = receipt["documents"]
        return [
            _check(citation, text_of(citation["document"]), documents[citation["document"]]["sha256"])
            for citation in receipt["answer"]["citations"]
        ]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ReceiptError("receipt.none", file=name) from error


def _check(citation: Mapping[str, Any], text: str | None, digest: str | None) -> Check:
    quote, start, end = str(citation["quote"]), int(citation["start"]), int(citation["end"])
    state, now = _state(quote, start, end, text)
    is_same = text is not None and _hash(text) == digest
    number, document, label = int(citation["number"]), str(citation["document"]), str(citation["label"])
    return Check(number, document, label, quote, state, now, is_same)


def _state(quote: str, start: int, end: int, text: str | None) -> tuple[State, str]:
    if text is None:
        return "gone", ""
    if text[start:end] == quote:
        return "there", ""
    if quote in text:
        return "moved", ""
    now = _most_alike(quote, text)
    return ("changed", now) if now else ("gone", "")


def _most_alike(quote: str, text: str) -> str:
    """Return the sentences of `text`, about as many, that are most like `quote`; empty when none are alike enough."""
    spans, length = sentence_spans(text), len(sentence_spans(quote))
    matcher = SequenceMatcher(None, b=quote, autojunk=False)
    best, highest = "", _ALIKE
    for first in range(len(spans)):
        for last in range(first + max(0, length - 2), min(first + length + 1, len(spans))):
            stretch = text[spans[first][0] : spans[last][1]]
            matcher.set_seq1(stretch)
            if matcher.real_quick_ratio() > highest and matcher.quick_ratio() > highest:
                ratio = matcher.ratio()
                if ratio > highest:
                    best, highest = stretch, ratio
    return best


def _seal(receipt: Mapping[str, Any]) -> str:
    return _hash(json.dumps(receipt, ensure_ascii=False, sort_keys=True, separators=(",", ":")))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
