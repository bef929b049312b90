"""An English question goes in, the Dutch words to search by come out; a question in another language is left alone.

Knows `english.txt`, a list of the field that the desk can edit. Names, numbers and words that are not in the list
stay as they are: many are the same in Dutch.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from index.dutch import tokenise

ENGLISH_FILE = "english.txt"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ENGLISH = _words(
    """
    the of and what how why who which when where does do did is are was were be been being can could should would will
    shall may might must to for with from by at on an a this that these those it its they them their there than then
    if or but not no any some has have had about into over under between after before during because we our you your
    he she his her i my me us as in s t still also only just really actually whether much
    """
)
_DUTCH = _words(
    """
    de het een van en wat hoe waarom wie welke wanneer waar doet deed zijn waren worden wordt werd kan kunnen zou zal
    moet moeten om voor met uit door bij aan op deze dit dat die er hun dan als of maar niet geen heeft hebben had
    over naar tussen na tijdens omdat wij ons u uw hij zij ik mijn nog ook is in was we me be no
    """
)
_NO_PLURALS = frozenset({"news"})
_ONLY_ENGLISH, _ONLY_DUTCH = _ENGLISH - _DUTCH, _DUTCH - _ENGLISH


def is_english(question: str) -> bool:
    """Whether the small words of a question are English rather than Dutch."""
    words = tokenise(question)
    english = sum(word in _ONLY_ENGLISH for word in words)
    return english > sum(word in _ONLY_DUTCH for word in words)


def is_small(word: str) -> bool:
    """Whether a folded English word says nothing about the matter."""
    return word in _ENGLISH


def dutch_words(question: str) -> str:
    """Return what to search by: the question itself, or the Dutch words of an English one, the longest phrase first."""
    if not is_english(question):
        return question
    return " ".join(word for others in translated(question) for word in others) or question


def translated(text: str) -> list[tuple[str, ...]]:
    """Return the Dutch of each phrase of an English text, in order: words that stand for each other, the first best.

    Small words are left out; what is not in the list stays as it is, folded.
    """
    words, terms = tokenise(text), _terms()
    longest = max((len(phrase) for phrase in terms), default=0)
    found: list[tuple[str, ...]] = []
    while words:
        lengths = range(min(longest, len(words)), 0, -1)
        length = next((n for n in lengths if _key(words[:n]) in terms), 0)
        if length:
            found.append(terms[_key(words[:length])])
        elif words[0] not in _ENGLISH:
            found.append((words[0],))
        words = words[length or 1 :]
    return found


def parse_terms(content: str) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Return the Dutch of each phrase; lines hold `english = dutch, dutch`, those with "#" in front hold remarks."""
    pairs = (line.split("=", 1) for line in content.splitlines() if "=" in line and not line.startswith("#"))
    return {_key(tokenise(english)): tuple(other.strip() for other in dutch.split(",")) for english, dutch in pairs}


def _key(words: list[str]) -> tuple[str, ...]:
    """Return words as they are compared: without the endings of plurals and possessives."""
    return tuple(_singular(word) for word in words)


def _singular(word: str) -> str:
    if word in _NO_PLURALS:
        return word
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


@cache
def _terms() -> dict[tuple[str, ...], tuple[str, ...]]:
    return parse_terms((files("index") / ENGLISH_FILE).read_text(encoding="utf-8"))
