"""`vraagbaak settings`: every setting in force and where it came from, secrets hidden."""

from __future__ import annotations

import argparse

from index.language import say
from ui.checks import without_secrets
from ui.settings import EMBEDDER_KEY_VARIABLE, KEY_VARIABLE, NAMES, Settings, api_key, embedder_key


def add(parser: argparse.ArgumentParser) -> None:
    """Describe the command."""
    parser.add_argument("--json", action="store_true", help=say("command.help_json"))


def run(args: argparse.Namespace, settings: Settings, _parser: argparse.ArgumentParser) -> int:
    """Print the settings."""
    from ui.console import out, out_json

    rows = [(name, getattr(settings, name), settings.origins[name]) for name in NAMES]
    for variable, key in ((KEY_VARIABLE, api_key()), (EMBEDDER_KEY_VARIABLE, embedder_key())):
        hidden = say("command.secret_set" if key else "command.secret_unset", settings.language)
        rows.append((variable, hidden, "environment"))
    width = max(len(_shown(value)) for _, value, _ in rows)
    for name, value, origin in rows:
        if args.json:
            shown = list(value) if isinstance(value, tuple) else value
            out_json(
                {"name": name, "value": without_secrets(value) if isinstance(value, str) else shown, "origin": origin}
            )
        else:
            key = f"settings.from_{origin}"
            said = say(key, settings.language) if origin in ("default", "environment", "flag") else origin
            out(f"{name:26} {_shown(value):{width}} {said}")
    return 0


def _shown(value: object) -> str:
    """Return a value as a reader writes it in `vraagbaak.toml` or reads it; nothing is a dash."""
    if isinstance(value, bool):
        return str(value).lower()
    return without_secrets(", ".join(value) if isinstance(value, tuple) else value) or "–"
