"""The same commands and the same chat over a store in Milvus; what cannot be done there says so with its cure."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from index.milvus.address import MilvusAddress
from index.where import open_store
from ui.cli import main
from ui.compose import make_desk
from ui.operation import make_operation
from ui.server import add_guards, add_routes
from ui.settings import load_settings

SAMPLES = Path(__file__).resolve().parents[3] / "index" / "samples"
QUESTION = "Waar worden de vluchtelingen opgevangen?"

Run = Callable[..., tuple[int, str, str]]

pytestmark = pytest.mark.milvus


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Give a command; returns its exit code and what it printed on both streams."""
    monkeypatch.chdir(tmp_path)

    def given(*words: str) -> tuple[int, str, str]:
        code = main(words)
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return given


def test_what_is_removed_is_purged_and_a_copy_in_a_folder_answers_the_same(
    new_address: Callable[[], MilvusAddress], run: Run, tmp_path: Path
) -> None:
    store = ("--store", str(new_address()))
    one, other = sorted(SAMPLES.glob("*.txt"))[:2]
    assert run("index", str(one), str(other), str(SAMPLES / "opvang-lindelaan.pdf"), *store)[0] == 0
    answer = json.loads(run("ask", QUESTION, "--json", *store)[1])
    cited = answer["citations"][0]["document"]
    assert run("remove", cited, "--purge", *store)[0] == 0
    assert json.loads(run("ask", QUESTION, "--json", *store)[1])["status"] != "answered"
    # Unchanged files are not read again, and one whose document was removed is.
    _, _, said = run("index", str(one), str(SAMPLES / "opvang-lindelaan.pdf"), *store)
    assert [line.split()[0] for line in said.splitlines()[:2]] == ["ongewijzigd", "nieuw"]
    back = str(tmp_path / "terug")
    assert run("store", "copy", store[1], back)[0] == 0
    again = json.loads(run("ask", QUESTION, "--json", "--store", back)[1])
    assert [again[name] for name in ("status", "answer")] == [answer[name] for name in ("status", "answer")]


@pytest.mark.parametrize("act", [("generations",), ("rollback", "1"), ("backup", "kopie"), ("restore", "kopie")])
def test_what_needs_a_folder_says_so_and_names_the_cure(act: tuple[str, ...], run: Run) -> None:
    code, printed, said = run("store", *act, "--store", "milvus:http://127.0.0.1:9/x")
    assert (code, printed) == (1, "")
    assert "vraagbaak store copy" in said
    assert said.count("\n") == 1


@pytest.mark.parametrize(
    "address",
    [
        "milvus:",
        "milvus:localhost",
        "milvus:http://",
        "milvus:http://u:geheim@host:19530",
        "milvus:http://host:poort",
        "milvus:http://host/een/twee",
        "milvus:http://host/é",
        "milvus:http://host?index=WEG",
        "milvus:http://host?token=geheim",
    ],
)
def test_another_form_of_the_address_is_refused_in_one_sentence(address: str, run: Run) -> None:
    code, _, said = run("documents", "--store", address)
    assert code == 1
    assert "milvus:http://HOST:" in said
    assert "geheim" not in said or "token" in address


def test_the_token_comes_from_the_environment_and_is_shown_nowhere(monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    monkeypatch.setenv("VRAAGBAAK_MILVUS_TOKEN", "geheim")
    settings = load_settings({"store": "milvus:https://host/x"})
    place = settings.store_place
    assert isinstance(place, MilvusAddress)
    assert (place.uri, place.token) == ("https://host:443", "geheim")
    assert "geheim" not in repr(place) + str(place) + repr(settings)
    assert "geheim" not in "".join(map(str, run("settings", "--store", "milvus:https://host/x")))


def test_several_desks_answer_over_one_store_and_see_its_changes(
    new_address: Callable[[], MilvusAddress], run: Run, tmp_path: Path
) -> None:
    address = new_address()
    assert run("index", str(SAMPLES / "opvang-lindelaan.pdf"), "--store", str(address))[0] == 0
    desks = [_client(address, tmp_path / f"bureau{number}") for number in range(2)]
    for client in desks:
        answer = client.post("/api/ask", json={"question": QUESTION}).json()
        assert answer["status"] == "answered"
        assert client.post("/api/feedback", json={"answer": answer["id"], "verdict": "up"}).status_code == 204
        assert client.get("/api/documents").json()["total"] == 1
    [document] = [found.document for found in open_store(address).snapshot().documents()]
    assert desks[0].delete(f"/api/documents/{document}").status_code == 204
    for client in desks:
        assert client.post("/api/ask", json={"question": QUESTION}).json()["status"] != "answered"
        assert client.get("/api/documents").json()["total"] == 0


def _client(address: MilvusAddress, folder: Path) -> TestClient:
    settings = load_settings({"store": str(address), "desk": str(folder)})
    desk: Any = make_desk(settings)
    operation, stopping, app = make_operation(settings, desk.store), asyncio.Event(), FastAPI()
    add_routes(app, desk, operation, stopping)
    add_guards(app, operation, stopping, {})
    return TestClient(app, base_url="http://127.0.0.1", client=("127.0.0.1", 50000))
