"""Takes lines and gives paragraphs: hyphens at line ends joined or kept, note marks taken out, lost spaces restored
where that is certain. Decides by the words of the document itself."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from index.read.pdf import LINE_END_HYPHEN
from index.read.source import Line
from index.recognise.draft import MADE, Fragment, Paragraph

_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_RUN = re.compile(r"\S+(?: \S+)*")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2028\u2029\u2060\ufeff\x00-\x08\x0e-\x1f\x7f]+")
_TAG = re.compile(r"</?sup>", re.IGNORECASE)
_AROUND = 500  # characters looked at on each side of a line's end; no word or address is longer
_HYPHENS = ("-", LINE_END_HYPHEN, "\u00ad", "\u2010")
_COORDINATED = frozenset(("en", "of", "dan", "tot", "noch", "maar", "als", "respectievelijk", "resp", "en/of"))
_KEPT_PREFIXES = frozenset(("niet", "oud", "ex", "non"))


class Vocabulary:
    """The words of a document, counted, without those that a line end may have cut."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._words: Counter[str] = Counter()
        self._pairs: Counter[tuple[str, str]] = Counter()
        for line in lines:
            words = [match[0].lower() for match in _WORD.finditer(line.text)]
            if words and line.text.rstrip().endswith(_HYPHENS):
                words.pop()
            self._words.update(words)
            self._pairs.update(pairwise(words))

    def __getitem__(self, word: str) -> int:
        return self._words[word.lower()]

    def beside(self, left: str, right: str) -> int:
        """How often the two words stand side by side on one line."""
        return self._pairs[left.lower(), right.lower()]

    def hyphen(self, left: str, right: str) -> str:
        """Return what stands between two parts of a word parted at a line's end: "", "-" or "- "."""
        if right.lower() in _COORDINATED:
            return "- "
        if not left or not right or not right[0].islower():
            return "-"
        together, apart = self[left + right], self[f"{left}-{right}"]
        if together != apart:
            return "" if together > apart else "-"
        if left.lower() in _KEPT_PREFIXES or len(left) == 1 or left.isupper() or any(map(str.isdigit, left)):
            return "-"
        collides = left[-1].lower() == right[0] and right[0] in "aeiou"  # Dutch spelling: zee-egel
        return "-" if collides else ""


def join(lines: Sequence[Line], words: Vocabulary) -> Paragraph:
    """Return the lines as one paragraph, their `marks` taken out and remembered."""
    fragments: list[Fragment] = []
    marks: list[tuple[int, str]] = []
    length = 0
    for line in lines:
        pieces, found = _pieces(line)
        if pieces and fragments:
            ending, glue = _glued(fragments[-1], pieces[0].text, words)
            if found and found[0][0] == 0 and pieces[0].text[0] in ".,;:?!)»":
                glue = ""  # a raised mark had taken the stop of the line above along
            length += sum(len(fragment.text) for fragment in ending) - len(fragments[-1].text)
            fragments[-1:] = ending
            if glue:
                fragments.append(Fragment(glue, MADE))
                length += len(glue)
        marks += [(length + offset, mark) for offset, mark in found]
        fragments += pieces
        length += sum(len(piece.text) for piece in pieces)
    return Paragraph(tuple(fragments), tuple(marks))


def _pieces(line: Line) -> tuple[list[Fragment], list[tuple[int, str]]]:
    """Cut a line into fragments with single spaces between, without its marks, cuts and invisible characters."""
    text = line.text
    cuts = sorted({*line.marks, *line.cuts, *(match.span() for match in _INVISIBLE.finditer(text))})
    pieces: list[Fragment] = []
    marks: list[tuple[int, str]] = []
    at = length = 0
    space = False
    for start, end in [*cuts, (len(text), len(text))]:
        for run in _RUN.finditer(text, at, max(at, start)):
            if pieces and (space or run.start() > at):
                pieces.append(Fragment(" ", MADE))
                length += 1
            pieces.append(Fragment(run[0], line.at + run.start()))
            length += len(run[0])
            at, space = run.end(), False
        space = space or at < start
        if (start, end) in line.marks:
            marks.append((length, "".join(filter(str.isalnum, _TAG.sub("", text[start:end])))))
        at = max(at, end)
    return pieces, marks


def _glued(last: Fragment, following: str, words: Vocabulary) -> tuple[list[Fragment], str]:
    """Return the end of the line above, without a hyphen that is to go, and what joins it to the next line."""
    before = last.text[-_AROUND:]
    if not before.endswith(_HYPHENS) or len(before) < 2 or before[-2].isspace():
        return [last], " "
    if not (before[-2].isalnum() or before[-2] in "&’'/»)"):
        return [last], " "
    left = re.search(r"[^\W_]*$", before[:-1])
    right = re.match(r"[^\W\d_]*(?:/[^\W\d_]+)?", following[:_AROUND])
    in_address = re.search(r"https?:|www\.", before.rpartition(" ")[2]) is not None
    glue = "-" if in_address else words.hyphen(left[0] if left else "", right[0] if right else "")
    stem = Fragment(last.text[:-1], last.at)
    if glue == "":
        return [stem], ""
    if before[-1] in (LINE_END_HYPHEN, "\u00ad"):
        return [stem, Fragment("-", last.at + len(stem.text))], glue[1:]
    return [last], glue[1:]
