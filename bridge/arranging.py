"""What is said of an arrangement, whoever asked for it."""

from __future__ import annotations

from typing import Any

from engines.api import Result
from engines.errors import Notice

STAGES = {"listening": "analyse", "choosing phrases": "select", "playing": "texture"}
"""The engine's stages, as `timing_ms` calls them."""
_PHRASE = ("label", "start_bar", "bars", "donor", "score")


def no_band(hint: str = "") -> Notice:
    """That a band was asked for and there is none."""
    return Notice("W_NO_BAND", "This version has no band yet: the piano part is all that was arranged.", hint)


def phrases_of(result: Result) -> tuple[dict[str, Any], ...]:
    """What `report/1` says of the phrases of the first take."""
    return tuple(
        {name: one[name] for name in _PHRASE if name in one} for one in result.takes[0].facts["phrases"]
    )  # fmt: skip
