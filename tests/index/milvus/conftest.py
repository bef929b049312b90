"""A real server of Milvus, started once for all tests that need one, and again after a test that killed it."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.milvus.address import MilvusAddress

_SECONDS = 90.0


class MilvusServer:
    """`milvus-lite server` on a port of this machine; what it was given survives its process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it on the same data as before, and wait until it listens."""
        command = [str(Path(sys.executable).with_name("milvus-lite")), "server", "--data-dir", str(self._folder)]
        log = (self._folder.parent / "milvus.log").open("ab")
        self._process = subprocess.Popen(
            [*command, "--host", "127.0.0.1", "--port", str(self.port)], stdout=log, stderr=log
        )
        deadline = time.monotonic() + _SECONDS
        while not self._listens():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the server of Milvus does not start")
            time.sleep(0.1)

    def kill(self) -> None:
        """End it at once, as a loss of power does."""
        if self._process is not None:
            os.kill(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def stand_still(self) -> None:
        """Let it answer nobody until `go_on`."""
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGSTOP)
        # Its threads may go on for a moment.
        threads = Path(f"/proc/{self._process.pid}/task")
        while any((one / "stat").read_text().rpartition(")")[2].split()[0] != "T" for one in threads.iterdir()):
            time.sleep(0.01)

    def go_on(self) -> None:
        """Let it go on where it was."""
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGCONT)

    def address(self, name: str) -> MilvusAddress:
        """Return the address of a store on it."""
        return MilvusAddress(f"http://127.0.0.1:{self.port}", name)

    def _listens(self) -> bool:
        with socket.socket() as probe:
            probe.settimeout(0.2)
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


@pytest.fixture(scope="session")
def milvus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MilvusServer]:
    """A server that runs; a test that kills it starts it again."""
    if not Path(sys.executable).with_name("milvus-lite").exists():
        pytest.skip("milvus-lite is not installed")
    server = MilvusServer(tmp_path_factory.mktemp("milvus") / "data")
    server.start()
    yield server
    server.kill()


@pytest.fixture
def new_address(milvus: MilvusServer) -> Callable[[], MilvusAddress]:
    """A function that gives the address of a store that nobody else uses."""
    return lambda: milvus.address(f"t{secrets.token_hex(6)}")


@pytest.fixture(autouse=True)
def no_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody reads an earlier generation meanwhile, unless a test says so."""
    monkeypatch.setattr("index.milvus.write.GRACE", 0.0, raising=False)
