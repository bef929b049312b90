"""Citations: whether what an answer says stands in what it cites, sentence by sentence and citation by citation.

Citation recall and precision are those of ALCE (Gao et al., EMNLP 2023; its eval.py), where a judge takes the place of
the NLI model. An answerable question that was refused counts with 0; ALCE leaves it out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from eval.scores.case import Backing, Case, Score
from index.values import Hit, Passage
from rag.protocols import Judge
from rag.values import Answer, Citation, Sentence

TextOf = Callable[[str], str | None]


def back(answer: Answer, judge: Judge, hits: Sequence[Hit] = ()) -> tuple[Backing, ...]:
    """Return how far each sentence of `answer` is borne out by the passages that it cites, and by what was found."""
    by_number = {citation.number: citation.passage for citation in answer.citations}
    near = list(
        {passage.passage: passage for passage in (*by_number.values(), *(hit.passage for hit in hits))}.values()
    )
    return tuple(_backing(sentence, by_number, near, judge) for sentence in answer.sentences)


def literal(citations: Sequence[Citation], text_of: TextOf) -> tuple[bool, ...]:
    """Return of each citation whether its words stand literally at its place in the document's text."""
    return tuple(
        bool(citation.quote)
        and (text_of(citation.document.document) or "")[citation.start : citation.end] == citation.quote
        for citation in citations
    )


def recall(case: Case) -> float | None:
    """Σ r_s / #sentences: r_s is whether all that sentence s cites, together, bears it out; 0 without a citation."""
    return _mean([backing.together for backing in case.backing], case)


def precision(case: Case) -> float | None:
    """Σ / #citations: a citation of a borne-out sentence counts when it is the only one, or bears the sentence out
    by itself, or the others do not without it."""
    marks = [mark for backing in case.backing for mark in _needed(backing)]
    return _mean(marks, case)


def f1(case: Case) -> float | None:
    """The harmonic mean of citation recall and precision of one answer."""
    whole, needed = recall(case), precision(case)
    if whole is None or needed is None:
        return None
    return 2 * whole * needed / (whole + needed) if whole + needed else 0.0


def supported(case: Case) -> float | None:
    """The share of an answer's sentences that some passage it cites, or that was found, bears out (faithfulness:
    RAGAS, Es et al., EACL 2024, with sentences for statements). Says nothing of a refusal."""
    return _mean([backing.found for backing in case.backing], None)


def coverage(case: Case) -> float | None:
    """The share of an answer's sentences with at least one valid citation (Liu et al., EMNLP Findings 2023)."""
    numbers = {citation.number for citation in case.answer.citations}
    return _mean([float(bool(numbers & set(sentence.citations))) for sentence in case.answer.sentences], None)


def literal_rate(case: Case) -> float | None:
    """The share of an answer's citations whose words stand literally at their place."""
    return _mean([float(is_literal) for is_literal in case.literal], None)


def wrong_document(case: Case) -> float | None:
    """The share of an answer's citations to a document that is not among the gold; all of them where nothing is."""
    right = {gold.partition("#")[0] for gold in case.question.gold}
    return _mean([float(c.document.document not in right) for c in case.answer.citations], None)


def right_passage(case: Case) -> float | None:
    """Whether a gold passage (or any of a gold document) is cited; 0 for an answerable question that was refused."""
    if not case.question.answerable:
        return None
    cited = {citation.passage.passage for citation in case.answer.citations}
    return float(any(is_part_of(passage, gold) for passage in cited for gold in case.question.gold))


def is_part_of(passage: str, gold: str) -> bool:
    """Whether a passage is a piece of what the gold names: "…#vraag-5.2" of "…#vraag-5", "a#…" of the document "a"."""
    return passage == gold or passage.startswith(gold + ("." if "#" in gold else "#"))


SCORES = (
    Score("citation recall", "higher", recall),
    Score("citation precision", "higher", precision),
    Score("citation F1", "higher", f1),
    Score("sentences supported", "higher", supported),
    Score("citation coverage", "higher", coverage),
    Score("quotes literal", "higher", literal_rate),
    Score("wrong document", "lower", wrong_document),
    Score("right passage cited", "higher", right_passage),
)


def _mean(values: Sequence[float], case: Case | None) -> float | None:
    """Return the mean; without values the default of a refused answerable question, where `case` is given."""
    if values:
        return sum(values) / len(values)
    return 0.0 if case is not None and case.question.answerable else None


def _needed(backing: Backing) -> list[float]:
    if not backing.together:
        return [0.0] * len(backing.alone)
    if len(backing.alone) == 1:
        return [1.0]
    return [float(own == 1 or rest != 1) for own, rest in zip(backing.alone, backing.without, strict=True)]


def _backing(sentence: Sentence, by_number: dict[int, Passage], near: Sequence[Passage], judge: Judge) -> Backing:
    numbers = list(dict.fromkeys(sentence.citations))
    cited = [by_number[number] for number in numbers if number in by_number]
    valid = len(cited) == len(numbers)  # a sentence with an invalid citation is not borne out
    alone = [_support(judge, sentence, [passage]) for passage in cited]
    together = 0.0
    if cited and valid:
        together = alone[0] if len(cited) == 1 else _support(judge, sentence, cited)
    if len(cited) == 2:
        without = alone[::-1]
    else:
        without = [_support(judge, sentence, [*cited[:place], *cited[place + 1 :]]) for place in range(len(cited))]
    found = together or float(any(alone)) or _anywhere(judge, sentence, near)
    invalid = len(numbers) - len(cited)
    return Backing(together, (*alone, *[0.0] * invalid), (*without, *[together] * invalid), found)


def _anywhere(judge: Judge, sentence: Sentence, near: Sequence[Passage]) -> float:
    return float(any(_support(judge, sentence, [passage]) for passage in near))


def _support(judge: Judge, sentence: Sentence, passages: Sequence[Passage]) -> float:
    if not passages:
        return 0.0
    return float(judge.judge(sentence.text, joined(passages)).support != "unsupported")


def joined(passages: Sequence[Passage]) -> Passage:
    """Return several passages as one text of what may be quoted from them, with all their questions beside it."""
    unique = list({passage.passage: passage for passage in passages}.values())
    if len(unique) == 1:
        return unique[0]
    text = "\n".join(passage.body for passage in unique)
    question = " ".join(passage.question for passage in unique if passage.question) or None
    context = " ".join(passage.context for passage in unique if passage.context)
    return replace(
        unique[0], text=text, start=0, end=len(text), question=question, context=context, answer=None, answer_start=None
    )
