"""Cases go in, the rows of one section of the report come out: measures over all questions, by kind and by set."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np

from eval.agreement import agreement
from eval.measures import Measure, percentile
from eval.report.values import Record, Row, Section, Source, row_of
from eval.robustness import WAYS, Drift
from eval.runs import scores
from eval.scores import citations, contents, curves, refusal
from eval.scores.case import Better, Case, Score, values_of
from eval.significance import mean_of, paired, statistic_of
from index.values import Hit
from rag.values import Citation

RANKING = ("nDCG@10", "RR@10", "R@1", "R@5", "R@10", "R@50", "Success@1", "Success@5", "AP@100")
GROUNDING: tuple[Score, ...] = (*contents.SCORES, *citations.SCORES)
RIGHT = Score("right", "higher", lambda case: float(case.right))
NDCG = "nDCG@10"

Ranked = Mapping[str, Sequence[float]]


def ranked(cases: Sequence[Case]) -> Ranked:
    """Return the measures of ranking of each case, in order; only cases with gold can be measured."""
    names = [str(place) for place in range(len(cases))]
    run = {name: case.found for name, case in zip(names, cases, strict=True)}
    gold = {name: case.question.gold for name, case in zip(names, cases, strict=True)}
    return {name: list(map(float, values)) for name, values in scores(run, gold, RANKING).items()}


def retrieval_rows(cases: Sequence[Case]) -> list[Row]:
    """Return every measure of ranking over all answerable questions, and nDCG@10 for each kind and set of them."""
    answerable = [case for case in cases if case.question.answerable]
    if not answerable:
        return []
    found = ranked(answerable)
    rows = [row_of("retrieval", mean_of(name, found[name])) for name in RANKING]
    for part, chosen in _parts(answerable):
        rows.append(row_of("retrieval", mean_of(NDCG, [found[NDCG][place] for place in chosen]), part=part))
    return rows


def grounding_rows(cases: Sequence[Case], judge: str = "") -> list[Row]:
    """Return every measure of what answers say and cite; with the name of another `judge`, only those it decides."""
    wanted = [s for s in GROUNDING if not judge or s.name in ("citation recall", "citation precision", "citation F1")]
    rows = [_mean_row("grounding", score, cases, judge) for score in wanted]
    if judge:
        return rows
    for part, chosen in _parts(cases):
        rows.append(_mean_row("grounding", RIGHT, [cases[place] for place in chosen], part))
    return [_mean_row("grounding", RIGHT, cases), *rows]


def refusal_rows(cases: Sequence[Case]) -> list[Row]:
    """Return the measures of refusing, and those of the chance by which it is decided."""
    rows: list[Row] = []
    for name, better, of in refusal.SETS:
        measure = statistic_of(name, len(cases), lambda places, of=of: of([cases[n] for n in places]))  # type: ignore[misc]
        rows.append(row_of("refusal", measure, better))
    rows += [_mean_row("refusal", score, cases) for score in refusal.SCORES]
    known = [case for case in cases if case.answer.chance is not None]
    chances = np.array([case.answer.chance for case in known], dtype=np.float64)
    truth = np.array([case.question.answerable for case in known], dtype=bool)
    named: tuple[tuple[str, Better, Callable[[Sequence[float], Sequence[bool]], float | None]], ...] = (
        ("AURC", "lower", curves.aurc),
        ("AUROC", "higher", curves.auroc),
        ("Brier score", "lower", curves.brier),
        ("ECE", "lower", curves.ece),
    )
    for name, better, curve in named:
        measure = statistic_of(
            name,
            len(known),
            lambda places, curve=curve: curve(list(chances[places]), list(truth[places])),  # type: ignore[misc]
        )
        rows.append(row_of("refusal", measure, better))
    return rows


def refusal_curves(cases: Sequence[Case]) -> dict[str, Sequence[Sequence[float]]]:
    """Return the risk–coverage curve and the calibration of the chances; questions without a chance are left out."""
    known = [case for case in cases if case.answer.chance is not None]
    chances = [case.answer.chance or 0.0 for case in known]
    truth = [case.question.answerable for case in known]
    return {
        "risk coverage": curves.risk_coverage(chances, truth),
        "calibration": curves.calibration(chances, truth),
        "base risk": [(sum(not is_answerable for is_answerable in truth) / max(1, len(truth)),)],
    }


def robustness_rows(drifts: Sequence[Drift], same_again: Sequence[bool]) -> list[Row]:
    """Return, for each way of asking, what stays of the finds and how much is lost of nDCG@10 and of right answers."""
    rows = []
    for way in WAYS:
        chosen = [drift for drift in drifts if drift.way == way]
        if not chosen:
            continue
        rows.append(row_of("robustness", mean_of("overlap@10", [drift.overlap for drift in chosen]), part=way))
        first = mean_of("same first find", [float(drift.same_first) for drift in chosen])
        rows.append(row_of("robustness", first, part=way))
        answerable = [drift for drift in chosen if drift.base.question.answerable]
        if answerable:
            after = ranked([drift.case for drift in answerable])[NDCG]
            before = ranked([drift.base for drift in answerable])[NDCG]
            rows.append(row_of("robustness", _change("change in nDCG@10", after, before), part=way))
        right = [float(drift.case.right) for drift in chosen], [float(drift.base.right) for drift in chosen]
        rows.append(row_of("robustness", _change("change in right", *right), part=way))
    again = mean_of("same answer again", [float(same) for same in same_again])
    return [*rows, row_of("robustness", again)]


def judge_rows(one: Sequence[bool], other: Sequence[bool], name: str, failures: int) -> list[Row]:
    """Return how far another judge agrees with the product's own, and how many of its verdicts failed."""
    failed = Row("judge", "failed verdicts", float(failures), len(other), better="lower", part=name)
    return [*(row_of("judge", measure, part=name) for measure in agreement(one, other)), failed]


