"""Our own embedding: unit vectors without torch, the same ones that sentence-transformers gives."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from index.errors import EmbedderError
from index.static_embedding import TOKENIZER_FILE, WEIGHTS_FILE, StaticEmbedder, bundled
from index.train_batches import Pairs, Texts, draw
from index.train_contrast import Settings, contrast
from index.train_cooccurrence import first_vectors
from index.train_corpus import numbered
from index.train_embedding import save
from index.train_vocabulary import UNKNOWN, make_tokenizer, vocabulary

TEXTS = ["De gemeente vangt asielzoekers op.", "", "De opvang van vluchtelingen in noodopvang, artikel 273f." * 9, "?!"]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("model")
    tokenizer = make_tokenizer(TEXTS * 5, 200)
    table = np.random.default_rng(1).normal(size=(tokenizer.get_vocab_size(), 8)).astype(np.float32)
    save(table, tokenizer, folder)
    return folder


@pytest.fixture(scope="module")
def model() -> StaticEmbedder:
    return bundled()


def test_vectors_have_length_one_and_wordless_text_has_length_nought(small: Path) -> None:
    vectors = StaticEmbedder("klein", small).embed_passages([*TEXTS, "Ω" * 3])
    assert vectors.shape == (5, 8) and vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1).tolist() == pytest.approx([1, 0, 1, 0, 0], abs=1e-5)


def test_each_text_gets_the_same_vector_alone_and_among_others(small: Path) -> None:
    embedder = StaticEmbedder("klein", small)
    many = TEXTS * 40
    together = embedder.embed_passages(many)
    for text, vector in zip(many[:4], together[:4], strict=True):
        assert embedder.embed_question(text) == pytest.approx(vector, abs=1e-6)
    assert np.array_equal(together[:4], together[-4:])


def test_digest_changes_with_the_weights_and_with_the_tokenizer(small: Path, tmp_path: Path) -> None:
    digests = {StaticEmbedder("klein", small).digest, StaticEmbedder("ander", small).digest}
    assert len(digests) == 1
    for changed in (WEIGHTS_FILE, TOKENIZER_FILE):
        for name in (WEIGHTS_FILE, TOKENIZER_FILE):
            (tmp_path / name).write_bytes((small / name).read_bytes())
        data = (tmp_path / changed).read_bytes()
        other = data[:-1] + bytes([data[-1] ^ 1]) if changed == WEIGHTS_FILE else data + b"\n"
        (tmp_path / changed).write_bytes(other)
        digests.add(StaticEmbedder("klein", tmp_path).digest)
    assert len(digests) == 3


@pytest.mark.parametrize("broken", [None, b"", b"\xff" * 40])
def test_folder_without_a_usable_model_is_an_error_that_names_it(
    small: Path, tmp_path: Path, broken: bytes | None
) -> None:
    (tmp_path / TOKENIZER_FILE).write_bytes((small / TOKENIZER_FILE).read_bytes())
    if broken is not None:
        (tmp_path / WEIGHTS_FILE).write_bytes(broken)
    with pytest.raises(EmbedderError, match=str(tmp_path)):
        StaticEmbedder("klein", tmp_path)


def test_shipped_model_is_small_and_loads_at_once(model: StaticEmbedder) -> None:
    folder = Path(__file__).parents[2] / "index" / "model"
    assert sum(path.stat().st_size for path in folder.rglob("*")) <= 16_000_000
    begun = time.process_time()
    bundled()
    assert time.process_time() - begun < 1.0
    assert model.dimensions >= 128


@pytest.mark.parametrize(
    ("question", "near", "far"),
    [
        ("huis kopen", "Een woning aanschaffen met een hypotheek.", "De politie hield een verdachte aan."),
        ("dokter", "De huisarts behandelt patiënten.", "Het spoor wordt volgend jaar vernieuwd."),
        ("geld voor studenten", "De studiefinanciering en de beurs gaan omhoog.", "De dijken worden versterkt."),
        ("baas van een bedrijf", "De werkgever moet het loon doorbetalen.", "De boswachter telt de vogels."),
    ],
)
def test_other_words_for_the_same_thing_are_nearer_than_another_thing(
    model: StaticEmbedder, question: str, near: str, far: str
) -> None:
    vectors = model.embed_passages([near, far]) @ model.embed_question(question)
    assert vectors[0] > vectors[1]


def test_sentence_transformers_gives_the_same_vectors_from_the_same_folder(model: StaticEmbedder) -> None:
    library = pytest.importorskip("sentence_transformers")
    folder = Path(__file__).parents[2] / "index" / "model"
    theirs = library.SentenceTransformer(str(folder), device="cpu", local_files_only=True).encode(TEXTS)
    ours = model.embed_passages(TEXTS)
    assert ours[[0, 2, 3]] == pytest.approx(theirs[[0, 2, 3]], abs=1e-4)


def test_learning_brings_paired_texts_together() -> None:
    chance = np.random.default_rng(5)
    first = chance.normal(size=(40, 8)).astype(np.float32)
    pairs = [(np.array([n], dtype=np.int32), np.array([n + 20], dtype=np.int32)) for n in range(20)]
    batch = ([query for query, _ in pairs], [passage for _, passage in pairs])
    losses: list[float] = []
    learned = contrast(first, lambda: batch, Settings(300), lambda _, loss: losses.append(loss))
    unit = learned / np.linalg.norm(learned, axis=1, keepdims=True)
    assert losses[-1] < 0.1 < losses[0]
    assert (unit[:20] @ unit[20:].T).argmax(axis=1).tolist() == list(range(20))


def test_tokens_that_keep_the_same_company_start_alike() -> None:
    company = [np.array([word, 5, 6, 7], dtype=np.int32) for word in (1, 2)] * 3_000
    others = [np.array([word, 8, 9, 10], dtype=np.int32) for word in (3, 4)] * 3_000
    vectors = first_vectors(company + others, 12, 4, seed=1)
    assert vectors[1] @ vectors[2] > 0.9
    assert abs(vectors[1] @ vectors[3]) < 0.1
    assert not vectors[11].any()


def test_vocabulary_holds_frequent_words_and_what_follows_them_in_rarer_ones() -> None:
    letters = "bcdfghklmnpqrstvwxz"
    frequent = {one + other + one: 1_000 for one in letters for other in letters}
    rarer = {"opvang": 90, "nood": 80, "noodopvang": 5, "noodkreet": 4, "zelden": 1}
    tokens = vocabulary(frequent | rarer, 4 * (len(frequent) + 2) // 3 + 1)
    assert tokens[0] == UNKNOWN and len(tokens) == len(set(tokens))
    assert {"opvang", "nood", "##opvang"} <= set(tokens)
    assert "zelden" not in tokens


def _ids(*numbers: int) -> np.ndarray:
    return np.array(numbers, dtype=np.int32)


def test_masked_passage_shares_no_word_with_its_question_when_enough_is_left() -> None:
    sentences = Texts([[_ids(1, 2, 3), _ids(3, 4, 5, 6, 7, 8), _ids(9, 10, 1)]])
    queries, passages = draw(sentences, 50, 1.0, np.random.default_rng(3))
    assert all(not set(q.tolist()) & set(p.tolist()) for q, p in zip(queries, passages, strict=True) if len(p) >= 5)


def test_pairs_are_drawn_as_often_as_their_weights_say() -> None:
    pairs = Pairs([_ids(1), _ids(2)], [_ids(3), _ids(4)], np.array([0.0, 1.0]))
    queries, passages = draw(pairs, 9, 0.0, np.random.default_rng(3))
    assert {int(q[0]) for q in queries} == {2} and {int(p[0]) for p in passages} == {4}


@pytest.fixture
def answers() -> Iterator[str]:
    yield "Vooraf. 1. De eerste is 1.500 euro. 2. en 3. De rest volgt. 5. Dit hoort bij drie."


def test_numbered_text_is_parted_and_a_joint_answer_serves_each_number(answers: str) -> None:
    before, parts = numbered(answers)
    assert before == "Vooraf. "
    assert parts[1] == "De eerste is 1.500 euro."
    assert parts[2] == parts[3] == "De rest volgt. 5. Dit hoort bij drie."
