"""Dutch text in, a tokenizer of words and parts of words out, which knows capitals and accents no more.

Frequent words are tokens of their own; the rest are cut, longest known part first, into parts that look the same at
the beginning and in the middle of a word: in "noodopvang" the token for "opvang" is that of the word itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

UNKNOWN = "[UNK]"

_FEWEST = 4
_LETTERS = 120
_LONGEST_WORD = 60


def train_tokenizer(texts: Iterable[str], size: int) -> Any:
    """Return a WordPiece tokenizer with a vocabulary of `size`, trained on `texts`."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

    tokenizer = Tokenizer(
        models.WordPiece(unk_token=UNKNOWN, max_input_chars_per_word=_LONGEST_WORD, continuing_subword_prefix="")
    )
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFKD(), normalizers.Lowercase(), normalizers.StripAccents()]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    trainer = trainers.WordPieceTrainer(
        vocab_size=size,
        special_tokens=[UNKNOWN],
        min_frequency=_FEWEST,
        limit_alphabet=_LETTERS,
        continuing_subword_prefix="",
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer
