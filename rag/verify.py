"""A sentence and a passage go in, a verdict comes out: literally there, supported, or not — and why not.

A sentence is supported when one to three neighbouring sentences of the passage hold nearly all its words and agree
with it in numbers, names, addresses, negation, certainty, quantity, direction and who does what. No model is asked,
so the verdict is the same every time. Only the answer of a passage supports anything; its question does not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.dutch import stem
from index.rarity import rarity
from index.sentences import sentence_spans
from index.values import Passage
from rag.claims import Claim, claim_of, conflicts, plain
from rag.values import Verdict
from rag.words import best_likeness

_LONGEST = 3  # sentences of a passage that may support one sentence together
_TRIED = 4  # how many of the best stretches are looked at in detail
_SUPPORTED = 0.8  # the share of a sentence's words, by rarity, that must be held
_HEAVY = 4.0  # a word this rare that is not held at all is an addition
_HELD = 0.5


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Neighbouring sentences of a passage, and how much of the judged sentence they hold."""

    sentences: tuple[Claim, ...]
    share: float
    missing: tuple[str, ...]


class RuleJudge:
    """Judges by rules alone; `Verdict.score` is the share of the sentence's words that the passage holds."""

    def judge(self, sentence: str, passage: Passage) -> Verdict:
        """Return the verdict on one sentence against one passage."""
        body = passage.body
        sentences = [body[start:end] for start, end in sentence_spans(body)]
        if _is_verbatim(sentence, sentences):
            return Verdict("verbatim", 1.0)
        claim = claim_of(sentence)
        if not claim.tokens:
            return Verdict("unsupported", 0.0, ("nothing is claimed",))
        claims = [claim_of(text) for text in sentences]
        stretches = sorted(_stretches(claim, claims), key=lambda s: (-s.share, len(s.sentences)))
        best: Verdict | None = None
        for stretch in stretches[:_TRIED]:
            reasons = (*_lacking(stretch), *conflicts(claim, stretch.sentences))
            verdict = Verdict("unsupported" if reasons else "supported", round(stretch.share, 4), reasons)
            if not reasons:
                return verdict
            best = best or verdict
        return best or Verdict("unsupported", 0.0, ("the passage is empty",))


def _is_verbatim(sentence: str, sentences: Sequence[str]) -> bool:
    """Whether `sentence` is one whole sentence of the passage, or several that follow each other."""
    wanted = plain(sentence)
    known = [plain(text) for text in sentences]
    return any(
        wanted == " ".join(known[first : first + length])
        for length in range(1, _LONGEST + 1)
        for first in range(len(known) - length + 1)
    )


def _stretches(claim: Claim, claims: Sequence[Claim]) -> Iterator[_Stretch]:
    weights = [max(0.5, rarity(stem(token))) for token in claim.tokens]
    total = sum(weights)
    likenesses = [[best_likeness(token, other.tokens) for token in claim.tokens] for other in claims]
    for length in range(1, _LONGEST + 1):
        for first in range(len(claims) - length + 1):
            held = [max(column) for column in zip(*likenesses[first : first + length], strict=True)]
            share = sum(w * h for w, h in zip(weights, held, strict=True)) / total
            missing = tuple(
                token
                for token, weight, h in zip(claim.tokens, weights, held, strict=True)
                if h < _HELD and weight >= _HEAVY
            )
            yield _Stretch(tuple(claims[first : first + length]), share, missing)


def _lacking(stretch: _Stretch) -> tuple[str, ...]:
    reasons = [f"not in the passage: {token}" for token in stretch.missing]
    if stretch.share < _SUPPORTED:
        reasons.append(f"only {stretch.share:.0%} of the words are in the passage")
    return tuple(reasons)
