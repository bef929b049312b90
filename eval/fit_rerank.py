"""Question files in, the weights of the reranker out (`python -m eval.fit_rerank FILE… --store DIR`).

Listwise logistic regression (Cao et al., "Learning to Rank", ICML 2007): among the best candidates of both legs the
right passage should have the highest sum of fused score and weighted features. Every file counts as much as another.
Also prints what the weights are worth on questions they were not fitted on, five-fold, neighbouring lines together.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from eval.retrieval import gold_name, put_pool
from eval.tasks import Task, load_task
from index.protocols import Embedder
from index.rerank import FEATURES, RERANK_FILE, features
from index.static_embedding import bundled
from index.store import Store
from index.store.snapshot import Snapshot

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

CANDIDATES = 30
_FOLDS = 5
_PENALTY = 1e-3


@dataclass(frozen=True, slots=True)
class Lists:
    """For every question its candidates: values (questions, candidates, 1 + features), which are right, which exist."""

    values: Floats
    right: Bools
    there: Bools

    def some(self, chosen: Bools) -> Lists:
        """Return the lists of some of the questions."""
        return Lists(self.values[chosen], self.right[chosen], self.there[chosen])


def main(arguments: list[str] | None = None) -> None:
    """Fit on the files named on the command line and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("questions", type=Path, nargs="+", help="question files; FILE+POOL adds a pool to one")
    parser.add_argument("--store", type=Path, required=True, help="the store that files with gold ask about")
    parser.add_argument("--output", type=Path, default=Path(RERANK_FILE))
    options = parser.parse_args(arguments)
    embedder = bundled()
    sets = []
    for path in options.questions:
        file, _, pool = str(path).partition("+")
        task = load_task(Path(file), Path(pool) if pool else None)
        with _opened(task, options.store, embedder) as snapshot:
            sets.append(candidates(task, snapshot))
    for path, before, after in zip(options.questions, *cross_validated(sets), strict=True):
        print(f"{path.name}: nDCG@10 {before:.4f} fused, {after:.4f} reranked")
    fitted = fit(sets)
    weights = dict(zip(FEATURES, (round(float(w), 4) for w in fitted[1:] / fitted[0]), strict=True))
    options.output.write_text(json.dumps({"weights": weights}, indent=2) + "\n", encoding="utf-8", newline="\n")
    print(weights)


def candidates(task: Task, snapshot: Snapshot) -> Lists:
    """Return the candidates of every question with their fused scores and features."""
    search = snapshot.retriever("hybrid").without_reranking()
    shape = (len(task.questions), CANDIDATES)
    values, right, there = np.zeros((*shape, 1 + len(FEATURES))), np.zeros(shape, bool), np.zeros(shape, bool)
    named = {name for gold in task.gold.values() for name in gold}
    for row, (name, question) in enumerate(task.questions.items()):
        hits = search.search(question, CANDIDATES)
        there[row, : len(hits)] = True
        if hits:
            found = features(question, [(hit.passage, hit.document) for hit in hits])
            values[row, : len(hits)] = np.column_stack([[hit.score for hit in hits], found])
        right[row, : len(hits)] = [
            gold_name(hit.passage.passage, hit.document.document, named) in task.gold[name] for hit in hits
        ]
    return Lists(values, right, there)


def fit(sets: Sequence[Lists]) -> Floats:
    """Return the weights, the fused score's first, that make the right candidates likeliest."""
    from scipy.optimize import minimize

    def loss(weights: Floats) -> tuple[float, Floats]:
        total, slope = _PENALTY * float(weights @ weights), 2 * _PENALTY * weights
        for part in sets:
            known = part.some(np.asarray((part.right & part.there).any(axis=1)))
            likely = _likelihoods(known, weights)
            hit = (likely * known.right).sum(axis=1, keepdims=True)
            wanted = likely * known.right / np.maximum(hit, 1e-12)
            total -= float(np.log(np.maximum(hit, 1e-12)).mean())
            slope = slope + ((likely - wanted)[:, :, None] * known.values).sum(axis=(0, 1)) / len(hit)
        return total, slope

    start = np.zeros(1 + len(FEATURES))
    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B").x)


def cross_validated(sets: Sequence[Lists]) -> tuple[list[float], list[float]]:
    """Return the nDCG@10 of each set by fused scores alone, and by weights fitted on the other folds."""
    only_fused = np.eye(1 + len(FEATURES))[0]
    before = [float(_ndcg(part, only_fused).mean()) for part in sets]
    folds = [np.arange(len(part.right)) * _FOLDS // len(part.right) for part in sets]
    after = [np.zeros(len(part.right)) for part in sets]
    for fold in range(_FOLDS):
        weights = fit([part.some(own != fold) for part, own in zip(sets, folds, strict=True)])
        for part, own, values in zip(sets, folds, after, strict=True):
            values[own == fold] = _ndcg(part.some(own == fold), weights)
    return before, [float(values.mean()) for values in after]


def _likelihoods(part: Lists, weights: Floats) -> Floats:
    scores = np.where(part.there, part.values @ weights, -np.inf)
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def _ndcg(part: Lists, weights: Floats) -> Floats:
    scores = np.where(part.there, part.values @ weights, -np.inf)
    order = np.argsort(-scores, axis=1, kind="stable")[:, :10]
    right = np.take_along_axis(part.right, order, axis=1)
    first = np.where(right.any(axis=1), right.argmax(axis=1), np.inf)
    return np.asarray(np.where(np.isfinite(first), 1 / np.log2(first + 2), 0.0))


@contextmanager
def _opened(task: Task, store: Path, embedder: Embedder) -> Iterator[Snapshot]:
    with tempfile.TemporaryDirectory(prefix="vraagbaak-eval-") as folder:
        if task.pool is not None:
            store = Path(folder) / "store"
            put_pool(store, task.pool, embedder)
        with Store.open(store, embedder).snapshot() as snapshot:
            yield snapshot


if __name__ == "__main__":
    main()
