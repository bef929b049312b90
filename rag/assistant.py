"""A question goes in, an answer of checked sentences with their exact sources comes out: the whole of "ask".

question → filters → follow-up → reading → parts → retrieve → enough evidence? → compose (quotes or a model) → verify
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from index.english import is_english
from index.errors import ModelError
from index.language import Language, say
from index.once_more import begin_again
from index.values import Filters
from rag.asked_filters import AskedFilters, asked_filters
from rag.citations import quote_lines
from rag.clarify import choices, is_vague
from rag.collection import CollectionQuestion, about_collection, is_lost
from rag.evidence import Evidence, gather
from rag.findings import Finding, answers, find
from rag.followup import whole_question
from rag.frame import framed, lead_in
from rag.heads import asks_of_papers, heads
from rag.need import Need, needs_of
from rag.newer import newer_document, newer_notice
from rag.outcomes import EXTRACTIVE, dropped_notice, quoted_answer, refusal, stated_only, with_writing
from rag.pointed import asked_of_collection, only_points, stands_there, whole_lines
from rag.prompt import build_prompt
from rag.protocols import Judge, LanguageModel
from rag.question import Asked, understand
from rag.reading import reading_of
from rag.second_judge import BothJudges
from rag.trace import Trace
from rag.values import Answer, Message
from rag.verify import RuleJudge
from rag.write import Writing, write

if TYPE_CHECKING:
    from index.store.snapshot import Snapshot, Snapshots

EVERY = "*"
TOP_K = 12
_SHOWN = 6  # how many sources a language model is shown


class Assistant:
    """Answers questions from a library of documents, with a language model or without.

    `count_tokens` measures the prompt of a model; without a model it is never called.
    """

    def __init__(
        self,
        library: Snapshots,
        model: LanguageModel | None = None,
        *,
        judge: Judge | None = None,
        count_tokens: Callable[[str], int] = len,
    ) -> None:
        self._library = library
        self._model = model
        self._judge = judge or RuleJudge()
        self._count_tokens = count_tokens

    def ask(
        self,
        question: str,
        history: Sequence[Message] = (),
        filters: Filters | None = None,
        language: Language = "nl",
        *,
        without: Sequence[str] = (),
    ) -> Answer:
        """Return the whole answer; raise `QuestionError` when the question is empty or too long."""
        *_, answer = self.stream(question, history, filters, language, without=without)
        return answer

    def stream(
        self,
        question: str,
        history: Sequence[Message] = (),
        filters: Filters | None = None,
        language: Language = "nl",
        *,
        without: Sequence[str] = (),
    ) -> Iterator[Answer]:
        """Yield the answer as it grows; only the last one is whole and final.

        Filters that the question asks for itself (`AskedFilter.field`) are used too, but for the fields in `without`;
        `EVERY` leaves them all alone. `filters` go before them.
        """
        return begin_again(lambda: self._streamed(question, history, filters, language, without))

    def _streamed(
        self,
        question: str,
        history: Sequence[Message],
        filters: Filters | None,
        language: Language,
        without: Sequence[str],
    ) -> Iterator[Answer]:
        trace = Trace()
        language = "en" if is_english(question) else language
        asked = understand(question, history, language)
        trace.add("question", asked.decision)
        read = AskedFilters(asked.search) if asked.is_done else self._read(asked.search, without)
        trace.add("filters", "; ".join(one.describe(language) for one in read.found))
        unknown = tuple(say("filter.unknown", language, number=number) for number in read.unknown)
        for answer in self._answers(asked, read, read.over(filters), language, trace):
            yield replace(answer, notices=(*asked.notices, *unknown, *answer.notices), filters=read.found)

    def _read(self, question: str, without: Sequence[str]) -> AskedFilters:
        if EVERY in without:
            return AskedFilters(question)
        with self._library.snapshot() as snapshot:
            read = asked_filters(question, snapshot.known)
        kept = tuple(one for one in read.found if one.field not in without)
        return replace(read, found=kept, rest=read.rest if kept == read.found else question)

    def _answers(
        self, asked: Asked, read: AskedFilters, filters: Filters, language: Language, trace: Trace
    ) -> Iterator[Answer]:
        """Yield the answer to what was asked, without the notices that go before all others."""
        if asked.is_done:
            yield _finished(Answer(_id(asked.question, 0), asked.question, "refused", model=EXTRACTIVE), trace)
            return
        about = asked_of_collection(asked.search, read)
        if about is not None:
            listed = self._listed(asked, about, filters, language)
            trace.add("collection", f"{about.ask} {about.things}: {len(listed.suggestions)} shown")
            if not is_lost(about, listed):
                yield _finished(listed, trace)
                return
        if only_points(read):
            yield _finished(self._pointed(asked, filters, language), trace)
            return
        whole = whole_question(read.rest or asked.search, asked.history)
        trace.add("follow-up", whole if whole != asked.search else "")
        with self._library.snapshot() as snapshot:
            reading = reading_of(whole, snapshot.mended)
        trace.add("reading", reading.decision)
        slips = tuple(say("answer.read_as", language, written=a, read=b) for a, b in reading.slips)
        for answer in self._researched(asked, reading.question, filters, language, trace):
            yield replace(answer, notices=(*slips, *answer.notices))

    def _researched(
        self, asked: Asked, whole: str, filters: Filters, language: Language, trace: Trace
    ) -> Iterator[Answer]:
        """Yield the answer to a question that stands on its own, from what the documents say."""
        needs = needs_of(whole)
        trace.add("parts", " | ".join(need.decision(language) for need in needs))
        if is_vague(whole, needs):
            yield _finished(self._unclear(asked, whole, filters, language), trace)
            return
        with self._library.snapshot() as snapshot:
            generation = snapshot.generation
            evidence = gather(snapshot, snapshot.search(whole, TOP_K, filters))
            trace.add("retrieve", say("answer.looked_at", language, count=len(evidence.sources)))
            findings = _findings(snapshot, needs, evidence)
            trace.add("evidence", " | ".join(finding.decision(language) for finding in findings))
            newer = newer_document(snapshot, whole, findings, filters)
            trace.add("newer", newer.document if newer else "")
        chance = max(finding.sufficiency.chance for finding in findings)
        answer = Answer(_id(whole, generation), asked.question, "unanswerable", generation=generation, chance=chance)
        if not any(finding.sufficiency.enough for finding in findings):
            put = stated_only(answer, needs, evidence, language)
            trace.add("stated", say("answer.chosen", language, count=len(put.sentences)) if put else "")
            nearest = put or refusal(answer, findings, evidence, language)
            yield _finished(nearest, trace)
            return
        quoted = quoted_answer(answer, findings, language)
        trace.add("extract", say("answer.chosen", language, count=len(quoted.sentences)))
        written = self._model and self._written(quoted, whole, findings, evidence, language=language, trace=trace)
        for grown in written or [_finished(quoted, trace)]:
            english = is_english(asked.search)
            frame = framed(grown.citations, language) if english else ()
            lead = "" if english else lead_in(grown.citations, language)
            later = newer_notice(newer, grown.citations, language)
            yield replace(grown, lead=lead, notices=(*frame, *grown.notices, *later))

    def _listed(self, asked: Asked, about: CollectionQuestion, filters: Filters | None, language: Language) -> Answer:
        with self._library.snapshot() as snapshot:
            generation = snapshot.generation
            answer = Answer(
                _id(asked.search, generation), asked.question, "answered", model=EXTRACTIVE, generation=generation
            )
            return about_collection(snapshot, about, filters, answer, language)

    def _unclear(self, asked: Asked, whole: str, filters: Filters, language: Language) -> Answer:
        with self._library.snapshot() as snapshot:
            meant = choices(snapshot, whole, filters)
            identifier = _id(whole, snapshot.generation)
            notice = say("answer.unclear" if meant else "answer.nothing", language)
            return Answer(
                *(identifier, asked.question, "unanswerable"),
                notices=(notice,),
                suggestions=meant,
                model=EXTRACTIVE,
                generation=snapshot.generation,
            )

    def _pointed(self, asked: Asked, filters: Filters, language: Language) -> Answer:
        with self._library.snapshot() as snapshot:
            generation = snapshot.generation
            evidence = stands_there(snapshot, filters)
        answer = Answer(
            _id(asked.search, generation), asked.question, "unanswerable", model=EXTRACTIVE, generation=generation
        )
        sentences, citations = quote_lines(whole_lines(evidence))
        if sentences:
            return replace(answer, status="answered", sentences=sentences, citations=citations)
        return refusal(answer, (), evidence, language)

    def _written(
        self,
        quoted: Answer,
        whole: str,
        findings: Sequence[Finding],
        evidence: Evidence,
        *,
        language: Language,
        trace: Trace,
    ) -> Iterator[Answer]:
        """Let the model write; what it cannot do, or does wrongly, the extractive answer does."""
        assert self._model is not None
        writing, failure = Writing(), ""
        english = language == "en" and isinstance(self._judge, BothJudges)
        messages, shown = build_prompt(
            whole, evidence.sources[:_SHOWN], language, self._count_tokens, in_english=english
        )
        trace.add("prompt", say("answer.shown_to_model", language, count=len(shown)))
        try:
            for writing in write(self._model, messages, shown, self._judge):
                yield with_writing(quoted, writing, self._model.name, ())
        except ModelError as error:
            failure = error.say(language)
        kept = say("answer.kept", language, kept=len(writing.sentences), dropped=writing.dropped)
        trace.add("model", failure or kept)
        if not failure and answers(findings, [sentence.text for sentence in writing.sentences]):
            yield _finished(with_writing(quoted, writing, self._model.name, dropped_notice(writing, language)), trace)
            return
        reason = failure or say("answer.model_refused" if writing.refused else "answer.model_unusable", language)
        notice = f"{reason} {say('answer.quoted_instead', language)}"
        yield _finished(replace(quoted, notices=(notice, *quoted.notices)), trace)


def _findings(snapshot: Snapshot, needs: Sequence[Need], evidence: Evidence) -> list[Finding]:
    """Return what was found for each need; in the heads of documents too, where the papers are asked about."""
    return [_finding(snapshot, need, needs[0], evidence) for need in needs]


def _finding(snapshot: Snapshot, need: Need, first: Need, evidence: Evidence) -> Finding:
    if asks_of_papers(need, first):
        found = find(need, (*evidence.asked, *heads(snapshot, need, evidence)))
        if found.sufficiency.enough:
            return found
    return find(need, evidence.sources)


def _finished(answer: Answer, trace: Trace) -> Answer:
    trace.add("answer", answer.status)
    return replace(answer, trace=trace.steps, seconds=trace.seconds)


def _id(question: str, generation: int) -> str:
    return hashlib.sha256(f"{generation}\n{question}".encode()).hexdigest()[:16]
