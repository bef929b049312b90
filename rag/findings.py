"""Needs and sources go in, what was found for each comes out: its sentences, ranked, and whether they are enough."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from index.language import Language, say
from rag.evidence import Evidence, Source
from rag.extract import choose_lines
from rag.need import VALUES, Need, kin, questions_in
from rag.rank import Pick, coverage, rank_lines
from rag.sorts import holds_sort
from rag.sufficiency import Sufficiency, judge_evidence
from rag.values import Suggestion

_MOST_SUGGESTIONS = 3
_NEAR = 0.35  # the share of the question that a passage must touch to be worth suggesting
_FEWEST_SAME = 2  # words that say what a question is about
_SAME_QUESTION = 0.75  # the share of the question that an unanswered one must hold to be called the same


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found for one need: all sentences, best first, and whether the best is enough."""

    need: Need
    ranked: tuple[Pick, ...]
    sufficiency: Sufficiency

    def decision(self, language: Language) -> str:
        """The outcome for the trace: the chance, and what was asked for but not found."""
        found = self.sufficiency
        verdict = say("answer.enough" if found.enough else "answer.not_enough", language, chance=f"{found.chance:.0%}")
        if not found.missing:
            return verdict
        return say("answer.not_found", language, verdict=verdict, words=", ".join(found.missing))


def find(need: Need, sources: Sequence[Source]) -> Finding:
    """Return what `sources` hold for `need`."""
    ranked = rank_lines(need, sources)
    return Finding(need, tuple(ranked), judge_evidence(need, ranked))


def stated(need: Need, asked: Sequence[Source]) -> Finding:
    """Return what is said of the value that `need` asks for in questions that nobody answered, and not asked there too;
    a letter of postponement may also give the reason."""
    if need.sort in VALUES or need.sort == "person":
        told = [_stating(source, need) for source in asked]
    else:
        told = [source for source in asked if need.sort == "reason" and source.document.kind == "postponement"]
    return find(need, [source for source in told if source.lines])


def _stating(source: Source, need: Need) -> Source:
    if source.document.kind == "postponement":
        return source
    return replace(source, lines=tuple(line for line in source.lines if _states(line.text, need)))


def _states(text: str, need: Need) -> bool:
    return holds_sort(text, need.sort, need.said) and all(kin(sort) != kin(need.sort) for sort, _ in questions_in(text))


def lines_of(findings: Sequence[Finding]) -> list[tuple[Source, int]]:
    """Return the sentences that answer the needs, each once, the parts of the question in their order."""
    chosen: dict[tuple[str, int], tuple[Source, int]] = {}
    for finding in findings:
        if finding.sufficiency.enough:
            for source, i in choose_lines(finding.need, finding.ranked):
                chosen.setdefault((source.passage.passage, i), (source, i))
    return list(chosen.values())


def answers(findings: Sequence[Finding], texts: Sequence[str]) -> bool:
    """Whether some text holds the sort of answer that each need with enough evidence asks for."""
    wanted = [finding.need for finding in findings if finding.sufficiency.enough]
    return bool(texts) and all(any(holds_sort(text, need.sort) for text in texts) for need in wanted)


def asked_only(findings: Sequence[Finding], evidence: Evidence) -> Source | None:
    """Return the passage in which the same question was asked and not answered, where there is one."""
    if not findings:
        return next(iter(evidence.asked), None)
    need = findings[0].need
    same = (s for s in evidence.asked if share_of(need, s) >= _SAME_QUESTION and _says_enough(need))
    return next(same, None)


def suggestions_of(findings: Sequence[Finding], sources: Iterable[Source]) -> tuple[Suggestion, ...]:
    """Return the nearest passages, one of each document; none when nothing touches the question."""
    if not findings:
        return ()
    need = findings[0].need
    near: dict[str, Suggestion] = {}
    for source in sources:
        if source.document.document not in near and share_of(need, source) >= _NEAR:
            near[source.document.document] = Suggestion(source.passage, source.document)
    return tuple(near.values())[:_MOST_SUGGESTIONS]


def _says_enough(need: Need) -> bool:
    """Whether a question holds enough words of its own for another one to be called the same."""
    return sum(not term.light for term in need.terms) >= _FEWEST_SAME


def share_of(need: Need, source: Source) -> float:
    """Return the share of what is asked that stands in a source or beside it, from 0 to 1."""
    held = coverage(need, source.tokens | frozenset(source.about))
    weighed = sum(term.weight * h for term, h in zip(need.terms, held, strict=True))
    return weighed / need.weight if need.terms else 0.0
