"""Every setting in one typed place, and the composition root: the only file that names concrete classes.

A setting comes from (strongest first) a flag, an environment variable `VRAAGBAAK_<NAME>`, `vraagbaak.toml` in the
current folder, or its default. Secrets come from the environment alone and are never shown.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from index.errors import SettingsError
from index.language import Language

FILE = "vraagbaak.toml"
PREFIX = "VRAAGBAAK_"
_SAID = {"true": True, "1": True, "ja": True, "yes": True, "false": False, "0": False, "nee": False, "no": False}
KEY_VARIABLE = PREFIX + "API_KEY"


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings in force. `origins` says where each value came from."""

    store: str = ".vraagbaak"
    model: str = "extractive"
    embedder: str = "bundled"
    keep_sources: bool = True
    language: Language = "nl"
    host: str = "127.0.0.1"
    port: int = 7860
    origins: Mapping[str, str] = field(default_factory=dict)

    @property
    def store_folder(self) -> Path:
        """The folder of the store."""
        return Path(self.store)


NAMES = tuple(f.name for f in fields(Settings) if f.name != "origins")


def load_settings(
    flags: Mapping[str, Any], environment: Mapping[str, str] | None = None, folder: Path | None = None
) -> Settings:
    """Return the settings in force; an unknown name or a wrong value is a `SettingsError` that names it."""
    environment = os.environ if environment is None else environment
    path = (folder or Path()) / FILE
    values: dict[str, Any] = {}
    origins: dict[str, str] = dict.fromkeys(NAMES, "default")
    for source, given in (
        (FILE, _from_file(path)),
        ("environment", _from_environment(environment)),
        ("flag", {name: flags[name] for name in NAMES if flags.get(name) is not None}),
    ):
        for name, value in given.items():
            values[name] = _checked(name, value, source)
            origins[name] = source
    return Settings(**values, origins=origins)


def api_key() -> str | None:
    """Return the key for a remote model server, from the environment alone."""
    return os.environ.get(KEY_VARIABLE) or None


def _from_file(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise SettingsError("settings.file", file=FILE, reason=error) from error
    for name in table:
        if name not in NAMES:
            raise SettingsError("settings.unknown", name=name, source=FILE, known=", ".join(NAMES))
    return table


def _from_environment(environment: Mapping[str, str]) -> dict[str, str]:
    given = {}
    for variable, value in environment.items():
        if not variable.startswith(PREFIX) or variable == KEY_VARIABLE:
            continue
        name = variable.removeprefix(PREFIX).lower()
        if name not in NAMES:
            raise SettingsError("settings.unknown", name=variable, source="environment", known=", ".join(NAMES))
        given[name] = value
    return given


def _checked(name: str, value: Any, source: str) -> Any:
    if name == "port":
        try:
            port = int(value)
        except (TypeError, ValueError):
            port = -1
        if isinstance(value, bool) or not 1 <= port <= 65535:
            raise SettingsError("settings.port", value=value, source=source)
        return port
    if name == "keep_sources":
        said = str(value).strip().lower()
        if said not in _SAID:
            raise SettingsError("settings.yes_no", name=name, value=value, source=source)
        return _SAID[said]
    if not isinstance(value, str) or not value.strip():
        raise SettingsError("settings.text", name=name, value=value, source=source)
    if name == "language" and value not in ("nl", "en"):
        raise SettingsError("settings.language", value=value, source=source)
    return value
