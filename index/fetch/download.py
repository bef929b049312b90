"""A listed document in, its files in their places out: the best form that can be had, looked at before it is kept."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from index.documents import read_documents
from index.errors import FetchError, VraagbaakError
from index.fetch.bodies import refuse_no_document
from index.fetch.client import Client, Response
from index.fetch.folder import Folder
from index.fetch.select import Facts, facts_of_document, facts_of_metadata, judge
from index.fetch.values import Held, Item, Pairs, Place, Selection
from index.identifiers import canonical
from index.language import Language, catalogue, say

_ACCEPT = {
    "xml": "application/xml, text/xml",
    "html": "text/html, application/xhtml+xml",
    "pdf": "application/pdf",
    "json": "application/json",
}
_ORIGIN = "vraagbaak."  # names of ours among the metadata


@dataclass(frozen=True, slots=True)
class Fetched:
    """What is known of a document now, and what changed for it. `note` says which better forms could not be had."""

    held: Held
    status: Literal["new", "changed", "unchanged", "left_out"]
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Body:
    place: Place
    response: Response
    suffix: str
    note: str = ""


class Download:
    """Brings the documents of one source into the folder; `wanted` is what its interface could not select by."""

    def __init__(self, source: str, folder: Folder, client: Client, wanted: Selection) -> None:
        self._source = source
        self.folder = folder
        self._client = client
        self._wanted = wanted

    def bring(self, name: str, item: Item, held: Held | None) -> Fetched:
        """Fetch one document that is new, changed, or whose version the source does not tell.

        Raises `FetchError` where it cannot be had in any form.
        """
        here = held is not None and held.status == "present" and self.folder.is_there(held.path, held.size)
        left_out = held is not None and held.status == "left_out" and held.reason == self._wanted.key
        found = self._found(item, held if here or left_out else None)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        if found.response.not_modified and held and left_out:
            return Fetched(replace(held, version=item.version), "left_out")
        if found.response.not_modified and held:
            return self._as_it_was(item, replace(held, version=item.version, title=item.title, reason=""))
        digest = hashlib.sha256(found.response.body).hexdigest()
        new = Held(
            source=self._source,
            name=name,
            identifier=item.identifier,
            version=item.version,
            status="present",
            title=item.title,
            form=found.place.form,
            url=found.place.url,
            size=len(found.response.body),
            sha256=digest,
            etag=found.response.etag,
            modified=found.response.modified,
            fetched=now,
            changed=now,
        )
        if here and held and held.sha256 == digest and held.path.endswith(found.suffix):
            kept = replace(new, path=held.path, fetched=held.fetched, changed=held.changed, facts=held.facts)
            return self._as_it_was(item, kept)
        return self._kept(item, new, found, here)

    def _kept(self, item: Item, new: Held, found: _Body, here: bool) -> Fetched:
        """Put a new or changed document in its place, unless its own words say that it is not wanted."""
        partial = self.folder.write_partial(new.name, found.suffix, found.response.body, _about(item, new))
        told = facts_of_metadata(item.about, item.date)
        if judge(self._wanted, told)[0] is None:
            facts = _facts(partial, told)
            new = replace(new, facts=facts.packed)
            if judge(self._wanted, facts)[0] is not True and not here:
                self.folder.drop_partial(new.name, found.suffix)
                return Fetched(replace(new, status="left_out", size=0, reason=self._wanted.key), "left_out")
        place = self.folder.publish(self._source, new.name, found.suffix)
        return Fetched(replace(new, path=place), "changed" if here else "new", found.note)

    def _as_it_was(self, item: Item, held: Held) -> Fetched:
        self.folder.publish_metadata(held.path, _about(item, held))
        return Fetched(held, "unchanged")

    def _found(self, item: Item, held: Held | None) -> _Body:
        """Take the best form that is a whole document; one that is held is never given up for a lesser one."""
        if item.content is not None:
            place = item.places[0]
            response = Response(place.url, item.content)
            return _Body(place, response, refuse_no_document(place.form, item.content, place.url))
        failures: list[FetchError] = []
        for place in item.places:
            try:
                return replace(self._asked(place, held), note=pack_reason(failures[0]) if failures else "")
            except FetchError as error:
                failures.append(error)
                if error.retryable or error.key in _FOR_ALL_FORMS or (held and held.form == place.form):
                    raise
        if not failures:
            raise FetchError("fetch.no_form", name=item.identifier)
        gone = all(error.gone for error in failures)
        failures[0].gone = gone
        raise failures[0]

    def _asked(self, place: Place, held: Held | None) -> _Body:
        same = held if held and held.url == place.url else None
        accept = _ACCEPT.get(place.form, "*/*")
        response = self._client.get(
            place.url, accept=accept, etag=same.etag if same else "", modified=same.modified if same else ""
        )
        if response.not_modified:
            if same is None:
                raise FetchError("fetch.status", url=place.url, status=304)
            return _Body(place, response, "")
        return _Body(place, response, refuse_no_document(place.form, response.body, place.url))


# No other form of the document would be had either.
_FOR_ALL_FORMS = frozenset({"fetch.later", "fetch.host", "fetch.inside", "fetch.unsafe", "fetch.address"})


def _about(item: Item, held: Held) -> Pairs:
    """The metadata for the file beside a document: what the source tells, and where it came from."""
    identifier = canonical(item.identifier)
    told = [(name, value) for name, value in item.about if name.rpartition(".")[2].lower() != "identifier"]
    origin = {
        "source": held.source,
        "origin": held.url,
        "listed_as": item.identifier,
        "sha256": held.sha256,
        "fetched": held.fetched,
    }
    return (("DC.identifier", identifier), *told, *((_ORIGIN + name, value) for name, value in origin.items() if value))


def _facts(path: Path, told: Facts) -> Facts:
    """What a fetched document tells of itself; nothing where it cannot be read, which indexing says by name."""
    try:
        readings = read_documents(path, path.name, lambda text: len(text.split()))
    except VraagbaakError:
        return told
    return facts_of_document(readings[0].document, readings[0].text, told) if readings else told


def pack_reason(error: VraagbaakError) -> str:
    """Return an error as short text that can be said in any language later on."""
    fields = {name: _packed(value) for name, value in error.fields.items()}
    return json.dumps({"key": error.key, **({"fields": fields} if fields else {})}, sort_keys=True)


def say_reason(reason: str, language: Language) -> str:
    """Return in words what `pack_reason` packed."""
    if not reason.startswith("{"):
        return say(reason, language) if reason else ""
    told = json.loads(reason)
    if told["key"] not in catalogue(language):
        return str(told["key"])  # of another version of the program
    fields = {
        name: say_reason(value["reason"], language) if isinstance(value, dict) else value
        for name, value in told.get("fields", {}).items()
    }
    return say(told["key"], language, **fields)


def _packed(value: object) -> object:
    if isinstance(value, VraagbaakError):
        return {"reason": pack_reason(value)}
    return value if isinstance(value, int | float | str) else str(value)
