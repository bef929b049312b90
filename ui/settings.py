"""Every setting in one typed place: where it may come from, what it may be, and what it is now.

A setting comes from (strongest first) a flag, an environment variable `VRAAGBAAK_<NAME>`, `vraagbaak.toml` in the
current folder, or its default. Secrets come from the environment alone and are never shown.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal

from index.errors import SettingsError, UsageError
from index.language import LANGUAGES, Language
from index.milvus.address import is_milvus, parse_address
from index.where import Where
from ui import checks

FILE = "vraagbaak.toml"
PREFIX = "VRAAGBAAK_"
KEY_VARIABLE = PREFIX + "API_KEY"
EMBEDDER_KEY_VARIABLE = PREFIX + "EMBEDDER_API_KEY"
MILVUS_TOKEN_VARIABLE = PREFIX + "MILVUS_TOKEN"
SECRETS = (KEY_VARIABLE, EMBEDDER_KEY_VARIABLE, MILVUS_TOKEN_VARIABLE)

Auth = Literal["auto", "required", "none"]
LogTo = Literal["auto", "off", "stderr", "file"]


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings in force. `origins` says where each value came from.

    The first block is about answering, the second about who may come in and from where, the third about how much
    at once, the fourth about what is kept, the fifth about fetching from official sources.
    """

    store: str = ".vraagbaak"
    model: str = "extractive"
    embedder: str = "bundled"
    judge: str = "rules"
    cross_encoder: str = "none"
    abbreviations: str = "none"
    keep_sources: bool = True
    language: Language = "nl"

    host: str = "127.0.0.1"
    port: int = 7860
    auth: Auth = "auto"
    hosts: tuple[str, ...] = ()
    root_path: str = ""
    proxies: tuple[str, ...] = ()
    user_header: str = ""
    session_hours: int = 8

    questions_per_minute: int = 60
    answers_at_once: int = 16
    answers_waiting: int = 64
    upload_megabytes: int = 50

    desk: str = ".vraagbaak-desk"
    feedback_questions: bool = False
    log: LogTo = "auto"
    log_questions: bool = False
    log_days: int = 14

    fetch_folder: str = "."
    fetch_koop: str = "https://repository.overheid.nl/sru"
    fetch_publications: str = "https://zoek.officielebekendmakingen.nl"
    fetch_tweede_kamer: str = "https://gegevensmagazijn.tweedekamer.nl/OData/v4/2.0"
    fetch_rijksoverheid: str = "https://opendata.rijksoverheid.nl/v1/infotypes/faq"
    fetch_hosts: tuple[str, ...] = ("www.rijksoverheid.nl",)
    fetch_inside_hosts: tuple[str, ...] = ()
    fetch_per_minute: int = 60
    fetch_at_once: int = 2
    origins: Mapping[str, str] = field(default_factory=dict)

    @property
    def store_folder(self) -> Path:
        """The folder of the store; raise `SettingsError` when it is kept in Milvus."""
        if is_milvus(self.store):
            raise SettingsError("milvus.folder_only", store=self.store)
        return Path(self.store)

    @property
    def store_place(self) -> Where:
        """Where the store is kept: a folder, or a server of Milvus."""
        return store_place(self.store)

    @property
    def desk_folder(self) -> Path:
        """The folder of what the desk keeps beside the store: accounts, uploads, logs."""
        return Path(self.desk)

    @property
    def asks_who(self) -> bool:
        """Whether only known users may come in.

        Unless told otherwise that is so as soon as others than this machine can reach the desk, through a proxy too.
        """
        if self.auth != "auto":
            return self.auth == "required"
        from ui.access.hosts import is_loopback

        behind_proxy = bool(self.proxies or self.user_header or self.root_path)
        return behind_proxy or not all(is_loopback(host) for host in (self.host, *self.hosts))


NAMES = tuple(f.name for f in fields(Settings) if f.name != "origins")

_CHECKS: dict[str, checks.Check] = {
    "model": checks.model,
    "keep_sources": checks.yes_or_no,
    "language": checks.one_of(*LANGUAGES, key="settings.language"),
    "port": checks.number(1, 65535, "settings.port"),
    "auth": checks.one_of("auto", "required", "none"),
    "hosts": checks.names,
    "root_path": checks.path_or_none,
    "proxies": checks.networks,
    "user_header": checks.header_or_none,
    "session_hours": checks.number(1, 24 * 7),
    "questions_per_minute": checks.number(1, 1_000_000),
    "answers_at_once": checks.number(1, 512),
    "answers_waiting": checks.number(0, 10_000),
    "upload_megabytes": checks.number(1, 10_000),
    "feedback_questions": checks.yes_or_no,
    "log": checks.one_of("auto", "off", "stderr", "file"),
    "log_questions": checks.yes_or_no,
    "log_days": checks.number(1, 3650),
    "fetch_koop": checks.address,
    "fetch_publications": checks.address,
    "fetch_tweede_kamer": checks.address,
    "fetch_rijksoverheid": checks.address,
    "fetch_hosts": checks.places,
    "fetch_inside_hosts": checks.places,
    "fetch_per_minute": checks.number(1, 6000),
    "fetch_at_once": checks.number(1, 16),
}


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
            check: checks.Check = _CHECKS.get(name, checks.text)
            try:
                values[name] = check(name, value, source)
            except SettingsError as error:
                raise (UsageError(error.key, **error.fields) if source == "flag" else error) from error.__cause__
            origins[name] = source
    settings = Settings(**values, origins=origins)
    if settings.user_header and not settings.proxies:
        raise SettingsError("settings.header_alone", name=settings.user_header, source=origins["user_header"])
    return settings


def store_place(store: str) -> Where:
    """Return where a store of that name is kept; the token for Milvus comes from the environment alone."""
    if is_milvus(store):
        return parse_address(store, os.environ.get(MILVUS_TOKEN_VARIABLE) or None)
    return Path(store)


def api_key() -> str | None:
    """Return the key for a remote model server, from the environment alone."""
    return os.environ.get(KEY_VARIABLE) or None


def embedder_key() -> str | None:
    """Return the key for a remote embedding server, from the environment alone."""
    return os.environ.get(EMBEDDER_KEY_VARIABLE) or None


def _from_file(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise SettingsError("settings.not_utf8", file=FILE) from error
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        raise SettingsError("settings.file_line", file=FILE, line=line[1] if line else "-") from error
    except OSError as error:
        raise SettingsError("settings.file", file=FILE, reason=error.strerror) from error
    for name in table:
        if name not in NAMES:
            raise SettingsError("settings.unknown", name=name, source=FILE, known=", ".join(NAMES))
    return table


def _from_environment(environment: Mapping[str, str]) -> dict[str, str]:
    given = {}
    for variable, value in environment.items():
        if not variable.startswith(PREFIX) or variable in SECRETS:
            continue
        name = variable.removeprefix(PREFIX).lower()
        if name not in NAMES:
            raise SettingsError("settings.unknown", name=variable, source="environment", known=", ".join(NAMES))
        given[name] = value
    return given
