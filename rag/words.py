"""Words of a question meet words of a sentence: how strongly one stands for the other, from 0 to 1.

Knows stems, forms of verbs, parts of compounds and the thesaurus; knows no passage and no score of an
answer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from functools import cache, lru_cache

from index.compounds import parts
from index.dutch import content_words, stem
from index.thesaurus import official, synonyms
from rag.verbs import infinitive, root

SAME, PLURAL, SYNONYM, HEAD, EVERYDAY, PART, RELATED = 1.0, 0.95, 0.85, 0.75, 0.7, 0.6, 0.5
_SHORTEST_PART = 4
_SHORTEST_ROOT = 6
_MOST_KEPT = 50_000
_TEENS = ("elf", "twaalf", "dertien", "veertien", "vijftien", "zestien", "zeventien", "achttien", "negentien")
_TENS = ("twintig", "dertig", "veertig", "vijftig", "zestig", "zeventig", "tachtig", "negentig", "honderd")
_DIGITS = {word: str(n) for n, word in enumerate(_TEENS, 11)} | {w: f"{n}0" for n, w in enumerate(_TENS, 2)}


@lru_cache(maxsize=20_000)
def content_tokens(text: str) -> tuple[str, ...]:
    """Return the folded words of `text` that are no stopwords, each once, in order."""
    return tuple(dict.fromkeys(content_words(text)))


def likeness(asked: str, found: str) -> float:
    """Return how far the word `found` stands for the word `asked`, both folded; numbers only for themselves."""
    return _asked(asked)[found]


def best_likeness(asked: str, found: Iterable[str]) -> float:
    """Return the strongest likeness of `asked` to any of `found`, 0 where there is none."""
    return max(map(_asked(asked).__getitem__, found), default=0.0)


def is_of_another(asked: str, like: Iterable[str], texts: Sequence[Collection[str]], beside: Collection[str]) -> bool:
    """Whether of the compound `asked` only the end stands in `texts`, and `beside` them that of another compound.

    `like` are the words of `texts` that are like it, with others or without. "Toeslag" in a text about
    "energietoeslag" is no "huurtoeslag", unless one sentence speaks of "huur" and "toeslag".
    """
    both = parts(asked)
    if not both or not 0.0 < best_likeness(asked, like) <= HEAD:
        return False
    whole, end = stem(asked), stem(both[1])
    longest = len(end) + _SHORTEST_PART
    if not any(len(other) >= longest and other.endswith(end) for other in map(_stem_of, beside)):
        return False
    if any(_stem_of(token).endswith(whole) for text in texts for token in text):
        return False
    ends = (text for text in texts if any(_stem_of(token).endswith(end) for token in text))
    return not any(best_likeness(both[0], text) >= SYNONYM for text in ends)


def answered_by(token: str) -> Asked:
    """Return what tells how far any word stands for `token`, as an official word for an everyday one too."""
    return _asked(token, everyday=True)


@lru_cache(maxsize=_MOST_KEPT)
def keys_of(token: str) -> frozenset[str | int]:
    """Return what a folded word is known by: without any in common with `Asked.keys_asked`, it is not like that one."""
    return _word(token).keys


class _Word:
    """One folded word with all that its likeness to another is told by.

    Words without any of `keys` in common are not alike: that is told quickly of most.
    """

    __slots__ = ("beginning", "groups", "infinitive", "is_word", "keys", "parts", "root", "stem", "stems", "token")

    def __init__(self, token: str) -> None:
        self.token = token = _DIGITS.get(token, token)
        self.is_word = token.isalpha()
        self.beginning = token[: _SHORTEST_PART + 1]
        self.stem = stem(token)
        bare = root(token) if self.is_word else ""
        self.root = bare if len(bare) >= _SHORTEST_PART else ""
        self.infinitive = infinitive(token)
        self.parts = parts(token)
        self.stems = frozenset({self.stem, stem(self.infinitive)} if self.infinitive else {self.stem})
        self.groups = groups_of(token)
        self.keys = self._keys() if self.is_word else frozenset({token})

    def _keys(self) -> frozenset[str | int]:
        keys: set[str | int] = {self.token, self.token + "s", f"{self.beginning} ", _end(self.stem), *self.groups}
        keys.update(map(_start, self.stems))
        keys.update(f" {verb} " for verb in (self.root, self.infinitive) if verb)
        if self.parts:
            keys.update((f"{stem(self.parts[0])}-", *groups_of(self.parts[0])))
        return frozenset(keys)


def _start(stem: str) -> str:
    return f"{stem[:_SHORTEST_PART]}…"


def _end(stem: str) -> str:
    return f"…{stem[-_SHORTEST_PART:]}"


class Asked(dict[str, float]):
    """One word asked for, and its likeness to each word met so far; looking one up again then runs in C."""

    def __init__(self, token: str, *, everyday: bool) -> None:
        super().__init__({token: SAME})
        self._word = _word(token)
        self._heads = _synonyms(self._word.stem)
        self._official = _official(self._word) if everyday else {}
        self.keys_asked = self._word.keys | set(map(_end, self._heads)) | set(map(_start, self._official))

    def __missing__(self, found: str) -> float:
        if len(self) >= _MOST_KEPT:
            self.clear()
        other = _word(found)
        if self.keys_asked.isdisjoint(other.keys):
            value = 0.0
        else:
            both = self._word.is_word and other.is_word
            value = self._likeness(other) if both else float(self._word.token == other.token)
        self[found] = value
        return value

    def _likeness(self, found: _Word) -> float:
        word = self._word
        if word.stem == found.stem:
            return SAME
        same_verb = (word.root and word.root == found.root) or (word.infinitive and word.infinitive == found.infinitive)
        if same_verb or word.token + "s" == found.token or found.token + "s" == word.token:
            return PLURAL
        if not word.groups.isdisjoint(found.groups):
            return SYNONYM
        if any(_is_form_of(found, official) for key in found.stems for official in self._official.get(key, ())):
            return EVERYDAY
        by_parts = _by_stems(word.stem, found.stem)
        if not by_parts and word.beginning == found.beginning:
            by_parts = _by_prefix(word.token, found.token)
        if not by_parts and word.parts and found.parts:
            by_parts = _by_compound(word.parts, found.parts)
        if by_parts < PART and len(found.stem) >= 2 * _SHORTEST_PART and found.stem.endswith(self._heads):
            by_parts = PART
        return 0.0 if by_parts and _is_denied(word, found) else by_parts


@lru_cache(maxsize=_MOST_KEPT)
def _word(token: str) -> _Word:
    return _Word(token)


def _stem_of(token: str) -> str:
    return _word(token).stem


def _is_denied(word: _Word, found: _Word) -> bool:
    """Whether one word denies the other: "mogelijk" is no part of "onmogelijk"."""
    return "on" + found.stem == word.stem or "on" + word.stem == found.stem or "on" + found.token == word.token


def _by_compound(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    """Two compounds, part by part: "huiseigenaar" and "woningeigenaar", "zwemschool" and "zwemles"."""
    first, last = (_alike(a, b) for a, b in zip(one, other, strict=True))
    return SYNONYM if first and last else RELATED if first else 0.0


def _alike(a: str, b: str) -> bool:
    """Whether two parts of compounds are one word or synonyms."""
    return stem(a) == stem(b) or bool(groups_of(a) & groups_of(b))


@lru_cache(maxsize=4096)
def _asked(token: str, *, everyday: bool = False) -> Asked:
    return Asked(token, everyday=everyday)


def _official(word: _Word) -> dict[str, list[_Word]]:
    """Return the official words for an everyday one, by their stems."""
    found = official(word.token) or (official(word.infinitive) if word.infinitive else frozenset())
    by_stem = defaultdict[str, list[_Word]](list)
    for one in map(_word, sorted(found)):
        for key in one.stems:
            by_stem[key].append(one)
    return dict(by_stem)


def _is_form_of(found: _Word, word: _Word) -> bool:
    """Whether a word with the stem of another is a form of it: "beschikbaar" is none of "beschikking"."""
    if found.infinitive and found.infinitive == word.infinitive:
        return True
    one, other = (token.removeprefix("ge") for token in (found.token, word.token))
    shared = next((i for i, (x, y) in enumerate(zip(one, other, strict=False)) if x != y), None)
    return shared is None or shared >= min(len(one), len(other)) - 2


def _by_stems(a: str, b: str) -> float:
    """Compounds that hold the other word: "fenomeenonderzoek" and "onderzoek", "strafoplegging" and "straffen"."""
    short, long = (a, b) if len(a) < len(b) else (b, a)
    if len(short) < _SHORTEST_PART or len(long) - len(short) < 3:
        return 0.0
    return HEAD if long.endswith(short) else PART if long.startswith(short) else 0.0


def _by_prefix(a: str, b: str) -> float:
    """Words with one beginning: "opvangplek" and "opvangplaats", which end in synonyms, more than others."""
    shared = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    if groups_of(a[shared:]) & groups_of(b[shared:]):
        return SYNONYM
    is_related = shared >= _SHORTEST_ROOT and max(len(a), len(b)) - shared <= 6
    return RELATED if is_related else 0.0


@lru_cache(maxsize=100_000)
def groups_of(token: str) -> frozenset[int]:
    """Return the numbers of the groups of synonyms that a folded word belongs to, by its stem or its verb."""
    if len(token) < 2:
        return frozenset()
    found = _groups().get(stem(token), frozenset())
    verb = infinitive(token)
    return (
        found | _groups().get(stem(verb), frozenset()) if verb else found or _groups_of_roots().get(root(token), found)
    )


@lru_cache(maxsize=20_000)
def _synonyms(asked_stem: str) -> tuple[str, ...]:
    """Return the stems that stand for `asked_stem`, as far as they are long enough to be part of a compound."""
    found = {other for number in _groups().get(asked_stem, ()) for other in _members()[number]}
    return tuple(sorted(other for other in found - {asked_stem} if len(other) >= _SHORTEST_PART))


@cache
def _members() -> dict[int, list[str]]:
    """Return the stems of each group."""
    found = defaultdict[int, list[str]](list)
    for other, numbers in _groups().items():
        for number in numbers:
            found[number].append(other)
    return found


@cache
def _groups_of_roots() -> dict[str, frozenset[int]]:
    """Return the groups by the root of weak verbs, where one root means one group's words."""
    found: dict[str, set[int]] = {}
    for number, group in synonyms():
        for token in group:
            if token.isalpha() and len(root(token)) >= _SHORTEST_PART:
                found.setdefault(root(token), set()).add(number)
    return {key: frozenset(numbers) for key, numbers in found.items()}


@cache
def _groups() -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for number, group in synonyms():
        for token in group:
            found.setdefault(stem(token), set()).add(number)
    return {key: frozenset(numbers) for key, numbers in found.items()}
