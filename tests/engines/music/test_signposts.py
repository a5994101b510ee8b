"""Markers read as a musician reads them."""

from __future__ import annotations

from engines.music.signposts import sections_of, without_chords
from engines.music.song import Marker
from engines.music.time import MeterMap, Ticks

BAR = 3840
MARKERS = (
    Marker(Ticks(0), "Verse 1"),
    Marker(Ticks(0), "chord:Am7"),
    Marker(Ticks(BAR), "G7"),
    Marker(Ticks(4 * BAR), "Chorus"),
    Marker(Ticks(5 * BAR + 960), "cue: lights"),
    Marker(Ticks(8 * BAR), "Verse 2"),
)


def test_chords_are_no_sections_and_neither_is_what_stands_inside_a_bar() -> None:
    sections = sections_of(MARKERS, MeterMap(), 12 * BAR)
    assert [(s.name, s.start // BAR, s.length // BAR) for s in sections] == [
        ("Verse 1", 0, 4),
        ("Chorus", 4, 4),
        ("Verse 2", 8, 4),
    ]


def test_verses_share_a_label() -> None:
    assert [s.label for s in sections_of(MARKERS, MeterMap(), 12 * BAR)] == ["Verse", "Chorus", "Verse"]


def test_what_lies_beyond_the_end_is_left_out() -> None:
    assert [s.name for s in sections_of(MARKERS, MeterMap(), 8 * BAR)] == ["Verse 1", "Chorus"]
    assert sections_of((), MeterMap(), BAR) == ()


def test_without_chords_everything_else_stays() -> None:
    assert [m.name for m in without_chords(MARKERS)] == ["Verse 1", "Chorus", "cue: lights", "Verse 2"]
