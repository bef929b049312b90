"""A process that changes a store, to be killed by `eval.crashes`: its action and folders come in, "ready" goes out.

Exit code 0 when done, 3 when the store refused with a sentence of ours (its key is said first), 1 (Python's own) for
anything that was not foreseen.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from eval.hashed_words import HashedWords
from index.build import build_index, remove_documents
from index.errors import VraagbaakError
from index.store.admin import purge, rollback
from index.store.backup import backup, restore
from index.tokens import count_tokens

KEPT = 3


def index(sources: str, store: str, rest: str) -> None:
    """Index a folder, resting after so many seconds of work; documents whose files are gone go as well."""
    build_index(
        [Path(sources)],
        Path(store),
        HashedWords(),
        count_tokens=count_tokens,
        prune=True,
        rest_after=float(rest),
        keep=KEPT,
    )


def remove(store: str, *documents: str) -> None:
    """Remove documents and leave nothing of them."""
    remove_documents(Path(store), documents)
    purge(Path(store))


ACTIONS: dict[str, Callable[..., object]] = {
    "index": index,
    "remove": remove,
    "purge": lambda store: purge(Path(store)),
    "backup": lambda store, target: backup(Path(store), Path(target)),
    "restore": lambda saved, store: restore(Path(saved), Path(store)),
    "rollback": lambda store, generation: rollback(Path(store), int(generation)),
}


def main() -> int:
    """Do one action; return the exit code."""
    action, *arguments = sys.argv[1:]
    count_tokens("warm")
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    try:
        ACTIONS[action](*arguments)
    except VraagbaakError as error:
        sys.stderr.write(f"{error.key}: {error}\n")
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
