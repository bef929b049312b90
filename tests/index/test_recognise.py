"""Understanding documents: headings, references, joined lines, notes, metadata."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from index.documents import read_document
from index.read.source import Line
from index.recognise.dates import find_date, parliamentary_year
from index.recognise.head import parse_head
from index.recognise.join import Vocabulary, join
from index.recognise.numbers import label, parse_heading, parse_numbers
from index.recognise.people import parse_askers, parse_officials
from index.recognise.references import find_references
from index.recognise.spaces import restore_spaces
from index.recognise.topics import split_topics
from index.values import Asker, Official, Reading


def words(text: str) -> int:
    return len(text.split())


def read_text(tmp_path: Path, text: str) -> Reading:
    path = tmp_path / "document.txt"
    path.write_text(text, encoding="utf-8")
    return read_document(path, "document.txt", words)


@pytest.mark.parametrize(
    ("line", "kind", "numbers"),
    [
        ("Vraag 1", "question", (1,)),
        ("Vraag 2 en 3 ", "question", (2, 3)),
        ("Antwoord 7, 8, 9 10 en 11", "answer", (7, 8, 9, 10, 11)),
        ("Antwoord 2 t/m 6", "answer", (2, 3, 4, 5, 6)),
        ("Antwoord op vraag 3 en 4", "answer", (3, 4)),
        ("Antwoord vraag 4-7:", "answer", (4, 5, 6, 7)),
        ("Antwoord vragen 1,2,3,4 en 5", "answer", (1, 2, 3, 4, 5)),
        ("Antwoorden 5 en 6", "answer", (5, 6)),
        ("Antwoord op de vragen 1 tot en met 3:", "answer", (1, 2, 3)),
        ("Vraag 1, 2, 3 en 5", "question", (1, 2, 3, 5)),
        ("Antwoord", "answer", ()),
        ("Antwoord:", "answer", ()),
    ],
)
def test_heading_of_every_form_gives_its_numbers(line: str, kind: str, numbers: tuple[int, ...]) -> None:
    heading = parse_heading(line)
    assert heading is not None
    assert (heading.kind, heading.numbers) == (kind, numbers)


@pytest.mark.parametrize(
    "line",
    [
        "Vraag 3 gaat over de begroting.",
        "Antwoord van Minister Veldkamp (Buitenlandse Zaken) (ontvangen",
        "Vragen van het lid Boswijk (CDA) aan de Minister",
        "Antwoord 3 is lang geleden gegeven",
        "Vragen",
        "",
    ],
)
def test_sentence_is_no_heading(line: str) -> None:
    assert parse_heading(line) is None


def test_text_after_the_colon_of_a_heading_is_found() -> None:
    heading = parse_heading("Antwoord vraag 12: Ja.")
    assert heading is not None
    assert "Antwoord vraag 12: Ja."[heading.rest :] == "Ja."


def test_label_names_all_numbers() -> None:
    assert [label(numbers) for numbers in ((4,), (2, 3), (3, 4, 5))] == ["vraag 4", "vraag 2 en 3", "vraag 3, 4 en 5"]
    assert parse_numbers("2 t/m 4 en 7") == (2, 3, 4, 7)


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ("Zie antwoord vraag 2.", (2,)),
        ("Ja. Zie ook het antwoord op vraag 1 en 3.", (1, 3)),
        ("Zie antwoord 3.", (3,)),
        ("Zie vraag 4.", (4,)),
        ("Zoals aangegeven bij vraag 1 had het college dat liever gezien.", (1,)),
        ("Ik verwijs u naar de antwoorden op de vragen 2, 3 en 4.", (2, 3, 4)),
        ("Zoals in mijn beantwoording op vragen 1 en 5 vermeld, volgt dit.", (1, 5)),
        ("Zie mijn antwoord bij vraag 3.", (3,)),
        ("Zie het antwoord opvraag 3 en verderhet antwoord op vraag 2.", (3, 2)),
        ("Zie de vragen 2 tot en met 4.", (2, 3, 4)),
        ("Ik beantwoord deze vraag in samenhang met vraag 5.", (5,)),
        ("Zie het antwoord op de vorige vraag.", (7,)),
        ("Zie hierboven.", (7,)),
        ("Zie het antwoord op vraag 8.", ()),
        ("In totaal vroegen 3 mensen om 4 dingen op 5 mei.", ()),
        ("Hierover is op 3 mei de vraag 2 keer gesteld door bewoners.", ()),
        ("Zie het antwoord op vraag 3 van het lid Visser (Aanhangsel Handelingen, nr. 12).", ()),
        ("Zie het antwoord op vraag 2 van de schriftelijke vragen van 3 mei.", ()),
        ("Zie de antwoorden op eerdere vragen 1 en 2.", ()),
        ("Dat staat in het antwoord op vraag 4 (Kamerstuk 28 638, nr. 214).", ()),
    ],
)
def test_reference_is_found_in_every_wording_and_never_for_another_document(
    answer: str, found: tuple[int, ...]
) -> None:
    assert find_references(answer, (8,), range(1, 9))[0] == found


def test_reference_to_a_missing_question_is_reported_and_not_followed(tmp_path: Path) -> None:
    reading = read_text(
        tmp_path,
        "AH 12\n2024Z00001\nAntwoord van minister De Boer (Financiën) (ontvangen 3 mei 2024)\n\n"
        "Vraag 1\nWat kost dit?\n\nAntwoord 1\nZie het antwoord op vraag 9.\n",
    )
    assert reading.passages[0].refers_to == ()
    assert len(reading.warnings) == 1 and "vraag 9" in reading.warnings[0]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["de mogelijke mensen-", "handel is groot"], "de mogelijke mensenhandel is groot"),
        (["mensenhandel en", "-smokkel"], "mensenhandel en -smokkel"),
        (["op zon-", "en feestdagen"], "op zon- en feestdagen"),
        (["het COA-", "personeel"], "het COA-personeel"),
        (["de Secretaris-", "Generaal"], "de Secretaris-Generaal"),
        (["de drone\ufffe", "exploitant"], "de drone-exploitant"),
        (["het jeugd\ufffe", "beleid"], "het jeugdbeleid"),
        (["een e-", "bike"], "een e-bike"),
        (["  twee   spaties ", " en meer"], "twee spaties en meer"),
    ],
)
def test_line_ends_are_joined_as_dutch_is_spelled(lines: list[str], expected: str) -> None:
    source = [Line(text) for text in lines]
    assert join(source, Vocabulary(source)).text == expected


def test_hyphen_at_a_line_end_is_decided_by_the_words_of_the_document() -> None:
    source = [Line("het radicaal-linkse plan"), Line("een radicaal-"), Line("linkse koers")]
    assert join(source[1:], Vocabulary(source)).text == "een radicaal-linkse koers"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "namens deMobiliteitsalliantie gezet.Het is jaar,die",
            "namens de Mobiliteitsalliantie gezet. Het is jaar, die",
        ),
        ("(ontvangen 18 november2024)", "(ontvangen 18 november 2024)"),
        ("zie www.site.nl/a,b en iPhone of CoMensha, 1,5 en (her)keuring", None),
        ("de GroenLinks-fractie en het McDonald-logo op 21.00 uur", None),
    ],
)
def test_lost_space_is_restored_only_where_certain(text: str, expected: str | None) -> None:
    line = [Line(text)]
    assert restore_spaces(join(line, Vocabulary(line))).text == (expected or text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("met het doel contactmag er zijn, contact", "met het doel contact mag er zijn, contact"),
        ("volgens hetkabinet is dit volksgezond-heid", "volgens het kabinet is dit volksgezondheid"),
        ("opgroeien, voorstellen, schadeafhandeling, drone-exploitant en anti-witwasbeleid", None),
    ],
)
def test_words_run_together_are_parted_only_where_no_compound_can_be_meant(text: str, expected: str | None) -> None:
    line = [Line(text)]
    found = Vocabulary(line)
    assert restore_spaces(join(line, found), found).text == (expected or text)


def test_askers_keep_their_party_in_every_form() -> None:
    text = "Sneller , Bamenga (beiden D66), Gabriëls (GroenLinks-PvdA) en Kostic´ (PvdD)"
    assert parse_askers(text) == (
        Asker("Sneller", "D66"),
        Asker("Bamenga", "D66"),
        Asker("Gabriëls", "GroenLinks-PvdA"),
        Asker("Kostić", "PvdD"),
    )
    assert parse_askers("raadslid (Partij A)") == (Asker("raadslid", "Partij A"),)


def test_officials_are_those_who_answered_and_then_without_name_those_in_whose_name() -> None:
    text = (
        "Minister De Jonge (Binnenlandse Zaken) en van Staatssecretaris Maas (Financiën), mede namens de "
        "Staatssecretarissen van Volksgezondheid, Welzijn en Sport en van Justitie en Veiligheid, en de Minister voor "
        "Natuur en Stikstof"
    )
    assert parse_officials(text) == (
        Official("De Jonge", "minister", "Binnenlandse Zaken"),
        Official("Maas", "staatssecretaris", "Financiën"),
        Official(None, "staatssecretaris", "Volksgezondheid, Welzijn en Sport"),
        Official(None, "staatssecretaris", "Justitie en Veiligheid"),
        Official(None, "minister", "Natuur en Stikstof"),
    )


def test_dates_that_cannot_be_are_no_dates() -> None:
    assert find_date("op 31 februari 2009") is None
    assert find_date("(ontvangen 3 mrt 2020)") == date(2020, 3, 3)
    assert [parliamentary_year(date(2024, month, 20)) for month in (8, 11)] == ["20232024", "20242025"]


def test_topics_without_commas_are_told_apart() -> None:
    assert split_topics("afval natuur en milieu organisatie en beleid") == (
        "afval",
        "natuur en milieu",
        "organisatie en beleid",
    )
    assert split_topics("nieuw onderwerp recht") == ("nieuw onderwerp", "recht")


WORD = """AH 604
2024Z18294
Antwoord van minister De Boer (Justitie en Veiligheid), mede namens minister Maas (ontvangen 20 november 2024)
Zie ook Aanhangsel Handelingen, vergaderjaar 2024-2025, nr. 461

