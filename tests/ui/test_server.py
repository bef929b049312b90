"""The web application around the page: address, headers, what is open and what is not."""

from __future__ import annotations

import base64
import hashlib
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import httpx
import pytest

from index.errors import SettingsError
from ui.access.hosts import is_loopback
from ui.desk import Desk
from ui.guards import script_hashes
from ui.server import listen, page_paths

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def address(serving: Callable[[Desk], AbstractContextManager[str]], small_desk: Callable[..., Desk]) -> Iterator[str]:
    with serving(small_desk()) as url:
        yield url


def test_a_port_in_use_is_one_sentence_with_the_cure_and_costs_no_import_of_gradio() -> None:
    program = (
        "import sys, socket\n"
        "from index.errors import SettingsError\n"
        "from ui.server import serve\n"
        "from ui.settings import Settings\n"
        "busy = socket.create_server(('127.0.0.1', 0))\n"
        "try:\n"
        "    serve(None, Settings(port=busy.getsockname()[1]))\n"
        "except SettingsError as error:\n"
        "    assert 'gradio' not in sys.modules\n"
        "    print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "al in gebruik" in done.stdout and "--port" in done.stdout
    assert done.stdout.count("\n") == 1


def test_an_address_that_is_not_ours_is_one_sentence() -> None:
    with pytest.raises(SettingsError, match="--host"):
        listen("192.0.2.1", 0)
    with pytest.raises(SettingsError, match="--host"):
        listen("geen.adres.invalid", 0)


def test_a_free_port_is_found_and_can_be_had_again_at_once() -> None:
    first = listen("127.0.0.1", 0)
    port = first.getsockname()[1]
    with socket.create_connection(("127.0.0.1", port)):
        first.close()
    listen("127.0.0.1", port).close()


@pytest.mark.parametrize(
    ("host", "expected"),
    [("127.0.0.1", True), ("localhost", True), ("::1", True), ("0.0.0.0", False), ("example.nl", False)],
)
def test_only_this_machine_is_loopback(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected


def test_the_first_language_stands_at_the_root_and_the_other_below_it() -> None:
    assert page_paths("nl") == {"/": "nl", "/en/": "en"}
    assert page_paths("en") == {"/": "en", "/nl/": "nl"}


def test_healthz_answers(address: str) -> None:
    answer = httpx.get(address + "/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.parametrize("path", ["/", "/en/", "/healthz", "/desk/page.js", "/config", "/nergens"])
def test_every_answer_has_the_security_headers(address: str, path: str) -> None:
    headers = httpx.get(address + path).headers
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert "unsafe-eval" not in policy and "http" not in policy
    assert "'unsafe-inline'" not in re.findall(r"script-src[^;]*", policy)[0]


def test_each_script_in_the_page_is_allowed_by_its_hash_and_no_other(address: str) -> None:
    page = httpx.get(address + "/")
    scripts = re.findall(rb"<script(?![^>]*src)[^>]*>(.*?)</script>", page.content, re.S)
    hashes = re.findall(r"'sha256-([^']*)'", page.headers["content-security-policy"])
    assert [base64.b64encode(hashlib.sha256(s).digest()).decode() for s in scripts] == hashes
    assert len(hashes) > 1


def test_a_script_with_a_source_gets_no_hash() -> None:
    assert script_hashes(b'<script src="x.js"></script><script type="module" src="y.js"></script>') == ""
    assert script_hashes(b"<script>1</script>").startswith(" 'sha256-")


def test_the_page_names_its_language_and_no_other_host(address: str) -> None:
    dutch, english = httpx.get(address + "/").text, httpx.get(address + "/en/").text
    assert re.search(r'<html\s+lang="nl"', dutch) and re.search(r'<html\s+lang="en"', english)
    assert 'href="desk/style.css"' in dutch and 'href="../desk/style.css"' in english
    for page in (dutch, english):
        assert not re.findall(r'(?:src|href|content)="https?://', page)


def test_only_our_own_files_are_given(address: str) -> None:
    assert httpx.get(address + "/desk/style.css").headers["content-type"].startswith("text/css")
    for path in ("page.py", "../page.py", "%2e%2e%2fpage.py", "..%2f..%2fpyproject.toml"):
        assert "import" not in httpx.get(f"{address}/desk/{path}").text


@pytest.mark.parametrize(
    "path",
    [
        "/docs",
        "/openapi.json",
        "/monitoring",
        "/monitoring/summary",
        "/gradio_api/docs",
        "/gradio_api/runs",
        "/gradio_api/upload",
        "/en/gradio_api/upload",
        "//gradio_api//upload",
        "/gradio_api/vibe-code",
        "/gradio_api/file=pyproject.toml",
        "/gradio_api/proxy=https://x.hf.space/",
        "/gradio_api/deep_link",
    ],
)
def test_what_the_page_does_not_need_is_closed(address: str, path: str) -> None:
    assert httpx.get(address + path).status_code in {403, 404}
    assert httpx.post(address + path).status_code in {403, 404, 405}


def test_no_event_of_the_page_is_a_public_interface(address: str) -> None:
    info = httpx.get(address + "/gradio_api/info").json()
    assert info["named_endpoints"] == {} and info["unnamed_endpoints"] == {}


@pytest.mark.parametrize("host", ["evil.example", "evil.example:7860", "127.0.0.1.evil.example"])
def test_another_host_name_is_refused_on_this_machine(address: str, host: str) -> None:
    assert httpx.get(address + "/", headers={"Host": host}).status_code == 400


def test_stopping_waits_for_no_open_page_and_leaves_no_traceback(tmp_path: Path) -> None:
    program = tmp_path / "serve.py"
    program.write_text(
        "import sys\n"
        f"sys.path[:0] = [{str(ROOT)!r}]\n"
        "from ui.desk import Desk\n"
        "from pathlib import Path\n"
        "from index.store import Store\n"
        "from ui.server import serve\n"
        "from ui.settings import Settings\n"
        f"store = Store.create(Path({str(tmp_path / 'store')!r}))\n"
        "serve(Desk(None, 'extractive', 'x', False, list, str, store), Settings(port=0))\n"
    )
    running = subprocess.Popen([sys.executable, program], stderr=subprocess.PIPE, text=True)
    assert running.stderr is not None
    url = re.findall(r"http://[\d.:]+", running.stderr.readline())[0]
    with httpx.stream("GET", url + "/gradio_api/heartbeat/abc", timeout=30) as heartbeat:
        assert "ALIVE" in next(heartbeat.iter_text())
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=90)
    # Had it waited for the heartbeat, it would have said that it cancelled a task in the end.
    assert (running.returncode, said) == (0, "")
