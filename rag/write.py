"""A language model's stream goes in, checked sentences with citations come out, each as soon as it is complete.

A sentence that no source supports never leaves this file; a mark that points nowhere is forgotten.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.citations import Ledger
from rag.evidence import Source
from rag.marks import Draft, drafts
from rag.prompt import REFUSAL
from rag.protocols import Judge, LanguageModel
from rag.quote import best_quote
from rag.second_judge import is_foreign
from rag.values import Citation, Message, Sentence

MOST_SENTENCES = 40  # a model that goes on longer than this is no longer answering


@dataclass(frozen=True, slots=True)
class Writing:
    """What a model has written so far: the sentences that hold, their citations, how many were left out."""

    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    dropped: int = 0
    refused: bool = False


def write(
    model: LanguageModel, messages: Sequence[Message], sources: Sequence[Source], judge: Judge
) -> Iterator[Writing]:
    """Yield the answer after each sentence that was judged; raise `ModelError` when the model fails."""
    ledger = Ledger()
    kept: list[Sentence] = []
    dropped = 0
    for count, draft in enumerate(drafts(model.stream(messages))):
        if draft.text == REFUSAL:
            yield Writing(tuple(kept), ledger.citations, dropped, refused=True)
            return
        if count >= MOST_SENTENCES:
            return
        sentence = _checked(draft, sources, judge, ledger)
        if sentence is None:
            dropped += 1
        elif all(sentence.text != other.text for other in kept):
            kept.append(sentence)
            if is_foreign(sentence.text):
                kept += _quotes_beside(sentence, kept, ledger)
        yield Writing(tuple(kept), ledger.citations, dropped)


def _checked(draft: Draft, sources: Sequence[Source], judge: Judge, ledger: Ledger) -> Sentence | None:
    """Return the sentence with the citations that support it, or None; those it points to are asked first."""
    pointed = [sources[mark - 1] for mark in draft.marks if 1 <= mark <= len(sources)]
    others = [source for source in sources if source not in pointed]
    supporting = _supporting(draft.text, pointed, judge) or _supporting(draft.text, others, judge)[:1]
    if not supporting:
        return None
    numbers: list[int] = []
    for source, _ in supporting:
        start, end = best_quote(draft.text, source)
        numbers.append(ledger.cite(source.passage, source.document, start, end))
    verbatim = any(support == "verbatim" for _, support in supporting)
    return Sentence(draft.text, tuple(dict.fromkeys(numbers)), "verbatim" if verbatim else "supported")


def _quotes_beside(sentence: Sentence, kept: Sequence[Sentence], ledger: Ledger) -> list[Sentence]:
    """Return the Dutch words that a sentence in another language rests on, as far as they are not shown yet."""
    shown = {other.text for other in kept}
    quotes = ((number, " ".join(ledger.citations[number - 1].quote.split())) for number in sentence.citations)
    return [Sentence(quote, (number,), "verbatim") for number, quote in quotes if quote not in shown]


def _supporting(text: str, sources: Sequence[Source], judge: Judge) -> list[tuple[Source, str]]:
    verdicts = [(source, judge.judge(text, source.passage).support) for source in sources]
    return [(source, support) for source, support in verdicts if support != "unsupported"]
