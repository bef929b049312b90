"""Made-up answered questions in any number, for measuring speed and size: a seed goes in, text files come out.

The words are real Dutch words (the whole words of the bundled encoding), drawn with Zipf's frequencies; the text
means nothing. The same seed gives the same files.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from importlib.resources import files
from itertools import accumulate
from pathlib import Path

from index.tokens import RANKS_FILE, parse_ranks

QUESTIONS_A_DOCUMENT = 10
WORDS_A_QUESTION, WORDS_AN_ANSWER = 25, 105


def write_documents(folder: Path, passages: int, seed: int = 1) -> list[str]:
    """Write about `passages` questions with answers as text files; return some of the questions asked."""
    random_source = random.Random(seed)
    words = vocabulary()
    weights = list(accumulate(1 / rank for rank in range(1, len(words) + 1)))
    asked = []
    for number in range(1, -(-passages // QUESTIONS_A_DOCUMENT) + 1):
        lines, questions = _document(number, words, weights, random_source)
        (folder / f"voorbeeld-{number:07}.txt").write_text("\n".join(lines), encoding="utf-8")
        asked.append(random_source.choice(questions))
    return asked


def vocabulary() -> list[str]:
    """Return the whole words of the bundled encoding, the most frequent first."""
    ranks = parse_ranks((files("index") / RANKS_FILE).read_bytes())
    pieces = (piece.decode(errors="replace") for piece in sorted(ranks, key=lambda piece: ranks[piece]))
    return [piece[1:] for piece in pieces if piece.startswith(" ") and len(piece) > 3 and piece[1:].isalpha()]


def _document(
    number: int, words: list[str], weights: list[float], random_source: random.Random
) -> tuple[list[str], list[str]]:
    def sentence(length: int, end: str) -> str:
        return " ".join(random_source.choices(words, cum_weights=weights, k=length)).capitalize() + end

    def answer() -> Iterator[str]:
        left = WORDS_AN_ANSWER
        while left > 0:
            yield sentence(15, ".")
            left -= 15

    name = f"voorbeeld-{2000 + number % 25}V{number:07}"
    title = sentence(9, "")
    lines = [f"Kamervraag {name}", "", title, "", "Ingediend 10 februari 2023", "Beantwoord 6 maart 2023 (na 24 dagen)"]
    lines += ["Indiener raadslid (Partij A)", "Beantwoord door wethouder jeugd", "Onderwerpen zorg en gezondheid"]
    questions = []
    for question_number in range(1, QUESTIONS_A_DOCUMENT + 1):
        questions.append(sentence(WORDS_A_QUESTION, "?"))
        lines += [f" • Vraag {question_number}", f"  {questions[-1]}", "", f"  {' '.join(answer())}", ""]
    lines += ["", f"Kamervraag document nummer: voorbeeld-kv-{number}", f"Volledige titel: {title}"]
    lines += [f"Kamerantwoord document nummer: voorbeeld-ah-{number}", f"Volledige titel: {title}"]
    return lines, questions
