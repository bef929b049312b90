"""A store in Milvus is checked, and made again where its texts are whole."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from index.errors import EmbedderError, StoreError
from index.milvus.address import MilvusAddress
from index.milvus.server import Server
from index.milvus.tables import TEXTS, counts_table, passages_table
from index.protocols import Embedder
from index.values import Reading
from index.where import check, open_store, prepare, repair, writer

Damages = Callable[[Server], None]

pytestmark = pytest.mark.milvus


@pytest.fixture
def address(
    new_address: Callable[[], MilvusAddress], make_reading: Callable[..., Reading], embedder: Embedder
) -> MilvusAddress:
    place = new_address()
    prepare(place)
    with writer(place, embedder) as one:
        for name in ("a", "b"):
            one.put(make_reading(name, [f"De school van {name} is dicht.", "De opvang is vol."]), f"/bron/{name}")
        one.commit()
    return place


@pytest.mark.parametrize(
    ("harm", "part"),
    [
        (lambda server: server.delete("passages_1", "number == 1"), "a"),
        (lambda server: server.delete("counts_1", 'name == "words school"'), "counts_1"),
        (
            lambda server: server.put(
                counts_table(1),
                [{"key": "x", "kind": "term", "name": "words spook", "total": 3, "generation": 1}],
            ),
            "counts_1",
        ),
        (
            lambda server: server.put(
                passages_table(1, 24),
                [
                    server.query("passages_1", "number == 1", ["*"])[0]
                    | {"number": 99, "sparse": {1: 1.0}, "dense": [1.0] * 24}
                ],
            ),
            "passages_1",
        ),
    ],
)
def test_passages_and_counts_that_do_not_fit_the_texts_are_named_and_made_again(
    address: MilvusAddress, embedder: Embedder, harm: Damages, part: str
) -> None:
    assert check(address) == []
    harm(Server(address))
    assert [(damage.part, damage.rebuildable) for damage in check(address)] == [(part, True)]
    with pytest.raises(EmbedderError):
        repair(address)
    assert [damage.part for damage in repair(address, embedder)] == [part]
    assert check(address) == []
    with open_store(address, embedder).snapshot() as snapshot:
        assert {hit.passage.passage for hit in snapshot.search("school", 9, mode="lexical")} == {"a#1", "b#1"}


def test_a_text_that_is_damaged_or_gone_is_named_and_not_made_up(address: MilvusAddress, embedder: Embedder) -> None:
    server = Server(address)
    [row] = server.query(TEXTS.name, 'key == "1/0"', ["*"])
    server.put(TEXTS, [row | {"value": row["value"][:-9]}])
    assert [(damage.part, damage.rebuildable) for damage in check(address)] == [("a", False)]
    with pytest.raises(StoreError, match="a beschadigd"):
        repair(address, embedder)
    server.delete("documents", 'document == "a"')
    assert {damage.part for damage in check(address)} == {"state", "passages_1", "counts_1"}


def test_a_store_that_is_not_there_is_named(new_address: Callable[[], MilvusAddress]) -> None:
    with pytest.raises(StoreError, match="vraagbaak index"):
        check(new_address())
