"""A watched folder gives a sign when something changed and came to rest."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from index.watch import changes, signature


class Looks:
    """Counts the looks, and does something between two of them."""

    def __init__(self, *acts: Callable[[], object]) -> None:
        self.acts = list(acts)
        self.ended = False

    def sleep(self, _seconds: float) -> None:
        if self.acts:
            self.acts.pop(0)()
        else:
            self.ended = True

    def signs(self, folder: Path) -> int:
        return sum(1 for _ in changes([folder], 0.1, stop=lambda: self.ended, sleep=self.sleep))


def nothing() -> None:
    """Let a look pass."""


def test_the_first_sign_comes_at_once_and_none_without_a_change(tmp_path: Path) -> None:
    assert Looks().signs(tmp_path) == 1
    assert Looks(*[nothing] * 5).signs(tmp_path) == 1


def test_a_new_a_written_and_a_removed_file_give_a_sign(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    write = [lambda: path.write_text("een", encoding="utf-8"), nothing, nothing]
    again = [lambda: (path.write_text("twee", encoding="utf-8"), os.utime(path, (1, 1))), nothing, nothing]
    assert Looks(*write, *again, path.unlink, nothing, nothing).signs(tmp_path) == 4


def test_a_copy_that_is_under_way_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "groot.txt"

    def grow() -> None:
        with path.open("a", encoding="utf-8") as file:
            file.write("nog meer ")

    assert Looks(*[grow] * 6, nothing, nothing).signs(tmp_path) == 2


def test_hidden_files_and_folders_that_are_not_there_yet_are_no_trouble(tmp_path: Path) -> None:
    (tmp_path / ".verborgen").write_text("x", encoding="utf-8")
    assert signature([tmp_path, tmp_path / "komt-nog"]) == frozenset()
