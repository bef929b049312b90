"""A clean question goes in, what an answer must hold comes out: its weighed words and the sort of answer it asks for.

An English question is looked for by its Dutch words. Knows Dutch and English question words; knows no passage.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import takewhile
from typing import Literal

from index.asking import topicality
from index.dutch import is_stopword, stem, tokenise
from index.english import is_english, is_small, translated
from index.language import Language, say
from index.rarity import rarity
from index.sentences import sentences
from rag.verbs import infinitive
from rag.vocabulary import entries, pattern, stems
from rag.words import content_tokens

Sort = Literal[
    "time",
    "day",
    "clock",
    "duration",
    "money",
    "amount",
    "share",
    "number",
    "contact",
    "name",
    "person",
    "firm",
    "place",
    "reason",
    "meaning",
    "yes_no",
    "open",
]
# What is asked for is one value, which a sentence holds or does not hold.
VALUES: frozenset[Sort] = frozenset(
    ("time", "day", "clock", "duration", "money", "amount", "share", "number", "name", "firm", "place")
)

_SORTS: tuple[Sort, ...] = (
    *("contact", "duration", "share", "clock", "day", "money", "amount", "number", "time", "reason"),
    *("name", "person", "firm", "place", "meaning"),
)
_FIRST: tuple[Sort, ...] = ("place", "meaning")  # asked for by the first words of a question alone
_SEEN: frozenset[Sort] = frozenset({"time", "day", "clock", "duration", "name", "firm", "place"})
_PRICED: frozenset[Sort] = frozenset({"money", "amount"})
_FINER: dict[Sort, tuple[Sort, ...]] = {
    "time": ("day", "clock"),
    "money": ("amount",),
    "number": ("share",),
    "person": ("name", "firm"),
}
_KIN = {one: sort for sort, finer in _FINER.items() for one in finer}
_LIGHTNESS = 0.35  # of words of everyday asking that are rare in official texts and say nothing about the matter
_FEW, _FEWEST = 3, 2  # words, and of them that say something: with fewer a part is also about what came before
_CARRIED = 0.4  # of words that a later part takes over from the first
_UNKNOWN = 11.0  # what a word weighs at most: a typing error must not outweigh all the rest
_NAME = re.compile(r"(?<![\w-])(?:[A-Z][\w'’]*[A-Z][\w'’]*|[A-Z][a-zà-ÿ][\w'’-]+)")
_COMPARED = frozenset({"meer", "extra", "nieuwe", "andere", "verschillende", "nog"})
_DIFFERENCES = frozenset({"minder", "lager", "hoger", "duurder", "goedkoper", "langer", "korter", "sneller", "later"})
_MATERIALS = frozenset({"gouden", "zilveren", "houten", "stalen", "glazen", "stenen", "betonnen", "papieren", "open"})
_LETTER = re.compile(r"(?<=[a-z] )[A-TV-Z](?![\w'’.])")  # "zone B"
_TOPIC = re.compile(r"\s*\(over: ([^()]*)\)")
_COUNTED_IN_ENGLISH = re.compile(r"\bhow (?:many|much)\s+((?:[\w-]+\s*){1,3})", re.IGNORECASE)
_COUNTED = re.compile(r"\b[Hh]oeveel\s+((?:[\w-]+\s*){1,3})")
_UNITS = {
    **dict.fromkeys(("diep", "breed", "ver"), "meter"),
    **dict.fromkeys(("warm", "koud"), "graden"),
    **{"vaak": "keer", "zwaar": "kilo", "oud": "jaar", "leeftijd": "jaar", "hard": "decibel"},
    **dict.fromkeys(("deep", "wide", "far"), "meter"),
    **dict.fromkeys(("warm", "cold"), "graden"),
    **{"often": "keer", "heavy": "kilo", "old": "jaar", "age": "jaar", "loud": "decibel"},
}
_HEAD = re.compile(r"\b(?:welke?|what|which)\s+(\w+)", re.IGNORECASE)
_MEASURED = re.compile(rf"\b(?:hoe|welke|how|what)\s+({'|'.join(_UNITS)})\b", re.IGNORECASE)
_PART_CUT = re.compile(
    r"\?\s+(?=\S)|,?\s+en\s+(?=(?:(?:sinds|door|aan|met|op|van|in|bij|voor|over|tot|uit|naar|vanaf)\s+)?"
    r"(?:hoeveel|hoe|wie|wat|waar|waarom|wanneer|welke?|waardoor)\b)"
    r"|,?\s+en\s+(?=(?:is|zijn|wordt|worden|mag|mogen|kan|kunnen|moet|moeten|krijgt?|krijgen|hangen|staan|komt|komen|heb|"
    r"heeft|hebben|geldt|gaat|gaan)\s+(?:ik|je|u|wij|we|er|dat|dit|die|het|de|zij|ze|daar)\b)"
    r"|,?\s+and\s+(?=(?:(?:since|by|with|on|from|in|at|for|about|until|to)\s+)?"
    r"(?:how|who|what|where|why|when|which)\b)"
    r"|,?\s+and\s+(?=(?:is|are|was|were|will|would|can|could|may|must|should|do|does|did|has|have)\s+"
    r"(?:i|you|we|they|it|there|that|this|the)\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Term:
    """One word asked for: folded, how much it weighs (rarity), whether only the word itself will do (a name, a
    number), and whether it is light: a word of asking, of which an answer need not speak.

    `others` will do as well: the other Dutch words for an English one. What is `carried` over says what the question
    is about: it may stand beside an answer.
    """

    token: str
    weight: float
    exact: bool
    light: bool
    others: tuple[str, ...] = ()
    carried: bool = False


@dataclass(frozen=True, slots=True)
class Need:
    """What one (part of a) question asks for; `counted` is what "hoeveel" counts, folded, where it says so; `said` are
    all words of the question, folded."""

    question: str
    sort: Sort
    terms: tuple[Term, ...]
    counted: str = ""
    said: frozenset[str] = frozenset()

    @property
    def weight(self) -> float:
        """The weight of all terms together; 0 when nothing can be looked for."""
        return sum(term.weight for term in self.terms)

    def decision(self, language: Language) -> str:
        """What was understood, for the trace."""
        return say("answer.part", language, sort=say(f"answer.sort_{self.sort}", language), question=self.question)


def needs_of(question: str) -> tuple[Need, ...]:
    """Return the needs of each part of `question` ("Hoeveel … en wie …?"), in order; at least one.

    A later part takes over the words of the first part when it has too few of its own to be looked for; each part
    takes over the topic that `with_topic` added. What is taken over weighs less than what is asked. Of what is told
    around a question only names and numbers must be in an answer, unless too little is asked.
    """
    topic = _TOPIC.search(question)
    asked, told = _parted(_TOPIC.sub("", question) if topic else question)
    terms = _english_terms if is_english(asked) else _terms
    found: list[Need] = []
    for part in _PART_CUT.split(asked):
        if part.strip(" ,?!.") or not found:
            need = _need(part.strip(" ,"), terms)
            found.append(_carry(need, found[0].terms) if found and _is_slight(need) else need)
    carried = _terms(topic[1]) if topic else ()
    context = [term for one in told for term in terms(one)]
    return tuple(_carry(_with_context(need, context), carried) for need in found)


def with_topic(question: str, words: Sequence[str]) -> str:
    """Return `question` with the words that say what it is about, in the form that `needs_of` understands."""
    return f"{question.rstrip(' ?!.')} (over: {', '.join(words)})?"


@lru_cache(maxsize=20_000)
def questions_in(text: str) -> tuple[tuple[Sort, tuple[str, ...]], ...]:
    """Return the sort and the content words of each question in `text`."""
    parts = (part.strip(" ,") for part in _PART_CUT.split(text))
    return tuple((_sort(part), content_tokens(part)) for part in parts if part.strip(" ,?!."))


def _parted(text: str) -> tuple[str, list[str]]:
    """Part what is asked from the sentences told around it ("Goedemiddag. Ik ben weduwe. Wie …? Alvast bedankt!").

    Where no sentence is a question, or all are, all is asked; so is what comes after one and asks without a mark.
    """
    found = sentences(text)
    last = max((place for place, one in enumerate(found) if one.endswith("?")), default=-1)
    if last < 0:
        return text, []
    is_asked = [one.endswith("?") or (place > last and _sort(one) != "open") for place, one in enumerate(found)]
    asked = " ".join(one for one, is_one in zip(found, is_asked, strict=True) if is_one)
    return asked, [one for one, is_one in zip(found, is_asked, strict=True) if not is_one]


def _with_context(need: Need, told: Sequence[Term]) -> Need:
    return _carry(need, [term for term in told if term.exact or _is_slight(need)])


def _is_slight(need: Need) -> bool:
    """Whether a part has too few words of its own to be looked for: "Hoe lang moet hij daar dan blijven?"."""
    return len(need.terms) < _FEW or sum(not term.light for term in need.terms) < _FEWEST


def _carry(need: Need, terms: Sequence[Term]) -> Need:
    known = {term.token for term in need.terms}
    more = (replace(term, weight=term.weight * _CARRIED, carried=True) for term in terms if term.token not in known)
    return replace(need, terms=(*need.terms, *more))


def _need(question: str, terms: Callable[[str], tuple[Term, ...]]) -> Need:
    bare = pattern("question.openers", at_start=True).sub("", question).strip(" ,")
    sort = _sort(bare)
    found = terms(bare)
    if sort in _PRICED:
        found = tuple(_lighter(term) if stem(term.token) in stems("question.unsaid") else term for term in found)
    if sort in _SEEN:  # a sentence that holds a time or a name need not name its sort: "op welke dag", "welk bedrijf"
        head = _HEAD.search(bare)
        sorts = frozenset(tokenise(head[1])) if head else frozenset()
        found = tuple(_lighter(term) if term.token in sorts else term for term in found)
    return Need(question, sort, found, _counted(bare) if sort == "number" else "", frozenset(tokenise(bare)))


def _lighter(term: Term) -> Term:
    """Return a term of which an answer need not speak: "800 euro" says what it costs."""
    return term if term.light else replace(term, weight=term.weight * _LIGHTNESS, light=True)


def _terms(text: str) -> tuple[Term, ...]:
    named = _names(text)
    tokens = [t for t in tokenise(text) if not is_stopword(t) and (len(t) > 1 or t.isdigit() or t in named)]
    return tuple(_term(t, exact=not t.isalpha() or t in named) for t in dict.fromkeys(tokens))


def _english_terms(text: str) -> tuple[Term, ...]:
    """Return the Dutch terms of an English text; a word that is not in the list must be there as it is."""
    named = _names(text)
    found: dict[str, Term] = {}
    for first, *others in translated(text):
        also = tuple(other.token for one in others for other in _terms(one))
        for term in _terms(first):
            whole = _term(term.token, exact=not term.token.isalpha() or term.token in named)
            found.setdefault(term.token, replace(whole, others=also))
    return tuple(found.values())


def _term(token: str, *, exact: bool) -> Term:
    weight = min(_UNKNOWN, max(0.5, rarity(stem(token)))) * topicality(token)
    light = not exact and stem(token) in stems("question.light")
    return Term(token, weight * _LIGHTNESS if light else weight, exact, light)


def kin(sort: Sort) -> Sort:
    """Return the sort of which `sort` is a finer one: a day is a time."""
    return _KIN.get(sort, sort)


def _sort(question: str) -> Sort:
    for sort in _SORTS if _anywhere().search(question) else _FIRST:
        if pattern(f"question.{sort}", at_start=sort in _FIRST).search(question):
            return sort
    return "yes_no" if pattern("question.verb_first", at_start=True).search(question) else "open"


@cache
def _anywhere() -> re.Pattern[str]:
    """Return what any question matches that asks by words within it: most do not, which is then told at once."""
    asking = "|".join(entry for sort in _SORTS if sort not in _FIRST for entry in entries(f"question.{sort}"))
    return re.compile(rf"(?<!\w)(?:{asking})(?!\w)", re.IGNORECASE)


def _counted(question: str) -> str:
    """Return the noun that "hoeveel" counts, the first content word after it; of "hoe diep" the unit, "meter"."""
    measured = _MEASURED.search(question)
    if measured:
        return _UNITS[measured[1].lower()]
    in_english = _COUNTED_IN_ENGLISH.search(question)
    if in_english:
        return _counted_in_english(in_english[1])
    found = _COUNTED.search(question)
    tokens = [token for token in tokenise(found[1]) if token not in _COMPARED] if found else []
    token, after = (*tokens, "", "")[:2]
    if not token or is_stopword(token) or token in _DIFFERENCES or infinitive(token) in _lightest():
        return ""
    return after if _is_adjective(token, after) else token


def _is_adjective(token: str, after: str) -> bool:
    """Whether two words that follow "hoeveel" are an adjective with its noun ("sociale huurwoningen")."""
    is_plural = after.endswith(("en", "s")) and not is_stopword(after) and not infinitive(after)
    return (token.endswith("e") or token in _MATERIALS) and is_plural


@cache
def _lightest() -> frozenset[str]:
    """Return the infinitives of the verbs of everyday asking: "hoeveel krijgt …" counts no "krijgt"."""
    return frozenset(filter(None, (infinitive(token) for token in tokenise(" ".join(entries("question.light"))))))


def _counted_in_english(words: str) -> str:
    """Return the Dutch of the last noun before a small word: "social housing units will" counts units."""
    nouns = list(takewhile(lambda word: not is_small(word), tokenise(words)))
    terms = [term for term in _english_terms(" ".join(nouns)) if not term.light]
    return terms[-1].token if terms else ""


def _names(question: str) -> frozenset[str]:
    """Return the folded names and abbreviations of `question`; a capital at its start proves nothing."""
    first = re.match(r"\W*[A-Z][a-zà-ÿ]+", question)
    start = first.end() if first else 0
    names = (*_NAME.findall(question, start), *_LETTER.findall(question, start))
    parts = (part for name in names for part in name.split("-") if part[:1].isupper())  # of "WIA-uitkering" only "WIA"
    return frozenset(token for part in parts for token in tokenise(part))
