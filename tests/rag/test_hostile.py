"""A model that lies: what it changes never reaches the answer, however its stream is cut."""

from __future__ import annotations

import json
from collections import defaultdict
from importlib.resources import files
from pathlib import Path

import pytest

from index.documents import find_files, read_document
from index.store import Store
from index.store.write import Writer
from index.values import Hit
from rag.evidence import Source, gather
from rag.scripted import ScriptedModel
from rag.verify import RuleJudge
from rag.write import Writing, write

STREAMS = [
    json.loads(line)
    for line in (Path(__file__).parents[2] / "eval" / "data" / "hostile.jsonl").read_text(encoding="utf-8").splitlines()
]
NEVER = ("number", "date", "name", "negation", "mark", "address", "markup", "cut", "injection")
SELDOM = 0.10  # of the other kinds together, at most this share may pass


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Source, ...]]:
    """The passages of each bundled sample, as a model would be given them."""
    folder = tmp_path_factory.mktemp("samples") / "store"
    Store.create(folder)
    readings = [read_document(path, str(path), len) for path in find_files([Path(str(files("index") / "samples"))])]
    with Writer(folder) as writer:
        for reading in readings:
            writer.put(reading, reading.document.source)
        writer.commit()
    found: dict[str, tuple[Source, ...]] = {}
    with Store.open(folder).snapshot() as snapshot:
        for reading in readings:
            hits = [Hit(1.0, passage, reading.document) for passage in reading.passages]
            found[reading.document.document] = gather(snapshot, hits).sources
    return found


def written(stream: str, sources: tuple[Source, ...], size: int) -> Writing:
    chunks = [stream[start : start + size] for start in range(0, len(stream), size)]
    return [Writing(), *write(ScriptedModel(chunks), (), sources, RuleJudge())][-1]


def test_there_are_enough_hostile_streams() -> None:
    assert len(STREAMS) >= 60
    assert {line["kind"] for line in STREAMS} >= set(NEVER)


@pytest.mark.parametrize("line", [s for s in STREAMS if s["kind"] in NEVER], ids=lambda line: line["id"])
@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_a_lie_never_passes(line: dict[str, str], size: int, sources: dict[str, tuple[Source, ...]]) -> None:
    writing = written(line["stream"], sources[line["document"]], size)
    assert not [s.text for s in writing.sentences if line["forbidden"] in s.text]


@pytest.mark.parametrize("line", STREAMS, ids=lambda line: line["id"])
def test_every_mark_points_to_a_literal_quote(line: dict[str, str], sources: dict[str, tuple[Source, ...]]) -> None:
    writing = written(line["stream"], sources[line["document"]], 5)
    numbers = [citation.number for citation in writing.citations]
    assert numbers == list(range(1, len(numbers) + 1))
    for sentence in writing.sentences:
        assert sentence.citations
        assert set(sentence.citations) <= set(numbers)
        assert "[" not in sentence.text
        assert "【" not in sentence.text
    for citation in writing.citations:
        assert citation.quote in citation.passage.text


def test_other_lies_pass_seldom(sources: dict[str, tuple[Source, ...]]) -> None:
    passed: dict[str, list[bool]] = defaultdict(list)
    for line in STREAMS:
        if line["kind"] not in NEVER:
            writing = written(line["stream"], sources[line["document"]], 10_000)
            passed[line["kind"]].append(any(line["forbidden"] in s.text for s in writing.sentences))
    outcomes = [outcome for kind in passed.values() for outcome in kind]
    assert sum(outcomes) <= SELDOM * len(outcomes), {kind: sum(found) for kind, found in passed.items()}


def test_what_is_true_still_passes(sources: dict[str, tuple[Source, ...]]) -> None:
    stream = (
        "De energietoeslag is eenmalig € 800 per huishouden. [2] U kunt de toeslag tot en met 31-10-2024 aanvragen. [4]"
        " Studenten met studiefinanciering vallen buiten de regeling. [3]"
    )
    writing = written(stream, sources["voorbeeld-ah-2024-12"], 3)
    assert len(writing.sentences) == 3
    assert writing.dropped == 0
