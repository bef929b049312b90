"""Our own files that every page loads, and the part of a page's head that names them."""

from __future__ import annotations

from pathlib import Path

from markupsafe import escape

FOLDER = Path(__file__).parent / "assets"
ASSETS = frozenset(file.name for file in FOLDER.iterdir())
"""The names of the files that `/desk/NAME` gives; there are no others."""
CHAT = ("style.css", "chat.css", "views.css", "page.js", "acts.js", "account.js")
VIEW = ("style.css", "views.css")


def head(path: str, files: tuple[str, ...] = CHAT, starting: str = "") -> str:
    """Return our part of the head of the page at `path`, its links relative so that they work behind a proxy too.

    `starting` is what the page says until it is there.
    """
    up = "../" * (path.count("/") - 1)
    return (
        f'<meta name="color-scheme" content="light dark"><meta name="starting" content="{escape(starting)}">'
        f'<link rel="icon" type="image/svg+xml" href="{up}desk/favicon.svg">'
        + "".join(f'<link rel="stylesheet" href="{up}desk/{file}">' for file in files if file.endswith(".css"))
        + "".join(f'<script src="{up}desk/{file}" defer></script>' for file in files if file.endswith(".js"))
    )
