"""The report's page in a browser: nothing is fetched, nothing sticks out, and axe finds nothing to mend."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from eval.questions import load_questions
from eval.report.page import page
from eval.whole import Plan, Product, evaluate

DATA = Path(__file__).resolve().parent.parent.parent / "eval" / "data"
pytestmark = pytest.mark.browser


def test_page_needs_no_network_and_no_script_and_axe_finds_nothing(product: Product, tmp_path: Path) -> None:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("Chromium is not installed (Debian: apt-get install chromium)")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
    questions = load_questions(DATA / "samples-questions.jsonl")[33:38]
    report = evaluate(Plan({"samples": questions}, wanted=frozenset({"retrieval", "grounding", "refusal"})), product)
    (tmp_path / "r.html").write_text(page(report, "nl"), encoding="utf-8")
    fetched: list[str] = []
    with playwright.sync_playwright() as runner:
        browser = runner.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for scheme in ("light", "dark"):
            tab = browser.new_page(viewport={"width": 1200, "height": 900}, color_scheme=scheme)
            tab.on("request", lambda request: fetched.append(request.url))
            tab.goto((tmp_path / "r.html").as_uri())
            found = axe.Axe().run(tab)
            assert [problem["id"] for problem in found.response["violations"]] == []
            tab.set_viewport_size({"width": 360, "height": 800})
            assert tab.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
            tab.close()
        tab = browser.new_context(java_script_enabled=False).new_page()
        tab.goto((tmp_path / "r.html").as_uri())
        case = tab.locator("details.case").first
        assert not case.locator("dl").is_visible()
        case.locator("summary").click()
        assert case.locator("dl").is_visible()
        browser.close()
    assert all(url.startswith("file:") for url in fetched)
