"""A server that stands in for the official sources, with their traps; made-up documents, on this machine alone.

`python -m eval.fetch_stand_in --documents 500 --port 8099` serves until Ctrl-C and prints the settings with which
`vraagbaak fetch` asks it. With `--trouble 0.1` one in ten requests goes wrong in one of the ways that real ones do.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import random
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Literal
from urllib.parse import parse_qsl, unquote, urlsplit

from eval import fetch_answers as answers
from eval.fetch_answers import Answer, Archive
from eval.fetch_documents import Paper, Published, as_docx, as_pdf

Trouble = Literal[
    "429", "429 later", "500", "503 date", "504", "cut", "slow", "error page", "wrong type", "empty", "empty record",
    "diagnostics", "garbled", "404", "410", "bomb",
]  # fmt: skip
FIRST_PAPER = 50_001
_ERROR_PAGE = b"<!DOCTYPE html><html><head><title>Fout 404</title></head><body><h1>Niet gevonden</h1></body></html>"
_EMPTY_RECORD = b"<?xml version='1.0'?><officiele-publicatie><kamervragen></kamervragen></officiele-publicatie>"
_DIAGNOSTICS = (
    b"<searchRetrieveResponse><diagnostics><diagnostic><message>System error</message></diagnostic></diagnostics>"
    b"</searchRetrieveResponse>"
)
_PASSING: tuple[Trouble, ...] = ("429", "500", "503 date", "504", "cut", "slow")
_ALIVE = 0.02  # seconds that a slow answer waits after each piece


class StandIn:
    """All official sources on one address. `asked` tells what was asked of it: the path and the status."""

    def __init__(self, archive: Archive, *, trouble: float = 0.0, wait: float = 0.0, port: int = 0) -> None:
        """`trouble` is the share of requests that go wrong in a passing way; `wait` seconds pass before each answer."""
        self.archive = archive
        self.asked: list[tuple[str, int]] = []
        self.wait = wait
        self._share = trouble
        self._chance = random.Random(1)
        self._waiting: dict[str, list[Trouble]] = defaultdict(list)
        self._lock = Lock()
        self._server = _Server(port, self)

    @property
    def base(self) -> str:
        """The address, without a stroke at its end."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def settings(self) -> dict[str, str]:
        """The environment with which the command asks this server instead of the official ones."""
        return {
            "VRAAGBAAK_FETCH_KOOP": f"{self.base}/sru",
            "VRAAGBAAK_FETCH_PUBLICATIONS": self.base,
            "VRAAGBAAK_FETCH_TWEEDE_KAMER": f"{self.base}/OData/v4/2.0",
            "VRAAGBAAK_FETCH_RIJKSOVERHEID": f"{self.base}/v1/infotypes/faq",
            "VRAAGBAAK_FETCH_INSIDE_HOSTS": self.base.removeprefix("http://"),
        }

    def misbehave(self, part: str, *troubles: Trouble) -> None:
        """Let the next requests whose path holds `part` go wrong, each in one way."""
        with self._lock:
            self._waiting[part] += troubles

    def bodies(self) -> list[str]:
        """Return the paths of the documents that were given whole, not those of listings."""
        listings = ("/sru", "/OData/v4/2.0/Document?", "/v1/infotypes/faq?", "/sitemap")
        return [path for path, status in self.asked if status == 200 and not path.startswith(listings)]

    @contextmanager
    def serving(self) -> Iterator[StandIn]:
        """Serve in a thread until the end of the block."""
        thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            thread.join()
            self._server.server_close()

    def trouble_with(self, path: str) -> Trouble | None:
        """Return what is to go wrong with a request, if anything."""
        with self._lock:
            for part, waiting in self._waiting.items():
                if part in path and waiting:
                    return waiting.pop(0)
            return self._chance.choice(_PASSING) if self._chance.random() < self._share else None

    def note(self, path: str, status: int) -> None:
        """Note a request."""
        with self._lock:
            self.asked.append((path, status))

    def answer(self, target: str) -> Answer:
        """Return status, type and body for a path with its query."""
        parts = urlsplit(target)
        path, parameters = unquote(parts.path), dict(parse_qsl(parts.query))
        for start, make in self._routes().items():
            if path.startswith(start):
                return make(path, parameters)
        return self._publication(path)

    def _routes(self) -> dict[str, Callable[[str, dict[str, str]], Answer]]:
        archive, base, odata = self.archive, self.base, f"{self.base}/OData/v4/2.0"
        return {
            "/sru": lambda _, given: answers.sru(archive, given, base),
            "/OData/v4/2.0/Document(": lambda path, _: self._kamer(path),
            "/OData/v4/2.0/Document": lambda _, given: answers.odata(archive, given, odata),
            "/v1/infotypes/faq/": lambda path, _: self._question(path),
            "/v1/infotypes/faq": lambda _, given: answers.faq(archive, given, base),
            "/sitemap.xml": lambda *_: (200, answers.XML, answers.sitemap(archive, base, packed=False)),
            "/sitemap-1.xml.gz": lambda *_: (200, "application/gzip", answers.sitemap(archive, base, packed=True)),
            "/leads-to": lambda _, given: (302, given.get("url", ""), b""),
        }

    def _publication(self, path: str) -> Answer:
        """A document in one of its forms, or its metadata; of what is missing an error page, with status 200."""
        last = path.rpartition("/")[2]
        name, _, form = last.rpartition(".")
        if last == "metadata.xml":
            one = self.archive.by_name(path.split("/")[-2])
            return (200, answers.XML, answers.metadata(one)) if one else (200, "text/html", _ERROR_PAGE)
        one = self.archive.by_name(name)
        if one is None or form not in answers.FORMS:
            return (404 if path.startswith("/frbr/") else 200), "text/html", _ERROR_PAGE
        kind, make = answers.FORMS[form]
        return 200, kind, make(one)

    def _kamer(self, path: str) -> Answer:
        one = self.archive.documents.get(int(path.partition("(")[2].partition(")")[0].replace("-", ""), 16))
        if one is None:
            return 404, answers.JSON, b"{}"
        if path.endswith("/resource"):
            if one.withdrawn:
                return 404, "text/html", _ERROR_PAGE
            return (200, answers.WORD, as_docx(one)) if answers.is_word(one) else (200, "application/pdf", as_pdf(one))
        return 200, answers.JSON, json.dumps(answers.odata_row(one)).encode()

    def _question(self, path: str) -> Answer:
        number = int(path.rpartition("/")[2].replace("-", ""), 16)
        if number not in self.archive.questions:
            return 404, "text/html", _ERROR_PAGE
        row = answers.faq_row(number, self.archive.questions[number], self.base)
        return 200, answers.JSON, json.dumps(row).encode()


