"""Fixtures for all floors: the real documents beside the project, where they are present."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real documents beside the project; the test is skipped where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("the real documents (../shared) are not beside the project")
    return SHARED