1. Kent u het bericht? 1)

Antwoord vraag 1:
Ja. Er zijn drie redenen:
1. de kosten;
2. de tijd;
3. de ruimte.

2. Klopt het dat dit
lang duurt?

3. Zo ja, waarom?

Antwoord vraag 2-3:
Nee. Zie antwoord vraag 1.

1) Krant, 1 november 2024

Toelichting:
Deze vragen vullen eerdere vragen aan.
"""


def test_word_file_with_numbered_questions_is_understood(tmp_path: Path) -> None:
    reading = read_text(tmp_path, WORD)
    document = reading.document
    assert (document.document, document.case, document.number) == ("ah-tk-20242025-604", "2024Z18294", "604")
    assert document.answered == date(2024, 11, 20)
    assert [passage.label for passage in reading.passages] == ["vraag 1", "vraag 2 en 3", "toelichting"]
    first, second, third = reading.passages
    assert first.question == "Kent u het bericht?" and first.notes == {"1": "Krant, 1 november 2024"}
    assert first.answer == "Ja. Er zijn drie redenen:\n1. de kosten;\n2. de tijd;\n3. de ruimte."
    assert second.question == "Klopt het dat dit lang duurt?\nZo ja, waarom?"
    assert second.answer == "Nee. Zie antwoord vraag 1." and second.refers_to == (1,)
    assert third.answer is None and third.text.startswith("Deze vragen vullen")


EXPORT = """Kamervraag 2024Z00002

