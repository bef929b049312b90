"""The API: what it answers, and what it refuses in one sentence."""

from __future__ import annotations

import io
import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from index.store import Store
from index.where import Where, open_store
from ui.uploads import safe_name

SAMPLES = Path(__file__).resolve().parents[3] / "index" / "samples"
QUESTION = "Hoe lang is de wachttijd voor jeugdhulp?"
LETTER = """Aan de gemeenteraad van Voorbeeldstad

Datum: 4 juni 2025
Betreft: De fietsenstalling bij het station

Geachte raad,

De nieuwe fietsenstalling bij het station gaat open op {day} juli 2025. Er is plaats voor 800 fietsen.

Met vriendelijke groet,
het college van burgemeester en wethouders van Voorbeeldstad
"""
MakeApp = Callable[..., Any]


def events(text: str) -> list[tuple[str, Any]]:
    """Server-sent events as names and data."""
    found = re.findall(r"event: (\w+)\ndata: (.*)\n\n", text)
    return [(name, json.loads(data)) for name, data in found]


def test_an_answer_has_the_fields_of_the_command(client: TestClient) -> None:
    answer = client.post("/api/ask", json={"question": QUESTION}).json()
    assert answer["status"] == "answered"
    assert "19 weken" in answer["answer"] and "[1]" in answer["answer"]
    names = "id question status answer sentences citations notices model generation seconds trace"
    assert set(names.split()) <= set(answer)
    whole = client.get(f"/api/documents/{answer['citations'][0]['document']}").json()
    for citation in answer["citations"]:
        assert whole["text"][citation["start"] : citation["end"]] == citation["quote"]


@pytest.mark.parametrize("how", [{"json": {"stream": True}}, {"headers": {"Accept": "text/event-stream"}}])
def test_an_answer_comes_in_events_when_it_is_asked_so(client: TestClient, how: dict[str, Any]) -> None:
    body = {"question": QUESTION, **how.get("json", {})}
    answer = client.post("/api/ask", json=body, headers=how.get("headers", {}))
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["cache-control"] == "no-store"
    found = events(answer.text)
    assert [name for name, _ in found] == ["answer"] * (len(found) - 1) + ["done"]
    whole = client.post("/api/ask", json={"question": QUESTION}).json()
    assert found[-1][1]["answer"] == whole["answer"]


def test_an_answer_grows_while_it_is_made(make_app: MakeApp, slow: Callable[..., Any]) -> None:
    client = make_app(assistant=slow(0.01)).client()
    found = events(client.post("/api/ask", json={"question": QUESTION, "stream": True}).text)
    texts = [data["answer"] for _, data in found]
    assert texts[0] == "" and "19 weken" in texts[-1]


def test_a_conversation_and_filters_go_along(client: TestClient) -> None:
    history = [{"role": "user", "text": QUESTION}, {"role": "assistant", "text": "19 weken."}]
    body = {"question": "En een jaar eerder?", "history": history}
    assert "14 weken" in client.post("/api/ask", json=body).json()["answer"]
    body = {"question": "gemeente", "k": 50, "filters": {"kinds": ["letter"]}}
    hits = client.post("/api/search", json=body).json()["hits"]
    kinds = {d["document"]: d["kind"] for d in client.get("/api/documents").json()["documents"]}
    assert hits and {kinds[hit["document"]] for hit in hits} == {"letter"}


@pytest.mark.parametrize(
    ("header", "expected"), [("en-GB,en", "documents"), ("nl", "documenten"), ("fr, en;q=0.5", "doc")]
)
def test_sentences_are_in_the_language_that_the_caller_reads(client: TestClient, header: str, expected: str) -> None:
    body = {"question": "Wat is de hoofdstad van Mongolië?"}
    answer = client.post("/api/ask", json=body, headers={"Accept-Language": header}).json()
    assert answer["status"] == "unanswerable"
    assert expected in " ".join(answer["notices"])


