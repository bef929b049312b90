"""The command that fetches, indexes and tells, run whole against a stand-in for the official sources."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from eval.fetch_documents import Published
from eval.fetch_stand_in import StandIn, make_archive
from ui.cli import main

NINTH = Published(9).identifier
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    monkeypatch.chdir(tmp_path)
    with StandIn(make_archive(20, questions=3)).serving() as serving:
        settings = {"VRAAGBAAK_EMBEDDER": "none", "VRAAGBAAK_LANGUAGE": "en", "VRAAGBAAK_FETCH_PER_MINUTE": "6000"}
        for name, value in (settings | serving.settings).items():
            monkeypatch.setenv(name, value)
        yield serving


@pytest.fixture
def run(stand_in: StandIn, capsys: pytest.CaptureFixture[str]) -> Run:
    del stand_in

    def call(*words: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(words)
        told = capsys.readouterr()
        return code, told.out, told.err

    return call


def test_documents_are_fetched_indexed_and_found(run: Run, stand_in: StandIn) -> None:
    wanted = [one for one in stand_in.archive.documents.values() if one.topic == "onderwijs"]
    code, out, err = run("fetch", "kamervragen", "--since", "2023-01-01", "--topic", "onderwijs")
    assert code == 0
    assert f"kamervragen: {len(wanted)} looked at, {len(wanted)} new" in out
    assert f"{len(wanted)} documents" in out
    assert f"new        {NINTH}: {Published(9).title}" in err
    code, out, _ = run("documents", NINTH, "--json")
    told = json.loads(out)
    assert (code, told["document"], told["date"]) == (0, NINTH, Published(9).day.isoformat())
    assert told["source"] == f"documents/koop/ah-tk-20222023/{NINTH}.xml"
    assert told["url"] == f"https://zoek.officielebekendmakingen.nl/{NINTH}.html"
    assert json.loads(run("search", Published(9).questions[1], "-k", "1", "--json")[1])["hits"][0]["document"] == NINTH


def test_a_second_run_says_that_nothing_changed(run: Run, stand_in: StandIn) -> None:
    run("fetch", "kamervragen")
    stand_in.asked.clear()
    code, out, err = run("fetch", "kamervragen")
    assert (code, err) == (0, "")
    assert "20 unchanged" in out
    assert stand_in.bodies() == []


def test_one_identifier_is_enough(run: Run) -> None:
    code, out, _ = run("fetch", NINTH.upper())
    assert code == 0
    assert "1 new" in out
    assert Path("documents", "koop", "ah-tk-20222023", f"{NINTH}.xml").is_file()


def test_the_page_of_a_publication_stands_for_it(run: Run, stand_in: StandIn) -> None:
    assert run("fetch", f"{stand_in.base}/{NINTH}.html", "--no-index")[0] == 0
    assert Path("documents", "koop", "ah-tk-20222023", f"{NINTH}.xml").is_file()
    assert not Path(".vraagbaak").exists()


def test_several_sources_and_a_list_come_by_one_command(run: Run, stand_in: StandIn) -> None:
    Path("lijst.txt").write_text(f"{NINTH}\n{stand_in.base}/sitemap.xml\n", encoding="utf-8")
    code, out, err = run("fetch", "tweedekamer", "rijksoverheid", "lijst.txt", "--json")
    told = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [(one["source"], one["new"], one["outcome"]) for one in told] == [
        ("tweedekamer", 20, "ok"),
        ("rijksoverheid", 3, "ok"),
        ("koop", 1, "ok"),
        ("adressen", 20, "ok"),
    ]
    assert "holds 23 documents" in err


def test_a_dry_run_counts_and_fetches_nothing(run: Run, stand_in: StandIn) -> None:
    code, out, _ = run("fetch", "kamervragen", "--topic", "zorg", "--dry-run")
    number = sum(one.topic == "zorg" for one in stand_in.archive.documents.values())
    assert code == 0
    assert sum(int(line.rpartition(" ")[2]) for line in out.splitlines()) == number
    _, out, _ = run("fetch", "kamervragen", "tweedekamer", "--party", "Partij A", "--dry-run")
    assert out.count("at most") == 3
    assert out.count("Only chosen after fetching by: party.") == 3
    _, out, _ = run("fetch", "rijksoverheid", "--dry-run", "--json")
    assert json.loads(out) == {"label": "rijksoverheid", "number": 3, "is_upper_bound": False, "because": []}
    assert not Path("documents").exists()
    assert stand_in.bodies() == []


def test_a_withdrawn_document_leaves_the_answers_and_stays_explained(run: Run, stand_in: StandIn) -> None:
    run("fetch", "kamervragen")
    question = Published(9).questions[1]
    run("ask", question, "--receipt", "bewijs.json")
    assert NINTH in Path("bewijs.json").read_text(encoding="utf-8")
    stand_in.archive.withdraw(9)
    code, out, err = run("fetch", "kamervragen")
    assert code == 0
    assert "1 withdrawn" in out
    assert f"withdrawn  {NINTH}" in err
    hits = json.loads(run("search", question, "--json")[1])["hits"]
    assert NINTH not in {hit["document"] for hit in hits}
    for words in (("status", NINTH), ("documents", NINTH), ("verify", "bewijs.json")):
        out = " ".join(run(*words)[1].split())
        assert "The source has withdrawn this document." in out
        assert "fetched on" in out


def test_the_status_tells_per_source_what_came_what_failed_and_why(run: Run, stand_in: StandIn) -> None:
    code, _, err = run("status")
    assert (code, "Nothing was fetched" in err) == (1, True)
    run("fetch", "kamervragen", "--until", "2024-12-31", "--topic", "zorg")
    assert run("status")[0] == 0
    stand_in.misbehave("/v1/infotypes/faq", "error page")
    for form in ("xml", "html", "pdf"):
        stand_in.misbehave(f"/{form}/{NINTH}.", "empty")
    assert run("fetch", "kamervragen", "rijksoverheid")[0] == 1
    code, out, _ = run("status")
    told = " ".join(out.split())
    assert code == 1
    assert "kamervragen --topic zorg --until 2024-12-31 last run" in told
    assert "(partly successful) last wholly successful: never yet 20 looked at" in told
    assert f"{NINTH}.xml is empty." in told
    assert "cause:" in told
    assert "gives an error message in place of a document" in told
    assert "koop: 19 documents present, 0 withdrawn, 0 not chosen, 1 failed" in told
    rows = [json.loads(line) for line in run("status", "--json")[1].splitlines()]
    partly = next(row for row in rows if row.get("outcome") == "partly")
    assert [fault["name"] for fault in partly["faults"]] == [NINTH]
    failed = next(row for row in rows if row.get("source") == "rijksoverheid" and "outcome" in row)
    assert (failed["outcome"], failed["last_good"]) == ("failed", None)
    assert failed["reason"]
    assert run("status", "ah-tk-20222023-99999")[0] == 1


@pytest.mark.parametrize(
    ("what", "told"),
    [
        ("http://169.254.169.254/latest", "is not configured"),
        ("https://elders.nl/x.pdf", "is not configured"),
        ("file:///etc/passwd", "no address that Vraagbaak fetches"),
        ("http://zoek.officielebekendmakingen.nl/x", "is not configured"),
        ("onzin", "no source, identifier, address or existing file"),
        ("../../etc", "no source, identifier, address or existing file"),
    ],
)
def test_what_may_not_be_fetched_is_refused_in_one_sentence(run: Run, what: str, told: str) -> None:
    code, out, err = run("fetch", what)
    assert (code, out) == (1, "")
    assert told in err
    assert err.count("\n") == 1
    assert not Path("documents").exists()


def test_addresses_of_one_s_own_network_in_a_list_are_refused_one_by_one(run: Run, stand_in: StandIn) -> None:
    listed = ["http://127.0.0.1:1/", "https://user:secret@127.0.0.1/", f"{stand_in.base}/{NINTH}.html"]
    listed.append(f"{stand_in.base}/leads-to?url=http://169.254.169.254/")
    Path("lijst.txt").write_text("\n".join(listed), encoding="utf-8")
    code, _, err = run("fetch", "lijst.txt", "--no-index")
    assert code == 1
    assert err.count("failed ") == 3
    assert err.count("is not configured") == 2


def test_a_host_that_turns_out_to_lie_inside_is_not_contacted(
    run: Run, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = stand_in.base.replace("http://127.0.0.1", "localhost")
    monkeypatch.setenv("VRAAGBAAK_FETCH_HOSTS", place)
    code, _, err = run("fetch", f"https://{place}/{NINTH}.html", "--no-index")
    assert code == 1
    assert "lies in a network of one's own" in err
    assert stand_in.asked == []


@pytest.mark.parametrize(
    "words",
    [("--since", "gisteren"), ("--since", "2024-02-01", "--until", "2024-01-01")],
)
def test_a_period_that_is_none_is_said(run: Run, words: tuple[str, ...]) -> None:
    code, _, err = run("fetch", "kamervragen", *words)
    assert code == 2
    assert err.count("\n") == 1


def test_a_fetch_is_stopped_by_ctrl_c_and_goes_on(stand_in: StandIn, tmp_path: Path, run: Run) -> None:
    stand_in.wait = 0.05
    command = [sys.executable, "-m", "ui.cli", "fetch", "kamervragen", "--no-index"]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as child:
        assert child.stderr is not None
        child.stderr.readline()
        child.send_signal(signal.SIGINT)
        out, err = child.communicate(timeout=60)
    assert child.returncode == 1
    assert "Go on with the same command" in err
    assert "Traceback" not in err + out
    stand_in.wait = 0.0
    code, out, _ = run("fetch", "kamervragen")
    assert code == 0
    assert "0 failed" in out
    assert "holds 20 documents" in out


def test_a_watched_folder_is_indexed_as_files_come_and_go(tmp_path: Path) -> None:
    folder = tmp_path / "bron"
    folder.mkdir()
    command = [sys.executable, "-m", "ui.cli", "index", str(folder), "--watch", "--prune", "--every", "0.1"]
    environment = os.environ | {"VRAAGBAAK_EMBEDDER": "none", "VRAAGBAAK_LANGUAGE": "en"}
    environment["PYTHONPATH"] = str(Path(__file__).resolve().parents[2])
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert "holds 0 documents" in child.stdout.readline()
        (folder / "a.txt").write_text("Een brief\n\nHet onderzoek naar de dijk is klaar.\n", encoding="utf-8")
        assert "holds 1 documents" in child.stdout.readline()
        (folder / "b.txt").write_text("Nog een brief\n\nDe brug is open.\n", encoding="utf-8")
        assert "holds 2 documents" in child.stdout.readline()
        (folder / "a.txt").unlink()
        assert "holds 1 documents" in child.stdout.readline()
        time.sleep(0.3)
        child.send_signal(signal.SIGTERM)
        out, _ = child.communicate(timeout=30)
    assert (child.returncode, out) == (0, "")
