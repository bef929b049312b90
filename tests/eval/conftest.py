"""One store of the bundled samples for all tests of the evaluation, and the product over it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from eval.asking import ask_all, judged, searching
from eval.questions import load_questions
from eval.scores.case import Case
from eval.whole import Product
from index.build import build_index
from index.store import Store
from index.tokens import bundled
from rag.assistant import Assistant
from rag.verify import RuleJudge

ROOT = Path(__file__).resolve().parent.parent.parent
DATA = ROOT / "eval" / "data"
# Answered, answered from two passages, and in vain; by words alone, so that no embedding has to be loaded.
_CHOSEN = ("v07", "v10", "v12", "v13", "v16", "v17", "v21", "v24", "v26", "v31", "v35", "v36", "v37", "v40", "v41")


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The product over the samples, searched by words alone."""
    folder = tmp_path_factory.mktemp("samples") / "store"
    build_index([ROOT / "index" / "samples"], folder, None, count_tokens=bundled().count, encoding="test")
    store = Store.open(folder)
    with store.snapshot() as snapshot:
        yield Product(Assistant(store), snapshot, RuleJudge(), {"model": "extractive"}, 1_000_000)


@pytest.fixture(scope="session")
def cases(product: Product) -> list[Case]:
    """Fifteen questions about the samples, asked and judged."""
    questions = [q for q in load_questions(DATA / "samples-questions.jsonl") if q.id in _CHOSEN]
    asked = ask_all("samples", questions, product.answerer, searching(product.snapshot))
    return judged(asked, product.judge, product.snapshot.text)
