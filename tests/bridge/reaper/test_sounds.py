"""Which instrument a new track gets."""

from __future__ import annotations

from pathlib import Path

import pytest

from bridge.reaper.sounds import sounds_for

TEMPLATE = '<TRACK\n  NAME "Warm"\n  <FXCHAIN\n    <VST "VSTi: ReaSynth (Cockos)" x.so 0 ""\n    >\n  >\n>\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "Data" / "partimento").mkdir(parents=True)
    (tmp_path / "TrackTemplates").mkdir()
    return tmp_path


def own(folder: Path, text: str) -> None:
    (folder / "Data" / "partimento" / "instruments.json").write_text(text, encoding="utf-8")


def test_without_wishes_a_track_sketches(folder: Path) -> None:
    (drums,) = sounds_for("drums", folder)
    (other,) = sounds_for(None, folder)
    assert "drums" in drums["fx"]
    assert "sketch" in other["fx"]


def test_the_musicians_effect_goes_before_ours(folder: Path) -> None:
    own(folder, '{"bass": "Upright.RfxChain"}')
    first, second = sounds_for("bass", folder)
    assert (first["fx"], first["chain"]) == ("Upright.RfxChain", None)
    assert "sketch" in second["fx"]


def test_of_a_template_only_the_effects_are_taken(folder: Path) -> None:
    (folder / "TrackTemplates" / "Warm.RTrackTemplate").write_text(TEMPLATE, encoding="utf-8")
    own(folder, '{"pad": "Warm.RTrackTemplate"}')
    first, _ = sounds_for("pad", folder)
    assert first["chain"].split()[0] == "<FXCHAIN"
    assert "Warm" not in first["chain"]


@pytest.mark.parametrize("table", ["", "[]", "{", '{"bass": 7}', '{"bass": "Missing.RTrackTemplate"}'])
def test_a_table_that_says_nothing_is_passed_over(folder: Path, table: str) -> None:
    own(folder, table)
    (only,) = sounds_for("bass", folder)
    assert "sketch" in only["fx"]


def test_a_template_without_effects_or_damaged_is_passed_over(folder: Path) -> None:
    own(folder, '{"bass": "Odd.RTrackTemplate"}')
    for text in ("<TRACK\n>\n", "<TRACK\n", "words"):
        (folder / "TrackTemplates" / "Odd.RTrackTemplate").write_text(text, encoding="utf-8")
        assert len(list(sounds_for("bass", folder))) == 1
