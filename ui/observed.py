"""An assistant goes in, the same comes out, and every answer of it is counted and noted."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, cast

from index.errors import VraagbaakError
from rag.privacy import mask
from rag.values import Answer

if TYPE_CHECKING:
    from rag.assistant import Assistant
    from ui.journal import Journal
    from ui.metrics import Metrics


def observed(assistant: Assistant, metrics: Metrics, journal: Journal) -> Assistant:
    """Return `assistant`, observed."""
    return cast("Assistant", Observed(assistant, metrics, journal))


class Observed:
    """Answers as `assistant` does. Nothing of a question is noted unless the journal is to hold questions."""

    def __init__(self, assistant: Assistant, metrics: Metrics, journal: Journal) -> None:
        self._assistant = assistant
        self._metrics = metrics
        self._journal = journal

    def ask(self, question: str, *asked: Any, **named: Any) -> Answer:
        """Return the whole answer."""
        *_, answer = self.stream(question, *asked, **named)
        return answer

    def stream(self, question: str, *asked: Any, **named: Any) -> Iterator[Answer]:
        """Yield the answer as it grows; one that is left before its end is noted as stopped."""
        started, answer, outcome = time.monotonic(), None, "stopped"
        try:
            for answer in self._assistant.stream(question, *asked, **named):
                yield answer
            outcome = answer.status if answer else "error"
        except VraagbaakError as error:
            outcome = error.key
            raise
        except Exception as error:
            outcome = type(error).__name__
            raise
        finally:
            self._note(question, answer, outcome, time.monotonic() - started)

    def _note(self, question: str, answer: Answer | None, outcome: str, seconds: float) -> None:
        self._metrics.answers.labels(outcome, answer.model if answer else "").inc()
        self._metrics.answer_seconds.observe(seconds)
        self._journal.note(
            "answer",
            answer=answer.id if answer else None,
            outcome=outcome,
            seconds=round(seconds, 4),
            citations=len(answer.citations) if answer else None,
            model=answer.model if answer else None,
            generation=answer.generation if answer else None,
            question=mask(question).text if self._journal.questions else None,
        )
