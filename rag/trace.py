"""How an answer came about: each step with its name, its duration and its decision."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

from rag.values import Step


class Trace:
    """Collects steps; a step lasts from the end of the one before it."""

    def __init__(self, clock: Callable[[], float] = perf_counter) -> None:
        self._clock = clock
        self._begin = self._last = clock()
        self._steps: list[Step] = []

    def add(self, step: str, decision: str = "") -> None:
        """Close a step."""
        now = self._clock()
        self._steps.append(Step(step, round(now - self._last, 6), decision))
        self._last = now

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps so far, in order."""
        return tuple(self._steps)

    @property
    def seconds(self) -> float:
        """How long it has taken so far."""
        return round(self._clock() - self._begin, 6)
