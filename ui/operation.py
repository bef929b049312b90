"""All that a running desk is surrounded by: who may come in, how much at once, what is kept; made from the settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from index.store.files import DATABASE
from ui.access.accounts import Accounts
from ui.access.door import Rules
from ui.access.hosts import Hosts, is_loopback
from ui.access.limits import Limit
from ui.api.bounds import OTHERS
from ui.audit import Audit
from ui.feedback import Feedback
from ui.gate import Gate
from ui.journal import Journal
from ui.library import Library
from ui.metrics import Metrics
from ui.settings import Settings
from ui.uploads import Uploads

if TYPE_CHECKING:
    from index.store.snapshot import Snapshots


@dataclass(frozen=True, slots=True)
class Operation:
    """The surroundings of one running desk. `ends` are called, in this order, when the server has stopped."""

    settings: Settings
    rules: Rules
    audit: Audit
    journal: Journal
    metrics: Metrics
    gate: Gate
    questions: Limit
    others: Limit
    feedback: Feedback
    library: Library
    ends: tuple[Callable[[], None], ...] = field(default=())


def make_operation(settings: Settings, store: Snapshots) -> Operation:
    """Return the surroundings that `settings` ask for; nothing is written before there is something to keep."""
    folder = settings.desk_folder
    audit, metrics = Audit(folder), Metrics()
    journal = _journal(settings)
    gate = Gate(settings.answers_at_once, settings.answers_waiting)
    feedback = _feedback(settings, store)
    uploads = Uploads(folder, settings.upload_megabytes * 1_000_000)
    library = Library(store, settings, uploads, audit)
    metrics.watch("answers_running", "Answers that are being made for programs", lambda: gate.running)
    metrics.watch("answers_waiting", "Questions of programs that wait for a place", lambda: gate.waiting)
    metrics.watch("store_generation", "The generation of the store", lambda: _generation(store))
    per_minute = settings.questions_per_minute
    return Operation(
        settings,
        make_rules(settings),
        audit,
        journal,
        metrics,
        gate,
        Limit(per_minute),
        Limit(per_minute * OTHERS),
        feedback,
        library,
        (library.close, feedback.close, journal.close),
    )


def make_rules(settings: Settings) -> Rules:
    """Return who may come in."""
    return Rules(
        Hosts(settings.host, settings.hosts),
        Accounts(settings.desk_folder, settings.session_hours * 3600),
        asks_who=settings.asks_who,
        only_here=is_loopback(settings.host),
        user_header=settings.user_header,
    )


def _journal(settings: Settings) -> Journal:
    kept = settings.log == "file" or (settings.log == "auto" and settings.asks_who)
    folder: Path | None = settings.desk_folder if kept else None
    return Journal(folder, settings.log_days, on=kept or settings.log == "stderr", questions=settings.log_questions)


def _feedback(settings: Settings, store: Snapshots) -> Feedback:
    from index.store import Store

    keep = settings.feedback_questions
    if isinstance(store, Store):
        return Feedback(store.folder / DATABASE, keep_questions=keep)
    return Feedback(settings.desk_folder / "feedback.sqlite", keep_questions=keep, make=True)


def _generation(store: Snapshots) -> float:
    with store.snapshot() as snapshot:
        return snapshot.generation
