"""The setting `model` goes in, a language model comes out; the only place that knows the forms of that setting."""

from __future__ import annotations

from index.errors import SettingsError
from rag.gguf_model import GgufModel
from rag.local_model import LocalModel
from rag.openai_server import OpenAIServer
from rag.protocols import LanguageModel

EXTRACTIVE = "extractive"


def load_model(setting: str, *, api_key: str | None = None) -> LanguageModel | None:
    """Return the model that `setting` names, or None for `extractive`; raise `SettingsError` for another form.

    `openai:NAME@URL` is any OpenAI-compatible server; `api_key` is its key, where it asks for one.
    `transformers:NAME-OR-FOLDER` and `llama.cpp:FILE.gguf` run in this process, and are loaded when first asked.
    """
    if setting.strip() in ("", EXTRACTIVE):
        return None
    provider, _, rest = setting.strip().partition(":")
    if provider == "transformers" and rest:
        return LocalModel(rest)
    if provider == "llama.cpp" and rest.endswith(".gguf"):
        return GgufModel(rest)
    name, _, url = rest.rpartition("@")
    if provider != "openai" or not name or not url.startswith(("http://", "https://")):
        raise SettingsError("model.unknown_setting", setting=setting)
    return OpenAIServer(name, url, api_key=api_key)
