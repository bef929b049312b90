"""Words of a question go in, out come the people, parties, ministries and periods that they name at a place.

Knows what a store holds, and how such a name may be introduced ("van het CDA", "aan de minister van VWS", "sinds
2023"); knows not where in a question one counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

from index.abbreviations import same_as
from index.dutch import is_stopword, stem
from index.known import Known
from index.rarity import rarity
from index.values import Filters
from rag.asked_words import Period, Word, period_at, word_set

_BY = word_set("van door aan uit by from of to")
_AT = word_set("in van uit op tijdens from of during on")
_SINCE, _AFTER = word_set("sinds vanaf since"), word_set("na after")
_BEFORE = word_set("voor tot before until")
_TITLES = word_set(
    """
    de het een the a an lid leden kamerlid kamerleden tweede fractie fracties heer mevrouw mevr mw dhr raadslid
    raadsleden member members mp mps
    """
)
_OFFICES = word_set(
    """
    minister ministers staatssecretaris ministerie ministeries ministry secretary wethouder
    """
)
_FOR = word_set("van voor of for")
_AND = word_set("en and")
_LONGEST_NAME, _LONGEST_OFFICE, _LONGEST_PARTY, _LONGEST_TOPIC = 6, 10, 5, 8
_NAMED_IN_LOWER_CASE = ("ministry", "topic")
# A word that returns this often in government language is no name unless it is written as one.
_ORDINARY = 7.5

Read = tuple[list["Part"], int]


@dataclass(frozen=True, slots=True)
class Part:
    """One filter with its place in the question, `end` exclusive, in characters."""

    field: str
    start: int
    end: int
    filters: Filters


class Names:
    """The names in one question; places count its words."""

    def __init__(self, words: Sequence[Word], question: str, known: Known) -> None:
        self._words = words
        self._question = question
        self._known = known
        self._ones: dict[int, Read] = {}
        self._ordinary = [0] * (len(words) + 1)  # how many words from each place on are no names by themselves
        for place, word in reversed(list(enumerate(words))):
            plain = not word.capital and _is_ordinary(word.folded)
            self._ordinary[place] = self._ordinary[place + 1] + 1 if plain else 0

    def modifiers(self, place: int) -> Read:
        """Read what may follow a thing: "van het CDA uit 2023", as far as it goes."""
        parts: list[Part] = []
        while True:
            more, end = self.periods(place)
            if not more and self._is(place, _BY):
                more, end = self.subject(place + 1)
            if not more:
                return parts, place
            parts += more
            place = end

    def subject(self, place: int) -> Read:
        """Read who says something: parties, people or ministries, joined by commas and "en"."""
        parts, end = self._one(place)
        while parts:
            after = end + 1 if self._is(end, _AND) else end
            comma = after < len(self._words) and "," in self._between(end - 1, end)
            more, last = self._one(after) if after > end or comma else ([], end)
            if not more or more[0].field != parts[-1].field:
                break
            parts, end = [*parts, *more], last
        return parts, end

    def party(self, place: int) -> Read | None:
        """Read the name of a party."""
        return self._named("party", place, _LONGEST_PARTY)

    def topic(self, place: int) -> Read:
        """Read the name of a topic, "van" or "of" before it left out."""
        while self._is(place, _TITLES | _BY):
            place += 1
        return self._named("topic", place, _LONGEST_TOPIC) or ([], place)

    def periods(self, place: int) -> Read:
        """Read "in 2023", "van maart 2024", "sinds 2022", "tussen 2021 en 2023"."""
        if place >= len(self._words):
            return [], place
        word = self._words[place].folded
        found = period_at(self._words, place + 1)
        if found is None:
            return [], place
        if word in ("tussen", "between"):
            last = period_at(self._words, found.end + 1) if self._is(found.end, _AND) else None
            return self._period(place, found.first, last.last, last) if last else ([], place)
        bounds = {
            _AT: (found.first, found.last),
            _SINCE: (found.first, None),
            _AFTER: (found.last + timedelta(days=1), None),
            _BEFORE: (None, found.first - timedelta(days=1)),
        }
        since, until = next((days for said, days in bounds.items() if word in said), (None, None))
        return self._period(place, since, until, found) if since or until else ([], place)

    def periods_before(self, place: int) -> list[Part]:
        """Read the period that ends just before `place`."""
        for start in range(max(0, place - 5), place):
            parts, end = self.periods(start)
            if parts and end == place:
                return parts
        return []

    def later_day(self, place: int, among: Filters) -> list[Part]:
        """Read the first "van 21 december 2022" after `place` on which something `among` the store was published."""
        for start in range(place, len(self._words)):
            parts, _ = self.periods(start) if self._words[start].folded in _AT else ([], start)
            days = parts[0].filters if parts else Filters()
            if days.since and days.since == days.until:
                both = replace(among, since=days.since, until=days.until)
                return parts if self._known.holds(both) else []
        return []

    def _period(self, place: int, since: date | None, until: date | None, last: Period) -> Read:
        start, end = self._words[place].start, self._words[last.end - 1].end
        return [Part("period", start, end, Filters(since=since, until=until))], last.end

    def _one(self, place: int) -> Read:
        """Read one name; most places are asked for more than once."""
        if place not in self._ones:
            self._ones[place] = self._read(place)
        return self._ones[place]

    def _read(self, place: int) -> Read:
        while self._is(place, _TITLES):
            place += 1
        if self._is(place, _OFFICES):
            return self._office(place)
        person = self._named("person", place, _LONGEST_NAME)
        party = self.party(place)
        ministry = self._short_ministry(place)
        found = max(filter(None, (person, party, ministry)), key=lambda read: read[1], default=None)
        if found is None:
            return [], place
        parts, end = found
        if found is party:
            return parts, end + 1 if self._is(end, word_set("fractie")) else end
        beside = self.party(end) if found is person and "(" in self._between(end - 1, end) else None
        return (parts, beside[1]) if beside else (parts, end)

    def _office(self, place: int) -> Read:
        """Read "minister van Justitie", "minister Karremans (VWS)", "ministerie van VWS"."""
        person = self._named("person", place + 1, _LONGEST_NAME)
        start = person[1] if person else place + 1
        parts = list(person[0]) if person else []
        bracketed = start < len(self._words) and "(" in self._between(start - 1, start)
        at = start if bracketed else start + 1
        if bracketed or self._is(start, _FOR):
            while self._is(at, _TITLES | _OFFICES | _FOR):
                at += 1
            ministry = self._named("ministry", at, _LONGEST_OFFICE)
            if ministry:
                return [*parts, *ministry[0]], ministry[1]
        return parts, start if parts else place

    def _short_ministry(self, place: int) -> Read | None:
        """Read a ministry by its short form alone ("van VWS"): never by a word of its name."""
        capital = place < len(self._words) and self._words[place].capital
        found = self._named("ministry", place, 2) if capital else None
        if found is None:
            return None
        said = " ".join(word.folded for word in self._words[place : found[1]])
        return found if same_as(said) else None

    def _named(self, facet: str, place: int, longest: int) -> Read | None:
        """Read the longest name of a facet that begins at `place`."""
        if place >= len(self._words):
            return None
        too_short = 0 if facet in _NAMED_IN_LOWER_CASE else self._ordinary[place]
        for size in range(min(longest, len(self._words) - place), too_short, -1):
            words = self._words[place : place + size]
            if is_stopword(words[-1].folded) and not words[-1].capital:
                continue
            values = self._known.named(facet, " ".join(word.folded for word in words))
            if values:
                part = Part(facet, words[0].start, words[-1].end, _filters(facet, values))
                return [part], place + size
        return None

    def _is(self, place: int, words: frozenset[str]) -> bool:
        return place < len(self._words) and self._words[place].folded in words

    def _between(self, one: int, other: int) -> str:
        end = self._words[other].start if other < len(self._words) else len(self._question)
        return self._question[self._words[one].end : end]


@lru_cache(maxsize=20_000)
def _is_ordinary(word: str) -> bool:
    return is_stopword(word) or rarity(stem(word)) < _ORDINARY


def _filters(facet: str, values: tuple[str, ...]) -> Filters:
    if facet == "party":
        return Filters(parties=values)
    if facet == "topic":
        return Filters(topics=values)
    return Filters(ministries=values) if facet == "ministry" else Filters(people=values)
