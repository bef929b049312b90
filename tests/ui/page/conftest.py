"""A headless Chromium that can reach nothing but this machine, and the desks that its pages are served from."""

from __future__ import annotations

import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ui.desk import Desk
from ui.settings import Settings, load_settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Locator, Page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
SAMPLES = Path(__file__).resolve().parents[3] / "index" / "samples"
HERE = Path(__file__).resolve().parent
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-features=AutofillServerCommunication,OptimizationHints,MediaRouter",
)
"""What Chromium itself would ask of its maker's servers is turned off: whatever is left comes from the page."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder that opens a page: it needs a browser."""
    for item in items:
        if HERE in item.path.parents and "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


class Outside:
    """A proxy that stands for every other host: it answers nothing and remembers who was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(2)
                self.asked.append(connection.recv(4096).decode("latin-1").partition("\r\n")[0])

    def close(self) -> None:
        self._listening.close()


AXE = """async () => {
    const found = await axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] });
    return found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(" ")).join(", ")}`);
}"""


@dataclass
class Watched:
    """A page in the browser with what it asked for and what its console said."""

    page: Page
    requests: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)

    def ask(self, question: str, number: int = 1) -> Locator:
        """Type a question, send it, and return its finished turn, with the page at rest."""
        self.page.fill("#question textarea", question)
        self.page.keyboard.press("Enter")
        turn = self.page.locator(f"#turn-{number}.done")
        turn.wait_for()
        self.page.locator("#clear").wait_for()
        return turn

    def begin(self) -> None:
        """Begin a new conversation, where there is one to end."""
        if self.page.locator(".turn").count():
            self.page.click("#clear")
            self.page.locator("#welcome").wait_for()

    def violations(self) -> list[str]:
        """Return what axe-core finds against WCAG 2.2 A and AA on the page as it stands."""
        axe = pytest.importorskip("axe_playwright_python", reason="axe-playwright-python is not installed")
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate((Path(axe.__file__).parent / "axe.min.js").read_text(encoding="utf-8"))
        return list(self.page.evaluate(AXE))

    def width(self) -> int:
        """Return how many pixels wide the contents of the page are."""
        return int(self.page.evaluate("document.documentElement.scrollWidth"))


@pytest.fixture(scope="module")
def outside() -> Iterator[Outside]:
    proxy = Outside()
    yield proxy
    proxy.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed (Debian: apt-get install chromium)")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as runner:
        launched = runner.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def address(serving: Callable[..., AbstractContextManager[str]], small_desk: Callable[..., Desk]) -> Iterator[str]:
    with serving(small_desk(pause=0.15, has_samples=True)) as url:
        yield url


@pytest.fixture(scope="session")
def sample_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The settings of a desk over the bundled samples, whose store is made once."""
    from index.build import build_index
    from index.tokens import bundled
    from ui.compose import make_embedder

    folder = tmp_path_factory.mktemp("samples")
    given = {"store": str(folder / "store"), "desk": str(folder / "desk"), "questions_per_minute": 1_000_000}
    settings = load_settings(given, {}, folder)
    files = [file for file in sorted(SAMPLES.iterdir()) if file.name != "README.md"]
    build_index(files, folder / "store", make_embedder(settings), count_tokens=bundled().count)
    return settings


@pytest.fixture(scope="session")
def samples(sample_settings: Settings) -> Desk:
    """The desk over the bundled samples, with the real store and the real assistant."""
    from ui.compose import make_desk

    return make_desk(sample_settings)


@pytest.fixture(scope="module")
def samples_address(
    serving: Callable[..., AbstractContextManager[str]], samples: Desk, sample_settings: Settings
) -> Iterator[str]:
    with serving(samples, sample_settings) as url:
        yield url


@pytest.fixture(scope="module")
def copied_settings(sample_settings: Settings, samples: Desk, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The settings of a desk over a copy of the bundled samples, which may be changed."""
    folder = tmp_path_factory.mktemp("kopie")
    shutil.copytree(samples.store.folder, folder / "store")
    return replace(sample_settings, store=str(folder / "store"), desk=str(folder / "desk"))


@pytest.fixture(scope="module")
def made() -> Iterator[list[BrowserContext]]:
    """The contexts that are open, each closed with the module at the latest."""
    contexts: list[BrowserContext] = []
    yield contexts
    for context in contexts:
        context.close()


@pytest.fixture(autouse=True)
def _close_what_a_test_opened(request: pytest.FixtureRequest) -> Iterator[None]:
    """A page that stays open goes on working: what a test itself opened is closed with it."""
    if "contexts" not in request.fixturenames:
        yield
        return
    made: list[BrowserContext] = request.getfixturevalue("made")
    before = len(made)
    yield
    while len(made) > before:
        made.pop().close()


@pytest.fixture(scope="module")
def contexts(browser: Browser, outside: Outside, made: list[BrowserContext]) -> Callable[..., BrowserContext]:
    """Make a context of the browser: a reader of its own, who can reach this machine alone."""
    proxy = {"server": f"http://127.0.0.1:{outside.port}", "bypass": "127.0.0.1"}

    def new(**options: Any) -> BrowserContext:
        made.append(browser.new_context(proxy=proxy, **options))
        made[-1].set_default_timeout(60_000)
        return made[-1]

    return new


@pytest.fixture(scope="module")
def open_page(contexts: Callable[..., BrowserContext]) -> Callable[..., Watched]:
    """Open an address and wait for `wait` to be there: `open_page(address, wait, **options of the context)`."""

    def opened(url: str, wait: str = "#narrow", **options: Any) -> Watched:
        watched = Watched(contexts(**options).new_page())
        watched.page.on("request", lambda request: watched.requests.append(request.url))
        watched.page.on("console", lambda message: watched.console.append(f"{message.type}: {message.text}"))
        watched.page.on("pageerror", lambda error: watched.console.append(f"error: {error}"))
        watched.page.goto(url)
        watched.page.wait_for_selector(wait, state="attached")
        return watched

    return opened
