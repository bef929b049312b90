"""Settings: which source wins, and what a wrong one says."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.errors import SettingsError
from ui.settings import load_settings


def test_a_flag_beats_the_environment_which_beats_the_file_which_beats_the_default(tmp_path: Path) -> None:
    (tmp_path / "vraagbaak.toml").write_text('store = "a"\nmodel = "openai:m@http://127.0.0.1:1"\nport = 8000\n')
    environment = {"VRAAGBAAK_STORE": "b", "VRAAGBAAK_PORT": "9000", "HOME": "x"}
    settings = load_settings({"store": "c"}, environment, tmp_path)
    assert (settings.store, settings.port, settings.model) == ("c", 9000, "openai:m@http://127.0.0.1:1")
    assert settings.embedder == "bundled"
    assert settings.origins["store"] == "flag"
    assert settings.origins["port"] == "environment"
    assert settings.origins["model"] == "vraagbaak.toml"
    assert settings.origins["embedder"] == "default"


@pytest.mark.parametrize(
    ("file", "environment", "named"),
    [
        ("stoer = 'a'", {}, "stoer"),
        ("port = 0", {}, "0"),
        ("port = true", {}, "True"),
        ("port = 'abc'", {}, "abc"),
        ("store = 3", {}, "store"),
        ("language = 'fr'", {}, "fr"),
        ("store = ", {}, "vraagbaak.toml"),
        ("port = 7860\nstore = ja", {}, "2"),
        ("fetch_hosts = 'https://x.nl'", {}, ":8443"),
        ("", {"VRAAGBAAK_STORR": "x"}, "VRAAGBAAK_STORR"),
        ("", {"VRAAGBAAK_PORT": "70000"}, "70000"),
        ("model = 'onzin'", {}, "onzin"),
        ("model = 'openai:m@ftp://x'", {}, "ftp://x"),
        ("", {"VRAAGBAAK_MODEL": "openai:m@http://x/?key=geheim"}, "http://x/?"),
        ("auth = 'misschien'", {}, "misschien"),
        ("hosts = ['http://x.nl']", {}, "http://x.nl"),
        ("hosts = 3", {}, "3"),
        ("proxies = ['10.0.0.0/99']", {}, "10.0.0.0/99"),
        ("proxies = 'de-proxy'", {}, "de-proxy"),
        ("root_path = 'vraag/'", {}, "vraag/"),
        ("user_header = 'X Y'", {}, "X Y"),
        ("user_header = 'X-User'", {}, "X-User"),
        ("log = 'ja'", {}, "ja"),
        ("log_days = 0", {}, "0"),
        ("answers_at_once = 1.5", {}, "1.5"),
        ("feedback_questions = 'soms'", {}, "soms"),
        ("upload_megabytes = true", {}, "True"),
    ],
)
def test_a_wrong_setting_is_refused_by_name(tmp_path: Path, file: str, environment: dict[str, str], named: str) -> None:
    (tmp_path / "vraagbaak.toml").write_text(file)
    with pytest.raises(SettingsError) as caught:
        load_settings({}, environment, tmp_path)
    assert named in str(caught.value)
    assert named in caught.value.say("en")


def test_lists_are_written_in_the_file_and_with_commas_in_the_environment(tmp_path: Path) -> None:
    (tmp_path / "vraagbaak.toml").write_text('hosts = ["a.nl", "b.nl"]\nproxies = []\n')
    settings = load_settings(
        {}, {"VRAAGBAAK_PROXIES": "127.0.0.1, 10.0.0.0/8", "VRAAGBAAK_LOG_QUESTIONS": "ja"}, tmp_path
    )
    assert settings.hosts == ("a.nl", "b.nl")
    assert settings.proxies == ("127.0.0.1", "10.0.0.0/8")
    assert settings.log_questions is True
    assert load_settings({}, {"VRAAGBAAK_HOSTS": ""}, tmp_path).hosts == ()


@pytest.mark.parametrize("command", [["settings"], ["settings", "--json"], ["ask", "x"]])
@pytest.mark.parametrize(
    "model",
    ["openai:m@http://naam:geheim@127.0.0.1/v1", "openai:m@http://127.0.0.1/v1?key=geheim", "http://a:geheim@b"],
)
def test_a_password_in_an_address_is_refused_and_not_repeated(
    model: str, command: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    from ui.cli import main

    monkeypatch.chdir(tmp_path)
    (tmp_path / "vraagbaak.toml").write_text(f'model = "{model}"\n')
    assert main(command) == 1
    printed = capsys.readouterr()
    assert "geheim" not in printed.out + printed.err
    assert "VRAAGBAAK_API_KEY" in printed.err and "vraagbaak.toml" in printed.err


def test_every_setting_is_printed_with_where_it_came_from(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    import json

    from ui.cli import main
    from ui.settings import NAMES

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VRAAGBAAK_HOSTS", "a.nl,b.nl")
    assert main(["settings", "--json"]) == 0
    printed = {line["name"]: line for line in map(json.loads, capsys.readouterr().out.splitlines())}
    assert set(NAMES) <= set(printed)
    assert (printed["hosts"]["value"], printed["hosts"]["origin"]) == (["a.nl", "b.nl"], "environment")
    assert (printed["log_days"]["value"], printed["log_days"]["origin"]) == (14, "default")


def test_the_key_is_no_setting_and_is_never_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    from ui.cli import main

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VRAAGBAAK_API_KEY", "sleutel-die-niemand-mag-zien")
    assert main(["settings"]) == 0
    printed = capsys.readouterr()
    assert "VRAAGBAAK_API_KEY" in printed.out
    assert "sleutel" not in printed.out + printed.err
