"""A running desk is called in thousands of ways that its own description gives rise to; what failed comes out.

Schemathesis makes the calls from the OpenAPI description, right ones and wrong ones in turn. No call may end in a
5xx, and every answer must be one that the description announces. A part with the same seed makes the same calls.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from importlib.resources import as_file, files
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.error import URLError
from urllib.request import urlopen

if TYPE_CHECKING:
    from schemathesis import APIOperation, Case
    from schemathesis.core.result import Ok

DESCRIPTION = "/api/openapi.json"
PARTS = 50
_LONGEST = 300.0
_ROUNDS = 10  # over all operations: some take fewer different calls than they are given


@dataclass(frozen=True, slots=True)
class Failure:
    """A call that was not answered as it should be."""

    operation: str
    status: int
    reason: str
    call: str


@dataclass(frozen=True, slots=True)
class Part:
    """What came of the calls with one seed."""

    seed: int
    calls: int
    statuses: dict[int, int]
    failures: tuple[Failure, ...]


def fuzz(address: str, calls: int, seed: int) -> Part:
    """Make about `calls` calls to the desk at `address`, spread over all that its description names."""
    import schemathesis
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import seed as seeded

    schema = schemathesis.openapi.from_url(address + DESCRIPTION)
    operations = [cast("Ok[APIOperation[Any, Any, Any, Any]]", result).ok() for result in schema.get_all_operations()]
    modes = list(schemathesis.GenerationMode)
    each = -(-calls // (len(operations) * len(modes)))
    statuses: dict[int, int] = {}
    failures: list[Failure] = []
    for again in range(_ROUNDS):
        if sum(statuses.values()) >= calls:
            break
        for operation, mode in product(operations, modes):

            def call(case: Case[Any]) -> None:
                status, failure = _call(case, address)
                statuses[status] = statuses.get(status, 0) + 1
                if failure is not None:
                    failures.append(failure)

            quiet = settings(
                max_examples=each,
                database=None,
                deadline=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            strategy = operation.as_strategy(generation_mode=mode)
            _unless_impossible(quiet(seeded(seed + again * PARTS)(given(case=strategy)(call))))
    return Part(seed, sum(statuses.values()), dict(sorted(statuses.items())), tuple(failures))


def proof(folder: Path, calls: int, tell: Callable[[Part], None]) -> list[Part]:
    """Make `calls` calls in `PARTS` parts to a desk of its own; parts that `folder` knows are not made again."""
    noted = folder / "parts.jsonl"
    parts = [_part(line) for line in noted.read_text(encoding="utf-8").splitlines()] if noted.exists() else []
    left = sorted(set(range(PARTS)) - {part.seed for part in parts})
    if not left:
        return parts
    with served() as address:
        for seed in left:
            part = fuzz(address, -(-calls // PARTS), seed)
            parts.append(part)
            with noted.open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(part), ensure_ascii=False) + "\n")
            tell(part)
    return parts


def summary(parts: list[Part]) -> list[str]:
    """Return what came of all parts in a few lines for the log."""
    statuses: dict[int, int] = {}
    for part in parts:
        for status, count in part.statuses.items():
            statuses[int(status)] = statuses.get(int(status), 0) + count
    failures = [failure for part in parts for failure in part.failures]
    counts = ", ".join(f"{status}: {count}" for status, count in sorted(statuses.items()))
    lines = [f"{sum(statuses.values())} calls by schemathesis ({counts}), {len(failures)} failed."]
    return lines + [f"- {failure.operation}: {failure.reason}" for failure in failures[:20]]


@contextmanager
def served() -> Iterator[str]:
    """Serve the bundled samples by the command itself, in folders of their own; give the address."""
    from index.build import build_index
    from index.static_embedding import bundled
    from index.tokens import count_tokens

    with tempfile.TemporaryDirectory(prefix="vraagbaak-") as folder, as_file(files("index") / "samples") as samples:
        store = Path(folder, "store")
        build_index([samples], store, bundled(), count_tokens=count_tokens)
        with command("chat", "--store", str(store), folder=Path(folder)) as address:
            yield address


@contextmanager
def command(*arguments: str, folder: Path, **environment: str) -> Iterator[str]:
    """Run a command that serves, in `folder`, on a free port; give its address once it is ready, and stop it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    known = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **environment}
    line = [sys.executable, "-m", "ui.cli", *arguments, "--port", str(port)]
    server = subprocess.Popen(line, cwd=folder, env=known, stderr=subprocess.DEVNULL)
    try:
        _wait_for(f"http://127.0.0.1:{port}", server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.send_signal(signal.SIGINT)
        try:
            server.wait(60)
        except subprocess.TimeoutExpired:
            server.kill()


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _LONGEST
    while time.monotonic() < deadline:
        assert server.poll() is None, "the server ended before it was ready"
        try:
            with urlopen(address + "/readyz", timeout=_LONGEST):
                return
        except URLError:
            time.sleep(0.1)
    raise TimeoutError(address)


def _call(case: Case[Any], address: str) -> tuple[int, Failure | None]:
    from schemathesis import checks
    from schemathesis.core.failures import Failure as Found
    from schemathesis.core.failures import FailureGroup

    wanted = [
        checks.not_a_server_error,
        checks.status_code_conformance,
        checks.content_type_conformance,
        checks.response_schema_conformance,
    ]
    name = f"{case.method} {case.path}"
    try:
        response = case.call(base_url=address, timeout=120)
    except Exception as error:  # the server went away, or the call cannot be sent over a network at all
        reason = f"{type(error).__name__}: {error}"
        return (0, None) if "Invalid" in reason or "encode" in reason else (0, Failure(name, 0, reason, ""))
    try:
        case.validate_response(response, checks=wanted)
    except (Found, FailureGroup) as error:
        said = str(error).split("\n\nReproduce")[0]
        return response.status_code, Failure(name, response.status_code, said, case.as_curl_command())
    return response.status_code, None


def _unless_impossible(test: Callable[[], None]) -> None:
    """Run the calls; an operation that takes nothing cannot be called wrongly."""
    from hypothesis.errors import Unsatisfiable

    try:
        test()
    except Unsatisfiable:
        return
    except Exception as error:
        if "Unsatisfiable" in type(error).__name__ or "SkipTest" in type(error).__name__:
            return
        raise


def _part(line: str) -> Part:
    known = json.loads(line)
    return Part(known["seed"], known["calls"], known["statuses"], tuple(Failure(**one) for one in known["failures"]))
