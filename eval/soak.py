"""The long proofs, one after another: each takes many minutes, notes how far it is, and goes on where it stopped.

`python -m eval.soak` runs all of them, `python -m eval.soak crashes` only those that are named. The work folder is
`build/soak`; remove it to begin anew. When a proof is done its figures are added to `eval/LOG.md`, with the date and
the machine.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from eval import (
    change_cost,
    corruption,
    crash_large,
    crashes,
    exports_proof,
    fetch_soak,
    fuzz_api,
    fuzz_documents,
    growth,
)
from eval.crash_scenarios import Result

LOG = Path(__file__).parent / "LOG.md"
RUNS, LARGE_RUNS = 300, 20
CORRUPTION_ROUNDS = 3
CASES, PARTS = 5_000, 50


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a proof found: lines for the log, and whether every promise was kept."""

    lines: list[str]
    kept: bool


def _crashes(folder: Path) -> Outcome:
    def show(result: Result) -> None:
        _note(f"crashes {result.number + 1}/{RUNS}: {result.scenario}: {result.fault or 'ok'}")

    results = crashes.crash(folder, RUNS, show)
    return Outcome(crashes.summary(results), all(result.fault is None for result in results))


def _documents(folder: Path) -> Outcome:
    parts: list[fuzz_documents.Run] = []
    for seed in range(PARTS):
        done = folder / f"{seed}.json"
        if done.exists():
            part = fuzz_documents.Run.from_json(done.read_text(encoding="utf-8"))
        else:
            part = fuzz_documents.run(CASES // PARTS, seed, fuzz_documents.samples_here())
            done.write_text(part.to_json(), encoding="utf-8")
        parts.append(part)
        _note(f"documents {(seed + 1) * CASES // PARTS}/{CASES}: {sum(len(p.failures) for p in parts)} failed")
    return Outcome(fuzz_documents.summary(parts), not any(part.failures for part in parts))


def _corruption(folder: Path) -> Outcome:
    results = list(corruption.corrupt(folder, rounds=CORRUPTION_ROUNDS))
    return Outcome(corruption.summary(results), all(result.fault is None for result in results))


def _change_cost(_folder: Path) -> Outcome:
    costs = {size: change_cost.measure(size, lambda text: _note(f"change cost: {text}")) for size in change_cost.SIZES}
    lines = [line for size, found in costs.items() for line in (*change_cost.table(size, found), "")]
    return Outcome(lines, change_cost.within_bar(costs[change_cost.SIZES[-1]]))


def _growth(folder: Path) -> Outcome:
    lines, kept = growth.report(growth.SIZES, folder, _note)
    store = folder / str(max(growth.SIZES)) / "opslag"
    results = crash_large.crash_large(store, folder / "crashes", LARGE_RUNS, lambda one: _note(f"growth: {one}"))
    return Outcome([*lines, "", *crashes.summary(results)], kept and all(one.fault is None for one in results))


def _fetch(folder: Path) -> Outcome:
    result = fetch_soak.soak(folder, show=_note)
    return Outcome(result.lines, not result.faults)


def _exports(folder: Path) -> Outcome:
    return Outcome(exports_proof.prove_samples(folder), True)


def _api(folder: Path) -> Outcome:
    def show(part: fuzz_api.Part) -> None:
        _note(f"api {part.seed + 1}/{fuzz_api.PARTS}: {part.calls} calls, {len(part.failures)} failed")

    parts = fuzz_api.proof(folder, CASES, show)
    return Outcome(fuzz_api.summary(parts), not any(part.failures for part in parts))


# Each proof goes on from what it left in its work folder, and gives its figures when it is done.
PROOFS: dict[str, Callable[[Path], Outcome]] = {
    "crashes": _crashes,
    "corruption": _corruption,
    "documents": _documents,
    "api": _api,
    "change-cost": _change_cost,
    "growth": _growth,
    "fetch": _fetch,
    "exports": _exports,
}


def run(names: list[str], folder: Path, log: Path = LOG) -> bool:
    """Run the proofs `names` that are not done yet; return whether every promise of theirs was kept."""
    kept = True
    for name in names:
        work = folder / name
        work.mkdir(parents=True, exist_ok=True)
        done = work / "done"
        if done.exists():
            _note(f"{name}: done before; remove {work} to do it again")
            kept = kept and done.read_text(encoding="utf-8") == "kept"
            continue
        outcome = PROOFS[name](work)
        write_log(log, f"Soak: {name}", outcome.lines)
        done.write_text("kept" if outcome.kept else "broken", encoding="utf-8")
        kept = kept and outcome.kept
    return kept


def write_log(log: Path, title: str, lines: list[str]) -> None:
    """Add a section to the log, under today's date and the machine it was measured on."""
    head = f"\n### {title} ({datetime.now(UTC):%d %B %Y}, {machine()})\n\n"
    with log.open("a", encoding="utf-8") as file:
        file.write(head + "\n".join(lines) + "\n")


def machine() -> str:
    """Return the machine in a few words: what a figure was measured on."""
    return f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}, Python {platform.python_version()}"


def _note(text: str) -> None:
    sys.stderr.write(text + "\n")


def main() -> int:
    """Run the proofs of the command line; exit code 1 when a promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("proofs", nargs="*", choices=[*PROOFS, []], help="which proofs; all without any")
    parser.add_argument("--folder", type=Path, default=Path("build", "soak"))
    arguments = parser.parse_args()
    return 0 if run(arguments.proofs or list(PROOFS), arguments.folder) else 1


if __name__ == "__main__":
    sys.exit(main())
