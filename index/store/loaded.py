"""A generation's files go in, its engines come out, opened and verified."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from index.errors import StoreError
from index.lexical import LexicalIndex
from index.store.files import checksum
from index.store.manifest import Manifest
from index.store.vectors import read_dead, read_segment
from index.values import Document, Filters
from index.vectors import Numbers, Segment, VectorIndex

_LARGE = 32_000_000  # bytes


@dataclass(slots=True)
class Loaded:
    """The engines of one generation, opened and verified; shared by all its snapshots."""

    manifest: Manifest
    lexical: LexicalIndex | None = None
    vectors: VectorIndex | None = None
    segments: dict[str, Segment] = field(default_factory=dict)
    texts: dict[int, tuple[Document, str]] = field(default_factory=dict)
    named: dict[str, frozenset[str]] = field(default_factory=dict)
    allowed: dict[Filters, Numbers] = field(default_factory=dict)
    profiles: dict[int, bytes] = field(default_factory=dict)
    spans: Numbers | None = None

    @staticmethod
    def of(manifest: Manifest, folder: Path, before: Loaded | None = None) -> Loaded:
        """Open the files of a generation; what `before` holds already is neither read nor verified again.

        Raises `StoreError` naming the file that is not what was written, `FileNotFoundError` when one is gone.
        """
        verified = dict(before.manifest.files) if before else {}
        known = {(Path(name).name, digest) for name, digest in verified.items()}
        new = [name for name, digest in manifest.files.items() if (Path(name).name, digest) not in known]
        for name, found in zip(new, _checksums([folder / name for name in new]), strict=True):
            if found != manifest.files[name]:
                raise StoreError("store.damaged", folder=folder, part=name)
        try:
            return Loaded._open(manifest, folder, before)
        except ValueError as error:
            # The engine says of a file that is gone what it says of a broken one.
            for name in manifest.files:
                (folder / name).stat()
            raise StoreError("store.damaged", folder=folder, part=str(error)) from error

    @staticmethod
    def _open(manifest: Manifest, folder: Path, before: Loaded | None) -> Loaded:
        have = before.segments if before else {}
        segments = {
            name: have[name] if name in have else read_segment(folder, name, manifest.sketches.get(name))
            for name in manifest.segments
        }
        return Loaded(
            manifest,
            LexicalIndex(folder / manifest.lexical) if manifest.lexical else None,
            VectorIndex(list(segments.values()), read_dead(folder, manifest)) if segments else None,
            segments,
        )


def _checksums(paths: Sequence[Path]) -> list[str]:
    """Return the checksum of each file; large ones are read on all cores, for that is what opening waits for."""
    if sum(path.stat().st_size for path in paths) < _LARGE:
        return [checksum(path) for path in paths]
    with ThreadPoolExecutor() as pool:
        return list(pool.map(checksum, paths))
