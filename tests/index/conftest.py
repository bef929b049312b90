"""Fixtures of the ground floor: small real embedding models, and documents to fill a store with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.build import BuildReport, build_index
from index.embed import load_embedder
from index.errors import ReadError
from index.protocols import Embedder
from index.store import Store
from index.store.write import Writer
from index.values import Asker, Document, Official, Passage, Reading

WORDS = ("asiel", "opvang", "onderzoek", "straf", "hogere", "gemeente", "minister", "wet", "vraag", "school", "water")


@pytest.fixture(scope="session")
def static_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a real sentence-transformers model of a few Dutch words, with a prompt for questions."""
    return _save_model(tmp_path_factory.mktemp("model"), seed=1)


@pytest.fixture(scope="session")
def embedder(static_model: Path) -> Embedder:
    """The embedder of that model."""
    return load_embedder(str(static_model))


@pytest.fixture(scope="session")
def other_static_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with other weights and another length."""
    return _save_model(tmp_path_factory.mktemp("ander"), seed=2, dimensions=16)


def _save_model(folder: Path, seed: int, dimensions: int = 24) -> Path:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

    vocabulary = {"[UNK]": 0} | {word: place for place, word in enumerate(WORDS, 1)}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    weights = np.random.default_rng(seed).standard_normal((len(vocabulary), dimensions)).astype(np.float32)
    module = StaticEmbedding(tokenizer, embedding_weights=weights)
    model = SentenceTransformer(modules=[module], device="cpu", prompts={"query": "vraag ", "document": ""})
    model.save(str(folder))
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a store is to be made: a path that not every library can take."""
    return tmp_path / "geïndexeerd – ñandú 文"


@pytest.fixture
def put() -> Callable[..., int]:
    """A function that adds documents to the store in a folder, and returns the generation that they came with."""

    def _put(folder: Path, *readings: Reading, embedder: Embedder | None = None, keep: int = 3) -> int:
        with Writer(folder, embedder, keep=keep) as writer:
            for reading in readings:
                writer.put(reading, f"/bron/{reading.document.document}")
            manifest = writer.commit()
        assert manifest is not None
        return manifest.generation

    return _put


@pytest.fixture
def found() -> Callable[[Store, str], list[str]]:
    """A function that gives the passages of a store that hold words of a query, best first."""

    def _found(store: Store, query: str) -> list[str]:
        with store.snapshot() as snapshot:
            return [hit.passage.passage for hit in snapshot.search(query, 10, mode="lexical")]

    return _found


@pytest.fixture(scope="session")
def make_reading() -> Callable[..., Reading]:
    """A function that makes a document of numbered questions with given answers."""
    return _made_reading


@pytest.fixture
def index(tmp_path: Path) -> Callable[..., BuildReport]:
    """A function that indexes the folder `tmp_path / "bron"`, whose files are an identifier and answers, line by line.

    It goes to the store `where`, by itself `tmp_path / "opslag"`; what else is given by name goes to `build_index`.
    """
    return partial(_index, tmp_path)


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """A function that writes a file of the folder that `index` indexes: its name, the identifier, the answers."""
    return partial(_write, tmp_path)


def _index(tmp_path: Path, embedder: Embedder | None = None, **options: Any) -> BuildReport:
    options = {"count_tokens": len, "find": _find, "read": _read_lines} | options
    paths = options.pop("paths", [tmp_path / "bron"])
    return build_index(paths, options.pop("where", tmp_path / "opslag"), embedder, **options)


def _write(tmp_path: Path, name: str, document: str, *answers: str) -> Path:
    path = tmp_path / "bron" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join([document, *answers]), encoding="utf-8")
    return path


def _find(paths: Sequence[Path]) -> list[Path]:
    return sorted(path for folder in paths if folder.is_dir() for path in folder.iterdir())


def _read_lines(path: Path, source: str, count_tokens: Callable[[str], int]) -> list[Reading]:
    del count_tokens
    document, *answers = path.read_text(encoding="utf-8").splitlines() or [""]
    if not document:
        raise ReadError("store.unexpected", path=path, reason="leeg")
    return [_made_reading(document, answers, source=source)]


def _made_reading(
    document: str,
    answers: list[str],
    *,
    source: str = "bron.txt",
    day: date | None = None,
    party: str | None = None,
    ministry: str | None = None,
    kind: str = "answer",
) -> Reading:
    """A document of numbered questions with these answers, its spans true to its text."""
    text, passages = f"Vragen over {document}\n", []
    for number, answer in enumerate(answers, 1):
        question = f"Vraag {number}: hoe staat het?"
        start = len(text)
        body = f"{question}\n{answer}"
        text += body + "\n"
        passages.append(
            Passage(
                passage=f"{document}#{number}",
                document=document,
                label=f"vraag {number}",
                text=body,
                start=start,
                end=start + len(body),
                numbers=(number,),
                question=question,
                answer=answer,
                answer_start=start + len(question) + 1,
                notes={"1": "Een noot."},
            )
        )
    described = Document(
        document=document,
        kind=kind,  # type: ignore[arg-type]
        title=f"Vragen over {document}",
        source=source,
        date=day,
        askers=(Asker("Kamerlid A", party),),
        answered_by=(Official("Minister B", "minister", ministry),),
        topics=("bestuur",),
    )
    return Reading(described, text, tuple(passages))
