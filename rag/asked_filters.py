"""A question goes in, out come the filters that it asks for itself, each with the words it was read from.

Only what the store holds is read, and only where the form of the question asks for it: "wat zei Van der Burg in 2023
over …", "vragen van het CDA", "Kamerbrief van maart 2024", "vraag 5 van 2020Z02502". A party, a minister or a year
that the question is merely about ("Hoeveel leden heeft de VVD?") limits nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace

from index.dutch import is_stopword, tokenise
from index.known import Known
from index.language import Language, say
from index.values import Filters
from rag.asked_identifiers import named_documents
from rag.asked_names import Names, Part
from rag.asked_words import word_set, words_of

_KINDS: dict[str, tuple[str, ...]] = {
    "kamerbrief kamerbrieven brief brieven letter letters": ("letter",),
    "kamervraag kamervragen": ("questions", "answer", "oral", "postponement"),
    "antwoord antwoorden beantwoording answer answers reply replies": ("answer",),
    "uitstelbericht uitstelberichten uitstelbrief uitstelbrieven": ("postponement",),
}
_KIND_OF = {word: kinds for words, kinds in _KINDS.items() for word in words.split()}
_THINGS = frozenset(_KIND_OF) | word_set(
    """
    vraag vragen reactie reacties toelichting uitspraak uitspraken standpunt standpunten toezegging toezeggingen
    document documenten stuk stukken question questions response responses statement statements document documents
    """
)
_LETTERS = word_set("kamerbrief kamerbrieven")
_ARTICLES = word_set("de het een the a")
_IN = word_set("in uit volgens from")
_TOPICS = word_set("onderwerp onderwerpen thema topic topics theme")
_ON = word_set("over met bij binnen onder op rond about on under with within")
_SAYS = word_set(
    """
    zei zeiden zegt zeggen schreef schreven schrijft schrijven antwoordde antwoordden antwoordt antwoordden
    reageerde reageerden reageert vroeg vroegen vraagt stelde stelden stelt meldde meldden meldt beloofde beloofden
    belooft verklaarde verklaarden verklaart said says wrote writes answered answers
    replied replies asked asks promised stated
    """
)
# Whoever finds something does so in an answer; what a party finds, no document of ours says.
_FINDS = word_set("vindt vinden vond vonden thinks")
_SAID = word_set(
    """
    gezegd geschreven geantwoord beantwoord gereageerd gevraagd gesteld gemeld beloofd toegezegd verklaard say said
    write written answer answered reply replied ask asked promise promised state stated think
    """
)
_GIVES = word_set("geeft gaf gaven geven gegeven gives gave given")
_ANSWERS = word_set(
    """
    antwoord antwoorden reactie reacties toelichting uitleg answer answers reply reaction
    """
)
_HAS = word_set("heeft hebben had hadden did does has have")
_REACH = 25
# Later in a question, and as "uw brief", a thing is what the question is about rather than where to look.
_EARLY = 9
_OWN = word_set("uw mijn zijn haar hun ons onze your my his her their our")


@dataclass(frozen=True, slots=True)
class AskedFilter:
    """One filter that a question asks for: `words == question[start:end]`, `filters` this one alone.

    `field` is kind, period, party, ministry, person, topic, document or question.
    """

    field: str
    words: str
    start: int
    end: int
    filters: Filters

    def describe(self, language: Language) -> str:
        """Return the filter in words, as a chip shows it: "partij: CDA"."""
        value = self.words
        if self.field == "kind":
            value = ", ".join(say(f"kind.{kind}", language) for kind in self.filters.kinds)
        return say(f"filter.{self.field}", language, value=value)


@dataclass(frozen=True, slots=True)
class AskedFilters:
    """The filters of a question, in its order; `rest` is the question without them, "" when nothing else is asked.

    `unknown` holds the official numbers in the question that the store does not have.
    """

    question: str
    found: tuple[AskedFilter, ...] = ()
    rest: str = ""
    unknown: tuple[str, ...] = ()

    @property
    def filters(self) -> Filters:
        """All of them together: within one field any may match, all fields must."""
        together = Filters()
        for one in self.found:
            together = _joined(together, one.filters)
        return together

    def over(self, given: Filters | None) -> Filters:
        """Return these filters with those that were `given` in their place where both limit the same."""
        together = self.filters
        if given is None:
            return together
        said = {f.name: value for f in fields(Filters) if (value := getattr(given, f.name))}
        if given.since or given.until:
            said |= {"since": given.since, "until": given.until}
        return replace(together, **said)


def asked_filters(question: str, known: Known) -> AskedFilters:
    """Return the filters that `question` asks for among what is `known` to a store."""
    named = named_documents(question, known)
    parts, cuts = [*named.parts], [*named.cuts]
    for some, stretch in _Reading(question, known).frames():
        fresh = [part for part in some if not any(part.start < old.end and old.start < part.end for old in parts)]
        if fresh:
            parts += fresh
            cuts += [stretch, *((part.start, part.end) for part in fresh)]
    found = [
        AskedFilter(part.field, question[part.start : part.end], part.start, part.end, part.filters)
        for part in sorted(parts, key=lambda part: part.start)
    ]
    return AskedFilters(question, tuple(found), _rest(question, cuts), tuple(dict.fromkeys(named.unknown)))


class _Reading:
    """The frames of one question: stretches of words whose form asks for a filter."""

    def __init__(self, question: str, known: Known) -> None:
        self._words = words_of(question)
        self._names = Names(self._words, question, known)
        self._known = known

    def frames(self) -> Iterator[tuple[list[Part], tuple[int, int]]]:
        """Give the parts of each frame and the stretch of the question that it takes up."""
        for place in range(len(self._words)):
            for parts, first, last in (
                self._thing(place),
                self._said(place),
                self._has_said(place),
                self._topic(place),
            ):
                if parts:
                    yield parts, (self._words[first].start, self._words[last - 1].end)

    def _thing(self, place: int) -> tuple[list[Part], int, int]:
        """Read "vragen van het CDA", "CDA-vragen", "Kamerbrief van maart 2024", "in de Kamerbrief"."""
        word = self._words[place]
        if word.folded not in _THINGS or place >= _EARLY or (place and self._words[place - 1].folded in _OWN):
            return [], place, place
        parts, end = self._names.modifiers(place + 1)
        first, before = place, self._names.party(place - 1) if place else None
        if before and before[1] == place and word.joined:
            parts, first = [*before[0], *parts], place - 1
        kinds = tuple(k for k in _KIND_OF.get(word.folded, ()) if k in self._known.values.get("kind", ()))
        own = Part("kind", word.start, word.end, Filters(kinds=kinds))
        if kinds and word.folded in _LETTERS and not any(part.field == "period" for part in parts):
            parts = [*parts, *self._names.later_day(end, Filters(kinds=kinds))]
        if kinds and (parts or (word.folded in _LETTERS and self._is_in(place))):
            parts = [own, *parts]
        while parts and first and self._words[first - 1].folded in _IN | _ARTICLES:
            first -= 1
        return parts, first, end

    def _topic(self, place: int) -> tuple[list[Part], int, int]:
        """Read "over het onderwerp migratie", "met als thema: zorg", "on the topic of asylum"."""
        if self._words[place].folded not in _TOPICS:
            return [], place, place
        parts, end = self._names.topic(place + 1)
        first = place
        while first and self._words[first - 1].folded in _ON | _ARTICLES | {"als", "as"}:
            first -= 1
        return parts, first, end

    def _said(self, place: int) -> tuple[list[Part], int, int]:
        """Read "zei Van der Burg in 2023", "Van der Burg zei in 2023", "volgens de minister van VWS"."""
        word = self._words[place].folded
        parts, end = self._names.subject(place + 1)
        if word == "volgens":
            return parts, place, end
        if self._is_saying(word, parts):
            early, start = ([], end) if parts else self._names.periods(place + 1)
            if early:
                parts, end = self._names.subject(start)
            late, last = self._names.periods(end) if parts and not early else ([], end)
            return [*parts, *(early or late)] if parts else [], place, last
        parts, end = self._names.subject(place)
        if parts and end < len(self._words) and self._is_saying(self._words[end].folded, parts):
            more, end = self._names.periods(end + 1)
            return [*parts, *more], place, end
        return [], place, place

    def _has_said(self, place: int) -> tuple[list[Part], int, int]:
        """Read "heeft Van der Burg in 2023 gezegd", "did Van der Burg say in 2023"."""
        if self._words[place].folded not in _HAS:
            return [], place, place
        parts, end = self._names.subject(place + 1)
        if not parts:
            return [], place, place
        for later in range(end, min(len(self._words), end + _REACH)):
            if self._words[later].folded in _SAID or self._gives(self._words[later].folded):
                near, after = self._names.periods(end)
                if not near and later > end:
                    near = self._names.periods_before(later)
                if not near:
                    near, behind = self._names.periods(later + 1)
                    after = behind if later == end else end
                adjoining = later in (end, after)
                return [*parts, *near], place, max(after, later + 1) if adjoining else max(after, end)
        return [], place, place

    def _is_saying(self, word: str, parts: Sequence[Part]) -> bool:
        if word in _FINDS:
            return bool(parts) and all(part.field != "party" for part in parts)
        return word in _SAYS or self._gives(word)

    def _gives(self, word: str) -> bool:
        return word in _GIVES and any(other.folded in _ANSWERS for other in self._words)

    def _is_in(self, place: int) -> bool:
        """Whether "in (de/het/een)" or the like stands before the word at `place`."""
        before = [word.folded for word in self._words[max(0, place - 2) : place]]
        return bool(before) and (before[-1] in _IN or (len(before) > 1 and before[0] in _IN and is_stopword(before[1])))


def _joined(one: Filters, other: Filters) -> Filters:
    """Return both: what one field may hold together, and the first of two periods."""
    several = {
        f.name: tuple(dict.fromkeys((*getattr(one, f.name), *getattr(other, f.name))))
        for f in fields(Filters)
        if f.name not in ("since", "until")
    }
    days = one if one.since or one.until else other
    return Filters(since=days.since, until=days.until, **several)


def _rest(question: str, cuts: Sequence[tuple[int, int]]) -> str:
    """Return `question` without the stretches `cuts`; "" when no word is left that says what it is about."""
    if not cuts:
        return question
    kept, at = "", 0
    for start, end in sorted(cuts):
        kept += question[at : max(at, start)] + " "
        at = max(at, end)
    kept = re.sub(r"\s+([?.!,;:])", r"\1", " ".join((kept + question[at:]).split())).strip(" ,;:-")
    return kept if any(not is_stopword(word) for word in tokenise(kept)) else ""
