"""`vraagbaak settings`: every setting in force and where it came from, secrets hidden."""

from __future__ import annotations

import argparse

from index.language import say
from ui.checks import without_secrets
from ui.settings import KEY_VARIABLE, NAMES, Settings, api_key


def add(parser: argparse.ArgumentParser) -> None:
    """Describe the command."""
    parser.add_argument("--json", action="store_true", help=say("command.help_json"))


def run(args: argparse.Namespace, settings: Settings, _parser: argparse.ArgumentParser) -> int:
    """Print the settings."""
    from ui.console import out, out_json

    hidden = say("command.secret_set" if api_key() else "command.secret_unset", settings.language)
    rows = [(name, getattr(settings, name), settings.origins[name]) for name in NAMES]
    rows.append((KEY_VARIABLE, hidden, "environment"))
    for name, value, origin in rows:
        if args.json:
            shown = list(value) if isinstance(value, tuple) else value
            out_json(
                {"name": name, "value": without_secrets(value) if isinstance(value, str) else shown, "origin": origin}
            )
        else:
            listed = ", ".join(value) if isinstance(value, tuple) else value
            out(f"{name:20} {without_secrets(listed):32} {origin}")
    return 0
