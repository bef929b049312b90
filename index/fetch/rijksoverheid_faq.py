"""The questions and answers of rijksoverheid.nl (JSON) as a source: each becomes a file of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from index.errors import FetchError
from index.fetch.client import Client
from index.fetch.hosts import shown
from index.fetch.koop_sru import is_at
from index.fetch.values import Count, Criterion, Held, Item, Place, Selection, day_of

_PAGE = 200
_MOST = 500  # pages; the service has some thousands of questions


class Rijksoverheid:
    """The service cannot select at all: everything is listed, and looked at afterwards."""

    name = "rijksoverheid"
    label = "rijksoverheid"
    selects: frozenset[Criterion] = frozenset()

    def __init__(self, client: Client, address: str) -> None:
        self._client = client
        self._address = address

    def count(self, selection: Selection) -> list[Count]:
        """Walk through the pages, as the service does not tell how many questions there are."""
        number = sum(1 for _ in self.items(Selection()))
        after = tuple(sorted(selection.criteria))
        return [Count(self.label, number, bool(after), after)]

    def items(self, selection: Selection) -> Iterator[Item]:
        """Walk through the pages until one is empty."""
        del selection
        for page in range(_MOST):
            url = f"{self._address}?rows={_PAGE}&offset={page * _PAGE}&output=json"
            rows = self._page(url)
            if not rows:
                return
            yield from (item for row in rows if (item := _item(row)))
        raise FetchError("fetch.endless", source=self.label, pages=_MOST)

    def is_gone(self, held: Held) -> bool:
        """It is gone when its own address does not know it any more."""
        return not is_at(self._client, held)

    def _page(self, url: str) -> list[Mapping[str, Any]]:
        response = self._client.get(url, accept="application/json")
        try:
            rows = json.loads(response.body)
        except (ValueError, RecursionError) as error:
            key = "fetch.error_page" if response.body.lstrip()[:1] == b"<" else "fetch.garbled"
            raise FetchError(key, url=shown(url), reason="JSON") from error
        if not isinstance(rows, list):
            raise FetchError("fetch.garbled", url=shown(url), reason="JSON")
        return [row for row in rows if isinstance(row, dict)]


def _item(row: Mapping[str, Any]) -> Item | None:
    identifier = row.get("id")
    address = row.get("dataurl") or row.get("canonical")
    if not isinstance(identifier, str) or not identifier or not isinstance(address, str):
        return None
    whole = isinstance(row.get("content"), list)
    changed = str(row.get("lastmodified") or "")
    day, faults = day_of(changed)
    about = [("date", day.isoformat())] if day else []
    for name, value in (("ministerie", row.get("authorities")), ("subject", row.get("subjects"))):
        about += [(name, text) for text in (value if isinstance(value, list) else [value]) if isinstance(text, str)]
    about += [("license", row["license"])] if isinstance(row.get("license"), str) else []
    title = row.get("question")
    return Item(
        identifier=f"faq-{identifier}".lower(),
        version=changed,
        places=(Place("json", address),),
        about=tuple(about),
        title=title if isinstance(title, str) else "",
        date=day,
        content=json.dumps(row, ensure_ascii=False, indent=1).encode() if whole else None,
        faults=faults,
    )
