"""Embedders made of sentence-transformers models, with a small real one made on the spot."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from index.embed import load_embedder
from index.errors import EmbedderError


def test_vectors_are_unit_vectors_of_the_stated_length(static_model: Path) -> None:
    embedder = load_embedder(str(static_model))
    passages = embedder.embed_passages(["de opvang van asielzoekers", "een hogere straf"])
    assert passages.shape == (2, embedder.dimensions)
    assert passages.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(passages, axis=1), 1, atol=1e-5)
    assert embedder.embed_question("opvang").shape == (embedder.dimensions,)


def test_no_texts_give_no_vectors(static_model: Path) -> None:
    embedder = load_embedder(str(static_model))
    assert embedder.embed_passages([]).shape == (0, embedder.dimensions)


def test_prompts_of_the_model_are_put_in_front_of_questions_only(static_model: Path) -> None:
    embedder = load_embedder(str(static_model))
    [bare, prompted] = embedder.embed_passages(["opvang", "vraag opvang"])
    np.testing.assert_allclose(embedder.embed_question("opvang"), prompted, atol=1e-5)
    assert not np.allclose(bare, prompted)


def test_digest_follows_the_weights_and_not_the_folder(
    static_model: Path, other_static_model: Path, tmp_path: Path
) -> None:
    moved = tmp_path / "ééndere map"
    moved.mkdir()
    for path in static_model.rglob("*"):
        target = moved / path.relative_to(static_model)
        if path.is_dir():
            target.mkdir()
        else:
            target.write_bytes(path.read_bytes())
    assert load_embedder(str(moved)).digest == load_embedder(str(static_model)).digest
    assert load_embedder(str(other_static_model)).digest != load_embedder(str(static_model)).digest


@pytest.mark.parametrize("name", ["niemand/bestaat-niet", "./geen-map", "/geen/map"])
def test_a_model_that_is_not_there_is_named_at_once_with_the_cure(name: str) -> None:
    with pytest.raises(EmbedderError) as caught:
        load_embedder(name)
    assert name in str(caught.value)
    assert 'embedder = "none"' in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_folder_without_a_model_is_named(tmp_path: Path) -> None:
    (tmp_path / "iets.txt").write_text("geen model", encoding="utf-8")
    with pytest.raises(EmbedderError, match="geen bruikbaar model"):
        load_embedder(str(tmp_path))


def test_a_missing_library_is_named_with_the_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(EmbedderError, match="pip install sentence-transformers"):
        load_embedder("niemand/model")
