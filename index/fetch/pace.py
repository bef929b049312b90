"""How fast hosts are asked: each has its own rhythm, kept by all threads together, and rests when it says so."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class StoppedError(Exception):
    """The work was told to stop while it waited."""


class Pace:
    """Lets a host be asked `rate` times a second at most; `stop` is asked again and again during a wait."""

    def __init__(
        self,
        rate: float,
        *,
        stop: Callable[[], bool] = lambda: False,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._step = 1 / rate if rate > 0 else 0.0
        self._stop = stop
        self._clock = clock
        self._sleep = sleep
        self._free: dict[str, float] = {}
        self._rests: dict[str, float] = {}
        self._lock = threading.Lock()

    def wait(self, host: str) -> None:
        """Return when it is this caller's turn to ask `host`; raise `StoppedError` when the work is to stop."""
        with self._lock:
            turn = max(self._clock(), self._free.get(host, 0.0))
            self._free[host] = turn + self._step
        while True:
            if self._stop():
                raise StoppedError
            left = turn - self._clock()
            if left <= 0:
                break
            self._sleep(min(left, 0.2))
        # The host may have asked for rest while this caller waited.
        with self._lock:
            rest = self._rests.get(host, 0.0) - self._clock()
        if rest > 0:
            self.wait(host)

    def hold(self, host: str, seconds: float) -> None:
        """Let nobody ask `host` for so many seconds."""
        with self._lock:
            until = self._clock() + seconds
            self._rests[host] = max(self._rests.get(host, 0.0), until)
            self._free[host] = max(self._free.get(host, 0.0), until)
