"""Fixtures for all floors: stores of both kinds, and the real documents beside the project where they are present."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from index.milvus.address import MilvusAddress
from index.where import Where, prepare

# A busy machine is no fault of the code; and the same cases every time, so that a failure can be seen again.
settings.register_profile("vraagbaak", deadline=None, derandomize=True)
settings.load_profile("vraagbaak")

_SECONDS = 90.0  # for a server to start
SHARED = Path(__file__).resolve().parent.parent.parent / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real documents beside the project; the test is skipped where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("the real documents (../shared) are not beside the project")
    return SHARED


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skipped test into a failure where `REQUIRE_MARKERS` names its marker, as the full check does."""
    report = yield
    required = os.environ.get("REQUIRE_MARKERS", "").split(",")
    if report.skipped and any(item.get_closest_marker(name) for name in required if name):
        report.outcome = "failed"
        report.longrepr = f"skipped, but required here: {report.longrepr}"
    return report


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

    def new_address(self) -> MilvusAddress:
        """Return the address of a store that nobody else uses."""
        return MilvusAddress(f"http://127.0.0.1:{self.port}", f"t{secrets.token_hex(6)}")

    def _listens(self) -> bool:
        with socket.socket() as probe:
            probe.settimeout(0.2)
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


@pytest.fixture(scope="session")
def milvus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MilvusServer]:
    """A real server of Milvus, started once for all tests that need one; a test that kills it starts it again.

    Nobody reads an earlier generation meanwhile, unless a test says so.
    """
    if not Path(sys.executable).with_name("milvus-lite").exists():
        pytest.skip("milvus-lite is not installed")
    server = MilvusServer(tmp_path_factory.mktemp("milvus") / "data")
    server.start()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("index.milvus.write.GRACE", 0.0)
        yield server
    server.kill()


@pytest.fixture(scope="session", params=["folder", pytest.param("milvus", marks=pytest.mark.milvus)])
def new_place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Where]:
    """A function that tells where a store can be made that nobody else uses: in a folder, then in Milvus."""
    if request.param == "milvus":
        server: MilvusServer = request.getfixturevalue("milvus")
        return server.new_address
    return lambda: tmp_path_factory.mktemp("plaats") / "opslag é – ñandú 文"


@pytest.fixture
def where(new_place: Callable[[], Where]) -> Where:
    """Where an empty store is, of each kind in turn."""
    place = new_place()
    prepare(place)
    return place
