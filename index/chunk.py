"""Takes a recognised document and gives its reading text and its passages, cut at sentence ends by a token budget."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from index.language import say
from index.reading_text import BoundNotes, ReadingText, notes_within
from index.recognise.draft import Draft, Part
from index.recognise.links import find_links, links_within
from index.recognise.references import find_references
from index.sentences import sentence_spans
from index.values import Passage, Run

BUDGET = 350  # tokens in a passage; a question and answer within it stay together
CountTokens = Callable[[str], int]


@dataclass(frozen=True, slots=True)
class Cut:
    """A document's text with its passages, where each stretch of it came from, and what was noticed."""

    text: str
    passages: tuple[Passage, ...]
    runs: tuple[Run, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Placed:
    """A part as it stands in the text: spans of its question and its body, and the marks of notes in it."""

    part: Part
    question: tuple[int, int]
    body: tuple[int, int]
    marks: tuple[tuple[int, str], ...]


def cut(draft: Draft, document: str, count_tokens: CountTokens, budget: int = BUDGET) -> Cut:
    """Return the reading text of `draft` and its passages; ids begin with `document`."""
    text = ReadingText()
    if draft.head:
        text.paragraphs(draft.head)
    parts = [piece for part in draft.parts for piece in _flow(part, count_tokens, budget)]
    placed = [_place(part, text) for part in parts]
    if draft.tail:
        text.gap()
        text.paragraphs(draft.tail)
    notes = BoundNotes(draft.notes, text)
    whole = text.text
    links = find_links(whole, (document, draft.meta.case or document))
    known = [number for part in draft.parts for number in part.numbers]
    passages: list[Passage] = []
    warnings: list[str] = []
    used: dict[str, int] = {}
    for item in placed:
        if item.part.is_passage:
            name = _unique(f"{document}#{slug(item.part.label)}", used)
            refers_to, lost = _references(item, whole, known)
            warnings += [say("read.lost_reference", label=item.part.label, number=number) for number in lost]
            pieces = _Cutter(whole, item, count_tokens, budget).passages(name, document)
            marked = notes.bind(item.marks)
            for passage in pieces:
                bound = notes_within(marked, passage.start, passage.end)
                spans = [(passage.start, passage.end), *((at, at + len(note)) for at, note in bound.values())]
                passages.append(
                    replace(
                        passage,
                        refers_to=refers_to,
                        notes={mark: note for mark, (_, note) in bound.items()},
                        anchor=item.part.anchor,
                        links=tuple(link for span in spans for link in links_within(links, *span)),
                    )
                )
    return Cut(whole, tuple(passages), tuple(text.runs), tuple(warnings))


def slug(label: str) -> str:
    """Return a label as the last part of an id: lower case, letters and digits, hyphens between."""
    letters = "".join(c for c in unicodedata.normalize("NFKD", label.lower()) if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", "-", letters)[:80].strip("-") or "deel"


def _flow(part: Part, count_tokens: CountTokens, budget: int) -> Iterator[Part]:
    """Yield a part, or the groups of whole paragraphs within the budget that running text becomes."""
    if not part.is_flow:
        yield part
        return
    groups: list[list[int]] = []
    weight = 0
    for position, paragraph in enumerate(part.body):
        size = count_tokens(paragraph.text)
        if groups and weight + size <= budget:
            groups[-1].append(position)
            weight += size
        else:
            groups.append([position])
            weight = size
    for group in groups:
        first, last = group[0] + 1, group[-1] + 1
        name = f"alinea {first}" if first == last else f"alinea {first}–{last}"
        body = tuple(part.body[position] for position in group)
        yield replace(part, label=name, body=body, heading=part.heading if first == 1 else "", is_flow=False)


def _unique(name: str, used: dict[str, int]) -> str:
    """Return the name, numbered where it was used before; `used` counts how often each was."""
    unique, count = name, used.get(name, 1)
    while unique in used:
        count += 1
        unique = f"{name}_{count}"
    used[name] = count
    used.setdefault(unique, 1)
    return unique


def _place(part: Part, text: ReadingText) -> _Placed:
    text.gap()
    if part.heading:
        text.add(part.heading)
        text.add("\n")
    first_mark = len(text.marks)
    question = text.paragraphs(part.question)
    if part.question and part.body:
        text.gap()
    body = text.paragraphs(part.body)
    return _Placed(part, question, body, tuple(text.marks[first_mark:]))


def _references(item: _Placed, text: str, known: Sequence[int]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    if not item.part.is_answer or not known:
        return (), ()
    return find_references(text[slice(*item.body)], item.part.numbers, known)


class _Cutter:
    """Cuts one part into passages of at most `budget` tokens, at paragraph or sentence ends."""

    def __init__(self, text: str, item: _Placed, count_tokens: CountTokens, budget: int) -> None:
        self.text, self.item, self.count, self.budget = text, item, count_tokens, budget
        self.start = item.question[0] if item.part.question else item.body[0]
        self.end = item.body[1] if item.part.body else item.question[1]

    def passages(self, name: str, document: str) -> Iterator[Passage]:
        """Yield the passages; each but the first has the question, or the context given, beside it."""
        part = self.item.part
        question = self.text[slice(*self.item.question)] if part.question else None
        if question and part.context and part.numbers:
            question = f"{question}\n{part.context}"
        short = self._short(question or "")
        if question and self.count(question) > 2 * self.budget:
            question = short  # what is no question any more must not be kept with each of its pieces
        for number, (start, end) in enumerate(self._spans(), 1):
            beside = part.context if number == 1 or not part.numbers else short
            answer_start = max(start, self.item.body[0]) if part.is_answer and end > self.item.body[0] else None
            yield Passage(
                name if number == 1 else f"{name}.{number}",
                document,
                part.label,
                self.text[start:end],
                start,
                end,
                part.numbers,
                question,
                None if answer_start is None else self.text[answer_start:end],
                answer_start,
                beside,
            )

    def _spans(self) -> list[tuple[int, int]]:
        if self.start >= self.end:
            return []
        if self.count(self.text[self.start : self.end]) <= self.budget:
            return [(self.start, self.end)]
        first = self.start
        weight = 0
        if self.item.part.is_answer and self.item.part.question:
            asked = self.count(self.text[slice(*self.item.question)])
            if asked <= 2 * self.budget:  # the question stays whole, with at least the first of its answer
                first, weight = self.item.body[0], min(asked, self.budget // 2)
        inside = self.text[first : self.end]
        units = [unit for a, b in sentence_spans(inside) for unit in self._units(first + a, first + b)]
        spans = [(self.start, units[0][1])]
        weight += self.count(self.text[slice(*units[0])])
        for (_, before), (start, end) in pairwise(units):
            size = self.count(self.text[start:end])
            new_paragraph = "\n" in self.text[before:start]
            fits = weight + size <= self.budget
            if fits and new_paragraph and weight > self.budget // 2:
                fits = weight + self._paragraph_weight(start, end) <= self.budget
            if fits:
                spans[-1] = (spans[-1][0], end)
                weight += size
            else:
                spans.append((start, end))
                weight = size
        return spans

    def _paragraph_weight(self, start: int, end: int) -> int:
        stop = self.text.find("\n", start, self.end)
        stop = self.end if stop < 0 else stop
        return self.count(self.text[start : min(max(stop, end), start + 12 * self.budget)])

    def _units(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield a sentence, or its parts where it alone is over the budget (a table, a text without stops)."""
        pending = [(start, end)]
        while pending:
            start, end = pending.pop()
            if end - start <= self.budget or self.count(self.text[start:end]) <= self.budget:
                yield start, end
                continue
            middle = (start + end) // 2
            space = self.text.rfind(" ", start + (end - start) // 4, middle)
            cut_at = space if space > 0 else middle
            left, right = self.text[start:cut_at].rstrip(), self.text[cut_at:end].lstrip()
            halves = [(start, start + len(left)), (end - len(right), end)]
            pending += [half for half in reversed(halves) if half[0] < half[1]]

    def _short(self, question: str) -> str:
        """The question, cut at a sentence end when it alone would fill half a passage."""
        if self.count(question) <= self.budget // 2:
            return question
        end = weight = 0
        for start, stop in sentence_spans(question):
            weight += self.count(question[start:stop])
            if end and weight > self.budget // 2:
                break
            end = stop if weight <= self.budget else min(stop, 3 * self.budget)
        return question[:end]
