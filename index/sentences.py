"""Takes Dutch running text and gives the spans of its sentences; knows abbreviations, no document and no file.

A line break always ends a sentence: in a reading text lines are whole paragraphs or list items.
"""

from __future__ import annotations

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Abbreviations after which a sentence goes on, whatever follows.
_NEVER_LAST = _words(
    """aanh afb afd alg art artt bijv blz bv ca cf circa dhr div dr drs ds evt excl fig gem geb get hand hfst hh
    ing incl ir jhr jo kamerst kst lic mej mevr min mr mrs mw nl nr nrs nv ong p pag par plm prof red resp st stb
    stcrt tel trb vgl vnl vs zgn zog"""
)
# Abbreviations that may close a sentence: they do when a common first word of a sentence follows.
_MAY_BE_LAST = _words("al co dec etc ex enz feb jan jl jr ll max mld mln okt nov sept sr")
_DOTTED_MAY_BE_LAST = _words("ai bv cs ea ed ev jl nv vv")
_STARTERS = _words(
    """Aan Als Alle Bent Bij Bovendien Daarbij Daarmee Daarnaast Daarom Dan Dat De Deelt Deze Die Dit Door Dus
    Echter Een En Er Gelet Gezien Heeft Het Hierbij Hierdoor Hiermee Hiervoor Hij Hoe Ik In Indien Is Ja Kan
    Klopt Kunt Maar Met Mijn Momenteel Na Naar Naast Nee Niet Om Ondanks Ook Op Over Sinds Te Ten Tevens Tijdens
    Toch Tot Uit Uw Van Verder Vervolgens Vindt Volgens Voor Voorts Waar Waarom Wanneer Wat We Wel Welke Wie Wij
    Wilt Ze Zie Zij Zijn Zo Zoals Zou"""
)

_CLOSERS = "»”’\"')\\]"
# An end: closing marks and a glued note mark ("klaar.»12") may follow the stop. Each of these begins with the rarest
# thing it needs, which the engine then looks for quickly.
_STOP = re.compile(
    rf"[.!?…](?<![.!?…].)[.!?…]*[{_CLOSERS}]{{0,4}}(?:(?<=[^\d.]\D)\d{{1,2}}(?=\s)|[⁰¹²³⁴-⁹]{{1,3}})?(?=\s|$)"
)
_GLUED = re.compile(r"[.!?](?<=[a-zé]{2}.)(?=[A-Z][a-z]+ )")
_NEXT = re.compile(r"\s+(?P<open>[«“‘\"'(\[*_]*)(?P<first>[’']s\b|[’']t\b|[\w•–-])(?P<rest>\w*)")
_BEFORE = re.compile(r"[\w./]{1,24}$")
_LIST_MARK = re.compile(r"\s*[(\[]?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,4})[.)\]]+")
_PAIRS = {"«": "»", "“": "”", "(": ")"}
_OPENING, _PAIRED = re.compile(r"[«“(]"), re.compile(r"[«»“”()]")
_LONGEST_HELD = 300  # a quotation or parenthesis longer than this is cut like any other text


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Return the sentences of `text` as (start, end) in code points, in order, without surrounding white space."""
    spans: list[tuple[int, int]] = []
    position = 0
    for line in text.split("\n"):
        spans += [(position + start, position + end) for start, end in _line_spans(line)]
        position += len(line) + 1
    return spans


def sentences(text: str) -> list[str]:
    """Return the sentences of `text` themselves."""
    return [text[start:end] for start, end in sentence_spans(text)]


def _line_spans(line: str) -> list[tuple[int, int]]:
    held = _held(line)
    cuts = [stop.end() for stop in _STOP.finditer(line) if not _is_held(held, stop) and _ends(line, stop)]
    cuts += [glue.end() for glue in _GLUED.finditer(line) if _starts_with_starter(line[glue.end() : glue.end() + 20])]
    spans: list[tuple[int, int]] = []
    start = 0
    for cut in [*sorted(cuts), len(line)]:
        piece = line[start:cut]
        if piece.strip() and not _is_list_mark(piece):
            left = start + len(piece) - len(piece.lstrip())
            spans.append((left, left + len(piece.strip())))
            start = cut
    if line[start:].strip():  # a line that is a list mark and nothing else
        left = start + len(line[start:]) - len(line[start:].lstrip())
        spans.append((left, left + len(line[start:].strip())))
    return spans


def _ends(line: str, stop: re.Match[str]) -> bool:
    following = _NEXT.match(line, stop.end())
    if following is None:
        return True
    first = following["first"]
    if first[0].isalpha() and not first[0].isupper():
        return False
    if not stop[0].startswith(".") or stop[0].startswith(".."):
        return True
    return not _is_abbreviation(line, stop.start(), following)


def _is_abbreviation(line: str, dot: int, following: re.Match[str]) -> bool:
    word = line[max(0, dot - 24) : dot].rpartition(" ")[2]
    if not word.isalpha():
        before = _BEFORE.search(word)
        if before is None:
            return False
        word = before[0].rsplit("/", 1)[-1]
    plain = word.replace(".", "").lower()
    dotted = "." in word and all(len(part) <= 2 for part in word.split("."))
    initial = len(word) == 1 and word.isalpha()
    starter = not following["open"] and following["first"] + following["rest"] in _STARTERS
    if dotted:
        return plain not in _DOTTED_MAY_BE_LAST or not starter
    if plain in _NEVER_LAST:
        return True
    return (initial or plain in _MAY_BE_LAST) and not starter


def _is_list_mark(piece: str) -> bool:
    """ "1." or "b)" at the start of a line belongs to the sentence after it."""
    return _LIST_MARK.fullmatch(piece) is not None


def _starts_with_starter(text: str) -> bool:
    return text.split(" ", 1)[0] in _STARTERS


def _is_held(held: bytearray, stop: re.Match[str]) -> bool:
    marks = stop[0].rstrip("0123456789⁰¹²³⁴⁵⁶⁷⁸⁹")
    return bool(held[stop.start() + len(marks) - 1])


def _held(line: str) -> bytearray:
    """Mark the characters inside a short quotation or parenthesis, where no sentence ends."""
    held = bytearray(len(line) + 1)
    stack: list[tuple[str, int]] = []
    for mark in _PAIRED.finditer(line) if _OPENING.search(line) else ():
        character, at = mark[0], mark.start()
        if character in _PAIRS:
            stack.append((_PAIRS[character], at))
        elif stack and character == stack[-1][0]:
            _, opened = stack.pop()
            if at - opened <= _LONGEST_HELD:
                held[opened:at] = b"\x01" * (at - opened)
    return held
