"""A source and a selection in, the documents in their folder out: nothing lost, nothing twice, and resumable anywhere.

Each run lists the whole selection and fetches what is new or changed. What it did stands in the state, one document
at a time, so that the next run goes on where this one ended, however it ended.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from index.errors import FetchError, VraagbaakError
from index.fetch.client import Client
from index.fetch.download import Download, Fetched, pack_reason
from index.fetch.folder import Folder
from index.fetch.names import file_name
from index.fetch.pace import StoppedError
from index.fetch.select import facts_of_metadata, judge, unpacked
from index.fetch.state import Run, State
from index.fetch.values import Held, Item, Selection, Source

_DOWN = 8  # documents in a row that could not be reached: the source is down, and the rest waits for the next run
_FEW, _SHARE = 10, 0.1  # more documents gone at once than both: rather a fault of the source than a withdrawal


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one document in a run: `status` is a column of `Run`."""

    name: str
    status: str
    title: str = ""
    reason: str = ""


OnDone = Callable[[Done, Run], None]


def fetch(
    source: Source,
    selection: Selection,
    folder: Folder,
    state: State,
    client: Client,
    *,
    at_once: int = 2,
    accept_gone: bool = False,
    on_done: OnDone = lambda _done, _run: None,
    stop: Callable[[], bool] = lambda: False,
) -> Run:
    """Bring the folder up to date with a source; return what came of it, which also stands in the state.

    `at_once` documents are fetched at the same time; `accept_gone` believes the source also when a large part of its
    documents is gone. A source that fails does not raise: the run says so.
    """
    download = Download(source.name, folder, client, selection.without(source.selects))
    return _Fetching(source, selection, state, download, on_done).run(at_once, accept_gone, stop)


