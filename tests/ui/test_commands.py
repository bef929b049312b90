"""The commands over a store of each kind: the same words in, the same answers out."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.where import Where
from ui.cli import main

SAMPLES = Path(__file__).resolve().parent.parent.parent / "index" / "samples"
QUESTION = "Hoe lang is de wachttijd voor jeugdhulp?"


@pytest.fixture(scope="module")
def store(new_place: Callable[[], Where]) -> str:
    """A store of the bundled samples, made by the command itself."""
    place = str(new_place())
    assert main(["index", str(SAMPLES), "--store", place]) == 0
    return place


@pytest.fixture
def empty(new_place: Callable[[], Where]) -> str:
    """Where no store is yet."""
    return str(new_place())


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_second_run_over_the_same_files_says_that_nothing_changed(
    store: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["index", str(SAMPLES), "--store", store]) == 0
    printed = capsys.readouterr()
    assert "nieuw" not in printed.err
    assert printed.err.count("ongewijzigd") >= 12


def test_a_watched_folder_is_kept_up_to_date_and_one_that_is_away_takes_nothing_along(
    empty: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, seen = tmp_path / "documenten", list[int]()
    folder.mkdir()
    one, other = sorted(SAMPLES.glob("*.txt"))[:2]
    acts: list[Callable[[], object]] = [
        lambda: (folder / one.name).write_bytes(one.read_bytes()),
        lambda: (folder / other.name).write_bytes(other.read_bytes()),
        (folder / one.name).unlink,
        lambda: folder.rename(tmp_path / "weg"),
    ]

    def changes(*_: object, **__: object) -> Iterator[None]:
        for act in acts:
            act()
            yield
            capsys.readouterr()
            assert main(["documents", "--store", empty, "--json"]) == 0
            seen.append(len(lines(capsys)))

    monkeypatch.setattr("index.watch.changes", changes)
    assert main(["index", str(folder), "--watch", "--prune", "--store", empty]) == 0
    assert seen == [1, 2, 1, 1]


def test_a_file_that_cannot_be_read_is_named_and_the_others_go_on(
    empty: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "documenten"
    folder.mkdir()
    (folder / "leeg.txt").write_text("")
    (folder / "goed.txt").write_bytes(next(SAMPLES.glob("*.txt")).read_bytes())
    assert main(["index", str(folder), "--store", empty]) == 1
    printed = capsys.readouterr()
    assert "leeg.txt" in printed.err
    assert "Traceback" not in printed.err
    assert main(["documents", "--store", empty, "--json"]) == 0
    assert len(lines(capsys)) == 1


def test_a_missing_path_is_named_and_the_others_are_read(
    empty: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["index", str(tmp_path / "weg"), str(SAMPLES / "afvalinzameling.txt"), "--store", empty]
    assert main(arguments) == 1
    assert "weg" in capsys.readouterr().err
    assert main(["documents", "--store", empty, "--json"]) == 0
    assert len(lines(capsys)) == 1


def test_documents_are_listed_and_shown_with_every_field_of_the_interface(
    store: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["documents", "--store", store, "--json"]) == 0
    documents = lines(capsys)
    assert len(documents) >= 12
    names = "document case source sources kind title number date asked answered askers answered_by topics url passages"
    assert all(set(names.split()) == set(document) for document in documents)
    answer = next(d for d in documents if d["kind"] == "answer")
    assert main(["documents", str(answer["document"]), "--store", store, "--json"]) == 0
    (whole,) = lines(capsys)
    text, passages = whole["text"], whole["passages"]
    assert isinstance(text, str)
    assert isinstance(passages, list)
    assert len(passages) == answer["passages"]
    for passage in passages:
        assert 0 <= passage["start"] < passage["end"] <= len(text)
        assert not passage["answer"] or passage["answer"] in text


def test_search_gives_ranked_passages_for_each_question_in_order(
    store: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    questions = tmp_path / "vragen.jsonl"
    questions.write_text(f'{{"id": "b", "question": "{QUESTION}"}}\n{{"q": "afval"}}\n', encoding="utf-8")
    assert main(["search", "--questions", str(questions), "-k", "3", "--store", store, "--json"]) == 0
    first, second = lines(capsys)
    assert (first["id"], second["id"]) == ("b", "2")
    hits = first["hits"]
    assert isinstance(hits, list)
    assert [hit["rank"] for hit in hits] == list(range(1, len(hits) + 1))
    assert 1 <= len(hits) <= 3
    assert [hit["score"] for hit in hits] == sorted((hit["score"] for hit in hits), reverse=True)


def test_a_filter_limits_what_is_found(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", "gemeente", "--kind", "letter", "-k", "50", "--store", store, "--json"]) == 0
    letters = lines(capsys)[0]["hits"]
    assert main(["documents", "--store", store, "--json"]) == 0
    kinds = {d["document"]: d["kind"] for d in lines(capsys)}
    assert isinstance(letters, list)
    assert letters
    assert {kinds[hit["document"]] for hit in letters} == {"letter"}


def test_an_answer_is_literal_and_complete_json(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", QUESTION, "--store", store, "--json"]) == 0
    (answer,) = lines(capsys)
    names = "id question status answer sentences citations notices model generation seconds trace"
    assert set(names.split()) <= set(answer)
    assert answer["status"] in ("answered", "partial")
    citations = answer["citations"]
    assert isinstance(citations, list)
    assert citations
    for citation in citations:
        assert main(["documents", citation["document"], "--store", store, "--json"]) == 0
        (whole,) = lines(capsys)
        assert str(whole["text"])[citation["start"] : citation["end"]] == citation["quote"]


def test_one_bad_question_among_many_does_not_stop_the_others(
    store: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    questions = tmp_path / "vragen.jsonl"
    questions.write_text(
        json.dumps({"id": "lang", "question": "x " * 400}) + "\n" + json.dumps({"id": "goed", "question": QUESTION}),
        encoding="utf-8",
    )
    assert main(["ask", "--questions", str(questions), "--store", store, "--json"]) == 1
    first, second = lines(capsys)
    assert (first["id"], first["status"]) == ("lang", "error")
    assert (second["id"], second["status"]) == ("goed", "answered")


def test_a_receipt_is_verified_until_its_document_changes_or_goes(
    empty: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    folder, store, receipt = tmp_path / "documenten", empty, str(tmp_path / "bewijs.json")
    folder.mkdir()
    letter = folder / "jeugdhulp.txt"
    letter.write_text((SAMPLES / "jeugdhulp-wachttijden.txt").read_text(encoding="utf-8"), encoding="utf-8")
    assert main(["index", str(folder), "--store", store]) == 0
    assert main(["ask", QUESTION, "--store", store, "--receipt", receipt]) == 0
    capsys.readouterr()
    assert main(["verify", receipt, "--store", store, "--json"]) == 0
    assert {line["state"] for line in lines(capsys)} == {"there"}
    letter.write_text(letter.read_text(encoding="utf-8").replace("19 weken", "17 weken"), encoding="utf-8")
    assert main(["index", str(folder), "--store", store]) == 0
    capsys.readouterr()
    assert main(["verify", receipt, "--store", store]) == 1
    assert "«19» werd «17»" in capsys.readouterr().out
    assert main(["documents", "--store", store, "--json"]) == 0
    (document,) = lines(capsys)
    assert main(["remove", str(document["document"]), "--store", store]) == 0
    capsys.readouterr()
    assert main(["verify", receipt, "--store", store, "--json"]) == 1
    assert {line["state"] for line in lines(capsys)} == {"gone"}


@pytest.mark.parametrize("command", [["ask", "x y z"], ["search", "x"], ["documents"], ["chat"]])
def test_a_missing_store_is_one_sentence(
    command: list[str], new_place: Callable[[], Where], capsys: pytest.CaptureFixture[str]
) -> None:
    place = str(new_place())
    assert main([*command, "--store", place]) == 1
    said = capsys.readouterr().err
    assert len(said.strip().splitlines()) == 1
    assert place in said
    assert "vraagbaak index" in said


def test_more_hits_than_there_are_passages_is_all_of_them(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", QUESTION, "-k", "1000000000", "--store", store, "--json"]) == 0
    assert lines(capsys)
