"""How far a long piece of work is, on one line of a terminal: how many are done, how fast, how long it will take."""

from __future__ import annotations

import sys
import time

from index.language import Language, say

_EVERY = 0.2  # seconds between two drawings of the line


class Progress:
    """A last line on standard error that other lines are printed above; nothing at all where that is no terminal."""

    def __init__(self, language: Language, *, shown: bool | None = None) -> None:
        self._language = language
        self._shown = sys.stderr.isatty() if shown is None else shown
        self._started = time.monotonic()
        self._drawn = 0.0

    def clear(self) -> None:
        """Take the line away, so that another can be printed in its place."""
        if self._shown and self._drawn:
            sys.stderr.write("\r\x1b[K")
            self._drawn = 0.0

    def draw(self, done: int, total: int) -> None:
        """Show that `done` of `total` are done."""
        now = time.monotonic()
        if not self._shown or total < 2 or now - self._drawn < _EVERY:
            return
        self._drawn = now
        sys.stderr.write(f"\r\x1b[K{progress_line(done, total, now - self._started, self._language)}")
        sys.stderr.flush()


def progress_line(done: int, total: int, seconds: float, language: Language) -> str:
    """Return count, rate and remaining time in words."""
    rate = done / seconds if seconds > 0 else 0.0
    left = round((total - done) / rate) if rate else 0
    hours, rest = divmod(left, 3600)
    clock = f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"
    return say("store.progress", language, done=done, total=total, rate=f"{rate:.1f}", left=clock)
