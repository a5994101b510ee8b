"""The house style: piano accompaniments written for partimento and given away (CC0), as donors for the phrase engine."""

from __future__ import annotations

from engines.accompaniment.donors import Donor
from training.house_patterns.building import build
from training.house_patterns.library import PATTERNS


def donors() -> tuple[Donor, ...]:
    """Every house pattern, written out."""
    return tuple(map(build, PATTERNS))
