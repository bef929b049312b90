"""Uploaded files become documents of the store while others ask: one piece of work at a time, in its own process."""

from __future__ import annotations

import logging
import multiprocessing
import secrets
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import Lock, Thread
from typing import Literal

from index.errors import StoreError
from index.language import Language, say
from index.store.snapshot import Snapshots
from ui.audit import Audit
from ui.library_work import Done, Work, work
from ui.settings import Settings
from ui.uploads import Uploads

_KEPT_JOBS = 50

State = Literal["running", "done", "failed"]


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of work: how far it is (`done` of `total` files), what became of each file, and what went wrong.

    `problem` is the key of a sentence with its fields; empty when nothing went wrong.
    """

    job: str
    state: State = "running"
    done: int = 0
    total: int = 0
    files: tuple[Done, ...] = ()
    problem: str = ""
    fields: tuple[tuple[str, str], ...] = ()

    def message(self, language: Language) -> str:
        """Return what went wrong in words; empty when nothing did."""
        return say(self.problem, language, **dict(self.fields)) if self.problem else ""


class Library:
    """Adds, updates and removes documents of `store`, on behalf of an administrator who is named in `audit`."""

    def __init__(self, store: Snapshots, settings: Settings, uploads: Uploads, audit: Audit) -> None:
        self.store = store
        self.uploads = uploads
        self._settings = settings
        self._audit = audit
        self._lock = Lock()
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._process: BaseProcess | None = None

    def add(self, paths: Sequence[Path], who: str) -> Job:
        """Begin to read uploaded files, and return the work; an earlier upload of the same document goes.

        Raises `StoreError` when other work is not done yet.
        """
        with self._lock:
            if any(job.state == "running" for job in self._jobs.values()):
                raise StoreError("library.busy")
            job = Job(secrets.token_hex(8), total=len(paths))
            self._jobs[job.job] = job
            while len(self._jobs) > _KEPT_JOBS:
                self._jobs.popitem(last=False)
        self._audit.note(who, "documents added", job=job.job, files=[path.name for path in paths])
        Thread(target=self._run, args=(job.job, tuple(paths), who), daemon=True).start()
        return job

    def job(self, job: str) -> Job | None:
        """Return a piece of work as it is now; none when there is no such work."""
        return self._jobs.get(job)

    def remove(self, documents: Sequence[str], who: str) -> list[str]:
        """Remove documents and the files they were uploaded in; return those that were there."""
        from index.build import remove_documents

        with self.store.snapshot() as snapshot:
            found = [document for name in documents if (document := snapshot.document(name))]
        removed = remove_documents(self._settings.store_place, documents)
        for document in found:
            for path in (document.source, *document.sources):
                self.uploads.forget(path)
        if removed:
            self._audit.note(who, "documents removed", documents=removed)
        return removed

    def close(self) -> None:
        """End the work under way: what is not done yet of it is dropped, and the store stays whole."""
        if self._process is not None and self._process.is_alive():
            self._process.terminate()
            self._process.join(10)

    def _run(self, job: str, paths: tuple[Path, ...], who: str) -> None:
        try:
            if self._index(job, [Work(paths)]) and (outdated := self._outdated(job, paths)):
                for path in outdated:
                    self.uploads.forget(path)
                self._index(job, [Work((self.uploads.folder,), prune=True)], is_first=False)
        except Exception as error:
            logging.getLogger(__name__).exception("reading uploads failed")
            self._change(job, _failed(type(error).__name__))
        failed = {file.path for file in self._jobs[job].files if file.status == "failed"}
        for path in failed & {str(path) for path in paths}:
            self.uploads.forget(path)
        self._change(job, lambda now: replace(now, state="failed" if now.problem else "done"))
        ended = self._jobs[job]
        counts = {status: sum(file.status == status for file in ended.files) for status in ("new", "changed", "failed")}
        self._audit.note(who, "documents read", job=job, state=ended.state, problem=ended.problem or None, **counts)

    def _index(self, job: str, works: Sequence[Work], *, is_first: bool = True) -> bool:
        """Do the work in a process, for a file may crash the reading of it; return whether it came to its end."""
        spawn = multiprocessing.get_context("spawn")
        ours, theirs = spawn.Pipe(duplex=False)
        self._process = spawn.Process(target=work, args=(self._settings, works, theirs))
        self._process.start()
        theirs.close()
        problem, fields = self._listen(job, ours, is_first=is_first)
        self._process.join()
        if problem:
            self._change(job, lambda now: replace(now, problem=problem, fields=fields))
        return not problem

    def _listen(self, job: str, pipe: Connection, *, is_first: bool) -> tuple[str, tuple[tuple[str, str], ...]]:
        while True:
            try:
                heard = pipe.recv()
            except EOFError:  # it died
                return "library.failed", (("reason", "-"),)
            if not isinstance(heard, Done):
                return ("", ()) if heard is None else (heard[0], tuple(heard[1].items()))
            if is_first:
                self._change(job, _further(heard))

    def _outdated(self, job: str, paths: Sequence[Path]) -> list[str]:
        """Return the earlier uploads, of the same sort of file, of the documents that were just read."""
        new = {str(path) for path in paths}
        found: dict[str, None] = {}
        with self.store.snapshot() as snapshot:
            for file in self._jobs[job].files:
                document = snapshot.document(file.document) if file.document and file.path in new else None
                for path in (document.source, *document.sources) if document else ():
                    same_sort = Path(path).suffix == Path(file.path).suffix
                    if path not in new and same_sort and self.uploads.holds(path):
                        found[path] = None
        return list(found)

    def _change(self, job: str, change: Callable[[Job], Job]) -> None:
        with self._lock:
            self._jobs[job] = change(self._jobs[job])


def _further(said: Done) -> Callable[[Job], Job]:
    return lambda now: replace(now, done=said.done, total=said.total, files=(*now.files, said))


def _failed(reason: str) -> Callable[[Job], Job]:
    return lambda now: replace(now, problem="library.failed", fields=(("reason", reason),))
