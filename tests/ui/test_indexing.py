"""Indexing from the command line: how far it is, and that it can be stopped and goes on where it was."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from eval.generator import file_name, make_document
from ui.progress import Progress, progress_line

DOCUMENTS = 40


def test_the_progress_line_gives_count_rate_and_time_left() -> None:
    assert progress_line(50, 200, 10.0, "en") == "50 of 200 files, 5.0 a second, 0:30 left"
    assert "1:00:00" in progress_line(1, 3601, 1.0, "nl")


def test_progress_is_shown_on_a_terminal_alone(capsys: pytest.CaptureFixture[str]) -> None:
    for shown in (False, True):
        progress = Progress("nl", shown=shown)
        progress.draw(1, 10)
        progress.clear()
        assert bool(capsys.readouterr().err) is shown


def test_ctrl_c_keeps_what_is_done_and_the_same_command_goes_on(tmp_path: Path) -> None:
    sources = tmp_path / "bron"
    sources.mkdir()
    for number in range(1, DOCUMENTS + 1):
        text, _ = make_document(number, random.Random(number), 20)
        (sources / file_name(number)).write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "ui.cli", "index", str(sources), "--store", str(tmp_path / "opslag")]
    environment = os.environ | {"VRAAGBAAK_EMBEDDER": "none", "VRAAGBAAK_LANGUAGE": "en"}
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment) as child:
        assert child.stderr is not None
        for _ in range(3):
            child.stderr.readline()
        child.send_signal(signal.SIGINT)
        _, words = child.communicate(timeout=60)
    assert child.returncode == 1
    assert "Traceback" not in words
    stopped = next(line for line in words.splitlines() if line.startswith("Stopped after"))
    done = int(stopped.split()[2])
    assert 3 <= done < DOCUMENTS
    time.sleep(0.01)
    again = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
    assert again.stderr.count("unchanged") == done
    assert again.stderr.count("new  ") == DOCUMENTS - done


@pytest.mark.parametrize(("said", "kept"), [("true", True), ("nee", False)])
def test_keeping_source_files_is_a_setting(tmp_path: Path, said: str, kept: bool) -> None:
    (tmp_path / "a.txt").write_text(make_document(1, random.Random(1), 2)[0], encoding="utf-8")
    command = [sys.executable, "-m", "ui.cli", "index", str(tmp_path / "a.txt"), "--store", str(tmp_path / "opslag")]
    environment = os.environ | {"VRAAGBAAK_EMBEDDER": "none", "VRAAGBAAK_KEEP_SOURCES": said}
    subprocess.run(command, check=True, env=environment, capture_output=True)
    assert (tmp_path / "opslag" / "originals").exists() is kept
