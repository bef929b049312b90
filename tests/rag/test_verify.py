"""The judge by rules: what may be said otherwise, and what may not be changed."""

from __future__ import annotations

import pytest

from index.language import LANGUAGES
from index.values import Passage
from rag.numbers import numbers_of
from rag.verify import RuleJudge

TEXT = (
    "De gemeente heeft besloten de brug te vervangen. "
    "Het werk kost 3,4 miljoen euro en duurt ten hoogste acht maanden. "
    "De provincie betaalt daarvan twee derde. De brug gaat op 6 maart 2026 open, maar niet voor vrachtwagens. "
    "De wethouder onderzoekt of de winkeliers een vergoeding kunnen krijgen. Sommige omwonenden maken zich zorgen. "
    "In zone A is parkeren niet toegestaan. Een op de vijf bewoners heeft geen auto."
)
PASSAGE = Passage("p", "d", "1. Brug", TEXT, 0, len(TEXT))

SAID_OTHERWISE = [
    "Het werk kost € 3.400.000 en duurt maximaal 8 maanden.",
    "De provincie betaalt tweederde daarvan.",
    "De brug gaat open op 06-03-2026.",
    "De brug opent op 6 maart 2026.",
    "Parkeren is in zone A verboden.",
    "20 procent van de bewoners heeft geen auto.",
    "De gemeente besloot de brug te vervangen.",
]
CHANGED = {
    "number": "Het werk kost 4,3 miljoen euro.",
    "unit": "Het werk duurt ten hoogste acht weken.",
    "bound": "Het werk duurt ten minste acht maanden.",
    "share": "De provincie betaalt daarvan een derde.",
    "day": "De brug gaat op 7 maart 2026 open.",
    "month": "De brug gaat op 06-04-2026 open.",
    "year": "De brug gaat op 6 maart 2027 open.",
    "name": "In zone B is parkeren niet toegestaan.",
    "negation": "In zone A is parkeren toegestaan.",
    "role": "De provincie heeft besloten de brug te vervangen.",
    "certainty": "De winkeliers krijgen een vergoeding.",
    "decision": "De wethouder heeft besloten dat de winkeliers een vergoeding krijgen.",
    "stance": "De gemeente overweegt de brug te vervangen.",
    "quantity": "Alle omwonenden maken zich zorgen.",
    "addition": "De brug gaat op 6 maart 2026 feestelijk open met vuurwerk.",
    "topic": "De bibliotheek is op zondag gesloten.",
}


@pytest.mark.parametrize("sentence", SAID_OTHERWISE)
def test_the_same_said_otherwise_is_supported(sentence: str) -> None:
    verdict = RuleJudge().judge(sentence, PASSAGE)
    assert verdict.support == "supported", verdict.reasons


@pytest.mark.parametrize("sentence", CHANGED.values(), ids=CHANGED.keys())
def test_what_was_changed_is_not_supported(sentence: str) -> None:
    verdict = RuleJudge().judge(sentence, PASSAGE)
    assert verdict.support == "unsupported"
    assert verdict.reasons


def test_reasons_are_given_in_the_language_of_the_reader() -> None:
    reasons = {RuleJudge(language).judge(CHANGED["number"], PASSAGE).reasons for language in LANGUAGES}
    assert len(reasons) == 2


def test_sentences_that_follow_each_other_are_verbatim_together() -> None:
    verdict = RuleJudge().judge(TEXT[: TEXT.index(" De brug gaat")], PASSAGE)
    assert verdict.support == "verbatim"


def test_only_the_answer_supports_and_not_the_question() -> None:
    text = "Klopt het dat de brug wordt gesloopt? Nee."
    asked = Passage("p", "d", "vraag 1", text, 0, len(text), (1,), text[:37], "Nee.", 38)
    assert RuleJudge().judge("De brug wordt gesloopt.", asked).support == "unsupported"


def test_an_empty_sentence_and_an_empty_passage_are_not_supported() -> None:
    empty = Passage("p", "d", "", "", 0, 0)
    assert RuleJudge().judge("...", PASSAGE).support == "unsupported"
    assert RuleJudge().judge("De brug gaat open.", empty).support == "unsupported"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("6 maart 2023", "06-03-2023"),
        ("2023-03-06", "6 maart 2023"),
        ("twee derde van de leden", "2 op de 3 leden"),
        ("driekwart", "75%"),
        ("een op de vijf", "20 procent"),
        ("€ 1,4 miljoen", "1.400.000 euro"),
        ("acht en een half jaar", "8,5 jaar"),
        ("een half jaar", "zes maanden"),
        ("vijfentwintig", "25"),
    ],
)
def test_numbers_written_otherwise_have_the_same_value(one: str, other: str) -> None:
    mine, theirs = ({(n.sort, round(n.value, 2)) for n in numbers_of(text)} for text in (one, other))
    assert mine == theirs
