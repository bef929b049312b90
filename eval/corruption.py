"""Corruption: every file of a store is damaged in turn, and neither a wrong citation nor a traceback may come of it.

Bits are flipped, files cut short, emptied, taken away and swapped with older ones. After each, the store is checked,
searched and repaired: what was damaged is named, and made again or refused; whatever is found and quoted all the same
must stand in the documents as they were written.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from eval.crash_bench import Contents, change_documents, contents_of_files
from eval.generator import vocabulary
from eval.hashed_words import HashedWords
from index.build import build_index
from index.errors import VraagbaakError
from index.store import Store
from index.store.check import check_store, repair_store
from index.store.files import DATABASE, LOCK
from index.tokens import count_tokens

_DATABASE_ROUNDS = 20


@dataclass(frozen=True, slots=True)
class Result:
    """One damage: to which file, of which kind, how it ended, and what was wrong in how it ended."""

    file: str
    damage: str
    ending: str
    fault: str | None = None


def flip_bits(path: Path, chance: random.Random, _older: Path) -> None:
    """Flip one bit in each of one to four bytes."""
    data = bytearray(path.read_bytes())
    for _ in range(chance.randint(1, 4)):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    path.write_bytes(data)


def cut_short(path: Path, chance: random.Random, _older: Path) -> None:
    """Leave the beginning of a file."""
    path.write_bytes(path.read_bytes()[: chance.randrange(path.stat().st_size)])


def delete(path: Path, _chance: random.Random, _older: Path) -> None:
    """Take a file away."""
    path.unlink()


def overwrite(path: Path, chance: random.Random, _older: Path) -> None:
    """Write nonsense over a stretch of a file."""
    data = bytearray(path.read_bytes())
    start = chance.randrange(len(data))
    data[start : start + 512] = chance.randbytes(len(data[start : start + 512]))
    path.write_bytes(data)


def swap(path: Path, _chance: random.Random, older: Path) -> None:
    """Put an older file of the same kind in its place."""
    shutil.copyfile(older, path)


DAMAGES: dict[str, Callable[[Path, random.Random, Path], None]] = {
    "bits flipped": flip_bits,
    "cut short": cut_short,
    "overwritten": overwrite,
    "deleted": delete,
    "swapped with an older one": swap,
}


def make_store(folder: Path) -> tuple[Path, Path, set[tuple[str, str]]]:
    """Build a store of three generations; return it, a copy of it earlier, and each (document, text) ever put."""
    chance, sources, store, older = random.Random(7), folder / "bron", folder / "opslag", folder / "eerder"
    for leftover in (sources, store, older):
        shutil.rmtree(leftover, ignore_errors=True)
    ever: set[tuple[str, str]] = set()
    for generation in range(3):
        ever |= set(change_documents(sources, chance).items())
        build_index([sources], store, HashedWords(), count_tokens=count_tokens, prune=True, keep=2)
        if generation == 1:
            shutil.copytree(store, older)
    return store, older, ever


def corrupt(folder: Path, rounds: int = 1, sample: int | None = None) -> Iterator[Result]:
    """Damage every file of a store in turn, in every way; the database, which is one file, twenty times as often.

    `rounds` times with other chances; only a `sample` of it all when that is given.
    """
    store, older, ever = make_store(folder)
    whole, victim = contents_of_files(folder / "bron"), folder / "slachtoffer"
    plan = []
    for path in sorted(path for path in store.rglob("*") if path.is_file() and path.stat().st_size):
        name = path.relative_to(store).as_posix()
        if name == LOCK or path.name.startswith(".tantivy-"):
            continue
        often = rounds * (_DATABASE_ROUNDS if name == DATABASE else 1)
        plan += [(name, damage, turn) for damage in DAMAGES for turn in range(1 if damage == "deleted" else often)]
    if sample is not None:
        plan = random.Random(sample).sample(plan, min(sample, len(plan)))
    for name, damage, turn in plan:
        shutil.rmtree(victim, ignore_errors=True)
        shutil.copytree(store, victim)
        path, before = victim / name, (victim / name).read_bytes()
        DAMAGES[damage](path, random.Random(f"{name} {damage} {turn}"), _counterpart(older, name))
        if not path.exists() or path.read_bytes() != before:
            yield _judged(victim, name, damage, ever, whole)


def _judged(store: Path, name: str, damage: str, ever: set[tuple[str, str]], whole: Contents) -> Result:
    try:
        _use(store, ever)
        ending = _named(store, name)
        if ending == "unnoticed":
            # Only what nobody reads (a free page, a spare byte) may differ without a word about it.
            ending = "without effect" if _contents(store) == whole else "an earlier generation"
            fault = None if ending == "without effect" or name == "store.sqlite" else "nobody noticed"
            return Result(name, damage, ending, fault)
        try:
            repair_store(store, HashedWords())
        except VraagbaakError:
            return Result(name, damage, "refused")
        left = check_store(store)
        if left or _contents(store) != whole:
            return Result(name, damage, "repaired", f"the repair left {left}, or lost something")
    except VraagbaakError as error:
        return Result(name, damage, "refused", f"not foreseen: {error}")
    except Exception as error:
        return Result(name, damage, "traceback", repr(error))
    return Result(name, damage, "repaired")


def _use(store: Path, ever: set[tuple[str, str]]) -> None:
    """Search and read a damaged store as a chat does; refusals are fine, anything wrong is an `AssertionError`."""
    question = " ".join(vocabulary()[:8])
    try:
        opened = Store.open(store, HashedWords())
    except VraagbaakError:
        return
    for use in ("lexical", "dense", "documents"):
        try:
            with opened.snapshot() as snapshot:
                if use == "documents":
                    documents = snapshot.documents()
                    texts = {(d.document, snapshot.text(d.document) or "") for d in documents}
                    for document in documents:
                        snapshot.reading(document.document)
                        snapshot.original(document.document)
                    assert texts <= ever, "a text that was never written"
                    continue
                for hit in snapshot.search(question, 200, mode="lexical" if use == "lexical" else "dense"):
                    text = snapshot.text(hit.document.document) or ""
                    quoted = text[hit.passage.start : hit.passage.end]
                    assert quoted == hit.passage.text, "a wrong citation"
                    assert (hit.document.document, text) in ever, "a text that was never written"
        except VraagbaakError:
            continue


def _named(store: Path, name: str) -> str:
    """Return how the check spoke of the damage: "named" or "unnoticed"; to name another file is an `AssertionError`."""
    try:
        parts = [damage.part for damage in check_store(store)]
    except VraagbaakError as error:
        parts = [str(error)]
    if not parts:
        return "unnoticed"
    # What the database holds is named by document or passage; of the other files each has a name.
    assert name == DATABASE or any(name in part or part in name for part in parts), f"named {parts} instead"
    return "named"


def _contents(store: Path) -> Contents:
    with Store.open(store, HashedWords()).snapshot() as snapshot:
        return {d.document: snapshot.text(d.document) or "" for d in snapshot.documents()}


def _counterpart(older: Path, name: str) -> Path:
    """Return the older store's file of the same name, or of the same kind."""
    if (older / name).is_file():
        return older / name
    alike = [path for path in sorted(older.rglob(f"*{Path(name).suffix}")) if path.is_file() and path.stat().st_size]
    return alike[0]


def summary(results: list[Result]) -> list[str]:
    """Return a table of how damage of each kind ended, and every fault."""
    endings = sorted({result.ending for result in results})
    lines = ["| damage | " + " | ".join(endings) + " |", "| --- |" + " --- |" * len(endings)]
    counted = Counter((result.damage, result.ending) for result in results)
    for damage in DAMAGES:
        lines.append(f"| {damage} | " + " | ".join(str(counted[damage, ending]) for ending in endings) + " |")
    faults = [result for result in results if result.fault]
    lines += ["", f"{len(results)} damages, {len(faults)} of them with a fault."]
    return lines + [f"- {result.file}, {result.damage}: {result.fault}" for result in faults]


def main() -> int:
    """Damage a store as often as the command line says; exit code 1 when a fault was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=Path, default=Path("build", "soak", "corruption"))
    arguments = parser.parse_args()
    shutil.rmtree(arguments.folder, ignore_errors=True)
    results = list(corrupt(arguments.folder, arguments.rounds))
    sys.stdout.write("\n".join(summary(results)) + "\n")
    return 1 if any(result.fault for result in results) else 0


if __name__ == "__main__":
    sys.exit(main())
