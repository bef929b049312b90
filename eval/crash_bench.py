"""A folder of changing documents and a store of them: what it must hold is known, and what it holds is verified."""

from __future__ import annotations

import hashlib
import json
import random
import subprocess
import sys
import time
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread

from eval.generator import file_name, make_document, vocabulary
from eval.hashed_words import HashedWords
from index.documents import read_documents
from index.store import Store
from index.store.check import check_store
from index.store.snapshot import Snapshot
from index.tokens import count_tokens

DOCUMENTS = 16
QUESTIONS = 3

Contents = dict[str, str]


class BrokenPromiseError(Exception):
    """A store that is not as it was promised: the sentence says how."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a process ended: its exit code (-9 when it was killed), its last words, and how long it worked."""

    code: int
    words: str
    seconds: float


def change_documents(folder: Path, chance: random.Random) -> Contents:
    """Write, change and remove files in `folder`; return the text of each document that it now holds."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(1, DOCUMENTS + 1):
        path, fate = folder / file_name(number), chance.random()
        if fate < 0.12:
            path.unlink(missing_ok=True)
        elif fate < 0.4 or (fate < 0.7 and not path.exists()):
            text, _ = make_document(number, chance, QUESTIONS)
            path.write_text(text, encoding="utf-8")
    return contents_of_files(folder)


def contents_of_files(folder: Path) -> Contents:
    """Return the reading text of each document in a folder of files."""
    found = (_read(path, path.stat().st_mtime_ns) for path in sorted(folder.glob("*.txt")))
    return dict(found)


@cache
def _read(path: Path, _changed: int) -> tuple[str, str]:
    [reading] = read_documents(path, str(path), count_tokens)
    return reading.document.document, reading.text


def contents_of_store(store: Path) -> Contents:
    """Return the text of each document in a store, having verified all of it; raise `BrokenPromiseError`."""
    if damages := check_store(store):
        raise BrokenPromiseError(f"damaged: {damages}")
    with Store.open(store, HashedWords()).snapshot() as snapshot:
        texts = verified(snapshot)
        if any(snapshot.original(document) is None for document in texts):
            raise BrokenPromiseError("a source file is not kept")
    return texts


def verified(snapshot: Snapshot) -> Contents:
    """Return what a snapshot holds; raise `BrokenPromiseError` unless documents, words and vectors agree.

    Source files that go with their generation while somebody still reads it are no fault; damaged ones are.
    """
    texts = {document.document: snapshot.text(document.document) or "" for document in snapshot.documents()}
    question = " ".join(vocabulary()[:12])
    for mode in ("lexical", "dense"):
        hits = snapshot.search(question, 10_000, mode="lexical" if mode == "lexical" else "dense")
        for hit in hits:
            text = texts.get(hit.document.document)
            if text is None or text[hit.passage.start : hit.passage.end] != hit.passage.text:
                raise BrokenPromiseError(f"{mode} search gave {hit.passage.passage}, which is not in the documents")
        if {hit.document.document for hit in hits} != set(texts):
            raise BrokenPromiseError(f"{mode} search and documents disagree")
    for document in texts:
        snapshot.original(document)
    return texts


def run(*arguments: object, kill_after: float | None = None) -> Ended:
    """Run `eval.crash_worker`; kill it so many seconds after it is ready, if it has not ended by then."""
    with subprocess.Popen(
        [sys.executable, "-m", "eval.crash_worker", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        started = time.monotonic()
        try:
            _, words = process.communicate(timeout=kill_after)
        except subprocess.TimeoutExpired:
            process.kill()
            _, words = process.communicate()
        return Ended(process.returncode, words.strip(), time.monotonic() - started)


def completed(*arguments: object) -> Ended:
    """Run `eval.crash_worker` to its end; raise `BrokenPromiseError` when it does not complete."""
    ended = run(*arguments)
    if ended.code != 0:
        raise BrokenPromiseError(f"{arguments[0]} did not complete: {ended.words[-400:]}")
    return ended


class Reader:
    """A reader throughout, in a process of its own: it opens snapshots all the time and tells what it saw.

    In this process it would be no proof: to open and close the database's file as any other file gives up the locks
    that SQLite holds on it here.
    """

    def __init__(self, store: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "eval.crash_reader", str(store)], stdout=subprocess.PIPE, text=True
        )
        self._lines: SimpleQueue[str] = SimpleQueue()
        self._thread = Thread(target=self._listen, daemon=True)
        self._thread.start()

    def seen(self) -> list[Sight]:
        """Return what was seen since the last call, and at least one thing; raise `BrokenPromiseError` if it died."""
        sights: list[Sight] = []
        while not sights or not self._lines.empty():
            try:
                sights.append(Sight(**json.loads(self._lines.get(timeout=60))))
            except Empty:
                raise BrokenPromiseError("the reader has ended or sees nothing any more") from None
        return sights

    def close(self) -> None:
        """End the reader."""
        self._process.kill()
        self._process.wait()
        self._thread.join()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(line)


@dataclass(frozen=True, slots=True)
class Sight:
    """What a reader saw in one snapshot: the digest of each text; or what was wrong."""

    texts: Contents
    fault: str = ""


def refuse_odd_sights(sights: list[Sight], states: list[Contents]) -> None:
    """Raise `BrokenPromiseError` when a reader saw a fault, or a document as it was in none of the states."""
    known: dict[str, set[str]] = defaultdict(set)
    for state in states:
        for document, text in state.items():
            known[document].add(digest(text))
    for sight in sights:
        if sight.fault:
            raise BrokenPromiseError(f"the reader: {sight.fault}")
        for document, seen in sight.texts.items():
            if seen not in known[document]:
                raise BrokenPromiseError(f"the reader saw {document} as it never was")


def digest(text: str) -> str:
    """Return a short digest of a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]
