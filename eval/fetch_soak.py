"""Fetching that is killed again and again: thousands of documents come in full and anew, and none is lost or twice.

One folder is filled without a disturbance, another is filled by processes that are killed at random moments. Then the
archive changes (documents are changed, added, withdrawn), and both are brought up to date in the same way. In the end
both must hold the same, and what the archive holds. `python -m eval.fetch_soak` runs it by itself.
"""

from __future__ import annotations

import argparse
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from eval.fetch_documents import as_xml
from eval.fetch_stand_in import StandIn, make_archive
from eval.fetch_trial import Trial

DOCUMENTS, KILLS = 5_000, 50
_AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class Result:
    """What was found: faults in words (none when all promises were kept), and lines for the log."""

    lines: list[str]
    faults: list[str]


@dataclass(frozen=True, slots=True)
class _Address:
    base: str


def soak(
    folder: Path, documents: int = DOCUMENTS, kills: int = KILLS, show: Callable[[str], None] = lambda _: None
) -> Result:
    """Play it with `documents` documents and `kills` killed processes, half of them in each of the two runs."""
    shutil.rmtree(folder, ignore_errors=True)
    lines, faults, chance = ["| | | |", "| --- | --- | --- |"], list[str](), random.Random(7)
    with StandIn(make_archive(documents)).serving() as stand_in:
        calm, troubled = Trial(stand_in, folder / "calm"), Trial(stand_in, folder / "troubled")
        for name in ("full", "incremental"):
            expected = documents if name == "full" else _change(stand_in, documents)
            stand_in.asked.clear()
            started = time.monotonic()
            run = calm.fetch(at_once=_AT_ONCE)
            seconds = time.monotonic() - started
            bodies = len(stand_in.bodies())
            lines.append(f"| {name} run | {run.listed} listed, {bodies} bodies | {run.listed / seconds:.0f} a second |")
            show(lines[-1])
            faults += _unlike(calm, stand_in, name)
            if run.outcome != "ok" or bodies != expected:
                faults.append(f"{name}: {run.outcome}, {bodies} bodies for {expected} documents")
            longest = max(0.5, 8 * seconds / max(kills, 1))
            struck = _killed(troubled, [chance.uniform(0, longest) for _ in range(kills // 2)], show)
            lines.append(f"| {name} run, killed | {kills // 2} processes | {struck} before their end |")
            if calm.whole_state() != troubled.whole_state():
                faults.append(f"{name}: the folder that was disturbed is not as the other one")
        stand_in.asked.clear()
        calm.fetch(at_once=_AT_ONCE)
        lines.append(f"| unchanged run | {len(stand_in.asked)} requests | {len(stand_in.bodies())} bodies |")
        if stand_in.bodies():
            faults.append("an unchanged run fetched a document")
    return Result([*lines, "", *faults], faults)


def _change(stand_in: StandIn, documents: int) -> int:
    """Change, add and withdraw a twentieth, a fiftieth and a hundredth; return how many documents are to be fetched."""
    changed = range(7, documents + 1, 20)
    for number in changed:
        stand_in.archive.change(number)
    added = range(documents + 1, documents + 1 + documents // 50)
    for number in added:
        stand_in.archive.add(number)
    for number in range(11, documents + 1, 100):
        stand_in.archive.withdraw(number)
    withdrawn = set(range(11, documents + 1, 100))
    return len(set(changed) - withdrawn) + len(added)


def _unlike(trial: Trial, stand_in: StandIn, name: str) -> list[str]:
    """Say what is lost or too much in a folder, held against the archive itself."""
    wanted = {one.identifier: as_xml(one) for one in stand_in.archive.shown()}
    found = trial.documents()
    lost, twice = sorted(wanted.keys() - found.keys()), sorted(found.keys() - wanted.keys())
    other = sorted(key for key in wanted.keys() & found.keys() if wanted[key] != found[key])
    told = (("lost", lost), ("too much", twice), ("with other words", other))
    return [f"{name}: {word}: {', '.join(names[:5])}" for word, names in told if names]


def _killed(trial: Trial, delays: list[float], show: Callable[[str], None]) -> int:
    """Fetch by processes that are killed after so many seconds, then by one that is not; return how many were."""
    struck, kills, root = 0, len(delays), trial.folder.documents.parent
    command = [sys.executable, "-m", "eval.fetch_soak", "--work", trial.stand_in.base, "--folder", str(root)]
    for number, delay in enumerate(delays):
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            process.stdout.readline()
            try:
                process.wait(delay)
            except subprocess.TimeoutExpired:
                process.kill()
                struck += 1
        show(f"killed {number + 1}/{kills}: {'struck' if struck else 'done before'}")
    subprocess.run(command, check=True, stdout=subprocess.PIPE)
    return struck


def _work(base: str, root: Path) -> int:
    """Fetch once, as a process of its own."""
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    run = Trial(_Address(base), root).fetch(at_once=_AT_ONCE)
    return 0 if run.outcome == "ok" else 1


def main() -> int:
    """Play it with the numbers of the command line; exit code 1 when a promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=DOCUMENTS)
    parser.add_argument("--kills", type=int, default=KILLS)
    parser.add_argument("--folder", type=Path, default=Path("build", "soak", "fetch"))
    parser.add_argument("--work", metavar="ADDRESS", help="fetch from this stand-in, to be killed")
    arguments = parser.parse_args()
    if arguments.work:
        return _work(arguments.work, arguments.folder)
    result = soak(
        arguments.folder, arguments.documents, arguments.kills, lambda line: print(line, file=sys.stderr, flush=True)
    )
    sys.stdout.write("\n".join(result.lines) + "\n")
    return 1 if result.faults else 0


if __name__ == "__main__":
    sys.exit(main())
