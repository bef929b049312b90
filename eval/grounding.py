"""Grounding: gold questions are asked, and the answers are held against the gold and the documents' own words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from eval.measures import Measure, percentile, proportion
from eval.questions import GoldQuestion
from rag.values import Answer


class Answerer(Protocol):
    """Anything that answers a question."""

    def ask(self, question: str) -> Answer:
        """Return the whole answer."""
        ...


class Texts(Protocol):
    """Where the reading text of a document can be had."""

    def text(self, document: str) -> str | None:
        """Return the document's text, or None when it is not there."""
        ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one gold question."""

    question: GoldQuestion
    answer: Answer
    refused: bool
    cited_document: bool
    cited_passage: bool
    facts_found: int
    literal: bool

    @property
    def facts_complete(self) -> bool:
        """Whether every gold fact stands in the answer's sentences."""
        return self.facts_found == len(self.question.facts)


def run(questions: Iterable[GoldQuestion], answerer: Answerer, texts: Texts) -> list[Outcome]:
    """Ask every question and return the outcomes in order."""
    return [judge(question, answerer.ask(question.question), texts) for question in questions]


def judge(question: GoldQuestion, answer: Answer, texts: Texts) -> Outcome:
    """Hold one answer against its gold question. A gold document is met by any of its passages."""
    cited = {citation.passage.passage for citation in answer.citations}
    documents = {citation.document.document for citation in answer.citations}
    said = _plain(" ".join(sentence.text for sentence in answer.sentences))
    gold_documents = {gold.partition("#")[0] for gold in question.gold}
    return Outcome(
        question=question,
        answer=answer,
        refused=not answer.sentences,
        cited_document=bool(documents & gold_documents),
        cited_passage=any(_is_passage_of(passage, gold) for passage in cited for gold in question.gold),
        facts_found=sum(_plain(fact) in said for fact in question.facts),
        literal=all(
            (texts.text(citation.document.document) or "")[citation.start : citation.end] == citation.quote
            for citation in answer.citations
        ),
    )


def measures(outcomes: Sequence[Outcome]) -> list[Measure]:
    """Return the measures over all outcomes; an answerable question that was refused counts as wrong."""
    answerable = [o for o in outcomes if o.question.answerable]
    unanswerable = [o for o in outcomes if not o.question.answerable]
    lengths = [len(o.answer.text.split()) for o in outcomes if not o.refused]
    return [
        proportion("fact recall", [not o.refused and o.facts_complete for o in answerable]),
        proportion("right document cited", [o.cited_document for o in answerable]),
        proportion("right passage cited", [o.cited_passage for o in answerable]),
        proportion("quotes literal", [o.literal for o in outcomes if o.answer.citations]),
        proportion("answerable refused", [o.refused for o in answerable]),
        proportion("unanswerable refused", [o.refused for o in unanswerable]),
        Measure("median words", percentile(lengths, 50) if lengths else None, len(lengths)),
    ]


def _is_passage_of(passage: str, gold: str) -> bool:
    # A long answer is cut into pieces `…#vraag-5`, `…#vraag-5.2`; gold without a passage means the whole document.
    return passage == gold or passage.startswith(gold + ("." if "#" in gold else "#"))


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).casefold()
