"""Files go in, a new generation of the store comes out: the whole of "index" on one screen.

Unchanged files cost no more than their digest; changed ones are read, cut, embedded where their words are new, and
switched on together. A long run rests now and then, so that finished documents are never done again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from index.intake import Beside, FileJob, FileReport, Intake, Status, counts
from index.protocols import Embedder
from index.readers import CountTokens, Read, Readers
from index.store.writing import StoreWriter
from index.values import Reading
from index.where import Where, prepare
from index.where import writer as writer_of

__all__ = ["BuildReport", "FileReport", "build_index", "remove_documents"]

# Raise it when reading or cutting makes something else of the same file: every file is then read again.
READER = "2"


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What became of all files, and what the store holds now."""

    files: tuple[FileReport, ...]
    generation: int
    documents: int
    passages: int
    seconds: float
    interrupted: bool = False

    @property
    def counts(self) -> dict[Status, int]:
        """How many files became what."""
        return counts(self.files)


OnFile = Callable[[FileReport, int, int], None]


def build_index(
    paths: Sequence[Path],
    store: Where,
    embedder: Embedder | None,
    *,
    count_tokens: CountTokens,
    encoding: str = "",
    rebuild: bool = False,
    prune: bool = False,
    keep_sources: bool = True,
    processes: int = 1,
    on_file: OnFile | None = None,
    stop: Callable[[], bool] = lambda: False,
    rest_after: float = 30.0,
    keep: int | None = None,
    find: Callable[[Sequence[Path]], list[Path]] | None = None,
    read: Read | None = None,
    beside: Beside | None = None,
) -> BuildReport:
    """Read the files in `paths` into the store, which is made when it is not there.

    `count_tokens` and `encoding` (its name and digest) say how passages are cut; `rebuild` converts a store of an
    earlier format and indexes and embeds all stored texts afresh, and without `paths` also reads the files again that
    another version read, or the copies that the store keeps of them (`keep_sources`); `prune` removes documents whose
    files below `paths` are gone; `processes` read at the same time; `on_file` is called with each report, how many
    files are done and how many there are; `stop` is asked before each file, and what is done by then is kept;
    `rest_after` is how many seconds of work a crash can cost at most, about; `keep` is how many generations stay.

    Raises `ReadError` when one of `paths` is missing, `StoreError` or `EmbedderError` when the store cannot be written.
    """
    started = time.monotonic()
    files = (find or _find)(paths) if paths else []
    prepare(store, convert=rebuild)
    with (
        Readers(read or _read, count_tokens, processes) as readers,
        writer_of(store, embedder, encoding=encoding, rebuild=rebuild, keep=keep) as writer,
    ):
        force = rebuild and bool(paths)
        intake = Intake(writer, f"{READER} {encoding}", beside or _beside, force=force, keep_sources=keep_sources)
        stored = list(intake.stored_jobs()) if rebuild and not paths else []
        run = _Run(intake, writer, readers, on_file, stop, rest_after, len(stored or files))
        if stored:
            run.take(stored)
        else:
            run.take_parts(writer.parts(files))
        if prune and not run.interrupted:
            intake.forget_gone_files(paths)
        run.take_lost()
        writer.commit()
        now = writer.manifest
    seconds = time.monotonic() - started
    return BuildReport(tuple(run.reports), now.generation, now.documents, now.passages, seconds, run.interrupted)


@dataclass(slots=True)
class _Run:
    """One run of indexing, as far as it has come: what it has reported, and whether somebody stopped it."""

    intake: Intake
    writer: StoreWriter
    readers: Readers
    on_file: OnFile | None
    stop: Callable[[], bool]
    rest_after: float
    total: int
    reports: list[FileReport] = field(default_factory=list)
    interrupted: bool = False
    rested: float = field(default_factory=time.monotonic)

    def take_parts(self, parts: Iterable[Sequence[Path]]) -> None:
        """Take in the files of each part; one without files is a moment of waiting for others."""
        for part in parts:
            if part:
                self.take(map(self.intake.job, part))
            else:
                self.interrupted = self.stop()
            if self.interrupted:
                return

    def take(self, jobs: Iterable[FileJob]) -> None:
        """Take in what is read, until it is stopped; rest now and then."""
        for job, outcome in self.readers.outcomes(jobs):
            self.interrupted = self.stop()
            if self.interrupted:
                return
            self._report(self.intake.take(job, outcome))
            if time.monotonic() - self.rested > self.rest_after:
                self.writer.commit(partial=True)
                self.rested = time.monotonic()

    def take_lost(self) -> None:
        """Remove the documents that no file holds any more; read the copy of those that another file still holds."""
        for lost in list(self.intake.lost()):
            if isinstance(lost, FileReport):
                self._report(lost)
            else:
                [(job, outcome)] = self.readers.outcomes([lost])
                self._report(self.intake.take(job, outcome))

    def _report(self, found: FileReport) -> None:
        self.reports.append(found)
        if self.on_file:
            self.on_file(found, min(len(self.reports), self.total), self.total)


def remove_documents(store: Where, documents: Sequence[str]) -> list[str]:
    """Remove documents by identifier; return those that were there. They answer nothing from the next request on."""
    with writer_of(store, removes_only=True) as writer:
        removed = [document for document in documents if writer.remove(document)]
        writer.commit()
    return removed


def _find(paths: Sequence[Path]) -> list[Path]:
    from index.documents import find_files

    return find_files(paths)


def _read(path: Path, source: str, count_tokens: CountTokens) -> Sequence[Reading]:
    from index.documents import read_documents

    return read_documents(path, source, count_tokens)


def _beside(path: Path) -> Sequence[Path]:
    from index.documents import side_files

    return side_files(path)