def test_no_folder_of_the_server_is_told(client: TestClient) -> None:
    document = client.get("/api/documents").json()["documents"][0]["document"]
    asked: dict[str, Any] = {"json": {"question": QUESTION}}
    chat = {"json": {"messages": [{"role": "user", "content": QUESTION}]}}
    answers = [
        client.get("/api/documents"),
        client.get(f"/api/documents/{document}"),
        client.post("/api/search", **asked),
        client.post("/api/ask", **asked),
        client.post("/v1/chat/completions", **chat),
    ]
    for answer in answers:
        assert ".txt" in answer.text or ".md" in answer.text or ".pdf" in answer.text
        assert str(SAMPLES) not in answer.text


def test_documents_are_listed_in_pages_and_shown_whole(client: TestClient) -> None:
    everything = client.get("/api/documents").json()
    assert everything["total"] == len(everything["documents"]) == 13
    page = client.get("/api/documents", params={"limit": 5, "offset": 10}).json()
    assert page["documents"] == everything["documents"][10:]
    first = everything["documents"][0]
    assert len(client.get(f"/api/documents/{first['document']}").json()["passages"]) == first["passages"]


def test_feedback_is_kept_and_read_back_by_an_administrator(make_app: MakeApp, tmp_path: Path) -> None:
    store = Store.create(tmp_path / "store")
    client = make_app(store=store).client()
    body = {"answer": "a1b2", "verdict": "down", "reasons": ["wrong"], "question": QUESTION}
    assert client.post("/api/feedback", json=body).status_code == 204
    (kept,) = client.get("/api/feedback").json()
    assert (kept["answer"], kept["verdict"], kept["reasons"], kept["question"]) == ("a1b2", "down", ["wrong"], None)
    wanted = make_app(store=store, feedback_questions=True).client()
    wanted.post("/api/feedback", json=body)
    assert wanted.get("/api/feedback").json()[-1]["question"] == QUESTION


DEEP = "[" * 5000 + "]" * 5000
BAD_BODIES = [
    b"",
    b"{",
    b"null",
    b"[]",
    b'"x"',
    b"{}",
    b'{"question": ""}',
    b'{"question": null}',
    b'{"question": 3}',
    b'{"question": ["x"]}',
    b'{"question": "\\ud800"}',
    b'{"question": "a\\u0000b"}',
    b'{"question": "x", "onbekend": 1}',
    b'{"question": "x", "filters": {"since": "gisteren"}}',
    b'{"question": "x", "filters": {"kinds": ["brief"]}}',
    b'{"question": "x", "filters": {"since": "2025-01-01", "until": "2024-01-01"}}',
    b'{"question": "x", "filters": {"parties": ["Partij Zonder Leden"]}}',
    b'{"question": "x", "k": 0}',
    b'{"question": "x", "k": 1e99}',
    b'{"question": "x", "mode": "dense"}',
    b'{"question": "x", "history": [{"role": "system", "text": "x"}]}',
    b'{"question": "\xff\xfe"}',
    b"\x00\x01\x02",
    b'{"question": NaN}',
    f'{{"question": {DEEP}}}'.encode(),
    json.dumps({"question": "x" * 20_000}).encode(),
    json.dumps({"question": "woord " * 200}).encode(),
]


@pytest.mark.parametrize("path", ["/api/ask", "/api/search", "/api/feedback", "/v1/chat/completions"])
@pytest.mark.parametrize("body", BAD_BODIES, ids=range(len(BAD_BODIES)))
def test_a_malformed_request_is_one_sentence_and_no_failure(client: TestClient, path: str, body: bytes) -> None:
    answer = client.post(path, content=body, headers={"Content-Type": "application/json"})
    if path == "/api/search" and answer.status_code == 200:
        return  # long questions are searched for
    if path == "/api/ask" and answer.status_code == 200:
        assert b"mode" in body or b"filters" in body
        return
    assert answer.status_code in (400, 422)
    error = answer.json()["error"]
    sentence = error["message"] if path.startswith("/v1/") else error
    assert sentence and "\n" not in sentence and "Traceback" not in sentence


