"""The wheel holds everything: its command answers in an empty folder, away from the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def run(*arguments: str, **options: object) -> str:
    done = subprocess.run([sys.executable, *arguments], check=False, capture_output=True, text=True, **options)  # type: ignore[call-overload]
    assert done.returncode == 0, done.stderr
    return str(done.stdout)


def test_the_command_of_the_built_wheel_answers_in_an_empty_folder(tmp_path: Path) -> None:
    site, empty = tmp_path / "site", tmp_path / "empty"
    empty.mkdir()
    run("-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(ROOT))
    (wheel,) = tmp_path.glob("*.whl")
    run("-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(site), str(wheel))
    environment = {**os.environ, "PYTHONPATH": str(site)}
    where = run("-c", "import index; print(index.__file__)", cwd=empty, env=environment)
    assert where.startswith(str(site))
    samples = site / "index" / "samples"
    run("-m", "ui.cli", "index", str(samples), cwd=empty, env=environment)
    answer = run("-m", "ui.cli", "ask", "Hoe lang is de wachttijd voor jeugdhulp?", cwd=empty, env=environment)
    assert "[1]" in answer
