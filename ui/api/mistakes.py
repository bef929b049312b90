"""What pydantic found wrong with a request goes in, one sentence that names the field and the cure comes out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from index.language import Language, say

_FIELD = re.compile(r"[A-Za-z_][\w-]*", re.ASCII)
_LONGEST = 100
_KEYS = {
    "missing": "missing",
    "missing_argument": "missing",
    "extra_forbidden": "extra",
    "unexpected_keyword_argument": "extra",
    "string_type": "text",
    "string_unicode": "characters",
    "characters": "characters",
    "string_too_short": "empty",
    "string_too_long": "long",
    "string_pattern_mismatch": "pattern",
    "literal_error": "choice",
    "enum": "choice",
    "int_type": "whole",
    "int_parsing": "whole",
    "int_parsing_size": "whole",
    "int_from_float": "whole",
    "greater_than_equal": "least",
    "less_than_equal": "most",
    "bool_type": "yes_no",
    "bool_parsing": "yes_no",
    "list_type": "list",
    "too_long": "many",
    "too_short": "few",
    "model_type": "object",
    "model_attributes_type": "object",
    "dict_type": "object",
    "period": "period",
}
_CHOICE = re.compile(r"'([^']*)'")
_LIMITS = ("max_length", "min_length", "ge", "le")


def mistake(error: Mapping[str, Any], loc: Sequence[object], language: Language) -> str:
    """Return the sentence for one of pydantic's errors (`ValidationError.errors()`), which stands at `loc`.

    What was sent is not repeated: it may not even be text.
    """
    kind, place = str(error["type"]), _place(loc)
    if kind == "json_invalid" or not place:
        return say("api.wrong.json" if kind == "json_invalid" else "api.wrong.body", language)
    key = "date" if kind.startswith("date") else _KEYS.get(kind, "file" if kind == "value_error" else "other")
    context: Mapping[str, Any] = error.get("ctx") or {}
    limit = next((context[name] for name in _LIMITS if name in context), "")
    known = ", ".join(_CHOICE.findall(str(context.get("expected", ""))))
    return say(f"api.wrong.{key}", language, place=place, limit=limit, known=known)


def _place(loc: Sequence[object]) -> str:
    """Return where in the request, as a path (`history.0.text`), without the names that pydantic gives to branches."""
    named = [str(part) for part in loc if isinstance(part, int) or _FIELD.fullmatch(str(part))]
    if not named and loc:  # a field of the caller's own, of another alphabet
        named = [str(loc[-1]).encode("ascii", "backslashreplace").decode()]
    return ".".join(named)[:_LONGEST]
