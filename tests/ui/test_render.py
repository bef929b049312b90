"""The HTML of answers and sources: what is shown, that the right words are marked, that nothing gets through."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from urllib.parse import unquote

import pytest

from index.language import LANGUAGES, catalogue, long_date
from index.values import Asker, Document, Official, Passage
from rag.values import Answer, Citation, Sentence, Status, Step, Suggestion
from ui.passages import Quoted, clip, marked, windows
from ui.render import announcement, collection, turn
from ui.sources import official_link, text_fragment
from ui.trace_table import duration

PAYLOADS = (
    "<script>window.broken = 1</script>",
    "<img src=x onerror=window.broken=1>",
    "\"><svg onload='window.broken=1'>",
    "[klik](javascript:window.broken=1)",
    "</article></div>\n\n<iframe src=//evil.example>",
    "{{7*7}} ${7*7} `x` <b onmouseover=x>",
)


def text_of(markup: str) -> str:
    """What a reader sees of HTML."""
    return html.unescape(re.sub(r"<[^>]+>", "", re.sub(r"<br>", "\n", markup)))


def marks(markup: str) -> list[str]:
    """The marked words, tags within them taken out."""
    return [text_of(found) for found in re.findall(r"<mark[^>]*>(.*?)</mark>", markup)]


def tags(markup: str) -> set[str]:
    return set(re.findall(r"<([a-z0-9]+)", markup))


@pytest.fixture
def plain_tags(whole: Answer) -> set[str]:
    """The tags of an answer that holds nothing hostile."""
    near = Suggestion(whole.citations[0].passage, d(url="https://x.nl"))
    return tags(turn(replace(whole, notices=("Let op.",), suggestions=(near,)), 1, "done", "nl"))


def d(**fields: object) -> Document:
    values: dict[str, object] = {"document": "ah-1", "kind": "answer", "title": "Titel", "source": "x"}
    return Document(**(values | fields))  # type: ignore[arg-type]


def test_each_sentence_is_followed_by_links_to_its_quotes(whole: Answer) -> None:
    shown = turn(whole, 2, "done", "nl")
    assert re.findall(r'class="cite verbatim" href="#(quote-2-\d)"', shown) == ["quote-2-1", "quote-2-2"]
    assert re.findall(r'<mark id="(quote-2-\d)"', shown) == ["quote-2-1", "quote-2-2"]


def test_exactly_the_quoted_words_are_marked(whole: Answer) -> None:
    assert marks(turn(whole, 1, "done", "nl")) == [citation.quote for citation in whole.citations]


def test_a_source_says_what_it_is_who_asked_who_answered_and_when(whole: Answer) -> None:
    shown = text_of(turn(whole, 1, "done", "nl"))
    for words in (
        "Antwoord op vragen over de fietsbrug",
        "vraag 5",
        "1751",
        "stand van 6 maart 2023",
        "een raadslid (Partij A)",
        "de wethouder (Verkeer)",
        "Open het officiële stuk",
    ):
        assert words in shown


def test_citations_of_one_passage_share_a_card_and_others_do_not(
    whole: Answer, cite: Callable[..., Citation], passage_of: Callable[..., Passage]
) -> None:
    other = cite(3, "Een ander stuk.", passage_of("Een ander stuk.", passage="doc-2#1"))
    shown = turn(replace(whole, citations=(*whole.citations, other)), 1, "done", "nl")
    assert re.findall(r'id="source-1-(\d)"', shown) == ["1", "3"]


def test_sources_stand_in_the_order_of_their_numbers(
    cite: Callable[..., Citation], passage_of: Callable[..., Passage]
) -> None:
    cards = [cite(n, f"Stuk {n}.", passage_of(f"Stuk {n}.", passage=f"doc#{9 - n}")) for n in (1, 2, 3)]
    shown = turn(Answer("a", "v", "answered", citations=tuple(cards)), 1, "done", "nl")
    assert re.findall(r'id="source-1-(\d)"', shown) == ["1", "2", "3"]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_word_of_a_document_question_or_model_becomes_a_tag(
    payload: str, plain_tags: set[str], passage_of: Callable[..., Passage], cite: Callable[..., Citation]
) -> None:
    passage = passage_of(f"Voor {payload} na.", label=payload, question=payload)
    document = d(
        title=payload,
        number=payload,
        askers=(Asker(payload, payload),),
        answered_by=(Official(payload, payload, payload),),
        url="javascript:" + payload,
    )
    answer = Answer(
        id="a",
        question=payload,
        status="answered",
        sentences=(Sentence(payload, (1,), "unsupported"),),
        citations=(cite(1, payload, passage, document),),
        notices=(payload,),
        suggestions=(Suggestion(passage, document),),
        model=payload,
        trace=(Step(payload, 0.1, payload),),
    )
    shown = turn(answer, 1, "done", "nl") + collection(1, payload, "nl")
    assert tags(shown) <= plain_tags | {"br"}
    assert "javascript:" not in "".join(re.findall(r'href="([^"]*)"', shown))
    assert "\n" not in shown and "\r" not in shown
    assert marks(shown) == [payload]


def test_a_line_end_of_any_kind_does_not_end_the_block() -> None:
    for end in ("\n\n", "\r\r", "\r\n\r\n", "\u2028\u2028", "\x85\x85", "\f\f"):
        answer = Answer("a", f"een{end}twee", "answered", (Sentence(f"drie{end}vier", (), "supported"),))
        shown = turn(answer, 1, "done", "nl")
        assert not set(shown) & set("\n\r\u2028\x85\f")


def test_overlapping_quotes_are_marked_without_doubling_a_word() -> None:
    text = "een twee drie vier"
    shown = marked(text, [Quoted(1, 0, 8), Quoted(2, 4, 13)], (0, len(text)), "q-", "nl")
    assert "".join(marks(shown)) == "een twee drie"
    assert re.findall(r'id="(q-\d)"', shown) == ["q-1", "q-2"]


def test_two_quotes_of_the_same_words_can_both_be_reached() -> None:
    shown = marked("een twee", [Quoted(1, 0, 3), Quoted(2, 0, 3)], (0, 8), "q-", "nl")
    assert marks(shown) == ["een"]
    assert sorted(re.findall(r'id="(q-\d)"', shown)) == ["q-1", "q-2"]


def test_marked_text_is_the_text_itself() -> None:
    text = "«Ja» & 3 < 4\nEn 'dan'."
    shown = marked(text, [Quoted(1, 2, 9)], (0, len(text)), "", "nl")
    visible = re.sub(r'<span class="sr">.*?</span>|<sup.*?</sup>', "", shown)
    assert text_of(visible) == text


def test_a_short_passage_is_shown_whole() -> None:
    assert windows("kort", [Quoted(1, 0, 2)]) == [(0, 4)]


def test_a_long_passage_shows_the_quoted_words_and_hides_no_letter_of_them() -> None:
    text = " ".join(f"woord{n}" for n in range(400))
    quotes = [Quoted(1, 1000, 1100), Quoted(2, 2500, 2600)]
    shown = windows(text, quotes)
    assert len(shown) == 2
    for quote, (start, end) in zip(quotes, shown, strict=True):
        assert start <= quote.start and quote.end <= end
        assert text[start - 1] == " "
    assert sum(end - start for start, end in shown) < 900


def test_quotes_near_each_other_share_one_window() -> None:
    text = "a " * 800
    assert len(windows(text, [Quoted(1, 400, 420), Quoted(2, 500, 520)])) == 1


def test_an_excerpt_begins_at_the_answer_and_not_in_the_question_above_it() -> None:
    text = "vraag " * 50 + "antwoord " * 100
    assert windows(text, [Quoted(1, 309, 340)], 300)[0][0] == 300
    assert windows(text, [Quoted(1, 120, 140)], 300)[0][0] < 120


def test_the_whole_of_a_long_passage_is_one_click_away(
    cite: Callable[..., Citation], passage_of: Callable[..., Passage]
) -> None:
    text = "Begin. " + "Tussenin staat van alles. " * 60 + "Het besluit valt in mei. " + "Nog meer. " * 60
    citation = cite(1, "Het besluit valt in mei.", passage_of(text, question="Wanneer valt het besluit?"))
    shown = turn(Answer("a", "v", "answered", citations=(citation,)), 1, "done", "nl")
    excerpt, _, whole = shown.partition('class="sources"')[2].partition("<details")
    assert "Begin." not in text_of(excerpt) and "Wanneer valt het besluit?" in text_of(excerpt)
    assert "Begin." in text_of(whole)
    assert marks(shown) == ["Het besluit valt in mei."] * 2
    assert len(re.findall(r'id="quote-1-1"', shown)) == 1


def test_the_link_leads_to_the_quoted_words_on_the_official_page() -> None:
    link = official_link(d(url="https://x.nl/stuk.html"), ["Ja, dat klopt - nu & straks."], "nl")
    href = html.unescape(re.findall(r'href="([^"]*)"', link)[0])
    assert href.startswith("https://x.nl/stuk.html#:~:text=Ja%2C%20dat")
    directive = href.partition("text=")[2]
    assert not set(directive) & set("-,& ")
    assert unquote(directive) == "Ja, dat klopt - nu & straks."


def test_a_long_quote_is_named_by_its_first_and_last_words() -> None:
    quote = "een twee drie vier vijf zes zeven acht negen tien"
    assert unquote(text_fragment([quote])) == ":~:text=een twee drie vier,zeven acht negen tien"


def test_an_anchor_in_the_address_is_kept() -> None:
    link = official_link(d(url="https://x.nl/a#vraag5"), ["Ja."], "nl")
    assert 'href="https://x.nl/a#vraag5:~:text=Ja."' in link


def test_a_sample_says_so_and_has_no_link() -> None:
    shown = official_link(d(document="voorbeeld-1", url="https://x.nl"), ["Ja."], "nl")
    assert "voorbeelddocument" in shown and "href" not in shown


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "//x.nl", "", None])
def test_an_address_that_is_no_web_page_gets_no_link(address: str | None) -> None:
    assert "href" not in official_link(d(url=address), ["Ja."], "nl")


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("answered", "Beantwoord"),
        ("partial", "Gedeeltelijk beantwoord"),
        ("unanswerable", "Niet gevonden"),
        ("refused", "Niet behandeld"),
        ("error", "Niet gelukt"),
    ],
)
def test_the_status_stands_in_words(status: Status, words: str) -> None:
    assert words in text_of(turn(Answer("a", "v", status), 1, "done", "nl"))


def test_without_an_answer_the_nearest_documents_are_named(passage_of: Callable[..., Passage]) -> None:
    answer = Answer("a", "v", "unanswerable", suggestions=(Suggestion(passage_of(), d(title="In de buurt")),))
    shown = text_of(turn(answer, 1, "done", "nl"))
    assert "geen antwoord op deze vraag" in shown and "In de buurt" in shown


def test_only_doubtful_support_is_pointed_out(whole: Answer) -> None:
    assert "Alle zinnen staan letterlijk" in turn(whole, 1, "done", "nl")
    doubtful = replace(whole, sentences=(*whole.sentences, Sentence("Wellicht.", (), "unsupported")))
    shown = turn(doubtful, 1, "done", "nl")
    assert shown.count('class="doubt"') == 1
    assert "Letterlijk uit de bron: 2. Nagekeken: 0. Niet onderbouwd: 1." in shown


def test_how_the_answer_came_about_is_there_once_it_is_whole(whole: Answer) -> None:
    assert "trace" not in turn(whole, 1, "busy", "nl")
    shown = text_of(turn(whole, 1, "done", "nl"))
    assert "Passages gezocht" in shown and "2 passages" in shown and "12 ms" in shown


def test_a_finished_answer_is_announced_in_one_line(whole: Answer) -> None:
    assert announcement(whole, "done", "nl") == "Het antwoord is klaar. Beantwoord. Aantal bronnen: 2."


@pytest.mark.parametrize(("seconds", "words"), [(0.0004, "1 ms"), (0.0126, "13 ms"), (1.44, "1,4 s"), (75.0, "75,0 s")])
def test_times_are_written_in_a_size_that_suits(seconds: float, words: str) -> None:
    assert duration(seconds, "nl") == words


def test_dates_are_written_in_words() -> None:
    assert [long_date(date(2023, m, 1), "nl").split()[1] for m in (1, 3, 12)] == ["januari", "maart", "december"]
    assert long_date(date(2023, 3, 6), "en") == "6 March 2023"


def test_the_page_says_how_much_the_collection_holds_and_what_to_do_with_an_empty_one() -> None:
    assert text_of(collection(3, "de map", "nl")).startswith("3 documenten in de verzameling")
    assert text_of(collection(1, "the folder", "en")).startswith("1 document in the library")
    assert "de map" in collection(0, "de map", "nl") and "vraagbaak index" in collection(0, "de map", "nl")


def test_a_title_is_cut_at_a_word() -> None:
    assert clip("een twee drie", 9) == "een twee …"
    assert clip("een  twee\ndrie", 20) == "een twee drie"


def test_the_page_has_all_its_words_in_both_languages(whole: Answer) -> None:
    keys = [{key for key in catalogue(language) if key.startswith("page.")} for language in LANGUAGES]
    assert keys[0] == keys[1]
    assert "Answered" in turn(whole, 1, "done", "en")