def times(name: str, seconds: Sequence[float]) -> list[Row]:
    """Return the median and the tail of some times, in milliseconds."""
    return [
        Row(
            "performance",
            f"{name} p{percent}",
            percentile(seconds, percent) * 1000,
            len(seconds),
            better="lower",
            unit="ms",
        )
        for percent in (50, 95, 99)
        if seconds
    ]


def records(section: Section, cases: Sequence[Case]) -> list[Record]:
    """Return a record of every case with the value of every measure that speaks of it."""
    answerable = [case for case in cases if case.question.answerable]
    found = ranked(answerable) if answerable else {}
    places = {id(case): place for place, case in enumerate(answerable)}
    made = []
    for case in cases:
        values = {s.name: s.of(case) for s in (RIGHT, *GROUNDING, *refusal.SCORES)}
        if id(case) in places:
            values |= {name: found[name][places[id(case)]] for name in RANKING}
        made.append(_record(section, case, {name: value for name, value in values.items() if value is not None}))
    return made


def verdicts(cases: Sequence[Case]) -> list[bool]:
    """Return of every sentence of every answer whether what it cites bears it out."""
    return [backing.together == 1 for case in cases for backing in case.backing]


def wrong(case: Case) -> str:
    """Return the key of what is not as it should be with a case, nothing when all is."""
    if not case.question.answerable:
        return "" if case.refused else "false_answer"
    if case.refused:
        return "refused"
    if not all(case.literal):
        return "not_literal"
    if not case.right:
        return "facts_missing" if citations.right_passage(case) else "other_passage"
    return "" if citations.right_passage(case) else "other_source"


def _record(section: Section, case: Case, values: Mapping[str, float]) -> Record:
    question, answer = case.question, case.answer
    return Record(
        section,
        case.set,
        question.id,
        question.kind,
        question.question,
        answer.status,
        answer.text,
        tuple(sentence.text for sentence in answer.sentences),
        question.gold,
        question.facts,
        values,
        tuple(map(_cited, answer.citations)),
        tuple(map(_found, case.hits[:5])),
        case.found,
        answer.chance,
        wrong(case),
    )


def _cited(citation: Citation) -> Source:
    return Source(citation.passage.passage, citation.document.title, citation.passage.label, citation.quote)


def _found(hit: Hit) -> Source:
    return Source(hit.passage.passage, hit.document.title, hit.passage.label, text=hit.passage.text)


def _parts(cases: Sequence[Case]) -> Iterable[tuple[str, list[int]]]:
    """Yield each kind and, where there are several, each set, with the places of its cases."""
    sets = dict.fromkeys(case.set for case in cases)
    for kind in dict.fromkeys(case.question.kind for case in cases):
        yield kind, [place for place, case in enumerate(cases) if case.question.kind == kind]
    for name in sets if len(sets) > 1 else ():
        yield name, [place for place, case in enumerate(cases) if case.set == name]


def _mean_row(section: Section, score: Score, cases: Sequence[Case], part: str = "") -> Row:
    return row_of(section, mean_of(score.name, values_of(score, cases)), score.better, part)


def _change(name: str, after: Sequence[float], before: Sequence[float]) -> Measure:
    found = paired(after, before)
    return Measure(name, found.value, found.count, found.low, found.high)
