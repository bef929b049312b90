"""Fixtures for all floors: the real documents beside the project, where they are present."""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import settings

# A busy machine is no fault of the code; and the same cases every time, so that a failure can be seen again.
settings.register_profile("vraagbaak", deadline=None, derandomize=True)
settings.load_profile("vraagbaak")

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real documents beside the project; the test is skipped where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("the real documents (../shared) are not beside the project")
    return SHARED


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skipped test into a failure where `REQUIRE_MARKERS` names its marker, as the full check does."""
    report = yield
    required = os.environ.get("REQUIRE_MARKERS", "").split(",")
    if report.skipped and any(item.get_closest_marker(name) for name in required if name):
        report.outcome = "failed"
        report.longrepr = f"skipped, but required here: {report.longrepr}"
    return report
