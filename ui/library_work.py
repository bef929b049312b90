"""Paths go in, a process of its own indexes them, and what becomes of each file comes back through a pipe."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from index.build import FileReport, build_index
from index.errors import VraagbaakError
from ui.settings import Settings


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be done: these files read; or, where they lie in a folder that is pruned, what is gone let go."""

    paths: tuple[Path, ...]
    prune: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one file, and how far the work is."""

    path: str
    status: str
    document: str | None
    kind: str | None
    passages: int
    message: dict[str, str]
    done: int
    total: int


def work(settings: Settings, works: Sequence[Work], pipe: Connection) -> None:
    """Index; send a `Done` for each file, and at the end None, or the key and fields of what went wrong."""
    from index.tokens import bundled, count_tokens
    from ui.compose import make_embedder

    os.nice(5)  # those who ask go before
    encoding = bundled()

    def tell(file: FileReport, done: int, total: int) -> None:
        message = {"nl": file.message("nl"), "en": file.message("en")}
        pipe.send(Done(file.path, file.status, file.document, file.kind, file.passages, message, done, total))

    try:
        for one in works:
            build_index(
                one.paths,
                settings.store_place,
                make_embedder(settings),
                count_tokens=count_tokens,
                encoding=f"{encoding.name} {encoding.digest}",
                prune=one.prune,
                keep_sources=settings.keep_sources,
                processes=os.cpu_count() or 1,
                on_file=tell,
            )
    except VraagbaakError as error:
        pipe.send((error.key, {name: str(value) for name, value in error.fields.items()}))
    else:
        pipe.send(None)
    finally:
        pipe.close()
