"""Our pattern file says nothing that REAPER does not understand, and everything that the bridge relies on."""

from __future__ import annotations

from bridge import resources
from tests.reaper.osc_patterns import known_keys

MODES = {"REAPER_TRACK_FOLLOWS", "DEVICE_TRACK_FOLLOWS", "DEVICE_TRACK_BANK_FOLLOWS", "DEVICE_FX_FOLLOWS"}
NEEDED = (
    "t/play", "t/stop", "t/pause", "t/record", "t/repeat", "f/time", "s/beat/str", "f/tempo/raw", "f/loop/start/time",
    "f/loop/end/time", "i/action", "s/action/str", "t/action/@", "i/vkb_midi/@/note/@",
)  # fmt: skip


def lines() -> list[list[str]]:
    text = (resources.shipped("reaper_scripts") / "partimento.ReaperOSC").read_text(encoding="ascii")
    return [line.split() for line in text.splitlines() if line and not line.startswith("#")]


def test_every_key_and_pattern_is_stock() -> None:
    for key, *patterns in lines():
        assert key in known_keys()
        if key.endswith("_COUNT"):
            assert [int(text) >= 0 for text in patterns] == [True]
        elif key in MODES:
            assert patterns in (["REAPER"], ["DEVICE"])
        else:
            assert patterns
            assert set(patterns) <= set(known_keys()[key][1].split()), key


def test_what_the_bridge_relies_on_is_there() -> None:
    assert set(NEEDED) <= {pattern for _, *patterns in lines() for pattern in patterns}


def test_banks_are_large_enough_and_nothing_floods() -> None:
    keys = {key: patterns for key, *patterns in lines()}
    assert int(keys["DEVICE_TRACK_COUNT"][0]) >= 64
    assert int(keys["DEVICE_MARKER_COUNT"][0]) > 0
    assert int(keys["DEVICE_REGION_COUNT"][0]) > 0
    assert not [key for key in keys if "VU" in key or key.startswith(("FX_", "SAMPLES", "FRAMES"))]
    assert all(len(" ".join(line)) < 512 for line in lines())
