"""What searching looks at in each passage, as rows: made from the passages, and so made again at any time."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator

from index.profiles import is_profile, make_profile, shared_codes
from index.store.encode import document_from, passage_from
from index.values import Document, Passage

ProfileRow = tuple[int, bytes]


def profile_rows(document: Document, numbered: Iterable[tuple[int, Passage]]) -> Iterator[ProfileRow]:
    """Give the profiles of passages of one document by their numbers."""
    shared = shared_codes(document)
    for number, passage in numbered:
        yield number, make_profile(number, passage, document, shared)


def write_profiles(connection: sqlite3.Connection, rows: Iterable[ProfileRow]) -> None:
    """Add profiles by the numbers of their passages."""
    connection.executemany("INSERT OR REPLACE INTO profiles VALUES (?, ?)", rows)


def write_profiles_again(connection: sqlite3.Connection) -> None:
    """Make all profiles afresh, within the transaction that `connection` is in."""
    connection.execute("DELETE FROM profiles")
    write_profiles(connection, _all_rows(connection))


def profiles_are_whole(connection: sqlite3.Connection) -> bool:
    """Whether each passage has its own profile, as it was written, and nothing else has."""
    rows = "SELECT passages.number, profiles.value FROM passages LEFT JOIN profiles USING (number)"
    whole = all(profile is not None and is_profile(number, profile) for number, profile in connection.execute(rows))
    strangers = "SELECT 1 FROM profiles WHERE number NOT IN (SELECT number FROM passages) LIMIT 1"
    return whole and not connection.execute(strangers).fetchall()


def _all_rows(connection: sqlite3.Connection) -> Iterator[ProfileRow]:
    """Give the profiles of all passages; those of a damaged document have none."""
    for row, value, text in connection.execute("SELECT row, value, text FROM documents"):
        try:
            document = document_from(value)
            passages = connection.execute(
                "SELECT number, passage, value FROM passages WHERE row = ?", (row,)
            ).fetchall()
            made = [(number, passage_from(data, name, document.document, text)) for number, name, data in passages]
        except (ValueError, TypeError, KeyError):
            continue
        yield from profile_rows(document, made)
