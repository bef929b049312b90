"""Every way to a language model leads to the same answers: scripted, in this process, and behind a real server.

The tiny model has no attention and no knowledge: its weights are set so that each piece of its text calls up the next.
So it answers every question alike, with one sentence that the sources hold and one that they do not, or without end.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from itertools import cycle, islice, pairwise
from pathlib import Path

import httpx
import pytest

from index.errors import ModelError
from index.store import Store
from rag.assistant import Assistant
from rag.models import load_model
from rag.protocols import LanguageModel
from rag.scripted import ScriptedModel
from rag.values import Message

PIECES = ["De verbouwing", " kost €", " 1.250", ".000", ". [", "1]", " De brug", " is van", " goud. [1", "].", " "]
ENDLESS = ["bla ", "blub ", "bla", " blub", "bla bla "]
QUESTION = "Hoeveel kost de verbouwing van de wijkbibliotheek?"
WAYS = [
    "scripted",
    "transformers",
    pytest.param("openai", marks=pytest.mark.server),
    pytest.param(
        "llama.cpp",
        marks=pytest.mark.skipif(
            not (find_spec("llama_cpp") and os.environ.get("VRAAGBAAK_TEST_GGUF")),
            reason="needs llama-cpp-python and a GGUF file named by VRAAGBAAK_TEST_GGUF",
        ),
    ),
]


def save_model(folder: Path, pieces: list[str], *, ends: bool) -> None:
    """Save a Llama whose greedy continuation of any prompt is `pieces`, then the end or (not `ends`) all over again."""
    import torch
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    letters = {letter: number for number, letter in enumerate(sorted(pre_tokenizers.ByteLevel.alphabet()))}
    bare = Tokenizer(models.BPE(vocab=letters, merges=[]))
    bare.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    bare.decoder = decoders.ByteLevel()
    template = "{% for m in messages %}{{ m['content'] }}{% endfor %}<s>"
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=bare, bos_token="<s>", eos_token="</s>", chat_template=template
    )
    tokenizer.add_tokens([AddedToken(piece, normalized=False) for piece in pieces])
    tokenizer.save_pretrained(folder)
    order = [tokenizer.bos_token_id, *(tokenizer.convert_tokens_to_ids(piece) for piece in pieces)]
    order.append(tokenizer.eos_token_id if ends else order[1])
    size = len(tokenizer)
    model = LlamaForCausalLM(
        LlamaConfig(
            vocab_size=size,
            hidden_size=size + size % 2,
            intermediate_size=8,
            num_hidden_layers=1,
            num_attention_heads=1,
            num_key_value_heads=1,
            max_position_embeddings=16_384,
            bos_token_id=tokenizer.bos_token_id,
            eos_token_id=tokenizer.eos_token_id,
        )
    )
    with torch.no_grad():
        layer = model.model.layers[0]
        layer.self_attn.o_proj.weight.zero_()
        layer.mlp.down_proj.weight.zero_()
        model.model.embed_tokens.weight.copy_(torch.eye(size, size + size % 2))
        model.lm_head.weight.zero_()
        for this, following in pairwise(order):
            model.lm_head.weight[following, this] = 10.0
    model.save_pretrained(folder)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The folder of each of two models: `good` and `endless`."""
    root = tmp_path_factory.mktemp("models")
    for name, pieces, ends in (("good", PIECES, True), ("endless", ENDLESS, False)):
        save_model(root / name, pieces, ends=ends)
    return {name: root / name for name in ("good", "endless")}


@pytest.fixture(scope="module")
def address(folders: dict[str, Path]) -> Iterator[str]:
    """The address of one server on this machine that serves both models."""
    root = folders["good"].parent
    port, log = _free_port(), root / "server.log"
    server = _serve(port, root, log)
    try:
        _wait(port, server, log)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        server.terminate()
        server.wait(30)


