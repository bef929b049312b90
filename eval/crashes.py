"""Crashes: a process that indexes, purges, saves or restores is killed, and the store must not show it.

`python -m eval.crashes --runs 300` kills real processes by SIGKILL at random moments, fills a small disk, makes a
folder read-only and lets two writers start at once, while a reader reads all the time. After each: the store opens,
every document committed before is there and right, none is half there, and the next run completes. What is done is
noted in the work folder, so that the same command goes on where it stopped. With `--store` a copy of a large store is
played with instead (`eval.crash_large`).
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from eval.crash_large import crash_large
from eval.crash_scenarios import SCENARIOS, Bench, Result

_NEED_A_DISK = ("full disk", "read-only folder")
_SHARES = (10, 3, 1, 3, 2, 1, 3, 1)


def schedule(runs: int) -> list[str]:
    """Return which scenario each run plays; those that need a disk of their own only where one can be made."""
    names = [name for name, share in zip(SCENARIOS, _SHARES, strict=True) for _ in range(share)]
    if not can_mount():
        names = [name for name in names if name not in _NEED_A_DISK]
    random.Random(0).shuffle(names)
    return [names[place % len(names)] for place in range(runs)]


def can_mount() -> bool:
    """Whether a small disk can be made here, which takes root and leave to mount."""
    if not sys.platform.startswith("linux") or os.geteuid() != 0 or shutil.which("mount") is None:
        return False
    with tempfile.TemporaryDirectory() as folder:
        if subprocess.run(["mount", "-t", "tmpfs", "tmpfs", folder], capture_output=True, check=False).returncode:
            return False
        subprocess.run(["umount", folder], check=True)
    return True


def crash(folder: Path, runs: int, progress: Callable[[Result], None] = lambda _: None) -> list[Result]:
    """Play `runs` scenarios in the work folder, going on where an earlier call stopped; return all results."""
    folder.mkdir(parents=True, exist_ok=True)
    state = folder / "runs.jsonl"
    lines = state.read_text(encoding="utf-8").splitlines() if state.exists() else []
    results = [Result(**json.loads(line)) for line in lines]
    bench = Bench(folder)
    for number, scenario in list(enumerate(schedule(runs)))[len(results) :]:
        result = bench.play(number, scenario)
        results.append(result)
        with state.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(result), ensure_ascii=False) + "\n")
        progress(result)
    bench.close()
    return results


def summary(results: list[Result]) -> list[str]:
    """Return a table: how often each scenario was played and struck, and every fault."""
    played = Counter(result.scenario for result in results)
    struck = Counter(result.scenario for result in results if result.struck)
    lines = ["| scenario | runs | struck before its end | faults |", "| --- | --- | --- | --- |"]
    for scenario, count in played.items():
        faults = sum(result.fault is not None for result in results if result.scenario == scenario)
        lines.append(f"| {scenario} | {count} | {struck[scenario]} | {faults} |")
    reads = sum(result.reads for result in results)
    lines.append(f"| together | {len(results)} | {sum(struck.values())} | {sum(bool(r.fault) for r in results)} |")
    return [*lines, "", f"{reads} reads by the reader throughout."]


def main() -> int:
    """Play the runs of the command line; exit code 1 when a promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=300)
    parser.add_argument("--folder", type=Path, default=Path("build", "soak", "crashes"))
    parser.add_argument("--store", type=Path, help="crash a copy of this store instead of a small one")
    arguments = parser.parse_args()

    def show(result: Result) -> None:
        sys.stderr.write(f"{result.number + 1}/{arguments.runs} {result.scenario} {result.fault or 'ok'}\n")

    if arguments.store:
        results = crash_large(arguments.store, arguments.folder / "large", arguments.runs, show)
    else:
        results = crash(arguments.folder, arguments.runs, show)
    sys.stdout.write("\n".join(summary(results)) + "\n")
    return 1 if any(result.fault for result in results) else 0


if __name__ == "__main__":
    sys.exit(main())
