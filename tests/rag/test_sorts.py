"""What is asked for is told from the question, and whether a sentence holds it."""

from __future__ import annotations

import pytest

from index.dutch import tokenise
from index.values import Document, Hit, Passage
from rag.evidence import gather
from rag.need import Sort, needs_of
from rag.rank import rank_lines
from rag.sorts import holds_sort, proper_names
from rag.sufficiency import features_of


class _NoReferences:
    """A snapshot of which no passage is asked for: the passages of these tests refer to none."""


@pytest.mark.parametrize(
    ("question", "sort"),
    [
        ("Hoeveel kost een parkeervergunning?", "money"),
        ("Wat kost een parkeervergunning?", "money"),
        ("Hoe duur is een parkeervergunning?", "money"),
        ("Wat zijn de kosten van een parkeervergunning?", "money"),
        ("Wat is de huurprijs van de woningen?", "money"),
        ("Hoe hoog is de boete?", "money"),
        ("Tot welk inkomen krijg ik toeslag?", "amount"),
        ("Hoeveel procent van de leerlingen slaagt?", "share"),
        ("Hoeveel leerlingen slagen er?", "number"),
        ("Hoe hoog mag een drone vliegen?", "number"),
        ("Hoe oud moet ik zijn?", "duration"),
        ("Hoe laat sluit de winkel?", "clock"),
        ("Op welke dag wordt het papier opgehaald?", "day"),
        ("Wanneer gaat de brug open?", "time"),
        ("Wie is de directeur van het fonds?", "name"),
        ("In welke landen bestaat het keurmerk?", "name"),
        ("Wie betaalt de brug?", "person"),
        ("Waar kan ik luiers kwijt?", "place"),
        ("Waar staat de afkorting voor?", "open"),
        ("Welke maatregelen neemt de gemeente?", "open"),
        ("Welke gevolgen heeft dat voor het bedrijf?", "open"),
        ("Wat heeft de provincie voor de brug betaald?", "money"),
        ("Wat gaat de nieuwe brug kosten?", "money"),
        ("Wat moet ik per maand betalen voor de brug?", "money"),
        ("Wat moet ik doen als ik de boete niet kan betalen?", "open"),
        ("Wat heeft de minister gezegd over de kosten?", "open"),
        ("Wat is een boete?", "meaning"),
        ("Hoe groot was de bijdrage van de provincie?", "money"),
        ("Wat wordt het nieuwe uurtarief?", "money"),
        ("Om welke reden ging de brug dicht?", "reason"),
        ("Wat was de aanleiding voor het onderzoek?", "reason"),
        ("Tussen welke tijden mag de brug open?", "clock"),
        ("Over welke jaren loopt het onderzoek?", "time"),
        ("Op welk nummer is de brugwachter te bereiken?", "contact"),
        ("Welk groot bedrijf bouwt de brug?", "firm"),
        ("Van welke twee bouwbedrijven is de brug?", "firm"),
        ("Welke onderneming bouwt de brug?", "firm"),
        ("Welke adviseurs keken ernaar?", "name"),
        ("Welke Afrikaanse landen doen mee?", "name"),
        ("Welke minister gaat over de brug?", "person"),
        ("Voor wie is de regeling?", "person"),
        ("Naar welke locatie gaat de school?", "place"),
    ],
)
def test_a_question_asks_for_the_sort_of_answer_that_its_words_say(question: str, sort: Sort) -> None:
    assert [need.sort for need in needs_of(question)] == [sort]


@pytest.mark.parametrize(
    ("sort", "text"),
    [
        ("money", "Het tarief is 54 euro per jaar."),
        ("money", "Er is € 750 miljoen beschikbaar."),
        ("money", "Het gebruik is gratis."),
        ("amount", "De grens ligt op 120 procent van het minimum."),
        ("number", "Er zijn zeven klassen."),
        ("day", "De wagen komt elke donderdagmiddag."),
        ("day", "De winkel opent op 3 maart."),
        ("clock", "De winkel sluit om 18.30 uur."),
        ("name", "De brug ligt bij Zwolle."),
        ("place", "Dat kan bij het loket."),
        ("person", "Daarover beslist de rechter."),
        ("number", "Hierover zijn geen cijfers bekend."),
    ],
)
def test_a_sentence_holds_the_sort_of_answer_asked_for(sort: Sort, text: str) -> None:
    assert holds_sort(text, sort)


@pytest.mark.parametrize(
    ("sort", "text"),
    [
        ("money", "Van de 640 woningen is 30 procent te huur."),
        ("money", "Dat geldt voor 4,6 miljoen mensen."),
        ("number", "4. Verbod op korte vluchten"),
        ("number", "Dat is op 6 maart 2023 besloten."),
        ("number", "Dat was in de zomer.1"),
        ("number", "Hij zit daar 21 uur per dag."),
        ("day", "Dat was in 2024."),
        ("name", "De gemeente beslist daarover."),
        ("clock", "De winkel sluit om half een."),
    ],
)
def test_a_sentence_without_the_sort_of_answer_asked_for_does_not_hold_it(sort: Sort, text: str) -> None:
    assert not holds_sort(text, sort)


@pytest.mark.parametrize(
    ("sort", "question", "text"),
    [
        ("time", "Wanneer was dat in 2023?", "In 2023 is dat gebeurd."),
        ("name", "Hoe heet de directeur van de haven van Delfzijl?", "De haven van Delfzijl heeft een directeur."),
        ("number", "Hoeveel van de 40 scholen doen mee?", "Er zijn 40 scholen."),
    ],
)
def test_what_the_question_says_itself_is_no_answer_to_it(sort: Sort, question: str, text: str) -> None:
    assert holds_sort(text, sort)
    assert not holds_sort(text, sort, frozenset(tokenise(question)))