Over de haven

Ingediend 3 mei 2024
Beantwoord 1 juni 2024 (na 29 dagen)
Indiener Els Maas (Partij)
Beantwoord door Jan Boer (minister financiën) (Partij)
Onderwerpen economie
Bron vraag https://zoek.officielebekendmakingen.nl/kv-tk-2024Z00002.html
Bron antwoord https://zoek.officielebekendmakingen.nl/ah-tk-20232024-77.html
 • Vraag 1
  Wat kost de haven?

  Veel.

 • Vraag 2
  Wie betaalt dat?

  De gemeente.

 • Vraag 3
  En wanneer?

  Zie antwoord vraag 1.

 • Vraag 4
  Is dat al zeker?

  Zie het antwoord op vraag 2.

Kamervraag document nummer: kv-tk-2024Z00002
Kamerantwoord document nummer: ah-tk-20232024-77
"""


def test_far_question_of_a_joined_answer_stands_in_its_context(tmp_path: Path) -> None:
    reading = read_text(tmp_path, EXPORT)
    first, second, fourth = reading.passages
    assert (first.label, first.numbers, first.answer) == ("vraag 1 en 3", (1, 3), "Veel.")
    assert first.context == "En wanneer?" and first.question == "Wat kost de haven?\nEn wanneer?"
    assert first.text == "Wat kost de haven?\n\nVeel."
    assert second.numbers == (2,)
    # Another wording is the minister's own: a passage of its own that refers to the other.
    assert (fourth.numbers, fourth.refers_to, fourth.answer) == ((4,), (2,), "Zie het antwoord op vraag 2.")


def test_same_words_outside_an_export_stay_a_passage_of_their_own(tmp_path: Path) -> None:
    reading = read_text(
        tmp_path,
        "AH 12\n2024Z00001\nAntwoord van minister De Boer (Financiën) (ontvangen 3 mei 2024)\n\n"
        "Vraag 1\nWat kost dit?\nAntwoord 1\nVeel.\nVraag 2\nHoeveel?\nAntwoord 2\nZie antwoord vraag 1.\n",
    )
    assert [(p.numbers, p.refers_to) for p in reading.passages] == [((1,), ()), ((2,), (1,))]


PRINT = """Tweede Kamer der Staten-Generaal2
Vergaderjaar 2024–2025 Aanhangsel van de Handelingen
Vragen gesteld door de leden der Kamer, met de daarop door de
regering gegeven antwoorden
575
Vragen van het lid De Wit (Partij) aan de Minister van Buitenlandse Zaken
over de top (ingezonden 24 oktober 2024).
Antwoord van Minister De Boer (Buitenlandse Zaken) (ontvangen
18 november 2024).
Vraag 1
Kent u het bericht over de top, waarin wordt gezegd dat er 911 mensen waren en dat niemand wist wie er nogmeer kwam?
1
Antwoord 1
Ja. Het verslag is af en ik heb het gelezen. De bijeenkomst had een vrij
1Krant, 23 oktober 2024

