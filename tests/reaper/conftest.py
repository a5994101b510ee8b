"""A fresh REAPER for each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.reaper.double import Project, Reaper


@pytest.fixture
def reaper(tmp_path: Path) -> Reaper:
    return Reaper(tmp_path / "REAPER")


@pytest.fixture
def project(reaper: Reaper) -> Project:
    return reaper.project
