"""The bundled encoding: whole, small, offline, and trained in the very order in which tiktoken merges."""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import tokens
from index.errors import SettingsError
from index.tokens import bundled, encoding_from_ranks, for_model, format_ranks, parse_ranks
from index.train_tokens import frequent_words, merge, train

SENTENCE = "De gemeente vergoedt de energietoeslag tot 120 procent van het sociaal minimum."


@settings(deadline=None)
@given(st.text())
def test_any_text_comes_back_from_its_tokens(text: str) -> None:
    assert bundled().decode(bundled().encode(text)) == text


@settings(deadline=None)
@given(st.text())
def test_count_is_the_number_of_tokens(text: str) -> None:
    assert bundled().count(text) == len(bundled().encode(text))


def test_words_that_look_like_special_tokens_are_ordinary_text() -> None:
    text = "<|endoftext|> en <|im_start|>system"
    assert bundled().decode(bundled().encode(text)) == text


def test_common_dutch_words_are_one_token_and_a_compound_is_a_few() -> None:
    assert [bundled().count(word) for word in (" de", " gemeente", " antwoord", " vraag")] == [1, 1, 1, 1]
    assert bundled().count(" schuldhulpverleningstraject") <= 5


def test_ranks_file_holds_every_byte_and_stays_under_one_megabyte() -> None:
    content = (files("index") / tokens.RANKS_FILE).read_bytes()
    ranks = parse_ranks(content)
    assert len(content) < 1_000_000
    assert [ranks[bytes([byte])] for byte in range(256)] == list(range(256))
    assert sorted(ranks.values()) == list(range(len(ranks)))
    assert format_ranks(ranks) == content


def test_digest_changes_with_the_ranks() -> None:
    one = encoding_from_ranks("one", format_ranks(train({b"aab": 2}, 257)))
    two = encoding_from_ranks("one", format_ranks(train({b"abb": 2}, 257)))
    assert one.digest != two.digest
    assert len(bundled().digest) == 16


@pytest.mark.parametrize("unit", ["a", " ", "é", "?!", "1", "\n", "ab1! "])
def test_a_line_of_half_a_megabyte_is_counted_without_an_error(unit: str) -> None:
    assert 0 < bundled().count(unit * (500_000 // len(unit))) <= 1_000_000


def test_importing_the_module_does_not_import_tiktoken() -> None:
    code = "import sys, index.tokens; sys.exit('tiktoken' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_missing_tiktoken_is_told_with_the_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tiktoken", None)
    with pytest.raises(SettingsError, match="pip install"):
        encoding_from_ranks("x", b"")


words = st.dictionaries(st.text("abcé", min_size=1, max_size=9).map(str.encode), st.integers(1, 9), min_size=1)


@settings(deadline=None)
@given(words)
def test_ranks_are_the_order_of_merging_so_that_tiktoken_cuts_alike(frequencies: dict[bytes, int]) -> None:
    ranks = train(frequencies, 300)
    encoding = encoding_from_ranks("test", format_ranks(ranks))
    for word in frequencies:
        pieces = merge([word[i : i + 1] for i in range(len(word))], ranks)
        assert [ranks[piece] for piece in pieces] == encoding.encode(word.decode())


@settings(deadline=None)
@given(words)
def test_training_gives_the_same_ranks_whatever_the_order_of_the_words(frequencies: dict[bytes, int]) -> None:
    backwards = dict(reversed(frequencies.items()))
    assert train(frequencies, 280) == train(backwards, 280)


def test_the_most_frequent_neighbours_become_the_first_token() -> None:
    ranks = train(frequent_words(["ver ver ver vel"], 100), 259)
    assert sorted(ranks, key=ranks.__getitem__)[256:] == [b"ve", b" ve", b" ver"]


@pytest.fixture
def offline_tiktoken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty cache of tiktoken, none of its encodings loaded, and every attempt to open a socket an error."""
    import socket

    import tiktoken.registry

    def refuse(*_: object) -> None:
        pytest.fail("tiktoken wanted the network")

    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(tiktoken.registry, "ENCODINGS", {})
    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    for_model.cache_clear()
    yield tmp_path
    for_model.cache_clear()


@pytest.mark.parametrize("model", ["gpt-4o", "gpt-4", "gpt2", "text-davinci-003", "onbekend-model"])
def test_a_model_whose_encoding_is_not_cached_is_counted_with_the_bundled_one(
    offline_tiktoken: Path, model: str
) -> None:
    assert for_model(model) is bundled()
    assert list(offline_tiktoken.iterdir()) == []


def test_a_model_whose_encoding_is_cached_is_counted_with_its_own(
    offline_tiktoken: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import tiktoken.registry

    address = "https://example.invalid/own.tiktoken"
    ranks = b"".join(base64.b64encode(bytes([byte])) + b" %d\n" % byte for byte in range(256))
    (offline_tiktoken / hashlib.sha1(address.encode()).hexdigest()).write_bytes(ranks)

    def constructor() -> dict[str, object]:
        from tiktoken.load import load_tiktoken_bpe

        cached = load_tiktoken_bpe(address, hashlib.sha256(ranks).hexdigest())
        return {"name": "o200k_base", "pat_str": ".", "mergeable_ranks": cached, "special_tokens": {}}

    tiktoken.registry.list_encoding_names()  # finds the constructors, once
    constructors = tiktoken.registry.ENCODING_CONSTRUCTORS
    assert constructors is not None
    monkeypatch.setitem(constructors, "o200k_base", constructor)
    own = for_model("gpt-4o")
    assert own.name == "o200k_base"
    assert own.count("vraag") == 5
    assert bundled().count("vraag") < 5


@pytest.mark.usefixtures("offline_tiktoken")
def test_after_looking_for_a_model_tiktoken_can_fetch_again() -> None:
    import tiktoken.load

    before = tiktoken.load.read_file
    for_model("gpt-4o")
    assert tiktoken.load.read_file is before


@pytest.mark.real
def test_real_answers_have_more_than_four_and_a_half_characters_a_token(shared: Path) -> None:
    with (shared / "questions" / "kamervragen-dev.jsonl").open(encoding="utf-8") as lines:
        text = " ".join(json.loads(line)["answer"] for line in lines)
    assert len(text) / bundled().count(text) > 4.5
    assert bundled().count(text) / len(text.split()) < 1.5
