"""Each source lists all of its documents, whatever its interface makes of long lists and odd records."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from eval.fetch_answers import day_of, guid_of
from eval.fetch_stand_in import StandIn, make_archive
from eval.fetch_trial import Trial
from index.errors import FetchError
from index.fetch.addresses import read_list
from index.fetch.bodies import diagnostics_of
from index.fetch.koop_sru import item_of
from index.fetch.values import Item, Selection
from index.fetch.values import day_of as real_day_of
from index.read.xml import parse_xml


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    with StandIn(make_archive(300, questions=450)).serving() as serving:
        yield serving


@pytest.fixture
def trial(stand_in: StandIn, tmp_path: Path) -> Trial:
    return Trial(stand_in, tmp_path)


def listed(trial: Trial, what: str, selection: Selection | None = None, bound: int | None = None) -> list[Item]:
    with trial.client() as client:
        return list(trial.source(client, what, bound=bound).items(selection or Selection()))


def test_the_search_service_is_read_page_by_page(trial: Trial) -> None:
    items = listed(trial, "kamervragen")
    assert sorted(item.identifier for item in items) == sorted(
        one.identifier for one in trial.stand_in.archive.documents.values()
    )
    answer = next(item for item in items if item.identifier.endswith("-9"))
    assert [place.form for place in answer.places] == ["xml", "html", "pdf"]
    assert answer.places[0].url.endswith(f"/{answer.identifier}.xml")
    assert answer.version.startswith("2023-")


def test_a_long_list_is_parted_by_date_so_that_its_bound_is_never_met(trial: Trial, stand_in: StandIn) -> None:
    stand_in.archive.bound = 60
    items = listed(trial, "kamervragen", bound=60)
    assert len({item.identifier for item in items}) == len(items) == 300
    assert all(status == 200 for _, status in stand_in.asked)
    odd = [item for item in items if "fetch.impossible_date" in item.faults]
    assert len(odd) == 300 // 97
    assert all(item.date is None for item in odd)


def test_the_bound_is_met_without_parting(trial: Trial, stand_in: StandIn) -> None:
    stand_in.archive.bound = 60
    with pytest.raises(FetchError) as failed:
        listed(trial, "kamervragen", bound=10_000)
    assert failed.value.fields["status"] == 504


def test_more_on_one_day_than_can_be_listed_is_said(trial: Trial, stand_in: StandIn) -> None:
    stand_in.archive = make_archive(1)
    stand_in.archive.add(901)
    with pytest.raises(FetchError) as failed:
        listed(trial, "kamervragen", bound=2)
    assert failed.value.key == "fetch.too_many"


def test_the_search_service_selects_by_date_and_topic(trial: Trial) -> None:
    wanted = Selection(since=date(2023, 3, 1), until=date(2023, 6, 30), topics=("woningbouw",))
    found = {item.identifier for item in listed(trial, "kamervragen", wanted)}
    assert found == {
        one.identifier
        for one in trial.stand_in.archive.documents.values()
        if one.topic == "woningbouw" and "2023-03-01" <= day_of(one) <= "2023-06-30"
    }
    assert found


def test_a_kind_is_asked_for_by_the_name_of_its_publication(trial: Trial) -> None:
    found = {item.identifier[:2] for item in listed(trial, "kamervragen", Selection(kinds=("questions",)))}
    assert found == {"kv"}


def test_what_would_end_a_term_is_taken_out_of_it(trial: Trial) -> None:
    assert listed(trial, "kamervragen", Selection(topics=('x" or dt.date>"1900-01-01',))) == []


def test_an_answer_with_diagnostics_is_named_and_not_taken_for_an_empty_list(trial: Trial, stand_in: StandIn) -> None:
    stand_in.misbehave("/sru", "diagnostics")
    with pytest.raises(FetchError) as failed:
        listed(trial, "kamervragen")
    assert failed.value.key == "fetch.diagnostics"
    assert "System error" in str(failed.value)


@pytest.mark.parametrize("what", ["kamervragen", "tweedekamer", "rijksoverheid"])
@pytest.mark.parametrize(
    ("trouble", "key"),
    [("error page", "fetch.error_page"), ("garbled", "fetch.garbled"), ("empty", "fetch.garbled")],
)
def test_a_listing_that_is_no_listing_is_named(trial: Trial, stand_in: StandIn, what: str, trouble, key: str) -> None:
    stand_in.misbehave("/", trouble)
    with pytest.raises(FetchError) as failed:
        listed(trial, what)
    assert failed.value.key in (key, "fetch.garbled" if what == "kamervragen" else key)


def test_counts_are_given_without_listing_and_say_which_are_bounds(trial: Trial, stand_in: StandIn) -> None:
    wanted = Selection(topics=("zorg",), parties=("Partij A",))
    with trial.client() as client:
        koop = trial.source(client, "kamervragen").count(wanted)
        kamer = trial.source(client, "tweedekamer").count(wanted)
        whole = trial.source(client, "kamervragen").count(Selection(topics=("zorg",)))
    number = sum(one.topic == "zorg" for one in stand_in.archive.documents.values())
    assert sum(count.number for count in koop) == sum(count.number for count in kamer) == number
    assert all(count.is_upper_bound and count.because == ("parties",) for count in (*koop, *kamer))
    assert not any(count.is_upper_bound for count in whole)
    assert len(stand_in.asked) == 5


def test_the_archive_of_the_kamer_is_read_to_its_last_page(trial: Trial, stand_in: StandIn) -> None:
    items = listed(trial, "tweedekamer")
    assert sorted(item.identifier for item in items) == sorted(
        one.identifier for one in stand_in.archive.documents.values()
    )
    assert len(stand_in.asked) == 2
    item = next(item for item in items if item.identifier.endswith("-9"))
    told = dict(item.about)
    assert told["fractie"] == "Partij B"
    assert told["ministerie"] == "minister van Financiën"
    assert item.places[0].url.endswith(f"/Document({guid_of(9)})/resource")


def test_kamerstukken_are_a_publication_of_their_own(stand_in: StandIn, trial: Trial) -> None:
    stand_in.archive = make_archive(10, papers=7)
    assert sorted(item.identifier for item in listed(trial, "kamerstukken")) == [
        f"kst-28638-5000{n}" for n in range(1, 8)
    ]
    assert len(listed(trial, "kamervragen")) == len(listed(trial, "tweedekamer")) == 10
    assert trial.fetch("kamerstukken", Selection(dossiers=("28 638",))).new == 7
    assert trial.fetch("kamerstukken", Selection(dossiers=("28639",))).left_out == 7


def test_the_archive_of_the_kamer_selects_by_kind_date_and_subject(trial: Trial, stand_in: StandIn) -> None:
    wanted = Selection(kinds=("answer",), since=date(2023, 4, 1), until=date(2023, 5, 31), topics=("Zorg",))
    assert {item.identifier for item in listed(trial, "tweedekamer", wanted)} == {
        one.identifier
        for one in stand_in.archive.documents.values()
        if one.is_answered and one.topic == "zorg" and "2023-04-01" <= one.day.isoformat() <= "2023-05-31"
    }
    assert listed(trial, "tweedekamer", Selection(topics=("x') or (1 eq 1",))) == []


def test_questions_of_the_site_are_read_until_a_page_is_empty(trial: Trial, stand_in: StandIn) -> None:
    items = listed(trial, "rijksoverheid")
    assert len({item.identifier for item in items}) == 450
    assert len(stand_in.asked) == 4
    assert all(item.content for item in items)


def test_a_sitemap_leads_to_the_packed_ones_that_it_names(trial: Trial, stand_in: StandIn) -> None:
    items = listed(trial, f"{stand_in.base}/sitemap.xml")
    assert len({item.identifier for item in items}) == 300
    with pytest.raises(FetchError, match="geen sitemap"):
        listed(trial, f"{stand_in.base}/sru?query=x&operation=searchRetrieve&is=sitemap.xml")


def test_one_publication_is_found_however_its_identifier_is_written(trial: Trial, stand_in: StandIn) -> None:
    one = stand_in.archive.documents[9]
    [item] = listed(trial, one.identifier.upper())
    assert item.identifier == one.identifier
    assert item.version
    stand_in.archive.shout(9)
    [item] = listed(trial, one.identifier.upper())
    assert item.identifier == one.identifier.upper()


def test_a_publication_that_is_not_listed_is_asked_of_its_own_pages(trial: Trial) -> None:
    [item] = listed(trial, "ah-tk-20222023-99999")
    assert (item.identifier, item.version) == ("ah-tk-20222023-99999", "")
    assert [place.url.rpartition("/")[2] for place in item.places] == [
        f"ah-tk-20222023-99999.{form}" for form in ("xml", "html", "pdf")
    ]


@pytest.mark.real
def test_a_real_record_is_understood(shared: Path) -> None:
    path = shared / "documents" / "koop" / "searchrec.xml"
    item = item_of(parse_xml(path.read_bytes(), "record"))
    assert item is not None
    assert item.identifier == "gmb-2023-174296"
    assert [place.form for place in item.places] == ["xml", "html", "pdf"]
    assert item.date == date(2023, 4, 20)
    assert item.version.startswith("2023-04-20T10:35")


def test_a_record_without_an_identifier_is_nothing_to_fetch() -> None:
    assert item_of(parse_xml(b"<record><recordData/></record>", "x")) is None


def test_diagnostics_beside_records_are_a_remark_only() -> None:
    both = b"<r><numberOfRecords>1</numberOfRecords><diagnostics><message>m</message></diagnostics></r>"
    assert diagnostics_of(parse_xml(both, "x")) is None


def test_a_day_that_does_not_exist_is_named() -> None:
    assert real_day_of("2009-02-31") == (None, ("fetch.impossible_date",))
    assert real_day_of("2009-02-28T00:00:00") == (date(2009, 2, 28), ())
    assert real_day_of("onbekend") == (None, ())


def test_a_list_of_addresses_may_hold_remarks(tmp_path: Path) -> None:
    path = tmp_path / "lijst.txt"
    path.write_text("\ufeff# onze lijst\nah-tk-20222023-1 # eerst deze\n\nhttps://a.nl/b#c\n", encoding="utf-8")
    assert read_list(path) == ["ah-tk-20222023-1", "https://a.nl/b#c"]
    with pytest.raises(FetchError):
        read_list(tmp_path / "weg.txt")
