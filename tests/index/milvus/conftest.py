"""Fixtures for the tests of what a store in Milvus alone does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from index.milvus.address import MilvusAddress


@pytest.fixture
def new_address(milvus: Any) -> Callable[[], MilvusAddress]:
    """A function that gives the address of a store that nobody else uses."""
    address: Callable[[], MilvusAddress] = milvus.new_address
    return address
