"""A store moves into Milvus and back with all that is in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from index.build import build_index
from index.errors import StoreError
from index.milvus.address import MilvusAddress
from index.store.copy import copy_store
from index.tokens import count_tokens
from index.values import Reading
from index.where import open_store, writer

Make = Callable[..., Reading]
Addresses = Callable[[], MilvusAddress]

pytestmark = pytest.mark.milvus


def test_a_store_is_copied_to_milvus_and_back_with_its_documents_vectors_and_files(
    new_address: Addresses, tmp_path: Path, make_reading: Make
) -> None:
    from importlib.resources import as_file, files

    from index.static_embedding import bundled

    embedder = bundled()
    folder, address, back = tmp_path / "van", new_address(), tmp_path / "terug"
    with as_file(files("index") / "samples") as samples:
        build_index([samples], folder, embedder, count_tokens=count_tokens)
        copy_store(folder, address)
        copy_store(address, back)
        with writer(back, embedder) as one:
            assert one.commit() is None
        again = build_index([samples], back, embedder, count_tokens=count_tokens, keep_sources=False)
    assert again.counts["unchanged"] == len(again.files)
    snapshots = [open_store(place, embedder).snapshot() for place in (folder, address, back)]
    first, there, last = snapshots
    assert first.documents() == there.documents() == last.documents()
    for document in first.documents():
        assert first.reading(document.document) == there.reading(document.document) == last.reading(document.document)
    question = "Waar worden de kinderen opgevangen?"
    found = [[hit.passage.passage for hit in one.search(question, 10)] for one in snapshots]
    assert found[0] == found[2]
    assert found[0][0] == found[1][0]
    assert len(set(found[0]) & set(found[1])) >= 9
    with pytest.raises(StoreError, match="leeg"):
        with writer(back, embedder) as one:
            one.put(make_reading("vreemd", ["Iets anders."]), "/bron/vreemd")
            one.commit()
        copy_store(address, back)
