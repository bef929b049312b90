"""Question sets are checked against the documents and each other; drafts are made, judged, and become such a set."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from eval.draft import propose, read_proposals, review, write_proposals
from eval.draft_rules import other_year, turned
from eval.question_sets import check, schema
from eval.questions import QuestionsError, load_questions
from eval.whole import Product
from index.store import Store
from rag.scripted import ScriptedModel

DATA = Path(__file__).resolve().parent.parent.parent / "eval" / "data"
GOLD = "voorbeeld-ah-2024-26#vraag-1"


def line(**fields: object) -> str:
    values = {"id": "a", "question": "Hoe lang duurt de hulp aan jongeren?", "gold": [GOLD], "facts": ["19 weken"]}
    return json.dumps(values | fields, ensure_ascii=False)


def faults(product: Product, folder: Path, **files: list[str]) -> list[str]:
    paths = []
    for name, lines in files.items():
        paths.append(folder / f"{name}.jsonl")
        paths[-1].write_text("\n".join(lines) + "\n", encoding="utf-8")
    return [fault.key for fault in check(paths, product.snapshot.passages)[0]]


def test_bundled_sets_are_without_fault_and_share_no_question(product: Product) -> None:
    names = ("samples-questions", "samples-closed", "samples-conversations")
    found, count = check([DATA / f"{name}.jsonl" for name in names], product.snapshot.passages)
    assert [fault.say("nl") for fault in found] == []
    assert count == 45 + 46 + 19


@pytest.mark.real
@pytest.mark.parametrize(
    "names",
    [
        ("seeds-questions", "answers-*"),
        ("rewordings-*", "english-*"),
    ],
)
def test_sets_over_the_real_documents_that_are_closed_share_no_question_with_another(
    shared: Path, names: tuple[str, ...]
) -> None:
    assert shared.is_dir()
    files = [path for name in names for path in sorted(DATA.glob(f"{name}.jsonl"))]
    found, count = check(files, lambda _: ())
    # Two sets that are both developed on may share a question; nothing may stand in a closed one as well.
    closed = [fault.say("nl") for fault in found if fault.key in ("duplicate", "leak", "id", "field")]
    assert count > 90
    assert [sentence for sentence in closed if "report" in sentence or "closed" in sentence] == []


def test_a_right_line_has_no_fault(product: Product, tmp_path: Path) -> None:
    assert faults(product, tmp_path, a=[line()]) == []


@pytest.mark.parametrize(
    ("wrong", "key"),
    [
        (line(gold=["voorbeeld-ah-2024-26#vraag-99"]), "gold"),
        (line(gold=["nergens"]), "gold"),
        (line(facts=["20 weken"]), "fact"),
        (line(facts=[]), "no_fact"),
        (line(gold=[]), "vain_facts"),
        (line(question="x"), "field"),
        (line(question=3), "field"),
        (line(naam="x"), "field"),
        ("{", "field"),
    ],
)
def test_each_fault_of_a_line_is_named(wrong: str, key: str, product: Product, tmp_path: Path) -> None:
    assert key in faults(product, tmp_path, a=[wrong])


def test_the_same_question_twice_is_a_duplicate_and_in_two_sets_a_leak(product: Product, tmp_path: Path) -> None:
    again = line(id="b", question="Hoe lang duurt die hulp voor de jongeren?")
    assert faults(product, tmp_path, a=[line(), again]) == ["duplicate"]
    assert faults(product, tmp_path, a=[line()], b=[again]) == ["leak"]
    assert faults(product, tmp_path, a=[line(), line(question="Wat kost het bij de gemeente?")]) == ["id"]
    other = line(id="c", question="Duurt de hulp aan jongeren te lang?", gold=["voorbeeld-ah-2024-26#vraag-3"])
    assert "duplicate" not in faults(product, tmp_path, a=[line(), other])


def test_another_year_or_another_turn_before_it_makes_another_question(product: Product, tmp_path: Path) -> None:
    years = [line(id=str(y), question=f"Hoeveel kinderen wachtten er in {y}?") for y in (2023, 2024)]
    assert faults(product, tmp_path, a=years) == []
    turns = [
        line(id=topic, question="En in zone B?", history=[{"role": "user", "text": f"Wat kost {topic}?"}])
        for topic in ("parkeren", "afval")
    ]
    assert faults(product, tmp_path, a=turns) == []


def test_schema_names_every_field_and_refuses_others() -> None:
    found = schema()
    assert set(found["properties"]) == {"id", "question", "gold", "facts", "kind", "history"}
    assert found["additionalProperties"] is False
    assert set(found["required"]) == {"id", "question", "gold"}


@pytest.mark.parametrize(
    ("sentence", "question", "fact"),
    [
        (
            "In 2023 vroegen 1.140 huishoudens om hulp bij hun schulden.",
            "Hoeveel huishoudens vroegen in 2023 om hulp bij hun schulden?",
            "1.140 huishoudens",
        ),
        (
            "Op 1 maart 2024 was de gemiddelde wachttijd voor jeugdhulp 19 weken.",
            "Hoeveel weken was op 1 maart 2024 de gemiddelde wachttijd voor jeugdhulp?",
            "19 weken",
        ),
        (
            "De toeslagen kosten in 2025 samen 5,64 miljoen euro.",
            "Hoeveel euro kosten de toeslagen in 2025 samen?",
            "5,64 miljoen euro",
        ),
        (
            "De opvang gaat open op 1 april 2025 en blijft drie jaar.",
            "Wanneer gaat de opvang open?",
            "1 april 2025",
        ),
        ("De kosten zijn 410.000 euro per jaar.", "Hoeveel euro zijn de kosten per jaar?", "410.000 euro"),
    ],
)
def test_a_sentence_with_an_amount_or_a_date_is_turned_into_its_question(
    sentence: str, question: str, fact: str
) -> None:
    made = turned(sentence)
    assert made is not None
    assert (made.question, made.fact) == (question, fact)


@pytest.mark.parametrize(
    "sentence",
    [
        "Dat zijn er 165 meer dan in 2022.",  # who or what?
        "Zoals aangegeven komen er in 2025 twaalf bij.",
        "Hoeveel subsidie krijgt de bibliotheek in 2025?",
        "De raad besluit daarover.",
        "Bij een tweede keer volgt een boete van 120 euro.",
    ],
)
def test_a_sentence_that_makes_no_whole_question_is_left_alone(sentence: str) -> None:
    assert turned(sentence) is None


def test_another_year_is_one_of_which_the_document_does_not_speak() -> None:
    assert other_year("Hoeveel kostte het in 2023?", "in 2020 en 2023") == "Hoeveel kostte het in 2019?"
    assert other_year("Hoeveel kost het?", "") is None


@pytest.fixture
def proposals(product: Product, tmp_path: Path) -> Path:
    write_proposals(propose(product.snapshot, 12), tmp_path / "p.jsonl")
    return tmp_path / "p.jsonl"


def test_proposals_are_spread_over_the_documents_and_their_facts_are_literal(product: Product, proposals: Path) -> None:
    made = read_proposals(proposals)
    assert len(made) == 12
    assert len({proposal.passage.partition("#")[0] for proposal in made}) >= 8
    for proposal in made:
        held = product.snapshot.passage(proposal.passage)
        assert held is not None
        assert all(fact in held[0].body for fact in proposal.facts)
        assert proposal.question.endswith("?") and bool(proposal.gold) == bool(proposal.facts)
    assert made == propose(product.snapshot, 12)


def test_accepted_proposals_become_a_question_set_and_the_rest_waits(
    product: Product, proposals: Path, tmp_path: Path
) -> None:
    to, told = tmp_path / "vragen.jsonl", list[str]()
    said = iter(["j", "n", "v", "Wat staat er dan precies in het stuk?", "j", "a", "staat er niet", "s"])
    assert review(proposals, to, lambda _: next(said), told.append, "nl") == (2, 1, 9)
    assert any("niet letterlijk" in text for text in told)
    made = load_questions(to)
    assert len(made) == 2 and made[1].question == "Wat staat er dan precies in het stuk?"
    assert check([to], product.snapshot.passages)[0] == []
    assert review(proposals, to, lambda _: "n", told.append, "nl") == (2, 10, 0)
    assert len(load_questions(to)) == 2


def test_the_end_of_the_input_stops_the_review_and_loses_nothing(proposals: Path, tmp_path: Path) -> None:
    before = proposals.read_text(encoding="utf-8")
    assert review(proposals, tmp_path / "v.jsonl", lambda _: "", lambda _: None, "nl") == (0, 0, 12)
    assert proposals.read_text(encoding="utf-8") == before


def test_what_a_model_proposes_is_let_through_only_when_its_fact_is_literal_and_not_given_away(
    product: Product,
) -> None:
    asked = [
        {"vraag": "Hoeveel plaatsen komen er?", "feit": "150 plaatsen"},
        {"vraag": "Komen er 150 plaatsen?", "feit": "150 plaatsen"},
        {"vraag": "Hoeveel?", "feit": "honderdvijftig"},
    ]
    model = ScriptedModel([json.dumps({"vragen": asked})])
    made = propose(product.snapshot, 5, model)
    assert {(p.question, p.facts) for p in made} == {("Hoeveel plaatsen komen er?", ("150 plaatsen",))}
    assert propose(product.snapshot, 5, ScriptedModel(["Dat doe ik niet."])) == []


def test_a_line_that_is_no_proposal_is_named(tmp_path: Path) -> None:
    (tmp_path / "p.jsonl").write_text('{"id": "a"}\n', encoding="utf-8")
    with pytest.raises(QuestionsError, match=r"Regel 1 van .*p\.jsonl"):
        read_proposals(tmp_path / "p.jsonl")


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Path]:
    Store.create(tmp_path / "store")
    yield tmp_path / "store"


def test_a_store_without_documents_gives_no_proposals(empty: Path) -> None:
    with Store.open(empty).snapshot() as snapshot:
        assert propose(snapshot, 5) == []
