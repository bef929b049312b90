"""How hosts are asked: patiently, politely, never for more than allowed; over real connections to a stand-in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from eval.fetch_stand_in import StandIn, Trouble, make_archive
from eval.fetch_trial import AGENT, Trial
from index.errors import FetchError
from index.fetch.client import Client, Limits, _seconds, unzipped
from index.fetch.hosts import Hosts, host_of
from index.fetch.pace import Pace, StoppedError

PAGE = "/ah-tk-20222023-1.xml"


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    with StandIn(make_archive(3)).serving() as serving:
        yield serving


@pytest.fixture
def trial(stand_in: StandIn, tmp_path: Path) -> Trial:
    return Trial(stand_in, tmp_path, Limits(silence=20.0, whole=60.0, backoff=0.01, attempts=3, largest=1024 * 1024))


def get(trial: Trial, path: str = PAGE, **given: str) -> object:
    with trial.client() as client:
        return client.get(trial.stand_in.base + path, **given)


def test_an_answer_comes_whole_with_its_marks(trial: Trial) -> None:
    with trial.client() as client:
        response = client.get(trial.stand_in.base + PAGE)
        again = client.get(trial.stand_in.base + PAGE, etag=response.etag)
    assert response.body.startswith(b"<?xml")
    assert response.type == "application/xml"
    assert again.not_modified
    assert again.body == b""
    assert [status for _, status in trial.stand_in.asked] == [200, 304]


@pytest.mark.parametrize("trouble", ["429", "500", "503 date", "504", "cut"])
def test_a_passing_trouble_is_tried_again(trial: Trial, trouble: Trouble) -> None:
    trial.stand_in.misbehave(PAGE, trouble, trouble)
    assert get(trial).body.startswith(b"<?xml")  # type: ignore[attr-defined]
    assert len(trial.stand_in.asked) == 3


@pytest.mark.parametrize(
    ("trouble", "key"),
    [("429", "fetch.status"), ("500", "fetch.status"), ("504", "fetch.status"), ("cut", "fetch.cut")],
)
def test_a_lasting_trouble_is_named_after_the_last_try(trial: Trial, trouble: Trouble, key: str) -> None:
    trial.stand_in.misbehave(PAGE, *[trouble] * 5)
    with pytest.raises(FetchError) as failed:
        get(trial)
    assert (failed.value.key, failed.value.retryable) == (key, True)
    assert len(trial.stand_in.asked) == 3


@pytest.mark.parametrize("trouble", ["404", "410"])
def test_what_is_gone_is_not_asked_for_again(trial: Trial, trouble: Trouble) -> None:
    trial.stand_in.misbehave(PAGE, trouble)
    with pytest.raises(FetchError) as failed:
        get(trial)
    assert failed.value.gone
    assert len(trial.stand_in.asked) == 1


def test_a_host_that_asks_for_a_day_of_rest_is_left_alone(trial: Trial) -> None:
    trial.stand_in.misbehave(PAGE, "429 later")
    with pytest.raises(FetchError) as failed:
        get(trial)
    assert failed.value.key == "fetch.later"
    assert len(trial.stand_in.asked) == 1


def test_a_slow_answer_is_waited_for_and_a_silent_host_is_not(trial: Trial, stand_in: StandIn) -> None:
    stand_in.misbehave(PAGE, "slow")
    assert get(trial).body.endswith(b"</officiele-publicatie>")  # type: ignore[attr-defined]
    stand_in.wait = 2.0
    trial.limits = Limits(silence=0.2, backoff=0.01, attempts=1)
    with pytest.raises(FetchError) as failed:
        get(trial)
    assert failed.value.key == "fetch.silent"


def test_an_answer_that_drips_is_given_up(trial: Trial, stand_in: StandIn) -> None:
    stand_in.misbehave("/sitemap", "slow")
    trial.limits = Limits(whole=0.0, attempts=1)
    with pytest.raises(FetchError) as failed:
        get(trial, "/sitemap.xml")
    assert failed.value.key == "fetch.silent"


def test_a_small_answer_never_becomes_an_enormous_one(trial: Trial) -> None:
    trial.stand_in.misbehave(PAGE, "bomb")
    with pytest.raises(FetchError) as failed:
        get(trial)
    assert failed.value.key == "fetch.too_large"


def test_an_answer_that_says_it_is_too_large_is_not_taken(trial: Trial) -> None:
    trial.limits = Limits(largest=100)
    with pytest.raises(FetchError) as failed:
        get(trial)
    assert failed.value.key == "fetch.too_large"


def test_a_gzip_that_is_cut_short_is_no_whole_answer() -> None:
    import gzip

    packed = gzip.compress(b"woorden " * 1000)
    assert b"".join(unzipped(iter([packed[:10], packed[10:]]), 10_000, "x")) == b"woorden " * 1000
    for broken in (packed[:-20], packed[:20] + b"xxxxx" + packed[25:], b"geen gzip"):
        with pytest.raises(FetchError):
            list(unzipped(iter([broken]), 10_000, "x"))


@pytest.mark.parametrize(
    "to",
    [
        *("http://127.0.0.1:1/x", "http://169.254.169.254/latest", "https://elders.nl/", "//elders.nl/x"),
        *("http://[::ffff:127.0.0.1]/", "http://2130706433/", "file:///etc/passwd", "http://a:b@127.0.0.1/"),
        "http://localhost/",
    ],
)
def test_a_redirect_to_another_host_is_refused(trial: Trial, to: str) -> None:
    with pytest.raises(FetchError) as refused:
        get(trial, f"/leads-to?url={to}")
    assert refused.value.key in ("fetch.host", "fetch.address", "fetch.unsafe")
    assert len(trial.stand_in.asked) == 1


def test_a_redirect_within_the_host_is_followed_a_few_times(trial: Trial) -> None:
    response = get(trial, f"/leads-to?url={PAGE}")
    assert response.body.startswith(b"<?xml")  # type: ignore[attr-defined]
    loop = "/leads-to?url=/leads-to"
    for _ in range(8):
        loop += "%3Furl%3D/leads-to"
    with pytest.raises(FetchError, match="te vaak"):
        get(trial, "/leads-to?url=" + "/leads-to?url=" * 10)


def test_the_program_names_itself_and_sends_no_cookies(tmp_path: Path) -> None:
    import threading
    from http.server import BaseHTTPRequestHandler, HTTPServer

    seen: list[dict[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append({name.lower(): value for name, value in self.headers.items()})
            self.send_response(200)
            self.send_header("Set-Cookie", "spoor=1")
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_address[1]}"
    with Client(Hosts([host_of(base, inside=True)]), AGENT, Pace(0)) as client:
        for _ in range(2):
            client.get(f"{base}/x?$filter=a%20eq%20'b'")
    server.shutdown()
    assert [one["user-agent"] for one in seen] == [AGENT, AGENT]
    assert all("cookie" not in one and one["host"] == base.removeprefix("http://") for one in seen)
    del tmp_path


def test_a_packing_that_was_not_asked_for_is_refused(trial: Trial) -> None:
    import httpx

    with trial.client() as client:
        client._doors["http", "127.0.0.1", int(trial.stand_in.base.rpartition(":")[2])] = httpx.MockTransport(  # type: ignore[assignment]
            lambda _: httpx.Response(200, headers={"content-encoding": "br"}, stream=httpx.ByteStream(b"x"))
        )
        with pytest.raises(FetchError) as refused:
            client.get(trial.stand_in.base + PAGE)
    assert refused.value.key == "fetch.encoding"


class Clock:
    """Time that passes only where it is slept."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept = 0.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.slept += seconds


