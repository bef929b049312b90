"""`vraagbaak verify`: the receipt of an earlier answer becomes what is left of each of its citations."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.errors import ReceiptError
from index.language import Language, say
from rag.values import Answer
from ui.commands.status import show_withdrawn
from ui.settings import Settings

if TYPE_CHECKING:
    from rag.receipt import Check

_TOLD = ("model", "embedder", "store", "language")


def add(parser: argparse.ArgumentParser) -> None:
    """Describe the command."""
    parser.add_argument("receipt", metavar="RECEIPT.json", help=say("command.help_receipt_file"))
    parser.add_argument("--json", action="store_true", help=say("command.help_json"))


def run(args: argparse.Namespace, settings: Settings, _parser: argparse.ArgumentParser) -> int:
    """Check every citation of the receipts in a file; 1 when one is changed or gone."""
    from dataclasses import asdict

    from rag.receipt import check_receipt
    from ui.compose import open_store
    from ui.console import note, out_json

    receipts = _read(args.receipt)
    with open_store(settings).snapshot() as snapshot:
        checks = [check for receipt in receipts for check in check_receipt(receipt, snapshot.text, args.receipt)]
    for check in checks:
        if args.json:
            out_json({**asdict(check), "changes": check.changes, "holds": check.holds})
        else:
            _show(check, settings.language)
            if check.state == "gone":
                show_withdrawn(check.document, settings)
    failed = sum(not check.holds for check in checks)
    note(_told(len(checks), failed, settings.language))
    return 1 if failed else 0


def write_receipts(name: str, answers: Sequence[Answer], settings: Settings) -> None:
    """Write the receipt of each answer, one JSON object a line; a file that cannot be written is a `ReceiptError`."""
    from rag.receipt import make_receipt
    from ui.compose import open_store

    _refuse_other_file(name)
    told = {setting: str(getattr(settings, setting)) for setting in _TOLD}
    now = datetime.now(UTC)
    with open_store(settings).snapshot() as snapshot:
        receipts = [make_receipt(answer, snapshot.text, told, now) for answer in answers]
    try:
        Path(name).write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in receipts), encoding="utf-8")
    except OSError as error:
        raise ReceiptError("receipt.unwritable", file=name, reason=error.strerror) from error


def _refuse_other_file(name: str) -> None:
    """Raise `ReceiptError` when `name` is there and is no receipt: nothing else may be written over."""
    if Path(name).exists() and Path(name).stat().st_size:
        try:
            _read(name)
        except ReceiptError as error:
            raise ReceiptError("receipt.other_file", file=name) from error


def _read(name: str) -> list[dict[str, Any]]:
    try:
        text = Path(name).read_text(encoding="utf-8")
    except OSError as error:
        raise ReceiptError("receipt.unreadable", file=name, reason=error.strerror) from error
    except UnicodeDecodeError as error:
        raise ReceiptError("receipt.none", file=name) from error
    try:
        receipts = [json.loads(line) for line in text.splitlines() if line.strip()]
    except ValueError:
        receipts = [_whole(text, name)]
    if not receipts:
        raise ReceiptError("receipt.none", file=name)
    return receipts


def _whole(text: str, name: str) -> dict[str, Any]:
    """Return one receipt that someone spread over several lines."""
    try:
        receipt: dict[str, Any] = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ReceiptError("receipt.none", file=name) from error
    return receipt


def _show(check: Check, language: Language) -> None:
    from ui.console import out, wrap

    out(wrap(f"[{check.number}] {check.document}, {check.label}: {say('receipt.' + check.state, language)}"))
    if check.state == "changed":
        for was, now in check.changes:
            out(wrap(say("receipt.change", language, was=was, now=now), "    "))
        out(wrap(say("receipt.now", language, text=check.now), "    "))
    elif check.holds and not check.is_same_document:
        out(wrap(say("receipt.rest", language), "    "))


def _told(count: int, failed: int, language: Language) -> str:
    if failed:
        return say("receipt.some_fail", language, failed=failed, count=count)
    if count < 2:
        return say("receipt.one_holds" if count else "receipt.no_citations", language)
    return say("receipt.all_hold", language, count=count)
