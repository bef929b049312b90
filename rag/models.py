"""The setting `model` goes in, a language model comes out; the only place that knows the forms of that setting."""

from __future__ import annotations

from index.errors import SettingsError
from rag.openai_server import OpenAIServer
from rag.protocols import LanguageModel

EXTRACTIVE = "extractive"


def load_model(setting: str, *, api_key: str | None = None) -> LanguageModel | None:
    """Return the model that `setting` names, or None for `extractive`; raise `SettingsError` for another form.

    `openai:NAME@URL` is any OpenAI-compatible server; `api_key` is its key, where it asks for one.
    """
    if setting.strip() in ("", EXTRACTIVE):
        return None
    provider, _, rest = setting.strip().partition(":")
    name, _, url = rest.rpartition("@")
    if provider != "openai" or not name or not url.startswith(("http://", "https://")):
        raise SettingsError("model.unknown_setting", setting=setting)
    return OpenAIServer(name, url, api_key=api_key)
