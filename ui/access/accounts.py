"""Users, API keys and sessions in one SQLite file beside the store; no password, key or session can be read from it.

Passwords are hashed with argon2id. Keys and sessions are 256 random bits, so that their plain SHA-256 tells nothing.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, cast

from index.errors import SettingsError
from ui.access.hosts import is_loopback
from ui.access.values import Caller, Role

if TYPE_CHECKING:
    from argon2 import PasswordHasher

    from ui.settings import Settings

FILE = "accounts.sqlite"
SHORTEST, LONGEST = 12, 256
KEY_MARK = "vb_"
_NAME = re.compile(r"[\w][\w.@+-]{0,63}")
_SCHEMA = """
CREATE TABLE IF NOT EXISTS users (name TEXT PRIMARY KEY, role TEXT NOT NULL, password TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS keys (name TEXT PRIMARY KEY, role TEXT NOT NULL, digest BLOB NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS sessions (
    digest BLOB PRIMARY KEY, name TEXT NOT NULL REFERENCES users ON DELETE CASCADE, until REAL NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Account:
    """A user or a key, by name, with its role."""

    name: str
    role: Role


class Accounts:
    """The accounts in `folder`, which is made when the first one is added."""

    def __init__(self, folder: Path, session_seconds: float = 8 * 3600) -> None:
        self.path = folder / FILE
        self._session_seconds = session_seconds

    @property
    def is_empty(self) -> bool:
        """Whether nobody could come in."""
        return not self.users() and not self.keys()

    def users(self) -> list[Account]:
        """Return all users by name."""
        return self._accounts("users")

    def keys(self) -> list[Account]:
        """Return all keys by name; the keys themselves are known to nobody but their holders."""
        return self._accounts("keys")

    def put_user(self, name: str, role: Role, password: str) -> None:
        """Add a user, or give one another role and password, which ends the sessions under the old one."""
        _check_name(name)
        if not SHORTEST <= len(password) <= LONGEST:
            raise SettingsError("access.password", shortest=SHORTEST, longest=LONGEST)
        hashed = _hasher().hash(password)
        with self._write() as connection:
            connection.execute("DELETE FROM sessions WHERE name = ?", (name,))
            connection.execute(
                "INSERT INTO users VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET role = excluded.role, "
                "password = excluded.password",
                (name, role, hashed),
            )

    def add_key(self, name: str, role: Role) -> str:
        """Add a key and return it: this is the only time that it is known."""
        _check_name(name)
        key = KEY_MARK + secrets.token_urlsafe(32)
        try:
            with self._write() as connection:
                connection.execute("INSERT INTO keys VALUES (?, ?, ?)", (name, role, _digest(key)))
        except sqlite3.IntegrityError as error:
            raise SettingsError("access.key_there", name=name) from error
        return key

    def remove(self, table: str, name: str) -> None:
        """Remove a user with all sessions (`users`), or a key (`keys`); an unknown name is a `SettingsError`."""
        assert table in ("users", "keys")
        if name not in {account.name for account in self._accounts(table)}:
            raise SettingsError("access.unknown", name=name)
        with self._write() as connection:
            connection.execute(f"DELETE FROM {table} WHERE name = ?", (name,))

    def log_in(self, name: str, password: str) -> str | None:
        """Return a new session when the password is right; it takes as long to say that it is not."""
        from argon2.exceptions import VerificationError

        row = self._one("SELECT password FROM users WHERE name = ?", name)
        try:
            _hasher().verify(row[0] if row else _nobodys_password(), password[:LONGEST])
        except VerificationError:
            return None
        if row is None:
            return None
        session, now = secrets.token_urlsafe(32), time.time()
        with self._write() as connection:
            connection.execute("DELETE FROM sessions WHERE until < ?", (now,))
            values = (_digest(session), name, now + self._session_seconds)
            connection.execute("INSERT INTO sessions VALUES (?, ?, ?)", values)
        return session

    def log_out(self, session: str) -> None:
        """End a session."""
        with self._write() as connection:
            connection.execute("DELETE FROM sessions WHERE digest = ?", (_digest(session),))

    def by_session(self, session: str) -> Caller | None:
        """Return whose session it is, none when it is nobody's or over."""
        query = "SELECT users.name, role FROM sessions JOIN users USING (name) WHERE digest = ? AND until > ?"
        row = self._one(query, _digest(session), time.time())
        return Caller(row[0], cast("Role", row[1]), "session") if row else None

    def by_key(self, key: str) -> Caller | None:
        """Return whose key it is."""
        row = self._one("SELECT name, role FROM keys WHERE digest = ?", _digest(key))
        return Caller(row[0], cast("Role", row[1]), "key") if row else None

    def by_name(self, name: str) -> Caller:
        """Return the user whom a trusted proxy names; one who is not known here has the rights of the desk."""
        row = self._one("SELECT role FROM users WHERE name = ?", name)
        return Caller(name, cast("Role", row[0]) if row else "desk", "proxy")

    def knows(self, name: str) -> bool:
        """Whether there is a user of this name."""
        return self._one("SELECT 1 FROM users WHERE name = ?", name) is not None

    def _accounts(self, table: str) -> list[Account]:
        if not self.path.is_file():
            return []
        with closing(self._connect()) as connection:
            rows = connection.execute(f"SELECT name, role FROM {table} ORDER BY name").fetchall()
        return [Account(name, role) for name, role in rows]

    def _one(self, query: str, *values: object) -> tuple[str, ...] | None:
        if not self.path.is_file():
            return None
        with closing(self._connect()) as connection:
            row: tuple[str, ...] | None = connection.execute(query, values).fetchone()
            return row

    @contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        if not self.path.is_file():
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.close(os.open(self.path, os.O_CREAT | os.O_WRONLY, 0o600))
        with closing(self._connect()) as connection, connection:
            yield connection

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, timeout=10)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.executescript(_SCHEMA)
        return connection


def refuse_open_network(settings: Settings) -> None:
    """Raise a `SettingsError` that names the cures where others than this machine could come in and nobody is known."""
    if not settings.asks_who or settings.user_header or not Accounts(settings.desk_folder).is_empty:
        return
    if is_loopback(settings.host):
        asking = {"auth": settings.auth == "required", "hosts": settings.hosts, "proxies": settings.proxies}
        asking["root_path"] = settings.root_path
        names = ", ".join(name for name, value in asking.items() if value)
        raise SettingsError("access.nobody_here", names=names, desk=settings.desk)
    raise SettingsError("access.nobody", host=settings.host, desk=settings.desk)


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise SettingsError("access.name", name=name)


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


@cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    # argon2id with the parameters that OWASP's password storage cheat sheet gives for little memory.
    return PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


@cache
def _nobodys_password() -> str:
    return _hasher().hash(secrets.token_urlsafe(16))
