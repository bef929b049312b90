"""What argparse says of wrong usage and in its help, in Dutch: its own words are English, and it asks `_` for ours."""

from __future__ import annotations

import argparse

from index.language import say

_KEYS = {
    "usage: ": "usage.usage",
    "positional arguments": "usage.positional",
    "options": "usage.options",
    "show this help message and exit": "usage.help",
    "%(prog)s: error: %(message)s\n": "usage.error",
    "argument %(argument_name)s: %(message)s": "usage.argument",
    "the following arguments are required: %s": "usage.required",
    "one of the arguments %s is required": "usage.one_of",
    "not allowed with argument %s": "usage.not_with",
    "unrecognized arguments: %s": "usage.unrecognized",
    "ambiguous option: %(option)s could match %(matches)s": "usage.ambiguous",
    "expected one argument": "usage.expected_one",
    "expected at most one argument": "usage.expected_at_most_one",
    "expected at least one argument": "usage.expected_at_least_one",
    "ignored explicit argument %r": "usage.no_value",
    "invalid choice: %(value)r (choose from %(choices)s)": "usage.choice",
    "invalid %(type)s value: %(value)r": "usage.value",
    "unknown parser %(parser_name)r (choices: %(choices)s)": "usage.command",
}


def speak_dutch() -> None:
    """Let argparse say what it says in our own words; what it says rarely stays as it is."""
    argparse._ = _said  # type: ignore[attr-defined]


def _said(words: str) -> str:
    return say(_KEYS[words]) if words in _KEYS else words