@cache
def _bomb() -> bytes:
    """Eighty kilobytes that become eighty megabytes."""
    return gzip.compress(b" " * 80_000_000)


class _Server(ThreadingHTTPServer):
    """A server on this machine whose handlers know the stand-in that they answer for."""

    daemon_threads = True

    def __init__(self, port: int, stand_in: StandIn) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.stand_in = stand_in


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        stand_in = self.server.stand_in
        time.sleep(stand_in.wait)
        trouble = stand_in.trouble_with(self.path)
        status, kind, body = stand_in.answer(self.path)
        if trouble:
            self._go_wrong(trouble, kind, body)
            return
        if status == 302:
            stand_in.note(self.path, status)
            self._send(status, "text/plain", b"", Location=kind)
            return
        tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if self.headers.get("If-None-Match") == tag:
            status, body = 304, b""
        stand_in.note(self.path, status)
        self._send(status, kind, body, ETag=tag)

    def handle(self) -> None:
        with suppress(ConnectionError):  # the other side may go away at any moment
            super().handle()

    def log_message(self, *_: object) -> None:
        """Print nothing."""

    def _send(self, status: int, kind: str, body: bytes, *, length: int | None = None, **heads: str) -> None:
        self.send_response(status)
        for name, value in heads.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Type", kind)
        if status != 304:
            self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    def _go_wrong(self, trouble: Trouble, kind: str, body: bytes) -> None:
        later = {"429": "0", "429 later": "86400", "503 date": self.date_time_string()}.get(trouble)
        status = int(trouble[:3]) if trouble[:3].isdigit() else 200
        self.server.stand_in.note(self.path, status if status != 200 else -200)
        if later:
            self._send(status, "text/plain", b"", Retry_After=later)
        elif status != 200:
            self._send(status, "text/html", _ERROR_PAGE)
        elif trouble == "bomb":
            self._send(200, kind, _bomb(), Content_Encoding="gzip")
        elif trouble == "cut":
            self._send(200, kind, body[: len(body) // 2], length=len(body))
            self.close_connection = True
        elif trouble == "slow":
            self._send_slowly(kind, body)
        else:
            self._send(200, *_odd_answer(trouble, kind, body))

    def _send_slowly(self, kind: str, body: bytes) -> None:
        self._send(200, kind, b"", length=len(body))
        for start in range(0, len(body), 2000):
            self.wfile.write(body[start : start + 2000])
            self.wfile.flush()
            time.sleep(_ALIVE)


def _odd_answer(trouble: Trouble, kind: str, body: bytes) -> tuple[str, bytes]:
    """Return the type and the body of an answer that is whole, and not what was asked for."""
    odd: dict[str, tuple[str, bytes]] = {
        "wrong type": ("image/png", b"\x89PNG\r\n\x1a\n" + bytes(100)),
        "empty": (kind, b""),
        "empty record": (kind, _EMPTY_RECORD),
        "diagnostics": (kind, _DIAGNOSTICS),
        "garbled": (kind, body[: len(body) // 2]),
    }
    return odd.get(trouble, ("text/html", _ERROR_PAGE))


def make_archive(documents: int, questions: int = 0, papers: int = 0) -> Archive:
    """Return an archive of so many Kamervragen, questions of the site, and Kamerstukken."""
    numbers = range(1, documents + 1)
    asked = dict.fromkeys(range(1, questions + 1), 0)
    letters = {number: Paper(number) for number in range(FIRST_PAPER, FIRST_PAPER + papers)}
    return Archive({number: Published(number) for number in numbers} | letters, asked)


def main() -> int:
    """Serve until Ctrl-C."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=500)
    parser.add_argument("--questions", type=int, default=450)
    parser.add_argument("--papers", type=int, default=50)
    parser.add_argument("--trouble", type=float, default=0.0)
    parser.add_argument("--port", type=int, default=0)
    arguments = parser.parse_args()
    archive = make_archive(arguments.documents, arguments.questions, arguments.papers)
    stand_in = StandIn(archive, trouble=arguments.trouble, port=arguments.port)
    with stand_in.serving():
        sys.stdout.write("".join(f"export {name}={value}\n" for name, value in stand_in.settings.items()))
        sys.stdout.flush()
        with suppress(KeyboardInterrupt):
            while True:
                time.sleep(1)
    return 0


if __name__ == "__main__":
    sys.exit(main())
