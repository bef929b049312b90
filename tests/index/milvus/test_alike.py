"""A store in Milvus and one in a folder rank and answer alike, in numbers."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import as_file, files
from pathlib import Path

import pytest

from eval.questions import load_questions
from index.build import build_index
from index.milvus.address import MilvusAddress
from index.static_embedding import bundled
from index.tokens import count_tokens
from index.where import Where, open_store
from rag.assistant import Assistant

pytestmark = pytest.mark.milvus


def test_the_samples_are_found_and_answered_alike_in_both(
    new_address: Callable[[], MilvusAddress], tmp_path: Path
) -> None:
    embedder = bundled()
    places: list[Where] = [tmp_path / "opslag", new_address()]
    with as_file(files("index") / "samples") as samples:
        for place in places:
            build_index([samples], place, embedder, count_tokens=count_tokens)
    with as_file(files("eval") / "data" / "samples-questions.jsonl") as path:
        questions = [question.question for question in load_questions(path)]
    both = [open_store(place, embedder) for place in places]
    overlap, same, answers = [], 0, 0
    for question in questions:
        found = []
        for store in both:
            with store.snapshot() as snapshot:
                found.append([hit.passage.passage for hit in snapshot.search(question, 10)])
        overlap.append(len(set(found[0]) & set(found[1])) / max(1, len(found[0])))
        same += found[0][:1] == found[1][:1]
        told = [Assistant(store).ask(question) for store in both]
        answers += [sentence.text for sentence in told[0].sentences] == [
            sentence.text for sentence in told[1].sentences
        ]
    print(f"overlap@10 {sum(overlap) / len(overlap):.3f}, same first {same}/{len(questions)}, same answer {answers}")
    assert sum(overlap) / len(overlap) >= 0.97
    assert same >= 0.95 * len(questions)
    assert answers >= 0.95 * len(questions)


@pytest.mark.real
def test_real_documents_rank_alike_in_both(
    shared: Path, new_address: Callable[[], MilvusAddress], tmp_path: Path
) -> None:
    embedder = bundled()
    paths = sorted((shared / "documents" / "kamervragen-txt").iterdir())[:12]
    places: list[Where] = [tmp_path / "opslag", new_address()]
    for place in places:
        build_index(paths, place, embedder, count_tokens=count_tokens)
    first, other = (open_store(place, embedder).snapshot() for place in places)
    own = [p.question for d in first.documents() for p in first.passages(d.document) if p.question]
    overlap, same = [], 0
    for question in own[::10]:
        found = [[hit.passage.passage for hit in one.search(question, 10)] for one in (first, other)]
        overlap.append(len(set(found[0]) & set(found[1])) / max(1, len(found[0])))
        same += found[0][:1] == found[1][:1]
    assert len(overlap) >= 5
    assert sum(overlap) / len(overlap) >= 0.95
    assert same >= 0.9 * len(overlap)
