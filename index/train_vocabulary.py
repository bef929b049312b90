"""Dutch text in, a tokenizer of words and parts of words out, which knows no capitals, accents or punctuation.

The most frequent words are tokens of their own. A rarer word is cut, the longest known word first, and the pieces that
are found most often behind another ("##opvang" of "noodopvang") are the other tokens, with single characters for what
is left. Unlike a trained merge table this gives the same vocabulary on every run.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

UNKNOWN = "[UNK]"

_WORD = re.compile(r"[^\W_]+")
_MARKS = re.compile(r"[\u0300-\u036f]+")
_INSIDE = "##"
_WORD_SHARE = 0.75
_FEWEST = 4
_SHORTEST_PART = 3
_LONGEST_WORD = 60
_CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789"


def make_tokenizer(texts: Iterable[str], size: int) -> Any:
    """Return a WordPiece tokenizer with at most `size` tokens, made from `texts`."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

    names = {token: number for number, token in enumerate(vocabulary(count_words(texts), size))}
    tokenizer = Tokenizer(models.WordPiece(names, unk_token=UNKNOWN, max_input_chars_per_word=_LONGEST_WORD))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFKD(), normalizers.Lowercase(), normalizers.StripAccents()]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return tokenizer


def count_words(texts: Iterable[str]) -> Counter[str]:
    """Return how often each word occurs, folded as the tokenizer folds it."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(_WORD.findall(_MARKS.sub("", unicodedata.normalize("NFKD", text).lower())))
    return counts


def vocabulary(counts: Mapping[str, int], size: int) -> list[str]:
    """Return the tokens: the unknown one, characters, frequent words, and pieces found behind another."""
    ranked = sorted(((count, word) for word, count in counts.items() if count >= _FEWEST), key=_most_first)
    words = [word for _, word in ranked[: int(_WORD_SHARE * size)]]
    known = set(words)
    behind: Counter[str] = Counter()
    for count, word in ranked[len(words) :]:
        for piece in _pieces(word, known)[1:]:
            behind[piece] += count
    pieces = sorted(((count, piece) for piece, count in behind.items()), key=_most_first)
    inside = [_INSIDE + piece for _, piece in pieces]
    single = [*_CHARACTERS, *(_INSIDE + character for character in _CHARACTERS)]
    return list(dict.fromkeys([UNKNOWN, *single, *words, *inside]))[:size]


def _most_first(counted: tuple[int, str]) -> tuple[int, str]:
    return -counted[0], counted[1]


def _pieces(word: str, known: set[str]) -> list[str]:
    """Cut `word` into the longest known words from the left; what follows no known word stays in one piece."""
    pieces = []
    while word:
        ends = range(len(word), _SHORTEST_PART - 1, -1)
        end = next((end for end in ends if word[:end] in known), len(word))
        pieces.append(word[:end])
        word = word[end:]
    return pieces
