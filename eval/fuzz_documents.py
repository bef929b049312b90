"""Fuzzing of reading: made and mutated documents go in, and reading must end in time, whole or with one clear error.

What holds of each: `ReadError`s or readings; every passage and its answer is literally its span of the text; each
stretch leads back to the file's own letters; the time and the memory stay below bounds that grow with the file's size;
no connection and no other file is opened. Each case is read in a process of its own making, so that one that hangs or
takes that process down is a failure like any other. `run` names the seed and the number by which it can be had again.
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path

from eval.fuzz_cases import Case, make_case
from eval.fuzz_hostile import CANARY, SECRET
from eval.fuzz_reader import Observed, serve
from index.documents import find_files

# The stated bounds, for a file of n megabytes: processor time, and memory beyond what reading takes for any file.
SECONDS, SECONDS_A_MEGABYTE = 5.0, 40.0
MEGABYTES, MEGABYTES_A_MEGABYTE = 400.0, 150.0
_HANG, _STILL = 2.0, 60.0  # times the bound: of processor time, and by the clock, for other work may hold the processor
_TICK = 0.5  # seconds between two looks at a process that reads


@dataclass(frozen=True, slots=True)
class Failure:
    """A case that broke what must hold: its seed and number, what it was made of, and what happened."""

    seed: int
    case: int
    made_of: str
    reason: str


@dataclass(frozen=True, slots=True)
class Run:
    """What many cases came to; `seconds` and `megabytes` are the most that one case took."""

    cases: int
    refused: int
    seconds: float
    megabytes: float
    failures: tuple[Failure, ...]

    def to_json(self) -> str:
        """Return it as one line."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Run:
        """Return what `to_json` wrote."""
        fields = json.loads(text)
        return cls(**{**fields, "failures": tuple(Failure(**failure) for failure in fields["failures"])})


def run(cases: int, seed: int = 1, samples: Sequence[Path] = ()) -> Run:
    """Read `cases` documents made from `seed`, by our own forms and from files in `samples`."""
    files = find_files(samples)
    failures: list[Failure] = []
    seen: list[Observed] = []
    with tempfile.TemporaryDirectory() as folder, _Reader() as reader:
        (Path(folder) / CANARY).write_text(SECRET, encoding="utf-8")
        for number in range(cases):
            case = make_case(seed, number, files)
            path = Path(folder) / f"geval{case.suffix}"
            path.write_bytes(case.data)
            observed = reader.observe(path, case)
            path.unlink()
            seen.append(observed)
            reason = _fault(observed, len(case.data) / 1e6)
            if reason:
                failures.append(Failure(seed, number, case.made_of, reason))
    most = max((o.seconds for o in seen), default=0.0), max((o.megabytes for o in seen), default=0.0)
    return Run(cases, sum(o.refused for o in seen), *most, tuple(failures))


def samples_here() -> list[Path]:
    """Return the real documents beside the project where they are, else the bundled samples."""
    project = Path(__file__).resolve().parent.parent
    real = [project.parent / "shared" / name for name in ("seeds", "documents")]
    return real if all(folder.is_dir() for folder in real) else [project / "index" / "samples"]


def summary(parts: Sequence[Run]) -> list[str]:
    """Return what runs came to, for the log."""
    failures = [failure for part in parts for failure in part.failures]
    most = f"{max(part.seconds for part in parts):.0f} s and {max(part.megabytes for part in parts):.0f} MB"
    cases, refused = sum(part.cases for part in parts), sum(part.refused for part in parts)
    first = f"{cases} made and mutated documents: {refused} refused with a sentence, {len(failures)} failed"
    return [f"{first}; one took at most {most}.", *lines_of(failures)]


def lines_of(failures: Sequence[Failure]) -> Iterator[str]:
    """Return failures for a person, one a line."""
    for failure in failures:
        yield f"seed {failure.seed}, case {failure.case} ({failure.made_of}): {failure.reason}"


def _fault(observed: Observed, megabytes: float) -> str:
    """What of an observation must not be, or nothing."""
    if observed.fault:
        return observed.fault
    if observed.seconds > SECONDS + SECONDS_A_MEGABYTE * megabytes:
        return f"{observed.seconds:.1f} s for {megabytes:.2f} MB"
    if observed.megabytes > MEGABYTES + MEGABYTES_A_MEGABYTE * megabytes:
        return f"{observed.megabytes:.0f} MB of memory for {megabytes:.2f} MB"
    return ""


class _Reader:
    """A process that reads one file after another; a new one where it hung or died."""

    def __enter__(self) -> _Reader:
        self._start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def observe(self, path: Path, case: Case) -> Observed:
        """Return what was seen while the file was read."""
        bound = SECONDS + SECONDS_A_MEGABYTE * len(case.data) / 1e6
        used, began = _processor_time(self._process.pid), time.monotonic()
        fault = f"no end within {_HANG * bound:.0f} s"
        try:
            self._pipe.send((path, case.forbidden))
            while time.monotonic() - began < _STILL * bound:
                if self._pipe.poll(_TICK):
                    found = self._pipe.recv()
                    assert isinstance(found, Observed)
                    return found
                if _processor_time(self._process.pid) - used > _HANG * bound:
                    break
        except (EOFError, ConnectionError):
            self._process.join(5)
            fault = f"the reading process died ({self._process.exitcode})"
        self._stop()
        self._start()
        return Observed(fault=fault)

    def _start(self) -> None:
        context = get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=serve, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()

    def _stop(self) -> None:
        self._pipe.close()
        self._process.kill()
        self._process.join()


def _processor_time(process: int | None) -> float:
    """Seconds of processor time that a process took (Linux); 0 where that is not told."""
    told = Path(f"/proc/{process}/stat")
    if not told.exists():
        return 0.0
    fields = told.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
