"""Nothing is lost and nothing comes twice, whatever a source does between and during two runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from eval.fetch_documents import Published, as_html, as_pdf, as_xml
from eval.fetch_stand_in import StandIn, Trouble, make_archive
from eval.fetch_trial import Trial
from index.errors import FetchError
from index.fetch.client import Limits
from index.fetch.folder import METADATA, metadata_file
from index.fetch.state import Run, State
from index.fetch.values import Selection
from index.read.owms import about_of_xml
from index.read.xml import parse_xml

DOCUMENTS = 24
NINTH = "ah-tk-20222023-9"


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    with StandIn(make_archive(DOCUMENTS, questions=3)).serving() as serving:
        yield serving


@pytest.fixture
def trial(stand_in: StandIn, tmp_path: Path) -> Trial:
    return Trial(stand_in, tmp_path)


def forget(stand_in: StandIn) -> None:
    stand_in.asked.clear()


def test_all_documents_come_once_as_they_were_published(trial: Trial, stand_in: StandIn) -> None:
    run = trial.fetch()
    assert (run.outcome, run.listed, run.new, run.failed) == ("ok", DOCUMENTS, DOCUMENTS, 0)
    assert trial.documents() == {one.identifier: as_xml(one) for one in stand_in.archive.documents.values()}
    assert len(stand_in.bodies()) == DOCUMENTS


def test_an_unchanged_second_run_fetches_no_document(trial: Trial, stand_in: StandIn) -> None:
    trial.fetch()
    before = trial.whole_state()
    forget(stand_in)
    run = trial.fetch()
    assert (run.outcome, run.unchanged, run.new, run.changed) == ("ok", DOCUMENTS, 0, 0)
    assert stand_in.bodies() == []
    assert trial.whole_state() == before


def test_a_later_run_fetches_only_what_is_new_or_changed(trial: Trial, stand_in: StandIn) -> None:
    trial.fetch()
    stand_in.archive.change(9)
    stand_in.archive.add(DOCUMENTS + 1)
    forget(stand_in)
    run = trial.fetch()
    assert (run.new, run.changed, run.unchanged) == (1, 1, DOCUMENTS - 1)
    assert len(stand_in.bodies()) == 2
    assert trial.documents()[NINTH] == as_xml(Published(9, revision=1))


def test_a_new_moment_of_change_without_new_words_changes_nothing(trial: Trial, stand_in: StandIn) -> None:
    trial.fetch()
    [path] = trial.folder.documents.rglob(f"{NINTH}.xml")
    written = path.stat().st_mtime_ns
    stand_in.archive.put(type("Touched", (Published,), {"version": "2030-01-01"})(9))
    run = trial.fetch()
    assert (run.changed, run.unchanged) == (0, DOCUMENTS)
    assert path.stat().st_mtime_ns == written
    assert trial.held()[NINTH].version == "2030-01-01"
    forget(stand_in)
    trial.fetch()
    assert stand_in.bodies() == []


def test_the_origin_stands_beside_each_document(trial: Trial) -> None:
    trial.fetch()
    [path] = trial.folder.documents.rglob(f"{NINTH}{METADATA}")
    about = about_of_xml(parse_xml(path.read_bytes(), path.name))
    held = trial.held()[NINTH]
    assert about["identifier"] == (NINTH,)
    assert about["origin"] == (held.url,)
    assert about["sha256"] == (held.sha256,)
    assert about["indiener"] == (Published(9).asker,)


@pytest.mark.parametrize("hostile", ['"><x>', "]]>", "\x00\x0b\ufffe\ud800", "a\nb", "&amp;&#60;", "x" * 10_000])
def test_metadata_of_any_words_are_xml(hostile: str) -> None:
    [node] = parse_xml(metadata_file(((hostile, hostile),)), "x").nodes
    assert "<" not in node.attributes["name"].replace(hostile, "")


@pytest.mark.parametrize(
    "troubles", [("error page",), ("empty record",), ("wrong type",), ("404",), ("garbled",), ("empty",)]
)
def test_where_the_xml_is_no_document_the_page_is_taken_and_that_is_noted(
    trial: Trial, stand_in: StandIn, troubles: tuple[Trouble, ...]
) -> None:
    stand_in.misbehave(f"/xml/{NINTH}.xml", *troubles)
    run = trial.fetch()
    assert (run.outcome, run.new) == ("ok", DOCUMENTS)
    assert trial.documents()[NINTH] == as_html(Published(9))
    assert trial.held()[NINTH].form == "html"
    assert "fetch." in trial.faults()[NINTH]


def test_where_neither_xml_nor_page_can_be_had_the_pdf_is_taken(trial: Trial, stand_in: StandIn) -> None:
    stand_in.misbehave(f"/xml/{NINTH}.xml", "error page")
    stand_in.misbehave(f"/html/{NINTH}.html", "error page")
    trial.fetch()
    assert trial.documents()[NINTH] == as_pdf(Published(9))


@pytest.mark.parametrize(
    ("trouble", "key"),
    [
        *(("error page", "fetch.error_page"), ("empty", "fetch.empty"), ("empty record", "fetch.empty_record")),
        *(("diagnostics", "fetch.diagnostics"), ("garbled", "fetch.garbled"), ("wrong type", "fetch.wrong_type")),
        *(("404", "fetch.gone"), ("500", "fetch.status"), ("cut", "fetch.cut"), ("bomb", "fetch.too_large")),
    ],
)
def test_what_is_no_document_is_named_and_the_others_go_on(
    trial: Trial, stand_in: StandIn, trouble: Trouble, key: str
) -> None:
    trial.limits = Limits(silence=20.0, backoff=0.0, attempts=2, largest=2 * 1024 * 1024)
    for form in ("xml", "html", "pdf"):
        stand_in.misbehave(f"/{form}/{NINTH}.", *[trouble] * 2)
    run = trial.fetch()
    assert (run.outcome, run.failed, run.new) == ("partly", 1, DOCUMENTS - 1)
    assert f'"{key}"' in trial.faults()[NINTH]
    assert NINTH not in trial.documents()
    stand_in._waiting.clear()
    again = trial.fetch()
    assert (again.outcome, again.new, again.unchanged) == ("ok", 1, DOCUMENTS - 1)


def test_what_is_held_is_never_given_up_for_an_error_page_or_a_lesser_form(trial: Trial, stand_in: StandIn) -> None:
    trial.fetch()
    stand_in.archive.change(9)
    stand_in.misbehave(f"/xml/{NINTH}.xml", "error page")
    run = trial.fetch()
    assert (run.outcome, run.failed, run.withdrawn) == ("partly", 1, 0)
    assert trial.documents()[NINTH] == as_xml(Published(9))
    assert trial.fetch().changed == 1
    assert trial.documents()[NINTH] == as_xml(Published(9, revision=1))


def test_a_better_form_takes_the_place_of_a_lesser_one(trial: Trial, stand_in: StandIn) -> None:
    stand_in.misbehave(f"/xml/{NINTH}.xml", "error page")
    trial.fetch()
    stand_in.archive.change(9)
    trial.fetch()
    assert [path.name for path in sorted(trial.folder.documents.rglob(f"{NINTH}.*"))] == [
        f"{NINTH}.metadata.xml",
        f"{NINTH}.xml",
    ]


def test_a_changed_casing_of_an_identifier_is_the_same_document(trial: Trial, stand_in: StandIn) -> None:
    trial.fetch()
    stand_in.archive.shout(9)
    stand_in.archive.shout(8)
    forget(stand_in)
    run = trial.fetch()
    assert (run.outcome, run.unchanged, run.new, run.withdrawn) == ("ok", DOCUMENTS, 0, 0)
    assert stand_in.bodies() == []
    assert len(trial.documents()) == DOCUMENTS


def test_an_impossible_date_is_noted_and_the_document_comes_without_it(trial: Trial, stand_in: StandIn) -> None:
    stand_in.archive.add(97)
    run = trial.fetch()
    assert (run.outcome, run.new) == ("ok", DOCUMENTS + 1)
    assert "fetch.impossible_date" in trial.faults().values()


def test_a_withdrawn_document_is_set_aside_and_comes_back_when_it_is_published_again(
    trial: Trial, stand_in: StandIn
) -> None:
    trial.fetch()
    stand_in.archive.withdraw(9)
    run = trial.fetch()
    assert (run.outcome, run.withdrawn) == ("ok", 1)
    assert NINTH not in trial.documents()
    held = trial.held()[NINTH]
    assert (held.status, held.url != "", "fetch.withdrawn" in held.reason) == ("withdrawn", True, True)
    assert (trial.folder.documents / held.path).read_bytes() == as_xml(Published(9))
    assert trial.fetch().withdrawn == 0
    stand_in.archive.add(9)
    assert trial.fetch().new == 1
    assert trial.documents()[NINTH] == as_xml(Published(9))
    assert trial.held()[NINTH].status == "present"


@pytest.mark.parametrize("what", ["tweedekamer", "rijksoverheid"])
def test_each_source_says_what_it_withdrew(trial: Trial, stand_in: StandIn, what: str) -> None:
    whole = trial.fetch(what)
    stand_in.archive.withdraw(9)
    stand_in.archive.questions.pop(2)
    run = trial.fetch(what)
    assert (run.outcome, run.withdrawn, run.listed) == ("ok", 1, whole.listed - 1)
    assert run.unchanged == run.listed


def test_the_kamer_gives_pdf_and_word_files(trial: Trial) -> None:
    trial.fetch("tweedekamer")
    suffixes = {path.suffix for path in trial.folder.documents.rglob("tweedekamer/*/*") if METADATA not in path.name}
    assert suffixes == {".pdf", ".docx"}


def test_a_document_that_only_left_the_list_is_kept(trial: Trial, stand_in: StandIn) -> None:
    trial.fetch(selection=Selection(topics=("onderwijs",)))
    stand_in.archive.put(type("Moved", (Published,), {"topic": "geheel iets anders"})(9))
    run = trial.fetch(selection=Selection(topics=("onderwijs",)))
    assert (run.outcome, run.withdrawn) == ("ok", 0)
    assert NINTH in trial.documents()


def test_a_listing_that_suddenly_lacks_much_withdraws_nothing(trial: Trial, stand_in: StandIn) -> None:
    trial.fetch()
    for number in range(1, 16):
        stand_in.archive.withdraw(number)
    run = trial.fetch()
    assert run.outcome == "failed"
    assert "fetch.many_gone" in run.reason
    assert len(trial.documents()) == DOCUMENTS
    assert trial.fetch(accept_gone=True).withdrawn == 15
    assert len(trial.documents()) == DOCUMENTS - 15


def test_a_listing_that_breaks_off_withdraws_nothing(trial: Trial, stand_in: StandIn) -> None:
    trial.limits = Limits(attempts=1, backoff=0.0)
    trial.fetch()
    stand_in.archive.withdraw(9)
    stand_in.misbehave("startRecord=1&maximumRecords=100", "500")
    run = trial.fetch()
    assert (run.outcome, run.withdrawn) == ("failed", 0)
    assert "fetch.status" in run.reason
    assert len(trial.documents()) == DOCUMENTS


def test_a_source_that_is_down_is_left_alone_after_a_while(trial: Trial, stand_in: StandIn) -> None:
    trial.limits = Limits(attempts=1, backoff=0.0)
    stand_in.misbehave("/frbr/", *["500"] * 100)  # type: ignore[list-item]
    run = trial.fetch()
    assert run.outcome == "failed"
    assert "fetch.down" in run.reason
    assert len([path for path, _ in stand_in.asked if path.startswith("/frbr/")]) < DOCUMENTS


@pytest.mark.parametrize("what", ["kamervragen", "tweedekamer", "rijksoverheid", "sitemap"])
def test_passing_troubles_lose_nothing(tmp_path: Path, what: str) -> None:
    with StandIn(make_archive(DOCUMENTS, questions=DOCUMENTS), trouble=0.3).serving() as stand_in:
        trial = Trial(stand_in, tmp_path, Limits(silence=20.0, backoff=0.0, attempts=12))
        run = trial.fetch(f"{stand_in.base}/sitemap.xml" if what == "sitemap" else what)
    assert (run.outcome, run.new, len(trial.documents())) == ("ok", DOCUMENTS, DOCUMENTS)


def test_pages_without_a_version_are_asked_whether_they_changed(trial: Trial, stand_in: StandIn) -> None:
    sitemap = f"{stand_in.base}/sitemap.xml"
    trial.fetch(sitemap)
    stand_in.archive.change(9)
    forget(stand_in)
    run = trial.fetch(sitemap)
    assert (run.changed, run.unchanged) == (1, DOCUMENTS - 1)
    assert len(stand_in.bodies()) == 1
    assert sum(status == 304 for _, status in stand_in.asked) == DOCUMENTS - 1


def test_one_publication_shares_its_file_with_the_list_it_also_stands_in(trial: Trial, stand_in: StandIn) -> None:
    trial.fetch(NINTH.upper())
    forget(stand_in)
    run = trial.fetch()
    assert (run.new, run.unchanged) == (DOCUMENTS - 1, 1)
    assert len(stand_in.bodies()) == DOCUMENTS - 1


def test_a_publication_that_does_not_exist_fails_by_name(trial: Trial) -> None:
    run = trial.fetch("ah-tk-20222023-99999")
    assert (run.outcome, run.failed) == ("partly", 1)
    assert "fetch.error_page" in trial.faults()["ah-tk-20222023-99999"]


@pytest.mark.parametrize("what", ["kamervragen", "tweedekamer"])
def test_what_an_interface_cannot_select_by_is_selected_afterwards(trial: Trial, stand_in: StandIn, what: str) -> None:
    wanted = Selection(parties=("partij b",), ministries=("financien",))
    run = trial.fetch(what, wanted)
    expected = {one.identifier for one in stand_in.archive.documents.values() if one.party == "Partij B"}
    if what == "kamervragen":  # a question to a minister has no answering ministry yet
        expected = {name for name in expected if name.startswith("ah")}
    assert set(trial.documents()) == expected
    assert run.left_out == DOCUMENTS - len(expected)
    forget(stand_in)
    again = trial.fetch(what, wanted)
    assert (again.unchanged, again.left_out, stand_in.bodies()) == (len(expected), run.left_out, [])


@pytest.mark.parametrize("what", ["sitemap", "rijksoverheid"])
def test_what_was_left_out_is_not_fetched_again_for_the_same_selection(
    trial: Trial, stand_in: StandIn, what: str
) -> None:
    what = f"{stand_in.base}/sitemap.xml" if what == "sitemap" else what
    wanted = Selection(topics=("woningbouw",))
    run = trial.fetch(what, wanted)
    assert run.new
    assert run.left_out
    forget(stand_in)
    again = trial.fetch(what, wanted)
    assert (again.unchanged, again.left_out) == (run.new, run.left_out)
    assert stand_in.bodies() == []
    assert trial.fetch(what).new == run.left_out


def test_a_document_left_out_comes_when_a_wider_selection_wants_it(trial: Trial) -> None:
    trial.fetch(selection=Selection(parties=("Partij B",)))
    trial.fetch()
    assert len(trial.documents()) == DOCUMENTS


def test_a_file_that_is_gone_or_cut_is_fetched_again(trial: Trial) -> None:
    trial.fetch()
    paths = sorted(trial.folder.documents.rglob("ah-tk-*-9.xml")) + sorted(
        trial.folder.documents.rglob("ah-tk-*-11.xml")
    )
    paths[0].unlink()
    paths[1].write_bytes(b"<half")
    assert trial.fetch().new == 2
    assert trial.documents()[NINTH] == as_xml(Published(9))


def test_work_that_is_stopped_goes_on_where_it_was(trial: Trial, stand_in: StandIn) -> None:
    done: list[str] = []
    run = trial.fetch(on_done=lambda each, _: done.append(each.name), stop=lambda: len(done) >= 7)
    assert run.outcome == "stopped"
    assert 7 <= len(trial.documents()) < DOCUMENTS
    had = len(trial.documents())
    forget(stand_in)
    run = trial.fetch()
    assert (run.outcome, run.unchanged, run.new) == ("ok", had, DOCUMENTS - had)
    assert len(stand_in.bodies()) == DOCUMENTS - had


def test_work_that_dies_between_a_file_and_its_note_is_done_again(
    trial: Trial, monkeypatch: pytest.MonkeyPatch
) -> None:
    class DeadError(BaseException):
        pass

    def die(*_: object) -> None:
        raise DeadError

    with monkeypatch.context() as patched, pytest.raises(DeadError):
        patched.setattr(State, "put", die)
        trial.fetch()
    assert trial.documents()
    with State(trial.folder.ours) as state:
        assert [run.outcome for _, run in state.last_runs()] == ["running"]
    assert trial.fetch().new == DOCUMENTS
    assert len(trial.documents()) == DOCUMENTS


def test_only_one_fetches_into_a_folder(trial: Trial) -> None:
    with trial.folder.held(), pytest.raises(FetchError, match="haalt al op"):
        trial.fetch()


def test_a_disk_that_is_full_ends_the_run_by_name(trial: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("index.fetch.folder.os.fsync", full)
    run = trial.fetch()
    assert run.outcome == "failed"
    assert "fetch.unwritable" in run.reason
    assert trial.documents() == {}


def _other_version(path: Path) -> None:
    import sqlite3

    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")


@pytest.mark.parametrize("spoil", [lambda p: p.write_bytes(b"geen database"), _other_version])
def test_a_state_that_cannot_be_read_is_named(trial: Trial, spoil: Callable[[Path], object]) -> None:
    trial.fetch()
    for path in trial.folder.ours.glob("state.sqlite*"):
        if path.suffix == ".sqlite":
            spoil(path)
        else:
            path.unlink()
    with pytest.raises(FetchError, match=r"state\.sqlite"):
        trial.fetch()


def test_the_state_tells_when_a_source_last_succeeded(trial: Trial, stand_in: StandIn) -> None:
    first = trial.fetch()
    stand_in.misbehave("/sru", "diagnostics")
    failed = trial.fetch()
    with State(trial.folder.ours) as state:
        [(number, last)] = state.last_runs()
        assert last == failed
        assert state.last_good(last) == first.started
        assert state.faults(number) == []
    assert isinstance(last, Run)
