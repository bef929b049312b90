"""What the desk did goes in, figures in the form of Prometheus come out; no figure tells who asked or what."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics, generate_latest
from prometheus_client.gc_collector import GCCollector
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)


class Metrics:
    """The counters of one desk, in a registry of their own."""

    def __init__(self) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self._registry = registry = CollectorRegistry()
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=registry)
        self.requests = Counter("vraagbaak_requests", "Requests", ["method", "route", "status"], registry=registry)
        self.request_seconds = Histogram(
            "vraagbaak_request_seconds", "Time of a request", ["route"], buckets=_SECONDS, registry=registry
        )
        self.answers = Counter("vraagbaak_answers", "Answers", ["status", "model"], registry=registry)
        self.answer_seconds = Histogram(
            "vraagbaak_answer_seconds", "Time of a whole answer", buckets=_SECONDS, registry=registry
        )
        self.judgements = Counter("vraagbaak_judgements", "What readers thought", ["verdict"], registry=registry)

    def watch(self, name: str, says: str, value: Callable[[], float]) -> None:
        """Give a figure that is asked for when the figures are."""
        Gauge(f"vraagbaak_{name}", says, registry=self._registry).set_function(value)

    def text(self) -> bytes:
        """Return all figures."""
        return generate_latest(self._registry)
