"""Takes a word that an extractor may have run together and gives the place of the lost space, where that is certain.

Two words of which one is a small word (an article, a pronoun, an auxiliary) make no Dutch compound: so a word that
is unknown, while both its parts are known in just one way, has lost a space. What may be a compound is left alone.
"""

from __future__ import annotations

import re
from functools import lru_cache

from index.dutch import is_stopword, stem
from index.rarity import rarity
from index.recognise.join import Vocabulary

_KNOWN = 9.4  # rarity of a stem that five or more of the 64,712 background texts hold
_COMMON = 7.2  # … that fifty or more hold


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SMALL = _words(
    """aan als bij dan dat de deze die dit door een en er geen gaat had heb hebben heeft het hij hoe hun ik in is kan
    kunnen kunt maar mag meer met mijn moet moeten na naar niet nog of om onder ons onze ook op over per sinds te tegen
    tot tussen u uit uw van vanuit via voor waarbij waarin wat we wel welke werd werden wij wordt worden zal ze zich
    zij zijn zo zoals zou zouden zowel zullen hierbij hierover"""
)
# Small words that also begin compounds and verbs ("opgroeien", "voorstel"): only before another small word, or where
# the document has the same two words apart elsewhere, more than once.
_BEGINS_WORDS = _words(
    "aan als bij dan door er hun in meer na naar om onder op over per tegen tussen uit vanuit via voor wel zo"
)
# Small words that also end words as an ending or a part ("huizen", "termijn", "vergaan").
_ENDS_WORDS = _words(
    """aan af bij de door en er gaat had heb in is meer mijn na nog of om onder ons op over per te tegen uit u via voor
    we wel ze zo zou"""
)
_KEEP_HYPHEN = _words(
    """anti bio body co eco ex extra inter intra macro maxi mega micro mini multi niet non oud post pre pro semi super
    ultra"""
)
_BEFORE_ARTICLE = re.compile(
    r"(aan|als|bij|dat|door|in|met|naar|of|om|onder|op|over|per|tegen|tot|tussen|uit|van|vanuit|voor)(de|het|deze|dit|die)"
)
_HYPHENED = re.compile(r"([a-zà-ÿ]{2,})-([a-zà-ÿ]{2,})")


def lost_space(word: str, words: Vocabulary) -> int | None:
    """Return where the space of a lower-case word is missing, or None where that is not certain."""
    if len(word) < 4 or not word.isalpha() or not word.islower():
        return None
    article = _BEFORE_ARTICLE.fullmatch(word)
    if article and not _is_common(word):
        return article.end(1)
    if is_known(word) or words[word] > 1:
        return None
    places = [place for place in range(1, len(word)) if _parts(word[:place], word[place:], words)]
    return places[0] if len(places) == 1 else None


def lost_hyphen(word: str, words: Vocabulary) -> tuple[int, int] | None:
    """Return the span of a hyphen that stood at a line's end in the middle of a word, where that is certain."""
    match = _HYPHENED.fullmatch(word)
    if match is None or match[1] in _KEEP_HYPHEN or words[word] > 1:
        return None
    left, right = match[1], match[2]
    together = words[left + right] > 0 or is_known(left + right)
    if together and not (is_known(right) or words[right]) and len(left + right) > 5:
        return match.end(1), match.start(2)
    return None


def _parts(left: str, right: str, words: Vocabulary) -> bool:
    first, last = left in _SMALL, right in _SMALL
    if first and last:
        return len(left) > 1 and len(right) > 1
    if first:
        if left in _BEGINS_WORDS:
            return words.beside(left, right) > 1
        inside = words[right] > 0 or (left not in {"de", "te"} and _is_common(right))
        return len(right) >= 4 and inside and is_known(right)
    if last and right not in _ENDS_WORDS:
        return len(left) >= 3 and is_known(left) and (words[left] > 0 or _is_common(left))
    return last and len(left) >= 4 and words.beside(left, right) > 1


@lru_cache(maxsize=50_000)
def is_known(word: str) -> bool:
    """Whether government language at large has the word, or it is a small one."""
    return word in _SMALL or is_stopword(word) or rarity(stem(word)) <= _KNOWN


@lru_cache(maxsize=50_000)
def _is_common(word: str) -> bool:
    return rarity(stem(word)) <= _COMMON
