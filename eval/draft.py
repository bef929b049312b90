"""Documents go in, proposed gold questions come out; a person accepts, mends or rejects each of them.

A proposal rests on one literal fact: an amount or a date in a sentence that can be turned into a question, or what a
language model proposes and a check lets through. Some get another year, of which the document does not speak: those
should have no answer.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import repeat, zip_longest
from pathlib import Path
from typing import Any, Literal

from eval.draft_rules import Drafted, other_year, turned
from eval.model_judge import ask_for_json, prompt
from eval.question_sets import known_line
from eval.questions import QuestionsError
from index.language import Language, say
from index.sentences import sentences
from index.store.snapshot import Snapshot
from index.values import Passage
from rag.prompt import escape
from rag.protocols import LanguageModel
from rag.values import Message

Status = Literal["proposed", "accepted", "rejected"]
_IN_VAIN = 2  # of the questions that name a year, one in so many gets another


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposed question; `text` is the passage it rests on, for the person who judges it."""

    id: str
    question: str
    gold: tuple[str, ...]
    facts: tuple[str, ...]
    kind: str
    passage: str
    text: str
    status: Status = "proposed"


def propose(snapshot: Snapshot, count: int, model: LanguageModel | None = None, seed: int = 1) -> list[Proposal]:
    """Return up to `count` proposals, spread over the documents as evenly as they allow."""
    chance = random.Random(seed)
    waiting = []
    for document in snapshot.documents():
        if document.kind in ("questions", "postponement"):  # they answer nothing
            continue
        passages = snapshot.passages(document.document)
        chance.shuffle(passages)
        whole = snapshot.text(document.document) or ""
        waiting.append(_of_document(passages, whole, model))
    chance.shuffle(waiting)
    found: list[Proposal] = []
    while waiting and len(found) < count:
        for proposals in list(waiting):
            proposal = next(proposals, None)
            if proposal is None:
                waiting.remove(proposals)
            elif len(found) < count:
                found.append(replace(proposal, id=f"d{len(found) + 1:03}"))
    return found


def write_proposals(proposals: Sequence[Proposal], path: Path) -> None:
    """Write proposals, one a line, with what was decided on each."""
    lines = [json.dumps(asdict(proposal), ensure_ascii=False) for proposal in proposals]
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8", newline="\n")


def read_proposals(path: Path) -> list[Proposal]:
    """Read proposals; the first line that is none is a `QuestionsError` that names it."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionsError("eval.file", file=path, reason=error) from error
    return [_proposal(line, path, number) for number, line in enumerate(lines, 1) if line.strip()]


def review(
    path: Path, to: Path, ask: Callable[[str], str], tell: Callable[[str], None], language: Language
) -> tuple[int, int, int]:
    """Show each proposal that is not judged yet and do what `ask` is told; return accepted, rejected and left.

    Every decision is written at once, so that one can stop and go on later. `ask` ends the review with "" at the end
    of its input.
    """
    proposals = read_proposals(path)
    for place, proposal in enumerate(proposals):
        if proposal.status != "proposed":
            continue
        judged = _judged(proposal, (place + 1, len(proposals)), ask, tell, language)
        if judged is None:
            break
        proposals[place] = judged
        write_proposals(proposals, path)
        accepted = [asdict(p) for p in proposals if p.status == "accepted"]
        to.write_text("".join(known_line(one) + "\n" for one in accepted), encoding="utf-8", newline="\n")
    counts = [sum(p.status == status for p in proposals) for status in ("accepted", "rejected", "proposed")]
    return counts[0], counts[1], counts[2]


def _of_document(passages: Sequence[Passage], whole: str, model: LanguageModel | None) -> Iterator[Proposal]:
    dated = 0
    waiting = [_asked_by(model, passage) if model else _by_rule(passage) for passage in passages]
    # The first of every passage, then the second of every passage, and so on.
    for turn in zip_longest(*(zip(repeat(passage), found) for passage, found in zip(passages, waiting, strict=True))):
        for passage, drafted in filter(None, turn):
            vain = other_year(drafted.question, whole)
            dated += vain is not None
            if vain and dated % _IN_VAIN == 0:
                yield Proposal("", vain, (), (), "other-year", passage.passage, passage.body)
            else:
                gold = (passage.passage,)
                yield Proposal("", drafted.question, gold, (drafted.fact,), "answerable", *gold, passage.body)


def _by_rule(passage: Passage) -> Iterator[Drafted]:
    for sentence in sentences(passage.body):
        drafted = turned(" ".join(sentence.split()), passage.body)
        if drafted and drafted.fact in passage.body:
            yield drafted


def _asked_by(model: LanguageModel, passage: Passage) -> Iterator[Drafted]:
    """Yield what the model proposes, as far as the fact is literal and the question does not give it away."""
    question = f"<passage>\n{escape(passage.body)}\n</passage>"
    _, found = ask_for_json(model, [Message("system", prompt("draft")), Message("user", question)], _questions)
    for drafted in found or ():
        gives_away = drafted.fact.casefold() in drafted.question.casefold()
        if drafted.fact in passage.body and drafted.question.endswith("?") and not gives_away:
            yield drafted


def _questions(value: Mapping[str, Any]) -> list[Drafted]:
    found = [Drafted(one["vraag"].strip(), one["feit"].strip()) for one in value["vragen"]]
    if not all(drafted.question and drafted.fact for drafted in found):
        raise ValueError("vragen")
    return found


def _judged(
    proposal: Proposal,
    place: tuple[int, int],
    ask: Callable[[str], str],
    tell: Callable[[str], None],
    language: Language,
) -> Proposal | None:
    def told(key: str, **fields: object) -> str:
        return say(f"evaluate.draft_{key}", language, **fields)

    while True:
        tell("")
        tell(told("question", number=place[0], total=place[1], question=proposal.question))
        tell(told("fact", fact=" · ".join(proposal.facts)) if proposal.gold else told("vain"))
        tell(told("passage", passage=proposal.passage, text=proposal.text))
        choice = ask(told("ask")).strip().lower()[:1]
        if choice in ("j", "y"):
            return replace(proposal, status="accepted")
        if choice == "n":
            return replace(proposal, status="rejected")
        if choice in ("v", "q"):
            proposal = replace(proposal, question=ask(told("new_question")).strip() or proposal.question)
        elif choice == "a" and proposal.gold:
            fact = ask(told("new_fact")).strip()
            if fact and fact in proposal.text:
                proposal = replace(proposal, facts=(fact,))
            else:
                tell(told("not_literal"))
        elif choice in ("s", ""):
            return None


def _proposal(line: str, path: Path, number: int) -> Proposal:
    try:
        value = json.loads(line)
        value["gold"], value["facts"] = tuple(value["gold"]), tuple(value["facts"])
        return Proposal(**value)
    except (ValueError, KeyError, TypeError) as error:
        raise QuestionsError("evaluate.draft_file", file=path, line=number) from error
