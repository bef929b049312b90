"""A reader whom a change of the store overtook reads once more: once, and only before it gave anything."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from index.errors import StoreError
from index.once_more import begin_again, read_newest

OVERTAKEN = StoreError("milvus.moved_on", store="x")


class Changing:
    """A store of which one more generation is there each time that one looks."""

    def __init__(self) -> None:
        self.generation = 0

    def snapshot(self) -> Any:
        self.generation += 1
        return self

    def __enter__(self) -> int:
        return self.generation

    def __exit__(self, *_: object) -> None:
        pass


@pytest.mark.parametrize(("overtaken", "reads"), [(0, [1]), (1, [1, 2]), (2, [1, 2])])
def test_what_was_overtaken_is_read_once_more_from_the_newest(overtaken: int, reads: list[int]) -> None:
    seen: list[int] = []

    def read(generation: Any) -> str:
        seen.append(generation)
        if generation <= overtaken:
            raise OVERTAKEN
        return f"generation {generation}"

    if overtaken < 2:
        assert read_newest(Changing(), read) == f"generation {overtaken + 1}"
    else:
        with pytest.raises(StoreError, match="veranderd"):
            read_newest(Changing(), read)
    assert seen == reads


def test_another_failure_is_not_tried_again() -> None:
    seen: list[int] = []

    def read(generation: Any) -> None:
        seen.append(generation)
        raise StoreError("store.damaged", folder="x", part="y")

    with pytest.raises(StoreError, match="y"):
        read_newest(Changing(), read)
    assert seen == [1]


@pytest.mark.parametrize(("before", "given"), [(0, [1, 2]), (1, [1])])
def test_what_was_given_already_is_not_given_again(before: int, given: list[int]) -> None:
    tries = iter([True, False])

    def begin() -> Iterator[int]:
        is_overtaken = next(tries)
        for one in (1, 2):
            if is_overtaken and one > before:
                raise OVERTAKEN
            yield one

    found: list[int] = []
    try:
        for one in begin_again(begin):
            found.append(one)
    except StoreError:
        assert before
    assert found == given
