"""A sentence and a passage go in, a verdict comes out: literally there, supported, or not — and why not.

A sentence is supported when up to three sentences of the passage hold nearly all its words and agree with it in
numbers, names, addresses, negation, certainty, quantity, direction and who does what. No model is asked, so the verdict
is the same every time. Only the answer of a passage supports anything; its question only tells what it is about.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.dutch import stem, tokenise
from index.language import Language, say
from index.rarity import rarity
from index.sentences import sentence_spans
from index.values import Passage
from rag.claims import Claim, alike, claim_of, plain, words_of
from rag.conflicts import Reason, conflicts
from rag.likeness import held_by
from rag.values import Verdict
from rag.vocabulary import stems

_LONGEST = 3  # sentences of a passage that may support one sentence together
_SUPPORTED = 0.75  # the share of a sentence's words, by rarity, that must be held
_HEAVIEST = 7.0  # rarer words weigh no more than this, or one rare word would outweigh a sentence
_HEAVY = 3.5  # a word this rare that is not held at all is an addition
_VERB_WEIGHT = 7.5  # one verb up to this rarity may be another than the passage's
_HELD = 0.5
_TOPIC = 0.8  # what a word is worth that only the question or heading holds
_OWN = 0.5  # the share that the answer itself must hold before its question counts
_NUMBER = 3.0  # what a number weighs beside the words
_LIGHT = 0.5
_VERBAL = re.compile(r"(?:[^aeiou]t|en|den|de|te|d)$")
_ARTICLES = frozenset(["de", "het", "een", "dit", "deze", "die", "geen", "elke", "ieder", "alle", "en", "of"])
_PREPOSITIONS = frozenset(
    ["van", "in", "op", "aan", "met", "bij", "voor", "naar", "door", "uit", "over", "onder", "per"]
)


@dataclass(frozen=True, slots=True)
class _Held:
    """How much of a sentence the passage holds, by which of its sentences (best first), and what it lacks."""

    share: float
    missing: tuple[str, ...]
    places: tuple[int, ...]


class RuleJudge:
    """Judges by rules alone; `Verdict.score` is the share of the sentence's words that the passage holds.

    Reasons are sentences in `language`.
    """

    def __init__(self, language: Language = "nl") -> None:
        self._language = language

    def judge(self, sentence: str, passage: Passage) -> Verdict:
        """Return the verdict on one sentence against one passage."""
        body = passage.body
        sentences = [body[start:end] for start, end in sentence_spans(body)]
        if _is_verbatim(sentence, sentences):
            return Verdict("verbatim", 1.0)
        claim = claim_of(sentence)
        if claim.is_empty or not sentences:
            return Verdict("unsupported", 0.0, (self._say(Reason("nothing")),))
        claims = [claim_of(text) for text in sentences]
        held = _held(claim, claims, words_of(alike(f"{passage.question or ''} {passage.context}")))
        reasons = (*_lacking(held), *conflicts(claim, [claims[place] for place in held.places], claims))
        return Verdict("unsupported" if reasons else "supported", round(held.share, 4), tuple(map(self._say, reasons)))

    def _say(self, reason: Reason) -> str:
        return say(f"judge.{reason.key}", self._language, what=reason.what)


def _is_verbatim(sentence: str, sentences: Sequence[str]) -> bool:
    """Whether `sentence` is one whole sentence of the passage, or several that follow each other."""
    wanted = plain(sentence)
    known = [plain(text) for text in sentences]
    return any(
        wanted == " ".join(known[first : first + length])
        for length in range(1, _LONGEST + 1)
        for first in range(len(known) - length + 1)
    )


def _held(claim: Claim, claims: Sequence[Claim], topic: Sequence[str]) -> _Held:
    weights = [_weight(token) for token in claim.tokens]
    rows = [[held_by(token, other.tokens) for token in claim.tokens] for other in claims]
    numbers = [sum(n.value in {m.value for m in other.numbers} for n in claim.numbers) for other in claims]
    best = [0.0] * len(claim.tokens)
    places: list[int] = []
    for _ in range(_LONGEST):

        def gain(place: int, held: Sequence[float] = tuple(best)) -> float:
            more = sum(w * max(0.0, h - b) for w, h, b in zip(weights, rows[place], held, strict=True))
            return more + 0.5 * numbers[place]

        free = [place for place in range(len(claims)) if place not in places]
        place = max(free, key=lambda n: (gain(n), -n), default=None)
        if place is None or (places and gain(place) <= 1.0):
            break
        places.append(place)
        best = [max(pair) for pair in zip(best, rows[place], strict=True)]
    total = sum(weights)
    known = {number.value for other in claims for number in other.numbers}
    own = [*zip(weights, best, strict=True), *((_NUMBER, float(n.value in known)) for n in claim.numbers)]
    if sum(w * h for w, h in own) >= _OWN * sum(w for w, _ in own):
        best = [max(held, _TOPIC * held_by(token, topic)) for held, token in zip(best, claim.tokens, strict=True)]
    share = sum(w * h for w, h in zip(weights, best, strict=True)) / total if total else 1.0
    missing = tuple(t for t, h, w in zip(claim.tokens, best, weights, strict=True) if h < _HELD and w >= _HEAVY)
    return _Held(share, _without_one_verb(missing, claim, share), tuple(places))


def _weight(token: str) -> float:
    return _LIGHT if stem(token) in stems("claim.light") else min(_HEAVIEST, max(_LIGHT, rarity(stem(token))))


def _without_one_verb(missing: tuple[str, ...], claim: Claim, share: float) -> tuple[str, ...]:
    """Leave out one common verb that the passage says otherwise: what is claimed of whom and how much is checked."""
    if len(missing) != 1 or share < _SUPPORTED:
        return missing
    token = missing[0]
    words = tokenise(claim.text)
    place = words.index(token) if token in words else 0
    follows_noun_word = place > 0 and words[place - 1] in _ARTICLES | _PREPOSITIONS
    is_verb = bool(_VERBAL.search(token)) and not follows_noun_word and token not in claim.names
    is_stance = stem(token) in stems("claim.stance")
    return () if is_verb and not is_stance and rarity(stem(token)) <= _VERB_WEIGHT else missing


def _lacking(held: _Held) -> tuple[Reason, ...]:
    reasons = [Reason("missing", token) for token in held.missing]
    if held.share < _SUPPORTED:
        reasons.append(Reason("share", f"{held.share:.0%}"))
    return tuple(reasons)
