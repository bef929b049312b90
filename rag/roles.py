"""A claim and the sentences of a passage go in, the parties that do there what another does in the claim come out.

A party is a subject when no preposition stands before it. Knows word order and pronouns, no grammar.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from index.dutch import stem, tokenise
from rag.claims import Claim
from rag.vocabulary import entries, pattern, stems
from rag.words import SYNONYM, best_likeness

_SAME_DEED = 0.5  # the share of what is said of the subject that a sentence must hold to tell of the same
_NEARLY = 0.75
_DETERMINERS = r"(?:(?:de|het|een|deze|die|dit|mijn|onze|uw|hun|alle|elke|iedere|ieder|elk|sommige|veel|twee)\s+)?"
_PRONOUN = re.compile(r"^\W*(?:\w+\W+){0,3}?(?:zij|ze|hij|deze|die|dat|dit|het|er)\b", re.IGNORECASE)
_PERSON = re.compile(r"\b(?:hij|zij|ze)\b", re.IGNORECASE)
_WORDS = re.compile(r"[A-ZÀ-Þ][\w-]*(?:\s+[A-ZÀ-Þ][\w-]*)+|[^\W_]+(?:[-'’][^\W_]+)*")
_INFINITIVE = re.compile(r"\bom\b[^,]*$", re.IGNORECASE)
_SPEAKER = re.compile(r"\b(?:ik|wij|we|mijn|onze|ons)\b", re.IGNORECASE)
_PASSIVE = re.compile(r"\bdoor\b", re.IGNORECASE)


def role_conflicts(claim: Claim, sentences: Sequence[Claim]) -> Iterator[str]:
    """Yield the subject of `claim` when the passage's best sentence has another."""
    for subject in subjects_of(claim)[:1]:
        predicate = [token for token in claim.tokens if token not in subject.split()]
        shares = [sum(best_likeness(token, s.tokens) for token in predicate) for s in sentences]
        most = max(shares, default=0.0)
        if not predicate or most < _SAME_DEED * len(predicate):
            continue
        rivals = [s for s, share in zip(sentences, shares, strict=True) if share >= _NEARLY * most]
        place = shares.index(most)
        if not any(_has(subject, subjects_of(s)) for s in rivals) and not _may_do(
            subject, claim, sentences[place], sentences[max(0, place - 2) : place], most / len(predicate)
        ):
            yield subject


def _may_do(subject: str, claim: Claim, best: Claim, before: Sequence[Claim], share: float) -> bool:
    """Whether `subject`, no subject of `best`, may still be who does there what the claim says."""
    anywhere = _has(subject, best.words)
    if anywhere and (_PASSIVE.search(claim.text) or _PASSIVE.search(best.text)):
        return True
    if _SPEAKER.search(best.text):
        return anywhere or any(stem(token) in stems("claim.speakers") for token in subject.split())
    if leans(best, before, subject):
        return True
    return not subjects_of(best) and (anywhere or share < _NEARLY)


def subjects_of(claim: Claim) -> tuple[str, ...]:
    """Return the folded parties and names of a sentence that no preposition stands before, in order."""
    found: list[str] = []
    text = claim.text
    for match in _WORDS.finditer(text):
        tokens = tokenise(match[0])
        is_party = any(token in _parties() for token in tokens) or all(
            token in claim.names and token.isalpha() and len(token) > 1 for token in tokens
        )
        if tokens and is_party and not _follows_preposition(text[: match.start()]):
            found.append(" ".join(tokens))
    return tuple(dict.fromkeys(found))


@cache
def _parties() -> frozenset[str]:
    return frozenset(entries("claim.actors") + entries("claim.officials"))


def _has(subject: str, found: Sequence[str]) -> bool:
    words = [token for one in found for token in one.split()]
    return any(best_likeness(token, words) >= SYNONYM for token in subject.split())


def _follows_preposition(before: str) -> bool:
    words = rf"(?:{pattern('claim.before_object').pattern})\s+{_DETERMINERS}(?:[\w-]+e\s+)?$"
    return bool(re.search(words, before, re.IGNORECASE) or _INFINITIVE.search(before))


def leans(sentence: Claim, before: Sequence[Claim], subject: str) -> bool:
    """Whether `sentence` has a pronoun that may stand for `subject`, named in one of the sentences before."""
    pronoun = _PRONOUN.match(sentence.text) or _PERSON.search(sentence.text)
    return bool(pronoun) and any(_has(subject, other.words) for other in before)
