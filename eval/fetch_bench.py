"""How fast documents come through fetching and indexing, against a stand-in; and how long the whole archive takes.

`python -m eval.fetch_bench` prints a table. Nothing holds the requests back here; official sources are asked once a
second, and then that is what counts.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from eval.fetch_stand_in import StandIn, make_archive
from eval.fetch_trial import Trial
from eval.soak import machine
from index.build import build_index
from index.documents import find_files
from index.fetch.folder import METADATA
from index.static_embedding import bundled
from index.tokens import count_tokens

DOCUMENTS = 1_000
# Publications in the official list of keys, by the beginning of their identifiers.
ARCHIVE = {"ah": 86_872, "kv": 64_455, "kst": 336_528}
_A_PAGE = 100

Value = TypeVar("Value")


def bench(documents: int, folder: Path) -> list[str]:
    """Fetch and index so many documents; return a table of documents a second."""
    lines = [
        f"{documents} generated Kamervragen as XML, {machine()}",
        "",
        "| | seconds | documents a second |",
        "| --- | --- | --- |",
    ]

    def measured(name: str, work: Callable[[], Value]) -> Value:
        started = time.monotonic()
        value = work()
        seconds = time.monotonic() - started
        lines.append(f"| {name} | {seconds:.1f} | {documents / seconds:.0f} |")
        return value

    with StandIn(make_archive(documents)).serving() as stand_in:
        trial = Trial(stand_in, folder)
        measured("fetch, 4 at once", lambda: trial.fetch(at_once=4))
        measured("index, with the bundled embedding", lambda: _index(trial, folder / "store"))
        measured("fetch again, unchanged", lambda: trial.fetch(at_once=4))
        measured("index again, unchanged", lambda: _index(trial, folder / "store"))
    return [*lines, "", *whole_archive()]


def whole_archive(rate: float = 1.0) -> list[str]:
    """Return how long each part of the archive takes at `rate` requests a second: its list and its documents."""
    lines = ["| at one request a second | documents | requests for the list | first time | a night without changes |"]
    lines.append("| --- | --- | --- | --- | --- |")
    parts = {"Kamervragen (ah and kv)": ARCHIVE["ah"] + ARCHIVE["kv"], "Kamerstukken (kst)": ARCHIVE["kst"]}
    for name, number in (parts | {"together": sum(parts.values())}).items():
        pages = -(-number // _A_PAGE)
        first, again = (number + pages) / rate / 3600, pages / rate / 60
        lines.append(f"| {name} | {number:,} | {pages:,} | {first:.0f} h ({first / 24:.1f} days) | {again:.0f} min |")
    return lines


def _index(trial: Trial, store: Path) -> None:
    files = [path for path in find_files([trial.folder.documents]) if not path.name.endswith(METADATA)]
    report = build_index([trial.folder.documents], store, bundled(), count_tokens=count_tokens, find=lambda _: files)
    if report.counts["failed"]:
        raise RuntimeError(f"{report.counts['failed']} fetched documents could not be read")


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=DOCUMENTS)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="vraagbaak-") as folder:
        sys.stdout.write("\n".join(bench(arguments.documents, Path(folder))) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
