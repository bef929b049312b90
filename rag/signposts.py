"""A question goes in, out come the lines that tell someone in danger whom to call, from `signposts.toml`.

Only what someone says of himself or of his own counts; the question is answered all the same.
"""

from __future__ import annotations

import re
from functools import cache

from index.language import Language
from rag.phrases import any_of, folded, table, without_quotations


def signposts_for(question: str, language: Language) -> tuple[str, ...]:
    """Return the lines to be shown first, in the order of the file; none for nearly all questions."""
    said = folded(without_quotations(question))
    return tuple(lines[language] for sign, lines in _lines() if sign.search(said))


@cache
def _lines() -> tuple[tuple[re.Pattern[str], dict[Language, str]], ...]:
    signs = table("signposts")
    return tuple(
        (
            re.compile(rf"(?<!\w){any_of(sign['when'], signs['lists'])}(?!\w)"),
            {"nl": sign["nl"], "en": sign["en"]},
        )
        for name, sign in signs.items()
        if name != "lists"
    )
