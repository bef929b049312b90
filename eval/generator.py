"""Made-up answered questions in any number, for measuring speed and size: a seed goes in, text files come out.

The words are real Dutch words (the whole words of the bundled encoding), drawn with Zipf's frequencies; the text
means nothing. The same seed gives the same files.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from itertools import accumulate
from pathlib import Path

from index.tokens import RANKS_FILE, parse_ranks

QUESTIONS_A_DOCUMENT = 10
WORDS_A_QUESTION, WORDS_AN_ANSWER = 25, 105


def write_documents(folder: Path, passages: int, seed: int = 1) -> list[str]:
    """Write about `passages` questions with answers as text files; return some of the questions asked."""
    chance = random.Random(seed)
    asked = []
    for number in range(1, -(-passages // QUESTIONS_A_DOCUMENT) + 1):
        text, questions = make_document(number, chance)
        (folder / file_name(number)).write_text(text, encoding="utf-8")
        asked.append(chance.choice(questions))
    return asked


def file_name(number: int) -> str:
    """Return the name of the file of document `number`."""
    return f"voorbeeld-{number:07}.txt"


def identifier(number: int) -> str:
    """Return the identifier under which document `number` is known once it is read."""
    return f"voorbeeld-ah-{number}"


@cache
def vocabulary() -> tuple[str, ...]:
    """Return the whole words of the bundled encoding, the most frequent first."""
    ranks = parse_ranks((files("index") / RANKS_FILE).read_bytes())
    pieces = (piece.decode(errors="replace") for piece in sorted(ranks, key=lambda piece: ranks[piece]))
    return tuple(piece[1:] for piece in pieces if piece.startswith(" ") and len(piece) > 3 and piece[1:].isalpha())


def make_document(number: int, chance: random.Random, questions: int = QUESTIONS_A_DOCUMENT) -> tuple[str, list[str]]:
    """Return the text of document `number` and its questions; its words are drawn from `chance`."""

    def answer() -> Iterator[str]:
        left = WORDS_AN_ANSWER
        while left > 0:
            yield _sentence(15, ".", chance)
            left -= 15

    name, title = f"voorbeeld-{2000 + number % 25}V{number:07}", _sentence(9, "", chance)
    lines = [f"Kamervraag {name}", "", title, "", "Ingediend 10 februari 2023", "Beantwoord 6 maart 2023 (na 24 dagen)"]
    lines += ["Indiener raadslid (Partij A)", "Beantwoord door wethouder jeugd", "Onderwerpen zorg en gezondheid"]
    asked = []
    for question in range(1, questions + 1):
        asked.append(_sentence(WORDS_A_QUESTION, "?", chance))
        lines += [f" • Vraag {question}", f"  {asked[-1]}", "", f"  {' '.join(answer())}", ""]
    lines += ["", f"Kamervraag document nummer: voorbeeld-kv-{number}", f"Volledige titel: {title}"]
    lines += [f"Kamerantwoord document nummer: {identifier(number)}", f"Volledige titel: {title}"]
    return "\n".join(lines), asked


def _sentence(length: int, end: str, chance: random.Random) -> str:
    return " ".join(chance.choices(vocabulary(), cum_weights=_weights(), k=length)).capitalize() + end


@cache
def _weights() -> tuple[float, ...]:
    return tuple(accumulate(1 / rank for rank in range(1, len(vocabulary()) + 1)))
