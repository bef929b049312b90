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
        ("", {"VRAAGBAAK_STORR": "x"}, "VRAAGBAAK_STORR"),
        ("", {"VRAAGBAAK_PORT": "70000"}, "70000"),
    ],
)
def test_a_wrong_setting_is_refused_by_name(tmp_path: Path, file: str, environment: dict[str, str], named: str) -> None:
    (tmp_path / "vraagbaak.toml").write_text(file)
    with pytest.raises(SettingsError) as caught:
        load_settings({}, environment, tmp_path)
    assert named in str(caught.value)
    assert named in caught.value.say("en")


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
