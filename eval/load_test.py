"""Fifty users ask the desk at the same time for a minute; failed requests, times and memory come out.

`python -m eval.load_test` builds a store of made-up text, serves it by the command itself with the extractive model,
and lets each user, with a key of its own, ask one question after another and search now and then. The users run in
this process, on the same cores as the server. The memory is the server's own figure, read every few seconds.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread

from eval.fuzz_api import command
from eval.generator import write_documents
from eval.measures import percentile

USERS, SECONDS, PASSAGES = 50, 60.0, 10_000
_SEARCHES = 0.2  # the part of the requests that are searches
_EVERY = 3.0  # seconds between two readings of the memory
_WAIT = 120.0
_MEMORY = "process_resident_memory_bytes "


@dataclass(slots=True)
class Load:
    """What became of all requests: seconds of each, what failed, and the memory in MB as time went on."""

    times: dict[str, list[float]] = field(default_factory=lambda: {"ask": [], "search": []})
    failed: list[str] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)

    @property
    def growth(self) -> float:
        """How much more memory there was in the last third of the time than in the second, as a part of that."""
        third = len(self.memory) // 3
        return max(self.memory[-third:]) / max(self.memory[third : 2 * third]) - 1 if third else 0.0


def load(host: str, keys: Sequence[str], questions: Sequence[str], seconds: float) -> Load:
    """Let one user for each key ask at `host` (`127.0.0.1:7860`) for `seconds`."""
    found, until = Load(), time.monotonic() + seconds
    users = [
        Thread(target=_user, args=(host, key, questions, until, found), kwargs={"number": number})
        for number, key in enumerate(keys)
    ]
    for user in users:
        user.start()
    while time.monotonic() < until:
        status, body = _call(http.client.HTTPConnection(host, timeout=_WAIT), "GET", "/metrics", keys[0])
        if status == 200:
            line = next(line for line in body.splitlines() if line.startswith(_MEMORY))
            found.memory.append(float(line.removeprefix(_MEMORY)) / 1e6)
        time.sleep(_EVERY)
    for user in users:
        user.join()
    return found


def lines_of(found: Load, seconds: float, users: int) -> list[str]:
    """Return the figures in words."""
    done = sum(len(times) for times in found.times.values())
    lines = [f"{users} users, {seconds:.0f} s: {done} requests ({done / seconds:.1f}/s), {len(found.failed)} failed."]
    for name, times in found.times.items():
        p50, p95, p99 = (percentile(times, percent) for percent in (50, 95, 99))
        lines.append(f"{name}: p50 {p50:.2f} s, p95 {p95:.2f} s, p99 {p99:.2f} s")
    memory = ", ".join(f"{megabytes:.0f}" for megabytes in found.memory)
    lines.append(f"memory in MB, every few seconds: {memory}; last third against second: {found.growth:+.1%}")
    return lines + [f"- {failure}" for failure in found.failed[:10]]


def _user(host: str, key: str, questions: Sequence[str], until: float, found: Load, *, number: int) -> None:
    chance = random.Random(number)
    connection = http.client.HTTPConnection(host, timeout=_WAIT)
    while time.monotonic() < until:
        name = "search" if chance.random() < _SEARCHES else "ask"
        body = json.dumps({"question": chance.choice(questions)[:400]})
        started = time.perf_counter()
        try:
            status, said = _call(connection, "POST", f"/api/{name}", key, body)
        except OSError as error:
            status, said = 0, str(error)
            connection.close()
        found.times[name].append(time.perf_counter() - started)
        if status != 200:
            found.failed.append(f"{name}: {status} {said[:200]}")


def _call(
    connection: http.client.HTTPConnection, method: str, path: str, key: str, body: str | None = None
) -> tuple[int, str]:
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    connection.request(method, path, body.encode() if body else None, headers)
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


def _made_keys(folder: Path, count: int) -> list[str]:
    line = [sys.executable, "-m", "ui.cli", "keys", "add"]
    known = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return [
        subprocess.run(
            [*line, f"u{n}"], cwd=folder, env=known, check=True, capture_output=True, text=True
        ).stdout.strip()
        for n in range(count)
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; exit code 1 when a request failed."""
    from index.build import build_index
    from index.static_embedding import bundled
    from index.tokens import count_tokens

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=USERS)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--passages", type=int, default=PASSAGES)
    parser.add_argument("--questions", type=int, help="ask these many different ones alone: the caches are soon full")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="vraagbaak-") as temporary:
        folder = Path(temporary)
        (folder / "documents").mkdir()
        questions = write_documents(folder / "documents", options.passages)[: options.questions]
        build_index([folder / "documents"], folder / "store", bundled(), count_tokens=count_tokens)
        keys = _made_keys(folder, options.users)
        settings = {"VRAAGBAAK_AUTH": "required", "VRAAGBAAK_QUESTIONS_PER_MINUTE": "100000"}
        with command("chat", "--store", str(folder / "store"), folder=folder, **settings) as address:
            host = address.removeprefix("http://")
            load(host, keys[:2], questions, 5.0)  # warms the server and counts for nothing
            found = load(host, keys, questions, options.seconds)
    lines = [*lines_of(found, options.seconds, options.users), f"load average {os.getloadavg()[0]:.1f}"]
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if found.failed else 0


if __name__ == "__main__":
    sys.exit(main())
