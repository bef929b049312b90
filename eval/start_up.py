"""The command that opens the page runs beside a bare `import gradio`; how long each takes to its end comes out.

`python -m eval.start_up` measures both in turn, several times, each in a process of its own: from starting `vraagbaak
chat` over the bundled samples to the whole first page, and from starting Python to the end of `import gradio`. The
ratio of the medians is the figure; the bar is 1.5.
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

BAR = 1.5
_LONGEST = 300.0


@dataclass(frozen=True, slots=True)
class StartUp:
    """Seconds to the first page, and of the bare import, one for each run."""

    page: tuple[float, ...]
    bare: tuple[float, ...]

    @property
    def ratio(self) -> float:
        """The median time to the first page in bare imports; lower is better."""
        return statistics.median(self.page) / statistics.median(self.bare)


def measure(runs: int, store: Path) -> StartUp:
    """Measure both `runs` times in turn, after one round that warms the disk and counts for nothing."""
    pairs = [(first_page(store), bare_import()) for _ in range(runs + 1)][1:]
    return StartUp(tuple(page for page, _ in pairs), tuple(bare for _, bare in pairs))


def bare_import() -> float:
    """Return how many seconds a new Python takes to import gradio, asking nothing of other hosts."""
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import gradio"], check=True, env=_environment())
    return time.perf_counter() - started


def first_page(store: Path) -> float:
    """Return how many seconds `vraagbaak chat` takes until it has given the first page."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "ui.cli", "chat", "--store", str(store), "--port", str(port)]
    started = time.perf_counter()
    server = subprocess.Popen(command, env=_environment(), stderr=subprocess.DEVNULL)
    try:
        while time.perf_counter() - started < _LONGEST:
            try:
                with urlopen(f"http://127.0.0.1:{port}/", timeout=_LONGEST) as answer:
                    assert b"gradio" in answer.read()
                return time.perf_counter() - started
            except URLError:
                assert server.poll() is None, "the server ended before it gave a page"
                time.sleep(0.02)
        raise TimeoutError("no page")
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(60)


def _environment() -> dict[str, str]:
    return {**os.environ, "GRADIO_ANALYTICS_ENABLED": "False", "HF_HUB_OFFLINE": "1", "VRAAGBAAK_MODEL": "extractive"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; exit code 1 when the bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    with tempfile.TemporaryDirectory(prefix="vraagbaak-") as folder:
        from index.build import build_index
        from index.static_embedding import bundled
        from index.tokens import count_tokens

        with as_file(files("index") / "samples") as samples:
            build_index([samples], Path(folder, "store"), bundled(), count_tokens=count_tokens)
        found = measure(parser.parse_args(arguments).runs, Path(folder, "store"))
    sys.stdout.write(
        f"first page {statistics.median(found.page):.2f} s, bare import {statistics.median(found.bare):.2f} s, "
        f"ratio {found.ratio:.2f} (bar {BAR}); load {os.getloadavg()[0]:.1f}\n"
    )
    return 0 if found.ratio <= BAR else 1


if __name__ == "__main__":
    sys.exit(main())
