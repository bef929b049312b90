"""How often one may do something: a key goes in, how many seconds it is too early comes out."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock

_MOST = 10_000  # keys that are remembered; those who did nothing lately are forgotten


class Limit:
    """A bucket of tokens for each key, that fills at `per_minute` and holds `burst` (default: half a minute's).

    `now` is a clock in seconds.
    """

    def __init__(
        self, per_minute: float, burst: float | None = None, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._rate = per_minute / 60
        self._burst = max(1.0, per_minute / 2 if burst is None else burst)
        self._now = now
        self._lock = Lock()
        self._buckets: dict[str, tuple[float, float]] = {}

    def take(self, key: str) -> float:
        """Take a token and return 0, or return how many seconds are left until there is one."""
        with self._lock:
            now = self._now()
            left, at = self._buckets.pop(key, (self._burst, now))
            left = min(self._burst, left + (now - at) * self._rate)
            taken = left >= 1
            self._buckets[key] = (left - taken, now)  # the latest last
            if len(self._buckets) > _MOST:
                del self._buckets[next(iter(self._buckets))]
            return 0.0 if taken else (1 - left) / self._rate
