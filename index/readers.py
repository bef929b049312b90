"""Files go in, what was read of each comes out in the same order; read on all cores when there is much to read.

Knows no store. Reading begins in this process; once it has taken a second, processes of their own take over, so that
a file on which reading crashes costs itself and not the run. In a program with more threads they do from the start: a
crash would end more than the reading there. Only a few files are in work at once, each for a limited time.
"""

from __future__ import annotations

import multiprocessing
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from index.errors import ReadError, VraagbaakError
from index.store.encode import refuse_loose_spans
from index.time_limit import time_limit
from index.values import Reading

CountTokens = Callable[[str], int]
Read = Callable[[Path, str, CountTokens], Sequence[Reading]]

_ALONE = 1.0  # seconds of reading before processes are started, which takes about as long
_AHEAD = 4  # files in work for each process
# Processor time that reading may take, in seconds, with so many more for each megabyte; the memory of a process.
_SECONDS, _SECONDS_A_MEGABYTE, _BYTES = 60.0, 60.0, 4 << 30

Tag = TypeVar("Tag")


@dataclass(frozen=True, slots=True)
class Job(Generic[Tag]):
    """A file to be read: where it lies now, what it is called, and whatever the caller wants back with it.

    Without a `path` there is nothing to read: it only keeps its place in the order.
    """

    path: Path | None
    source: str
    tag: Tag


@dataclass(frozen=True, slots=True)
class Outcome:
    """The documents that a file holds, or why it could not be read."""

    readings: tuple[Reading, ...] = ()
    error: VraagbaakError | None = None


class Readers:
    """Use it as a context manager, so that no process is left behind."""

    def __init__(self, read: Read, count_tokens: CountTokens, processes: int = 1, alone: float = _ALONE) -> None:
        """With more than one process, `read` and `count_tokens` are functions of a module, found there by name."""
        self._read = read
        self._count_tokens = count_tokens
        self._processes = processes
        self._alone = alone if threading.current_thread() is threading.main_thread() else 0.0
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Readers:
        return self

    def __exit__(self, *_: object) -> None:
        self._let_go()

    def outcomes(self, jobs: Iterable[Job[Tag]]) -> Iterator[tuple[Job[Tag], Outcome]]:
        """Read all, lazily and in order; whatever is wrong with a file is in its outcome."""
        waiting: deque[tuple[Job[Tag], Future[Outcome] | None]] = deque()
        for job in jobs:
            if self._is_alone:
                yield job, self._here(job)
                continue
            waiting.append((job, self._submitted(job)))
            while len(waiting) >= _AHEAD * self._processes or (waiting and _is_done(waiting[0][1])):
                yield self._first(waiting)
        while waiting:
            yield self._first(waiting)

    @property
    def _is_alone(self) -> bool:
        return self._processes < 2 or self._alone > 0

    def _here(self, job: Job[Tag]) -> Outcome:
        if job.path is None:
            return Outcome()
        started = time.monotonic()
        outcome = read_file(self._read, self._count_tokens, job.path, job.source)
        self._alone -= time.monotonic() - started
        return outcome

    def _submitted(self, job: Job[Tag]) -> Future[Outcome] | None:
        if job.path is None:
            return None
        if self._pool is None:
            # Spawned and not forked: other threads may hold locks that a copy of this process would wait for.
            self._pool = ProcessPoolExecutor(
                self._processes,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=_prepare,
                initargs=(_BYTES,),
            )
        try:
            return self._pool.submit(read_file, self._read, self._count_tokens, job.path, job.source)
        except BrokenProcessPool as error:
            broken: Future[Outcome] = Future()
            broken.set_exception(error)
            return broken

    def _first(self, waiting: deque[tuple[Job[Tag], Future[Outcome] | None]]) -> tuple[Job[Tag], Outcome]:
        job, future = waiting.popleft()
        if future is None:
            return job, Outcome()
        try:
            return job, future.result()
        except BrokenProcessPool:
            # One of the files in work crashed a process, which broke them all: each is read again, this one alone.
            self._let_go()
            outcome = self._again(job)
            again = [(other, self._submitted(other)) for other, _ in waiting]
            waiting.clear()
            waiting.extend(again)
            return job, outcome

    def _again(self, job: Job[Tag]) -> Outcome:
        future = self._submitted(job)
        assert future is not None
        try:
            return future.result()
        except BrokenProcessPool:
            self._let_go()
            return Outcome(error=ReadError("store.crashed", path=job.source))

    def _let_go(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None


def read_file(read: Read, count_tokens: CountTokens, path: Path, source: str) -> Outcome:
    """Read one file; whatever a strange one makes of the reading is an error in the outcome."""
    try:
        seconds = _SECONDS + _SECONDS_A_MEGABYTE * path.stat().st_size / 1e6
        with time_limit(seconds, lambda: ReadError("store.too_slow", path=source, seconds=round(seconds))):
            readings = tuple(read(path, source, count_tokens))
        for reading in readings:
            refuse_loose_spans(reading)
    except VraagbaakError as error:
        return Outcome(error=error)
    except MemoryError:
        return Outcome(error=ReadError("store.too_greedy", path=source))
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        return Outcome(error=ReadError("store.unexpected", path=source, reason=reason))
    return Outcome(readings)


def _is_done(future: Future[Outcome] | None) -> bool:
    return future is None or future.done()


def _prepare(most: int) -> None:
    """Make this process read: `most` is the memory in bytes that it may take."""
    # Ctrl-C reaches every process of a terminal; what to do about it is for the one that writes.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (most, resource.getrlimit(resource.RLIMIT_DATA)[1]))
