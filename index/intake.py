"""One run over many files: what becomes of each in the store, and of the documents that lost the file they came from.

Knows the store's writer and no reading: it says which files must be read, and takes what was read of them.
"""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from index.dutch import content_stems
from index.errors import ReadError, VraagbaakError
from index.language import Language, is_unicode, say
from index.readers import Job, Outcome
from index.store.rows import Source
from index.store.writing import StoreWriter
from index.values import Kind, Reading

Status = Literal["new", "changed", "unchanged", "failed", "removed"]
Beside = Callable[[Path], Sequence[Path]]

_PRECEDENCE = {".xml": 0, ".html": 1, ".htm": 1, ".docx": 2, ".pdf": 3}
_OTHER = 4
_ALIKE = 0.8


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one file. `same_as` is the file whose text serves for both; `differs` warns that it is another.

    Of a file that holds several documents, `document` and `kind` are the first one's and `documents` is their number;
    it is 0 for a file that tells about another one.
    """

    path: str
    status: Status
    document: str | None = None
    kind: Kind | None = None
    passages: int = 0
    error: VraagbaakError | None = None
    warnings: tuple[str, ...] = ()
    same_as: str | None = None
    differs: bool = False
    documents: int = 1

    def message(self, language: Language = "nl") -> str:
        """Return what a person should know about it in one line; empty when there is nothing."""
        parts = [self.error.say(language)] if self.error else list(self.warnings)
        if self.documents == 0:
            parts.append(say("store.beside", language))
        if self.documents > 1:
            parts.append(say("store.several", language, count=self.documents))
        if self.same_as:
            key = "store.differs" if self.differs else "store.same"
            parts.append(say(key, language, path=self.same_as))
        return "; ".join(parts)


@dataclass(frozen=True, slots=True)
class File:
    """A file as it was found: its digest (none when it cannot be read) and what the store knew of it."""

    path: str
    given: str
    digest: str | None
    known: tuple[Source, ...]
    error: ReadError | None = None

    @property
    def document(self) -> str | None:
        """The document that it held before, or the first of them."""
        return self.known[0].document if self.known else None


FileJob = Job[File]


class Intake:
    """Says what is to be read, and puts what was read into the store."""

    def __init__(self, writer: StoreWriter, reader: str, beside: Beside, *, force: bool, keep_sources: bool) -> None:
        """`reader` names the version of reading and cutting; `beside` gives the files that a reading depends on."""
        self._writer = writer
        self._reader = reader
        self._beside = beside
        self._force = force
        self._keep_sources = keep_sources
        self._left: dict[str, str] = {}

    def job(self, path: Path) -> FileJob:
        """Look at a file: only when it is new or changed does it hold anything to be read."""
        absolute = os.path.abspath(path)  # noqa: PTH100 - a link keeps its own name
        if not is_unicode(absolute):
            shown = os.fsencode(absolute).decode("utf-8", "replace")
            return Job(None, shown, File(shown, shown, None, (), ReadError("read.name", file=shown)))
        known = tuple(self._writer.files(absolute))
        try:
            digest = digest_of(path, self._beside(path))
        except OSError as error:
            unreadable = ReadError("read.unreadable", file=path, reason=error.strerror or error)
            return Job(None, str(path), File(absolute, str(path), None, known, unreadable))
        same = bool(known) and all((s.digest, s.reader) == (digest, self._reader) for s in known)
        there = None if same and not self._force else path
        return Job(there, str(path), File(absolute, str(path), digest, known))

    def stored_jobs(self) -> Iterator[FileJob]:
        """Look at every file of the store that was read by another version: where it came from, or its kept copy."""
        for path in dict.fromkeys(source.path for source in self._writer.sources()):
            known = tuple(self._writer.files(path))
            first = known[0]
            if first.reader == self._reader:
                continue
            if Path(path).is_file():
                yield replace(self.job(Path(path)), source=first.given)
            elif first.kept and first.digest in first.kept:
                # A file whose reading depends on others is left as it was read: those are not there.
                yield Job(self._writer.original(first.kept), first.given, File(path, first.given, first.digest, known))

    def take(self, job: FileJob, outcome: Outcome) -> FileReport:
        """Put what was read of one file into the store."""
        file = job.tag
        if file.error or outcome.error:
            return FileReport(file.given, "failed", file.document, error=file.error or outcome.error)
        if job.path is None:
            documents = sum(bool(source.document) for source in file.known)
            return FileReport(file.given, "unchanged", file.document or None, documents=documents)
        try:
            kept = self._kept(job)
        except ReadError as error:
            return FileReport(file.given, "failed", file.document, error=error)
        if not outcome.readings:
            return self._take_beside(file)
        parts = [self._put(file, reading, kept) for reading in outcome.readings]
        there = {reading.document.document for reading in outcome.readings}
        for source in file.known:
            if source.document not in there:
                self._leave(source)
        warnings = tuple(warning for part in parts for warning in part.warnings)
        warned = next((part for part in parts if part.differs), parts[0])
        return replace(
            parts[0],
            passages=sum(part.passages for part in parts),
            warnings=warnings,
            same_as=warned.same_as,
            differs=warned.differs,
            documents=len(parts),
        )

    def forget_gone_files(self, folders: Sequence[Path]) -> None:
        """Let go of the files that are not there any more, of those below `folders`; of all when none are given."""
        below = [Path(os.path.abspath(folder)) for folder in folders]  # noqa: PTH100
        for source in self._writer.sources():
            path = Path(source.path)
            if _is_gone(path) and (not below or any(path.is_relative_to(folder) for folder in below)):
                self._leave(source)

    def lost(self) -> Iterator[FileReport | FileJob]:
        """Remove the documents that no file holds any more; name the copies to be read of those that one still does."""
        for document, given in self._left.items():
            copies = sorted(self._writer.sources(document), key=lambda source: rank(source.path))
            if not copies:
                if self._writer.remove(document):
                    yield FileReport(given, "removed", document)
            elif self._writer.holder(document) not in {source.path for source in copies}:
                self._writer.detach(copies[0].path)
                yield replace(self.job(Path(copies[0].path)), source=copies[0].given)

    def _kept(self, job: FileJob) -> str:
        if job.path is None or not self._keep_sources:
            return ""
        known = job.tag.known[0].kept if job.tag.known else ""
        if known and job.path == self._writer.original(known):
            return known
        return self._writer.keep(job.path)

    def _take_beside(self, file: File) -> FileReport:
        """Note a file that holds no document but tells about another, so that it is not read again."""
        for source in file.known:
            self._leave(source)
        self._writer.attach(Source(file.path, file.given, file.digest or "", self._reader, ""))
        return FileReport(file.given, "unchanged", documents=0)

    def _put(self, file: File, reading: Reading, kept: str) -> FileReport:
        document = reading.document
        assert file.digest is not None
        source = Source(file.path, file.given, file.digest, self._reader, document.document, kept)
        status: Status = "changed" if file.known else "new"
        report = FileReport(file.given, status, document.document, document.kind, len(reading.passages))
        report = replace(report, warnings=reading.warnings)
        others = {s.path: s for s in self._writer.sources(document.document) if s.path != source.path}
        holder = others.get(self._writer.holder(document.document) or "")
        if holder is None or rank(source.path) < rank(holder.path):
            self._writer.put(reading, source.path)
        else:
            text = self._writer.text(document.document) or ""
            report = replace(report, same_as=holder.given, differs=not _alike(reading.text, text))
        self._writer.attach(source)
        return report

    def _leave(self, source: Source) -> None:
        self._writer.detach(source.path, source.document)
        if source.document:
            self._left[source.document] = source.given


def digest_of(path: Path, beside: Sequence[Path]) -> str:
    """Return the SHA-256 of a file; of its own and theirs, where its reading depends on the files `beside` it."""
    digests = []
    for part in (path, *beside):
        with part.open("rb") as file:
            digests.append(hashlib.file_digest(file, "sha256").hexdigest())
    return digests[0] if len(digests) == 1 else hashlib.sha256(" ".join(digests).encode("ascii")).hexdigest()


def rank(path: str) -> tuple[int, str]:
    """Return what orders the files of one publication: the one that gives the best text first."""
    return _PRECEDENCE.get(Path(path).suffix.lower(), _OTHER), path


def _alike(one: str, other: str) -> bool:
    words, others = set(content_stems(one)), set(content_stems(other))
    return len(words & others) >= _ALIKE * min(len(words), len(others))


def counts(files: Sequence[FileReport]) -> dict[Status, int]:
    """Return how many files became what."""
    found = Counter(file.status for file in files)
    names: tuple[Status, ...] = ("new", "changed", "unchanged", "failed", "removed")
    return {name: found[name] for name in names}


def _is_gone(path: Path) -> bool:
    """Whether a file is not there any more; one that cannot be looked at, in a folder without rights, is not gone."""
    try:
        return not path.exists()
    except OSError:
        return False
