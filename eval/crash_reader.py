"""A process that reads a store over and over and tells what it saw, for `eval.crashes`: one JSON object a line."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from eval.crash_bench import digest, verified
from eval.hashed_words import HashedWords
from index.store import Store

_PAUSE = 0.05


def main() -> None:
    """Read until killed. One store is open all the time, as that of a chat page is."""
    store, texts = Store(Path(sys.argv[1]), HashedWords()), dict[str, str]()
    while True:
        fault = ""
        try:
            with store.snapshot() as snapshot:
                texts = {document: digest(text) for document, text in verified(snapshot).items()}
        except Exception as error:
            fault = f"{type(error).__name__}: {error}"
        sys.stdout.write(json.dumps({"texts": texts, "fault": fault}) + "\n")
        sys.stdout.flush()
        time.sleep(_PAUSE)


if __name__ == "__main__":
    main()
