"""Text in, tokens out: a Dutch byte-pair encoding, run by tiktoken, with ranks that are bundled here.

Every budget is counted with it. Passages are always cut with the bundled encoding, so that they are the same
on every machine; only a prompt may be counted with a model's own encoding. Knows no document and never touches
the network.
"""

from __future__ import annotations

import base64
import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from types import ModuleType
from typing import TYPE_CHECKING

from index.errors import SettingsError

if TYPE_CHECKING:
    import tiktoken

RANKS_FILE = "tokens.tiktoken"

# A word with the space before it, at most three digits, a run of signs, or white space. Without look-around,
# so that tiktoken matches it in linear time, whatever a document holds.
PATTERN = r" ?[\p{L}\p{M}]+| ?\p{N}{1,3}| ?[^\s\p{L}\p{M}\p{N}]+|\s+"


@dataclass(frozen=True, slots=True)
class Encoding:
    """A byte-pair encoding. `digest` changes when the tokens of any text would change."""

    name: str
    digest: str
    _encoder: tiktoken.Encoding = field(repr=False, compare=False)

    def encode(self, text: str) -> list[int]:
        """Return the token numbers; nothing in the text is treated as a special token."""
        return self._encoder.encode_ordinary(text)

    def decode(self, tokens: list[int]) -> str:
        """Return the text that the tokens were made from; an unknown number is a `KeyError`."""
        return self._encoder.decode(tokens)

    def count(self, text: str) -> int:
        """Return how many tokens the text has."""
        return len(self._encoder.encode_ordinary(text))


def parse_ranks(lines: bytes) -> dict[bytes, int]:
    """Return the rank of each token from tiktoken's own file format: on each line base64 and the rank."""
    pairs = (line.split() for line in lines.splitlines())
    return {base64.b64decode(token): int(rank) for token, rank in pairs}


def format_ranks(ranks: dict[bytes, int]) -> bytes:
    """Return the ranks in tiktoken's own file format, lowest rank first; `parse_ranks` reads it back."""
    ordered = sorted(ranks.items(), key=lambda pair: pair[1])
    return b"".join(base64.b64encode(token) + b" %d\n" % rank for token, rank in ordered)


def encoding_from_ranks(name: str, lines: bytes) -> Encoding:
    """Return the encoding of a file in tiktoken's format, which must hold all 256 single bytes."""
    encoder: tiktoken.Encoding = _tiktoken().Encoding(
        name=name, pat_str=PATTERN, mergeable_ranks=parse_ranks(lines), special_tokens={}
    )
    return Encoding(name, hashlib.sha256(PATTERN.encode() + b"\0" + lines).hexdigest()[:16], encoder)


@cache
def bundled() -> Encoding:
    """Return the encoding that ships with the program; the same on every machine."""
    return encoding_from_ranks("vraagbaak-nl", (files("index") / RANKS_FILE).read_bytes())


def count_tokens(text: str) -> int:
    """Return how many tokens the text has in the bundled encoding: what every process finds by name."""
    return bundled().count(text)


@cache
def for_model(model: str) -> Encoding:
    """Return a language model's own encoding where tiktoken has it in its cache, else the bundled one."""
    library = _tiktoken()
    try:
        name = library.encoding_name_for_model(model)
        with _without_download():
            encoder = library.get_encoding(name)
    except (KeyError, _NotCachedError):
        return bundled()
    return Encoding(name, name, encoder)


class _NotCachedError(Exception):
    """tiktoken wanted to fetch a file."""


_downloads = threading.Lock()


@contextmanager
def _without_download() -> Iterator[None]:
    # tiktoken has no offline switch: the one function that it fetches files with is put out of order.
    import tiktoken.load

    def refuse(blobpath: str) -> bytes:
        raise _NotCachedError(blobpath)

    with _downloads:
        fetch = tiktoken.load.read_file
        tiktoken.load.read_file = refuse
        try:
            yield
        finally:
            tiktoken.load.read_file = fetch


def _tiktoken() -> ModuleType:
    try:
        import tiktoken
    except ImportError as error:
        raise SettingsError("tokens.missing") from error
    return tiktoken
