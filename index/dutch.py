"""Dutch text goes in, the words it is searched by come out: folded tokens and their stems.

Knows no index. A token is lower case, without accents, letters and digits only, so that every engine keeps it
whole. Each word is searched both as it stands and by its stem (the Kraaij-Pohlmann stemmer of Snowball), because
that stemmer goes far: it makes "meen" of "gemeente" and "mini" of "ministers". A compound is searched by the stems
of its two parts as well.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import cache, lru_cache
from itertools import chain

from index.compounds import parts

# Raise it when the terms of some text or the facets of a document change: both are then made afresh at a store's next
# change.
TERMS = "5"

_STEM_MARK = "0"
_CACHE_LIMIT = 400_000
_KEPT_CODES, _KEPT_TOKENS = 50_000, 50_000

# What a term is: a word as it stands, a stem, a number, or letters after one digit ("2e").
WORD, STEM, NUMBER, OTHER = range(4)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words that do not say what a passage is about, the words of asking and answering among them. Words that carry
# a little ("deelt", "mening", "bereid") are left in: their frequency already makes them weigh next to nothing.
_STOPWORDS = _words(
    """
    de het een der den des te ten ter t s n ik jij je u uw hij zij ze wij we jullie hun hen haar zijn
    mijn jouw ons onze mij me jou hem zich zelf zelfde dit dat deze die dezer dier degene hetgeen hier
    daar er ervan erin eraan erop erom ermee ertoe hiervan daarvan hierin daarin hierop daarop hiermee
    daarmee hiervoor daarvoor hierover daarover hieraan daaraan hiertoe daartoe hierbij daarbij en of
    maar want dus noch doch dan als indien wanneer terwijl omdat doordat zodat opdat hoewel toen nadat
    voordat totdat mits tenzij alsmede alsook evenals zowel in op aan van voor met bij door naar om uit
    over onder tot tegen tussen via na per sinds tijdens zonder binnen buiten volgens wegens vanwege
    behalve rond omtrent jegens tevens inzake aanzien wie wat waar waarom hoe welke welk wiens hoeveel
    waarin waarop waarmee waaraan waarover waarvan waarbij waardoor waartoe waarvoor is ben bent was
    waren wezen geweest wordt worden word werd werden geworden heb hebt heeft hebben had hadden gehad
    zal zult zullen zou zouden kan kunt kunnen kon konden mag mogen mocht mochten moet moeten moest
    moesten wil wilt willen wilde wilden doe doet doen deed deden gedaan laat laten ga gaat gaan niet
    geen wel ook nog al reeds steeds zo zeer zelfs slechts pas toch immers echter overigens nu eens meer
    meest veel vele enige enkele sommige alle alles iets niets elk elke ieder iedere zoals waaronder
    respectievelijk desbetreffende betreffende dergelijke zulke zodanig ja nee oa ca bijv bv mbt ivm
    ihkv tav dd jl nl etc enz nr nrs blz
    """
)

_SUPERSCRIPTS = str.maketrans(dict.fromkeys("⁰¹²³⁴⁵⁶⁷⁸⁹", " ") | {"ĳ": "ij", "Ĳ": "ij"})
_MARKS = re.compile(r"[\u0300-\u036f]+")
# Each pattern begins with the rarest thing it needs, which the engine then looks for quickly.
_APOSTROPHES = re.compile(r"['’‘ʼ`´](?<=[^\W\d_].)(?=[^\W\d_])")
_DOTTED = re.compile(r"\b(?:[^\W\d_]\.){2,}(?:[^\W\d_]\b)?")
_DOTTED_WITHIN = re.compile(r"\.[^\W\d_]\b")
_THOUSANDS = re.compile(r"\d(?<![\w.,]\d)\d{0,2}(?:[. \u00a0\u202f]\d{3})+(?![\w]|[.,]\d)")
_NUMBER_WITH_BLANKS = re.compile(r"\d\s\d{3}")
_TOKEN = re.compile(r"[^\W_]+")


def tokenise(text: str) -> list[str]:
    """Return the words and numbers of `text` in order, folded: "28 638" is `28638`, "a.m.v." is `amv`."""
    if _NUMBER_WITH_BLANKS.search(text):
        return _TOKEN.findall(_fold(text))
    return list(chain.from_iterable(map(_TOKENS.__getitem__, text.split())))


def content_words(text: str) -> Iterator[str]:
    """Give the words and numbers of `text` that are no stopwords, folded, in order, as often as they occur."""
    if _NUMBER_WITH_BLANKS.search(text):
        return (token for token in tokenise(text) if token not in _STOPWORDS)
    return chain.from_iterable(map(_CONTENT.__getitem__, text.split()))


def stem(token: str) -> str:
    """Return the Dutch stem of a folded token; a token with a digit in it stays as it is."""
    return token if not token.isalpha() else _stemmer()(token)


def stem_term(token: str) -> str:
    """Return the index term for the stem of a folded word."""
    return _STEM_MARK + stem(token)


def is_stopword(token: str) -> bool:
    """Whether a folded token says nothing about what a passage is about."""
    return token in _STOPWORDS


def content_stems(text: str) -> list[str]:
    """Return the stems of the words that are no stopwords, in order, repeated as often as they occur."""
    return list(map(stem, content_words(text)))


def index_terms(text: str) -> list[str]:
    """Return what `text` is indexed and searched by.

    Of each content word: itself, "0" + its stem, and "0" + the stem of each part when it is a compound.
    """
    return index_text(text).split()


def index_text(text: str) -> str:
    """Return `index_terms` joined by blanks, for an engine that splits at blanks."""
    if _NUMBER_WITH_BLANKS.search(text):
        return _joined(map(_FORMS.__getitem__, _TOKEN.findall(_fold(text))))
    # Nothing else reaches over a blank: each stretch between blanks is taken apart once and then remembered.
    return _joined(map(_STRETCHES.__getitem__, text.split()))


def coded_terms(text: str) -> bytes:
    """Return the `code` of each of `index_terms` in order, four bytes each, quickly for words that were met before."""
    if _NUMBER_WITH_BLANKS.search(text):
        return b"".join(map(_coded, index_terms(text)))
    return b"".join(map(_CODED.__getitem__, text.split()))


def coded_stopwords(text: str) -> bytes:
    """Return the `code` of each stopword of `text` in order, four bytes each."""
    return b"".join(map(_CODED_STOPWORDS.__getitem__, text.split()))


@lru_cache(maxsize=_KEPT_CODES)
def code(term: str) -> int:
    """Return a number for a folded word or index term, of 30 bits that hardly two share and two that say what it is.

    The last two are `WORD`, `STEM`, `NUMBER` or `OTHER`.
    """
    if is_stem_term(term):
        sort = STEM
    elif term.isalpha():
        sort = WORD
    else:
        sort = OTHER if term[1:].isalpha() else NUMBER
    return zlib.crc32(term.encode()) & ~3 | sort


def is_stem_term(term: str) -> bool:
    """Whether an index term is a stem rather than a word as it stood."""
    return term.startswith(_STEM_MARK) and term[1:].isalpha()


def _fold(text: str) -> str:
    folded = text.lower()
    if not folded.isascii():
        folded = unicodedata.normalize("NFKD", folded.translate(_SUPERSCRIPTS))
        folded = _MARKS.sub("", folded)
    folded = _APOSTROPHES.sub("", folded)
    if _DOTTED_WITHIN.search(folded):
        folded = _DOTTED.sub(lambda found: found[0].replace(".", ""), folded)
    return _THOUSANDS.sub(lambda found: _digits(found[0]), folded)


def _digits(text: str) -> str:
    return "".join(character for character in text if character.isdigit())


class _Forms(dict[str, str]):
    """The index forms of each token met so far; the loop over a long text then runs in C."""

    def __missing__(self, token: str) -> str:
        if len(self) >= _CACHE_LIMIT:
            self.clear()
        if token in _STOPWORDS:
            forms = ""
        elif token.isalpha():
            forms = " ".join([token, *(_STEM_MARK + stem(word) for word in (token, *parts(token)))])
        else:
            forms = token
        self[token] = forms
        return forms


class _Tokens(dict[str, tuple[str, ...]]):
    """The tokens of each stretch between blanks of late."""

    def __missing__(self, stretch: str) -> tuple[str, ...]:
        if len(self) >= _KEPT_TOKENS:
            self.clear()
        bare = stretch.strip(",.;:?!()")
        plain = bare.isascii() and bare.isalpha()  # most are: nothing to fold but capitals
        self[stretch] = tokens = (bare.lower(),) if plain else tuple(_TOKEN.findall(_fold(stretch)))
        return tokens


class _Content(dict[str, tuple[str, ...]]):
    """The tokens of each stretch between blanks of late that are no stopwords."""

    def __missing__(self, stretch: str) -> tuple[str, ...]:
        if len(self) >= _KEPT_TOKENS:
            self.clear()
        self[stretch] = tokens = tuple(token for token in _TOKENS[stretch] if token not in _STOPWORDS)
        return tokens


class _Stretches(dict[str, str]):
    """The index forms of each stretch between blanks met so far, as it stands in a text."""

    def __missing__(self, stretch: str) -> str:
        if len(self) >= _CACHE_LIMIT:
            self.clear()
        forms = _joined(map(_FORMS.__getitem__, _TOKEN.findall(_fold(stretch))))
        self[stretch] = forms
        return forms


class _Coded(dict[str, bytes]):
    """The codes of the index forms of each stretch between blanks met so far."""

    def __missing__(self, stretch: str) -> bytes:
        if len(self) >= _CACHE_LIMIT:
            self.clear()
        self[stretch] = codes = b"".join(map(_coded, _STRETCHES[stretch].split()))
        return codes


class _CodedStopwords(dict[str, bytes]):
    """The codes of the stopwords of each stretch between blanks met so far."""

    def __missing__(self, stretch: str) -> bytes:
        if len(self) >= _CACHE_LIMIT:
            self.clear()
        self[stretch] = codes = b"".join(map(_coded, filter(is_stopword, _TOKEN.findall(_fold(stretch)))))
        return codes


_TOKENS, _CONTENT = _Tokens(), _Content()
_FORMS, _STRETCHES, _CODED, _CODED_STOPWORDS = _Forms(), _Stretches(), _Coded(), _CodedStopwords()


def _coded(term: str) -> bytes:
    return code.__wrapped__(term).to_bytes(4, "little")


def _joined(forms: Iterable[str]) -> str:
    return " ".join(filter(None, forms))


@cache
def _stemmer() -> Callable[[str], str]:
    import Stemmer

    stem_word: Callable[[str], str] = Stemmer.Stemmer("dutch", 0).stemWord
    return stem_word
