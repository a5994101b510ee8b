"""What every test of the scripts begins with."""

from __future__ import annotations

import pytest

from tests.reaper.scripts.lua import Library


@pytest.fixture
def lib() -> Library:
    return Library()
