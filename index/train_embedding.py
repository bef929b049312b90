"""The folder of training texts in, the shipped embedding out (`python -m index.train_embedding --training DIR`).

Tokenizer, first vectors from co-occurrence, then contrastive learning; saved as 8-bit numbers with a scale for each
row. The same seed gives the same model. On two cores it takes less than an hour.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.static_embedding import TOKENIZER_FILE, WEIGHTS_FILE
from index.train_batches import KIND_WEIGHTS, Batch, Ids, Pairs, Texts, draw
from index.train_contrast import Settings, contrast
from index.train_cooccurrence import first_vectors, shares
from index.train_corpus import Section, belgian_pairs, belgian_texts, law_sections, sick_pairs
from index.train_vocabulary import UNKNOWN, make_tokenizer

Floats = npt.NDArray[np.float32]

# How often a batch is of each source.
MIX = {"pairs": 0.35, "questions": 0.25, "laws": 0.3, "headings": 0.05, "same": 0.05}
MASKED = 0.5
RARITY = 1e-3  # a token of this share of all text weighs half at first (Arora, Liang & Ma, ICLR 2017)

_NOISE = 0.01
_ENCODED_AT_ONCE = 20_000


@dataclass(frozen=True, slots=True)
class Corpus:
    """The training texts, read once."""

    questions: list[Section]
    laws: list[Section]

    def texts(self) -> Iterator[str]:
        """Yield what the vocabulary is made from: questions and answers count three times."""
        for section in self.questions * 3 + self.laws:
            yield " ".join([section.heading, *section.sentences])


def main(arguments: list[str] | None = None) -> None:
    """Train on the folder named on the command line and write the model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--training", type=Path, required=True, help="the folder of training texts")
    parser.add_argument("--output", type=Path, default=Path(__file__).with_name("model"))
    parser.add_argument("--vocabulary", type=int, default=48_000)
    parser.add_argument("--dimensions", type=int, default=256)
    parser.add_argument("--steps", type=int, default=2_500)
    parser.add_argument("--batch", type=int, default=1_024)
    parser.add_argument("--seed", type=int, default=1848)
    options = parser.parse_args(arguments)
    corpus = Corpus(list(belgian_texts(options.training)), list(law_sections(options.training)))
    tokenizer = make_tokenizer(corpus.texts(), options.vocabulary)
    size = tokenizer.get_vocab_size()
    sources = _sources(options.training, corpus, tokenizer)
    table = _first_table(sources, size, options.dimensions, options.seed)
    chance = np.random.default_rng(options.seed)
    table = contrast(
        table, lambda: _batch(sources, options.batch, chance), Settings(options.steps), _reporter(options.steps)
    )
    save(table, tokenizer, options.output)


def save(table: Floats, tokenizer: Any, folder: Path) -> None:
    """Write the model: 8-bit numbers with a scale for each row, the tokenizer, and what other libraries ask for."""
    from safetensors.numpy import save as serialise

    table = table.copy()
    table[tokenizer.token_to_id(UNKNOWN)] = 0
    scales = np.maximum(np.abs(table).max(axis=1), 1e-9) / 127
    folder.mkdir(parents=True, exist_ok=True)
    numbers = np.round(table / scales[:, None]).astype(np.int8)
    tensors = {"embeddings": numbers, "weights": scales.astype(np.float32)}
    (folder / WEIGHTS_FILE).write_bytes(serialise(tensors))
    (folder / TOKENIZER_FILE).write_text(tokenizer.to_str(), encoding="utf-8", newline="\n")
    module = "sentence_transformers.sentence_transformer.modules.static_embedding.StaticEmbedding"
    parts = [{"idx": 0, "name": "0", "path": ".", "type": module}]
    parts.append({"idx": 1, "name": "1", "path": "1_Normalize", "type": "sentence_transformers.models.Normalize"})
    _write_json(folder / "modules.json", parts)
    _write_json(folder / "config.json", {"model_type": "model2vec", "hidden_dim": table.shape[1], "normalize": True})


def _sources(folder: Path, corpus: Corpus, tokenizer: Any) -> dict[str, Pairs | Texts]:
    encode = _encoder(tokenizer)
    pairs, same = list(belgian_pairs(folder)), list(sick_pairs(folder))
    questions = encode_sections(corpus.questions, encode, 3)
    laws = encode_sections(corpus.laws, encode, 2)
    headed = [section for section in corpus.laws if section.heading]
    weights = np.array([KIND_WEIGHTS[pair.kind] for pair in pairs])
    return {
        "pairs": Pairs(
            encode([pair.query for pair in pairs]), encode([pair.passage for pair in pairs]), weights / weights.sum()
        ),
        "questions": Texts(questions),
        "laws": Texts(laws),
        "headings": Pairs(
            encode([section.heading for section in headed]),
            encode([" ".join(section.sentences) for section in headed]),
            np.full(len(headed), 1 / len(headed)),
            (40, 150),
        ),
        "same": Pairs(
            encode([pair.query for pair in same]),
            encode([pair.passage for pair in same]),
            np.full(len(same), 1 / len(same)),
        ),
    }


def encode_sections(
    sections: Sequence[Section], encode: Callable[[Sequence[str]], list[Ids]], fewest: int
) -> list[list[Ids]]:
    """Return the sentences of each section of `fewest` sentences or more as token numbers."""
    kept = [section for section in sections if len(section.sentences) >= fewest]
    flat = iter(encode([sentence for section in kept for sentence in section.sentences]))
    return [[next(flat) for _ in section.sentences] for section in kept]


def _encoder(tokenizer: Any) -> Callable[[Sequence[str]], list[Ids]]:
    unknown = tokenizer.token_to_id(UNKNOWN)

    def encode(texts: Sequence[str]) -> list[Ids]:
        return [
            np.array([token for token in found.ids if token != unknown] or [unknown], dtype=np.int32)
            for start in range(0, len(texts), _ENCODED_AT_ONCE)
            for found in tokenizer.encode_batch_fast(
                list(texts[start : start + _ENCODED_AT_ONCE]), add_special_tokens=False
            )
        ]

    return encode


def _first_table(sources: dict[str, Pairs | Texts], size: int, dimensions: int, seed: int) -> Floats:
    """Return co-occurrence vectors around their mean, each as long as its token is rare."""
    running = [
        source.sentences for name in ("questions", "questions", "laws") if isinstance(source := sources[name], Texts)
    ]
    texts = [np.concatenate(list(sentences)) for part in running for sentences in part]
    share = shares(texts, size)
    table = first_vectors(texts, size, dimensions, seed)
    table += np.random.default_rng(seed).normal(0, _NOISE, table.shape).astype(np.float32)
    table -= (table * share[:, None]).sum(axis=0).astype(np.float32)
    return np.asarray(table * (RARITY / (RARITY + share))[:, None], dtype=np.float32)


def _batch(sources: dict[str, Pairs | Texts], size: int, chance: np.random.Generator) -> Batch:
    name = str(chance.choice(list(MIX), p=list(MIX.values())))
    return draw(sources[name], size, MASKED, chance)


def _reporter(steps: int) -> Callable[[int, float], None]:
    begun, recent = time.monotonic(), list[float]()

    def report(step: int, loss: float) -> None:
        recent.append(loss)
        if step % 100 == 0 or step == steps:
            print(
                f"step {step} of {steps}, loss {np.mean(recent[-100:]):.3f}, {time.monotonic() - begun:.0f} s",
                flush=True,
            )

    return report


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
