"""Measures of one answer and of a set of answers are those of the literature, on examples worked out by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from eval.questions import GoldQuestion
from eval.scores import citations, contents, curves, refusal
from eval.scores.case import Case
from index.values import Document, Passage
from rag.values import Answer, Citation, Sentence, Status, Verdict

WORDS = {1: "De brug kost drie miljoen.", 2: "De brug opent in mei.", 3: "Er komt een feest."}


class ListedJudge:
    """Supports what stands in a list of (passages read together, sentence)."""

    def __init__(self, *supported: tuple[str, str]) -> None:
        self._supported = set(supported)

    def judge(self, sentence: str, passage: Passage) -> Verdict:
        found = "".join(str(n) for n, text in WORDS.items() if text in passage.text)
        return Verdict("supported" if (found, sentence) in self._supported else "unsupported", 1.0)


def passage(number: int) -> Passage:
    text = WORDS[number]
    return Passage(f"d{number}#vraag-1", f"d{number}", "vraag 1", text, 0, len(text))


def citation(number: int) -> Citation:
    return Citation(number, passage(number), Document(f"d{number}", "page", "t", "s"), WORDS[number], 0, 5)


def case(
    sentences: Sequence[tuple[str, tuple[int, ...]]] = (),
    judge: ListedJudge | None = None,
    question: GoldQuestion | None = None,
    status: Status = "answered",
) -> Case:
    used = sorted({number for _, numbers in sentences for number in numbers if number in WORDS})
    made = tuple(Sentence(text, numbers, "supported") for text, numbers in sentences)
    answer = Answer("a", "?", status, made, tuple(citation(number) for number in used))
    gold = question or GoldQuestion("1", "?", ("d1",), ("drie miljoen",))
    return Case("set", gold, answer, backing=citations.back(answer, judge or ListedJudge()))


def test_citation_recall_and_precision_follow_the_worked_example_of_alce() -> None:
    """Three sentences: borne out only by both sources together; by the first of two alone; by neither.

    Recall 2/3. Precision: both citations of the first count (neither bears it out alone, and the other does not
    without it), of the second only the first one, of the third none: 3 of 6.
    """
    judge = ListedJudge(("12", "samen"), ("12", "een"), ("1", "een"))
    found = case([("samen", (1, 2)), ("een", (1, 2)), ("geen", (2, 3))], judge)
    assert citations.recall(found) == pytest.approx(2 / 3)
    assert citations.precision(found) == pytest.approx(3 / 6)
    assert citations.f1(found) == pytest.approx(2 * (2 / 3) * 0.5 / (2 / 3 + 0.5))


def test_three_citations_are_left_out_one_by_one() -> None:
    # All bear it out together; 1 and 2 do so as a pair, no other pair and none alone: 1 and 2 are needed, 3 is not.
    judge = ListedJudge(("123", "s"), ("12", "s"))
    assert citations.precision(case([("s", (1, 2, 3))], judge)) == pytest.approx(2 / 3)


def test_sentence_without_a_citation_or_with_an_invalid_one_counts_as_not_borne_out() -> None:
    judge = ListedJudge(("1", "zin"))
    found = case([("zin", ()), ("zin", (1, 9)), ("zin", (1,))], judge)
    assert citations.recall(found) == pytest.approx(1 / 3)
    assert citations.precision(found) == pytest.approx(1 / 3)
    assert citations.coverage(found) == pytest.approx(2 / 3)


def test_sentence_borne_out_by_another_source_is_supported_but_wrongly_cited() -> None:
    judge = ListedJudge(("1", "zin"), ("2", "zin2"))
    found = case([("zin", (2,)), ("zin2", (1,))], judge)
    assert citations.supported(found) == 1.0
    assert citations.recall(found) == 0.0


def test_refusing_an_answerable_question_counts_as_nought_and_a_right_refusal_not_at_all() -> None:
    wrongly = case()
    rightly = case(question=GoldQuestion("2", "?", ()))
    for of in (citations.recall, citations.precision, contents.fact_recall, citations.right_passage):
        assert (of(wrongly), of(rightly)) == (0.0, None)
    assert citations.supported(wrongly) is None


def test_facts_words_and_repetitions_are_counted_in_the_sentences_alone() -> None:
    gold = GoldQuestion("1", "?", ("d1",), ("drie  Miljoen", "in juni"))
    found = case([("De brug kost drie miljoen.", (1,)), ("De brug kost drie miljoen.", (1,))], question=gold)
    assert contents.fact_recall(found) == 0.5
    assert contents.all_facts(found) == 0.0
    assert contents.length(found) == 10
    assert contents.redundancy(found) == pytest.approx(3 / 8)  # of eight trigrams the last three were said before
    assert contents.k_precision(found) == 1.0
    assert contents.k_precision(case([("De brug kost niets.", (1,))])) == pytest.approx(3 / 4)


def test_citations_outside_the_gold_documents_are_wrong_and_so_is_every_citation_of_a_question_in_vain() -> None:
    assert citations.wrong_document(case([("zin", (1, 2, 3))])) == pytest.approx(2 / 3)
    assert citations.wrong_document(case([("zin", (1, 2))], question=GoldQuestion("2", "?", ()))) == 1.0


def answered(kind: str = "answerable", facts: bool = True, status: Status = "answered", vain: bool = False) -> Case:
    gold = GoldQuestion("1", "?", () if vain else ("d1",), () if vain else ("drie miljoen",), kind)
    return case([("De brug kost drie miljoen." if facts else "Geen idee.", (1,))], question=gold, status=status)


def refused(kind: str = "answerable", vain: bool = False) -> Case:
    return case(question=GoldQuestion("1", "?", () if vain else ("d1",), ("x",), kind), status="unanswerable")


def test_refusal_is_measured_as_trust_eval_does() -> None:
    # Ten questions, four in vain: three of these and one other are refused.
    cases = [refused("v", vain=True)] * 3 + [answered("v", vain=True)] + [refused()] + [answered()] * 5
    assert refusal.refusal_precision(cases) == 3 / 4
    assert refusal.refusal_recall(cases) == 3 / 4
    assert refusal.refusal_f1(cases) == 3 / 4
    assert refusal.answering_f1(cases) == pytest.approx(5 / 6)  # of six answers five, and five of six
    assert refusal.macro_f1(cases) == pytest.approx((3 / 4 + 5 / 6) / 2)


def test_crag_gives_a_point_for_right_none_for_silence_and_takes_one_for_wrong() -> None:
    cases = [answered(), refused(vain=True), refused(), answered(facts=False), answered(vain=True)]
    assert refusal.crag(cases) == pytest.approx((1 + 1 + 0 - 1 - 1) / 5)


def test_refusing_everything_gives_the_macro_f1_that_the_share_in_vain_foretells() -> None:
    for vain in (1, 3, 7):
        share = vain / 10
        cases = [refused(vain=True)] * vain + [refused()] * (10 - vain)
        assert refusal.macro_f1(cases) == pytest.approx(share / (1 + share))


def test_near_misses_are_counted_apart_from_what_is_far_off() -> None:
    near, far = answered("other-year", vain=True), answered("off-topic", vain=True)
    assert (refusal.false_answer(near), refusal.far_answer(near)) == (1.0, None)
    assert (refusal.false_answer(far), refusal.far_answer(far)) == (None, 1.0)


def test_partial_question_is_right_only_when_its_part_is_given_and_the_rest_is_said_to_be_missing() -> None:
    assert refusal.partial_right(answered("partial", status="partial")) == 1.0
    assert refusal.partial_right(answered("partial", status="answered")) == 0.0
    assert refusal.partial_right(answered("partial", status="partial", facts=False)) == 0.0
    assert refusal.partial_claimed(answered("answerable", status="partial")) == 0.0


def test_refusal_of_what_was_found_is_told_from_refusal_of_what_was_not() -> None:
    found = replace(refused(), found=("d9#x", "d1#vraag-1"))
    assert refusal.refused_though_found(found) == 1.0
    assert refusal.refused_though_found(replace(found, found=("d9#x",))) is None
    assert refusal.refused_answerable(replace(found, found=())) == 1.0


CHANCES, TRUTH = [0.9, 0.8, 0.8, 0.3, 0.1], [True, True, False, True, False]


def test_risk_coverage_area_is_the_mean_of_the_risks_worked_out_by_hand() -> None:
    # After 1: 0. The two at .8 carry half an error each: .5/2, then 1/3. Then 1/4 and 2/5.
    risks = [0, 0.25, 1 / 3, 0.25, 0.4]
    assert [risk for _, risk in curves.risk_coverage(CHANCES, TRUTH)] == pytest.approx(risks)
    assert curves.aurc(CHANCES, TRUTH) == pytest.approx(sum(risks) / 5)


def test_chances_are_measured_as_scikit_learn_does() -> None:
    metrics = pytest.importorskip("sklearn.metrics", reason="scikit-learn is not installed")
    assert curves.auroc(CHANCES, TRUTH) == pytest.approx(metrics.roc_auc_score(TRUTH, CHANCES))
    assert curves.brier(CHANCES, TRUTH) == pytest.approx(metrics.brier_score_loss(TRUTH, CHANCES))


def test_calibration_error_is_the_weighed_gap_of_each_bin() -> None:
    # Bins: .9 (1 of 1), .8 (1 of 2), .3 (1 of 1), .1 (0 of 1).
    assert curves.ece(CHANCES, TRUTH) == pytest.approx((0.1 + 2 * 0.3 + 0.7 + 0.1) / 5)
    assert curves.ece([], []) is None


def test_a_chance_that_is_always_right_has_no_error_and_the_least_area() -> None:
    truth = [True] * 6 + [False] * 4
    assert curves.ece([1.0] * 6 + [0.0] * 4, truth) == 0.0
    assert curves.auroc([1.0] * 6 + [0.0] * 4, truth) == 1.0
    assert curves.aurc([1.0] * 6 + [0.0] * 4, truth) == pytest.approx((1 / 7 + 2 / 8 + 3 / 9 + 4 / 10) / 10)
    assert curves.aurc([0.0] * 6 + [1.0] * 4, truth) == pytest.approx((4 + sum(4 / n for n in range(5, 11))) / 10)
