"""Findings go in, the answer they make comes out: quoted, written by a model, stated by a question only, or refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.language import Language, say
from rag.citations import quote_lines
from rag.evidence import Evidence
from rag.findings import Finding, asked_only, lines_of, stated, suggestions_of
from rag.frame import lead_in
from rag.need import Need
from rag.values import Answer
from rag.write import Writing

EXTRACTIVE = "extractive"


def quoted_answer(answer: Answer, findings: Sequence[Finding], language: Language) -> Answer:
    """Return the extractive answer; parts without evidence are named."""
    missing = [finding.need.question for finding in findings if not finding.sufficiency.enough]
    sentences, citations = quote_lines(lines_of(findings))
    return replace(
        answer,
        status="partial" if missing else "answered",
        sentences=sentences,
        citations=citations,
        notices=tuple(say("answer.part_missing", language, part=part) for part in missing),
        model=EXTRACTIVE,
    )


def stated_only(answer: Answer, needs: Sequence[Need], evidence: Evidence, language: Language) -> Answer | None:
    """Return what an unanswered question states of what is asked, and that nobody answered it; None without any."""
    findings = [stated(need, evidence.asked) for need in needs]
    if not any(finding.sufficiency.enough for finding in findings):
        return None
    quoted = quoted_answer(answer, findings, language)
    is_put = any(citation.document.kind != "postponement" for citation in quoted.citations)
    notices = (*((say("answer.put_only", language),) if is_put else ()), *quoted.notices)
    return replace(quoted, lead=lead_in(quoted.citations, language), notices=notices)


def refusal(answer: Answer, findings: Sequence[Finding], evidence: Evidence, language: Language) -> Answer:
    """Return the refusal: that the documents hold no answer, or only the question, and what lies near."""
    notices = [say("answer.nothing", language)]
    near = [*evidence.sources]
    asked = asked_only(findings, evidence)
    if asked is not None:
        notices.append(say("answer.asked_only", language, title=asked.document.title, label=asked.passage.label))
        near.insert(0, asked)
    suggestions = suggestions_of(findings, near)
    return replace(answer, notices=tuple(notices), suggestions=suggestions, model=EXTRACTIVE)


def with_writing(quoted: Answer, writing: Writing, model: str, notices: tuple[str, ...]) -> Answer:
    """Return `quoted` with what the model wrote in place of the quotations."""
    return replace(
        quoted,
        sentences=writing.sentences,
        citations=writing.citations,
        notices=(*notices, *quoted.notices),
        model=model,
    )


def dropped_notice(writing: Writing, language: Language) -> tuple[str, ...]:
    """Return the notice that sentences of a model were left out; none when all were kept."""
    if not writing.dropped:
        return ()
    key = "answer.dropped_one" if writing.dropped == 1 else "answer.dropped"
    return (say(key, language, count=writing.dropped),)
