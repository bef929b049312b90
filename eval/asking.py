"""Gold questions go in, cases come out: asked, searched for, and every sentence held against what it cites."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Protocol

from eval.questions import GoldQuestion
from eval.retrieval import gold_name
from eval.scores.case import Case
from eval.scores.citations import back, literal
from index.store.snapshot import Snapshot
from index.values import Hit
from rag.protocols import Judge
from rag.values import Answer, Message

DEPTH = 50
_FOR_SUPPORT = (
    12  # the finds that a sentence is held against when nothing it cites bears it out: what was answered from
)

Search = Callable[[str], Sequence[Hit]]


class Answerer(Protocol):
    """Anything that answers a question within a conversation."""

    def ask(self, question: str, history: Sequence[Message] = ()) -> Answer:
        """Return the whole answer."""
        ...


def ask_all(
    name: str,
    questions: Iterable[GoldQuestion],
    answerer: Answerer,
    search: Search,
    seen: Callable[[], None] = lambda: None,
) -> list[Case]:
    """Return a case for each question of the set `name`, nothing judged yet; `seen` is called after each."""
    cases = []
    for question in questions:
        hits, seconds = timed(search, question.question)
        cases.append(
            Case(
                name, question, answerer.ask(question.question), hits, found_names(hits, question.gold), seconds=seconds
            )
        )
        seen()
    return cases


def judged(cases: Iterable[Case], judge: Judge, text_of: Callable[[str], str | None]) -> list[Case]:
    """Return the cases with every sentence and every quotation judged."""
    return [
        replace(
            case,
            backing=back(case.answer, judge, case.hits[:_FOR_SUPPORT]),
            literal=literal(case.answer.citations, text_of),
        )
        for case in cases
    ]


def searching(snapshot: Snapshot) -> Search:
    """Return the search of one generation of a store, `DEPTH` deep."""
    return lambda question: snapshot.search(question, DEPTH)


def timed(search: Search, question: str) -> tuple[tuple[Hit, ...], float]:
    """Return what was found and how many seconds it took."""
    started = time.perf_counter()
    hits = tuple(search(question))
    return hits, time.perf_counter() - started


def found_names(hits: Sequence[Hit], gold: Sequence[str]) -> tuple[str, ...]:
    """Return what was found under the names that the gold uses, each once, best first."""
    return tuple(dict.fromkeys(gold_name(hit.passage.passage, hit.document.document, gold) for hit in hits))
