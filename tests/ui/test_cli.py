"""The command line as a user meets it, each command in a process of its own where imports matter."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ui.cli import COMMANDS, main

ROOT = Path(__file__).resolve().parent.parent.parent
SAMPLES = ROOT / "index" / "samples"
QUESTION = "Hoe lang is de wachttijd voor jeugdhulp?"
Run = Callable[..., int]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of the bundled samples, made by the command itself."""
    folder = tmp_path_factory.mktemp("winkel") / "vóórbeelden"
    assert main(["index", str(SAMPLES), "--store", str(folder)]) == 0
    return folder


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main([command, "--help"])
    assert stopped.value.code == 0
    assert "gebruik: vraagbaak " + command in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [[], ["vraag"], ["ask"], ["ask", "a", "--questions", "b"], ["index"]])
def test_wrong_usage_is_exit_code_two(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["ask", "a", "--questions"], "bij --questions: hierachter hoort één waarde"),
        (["search", "a", "-k", "veel"], "'veel' is geen geldige waarde"),
        (["search", "a", "--mode", "gok"], "'gok' kan hier niet; kies uit"),
        (["ask", "a", "--bestaat-niet"], "dit is hier niet bekend: --bestaat-niet"),
    ],
)
def test_wrong_usage_is_said_in_dutch(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(arguments)
    last = capsys.readouterr().err.splitlines()[-1]
    assert said in last and "--help" in last
    assert not any(word in last for word in ("error", "invalid", "argument", "expected"))


def test_a_receipt_is_never_written_over_another_file(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (store / "store.sqlite").read_bytes()
    assert main(["ask", QUESTION, "--receipt", str(store / "store.sqlite"), "--store", str(store)]) == 1
    assert "store.sqlite" in capsys.readouterr().err
    assert (store / "store.sqlite").read_bytes() == before


@pytest.mark.parametrize("act", ["backup", "restore"])
def test_a_folder_that_cannot_hold_a_backup_is_one_sentence(
    act: str, store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = store / "binnen" if act == "backup" else store / "store.sqlite"
    assert main(["store", act, str(folder), "--store", str(store)]) == 1
    assert len(capsys.readouterr().err.strip().splitlines()) == 1


def test_removing_what_is_not_there_purges_nothing(tmp_path: Path) -> None:
    folder = str(tmp_path / "s")
    assert main(["index", str(SAMPLES / "afvalinzameling.txt"), "--store", folder]) == 0
    assert main(["index", str(SAMPLES / "bibliotheek-antwoord.txt"), "--store", folder]) == 0
    from index.store.admin import generations

    kept = len(generations(tmp_path / "s")[0])
    assert main(["remove", "--purge", "bestaat-niet", "--store", folder]) == 1
    assert len(generations(tmp_path / "s")[0]) == kept > 1


def test_what_was_removed_before_can_still_be_purged(tmp_path: Path) -> None:
    folder = str(tmp_path / "s")
    assert main(["index", str(SAMPLES / "afvalinzameling.txt"), "--store", folder]) == 0
    from index.store import Store
    from index.store.admin import generations

    with Store.open(tmp_path / "s").snapshot() as snapshot:
        (document,) = snapshot.documents()
    assert main(["remove", document.document, "--store", folder]) == 0
    assert main(["remove", "--purge", document.document, "--store", folder]) == 0
    assert len(generations(tmp_path / "s")[0]) == 1
    assert list((tmp_path / "s" / "originals").rglob("*.txt")) == []
    assert main(["remove", "--purge", document.document, "--store", folder]) == 1


@pytest.mark.parametrize("content", ["", "geen json", "[1", "[]", "{}", '{"receipt": 1}'])
def test_a_file_that_is_no_receipt_is_one_sentence(
    content: str, store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "geen-bewijs.json"
    file.write_text(content, encoding="utf-8")
    assert main(["verify", str(file), "--store", str(store)]) == 1
    said = capsys.readouterr()
    assert len(said.err.strip().splitlines()) == 1
    assert "geen-bewijs.json" in said.err
    assert said.out == ""


def test_personal_data_are_not_repeated_on_the_screen(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", f"Ik ben iemand@voorbeeld.nl. {QUESTION}", "--store", str(store), "--json"]) == 0
    printed = capsys.readouterr()
    assert "iemand@voorbeeld.nl" not in printed.out + printed.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["search", "--questions", "er-is-geen-bestand.jsonl"],
        ["documents", "ah-tk-bestaat-niet"],
        ["remove", "ah-tk-bestaat-niet"],
        ["verify", "er-is-geen-bestand.json"],
        ["ask", "wat kost het?", "--receipt", "er-is-geen-map/bewijs.json"],
        ["eval", "grounding", "er-is-geen-bestand.jsonl"],
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(
    arguments: list[str], store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*arguments, "--store", str(store)]) == 1
    said = capsys.readouterr().err
    assert len(said.strip().splitlines()) == 1
    assert "Traceback" not in said


@pytest.mark.parametrize(
    "arguments",
    [
        ["ask", "wat kost het?", "--model", "onzin"],
        ["ask", "wat kost het?", "--model", "openai:x@ftp://y"],
        ["ask", "wat kost het?", "--since", "gisteren"],
        ["ask", "wat kost het?", "--since", "2025-01-01", "--until", "2024-01-01"],
        ["search", "wat kost het?", "-k", "0"],
        ["chat", "--port", "99999"],
    ],
)
def test_the_value_of_an_option_that_cannot_be_right_is_wrong_usage(
    arguments: list[str], store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*arguments, "--store", str(store)]) == 2
    said = capsys.readouterr().err
    assert len(said.strip().splitlines()) == 1
    assert "Traceback" not in said


def test_an_unknown_embedder_is_one_sentence(
    store: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VRAAGBAAK_EMBEDDER", "geen/model-van-die-naam")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    assert main(["search", "afval", "--store", str(store)]) == 1
    said = capsys.readouterr().err
    assert len(said.strip().splitlines()) == 1
    assert "geen/model-van-die-naam" in said


@pytest.mark.parametrize(
    "arguments", [["--help"], ["settings"], ["ask", QUESTION], ["search", QUESTION], ["documents"]]
)
def test_the_command_line_does_not_pay_for_the_page_or_for_torch(arguments: list[str], store: Path) -> None:
    code = (
        "import sys\nfrom ui.cli import main\n"
        f"try:\n    main({arguments!r})\nexcept SystemExit:\n    pass\n"
        "heavy = {'gradio', 'torch', 'transformers', 'sentence_transformers', 'fastapi'} & set(sys.modules)\n"
        "print('HEAVY', sorted(heavy), file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={"VRAAGBAAK_STORE": str(store), "PATH": ""},
        check=True,
    )
    assert "HEAVY []" in done.stderr
    assert done.stdout


def test_a_name_that_is_no_text_stops_no_other_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "map"
    folder.mkdir()
    (folder / "brug.txt").write_text("De brug gaat open in mei.", encoding="utf-8")
    Path(os.fsdecode(os.fsencode(folder) + b"/naam\xff.txt")).write_text("De brug gaat dicht.", encoding="utf-8")
    assert main(["index", str(folder), "--store", str(tmp_path / "opslag")]) == 1
    told = capsys.readouterr()
    assert "naam\ufffd.txt" in told.err and "UTF-8" in told.err
    assert "1 document" in told.out


def test_an_argument_that_is_no_text_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["documents", "a\udcff"]) == 1
    assert "UTF-8" in capsys.readouterr().err


@pytest.mark.parametrize("command", [["export", "ragas", "{}"], ["draft", "--out", "{}"]])
def test_what_people_worked_on_is_never_overwritten(
    command: list[str], store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    theirs = tmp_path / "vragen.jsonl"
    theirs.write_text("van mij", encoding="utf-8")
    assert main(["eval", *(word.format(theirs) for word in command), "--store", str(store)]) == 1
    assert theirs.read_text(encoding="utf-8") == "van mij" and "vragen.jsonl" in capsys.readouterr().err


def test_a_file_name_with_a_line_end_breaks_no_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "documenten"
    folder.mkdir()
    (folder / "leeg\nnieuw  verzonnen.txt").write_text("")
    (folder / "goed\nbestand.txt").write_text("De bibliotheek is op zondag open. " * 5)
    assert main(["index", str(folder), "--store", str(tmp_path / "opslag")]) == 1
    said = capsys.readouterr().err
    assert "leeg\\nnieuw" in said and not [line for line in said.splitlines() if line.startswith("nieuw  verz")]
    assert main(["search", "bibliotheek zondag", "--store", str(tmp_path / "opslag")]) == 0
    assert "goed\\nbestand.txt" in capsys.readouterr().out