@pytest.fixture
def model(request: pytest.FixtureRequest, folders: dict[str, Path]) -> Callable[[str, str], LanguageModel]:
    """A function that gives the model `good` or `endless` by each way there is."""

    def load(way: str, name: str) -> LanguageModel:
        if way == "scripted":
            endless = [*islice(cycle(ENDLESS), 600)]
            failure = ModelError("model.cut_off", name=name) if name == "endless" else None
            return ScriptedModel(PIECES if name == "good" else endless, failure, name=name)
        if way == "llama.cpp":
            found = load_model(f"llama.cpp:{os.environ['VRAAGBAAK_TEST_GGUF']}")
        elif way == "transformers":
            found = load_model(f"transformers:{folders[name]}")
        else:
            found = load_model(f"openai:{folders[name]}@{request.getfixturevalue('address')}")
        assert found is not None
        return found

    return load


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _serve(port: int, home: Path, log: Path) -> subprocess.Popen[bytes]:
    command = Path(sys.executable).with_name("transformers")
    if not command.exists():
        pytest.skip("the command `transformers` is not installed (pip install 'vraagbaak[dev]')")
    environment = os.environ | {"HF_HUB_OFFLINE": "1", "HF_HOME": str(home), "OMP_NUM_THREADS": "1"}
    arguments = [str(command), "serve", "--host", "127.0.0.1", "--port", str(port), "--device", "cpu"]
    with log.open("wb") as out:
        return subprocess.Popen(arguments, stdout=out, stderr=out, env=environment)


def _wait(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(240):
        if server.poll() is not None:
            break
        try:
            if httpx.get(f"http://127.0.0.1:{port}/health", timeout=2).is_success:
                return
        except httpx.HTTPError:
            time.sleep(0.5)
    pytest.fail(f"the model server did not start:\n{log.read_text(errors='replace')[-2000:]}")


@pytest.mark.parametrize("way", WAYS)
def test_a_model_streams_and_only_its_supported_sentences_are_shown(
    store: Store, model: Callable[[str, str], LanguageModel], way: str
) -> None:
    answers = list(Assistant(store, model(way, "good")).stream(QUESTION))
    assert len(answers) > 1
    final = answers[-1]
    assert "goud" not in final.text
    assert "1.250.000" in final.text
    if way != "llama.cpp":  # a file of one's own writes what it likes
        assert final.text == "De verbouwing kost € 1.250.000. [1]"
        assert final.model.endswith("good")
        assert final.citations[0].quote == "De verbouwing kost € 1.250.000."
        assert "1 zin" in final.notices[0]


@pytest.mark.parametrize("way", [way for way in WAYS if getattr(way, "values", [""])[0] != "llama.cpp"])
def test_a_model_that_never_ends_gives_way_to_the_quoted_answer(
    store: Store, model: Callable[[str, str], LanguageModel], way: str
) -> None:
    answer = Assistant(store, model(way, "endless")).ask(QUESTION)
    assert answer.model == "extractive"
    assert "1.250.000" in answer.text
    assert answer.notices


@pytest.mark.parametrize("way", WAYS)
def test_the_same_messages_get_the_same_text(model: Callable[[str, str], LanguageModel], way: str) -> None:
    messages = (Message("system", "Regels."), Message("user", "Vraag?"))
    loaded = model(way, "good")
    assert "".join(loaded.stream(messages)) == "".join(loaded.stream(messages))


@pytest.mark.parametrize("setting", ["transformers:/nergens/model", "llama.cpp:/nergens/model.gguf"])
def test_a_model_that_is_not_on_this_machine_gives_way_to_the_quoted_answer(store: Store, setting: str) -> None:
    answer = Assistant(store, load_model(setting)).ask(QUESTION)
    assert answer.model == "extractive"
    assert "/nergens/model" in answer.notices[0]
    assert "1.250.000" in answer.text


def test_a_stream_that_nobody_reads_on_stops_the_model(folders: dict[str, Path]) -> None:
    loaded = load_model(f"transformers:{folders['endless']}")
    assert loaded is not None
    messages = (Message("user", "Vraag?"),)
    stream = loaded.stream(messages)
    next(stream)
    stream.close()  # type: ignore[attr-defined]
    assert next(loaded.stream(messages))
