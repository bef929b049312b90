"""A name goes in, out come the others that stand for the same: an abbreviation and what it is short for.

Some are listed in `abbreviations.txt` and in a list of the desk's own; the rest are learned from documents that say
what they shorten, "… (hierna: SodM)" and "Centraal Orgaan opvang asielzoekers (COA)", by the rule of Schwartz and
Hearst ("A simple algorithm for identifying abbreviation definitions in biomedical text", PSB 2003).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path

from index.dutch import is_stopword, stem, tokenise
from index.errors import SettingsError
from index.rarity import is_known, rarity

ABBREVIATIONS_FILE = "abbreviations.txt"
BETWEEN = "="

_BRACKETED = re.compile(
    r"\s\((?:(?:hierna|verder|afgekort|kortweg)(?: te noemen| als)?:?\s)?"
    r"[«“”‘’'\"]?(?P<short>[^\W\d_][\w&’'-]{1,9})[»“”‘’'\"]?\)"
)
_CLAUSE_ENDS = re.compile(r"[()\n.;:?!]")
_BEFORE = range(4, 161)  # letters of the clause in front of the brackets
_OPENS = re.compile(r"\s\(")
_SHORT_BEFORE = re.compile(r"\b[^\W\d_][\w&-]{1,9}\Z")
_LONG = re.compile(r"[^()\d\n.;:?!]{6,100}(?=\))")
_WORD = re.compile(r"[\w’'-]+")
_MOST_WORDS = 12
_COMMON = 7.5  # how rare the words are that need no capitals to be an abbreviation


class Groups(dict[str, frozenset[str]]):
    """Folded names, each with all that stand for the same."""

    @cached_property
    def first_words(self) -> frozenset[str]:
        """The word that each name begins with."""
        return frozenset(name.partition(" ")[0] for name in self)

    def may_begin_with(self, word: str) -> bool:
        """Whether a name or its plural may begin with a folded word, which may be two where a dash stood."""
        first = word.partition(" ")[0]
        return first in self.first_words or first.removesuffix("s") in self.first_words

    def add(self, more: Mapping[str, frozenset[str]]) -> None:
        """Put more names beside those that are there."""
        for name, names in more.items():
            self[name] = self.get(name, frozenset()) | names
        vars(self).pop("first_words", None)


def definitions(text: str) -> Iterator[tuple[str, str]]:
    """Give (abbreviation, what it is short for), both folded, for each that `text` itself explains."""
    # Looking back from the brackets: a pattern that begins with the words before them is tried at every word.
    openings = [match.start() for match in _OPENS.finditer(text)] if "(" in text else []
    for match in filter(None, (_BRACKETED.match(text, start) for start in openings)):
        before = _CLAUSE_ENDS.split(text[max(0, match.start() - _BEFORE[-1]) : match.start()])[-1]
        if len(before) not in _BEFORE or not _is_short(match["short"]):
            continue
        if long := _spelled_out(match["short"], before):
            yield _folded(match["short"]), long
    for start in openings:
        short, long_form = _SHORT_BEFORE.search(text, max(0, start - 10), start), _LONG.match(text, start + 2)
        if short and long_form and _is_short(short[0]):
            long = _folded(long_form[0])
            if _spelled_out(short[0], long_form[0]) == long:
                yield _folded(short[0]), long


def same_as(name: str, learned: Groups | None = None) -> frozenset[str]:
    """Return the other names for a folded name, folded; none when no list holds it and none was `learned`."""
    return (_groups().get(name, frozenset()) | (learned or Groups()).get(name, frozenset())) - {name}


def in_other_words(query: str, learned: Groups | None = None) -> dict[str, list[str]]:
    """Return for each abbreviation and each full name in `query` the words of what stands for the same.

    An abbreviation that is a word as well ("OM") counts where it is written in capitals.
    """
    written = _WORD.findall(query)
    words = [_folded(word) for word in written]
    known, more, found = _groups(), learned or Groups(), dict[str, list[str]]()
    for start, first in enumerate(words):
        if not known.may_begin_with(first) and not more.may_begin_with(first):
            continue
        for end in range(min(len(words), start + _MOST_WORDS), start, -1):
            name = " ".join(words[start:end])
            plural = name.endswith("s") and (name[:-1] in known or name[:-1] in more)
            if not (plural or name in known or name in more) or (end == start + 1 and _is_a_word(written[start])):
                continue
            others = same_as(name, learned) or same_as(name[:-1], learned)
            found[name] = sorted({w for other in others for w in other.split() if not is_stopword(w)} - set(words))
            break
    return {name: others for name, others in found.items() if others}


def learn(pairs: Iterable[tuple[str, int]]) -> Groups:
    """Return groups of names from ("short=long", in how many passages): of each abbreviation the commonest meaning."""
    best: dict[str, tuple[int, str]] = {}
    for pair, count in pairs:
        short, _, long = pair.partition(BETWEEN)
        if short in _groups():
            continue
        best[short] = max(best.get(short, (0, "")), (count, long))
    groups = Groups()
    for short, (_, long) in best.items():
        groups.add(dict.fromkeys((short, long), frozenset({short, long})))
    return groups


def parse_groups(content: str) -> Groups:
    """Return for each folded name all of its line; a line is names with "=" between, "#" in front marks a remark."""
    groups = Groups()
    for line in content.splitlines():
        if BETWEEN in line and not line.startswith("#"):
            names = frozenset(map(_folded, line.split(BETWEEN))) - {""}
            groups.add(dict.fromkeys(names, names))
    return groups


def use_list(path: Path) -> None:
    """Add the desk's own list; raise `SettingsError` when it cannot be read."""
    try:
        own = parse_groups(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise SettingsError("settings.not_utf8", file=path) from error
    except OSError as error:
        raise SettingsError("settings.file", file=path, reason=error.strerror) from error
    _groups().add(own)


def _is_short(word: str) -> bool:
    """Whether a word is written as an abbreviation: at least two capitals, or small letters alone ("amv")."""
    capitals = sum(letter.isupper() for letter in word)
    return (capitals >= 2 or (capitals == 0 and len(word) <= 4)) and not is_stopword(_folded(word))


def _is_a_word(written: str) -> bool:
    """Whether a word, as it is written, is a common one rather than an abbreviation."""
    word = _folded(written)
    in_capitals = sum(letter.isupper() for letter in written) > 1
    return not in_capitals and (is_stopword(word) or (is_known(stem(word)) and rarity(stem(word)) < _COMMON))


def _spelled_out(short: str, before: str) -> str | None:
    """Return the last words of `before` that `short` is made of the letters of, folded; None when there are none.

    Each letter is found from the end; the first one must begin a word.
    """
    letters = [letter for letter in short.lower() if letter.isalnum()]
    words = list(_WORD.finditer(before))[-min(len(letters) + 5, 2 * len(letters)) :]
    if not words or len(letters) < 2:
        return None
    text = before[words[0].start() :]
    at = len(text)
    for place, letter in enumerate(reversed(letters), 1):
        at = text.lower().rfind(letter, 0, at)
        while place == len(letters) and at > 0 and text[at - 1].isalnum():
            at = text.lower().rfind(letter, 0, at)
        if at < 0:
            return None
    long = _folded(text[at:])
    first, *others = long.split()
    # A single word that happens to hold the letters explains nothing.
    return long if others and not is_stopword(first) and long != _folded(short) else None


def _folded(name: str) -> str:
    return " ".join(tokenise(name))


@cache
def _groups() -> Groups:
    return parse_groups((files("index") / ABBREVIATIONS_FILE).read_text(encoding="utf-8"))
