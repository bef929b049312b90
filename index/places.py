"""From a stretch of reading text to its places in the file, and back from the short form in which places are kept."""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from pathlib import Path

from index.errors import ReadError
from index.read.pdf import PageBoxes, page_boxes
from index.values import Place, Places, Reading, Run

_NEAR = 2  # what parts two runs within one place: a space, a line's end, a hyphen that went


def place_of(reading: Reading, start: int, end: int) -> list[Place]:
    """Return where `reading.text[start:end]` stands in the file, in reading order; words of our own have no place."""
    runs, pages = reading.places.runs, reading.places.pages
    places: list[Place] = []
    for run in runs[bisect_left(runs, start + 1, key=lambda run: run.end) :]:
        if run.start >= end:
            break
        at = run.at + max(start - run.start, 0)
        until = run.at + min(end, run.end) - run.start
        page = bisect_right(pages, at) if pages else None
        first = pages[page - 1] if page else 0
        place = Place(at - first, until - first, page)
        last = places[-1] if places else None
        if last and last.page == page and 0 <= place.start - last.end <= _NEAR:
            places[-1] = Place(last.start, place.end, page)
        else:
            places.append(place)
    return places


def boxes_of(path: Path, places: Sequence[Place]) -> dict[int, PageBoxes]:
    """Return for each page of a PDF where `places` stand on it, so that a quote can be marked on its page.

    `path` is the file that the reading was made from, or a copy of it; raises `ReadError` when it cannot be read.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ReadError("read.unreadable", file=path, reason=error.strerror or type(error).__name__) from error
    pages = sorted({place.page for place in places if place.page is not None})
    return {
        page: page_boxes(data, str(path), page, [(place.start, place.end) for place in places if place.page == page])
        for page in pages
    }


def pack(places: Places) -> str:
    """Return places as short JSON: for each run the step to it in the text, its length and its step in the file."""
    steps: list[int] = []
    end = at = 0
    for run in places.runs:
        steps += [run.start - end, run.end - run.start, run.at - at]
        end, at = run.end, run.at + run.end - run.start
    return json.dumps([steps, places.pages], separators=(",", ":")) if steps else ""


def unpack(packed: str) -> Places:
    """Return the places that `pack` wrote."""
    if not packed:
        return Places()
    steps, pages = json.loads(packed)
    runs: list[Run] = []
    end = at = 0
    for gap, length, step in zip(*[iter(steps)] * 3, strict=True):
        start, at = end + gap, at + step
        runs.append(Run(start, start + length, at))
        end, at = start + length, at + length
    return Places(tuple(runs), tuple(pages))
