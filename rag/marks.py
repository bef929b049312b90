"""The pieces of a model's stream go in, its sentences with the sources they point to come out.

Knows the forms of a mark ([1], [1, 2], 【1†bron】, [^1], [bron 1]) and the dress that models put around text: Markdown,
HTML tags, thoughts between <think> tags. What comes out does not depend on where the stream was cut into pieces,
because characters are read one at a time.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from index.sentences import sentence_spans

_MARK = (
    r"[ \t]*\\?[\[【]\s*(?:\^|(?:bron(?:nen)?|sources?|passages?|documents?)\s*:?\s*)?"
    r"(?P<numbers>\d{1,3}(?:\s*(?:[,;&]|en|and)\s*\d{1,3})*)\s*(?:†[^】\]]{0,40})?\\?[\]】]"
)
_THOUGHT = r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)"
_DRESS = r"</?[a-z][^<>]{0,200}>|\*{1,3}|__|`+|^[ \t]*(?:#{1,6}[ \t]+|[-•][ \t]+|>[ \t]?|\d{1,2}[.)][ \t]+(?=[^\W\d]))"
_ASIDE = re.compile(f"{_MARK}|{_THOUGHT}|{_DRESS}", re.IGNORECASE | re.DOTALL | re.MULTILINE)
_OPEN_MARK = re.compile(r"[\[【][^\]】\n]{0,60}\Z")
_OPEN_THOUGHT = re.compile(r"<think(?:ing)?>(?!.*</think)", re.IGNORECASE | re.DOTALL)
_MAY_END = re.compile(r"[.!?…\n]")
LONGEST_SENTENCE = 1200  # a model that never ends its sentence is cut, so that its babble costs no more


@dataclass(frozen=True, slots=True)
class Draft:
    """One sentence as a model wrote it, bare of marks, and the numbers of the sources it points to."""

    text: str
    marks: tuple[int, ...]


def drafts(chunks: Iterable[str]) -> Iterator[Draft]:
    """Yield each sentence as soon as a word of the next one is there, and the last one when the stream ends."""
    buffer = ""
    for character in chain.from_iterable(chunks):
        buffer += character
        if not character.isspace():
            continue
        if len(buffer) > LONGEST_SENTENCE:
            yield from _split(buffer)[0]
            buffer = ""
        elif _MAY_END.search(buffer) and not _OPEN_MARK.search(buffer) and not _OPEN_THOUGHT.search(buffer):
            found, starts = _split(buffer)
            if len(found) > 1:
                yield from found[:-1]
                buffer = buffer[starts[-1] :]
    yield from _split(buffer)[0]


def _split(raw: str) -> tuple[list[Draft], list[int]]:
    """Return the sentences in `raw` and where in `raw` each begins."""
    bare, origin, marks = _undress(raw)
    spans = sentence_spans(bare)
    starts = [start for start, _ in spans]
    numbers: list[dict[int, None]] = [{} for _ in spans]
    for at, listed in marks if spans else ():
        numbers[max(0, bisect_left(starts, at) - 1)].update(dict.fromkeys(listed))
    found = [
        Draft(" ".join(bare[start:end].split()), tuple(listed))
        for (start, end), listed in zip(spans, numbers, strict=True)
    ]
    return found, [origin[start] for start in starts]


def _undress(raw: str) -> tuple[str, list[int], list[tuple[int, list[int]]]]:
    """Return `raw` without marks and dress, the place in `raw` of each character kept, and the marks' places."""
    bare: list[str] = []
    origin: list[int] = []
    marks: list[tuple[int, list[int]]] = []
    position = 0
    for aside in chain(_ASIDE.finditer(raw), [None]):
        end = len(raw) if aside is None else aside.start()
        bare.append(raw[position:end])
        origin.extend(range(position, end))
        if aside is not None:
            position = aside.end()
            if aside["numbers"]:
                marks.append((len(origin), [int(n) for n in re.findall(r"\d+", aside["numbers"])]))
                if raw[position : position + 1].isalnum():  # "klaar.[1]Daarna": what the mark kept apart
                    bare.append(" ")
                    origin.append(position)
    return "".join(bare), origin, marks