class _Fetching:
    def __init__(self, source: Source, selection: Selection, state: State, download: Download, on_done: OnDone) -> None:
        self._source = source
        self._open = selection.without(source.selects)
        self._selection = selection
        self._state = state
        self._download = download
        self._folder = download.folder
        self._on_done = on_done
        self._run = Run(source.name, source.label, selection.key, _now())
        self._listing = f"{source.name} {source.label} {selection.key}"
        self._suspects: dict[str, tuple[Held, str]] = {}
        self._in_vain = 0
        self._number = 0

    def run(self, at_once: int, accept_gone: bool, stop: Callable[[], bool]) -> Run:
        self._number = self._state.begin(self._run)
        outcome, reason = "ok", ""
        try:
            seen = self._bring(at_once, stop)
            self._withdraw(seen, accept_gone)
            self._state.set_listed(self._listing, seen)
        except (StoppedError, KeyboardInterrupt):
            outcome = "stopped"
        except VraagbaakError as error:
            outcome, reason = "failed", pack_reason(error)
        except OSError as error:
            outcome, reason = "failed", pack_reason(self._unwritable(error))
        if outcome == "ok" and self._run.failed:
            outcome = "partly"
        self._run = replace(self._run, ended=_now(), outcome=outcome, reason=reason)
        self._state.note(self._number, self._run)
        return self._run

    def _bring(self, at_once: int, stop: Callable[[], bool]) -> set[str]:
        """Fetch what is new or changed while the listing goes on; return the names of all that is listed."""
        seen: set[str] = set()
        working: dict[Future[Fetched], tuple[Item, Held | None]] = {}
        with ThreadPoolExecutor(at_once) as pool:
            try:
                for name, item in self._listed(seen):
                    if stop():
                        raise StoppedError
                    held = self._state.get(self._source.name, name)
                    if self._is_settled(name, item, held):
                        continue
                    working[pool.submit(self._download.bring, name, item, held)] = (item, held)
                    while len(working) >= 2 * at_once:
                        self._take_done(working)
                while working:
                    self._take_done(working)
            finally:
                for future in working:
                    future.cancel()
                wait(working)
                for future, (item, held) in working.items():
                    if not future.cancelled() and not future.exception():
                        self._take(future, item, held)
        return seen

    def _listed(self, seen: set[str]) -> Iterator[tuple[str, Item]]:
        for item in self._source.items(self._selection):
            name = file_name(item.identifier)
            for fault in item.faults:
                self._state.fault(self._number, name, fault)
            if name not in seen:
                seen.add(name)
                self._count("listed")
                yield name, item

    def _is_settled(self, name: str, item: Item, held: Held | None) -> bool:
        """Whether there is nothing to fetch: not wanted, or known and unchanged."""
        told = facts_of_metadata(item.about, item.date)
        if judge(self._open, told)[0] is False:
            self._finish(name, "left_out", item.title)
            return True
        if held is None or not held.version or held.version != item.version:
            return False
        if held.status == "left_out" and self._is_still_out(held):
            self._finish(name, "left_out", item.title)
            return True
        if held.status == "present" and self._folder.is_there(held.path, held.size):
            self._finish(name, "unchanged", held.title)
            return True
        return False

    def _is_still_out(self, held: Held) -> bool:
        """Whether what is known of a document that was left out says that this selection leaves it out too."""
        return held.reason == self._open.key or judge(self._open, unpacked(held.facts))[0] is False

    def _take_done(self, working: dict[Future[Fetched], tuple[Item, Held | None]]) -> None:
        done, _ = wait(working, return_when=FIRST_COMPLETED)
        for future in done:
            item, held = working.pop(future)
            self._take(future, item, held)

    def _take(self, future: Future[Fetched], item: Item, held: Held | None) -> None:
        """Put what became of one document in the state; its files stand in their places by now."""
        name = file_name(item.identifier)
        try:
            fetched = future.result()
        except VraagbaakError as error:
            self._failed(name, item, held, error)
            return
        except (StoppedError, OSError):
            raise
        except Exception as error:  # whatever a strange document makes of the reading costs that document alone
            reason = f"{type(error).__name__}: {error}"
            self._failed(name, item, held, FetchError("fetch.unexpected", reason=reason))
            return
        self._in_vain = 0
        self._state.put(fetched.held)
        self._finish(name, fetched.status, item.title, fetched.note)

    def _failed(self, name: str, item: Item, held: Held | None, error: VraagbaakError) -> None:
        reason = pack_reason(error)
        if isinstance(error, FetchError) and error.gone and held is not None and held.status == "present":
            self._suspects[name] = (held, reason)
            return
        known = held or Held(self._source.name, name, item.identifier, "", "failed", item.title)
        if known.status != "present":
            known = replace(known, status="failed", version="", changed=_now())
        self._state.put(replace(known, reason=reason))
        self._finish(name, "failed", item.title, reason)
        self._in_vain = self._in_vain + 1 if isinstance(error, FetchError) and error.retryable else 0
        if self._in_vain >= _DOWN:
            raise FetchError("fetch.down", source=self._source.label, count=self._in_vain)

    def _withdraw(self, seen: set[str], accept_gone: bool) -> None:
        """Ask after what this listing held before and holds no more; what the source withdrew leaves the answers."""
        before = self._state.listed(self._listing)
        held = [found for name in sorted(before - seen) if (found := self._state.get(self._source.name, name))]
        missing = [found for found in held if found.status == "present"]
        missing += [found for found, _ in self._suspects.values()]
        if len(missing) > max(_FEW, _SHARE * len(before)) and not accept_gone:
            raise FetchError("fetch.many_gone", source=self._source.label, count=len(missing), known=len(before))
        for found in missing:
            if self._source.is_gone(found):
                self._mark_withdrawn(found, pack_reason(FetchError("fetch.withdrawn")))
            elif found.name in self._suspects:
                self._finish(found.name, "failed", found.title, self._suspects[found.name][1])

    def _mark_withdrawn(self, held: Held, reason: str) -> None:
        path = self._folder.withdraw(held.path)
        self._state.put(replace(held, status="withdrawn", version="", path=path, changed=_now(), reason=reason))
        self._finish(held.name, "withdrawn", held.title, reason)

    def _finish(self, name: str, status: str, title: str = "", reason: str = "") -> None:
        if reason:
            self._state.fault(self._number, name, reason)
        self._count(status)
        self._on_done(Done(name, status, title, reason), self._run)
        if status != "unchanged" or self._run.unchanged % 100 == 0:
            self._state.note(self._number, self._run)

    def _unwritable(self, error: OSError) -> FetchError:
        return FetchError("fetch.unwritable", folder=self._folder.documents, reason=error.strerror or error)

    def _count(self, status: str) -> None:
        self._run = replace(self._run, **{status: getattr(self._run, status) + 1})


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
