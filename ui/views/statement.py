"""The name of a statement goes in, its view comes out: the operator's own text where there is one, else ours.

The operator's text is `NAME.nl.md` or `NAME.en.md` in the folder that the desk names: headings, paragraphs, lists.
"""

from __future__ import annotations

import re
from pathlib import Path

from markupsafe import Markup

from ui.frame import machine_line
from ui.views.here import Here

BUNDLED = Path(__file__).parent.parent / "statements"
_HEADING = re.compile(r"(#{1,3}) +(.*)")


def statement_view(here: Here) -> str:
    """Return the view of the statement that `here` names."""
    text = _text(here)
    title = next((match[2] for line in text.splitlines() if (match := _HEADING.fullmatch(line))), here.name)
    machine = Markup('<p class="machine">{}</p>').format(machine_line(here.desk, here.language))
    back = Markup('<p class="back"><a href="./">{}</a></p>').format(here.say("view.back"))
    return here.html(title, Markup('<div class="prose">{}{}{}</div>').format(back, as_html(text), machine))


def as_html(text: str) -> Markup:
    """Return plain Markdown as HTML: headings, paragraphs and lists, every word escaped."""
    blocks = (block.strip() for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n")))
    return Markup().join(_block(block) for block in blocks if block)


def _block(block: str) -> Markup:
    heading = _HEADING.fullmatch(block)
    if heading:
        level = len(heading[1])
        return Markup("<h{}>{}</h{}>").format(level, heading[2], level)
    rows = block.splitlines()
    if all(row.lstrip().startswith(("- ", "* ")) for row in rows):
        items = Markup().join(Markup("<li>{}</li>").format(row.lstrip()[2:]) for row in rows)
        return Markup("<ul>{}</ul>").format(items)
    return Markup("<p>{}</p>").format(" ".join(rows))


def _text(here: Here) -> str:
    name = f"{here.name}.{here.language}.md"
    for folder in (here.desk.statements, BUNDLED):
        if folder is not None and (folder / name).is_file():
            return (folder / name).read_text(encoding="utf-8", errors="replace")
    raise FileNotFoundError(name)
