"""The process in which fuzzing reads: paths of files come in by a pipe, what was seen while each was read goes back."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from index.documents import read_documents
from index.errors import ReadError
from index.places import pack, place_of, unpack
from index.values import Reading

_CEILING = 6 * 1024**3  # bytes of address space; what asks for more ends with an error, not with the machine
_OUTWARD = ("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork", "webbrowser.", "urllib.")
_WRITING = (
    "os.remove",
    "os.rename",
    "os.mkdir",
    "os.rmdir",
    "os.link",
    "os.symlink",
    "os.truncate",
    "shutil.",
    "tempfile.",
)


@dataclass(frozen=True, slots=True)
class Observed:
    """What was seen while a file was read: what must not be, whether it was refused, the time and the memory."""

    fault: str = ""
    refused: bool = False
    seconds: float = 0.0
    megabytes: float = 0.0


def serve(pipe: Connection) -> None:
    """Read each file whose path comes in, until the pipe is closed."""
    import resource  # only where there are such limits: the process has to live on Linux or a Mac

    resource.setrlimit(resource.RLIMIT_AS, (_CEILING, _CEILING))
    watch = Watch()
    sys.addaudithook(watch.see)
    while True:
        try:
            path, forbidden = pipe.recv()
        except EOFError:
            return
        pipe.send(observe(path, watch, forbidden))


class Watch:
    """Notes what is opened, besides Python's own modules and our texts, while a file is read."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self._allowed: Path | None = None
        project = Path(__file__).resolve().parent.parent
        self._ours = tuple({f"{Path(p).resolve()}{os.sep}" for p in (sys.prefix, sys.base_prefix, project / "index")})

    @contextmanager
    def only(self, path: Path) -> Iterator[None]:
        """While this holds, nothing but `path` may be opened."""
        self.seen, self._allowed = [], path
        try:
            yield
        finally:
            self._allowed = None

    def see(self, event: str, arguments: tuple[Any, ...]) -> None:
        """The hook: it never stops what it sees, for reading might catch that."""
        if self._allowed is None:
            return
        if event.startswith((*_OUTWARD, *_WRITING)):
            self.seen.append(f"{event} {arguments}")
        elif event == "open" and isinstance(arguments[0], str | bytes | os.PathLike):
            name, mode = os.fspath(arguments[0]), str(arguments[1] or "r")
            path = os.path.realpath(os.fsdecode(name))
            reads = not set(mode) & set("wax+")
            if not (reads and (path == os.path.realpath(self._allowed) or path.startswith(self._ours))):
                self.seen.append(f"open {path} {mode}")


def observe(path: Path, watch: Watch, forbidden: Sequence[str] = ()) -> Observed:
    """Read a file and return what was seen; words of `forbidden` must be in no reading."""
    _forget_peak()
    before = _memory("VmRSS")
    started = time.process_time()
    readings: list[Reading] = []
    fault, refused = "", False
    with watch.only(path):
        try:
            readings = read_documents(path, path.name, lambda text: len(text.split()))
        except ReadError as error:
            refused = True
            fault = "" if path.name in error.say("nl") else f"an error that names no file: {error}"
        except BaseException as error:  # whatever it is, it is what we look for
            fault = f"{type(error).__name__}: {error}"
    seconds, peak = time.process_time() - started, _memory("VmHWM") - before
    faults = [
        fault,
        *(f"reached out: {seen}" for seen in watch.seen[:1]),
        *(_unfaithful(reading, forbidden) for reading in readings),
    ]
    return Observed(next(filter(None, faults), ""), refused, seconds, max(peak, 0.0))


def _unfaithful(reading: Reading, forbidden: Sequence[str]) -> str:
    text = reading.text
    if any(word in text for word in forbidden):
        return "holds what a script or another file says"
    if unpack(pack(reading.places)) != reading.places:
        return "places are not kept whole"
    for passage in reading.passages:
        start, end = passage.start, passage.end
        faults = {
            "is not its span": not passage.text or text[start:end] != passage.text,
            "has an answer that is not its span": not text.startswith(passage.body, passage.body_start),
            "has a note that is not in the text": not all(note in text for note in passage.notes.values()),
            "has a link that is not in the text": any(
                text[link.start : link.end] != link.text for link in passage.links
            ),
            "has an empty place": any(place.start >= place.end for place in place_of(reading, start, end)),
        }
        for fault in (name for name, there in faults.items() if there):
            return f"{passage.passage} {fault}"
    return ""


def _forget_peak() -> None:
    """Let the peak of this process's memory begin anew (Linux)."""
    peak = Path("/proc/self/clear_refs")
    if peak.exists():
        peak.write_text("5", encoding="ascii")


def _memory(name: str) -> float:
    """Megabytes of this process's memory, by its name in Linux; 0 where that is not told."""
    status = Path("/proc/self/status")
    lines = status.read_text(encoding="ascii").splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1000 for line in lines if line.startswith(f"{name}:")), 0.0)
