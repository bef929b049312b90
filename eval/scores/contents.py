"""Contents: whether an answer says what it should, how long it is, and how often it repeats itself."""

from __future__ import annotations

from eval.scores.case import Case, Score, plain
from index.dutch import tokenise


def fact_recall(case: Case) -> float | None:
    """The share of the gold facts that stand literally in the answer's sentences (nuggets, TREC QA: Voorhees, 2003);
    0 for an answerable question that was refused."""
    if not case.question.answerable or not case.question.facts:
        return None
    return case.facts_found / len(case.question.facts)


def all_facts(case: Case) -> float | None:
    """Whether every gold fact stands in the answer's sentences (strict nuggets)."""
    return None if fact_recall(case) is None else float(case.right)


def k_precision(case: Case) -> float | None:
    """The share of the answer's words that occur in what it quotes (Adlakha et al., TACL 2024)."""
    said = [token for sentence in case.answer.sentences for token in tokenise(sentence.text)]
    if not said:
        return None
    quoted = {token for citation in case.answer.citations for token in tokenise(citation.quote)}
    return sum(token in quoted for token in said) / len(said)


def length(case: Case) -> float | None:
    """The number of words in the answer."""
    return None if case.refused else float(sum(len(sentence.text.split()) for sentence in case.answer.sentences))


def redundancy(case: Case) -> float | None:
    """The share of the answer's word trigrams that it said before: 1 − distinct-3 (Li et al., NAACL 2016)."""
    words = plain(" ".join(sentence.text for sentence in case.answer.sentences)).split()
    trigrams = list(zip(words, words[1:], words[2:], strict=False))
    return 1 - len(set(trigrams)) / len(trigrams) if trigrams else None


SCORES = (
    Score("fact recall", "higher", fact_recall),
    Score("all facts", "higher", all_facts),
    Score("K-precision", "higher", k_precision),
    Score("words", "neither", length),
    Score("redundancy", "lower", redundancy),
)
