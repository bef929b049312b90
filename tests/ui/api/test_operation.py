"""The desk in operation: figures, logs, stopping, waiting, and new generations of the store."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from starlette.testclient import TestClient

from index.build import build_index
from index.store import Store
from index.tokens import count_tokens
from ui.gate import FullError, Gate
from ui.journal import Journal

ROOT = Path(__file__).resolve().parents[3]
SAMPLES = ROOT / "index" / "samples"
QUESTION = "Hoe lang is de wachttijd voor jeugdhulp?"
MakeApp = Callable[..., Any]


def figures(client: TestClient) -> dict[str, float]:
    """The figures of our own, by name and labels."""
    lines = client.get("/metrics").text.splitlines()
    return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines if line.startswith("vraagbaak_")}


def test_figures_tell_what_was_done_and_not_what_was_asked(make_app: MakeApp) -> None:
    client = make_app().client()
    for question in (QUESTION, "Wat is de hoofdstad van Mongolië?"):
        client.post("/api/ask", json={"question": question})
    client.get("/api/documents/geheim-document")
    found = figures(client)
    assert found['vraagbaak_requests_total{method="POST",route="/api/ask",status="200"}'] == 2
    assert found['vraagbaak_requests_total{method="GET",route="/api/documents/{document}",status="404"}'] == 1
    assert found['vraagbaak_answers_total{model="extractive",status="answered"}'] == 1
    assert found['vraagbaak_answers_total{model="extractive",status="unanswerable"}'] == 1
    assert found["vraagbaak_store_generation"] == 1
    assert found["vraagbaak_answers_running"] == 0
    text = client.get("/metrics").text
    assert "process_resident_memory_bytes" in text
    assert "jeugdhulp" not in text and "geheim" not in text


class Failing:
    """Fails on every question, telling more than it should."""

    def stream(self, *_: Any, **__: Any) -> Any:
        """Raise."""
        raise RuntimeError("secret detail")


@pytest.mark.parametrize("stream", [False, True])
def test_a_failure_of_ours_tells_nothing_and_keeps_its_guards(make_app: MakeApp, stream: bool) -> None:
    client = make_app(assistant=Failing()).client()
    answer = client.post("/api/ask", json={"question": QUESTION, "stream": stream})
    assert answer.status_code == 500
    assert (
        answer.headers["x-frame-options"] == "DENY"
        and "default-src 'none'" in answer.headers["content-security-policy"]
    )
    assert "secret" not in answer.text and "beheerder" in answer.json()["error"]
    assert figures(client)['vraagbaak_requests_total{method="POST",route="/api/ask",status="500"}'] == 1
    assert figures(client)["vraagbaak_answers_running"] == 0


def test_any_path_of_a_stranger_makes_few_figures(make_app: MakeApp) -> None:
    client = make_app().client()
    for number in range(30):
        client.get(f"/pad/{number}")
        client.request("ODD", f"/pad/{number}")
    assert len([name for name in figures(client) if name.startswith("vraagbaak_requests_total")]) < 6


@pytest.mark.parametrize("questions", [False, True])
def test_the_log_holds_the_question_only_where_that_was_turned_on(
    make_app: MakeApp, tmp_path: Path, questions: bool
) -> None:
    client = make_app(log="file", log_questions=questions).client()
    client.post("/api/ask", json={"question": f"Ik ben iemand@voorbeeld.nl. {QUESTION}"})
    client.get("/api/documents/geheim-document", params={"vraag": "jeugdhulp"})
    (file,) = (tmp_path / "desk" / "log").iterdir()
    assert re.fullmatch(r"\d{4}-\d\d-\d\d\.jsonl", file.name) and file.stat().st_mode & 0o077 == 0
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert [line["event"] for line in lines] == ["answer", "request", "request"]
    answer = lines[0]
    assert answer["outcome"] == "answered" and answer["citations"] >= 1 and answer["generation"] == 1
    assert lines[2]["route"] == "/api/documents/{document}" and lines[2]["status"] == 404
    text = file.read_text()
    assert ("jeugdhulp" in text) is questions
    assert "voorbeeld.nl" not in text and "geheim" not in text and "19 weken" not in text


def test_nothing_is_logged_on_ones_own_machine_unless_asked(make_app: MakeApp, tmp_path: Path) -> None:
    make_app().client().post("/api/ask", json={"question": QUESTION})
    assert not (tmp_path / "desk").exists()
    network = make_app(host="192.0.2.7")
    network.client(host="192.0.2.7").get("/api/documents")
    assert list((tmp_path / "desk" / "log").iterdir())


def test_old_logs_go_and_other_files_stay(tmp_path: Path) -> None:
    folder = tmp_path / "log"
    folder.mkdir()
    today = datetime.now(UTC).date()
    for days in (0, 2, 3, 400):
        (folder / f"{today - timedelta(days=days)}.jsonl").write_text("{}\n")
    (folder / "aantekeningen.jsonl").write_text("{}\n")
    journal = Journal(tmp_path, days=3)
    journal.note("begin", nothing=None)
    journal.close()
    left = {path.name for path in folder.iterdir()}
    assert left == {f"{today}.jsonl", f"{today - timedelta(days=2)}.jsonl", "aantekeningen.jsonl"}
    assert json.loads((folder / f"{today}.jsonl").read_text().splitlines()[-1])["event"] == "begin"


def test_who_is_ready_says_so_and_who_stops_does_not(make_app: MakeApp, tmp_path: Path) -> None:
    store = Store.create(tmp_path / "store")
    app = make_app(store=store)
    client = app.client()
    assert client.get("/readyz").json() == {"status": "ok", "generation": 0}
    (tmp_path / "store" / "store.sqlite").rename(tmp_path / "weg")
    assert (client.get("/readyz").status_code, client.get("/healthz").status_code) == (503, 200)
    (tmp_path / "weg").rename(tmp_path / "store" / "store.sqlite")
    app.stopping.set()
    assert client.get("/readyz").status_code == 503


def test_a_new_generation_is_there_at_the_next_request_and_none_fails(make_app: MakeApp, tmp_path: Path) -> None:
    def index(text: str) -> None:
        (tmp_path / "documenten").mkdir(exist_ok=True)
        (tmp_path / "documenten" / "jeugd.txt").write_text(text, encoding="utf-8")
        build_index([tmp_path / "documenten"], tmp_path / "store", None, count_tokens=count_tokens)

    sample = (SAMPLES / "jeugdhulp-wachttijden.txt").read_text(encoding="utf-8")
    index(sample)
    client = make_app(store=Store.open(tmp_path / "store")).client()
    stop, codes = threading.Event(), list[int]()

    def ask() -> None:
        while not stop.is_set():
            codes.append(client.post("/api/ask", json={"question": QUESTION}).status_code)

    askers = [threading.Thread(target=ask) for _ in range(2)]
    for asker in askers:
        asker.start()
    for weeks in range(20, 24):
        index(sample.replace("19 weken", f"{weeks} weken"))
        assert f"{weeks} weken" in client.post("/api/ask", json={"question": QUESTION}).json()["answer"]
    stop.set()
    for asker in askers:
        asker.join(30)
    assert codes and set(codes) == {200}


def test_a_slow_model_holds_up_neither_search_nor_other_users(
    make_app: MakeApp, slow: Callable[..., Any], running: Callable[..., Any]
) -> None:
    let = threading.Event()
    assistant = slow(let=let)
    app = make_app(assistant=assistant, auth="required", answers_at_once=8, answers_waiting=8)
    keys = [app.operation.rules.accounts.add_key(name, "desk") for name in ("een", "ander")]
    eager, other = ({"Authorization": f"Bearer {key}"} for key in keys)
    done = list[int]()
    with running(app) as address:

        def ask(headers: dict[str, str]) -> None:
            answer = httpx.post(address + "/api/ask", json={"question": QUESTION}, headers=headers, timeout=60)
            done.append(answer.status_code)

        asking = [threading.Thread(target=ask, args=(eager,)) for _ in range(3)]
        for thread in asking:
            thread.start()
        for _ in range(2):  # a quarter of the eight places, and no more, for one caller
            assert assistant.begun.acquire(timeout=30)
        assert httpx.post(address + "/api/search", json={"question": QUESTION}, headers=eager, timeout=30).is_success
        asking.append(threading.Thread(target=ask, args=(other,)))
        asking[-1].start()
        assert assistant.begun.acquire(timeout=30)  # the other came in while the third of the eager one waits
        assert not assistant.begun.acquire(timeout=0.2)
        let.set()
        for thread in asking:
            thread.join(60)
    assert done == [200] * 4


def test_a_full_queue_says_so_and_when_to_come_back(
    make_app: MakeApp, slow: Callable[..., Any], running: Callable[..., Any]
) -> None:
    let = threading.Event()
    assistant = slow(let=let)
    app = make_app(assistant=assistant, answers_at_once=1, answers_waiting=0)
    with running(app) as address:
        first = threading.Thread(
            target=httpx.post, args=(address + "/api/ask",), kwargs={"json": {"question": QUESTION}}
        )
        first.start()
        assert assistant.begun.acquire(timeout=30)
        for path, body in (
            ("/api/ask", {"question": QUESTION}),
            ("/api/ask", {"question": QUESTION, "stream": True}),
            ("/v1/chat/completions", {"messages": [{"role": "user", "content": QUESTION}]}),
        ):
            refused = httpx.post(address + path, json=body, headers={"Accept-Language": "en"}, timeout=30)
            assert refused.status_code == 503 and refused.headers["retry-after"] == "5"
            assert "Too many questions" in refused.text
        let.set()
        first.join(30)
        assert httpx.post(address + "/api/ask", json={"question": QUESTION}, timeout=30).status_code == 200


def test_who_goes_away_leaves_the_place_to_others(
    make_app: MakeApp, slow: Callable[..., Any], running: Callable[..., Any]
) -> None:
    assistant = slow(0.2)
    app = make_app(assistant=assistant, answers_at_once=1, answers_waiting=0)
    with running(app) as address:
        body = {"question": QUESTION, "stream": True}
        with httpx.stream("POST", address + "/api/ask", json=body, timeout=30) as answer:
            next(answer.iter_text())
        deadline = time.monotonic() + 20
        while (app.operation.gate.running or app.operation.gate.waiting) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert (app.operation.gate.running, app.operation.gate.waiting) == (0, 0)
        assert httpx.post(address + "/api/ask", json={"question": QUESTION}, timeout=30).status_code == 200


def test_the_gate_lets_in_as_many_as_it_says() -> None:
    async def crowd() -> tuple[int, int]:
        gate, refused, most = Gate(4, 4), 0, 0

        async def come(name: str) -> None:
            nonlocal refused, most
            try:
                async with gate.place(name):
                    most = max(most, gate.running)
                    await anyio.sleep(0.01)
            except FullError:
                refused += 1

        async with anyio.create_task_group() as group:
            for number in range(20):
                group.start_soon(come, f"n{number}")
        assert (gate.running, gate.waiting) == (0, 0)
        return most, refused

    assert anyio.run(crowd) == (4, 12)


def test_told_to_stop_it_finishes_the_answers_under_way(tmp_path: Path) -> None:
    program = tmp_path / "serve.py"
    program.write_text(
        "import sys, time\n"
        "from dataclasses import replace\n"
        f"sys.path[:0] = [{str(ROOT)!r}]\n"
        "from pathlib import Path\n"
        "from index.build import build_index\n"
        "from index.tokens import count_tokens\n"
        "from ui.compose import make_desk\n"
        "from ui.server import serve\n"
        "from ui.settings import Settings\n"
        "class Slow:\n"
        "    def __init__(self, assistant): self.assistant = assistant\n"
        "    def stream(self, *asked):\n"
        "        *_, whole = self.assistant.stream(*asked)\n"
        "        yield replace(whole, sentences=())\n"
        "        time.sleep(3)\n"
        "        yield whole\n"
        "if __name__ == '__main__':\n"
        "    settings = Settings(store=sys.argv[1], desk=sys.argv[2], embedder='none', port=int(sys.argv[3]))\n"
        f"    build_index([Path({str(SAMPLES)!r})], settings.store_folder, None, count_tokens=count_tokens)\n"
        "    desk = make_desk(settings)\n"
        "    serve(replace(desk, assistant=Slow(desk.assistant)), settings)\n"
    )
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, str(program), str(tmp_path / "s"), str(tmp_path / "d"), str(port)]
    server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": str(ROOT)})
    assert server.stderr is not None
    server.stderr.readline()
    body = {"question": QUESTION, "stream": True}
    with httpx.stream("POST", f"http://127.0.0.1:{port}/api/ask", json=body, timeout=60) as answer:
        pieces = answer.iter_text()
        begun = next(pieces)
        server.send_signal(signal.SIGTERM)
        rest = "".join(pieces)
    _, said = server.communicate(timeout=60)
    assert "event: done" not in begun and "19 weken" in rest and "event: done" in rest
    assert "Traceback" not in said
