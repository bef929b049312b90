"""Grounding measures move as they should when an answer is made wrong on purpose."""

from __future__ import annotations

from dataclasses import replace

from eval.grounding import judge, measures
from eval.questions import GoldQuestion
from index.values import Document, Passage
from rag.values import Answer, Citation, Sentence

TEXT = "Vraag 5\nWanneer is het klaar?\n\nHet onderzoek is in 2021 klaar. Daarna volgt een brief."
QUOTE = "Het onderzoek is in 2021 klaar."
START = TEXT.index(QUOTE)
PASSAGE = Passage("ah-1#vraag-5", "ah-1", "vraag 5", TEXT, 0, len(TEXT), numbers=(5,))
DOCUMENT = Document("ah-1", "answer", "Een onderzoek", "a.txt")
GOLD = GoldQuestion("1", "Wanneer is het onderzoek klaar?", ("ah-1#vraag-5",), ("2021",))
NOTHING = GoldQuestion("2", "Wat kost een paspoort?", ())
RIGHT = Answer(
    "x",
    GOLD.question,
    "answered",
    sentences=(Sentence(QUOTE, (1,), "verbatim"),),
    citations=(Citation(1, PASSAGE, DOCUMENT, QUOTE, START, START + len(QUOTE)),),
)
REFUSED = Answer("y", NOTHING.question, "unanswerable")


class OneText:
    def text(self, document: str) -> str | None:
        return TEXT if document == "ah-1" else None


def values(*pairs: tuple[GoldQuestion, Answer]) -> dict[str, float | None]:
    return {m.name: m.value for m in measures([judge(q, a, OneText()) for q, a in pairs])}


def test_a_right_answer_and_a_right_refusal_score_full_marks() -> None:
    got = values((GOLD, RIGHT), (NOTHING, REFUSED))
    assert got == {
        "fact recall": 1.0,
        "right document cited": 1.0,
        "right passage cited": 1.0,
        "quotes literal": 1.0,
        "answerable refused": 0.0,
        "unanswerable refused": 1.0,
        "median words": 7,
    }


def test_a_changed_number_loses_the_fact() -> None:
    wrong = replace(RIGHT, sentences=(Sentence("Het onderzoek is in 2022 klaar.", (1,), "verbatim"),))
    assert values((GOLD, wrong))["fact recall"] == 0.0


def test_a_fact_in_the_citation_alone_does_not_count() -> None:
    wrong = replace(RIGHT, sentences=(Sentence("Daarna volgt een brief.", (1,), "verbatim"),))
    assert values((GOLD, wrong))["fact recall"] == 0.0


def test_a_shifted_quote_is_not_literal() -> None:
    wrong = replace(RIGHT, citations=(replace(RIGHT.citations[0], start=START + 1, end=START + 1 + len(QUOTE)),))
    assert values((GOLD, wrong))["quotes literal"] == 0.0


def test_a_citation_of_another_passage_is_the_right_document_but_not_the_right_passage() -> None:
    other = replace(PASSAGE, passage="ah-1#vraag-55")
    got = values((GOLD, replace(RIGHT, citations=(replace(RIGHT.citations[0], passage=other),))))
    assert (got["right document cited"], got["right passage cited"]) == (1.0, 0.0)


def test_a_later_piece_of_the_gold_passage_counts_as_that_passage() -> None:
    piece = replace(PASSAGE, passage="ah-1#vraag-5.2")
    assert (
        values((GOLD, replace(RIGHT, citations=(replace(RIGHT.citations[0], passage=piece),))))["right passage cited"]
        == 1.0
    )


def test_always_refusing_and_never_refusing_are_both_found() -> None:
    always = values((GOLD, replace(REFUSED, question=GOLD.question)), (NOTHING, REFUSED))
    assert (always["answerable refused"], always["fact recall"]) == (1.0, 0.0)
    never = values((GOLD, RIGHT), (NOTHING, replace(RIGHT, question=NOTHING.question)))
    assert never["unanswerable refused"] == 0.0
