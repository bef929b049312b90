"""Takes the tree of official metadata (metadata.xml, OWMS, search records, headers) and gives names with values."""

from __future__ import annotations

import re
from collections.abc import Iterable

from index.identifiers import canonical
from index.read.source import About
from index.read.tree import Node

SIDE_ROOTS = frozenset(
    ("metadata_gegevens", "owms-metadata", "record", "searchretrieveresponse", "gzd", "metadata", "manifest", "work")
)
_IDENTIFIER = re.compile(
    r"(?:^|/)((?:ah|kv|kst|blg|h|ag|nds|stb|stcrt|trb|gmb|prb|bgr|wsb)-[\w().-]{1,60}?|BWB[RVW]\d{7}|CVDR\d{1,8})"
    r"(?=/|\.html|\.xml|\.pdf|_\d|$)",
    re.IGNORECASE,
)
_META = ("metadata", "meta")
_OWMS = ("owmskern", "owmsmantel", "tpmeta", "oep", "cvdripm", "opmeta")


def is_side_file(root: Node) -> bool:
    """Whether a file only tells about other files: metadata, a search record."""
    return root.tag in SIDE_ROOTS


def about_of_xml(root: Node) -> About:
    """Return the metadata in a tree, in either of the two forms, by the last part of their names in lower case."""
    pairs = [
        (node.attributes["name"], node.attributes["content"])
        for node in root.all(*_META)
        if "name" in node.attributes and "content" in node.attributes
    ]
    for group in root.all(*_OWMS):
        pairs += [(node.tag, node.text) for node in group.nodes if not node.nodes]
    return about_of_pairs(pairs)


def about_of_pairs(pairs: Iterable[tuple[str, str]]) -> About:
    """Return names, without what stands before their last stop, with their values in order."""
    about: dict[str, list[str]] = {}
    for name, value in pairs:
        short = re.split(r"[.:]", name)[-1].strip().lower()
        words = " ".join(value.split())
        if short and words and words not in about.setdefault(short, []):
            about[short].append(words)
    return {name: tuple(values) for name, values in about.items() if values}


def identifier_of(text: str) -> str | None:
    """Return the official identifier that a text or an address is or ends with, in its official spelling."""
    match = _IDENTIFIER.search(text.strip())
    return canonical(match[1]) if match else None


def identifier_in(root: Node) -> str | None:
    """Return the identifier that a publication gives itself: the address of its metadata, or its own attribute."""
    for node in root.all("meta"):
        if node.attributes.get("name", "").lower().endswith("externmetadatarecord"):
            return identifier_of(node.attributes.get("content", "").removesuffix("/metadata.xml"))
    own = root.find("identifier") if root.tag == "cvdr" else None
    return identifier_of(root.attributes.get("bwb-id", "")) or (f"CVDR{own.text}" if own else None)
