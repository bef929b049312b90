"""A working folder and a stand-in on this machine: fetching as the command does, and what it leaves there."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Protocol

from eval.fetch_answers import BOUND
from eval.fetch_documents import ANSWERED, ASKED
from index.fetch.addresses import Addresses, Sitemap
from index.fetch.client import Client, Limits
from index.fetch.folder import METADATA, Folder
from index.fetch.hosts import Hosts, host_of
from index.fetch.koop_sru import KoopSru, Publications
from index.fetch.pace import Pace
from index.fetch.rijksoverheid_faq import Rijksoverheid
from index.fetch.run import Done, fetch
from index.fetch.state import Run, State
from index.fetch.tweede_kamer_odata import TweedeKamer
from index.fetch.values import Held, Selection, Source

AGENT = "Vraagbaak/proef"
# Times differ from run to run, and a document that was tried twice is no other document for it.
_PASSING = ("fetched", "changed")
_MOMENT = re.compile(rb'name="vraagbaak\.fetched" scheme="" content="[^"]*"')


class Served(Protocol):
    """What is asked: a stand-in in this process or in another one."""

    @property
    def base(self) -> str:
        """Its address, without a stroke at the end."""
        ...


class Trial:
    """Fetches from `stand_in` into `root`. `limits` say how patiently; pauses are short, as nobody is bothered."""

    def __init__(self, stand_in: Served, root: Path, limits: Limits | None = None) -> None:
        self.stand_in = stand_in
        self.folder = Folder(root)
        self.limits = limits or Limits(silence=20.0, whole=60.0, backoff=0.01)

    def client(self, *, stop: Callable[[], bool] = lambda: False, rate: float = 0.0) -> Client:
        """Return a client that asks the stand-in alone."""
        hosts = Hosts([host_of(self.stand_in.base, inside=True)])
        return Client(hosts, AGENT, Pace(rate, stop=stop), self.limits)

    def source(self, client: Client, what: str, *, bound: int | None = None) -> Source:
        """Return the source that a word stands for, as the command does."""
        base = self.stand_in.base
        koop = KoopSru(client, f"{base}/sru", (ANSWERED, ASKED), "kamervragen", bound=bound or BOUND)
        if what.endswith((".xml", ".xml.gz")) and "sitemap" in what:
            return Sitemap(client, what)
        if "://" in what:
            return Addresses(client, [what], what)
        known: dict[str, Callable[[], Source]] = {
            "kamervragen": lambda: koop,
            "kamerstukken": lambda: KoopSru(client, f"{base}/sru", ("Kamerstuk",), "kamerstukken"),
            "tweedekamer": lambda: TweedeKamer(client, f"{base}/OData/v4/2.0"),
            "rijksoverheid": lambda: Rijksoverheid(client, f"{base}/v1/infotypes/faq"),
        }
        return known[what]() if what in known else Publications(koop, client, base, [what], what)

    def fetch(
        self,
        what: str = "kamervragen",
        selection: Selection | None = None,
        *,
        at_once: int = 2,
        accept_gone: bool = False,
        on_done: Callable[[Done, Run], None] = lambda _done, _run: None,
        stop: Callable[[], bool] = lambda: False,
    ) -> Run:
        """Fetch once, and return what came of it."""
        with self.folder.held(), State(self.folder.ours) as state, self.client(stop=stop) as client:
            return fetch(
                self.source(client, what),
                selection or Selection(),
                self.folder,
                state,
                client,
                at_once=at_once,
                accept_gone=accept_gone,
                on_done=on_done,
                stop=stop,
            )

    def held(self) -> dict[str, Held]:
        """Return what the state knows, by the name of the document."""
        with State(self.folder.ours) as state:
            return {held.name: held for held in state.documents()}

    def faults(self) -> dict[str, str]:
        """Return what was wrong with documents in the last run, by name."""
        with State(self.folder.ours) as state:
            number = max(number for number, _ in state.last_runs())
            return dict(state.faults(number))

    def documents(self) -> dict[str, bytes]:
        """Return the files that are indexed, without their metadata, by the name of the document."""
        return {path.stem: path.read_bytes() for path in self._files() if not path.name.endswith(METADATA)}

    def whole_state(self) -> dict[str, object]:
        """Return all that a run leaves behind, files and state, but for the moments at which it happened."""
        files = {
            path.relative_to(self.folder.documents).as_posix(): _MOMENT.sub(b"", path.read_bytes())
            for path in self._files()
        }
        rows = {
            name: {key: value for key, value in asdict(held).items() if key not in _PASSING}
            for name, held in self.held().items()
        }
        return {"files": files, "rows": rows}

    def _files(self) -> list[Path]:
        paths = sorted(self.folder.documents.rglob("*"))
        return [path for path in paths if path.is_file() and self.folder.ours not in path.parents]