ah-tk-20242025-575
ISSN 0921 - 7398’s-Gravenhage 2024Tweede Kamer, vergaderjaar 2024–2025, Aanhangsel 1
normaal verloop.
2 Dat kostte 2 miljoen.
2Zie het verslag.
Tweede Kamer, vergaderjaar 2024–2025, Aanhangsel 2
"""


def test_furniture_and_notes_in_mid_sentence_are_taken_out_and_numbers_kept(tmp_path: Path) -> None:
    reading = read_text(tmp_path, PRINT)
    (passage,) = reading.passages
    assert reading.document.document == "ah-tk-20242025-575" and reading.document.number == "575"
    assert passage.answer is not None
    assert passage.answer.endswith("De bijeenkomst had een vrij normaal verloop. Dat kostte 2 miljoen.")
    assert passage.notes == {"1": "Krant, 23 oktober 2024", "2": "Zie het verslag."}
    assert "911" in passage.text and "vergaderjaar" not in passage.text
    assert "Krant" not in passage.text and reading.text.endswith("Zie het verslag.")


def test_head_of_an_export_alone_is_read_as_a_page(tmp_path: Path) -> None:
    head = EXPORT.split(" • Vraag 1", maxsplit=1)[0]
    reading = read_text(tmp_path, head + "\nDe rest van het bestand ontbreekt.\n")
    assert reading.document.kind == "page" and reading.passages


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("Geachte voorzitter, het bedrag voor de gemeente is 98.765 euro.", True),
        ("Geachte voorzitter het gaat om de brug.", True),
        ("Geachte mevrouw,", False),
        ("Geachte voorzitter, geachte leden,", False),
        ("Geachte heer/mevrouw", False),
    ],
)
def test_only_a_line_that_only_greets_is_left_out(tmp_path: Path, line: str, kept: bool) -> None:
    passages = read_text(tmp_path, f"{line}\nDe rest van de brief gaat over de brug.\n").passages
    assert any(line in passage.text for passage in passages) is kept


@pytest.mark.parametrize(
    "text",
    [
        "AH 12\n2023Z00012\nAntwoord van minister Maas (Financiën) (ontvangen 31 februari 2023)\n\n"
        "Vragen van het lid Vos (A) aan de minister van Financiën over bomen (ingezonden 30 februari 2023).\n\n"
        "Vraag 1\nSinds wanneer?\n\nAntwoord 1\nSinds 3 mei 2021.\n",
        "2023Z00012\n(ingezonden 31 april 2023)\nVragen van het lid Vos (A) aan de minister van Financiën over iets\n\n"
        "1\nGeldt het sinds 3 mei 2021?\n",
        "AH 12\n2025Z00012\nMededeling van minister Maas (Financiën) (ontvangen 31 februari 2025)\n\n"
        "Op 29 februari jl. hebben de leden Vos (A) vragen gesteld over bomen. Dat kost meer tijd.\n",
        "Den Haag, 31 februari 2023\nUw brief, 3 mei 2021\n\nBetreft: bomen\n\nGeachte voorzitter,\n\n"
        "Op 4 mei 2021 vroeg u naar bomen.\n\nHoogachtend,\n\nDe minister van Financiën,\n",
        "Bomen in de stad\n\nLaatst gewijzigd op 31 februari 2023\n\nEr geldt een regel sinds 3 mei 2021.\n",
        "Kamervraag 2023Z00012\n\nBomen\n\nIngediend 31 februari 2023\nBeantwoord 32 mei 2023 (na 20 dagen)\n"
        "Indiener Maas (BBB)\n\n• Vraag 1\n\nSinds wanneer?\n\nSinds 3 mei 2021.\n",
    ],
)
def test_an_impossible_day_is_kept_in_the_words_and_made_up_for_by_no_other(tmp_path: Path, text: str) -> None:
    path = tmp_path / "bomen.txt"
    path.write_text(text, encoding="utf-8")
    reading = read_document(path, path.name, len)
    document = reading.document
    assert (document.date, document.asked, document.answered) == (None, None, None)
    assert re.search(r"\b3[012] (?:februari|april|mei) 202\d", reading.text)


def test_a_29th_of_february_that_was_not_is_no_day_of_another_year() -> None:
    notice = "Op 29 februari jl. hebben de leden Vos (A) vragen gesteld over bomen."
    days = {"3 maart 2025": None, "3 januari 2025": date(2024, 2, 29), "3 maart 2024": date(2024, 2, 29)}
    for answered, asked in days.items():
        head = parse_head(f"Mededeling van minister Maas (Financiën) (ontvangen {answered})", "", (), "", notice)
        assert head.asked == asked
