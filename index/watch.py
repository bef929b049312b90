"""Folders in, a sign whenever something in them has changed and come to rest: a copy under way is waited for."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from index.documents import find_files, is_there

_BLINK = 0.2  # seconds in which a wait notices that it is to end
Signature = frozenset[tuple[str, int, int]]


def changes(
    paths: Sequence[Path],
    every: float,
    *,
    stop: Callable[[], bool] = lambda: False,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[None]:
    """Yield at the start and after each change, until `stop`; between two looks `every` seconds pass.

    What changed is indexed while the caller has the sign; what changes meanwhile is seen at the next look.
    """
    known: Signature | None = None
    last: Signature | None = None
    while not stop():
        now = signature(paths)
        if now != known and (known is None or now == last):
            known = now
            yield
        last = now
        left = every
        while left > 0 and not stop():
            sleep(min(left, _BLINK))
            left -= _BLINK


def signature(paths: Sequence[Path]) -> Signature:
    """Return what tells whether any file was added, removed or written to; a path that is not there holds none."""
    found = set()
    for path in find_files([path for path in paths if is_there(path)]):
        try:
            told = path.stat()
        except OSError:
            continue
        found.add((str(path), told.st_mtime_ns, told.st_size))
    return frozenset(found)
