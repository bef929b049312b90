"""Who may come in, from where, and by which name."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.testclient import TestClient

from index.errors import SettingsError
from ui.access.accounts import FILE, Accounts, refuse_open_network
from ui.access.hosts import Hosts, is_loopback, is_same_origin
from ui.access.limits import Limit
from ui.settings import Settings

NETWORK = {"host": "192.0.2.7"}
PASSWORD = "een lang wachtwoord"
ASK = {"question": "Hoe lang is de wachttijd voor jeugdhulp?"}
MakeApp = Callable[..., Any]

ROUTES = [
    ("POST", "/api/ask"),
    ("POST", "/api/search"),
    ("GET", "/api/documents"),
    ("GET", "/api/documents/x"),
    ("POST", "/api/documents"),
    ("DELETE", "/api/documents/x"),
    ("GET", "/api/jobs/x"),
    ("POST", "/api/feedback"),
    ("GET", "/api/feedback"),
    ("POST", "/v1/chat/completions"),
    ("GET", "/v1/models"),
    ("POST", "/mcp"),
    ("GET", "/metrics"),
    ("GET", "/api/openapi.json"),
    ("GET", "/api/docs"),
    ("GET", "/"),
    ("POST", "/gradio_api/queue/join"),
    ("GET", "/nergens"),
]


def logged_in(app: Any, role: str = "desk", host: str = "192.0.2.7") -> TestClient:
    """A browser of a user who has logged in."""
    app.operation.rules.accounts.put_user("balie", role, PASSWORD)
    browser = app.client(host=host, Origin=f"http://{host}")
    answer = browser.post("/login", data={"name": "balie", "password": PASSWORD}, follow_redirects=False)
    assert answer.status_code == 303
    return browser


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_a_stranger_is_let_in_nowhere(make_app: MakeApp, method: str, path: str) -> None:
    answer = make_app(**NETWORK).client(host="192.0.2.7").request(method, path)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.json()["error"]


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/login"])
def test_a_stranger_sees_whether_the_desk_is_there_and_where_to_log_in(make_app: MakeApp, path: str) -> None:
    assert make_app(**NETWORK).client(host="192.0.2.7").get(path).status_code == 200


def test_leaving_twice_leads_to_the_page_where_one_logs_in(make_app: MakeApp) -> None:
    client = make_app(**NETWORK).client(host="192.0.2.7", Accept="text/html")
    answer = client.post("/logout", data={"language": "en"}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/login?next=/en/")


def test_the_browser_of_a_stranger_is_sent_to_the_page_where_one_logs_in(make_app: MakeApp) -> None:
    app = make_app(**NETWORK)
    client = app.client(host="192.0.2.7", Accept="text/html")
    answer = client.get("/en/", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/login?next=/en/")
    assert "Wachtwoord" in client.get("/login").text
    assert "Password" in client.get("/login", headers={"Accept-Language": "en"}).text
    assert "Password" in client.get("/login?next=/en/").text
    wanted = client.get("/document?id=x&quote=1.0.5.aaaaaaaa", follow_redirects=False).headers["location"]
    app.operation.rules.accounts.put_user("balie", "desk", PASSWORD)
    form = {"name": "balie", "password": PASSWORD, "next": parse_qs(urlsplit(wanted).query)["next"][0]}
    answer = client.post("/login", data=form, headers={"Origin": "http://192.0.2.7"}, follow_redirects=False)
    assert answer.headers["location"] == "/document?id=x&quote=1.0.5.aaaaaaaa"


def test_on_this_machine_nobody_is_asked_and_everything_is_allowed(make_app: MakeApp) -> None:
    client = make_app().client()
    assert client.post("/api/ask", json=ASK).status_code == 200
    assert client.get("/api/feedback").status_code == 200


def test_an_open_network_may_ask_but_not_change_the_documents(make_app: MakeApp) -> None:
    client = make_app(**NETWORK, auth="none").client(host="192.0.2.7", peer="192.0.2.99")
    assert client.post("/api/ask", json=ASK).status_code == 200
    assert client.delete("/api/documents/voorbeeld-ah-2024-12").status_code == 403


@pytest.mark.parametrize(
    "settings",
    [NETWORK, {"host": "0.0.0.0"}, {"host": "::"}, {"auth": "required"}, {"hosts": ("vraag.example.nl",)},
     {"proxies": ("127.0.0.1",)}, {"root_path": "/vraag"}],
)  # fmt: skip
def test_where_others_can_come_in_it_does_not_start_before_someone_is_known(
    settings: dict[str, Any], tmp_path: Path
) -> None:
    desk = str(tmp_path / "desk")
    with pytest.raises(SettingsError, match=r"users add.*keys add.*--no-auth"):
        refuse_open_network(Settings(desk=desk, **settings))
    refuse_open_network(Settings(desk=desk, **(settings | {"auth": "none"})))
    Accounts(tmp_path / "desk").add_key("dienst", "desk")
    refuse_open_network(Settings(desk=desk, **settings))


def test_on_this_machine_it_names_the_setting_that_makes_it_ask(tmp_path: Path) -> None:
    for given in ({"auth": "required"}, {"proxies": ("127.0.0.1",)}):
        with pytest.raises(SettingsError) as caught:
            refuse_open_network(Settings(desk=str(tmp_path / "desk"), **given))
        assert next(iter(given)) in str(caught.value) and "anderen" not in str(caught.value)


def test_the_command_says_so_in_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from ui.cli import main

    assert main(["chat", "--host", "0.0.0.0", "--store", str(tmp_path)]) == 1
    said = capsys.readouterr().err
    assert len(said.strip().splitlines()) == 1 and "--no-auth" in said


def test_after_logging_in_the_session_is_a_cookie_that_no_script_and_no_other_site_gets(make_app: MakeApp) -> None:
    app = make_app(**NETWORK)
    app.operation.rules.accounts.put_user("balie", "desk", PASSWORD)
    client = app.client(host="192.0.2.7", Origin="http://192.0.2.7")
    form = {"name": "balie", "password": PASSWORD, "next": "/en/"}
    answer = client.post("/login", data=form, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/en/")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=lax" in cookie and "path=/;" in cookie
    assert client.post("/api/ask", json=ASK).status_code == 200


def test_logging_out_ends_the_session_everywhere(make_app: MakeApp) -> None:
    app = make_app(**NETWORK)
    browser = logged_in(app)
    cookie = {"cookie": f"vraagbaak_session={browser.cookies['vraagbaak_session']}"}
    assert browser.post("/logout", follow_redirects=False).status_code == 303
    assert app.client(host="192.0.2.7", **cookie).get("/api/documents").status_code == 401


@pytest.mark.parametrize("change", ["password", "removed", "over"])
def test_a_session_ends_with_its_password_its_user_and_its_time(
    make_app: MakeApp, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app(**NETWORK)
    browser = logged_in(app)
    assert browser.get("/api/documents").status_code == 200
    accounts = app.operation.rules.accounts
    if change == "password":
        accounts.put_user("balie", "desk", PASSWORD + "!")
    elif change == "removed":
        accounts.remove("users", "balie")
    else:
        import time

        later = time.time() + 8 * 3600 + 1
        monkeypatch.setattr("ui.access.accounts.time.time", lambda: later)
    assert browser.get("/api/documents").status_code == 401


@pytest.mark.parametrize(
    ("name", "password"),
    [("balie", "fout wachtwoord"), ("onbekend", PASSWORD), ("", ""), ("balie", ""), ("balie", "x" * 5000)],
)
def test_what_is_wrong_is_not_told_apart(make_app: MakeApp, name: str, password: str) -> None:
    app = make_app(**NETWORK)
    app.operation.rules.accounts.put_user("balie", "desk", PASSWORD)
    client = app.client(host="192.0.2.7", Origin="http://192.0.2.7")
    answer = client.post("/login", data={"name": name, "password": password})
    assert answer.status_code in (400, 401)
    assert "set-cookie" not in answer.headers
    if answer.status_code == 401:
        assert "De naam of het wachtwoord klopt niet" in answer.text


def test_one_may_not_go_on_guessing(make_app: MakeApp) -> None:
    app = make_app(**NETWORK)
    client = app.client(host="192.0.2.7", Origin="http://192.0.2.7")
    guess = {"password": "x" * 300}  # too long to be one: nothing is hashed
    codes = [client.post("/login", data={"name": f"n{i}"} | guess).status_code for i in range(30)]
    assert codes[0] == 401 and codes[-1] == 429
    app.operation.rules.accounts.put_user("balie", "desk", PASSWORD)
    other = app.client(host="192.0.2.7", peer="192.0.2.50", Origin="http://192.0.2.7")
    answer = other.post("/login", data={"name": "balie", "password": PASSWORD}, follow_redirects=False)
    assert answer.status_code == 303  # somebody else's guesses lock nobody out


def test_a_key_opens_the_api_until_it_is_removed(make_app: MakeApp) -> None:
    app = make_app(**NETWORK)
    accounts = app.operation.rules.accounts
    client = app.client(host="192.0.2.7", Authorization=f"Bearer {accounts.add_key('dienst', 'desk')}")
    assert client.post("/api/ask", json=ASK).status_code == 200
    assert client.get("/api/feedback").status_code == 403
    accounts.remove("keys", "dienst")
    assert client.post("/api/ask", json=ASK).status_code == 401


@pytest.mark.parametrize("key", ["", "vb_", "Bearer", "vb_" + "A" * 43, "\x00", "' OR 1=1 --"])
def test_what_is_no_key_opens_nothing(make_app: MakeApp, key: str) -> None:
    app = make_app(**NETWORK)
    app.operation.rules.accounts.add_key("dienst", "administrator")
    assert app.client(host="192.0.2.7", Authorization=f"Bearer {key}").get("/api/documents").status_code == 401


def test_nothing_secret_can_be_read_from_the_file_of_accounts(tmp_path: Path) -> None:
    accounts = Accounts(tmp_path)
    accounts.put_user("balie", "desk", PASSWORD)
    key, session = accounts.add_key("dienst", "desk"), accounts.log_in("balie", PASSWORD)
    assert session is not None
    stored = b"".join(path.read_bytes() for path in tmp_path.glob(FILE + "*"))
    assert b"argon2id" in stored
    for secret in (PASSWORD, key, key.removeprefix("vb_"), session):
        assert secret.encode() not in stored
    assert (tmp_path / FILE).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://192.0.2.7"}, 200),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "http://192.0.2.7.evil.example"}, 403),
        ({"Origin": "https://192.0.2.7"}, 403),
        ({"Origin": "http://192.0.2.7:8080"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://[::1"}, 403),
        ({}, 403),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 200),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://192.0.2.7"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
    ],
)
def test_the_page_of_another_site_can_send_nothing_in_a_users_name(
    make_app: MakeApp, headers: dict[str, str], status: int
) -> None:
    app = make_app(**NETWORK)
    session = logged_in(app).cookies["vraagbaak_session"]
    sender = app.client(host="192.0.2.7", cookie=f"vraagbaak_session={session}")
    assert sender.post("/api/ask", json=ASK, headers=headers).status_code == status


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1", "http://127.0.0.1:1"])
def test_another_site_can_send_nothing_to_a_desk_on_this_machine(make_app: MakeApp, origin: str) -> None:
    client = make_app().client()
    assert client.post("/api/ask", json=ASK, headers={"Origin": origin}).status_code == 403
    assert client.delete("/api/documents/voorbeeld-ah-2024-12", headers={"Origin": origin}).status_code == 403
    assert client.get("/api/documents").status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "", "[::1", "a b"]
)
def test_another_host_name_is_refused(make_app: MakeApp, host: str) -> None:
    app = make_app()
    assert app.client().get("/api/documents", headers={"Host": host}).status_code == 400
    network = make_app(**NETWORK, auth="none")
    assert network.client().get("/api/documents", headers={"Host": host}).status_code == 400


@pytest.mark.parametrize(
    ("listens", "named", "host", "expected"),
    [
        ("127.0.0.1", (), "localhost:7860", True),
        ("127.0.0.1", (), "[::1]:7860", True),
        ("127.0.0.1", (), "192.0.2.7", False),
        ("127.0.0.1", ("vraag.example.nl",), "Vraag.Example.NL:443", True),
        ("0.0.0.0", (), "192.0.2.7:7860", True),
        ("0.0.0.0", (), "[2001:db8::1]", True),
        ("0.0.0.0", (), "rebinding.example", False),
        ("0.0.0.0", ("vraag.example.nl",), "vraag.example.nl", True),
        ("vraag.intern", (), "vraag.intern:7860", True),
    ],
)
def test_the_desk_answers_under_its_own_names_alone(
    listens: str, named: tuple[str, ...], host: str, expected: bool
) -> None:
    assert Hosts(listens, named).are_ours(host) is expected


def test_only_named_proxies_may_say_who_calls(make_app: MakeApp) -> None:
    app = make_app(proxies=("192.0.2.1", "198.51.100.0/24"), user_header="X-Forwarded-User", hosts=("desk.example",))
    app.operation.rules.accounts.put_user("chef", "administrator", PASSWORD)
    for peer, user, status in (
        ("192.0.2.1", "medewerker", 200),
        ("198.51.100.9", "medewerker", 200),
        ("192.0.2.1", "", 401),
        ("192.0.2.2", "medewerker", 401),
        ("127.0.0.1", "chef", 401),
        ("192.0.2.1", "x" * 1000, 401),
    ):
        client = app.client(host="desk.example", peer=peer, X_Forwarded_User=user)
        assert client.post("/api/ask", json=ASK).status_code == status, (peer, user)
    chief, other = (
        app.client(host="desk.example", peer="192.0.2.1", X_Forwarded_User=name) for name in ("chef", "medewerker")
    )
    assert (chief.get("/api/feedback").status_code, other.get("/api/feedback").status_code) == (200, 403)


def test_a_user_whom_two_headers_name_is_nobody(make_app: MakeApp) -> None:
    app = make_app(proxies=("192.0.2.1",), user_header="X-User", hosts=("desk.example",))
    twice = [("X-User", "chef"), ("X-User", "medewerker")]
    client = app.client(host="desk.example", peer="192.0.2.1")
    assert client.post("/api/ask", json=ASK, headers=twice[:1]).status_code == 200
    assert client.post("/api/ask", json=ASK, headers=twice).status_code == 401


def test_a_password_in_the_wrong_field_is_not_noted(make_app: MakeApp) -> None:
    app = make_app(**NETWORK)
    app.operation.rules.accounts.put_user("balie", "desk", PASSWORD)
    client = app.client(host="192.0.2.7", Origin="http://192.0.2.7")
    for name in (PASSWORD, "balie"):
        client.post("/login", data={"name": name, "password": "x" * 300})
    noted = app.operation.audit.path.read_text()
    assert PASSWORD not in noted
    assert [json.loads(line)["who"] for line in noted.splitlines()] == ["?", "balie"]


def test_nothing_private_stays_in_a_cache(make_app: MakeApp) -> None:
    client = make_app().client()
    for path in ("/api/documents", "/login", "/api/docs", "/readyz"):
        assert client.get(path).headers["cache-control"] == "no-store"


def test_a_proxy_that_nobody_named_makes_nobody_this_machines_own_user(make_app: MakeApp) -> None:
    for header in ("X-Forwarded-For", "X-Forwarded-Host", "Forwarded"):
        answer = make_app().client().get("/api/documents", headers={header: "203.0.113.9"})
        assert answer.status_code == 403
        assert "proxies" in answer.json()["error"]


def test_behind_a_proxy_links_and_cookies_bear_its_path_and_its_safe_line(make_app: MakeApp) -> None:
    app = make_app(proxies=("192.0.2.1",), root_path="/vraag", hosts=("desk.example",))
    app.operation.rules.accounts.put_user("balie", "desk", PASSWORD)
    client = app.client(
        host="127.0.0.1:7860",
        peer="192.0.2.1",
        X_Forwarded_Proto="https",
        X_Forwarded_Host="desk.example",
        X_Forwarded_For="203.0.113.9",
        Origin="https://desk.example",
    )
    for prefix in ("", "/vraag"):  # the proxy takes its path away, or leaves it
        asked = client.get(f"{prefix}/en/", headers={"Accept": "text/html"}, follow_redirects=False)
        assert asked.headers["location"] == "/vraag/login?next=/en/"
        page = client.get(f"{prefix}/login").text
        assert 'action="/vraag/login"' in page
        form = {"name": "balie", "password": PASSWORD}
        answer = client.post(f"{prefix}/login", data=form, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, "/vraag/")
        assert "secure" in answer.headers["set-cookie"].lower()
        assert "path=/vraag;" in answer.headers["set-cookie"].lower()
    said = [json.loads(line) for line in app.operation.audit.path.read_text().splitlines()]
    assert {line["address"] for line in said if line["act"] == "login"} == {"203.0.113.9"}


@pytest.mark.parametrize("wanted", ["//evil.example", "https://evil.example", "/\\evil.example", "/api/documents", ""])
def test_nobody_is_sent_elsewhere_after_logging_in(make_app: MakeApp, wanted: str) -> None:
    app = make_app(**NETWORK)
    app.operation.rules.accounts.put_user("balie", "desk", PASSWORD)
    client = app.client(host="192.0.2.7", Origin="http://192.0.2.7")
    form = {"name": "balie", "password": PASSWORD, "next": wanted}
    assert client.post("/login", data=form, follow_redirects=False).headers["location"] == "/"
    assert "evil" not in client.get("/login", params={"next": wanted}).text


@pytest.mark.parametrize(
    ("origin", "scheme", "host", "expected"),
    [
        ("http://a.nl", "http", "a.nl", True),
        ("http://a.nl:80", "http", "a.nl", True),
        ("https://a.nl", "https", "a.nl:443", True),
        ("http://A.nl", "http", "a.NL", True),
        ("http://a.nl:81", "http", "a.nl", False),
        ("http://a.nl@b.nl", "http", "a.nl", False),
        ("", "http", "a.nl", False),
        ("http://a.nl:x", "http", "a.nl", False),
    ],
)
def test_an_origin_is_compared_as_a_whole(origin: str, scheme: str, host: str, expected: bool) -> None:
    assert is_same_origin(origin, scheme, host) is expected


def test_a_bucket_fills_again_and_each_has_its_own() -> None:
    clock = [0.0]
    limit = Limit(60, burst=2, now=lambda: clock[0])
    assert [limit.take("a") == 0 for _ in range(3)] == [True, True, False]
    assert limit.take("b") == 0
    assert limit.take("a") == pytest.approx(1.0)
    clock[0] = 1.0
    assert limit.take("a") == 0 and limit.take("a") > 0


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "localhost", "::1", "[::1]"])
def test_what_only_this_machine_can_reach_is_loopback(host: str) -> None:
    assert is_loopback(host)


def test_users_and_keys_are_kept_by_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import io

    from ui.cli import main

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", io.StringIO(PASSWORD + "\n"))
    assert main(["users", "add", "balie", "--role", "administrator"]) == 0
    assert main(["keys", "add", "dienst"]) == 0
    printed = capsys.readouterr()
    key = printed.out.strip()
    accounts = Accounts(tmp_path / ".vraagbaak-desk")
    found = accounts.by_key(key)
    assert found is not None and (found.name, found.role) == ("dienst", "desk")
    assert accounts.log_in("balie", PASSWORD)
    assert main(["users", "list"]) == main(["keys", "remove", "dienst"]) == 0
    assert "administrator" in capsys.readouterr().out
    assert accounts.by_key(key) is None
    assert main(["keys", "remove", "dienst"]) == 1
    assert main(["users", "add", "../../x"]) == 1
    monkeypatch.setattr("sys.stdin", io.StringIO("kort\n"))
    assert main(["users", "add", "ander"]) == 1
    assert PASSWORD not in printed.out + printed.err
    acts = [json.loads(line)["act"] for line in (tmp_path / ".vraagbaak-desk" / "audit.jsonl").read_text().splitlines()]
    assert acts == ["user add", "key add", "key remove"]
