"""What every test of the scripts begins with."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.reaper.scripts.lua import Library
from tests.reaper.scripts.room import Room


@pytest.fixture
def lib() -> Library:
    return Library()


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path / "REAPER Größe")
