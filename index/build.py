"""Files go in, a new generation of the store comes out: the whole of "index" on one screen.

Unchanged files cost no more than their digest; changed ones are read, cut, embedded where their words are new, and
switched on together. A long run rests now and then, so that finished documents are never done again.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from index.dutch import content_stems
from index.errors import ReadError, VraagbaakError
from index.language import Language, say
from index.protocols import Embedder
from index.store.rows import Source, refuse_loose_spans
from index.store.store import Store, prepare_folder
from index.store.write import KEPT_GENERATIONS, Writer
from index.values import Kind, Reading

Status = Literal["new", "changed", "unchanged", "failed", "removed"]
Read = Callable[[Path, str, Callable[[str], int]], Reading]

# Raise it when reading or cutting makes something else of the same file: every file is then read again.
READER = "1"

_PRECEDENCE = {".xml": 0, ".html": 1, ".htm": 1, ".docx": 2, ".pdf": 3}
_OTHER = 4
_ALIKE = 0.8


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one file. `same_as` is the file whose text serves for both; `differs` warns that it is another."""

    path: str
    status: Status
    document: str | None = None
    kind: Kind | None = None
    passages: int = 0
    error: VraagbaakError | None = None
    warnings: tuple[str, ...] = ()
    same_as: str | None = None
    differs: bool = False

    def message(self, language: Language = "nl") -> str:
        """Return what a person should know about it in one line; empty when there is nothing."""
        parts = [self.error.say(language)] if self.error else list(self.warnings)
        if self.same_as:
            key = "store.differs" if self.differs else "store.same"
            parts.append(say(key, language, path=self.same_as))
        return "; ".join(parts)


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
        found = Counter(file.status for file in self.files)
        names: tuple[Status, ...] = ("new", "changed", "unchanged", "failed", "removed")
        return {name: found[name] for name in names}


OnFile = Callable[[FileReport, int, int], None]


def build_index(
    paths: Sequence[Path],
    store_folder: Path,
    embedder: Embedder | None,
    *,
    count_tokens: Callable[[str], int],
    encoding: str = "",
    rebuild: bool = False,
    prune: bool = False,
    on_file: OnFile | None = None,
    stop: Callable[[], bool] = lambda: False,
    rest_after: float = 30.0,
    keep: int = KEPT_GENERATIONS,
    find: Callable[[Sequence[Path]], list[Path]] | None = None,
    read: Read | None = None,
) -> BuildReport:
    """Read the files in `paths` into the store, which is made when it is not there.

    `count_tokens` and `encoding` (its name and digest) say how passages are cut; `rebuild` also indexes and embeds all
    stored texts afresh; `prune` removes documents whose files are gone; `on_file` is called with each report, how many
    files are done and how many there are; `stop` is asked before each file, and what is done by then is kept;
    `rest_after` is how many seconds of work a crash can cost at most, about.

    Raises `ReadError` when one of `paths` is missing, `StoreError` or `EmbedderError` when the store cannot be written.
    """
    started = time.monotonic()
    files = (find or _find)(paths)
    prepare_folder(store_folder)
    with Writer(store_folder, embedder, encoding=encoding, rebuild=rebuild, keep=keep) as writer:
        run = _Run(writer, read or _read, count_tokens, f"{READER} {encoding}", force=rebuild)
        reports: list[FileReport] = []
        rested, interrupted = time.monotonic(), False
        for done, path in enumerate(files, 1):
            if interrupted := stop():
                break
            reports.append(run.take(path))
            if on_file:
                on_file(reports[-1], done, len(files))
            if time.monotonic() - rested > rest_after:
                writer.commit(partial=True)
                rested = time.monotonic()
        if prune and not interrupted:
            run.forget_gone_files()
        for report in run.settle():
            reports.append(report)
            if on_file:
                on_file(report, len(files), len(files))
        writer.commit()
    with Store.open(store_folder, embedder).snapshot() as snapshot:
        now = snapshot.manifest
    seconds = time.monotonic() - started
    return BuildReport(tuple(reports), now.generation, now.documents, now.passages, seconds, interrupted)


