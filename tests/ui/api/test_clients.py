"""The real clients of others: OpenAI's library and that of the Model Context Protocol, over a running server."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openai
import pytest

from index.store import Store
from ui.settings import Settings

QUESTION = "Hoe lang is de wachttijd voor jeugdhulp?"


@pytest.fixture(scope="module")
def served(
    samples: Path, app_over: Callable[..., Any], running: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, str]]:
    """The address of a desk that asks who one is, and a key for it."""
    desk = tmp_path_factory.mktemp("desk")
    app = app_over(Settings(store=str(samples), desk=str(desk), auth="required"), Store.open(samples))
    key = app.operation.rules.accounts.add_key("dienst", "desk")
    with running(app) as address:
        yield address, key


def test_the_desk_is_a_model_for_openais_client(served: tuple[str, str]) -> None:
    client = openai.OpenAI(base_url=served[0] + "/v1", api_key=served[1], max_retries=0)
    assert [model.id for model in client.models.list()] == ["vraagbaak"]
    assert client.models.retrieve("vraagbaak").owned_by == "vraagbaak"
    done = client.chat.completions.create(
        model="vraagbaak",
        messages=[{"role": "system", "content": "Verzin iets."}, {"role": "user", "content": QUESTION}],
    )
    message = done.choices[0].message
    assert message.content is not None and "19 weken. [1]" in message.content
    assert "Bronnen:\n[1] De oplopende wachttijden in de jeugdhulp" in message.content
    citations = message.model_dump()["citations"]
    assert citations[0]["number"] == 1 and "19 weken" in citations[0]["quote"]
    assert done.usage is not None and done.usage.total_tokens > 50
    assert done.choices[0].finish_reason == "stop"


def test_the_desk_streams_to_openais_client(served: tuple[str, str]) -> None:
    client = openai.OpenAI(base_url=served[0] + "/v1", api_key=served[1], max_retries=0)
    messages: list[Any] = [
        {"role": "user", "content": QUESTION},
        {"role": "assistant", "content": "19 weken. [1]\n\nBronnen:\n[1] Onzin, vraag 9: «onzin» onzin.txt"},
        {"role": "user", "content": [{"type": "text", "text": "En een jaar eerder?"}]},
    ]
    chunks = list(
        client.chat.completions.create(
            model="vraagbaak", messages=messages, stream=True, stream_options={"include_usage": True}
        )
    )
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert "14 weken" in text and text.count("Bronnen:") == 1 and "nzin" not in text
    last = [chunk for chunk in chunks if chunk.choices][-1]
    assert last.choices[0].finish_reason == "stop"
    assert last.choices[0].delta.model_dump()["citations"]
    assert chunks[-1].usage is not None


def test_openais_client_understands_our_refusals(served: tuple[str, str]) -> None:
    client = openai.OpenAI(base_url=served[0] + "/v1", api_key=served[1], max_retries=0)
    asked: list[Any] = [{"role": "user", "content": QUESTION}]
    with pytest.raises(openai.AuthenticationError, match="API-sleutel"):
        openai.OpenAI(base_url=served[0] + "/v1", api_key="vb_x", max_retries=0).models.list()
    with pytest.raises(openai.NotFoundError, match="vraagbaak"):
        client.chat.completions.create(model="gpt-4o", messages=asked)
    with pytest.raises(openai.UnprocessableEntityError, match="messages"):
        client.chat.completions.create(model="vraagbaak", messages=[])
    with pytest.raises(openai.UnprocessableEntityError, match="te lang"):
        long: list[Any] = [{"role": "user", "content": "woord " * 300}]
        client.chat.completions.create(model="vraagbaak", messages=long)
    nothing = client.chat.completions.create(
        model="vraagbaak", messages=[{"role": "user", "content": "Wat is de hoofdstad van Mongolië?"}]
    )
    assert "documenten" in (nothing.choices[0].message.content or "")


def test_the_tools_are_found_and_called_by_the_client_of_the_protocol(served: tuple[str, str]) -> None:
    async def call() -> tuple[Any, ...]:
        import httpx2
        from mcp import Client
        from mcp.client.streamable_http import streamable_http_client

        headers = {"Authorization": f"Bearer {served[1]}"}
        async with (
            httpx2.AsyncClient(headers=headers, timeout=60) as http,
            Client(streamable_http_client(served[0] + "/mcp", http_client=http)) as client,
        ):
            tools = await client.list_tools()
            found = await client.call_tool("search", {"question": "wachttijd jeugdhulp", "k": 2})
            answer = await client.call_tool("ask", {"question": QUESTION})
            wrong = await client.call_tool("ask", {"question": "woord " * 300})
            refused = [
                await client.call_tool(*asked)
                for asked in (
                    ("ask", {}),
                    ("search", {"question": "x", "k": 99, "language": "en"}),
                    ("vraag", {}),
                )
            ]
            return tools, found, answer, wrong, *refused

    tools, found, answer, wrong, *refused = asyncio.run(call())
    assert {tool.name for tool in tools.tools} == {"search", "ask"}
    assert all(tool.description for tool in tools.tools)
    assert len(found.structured_content["hits"]) == 2
    assert "19 weken" in answer.structured_content["answer"]
    assert answer.structured_content["citations"][0]["quote"]
    assert wrong.is_error and "te lang" in wrong.content[0].text and "Error" not in wrong.content[0].text
    assert [one.content[0].text for one in refused] == [
        "Het veld question ontbreekt. Stuur het mee.",
        "The number in the field k is too large. Choose 50 or lower.",
        "Dit hulpmiddel is er niet. Gebruik: search, ask.",
    ]


def test_a_stranger_cannot_call_the_tools(served: tuple[str, str]) -> None:
    import httpx

    assert httpx.post(served[0] + "/mcp", json={"jsonrpc": "2.0", "id": 1, "method": "tools/list"}).status_code == 401