@pytest.mark.parametrize(
    ("path", "body", "dutch", "english"),
    [
        ("ask", {}, "Het veld question ontbreekt.", "The field question is missing."),
        ("ask", [], "moet een JSON-object zijn", "must be a JSON object"),
        ("ask", {"question": "x", "vraag": 1}, "Het veld vraag bestaat niet.", "The field vraag does not exist."),
        ("ask", {"question": "x", "language": "fr"}, "Kies uit: nl, en.", "Choose from: nl, en."),
        ("search", {"question": "x", "k": 0}, "k is te klein. Kies 1 of", "k is too small. Choose 1 or"),
        (
            "search",
            {"question": "x", "filters": {"since": "gisteren"}},
            "filters.since is geen",
            "filters.since is not",
        ),
        ("search", {"question": "x", "filters": {"since": "2025-01-01", "until": "2024-01-01"}}, "Draai", "Swap"),
        ("ask", {"question": "\x00"}, "question staat een half teken", "question holds half a character"),
    ],
)
def test_what_is_wrong_with_a_field_is_named_with_its_cure(
    client: TestClient, path: str, body: Any, dutch: str, english: str
) -> None:
    for header, words in (("nl", dutch), ("en-GB", english)):
        answer = client.post(f"/api/{path}", json=body, headers={"Accept-Language": header})
        assert answer.status_code == 422 and words in answer.json()["error"]


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "multipart/form-data", "", "application/json; x"])
def test_a_body_of_another_kind_is_no_failure(client: TestClient, kind: str) -> None:
    answer = client.post("/api/ask", content=b"vraag", headers={"Content-Type": kind})
    assert answer.status_code in (400, 415, 422)


@pytest.mark.parametrize("path", ["/api/ask", "/v1/chat/completions", "/mcp", "/login", "/gradio_api/queue/join"])
def test_a_body_that_is_too_large_is_refused_while_it_comes(client: TestClient, path: str) -> None:
    large = b"x" * 1_500_000
    assert client.post(path, content=large).status_code == 413
    pieces = (large[at : at + 1000] for at in range(0, len(large), 1000))  # without saying beforehand how much
    status = client.post(path, content=pieces).status_code
    assert status == 413 if path.startswith(("/api", "/v1")) else 400 <= status < 500
    assert client.post(path, content=b"x", headers={"Content-Length": "-1"}).status_code in (400, 413)


@pytest.mark.parametrize(
    "path",
    [
        "/api/documents/..%2f..%2fpyproject.toml",
        "/api/documents/%2e%2e",
        "/api/documents/%00",
        "/api/documents/%ff%fe",
        "/api/documents/" + "x" * 5000,
        "/api/documents/'%20OR%201=1--",
        "/api/jobs/..%2f..%2fx",
        "/desk/..%2fserver.py",
        "/desk/%2e%2e%2fserver.py",
        "/desk/....//server.py",
        "/desk//etc/passwd",
        "/api/../ui/server.py",
        "/v1/models/..%2f",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/api/ask/",
        "//evil.example/",
        "/api/nergens",
    ],
)
@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_no_path_leads_out_of_the_desk(client: TestClient, method: str, path: str) -> None:
    answer = client.request(method, path, follow_redirects=False)
    assert answer.status_code in (307, 400, 404, 405, 414)
    assert "import" not in answer.text and "root:" not in answer.text
    assert "evil" not in answer.headers.get("location", "")