def test_each_host_is_asked_in_its_own_rhythm() -> None:
    clock = Clock()
    pace = Pace(2.0, clock=clock, sleep=clock.sleep)
    for _ in range(5):
        pace.wait("een")
    assert clock.slept == pytest.approx(2.0)
    pace.wait("ander")
    assert clock.slept == pytest.approx(2.0)


def test_a_host_that_asks_for_rest_gets_it_from_all() -> None:
    clock = Clock()
    pace = Pace(0, clock=clock, sleep=clock.sleep)
    pace.hold("een", 7.0)
    pace.hold("een", 3.0)
    pace.wait("ander")
    assert clock.slept == 0
    pace.wait("een")
    assert clock.slept == pytest.approx(7.0)


def test_waiting_ends_when_the_work_is_told_to_stop() -> None:
    clock = Clock()
    pace = Pace(1.0, stop=lambda: clock.slept > 1, clock=clock, sleep=clock.sleep)
    pace.hold("een", 3600)
    with pytest.raises(StoppedError):
        pace.wait("een")
    assert clock.slept < 2


def test_retry_after_is_a_number_of_seconds_or_a_moment() -> None:
    now = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
    later = format_datetime(now + timedelta(seconds=90), usegmt=True)
    assert _seconds("120") == 120
    assert _seconds(later, lambda: now) == 90
    assert _seconds(format_datetime(now - timedelta(hours=1), usegmt=True), lambda: now) == 0
    assert _seconds("straks") is None
    assert _seconds("") is None
