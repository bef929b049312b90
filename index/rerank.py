"""A question and the candidates of both legs go in, what to add to each candidate's score comes out.

Looks at what the legs cannot see: how much of the question a passage and one place in it hold, words side by side,
numbers and names, the way of asking, and whether it answers anything at all. Knows no engine. The weights were fitted
by `eval.fit_rerank`, in units of the fused score, and stand in `rerank.json`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from itertools import chain, pairwise
from math import sqrt

import numpy as np
import numpy.typing as npt

from index.compounds import parts
from index.dutch import code, is_stopword, stem, stem_term, tokenise
from index.profiles import BODY, QUESTION, SMALL, UNANSWERED, Codes, Ints, Places, Profiles
from index.rarity import rarity
from index.thesaurus import others as other_words
from index.values import Document, Passage

RERANK_FILE = "rerank.json"
FEATURES = (
    *("covered", "covered_in_one_place", "neighbours", "numbers", "names", "asked_alike", "unanswered"),
    *("meant", "meant_in_one_place"),
)

Candidate = tuple[Passage, Document]
Features = npt.NDArray[np.float64]
Held = npt.NDArray[np.bool_]

# Stretches of about a sentence or two, each beginning in the middle of the one before.
_STRETCH = 48
_KEPT_WORDS = 20_000
_NAME = re.compile(r"(?<=[a-z,»”\"’] )[A-Z][\w-]+")
# Of a compound of which only a part is found, that part counts half: BM25 has seen it too.
_PART = 0.5


class _Asked:
    """The words of a question with what each is worth; a word counts by its stem, a compound's part counts half.

    `codes` are those of all that is looked for, ascending; what is held of them is an array of shape (…, len(codes)).
    """

    def __init__(self, question: str, others: Mapping[str, Sequence[str]]) -> None:
        tokens = tokenise(question)
        content = [word for word in tokens if not is_stopword(word)]
        terms = {word: _term(word) for word in content}
        worth = {code(terms[word]): rarity(stem(word)) for word in terms}
        split = {
            code(term): [code(_term(part)) for part in both]
            for word, term in terms.items()
            if word.isalpha() and (both := parts(word))
        }
        for name, words in others.items():
            for term in (code(_term(word)) for word in name.split() if not is_stopword(word)):
                if term in worth:
                    split[term] = [code(_term(other)) for other in words]
        meant = {code(terms[word]): found for word in terms if (found := _worth_of_others(word))}
        numbers = {code(word) for word in content if not word.isalpha()}
        names = set(map(code, tokenise(" ".join(_NAME.findall(question)))))
        small = {code(word) for word in tokens if is_stopword(word)}
        wanted = sorted({*worth, *chain(*split.values()), *chain(*meant.values()), *numbers, *names, *small})
        self.codes: Codes = np.array(wanted, dtype=np.uint32)
        self._at = dict(zip(wanted, range(len(wanted)), strict=True))
        self._worth = np.array([worth.get(one, 0.0) for one in wanted])
        self._whole = float(self._worth.sum()) or 1.0
        self._split = np.array([self._at[one] for one in split], dtype=np.int64)
        self._share = np.zeros((len(wanted), len(split)))
        for column, halves in enumerate(split.values()):
            for half in halves:
                self._share[self._at[half], column] += _PART / len(halves)
        self._meant = np.array([self._at[one] for one in meant], dtype=np.int64)
        self._means = np.zeros((len(wanted), len(meant)))
        for column, (one, instead) in enumerate(meant.items()):
            for other, rare in instead.items():
                self._means[self._at[other], column] = min(1.0, sqrt(rare / worth[one]))
        self._next = self._numbered(set(pairwise(code(terms[word]) for word in content)))
        self.numbers, self.names, self.small = (self._places_of(some) for some in (numbers, names, small))

    def _numbered(self, pairs: set[tuple[int, int]]) -> Ints:
        """Return for each two codes the number of the pair of neighbours that they are, from 1, or 0."""
        numbered = np.zeros((len(self.codes), len(self.codes)), dtype=np.int64)
        for number, (one, other) in enumerate(pairs, 1):
            numbered[self._at[one], self._at[other]] = number
        return numbered

    def _places_of(self, codes: set[int]) -> Ints:
        return np.array([self._at[one] for one in codes], dtype=np.int64)

    def covered(self, held: Held) -> Features:
        """Return for each row of `held` which share of the question's worth it is."""
        in_part = (held @ self._share) * self._worth[self._split] * ~held[:, self._split]
        covered: Features = (held @ self._worth + in_part.sum(axis=1)) / self._whole
        return covered

    def meant(self, held: Held) -> Features:
        """Return for each row of `held` which share of the question's worth is there in other words for it alone.

        Another word is worth the geometric mean of what it and the word asked for are, and no more than the latter.
        """
        instead = np.minimum(1.0, held @ self._means) * ~held[:, self._meant]
        meant: Features = (instead @ self._worth[self._meant]) / self._whole
        return meant

    def in_one_place(self, profiles: Profiles, places: Places) -> tuple[Features, Features]:
        """Return for each profile the highest share of the question's worth that one stretch of what it says holds,
        and the highest with other words for the same."""
        body, half = places.within(BODY), _STRETCH // 2
        place = (body.at - profiles.starts(BODY)[body.row]) // half
        last = np.maximum(0, (profiles.lengths[body.row, BODY] - 1) // half - 1)
        # A stretch begins in the middle of the one before: a place is in two of them.
        first, second = np.minimum(place, last), np.maximum(place - 1, 0)
        most = int(max(first.max(initial=0), second.max(initial=0))) + 1
        keys = np.concatenate([body.row, body.row]) * most + np.concatenate([first, second])
        stretches, at = np.unique(keys, return_inverse=True)
        held = np.zeros((len(stretches), len(self.codes)), dtype=np.bool_)
        held[at, np.concatenate([body.which, body.which])] = True
        covered, best, meant = self.covered(held), np.zeros(len(profiles)), np.zeros(len(profiles))
        np.maximum.at(best, stretches // most, covered)
        np.maximum.at(meant, stretches // most, covered + self.meant(held))
        return best, meant

    def neighbours(self, profiles: Profiles, places: Places) -> Features:
        """Return for each profile which share of the question's neighbouring words stands side by side in it."""
        pairs = int(self._next.max(initial=0))
        if not pairs:
            return np.zeros(len(profiles))
        texts = places.within(BODY, QUESTION)
        ends = np.where(texts.part == BODY, profiles.ends(BODY)[texts.row], profiles.ends(QUESTION)[texts.row])
        # One follows upon the other when it is the rest of the same word, or the next word, or that one's stem.
        reach = np.minimum(profiles.next_words(texts.at) + 1, ends - 1)
        there = np.zeros((len(profiles), pairs + 1), dtype=np.bool_)
        for step in range(1, len(texts.at)):
            near = texts.at[step:] <= reach[:-step]
            if not near.any():
                break
            one, other = texts.which[:-step][near], texts.which[step:][near]
            there[texts.row[:-step][near], self._next[one, other]] = True
        return np.asarray(there[:, 1:].sum(axis=1) / pairs)


def bonuses(
    question: str, candidates: Sequence[Candidate] | Profiles, others: Mapping[str, Sequence[str]] | None = None
) -> list[dict[str, float]]:
    """Return what to add to the fused score of each candidate, by feature; `others` as for `features`."""
    rows = (features(question, candidates, others) * _weights()).tolist()
    return [dict(zip(FEATURES, row, strict=True)) for row in rows]


def features(
    question: str, candidates: Sequence[Candidate] | Profiles, others: Mapping[str, Sequence[str]] | None = None
) -> Features:
    """Return an array of shape (len(candidates), len(FEATURES)), each feature from 0 to 1.

    `others` are the words that stand for an abbreviation or a full name in the question.
    """
    if not len(candidates):
        return np.empty((0, len(FEATURES)))
    profiles = candidates if isinstance(candidates, Profiles) else Profiles.of(candidates)
    asked = _Asked(question, others or {})
    everything = profiles.find(asked.codes)
    places = everything.within(BODY, QUESTION)
    held = np.zeros((len(profiles), len(asked.codes)), dtype=np.bool_)
    held[places.row, places.which] = True
    in_one_place, meant_in_one_place = asked.in_one_place(profiles, places)
    columns = (
        asked.covered(held),
        in_one_place,
        asked.neighbours(profiles, places),
        _part_of(asked.numbers, held),
        _part_of(asked.names, held),
        _asked_alike(profiles, everything.within(SMALL), asked.small),
        (profiles.flags & UNANSWERED) / UNANSWERED,
        asked.meant(held),
        meant_in_one_place,
    )
    return np.column_stack(columns)


def _term(word: str) -> str:
    """Return the index term that a word counts by: its stem, of a number the number itself."""
    return stem_term(word) if word.isalpha() else word


@lru_cache(maxsize=_KEPT_WORDS)
def _worth_of_others(word: str) -> Mapping[int, float]:
    """Return by their codes how rare the other words for a word are: a common one tells little of what is meant."""
    found = other_words(word) if word.isalpha() else ()
    worth = {code(_term(other)): rarity(stem(other)) for other in sorted(found) if not is_stopword(other)}
    return {one: rare for one, rare in worth.items() if one != code(_term(word))}


def _part_of(wanted: Ints, held: Held) -> Features:
    share: Features = held[:, wanted].sum(axis=1) / max(1, len(wanted))
    return share


def _asked_alike(profiles: Profiles, places: Places, small: Ints) -> Features:
    """Return how alike the ways of asking are, by the small words that no index holds ("hoeveel", "waarom").

    BM25 of the question's stopwords over the candidates' questions, as a share of the highest.
    """
    counts = places.counted(len(profiles))[:, small]
    lengths = profiles.lengths[:, SMALL]
    holding = (counts > 0).sum(axis=0)
    idf = np.log1p((len(profiles) - holding + 0.5) / (holding + 0.5))
    length = 1.2 * (0.25 + 0.75 * lengths / (lengths.mean() or 1.0))
    found = (idf * counts * 2.2 / (counts + length[:, None])).sum(axis=1)
    return np.asarray(found / (found.max(initial=0.0) or 1.0))


@cache
def _weights() -> Features:
    fitted = json.loads((files("index") / RERANK_FILE).read_text(encoding="utf-8"))
    return np.array([fitted["weights"][name] for name in FEATURES])