def test_a_number_counts_what_is_asked_and_not_a_verb_a_difference_or_an_adjective() -> None:
    asked = {
        "Hoeveel geeft het land?": "",
        "Hoeveel minder methaan is er?": "",  # "30 procent" is an answer, and counts no methane
        "Hoeveel lager valt de bijdrage uit?": "",
        "Hoeveel nieuwe banen komen er?": "banen",
        "Hoeveel sociale huurwoningen komen er?": "huurwoningen",
        "Hoeveel zilveren munten zijn er geslagen?": "munten",
        "Hoeveel olie verbruikte het land?": "olie",
    }
    assert {question: needs_of(question)[0].counted for question in asked} == asked


@pytest.mark.parametrize(
    ("question", "text", "counts"),
    [
        ("Hoeveel bomen verdwijnen er?", "Er worden negen bomen gekapt.", True),
        ("Hoeveel onderzoeken liepen er?", "Het totaal aantal onderzoeken dat liep is 911.", True),
        ("Hoeveel consumenten weten dat?", "Daarvan weet 80% van de consumenten iets.", True),
        ("Hoeveel bomen verdwijnen er?", "Een boom staat in een van de negen straten.", False),
        ("Hoeveel bomen verdwijnen er?", "Het aantal bomen neemt af.", False),
    ],
)
def test_what_a_number_counts_stands_behind_it_or_behind_the_word_aantal(
    question: str, text: str, counts: bool
) -> None:
    passage = Passage("a#1", "a", "1", text, 0, len(text))
    found = gather(_NoReferences(), [Hit(1.0, passage, Document("a", "page", "", "a"))])  # type: ignore[arg-type]
    best = rank_lines(needs_of(question)[0], found.sources)[0]
    assert (best.features["counted"] > 0.5) is counts


@pytest.mark.parametrize(
    ("question", "text", "held"),
    [
        ("In welke landen bestaat het keurmerk?", "Dat bestaat ook in Frankrijk en de Verenigde Staten.", True),
        ("In welke landen bestaat het keurmerk?", "Dat bestaat sinds de Schijf van Vijf.", False),
        ("Hoe heet de directeur van het fonds?", "Dat zei mevrouw Terpstra.", True),
        ("Hoe heet de gezant voor Jemen?", "Dat zei de gezant voor Jemen Anna Terpstra.", True),
        ("Hoe heet de directeur van het fonds?", "Dat staat in de Ankerwet.", False),
        ("Hoe heet de wet?", "Dat staat in de Ankerwet.", True),
        ("Welke adviseurs keken ernaar?", "Het Landelijk Kwaliteitskader is daarop gebaseerd.", False),
        ("Welk bedrijf bouwt de brug?", "Dat doet Boskalis.", True),
        ("Welk bedrijf bouwt de brug?", "Dat doet het bedrijf TBK.", True),
        ("Welk bedrijf bouwt de brug?", "Dat beslist de Gezondheidsraad of de IGJ.", False),
        ("Welk bedrijf bouwt de brug?", "Dat is op Koningsdag bekend in Nederland.", False),
        ("In welke gemeente ligt de brug?", "De brug ligt bij Delfzijl.", True),
        ("Hoe heet de regeling van de gemeente?", "Dat is de Algemene Verordening.", True),
        ("In welke gemeente ligt de brug?", "Dat staat in het Kwaliteitskader van de Nederlandse overheid.", False),
    ],
)
def test_a_country_a_town_a_firm_or_a_person_is_a_name_of_its_own_sort(question: str, text: str, held: bool) -> None:
    need = needs_of(question)[0]
    assert holds_sort(text, need.sort, need.said) is held


def test_a_letter_that_names_something_must_be_there_itself() -> None:
    terms = {term.token: term.exact for term in needs_of("Wat kost een vergunning in zone C?")[0].terms}
    assert terms["c"]


@pytest.mark.parametrize("question", ["Welk bedrijf bouwt de brug?", "Welke gemeente bouwt?", "Welke dag begint het?"])
def test_a_word_that_only_names_the_sort_of_a_visible_answer_is_light(question: str) -> None:
    terms = {term.token: term.light for term in needs_of(question)[0].terms}
    assert terms[tokenise(question)[1]]


def test_names_are_proper_where_no_common_word_is_part_of_them() -> None:
    assert proper_names("Dat zei Guterres tegen het Landelijk Overleg in Delfzijl.") == (
        frozenset({"guterres"}),
        frozenset({"delfzijl"}),
    )


@pytest.mark.parametrize(
    ("question", "text", "other"),
    [
        ("Hoeveel bruggen telt Rotterdam?", "Dat zijn er 911 in Amsterdam.", 1.0),
        ("Hoeveel bruggen telt Rotterdam?", "Dat zijn er 911 in Rotterdam, meer dan in Amsterdam.", 0.0),
        ("Hoeveel bruggen telt Rotterdam?", "Dat zijn er 911 in de gemeente.", 0.0),
        ("Hoeveel bruggen zijn er?", "Dat zijn er 911 in Amsterdam.", 0.0),
    ],
)
def test_another_name_than_the_one_asked_for_is_seen(question: str, text: str, other: float) -> None:
    passage = Passage("a#1", "a", "1", text, 0, len(text))
    found = gather(_NoReferences(), [Hit(1.0, passage, Document("a", "page", "", "a"))])  # type: ignore[arg-type]
    need = needs_of(question)[0]
    assert features_of(need, rank_lines(need, found.sources))["other_name"] == other
