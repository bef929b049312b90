"""A block of work is broken off when it has taken more processor time than it may."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_AGAIN = 1.0  # seconds after which it is broken off again, should a library have swallowed the first time


class _TimeIsUp(BaseException):
    """No `Exception`: what handles those would take it for a fault of the file."""


@contextmanager
def time_limit(seconds: float, error: Callable[[], Exception]) -> Iterator[None]:
    """Raise `error()` in the block once it has taken so many seconds of processor time.

    Only the main thread of a process can be broken off, and only where the system has timers: elsewhere the block has
    all the time it takes.
    """
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def break_off(*_: object) -> None:
        raise _TimeIsUp

    before = signal.signal(signal.SIGPROF, break_off)
    signal.setitimer(signal.ITIMER_PROF, seconds, _AGAIN)
    try:
        yield
    except _TimeIsUp:
        raise error() from None
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