def test_the_description_is_whole_and_its_page_asks_nothing_of_other_hosts(client: TestClient) -> None:
    described = client.get("/api/openapi.json").json()
    wanted = {"/api/ask", "/api/search", "/api/documents", "/api/feedback", "/v1/chat/completions", "/v1/models"}
    assert wanted <= set(described["paths"])
    page = client.get("/api/docs")
    assert not re.findall(r"""(?:src|href)=["'](?:https?:)?//""", page.text)
    for path in wanted:
        assert path in page.text
    assert "<script" not in page.text.replace("<script src", "")


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json", "/api", "/api/"])
def test_there_is_no_other_description(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_who_asks_too_much_waits_and_the_others_do_not(make_app: MakeApp) -> None:
    app = make_app(auth="required", questions_per_minute=4)
    accounts = app.operation.rules.accounts
    one, other = (app.client(Authorization=f"Bearer {accounts.add_key(name, 'desk')}") for name in ("een", "ander"))
    answers = [one.post("/api/ask", json={"question": QUESTION}) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 429, 429]
    assert int(answers[-1].headers["retry-after"]) >= 1 and "Wacht" in answers[-1].json()["error"]
    refused = one.post("/v1/chat/completions", json={"messages": [{"role": "user", "content": QUESTION}]})
    assert (refused.status_code, refused.json()["error"]["type"]) == (429, "rate_limit_error")
    assert one.post("/api/search", json={"question": QUESTION}).status_code == 200
    assert other.post("/api/ask", json={"question": QUESTION}).status_code == 200


def uploaded(client: TestClient, files: list[tuple[str, bytes]]) -> dict[str, Any]:
    """Upload files and return the work when it is done."""
    sent = [("files", (name, io.BytesIO(content))) for name, content in files]
    answer = client.post("/api/documents", files=sent)
    assert answer.status_code == 202, answer.text
    job = answer.json()
    deadline = time.monotonic() + 120
    while job["state"] == "running" and time.monotonic() < deadline:
        time.sleep(0.1)
        job = client.get(f"/api/jobs/{job['job']}").json()
    return dict(job)


def test_documents_are_added_updated_and_removed_while_others_ask(
    make_app: MakeApp, where: Where, tmp_path: Path
) -> None:
    app = make_app(store=open_store(where))
    client = app.client()
    sample = (SAMPLES / "jeugdhulp-wachttijden.txt").read_bytes()
    job = uploaded(client, [("../../jeugd\x00hulp.txt", sample), ("leeg.txt", b"")])
    assert (job["state"], [file["status"] for file in job["files"]]) == ("done", ["new", "failed"])
    assert job["files"][0]["file"] == "jeugd_00hulp.txt" and "/" not in job["files"][1]["message"]
    assert "19 weken" in client.post("/api/ask", json={"question": QUESTION}).json()["answer"]
    document = job["files"][0]["document"]

    job = uploaded(client, [("nieuw.txt", sample.replace(b"19 weken", b"17 weken"))])
    assert job["state"] == "done" and str(tmp_path) not in json.dumps(job)
    assert "17 weken" in client.post("/api/ask", json={"question": QUESTION}).json()["answer"]
    listed = client.get("/api/documents").json()
    assert listed["total"] == 1
    stored = [path for path in (tmp_path / "desk" / "uploads").rglob("*") if path.is_file()]
    assert len(stored) == 1 and re.fullmatch("[0-9a-f]{64}", stored[0].parent.name)
    assert stored[0].stat().st_mode & 0o111 == 0

    assert client.delete(f"/api/documents/{document}").status_code == 204
    assert client.delete(f"/api/documents/{document}").status_code == 404
    assert client.post("/api/ask", json={"question": QUESTION}).json()["status"] == "unanswerable"
    assert not [path for path in (tmp_path / "desk" / "uploads").rglob("*") if path.is_file()]
    acts = [json.loads(line) for line in app.operation.audit.path.read_text().splitlines()]
    names = ["documents added", "documents read", "documents added", "documents read", "documents removed"]
    assert [line["act"] for line in acts] == names
    assert acts[-1]["documents"] == [document]


def test_an_upload_is_bounded(make_app: MakeApp, tmp_path: Path) -> None:
    client = make_app(store=Store.create(tmp_path / "store"), upload_megabytes=1).client()
    large = [("files", ("groot.txt", io.BytesIO(b"x" * 1_200_000)))]
    assert client.post("/api/documents", files=large).status_code == 413
    many = [("files", (f"{n}.txt", io.BytesIO(b"x"))) for n in range(101)]
    refused = client.post("/api/documents", files=many)
    assert refused.status_code == 413 and "100" in refused.json()["error"]
    assert client.post("/api/documents", data={"files": "x"}).status_code == 422
    left = [path for path in (tmp_path / "desk").rglob("*") if path.is_file() and "uploads" in path.parts]
    assert not [path for path in left if path.stat().st_size > 1]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("brief.pdf", "brief.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\brief.DOCX", "brief.docx"),
        ("..", "document"),
        ("", "document"),
        (".htaccess", "htaccess"),
        ("a\x00b\n.txt", "a_b_.txt"),
        ("<img src=x onerror=alert(1)>.html", "_img src_x onerror_alert(1)_.html"),
        ("x" * 300 + ".pdf", "x" * 80 + ".pdf"),
        ("brief.pdf/", "brief.pdf"),
    ],
)
def test_a_name_means_nothing_to_the_file_system(name: str, expected: str) -> None:
    assert safe_name(name) == expected
