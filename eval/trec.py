"""Rankings and what is right, in the files of TREC: written here they are read by trec_eval, and the other way round.

A run has six columns (question, Q0, document, rank, score, tag), a list of what is right four (question, 0, document,
relevance). As in trec_eval the score decides, not the rank; documents of equal score go by name, descending.
"""

from __future__ import annotations

from pathlib import Path

from eval.questions import QuestionsError
from eval.runs import Gold, Run, scores
from eval.significance import Difference, paired

MEASURES = ("nDCG@10", "RR@10", "R@5", "R@10", "Success@1", "Success@5", "AP@100")


def write_qrels(gold: Gold, path: Path) -> None:
    """Write what is right for each question, every document with relevance 1."""
    lines = [f"{question} 0 {name} 1\n" for question, names in gold.items() for name in names]
    path.write_text("".join(lines), encoding="utf-8", newline="\n")


def read_qrels(path: Path) -> dict[str, tuple[str, ...]]:
    """Read what is right for each question: all with a relevance above 0. A question without any is kept."""
    found: dict[str, list[str]] = {}
    for question, _, name, relevance in _columns(path, 4):
        found.setdefault(question, [])
        if _number(relevance, path) > 0:
            found[question].append(name)
    return {question: tuple(names) for question, names in found.items()}


def read_run(path: Path) -> dict[str, list[str]]:
    """Read a ranking, for each question the best first."""
    found: dict[str, list[tuple[float, str]]] = {}
    for question, _, name, _, score, _ in _columns(path, 6):
        found.setdefault(question, []).append((_number(score, path), name))
    return {question: [name for _, name in sorted(ranked, reverse=True)] for question, ranked in found.items()}


def compare_runs(one: Run, other: Run, gold: Gold) -> dict[str, tuple[float, float, Difference]]:
    """Return for each measure both means and the paired difference `other` − `one`, over the questions with gold."""
    asked = {question: names for question, names in gold.items() if names}
    before, after = scores(one, asked, MEASURES), scores(other, asked, MEASURES)
    return {
        name: (float(before[name].mean()), float(after[name].mean()), paired(list(after[name]), list(before[name])))
        for name in MEASURES
    }


def _columns(path: Path, count: int) -> list[list[str]]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionsError("eval.file", file=path, reason=error) from error
    rows = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            rows.append(line.split())
            if len(rows[-1]) != count:
                raise QuestionsError("evaluate.trec_line", file=path, line=number)
    return rows


def _number(text: str, path: Path) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise QuestionsError("evaluate.trec_line", file=path, line=text) from error
