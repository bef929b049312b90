"""A case goes in, the same case made wrong on purpose comes out: what a measure must see, or it measures nothing."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count

from eval.asking import ask_all, judged, searching
from eval.questions import GoldQuestion
from eval.scores.case import Case
from eval.sections import grounding_rows, refusal_rows, retrieval_rows
from eval.whole import Product
from rag.values import Citation, Sentence

Fault = Callable[[Case, Sequence[Case]], Case]

_NUMBER = re.compile(r"\d+")


def wrong_citation(case: Case, others: Sequence[Case]) -> Case:
    """Let every citation point to words of another document, literally as they stand there."""
    own = {citation.document.document for citation in case.answer.citations}
    foreign = [c for other in others for c in other.answer.citations if c.document.document not in own]
    citations = tuple(
        replace(foreign[place % len(foreign)], number=citation.number)
        for place, citation in enumerate(case.answer.citations)
        if foreign
    )
    return _with(case, citations=citations)


def shifted_quote(case: Case, _others: Sequence[Case]) -> Case:
    """Move the place of every quotation by one letter."""
    moved = tuple(replace(c, start=c.start + 1, end=c.end + 1) for c in case.answer.citations)
    return _with(case, citations=moved)


def needless_citation(case: Case, others: Sequence[Case]) -> Case:
    """Add to every sentence a citation of another document that says nothing of it."""
    wrong = wrong_citation(case, others).answer.citations
    top = max((citation.number for citation in case.answer.citations), default=0)
    sentences = tuple(
        replace(s, citations=(*s.citations, *(top + place for place, _ in enumerate(wrong[:1], 1))))
        for s in case.answer.sentences
    )
    extra = tuple(replace(c, number=top + place) for place, c in enumerate(wrong[:1], 1))
    return _with(case, sentences=sentences, citations=(*case.answer.citations, *extra))


def no_marks(case: Case, _others: Sequence[Case]) -> Case:
    """Take every citation away and leave the sentences."""
    return _with(case, sentences=tuple(replace(s, citations=()) for s in case.answer.sentences), citations=())


def dropped_sentence(case: Case, _others: Sequence[Case]) -> Case:
    """Leave out every sentence that holds a gold fact."""
    facts = case.question.facts
    kept = tuple(s for s in case.answer.sentences if not any(fact.casefold() in s.text.casefold() for fact in facts))
    return _with(case, sentences=kept)


def changed_number(case: Case, _others: Sequence[Case]) -> Case:
    """Raise every number in every sentence by as little as makes of none of them another one that stood there."""
    numbers = {int(found) for sentence in case.answer.sentences for found in _NUMBER.findall(sentence.text)}
    more = next(n for n in count(1) if numbers.isdisjoint({number + n for number in numbers}))
    return _texts(case, lambda text: _NUMBER.sub(lambda found: str(int(found[0]) + more), text))


def said_twice(case: Case, _others: Sequence[Case]) -> Case:
    """Say every sentence twice."""
    return _with(case, sentences=tuple(s for sentence in case.answer.sentences for s in (sentence, sentence)))


def always_refuses(case: Case, _others: Sequence[Case]) -> Case:
    """Answer nothing."""
    answer = replace(case.answer, sentences=(), citations=(), status="unanswerable")
    return replace(case, answer=answer)


def never_refuses(case: Case, _others: Sequence[Case]) -> Case:
    """Where nothing was answered, give the first words of the best find as an answer."""
    if not case.refused or not case.hits:
        return case
    hit = case.hits[0]
    quote = hit.passage.body[:200]
    citation = Citation(
        1, hit.passage, hit.document, quote, hit.passage.body_start, hit.passage.body_start + len(quote)
    )
    answer = replace(
        case.answer, status="answered", sentences=(Sentence(quote, (1,), "verbatim"),), citations=(citation,)
    )
    return replace(case, answer=answer)


def shuffled_ranking(case: Case, _others: Sequence[Case]) -> Case:
    """Put what was found in an order that chance gives."""
    order = random.Random(case.question.id).sample(range(len(case.found)), len(case.found))
    return replace(case, found=tuple(case.found[place] for place in order))


FAULTS: Mapping[str, Fault] = {
    fault.__name__.replace("_", " "): fault
    for fault in (
        *(wrong_citation, shifted_quote, needless_citation, no_marks, dropped_sentence, changed_number, said_twice),
        *(always_refuses, never_refuses, shuffled_ranking),
    )
}


@dataclass(frozen=True, slots=True)
class Effect:
    """What one fault does to one measure that it moves."""

    fault: str
    measure: str
    before: float
    after: float


def effects(
    sets: Mapping[str, Sequence[GoldQuestion]], product: Product, progress: Callable[[str], None]
) -> Iterator[Effect]:
    """Ask every question once, plant each fault in the answers, and yield every measure that it moves."""
    search = searching(product.snapshot)
    cases = [case for name, asked in sets.items() for case in ask_all(name, asked, product.answerer, search)]
    before = _values(judged(cases, product.judge, product.snapshot.text))
    for name, fault in FAULTS.items():
        progress(name)
        after = _values(judged(plant(fault, cases), product.judge, product.snapshot.text))
        for measure, value in after.items():
            if measure in before and abs(value - before[measure]) > 1e-9:
                yield Effect(name, measure, before[measure], value)


def _values(cases: Sequence[Case]) -> dict[str, float]:
    rows = [*retrieval_rows(cases), *grounding_rows(cases), *refusal_rows(cases)]
    return {row.name: row.value for row in rows if row.value is not None and not row.part}


def plant(fault: Fault, cases: Sequence[Case]) -> list[Case]:
    """Return all cases with one fault in each, to be judged anew."""
    return [fault(replace(case, backing=(), literal=()), cases) for case in cases]


def _texts(case: Case, change: Callable[[str], str]) -> Case:
    return _with(case, sentences=tuple(replace(s, text=change(s.text)) for s in case.answer.sentences))


def _with(
    case: Case, sentences: tuple[Sentence, ...] | None = None, citations: tuple[Citation, ...] | None = None
) -> Case:
    answer = case.answer
    return replace(
        case,
        answer=replace(
            answer,
            sentences=answer.sentences if sentences is None else sentences,
            citations=answer.citations if citations is None else citations,
        ),
    )
