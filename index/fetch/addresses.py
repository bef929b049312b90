"""Addresses as a source: single ones, a list of them in a file, or a sitemap with all that it leads to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from index.errors import FetchError, ReadError
from index.fetch.client import MEGABYTE, Client, unzipped
from index.fetch.hosts import shown
from index.fetch.koop_sru import is_at
from index.fetch.names import name_of_address
from index.fetch.values import Count, Criterion, Held, Item, Place, Selection
from index.read.tree import Node
from index.read.xml import parse_xml

_SITEMAPS = 200  # sitemaps of one index
_LARGEST = 64 * MEGABYTE


class Addresses:
    """Pages and files by their addresses, which are asked each time whether they changed."""

    name = "adressen"
    selects: frozenset[Criterion] = frozenset()

    def __init__(self, client: Client, addresses: Sequence[str], label: str) -> None:
        self._client = client
        self._addresses = addresses
        self.label = label

    def count(self, selection: Selection) -> list[Count]:
        """Return how many addresses there are."""
        after = tuple(sorted(selection.criteria))
        return [Count(self.label, sum(1 for _ in self.items(Selection())), bool(after), after)]

    def items(self, selection: Selection) -> Iterator[Item]:
        """Yield each address once."""
        del selection
        for address in dict.fromkeys(self._addresses):
            yield _item(address)

    def is_gone(self, held: Held) -> bool:
        """It is gone when its address does not know it any more."""
        return not is_at(self._client, held)


class Sitemap(Addresses):
    """All pages of a sitemap, or of the sitemaps that it names; `lastmod` tells which of them changed."""

    def __init__(self, client: Client, address: str) -> None:
        super().__init__(client, (), address)
        self._address = address

    def items(self, selection: Selection) -> Iterator[Item]:
        """Yield each page once."""
        del selection
        waiting, asked, seen = [self._address], 0, set[str]()
        while waiting:
            asked += 1
            if asked > _SITEMAPS:
                raise FetchError("fetch.endless", source=self.label, pages=_SITEMAPS)
            root = self._read(waiting.pop(0))
            for entry in root.all("sitemap", "url"):
                place, changed = entry.first("loc"), entry.first("lastmod")
                if place is None or not place.text or place.text in seen:
                    continue
                seen.add(place.text)
                if entry.tag == "sitemap":
                    waiting.append(place.text)
                else:
                    yield _item(place.text, changed.text if changed else "")

    def _read(self, url: str) -> Node:
        body = self._client.get(url, accept="application/xml, text/xml").body
        if body.startswith(b"\x1f\x8b"):
            body = b"".join(unzipped(iter([body]), _LARGEST, url))
        try:
            root = parse_xml(body, shown(url))
        except ReadError as error:
            raise FetchError("fetch.garbled", url=shown(url), reason=error) from error
        if root.tag not in ("urlset", "sitemapindex"):
            raise FetchError("fetch.no_sitemap", url=shown(url))
        return root


def is_sitemap(address: str) -> bool:
    """Whether an address is that of a sitemap, by its name."""
    return re.search(r"sitemap[^/?#]*\.xml(?:\.gz)?$", address, re.IGNORECASE) is not None


def read_list(path: Path) -> list[str]:
    """Return the addresses and identifiers in a text file, one a line; what follows `#` is a remark."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FetchError("fetch.list", file=path, reason=getattr(error, "strerror", None) or "UTF-8") from error
    lines = (line.partition(" #")[0].strip() for line in text.lstrip("\ufeff").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def _item(address: str, version: str = "") -> Item:
    return Item(name_of_address(address), version, (Place("any", address),), title=address)