def remove_documents(store_folder: Path, documents: Sequence[str]) -> list[str]:
    """Remove documents by identifier; return those that were there. They answer nothing from the next request on."""
    with Writer(store_folder, removes_only=True) as writer:
        removed = [document for document in documents if writer.remove(document)]
        writer.commit()
    return removed


class _Run:
    """One run over many files: what to do with each, and with the documents that lost the file they came from."""

    def __init__(
        self, writer: Writer, read: Read, count_tokens: Callable[[str], int], reader: str, *, force: bool
    ) -> None:
        self._writer = writer
        self._read = read
        self._count_tokens = count_tokens
        self._reader = reader
        self._force = force
        self._left: dict[str, str] = {}

    def take(self, path: Path) -> FileReport:
        """Read one file if it is new or changed, and put what it holds into the store."""
        absolute = os.path.abspath(path)  # noqa: PTH100 - a link keeps its own name
        known = self._writer.source(absolute)
        before = known.document if known else None
        try:
            digest = _digest(path)
            if known and not self._force and (known.digest, known.reader) == (digest, self._reader):
                return FileReport(str(path), "unchanged", before)
            reading = self._read(path, str(path), self._count_tokens)
            refuse_loose_spans(reading)
        except VraagbaakError as error:
            return FileReport(str(path), "failed", before, error=error)
        except Exception as error:
            # Whatever a strange file makes of the reading, the other files go on.
            reason = f"{type(error).__name__}: {error}"
            unexpected = ReadError("store.unexpected", path=path, reason=reason)
            return FileReport(str(path), "failed", before, error=unexpected)
        source = Source(absolute, str(path), digest, self._reader, reading.document.document)
        return self._keep(reading, source, known)

    def forget_gone_files(self) -> None:
        """Let go of the files that are not there any more."""
        for source in self._writer.sources():
            if not Path(source.path).exists():
                self._leave(source)

    def settle(self) -> list[FileReport]:
        """Remove the documents that no file holds any more; read those again of which only another copy is left."""
        reports: list[FileReport] = []
        for document, given in self._left.items():
            copies = sorted(self._writer.sources(document), key=lambda source: _rank(source.path))
            if not copies:
                self._writer.remove(document)
                reports.append(FileReport(given, "removed", document))
            elif self._writer.holder(document) not in {source.path for source in copies}:
                self._writer.detach(copies[0].path)
                reports.append(self.take(Path(copies[0].given)))
        return reports

    def _keep(self, reading: Reading, source: Source, known: Source | None) -> FileReport:
        document = reading.document
        status: Status = "changed" if known else "new"
        report = FileReport(source.given, status, document.document, document.kind, len(reading.passages))
        report = replace(report, warnings=reading.warnings)
        others = {s.path: s for s in self._writer.sources(document.document) if s.path != source.path}
        holder = others.get(self._writer.holder(document.document) or "")
        if holder is None or _rank(source.path) < _rank(holder.path):
            self._writer.put(reading, source.path)
        else:
            text = self._writer.text(document.document) or ""
            report = replace(report, same_as=holder.given, differs=not _alike(reading.text, text))
        if known and known.document != document.document:
            self._leave(known)
        self._writer.attach(source)
        return report

    def _leave(self, source: Source) -> None:
        self._writer.detach(source.path)
        self._left[source.document] = source.given


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _rank(path: str) -> tuple[int, str]:
    return _PRECEDENCE.get(Path(path).suffix.lower(), _OTHER), path


def _alike(one: str, other: str) -> bool:
    words, others = set(content_stems(one)), set(content_stems(other))
    return len(words & others) >= _ALIKE * min(len(words), len(others))


def _find(paths: Sequence[Path]) -> list[Path]:
    from index.documents import find_files

    return find_files(paths)


def _read(path: Path, source: str, count_tokens: Callable[[str], int]) -> Reading:
    from index.documents import read_document

    return read_document(path, source, count_tokens)
