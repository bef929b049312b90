"""A cross-encoder reads the first hits again: a real, tiny one, made on the spot."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.cross_encoder import CrossEncoder
from index.errors import EmbedderError
from index.store import Store
from index.store.write import Writer
from index.values import Document, Passage, Reading

TEXTS = ("de opvang van asiel", "een hogere straf", "water en wet", "opvang water")


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a BERT of one layer with random weights."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    folder = tmp_path_factory.mktemp("kruis")
    words = sorted({word for text in TEXTS for word in text.split()})
    vocabulary = folder / "vocab.txt"
    vocabulary.write_text("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *words]), encoding="utf-8")
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=5 + len(words),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=64,
        num_labels=1,
        initializer_range=1.0,
    )
    BertForSequenceClassification(config).save_pretrained(folder)
    BertTokenizerFast(str(vocabulary)).save_pretrained(folder)
    return folder


def candidates() -> list[tuple[Passage, Document]]:
    return [(Passage(f"{text}#1", text, "", text, 0, len(text)), Document(text, "page", "", text)) for text in TEXTS]


def test_scores_are_the_models_own_in_order_and_range(tiny: Path) -> None:
    from sentence_transformers import CrossEncoder as Model

    found = CrossEncoder(str(tiny)).bonuses("opvang", candidates())
    expected = Model(str(tiny)).predict([("opvang", text) for text in TEXTS], show_progress_bar=False)
    assert sorted(range(4), key=found.__getitem__) == sorted(range(4), key=list(expected).__getitem__)
    assert (min(found), max(found)) == (0.0, 0.5)
    assert CrossEncoder(str(tiny)).bonuses("opvang", []) == []
    assert CrossEncoder(str(tiny)).bonuses("opvang", candidates()[:1]) == [0.0]


def test_hits_of_a_hybrid_search_are_read_again_and_say_so(tiny: Path, tmp_path: Path) -> None:
    Store.create(tmp_path / "opslag", None)
    with Writer(tmp_path / "opslag", None) as writer:
        for passage, document in candidates():
            writer.put(Reading(document, passage.text, (passage,)), document.document)
        writer.commit()
    encoder = CrossEncoder(str(tiny))
    with Store.open(tmp_path / "opslag", None, encoder).snapshot() as snapshot:
        hits = snapshot.search("opvang water", 4)
        added = encoder.bonuses("opvang water", [(hit.passage, hit.document) for hit in hits])
        assert [hit.reasons["cross"] for hit in hits] == pytest.approx(added, abs=1e-5)
        assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
        assert all("cross" not in hit.reasons for hit in snapshot.search("opvang water", 4, mode="lexical"))


def test_a_model_that_is_not_there_is_named_with_the_cure(tmp_path: Path) -> None:
    for name in ("niemand/bestaat-niet", str(tmp_path / "weg"), str(tmp_path)):
        with pytest.raises(EmbedderError) as caught:
            CrossEncoder(name).bonuses("opvang", candidates())
        assert name in str(caught.value)
