"""An analysis as a musician reads it."""

from __future__ import annotations

import pytest

from bridge import app, hearing
from engines.music.harmony import Key, KeyTrack
from engines.music.notes import DRUM_CHANNEL, Note
from engines.music.song import MidiClip, Placement, Song, Take, Track
from engines.music.time import PPQ, MeterMap, Ticks


def song(*meters: tuple[int, str], channel: int = 0, keys: KeyTrack | None = None, quarters: int = 13) -> Song:
    notes = tuple(Note(Ticks(i * PPQ), Ticks(PPQ), 60 + i % 5, channel=channel) for i in range(quarters))
    place = Placement(Ticks(0), Ticks(quarters * PPQ), (Take(MidiClip(Ticks(quarters * PPQ), notes)),))
    return Song((Track("Line", (place,), channel=channel),), meter=MeterMap.of(*meters or ((0, "4/4"),)), keys=keys)


def line(of: Song, start: str) -> str:
    """What follows a heading."""
    return next(one for one in hearing.lines(app.analyze(of)) if one.startswith(start)).removeprefix(start).strip()


@pytest.mark.parametrize(
    ("meters", "said"),
    [
        (((0, "4/4"),), "4/4"),
        (((0, "3/4"), (3 * PPQ, "2/4")), "3/4, 2/4 from bar 2"),
        (((0, "3/4"), (PPQ, "3/4")), "3/4 (bar 1 is an upbeat)"),
        (((0, "1/4"), (PPQ, "4/4")), "1/4, 4/4 from bar 2 (bar 1 is an upbeat)"),
        (((0, "3/4"), (6 * PPQ, "3/4")), "3/4"),
        (tuple((i * PPQ, f"{1 + i % 2}/{4 << i % 2}") for i in range(10)), ", ".join(
            ["1/4", *(f"{1 + i % 2}/{4 << i % 2} from bar {i + 1}" for i in range(1, 8))]) + " …"),
    ],
)  # fmt: skip
def test_meters_are_named_where_they_change(meters: tuple[tuple[int, str], ...], said: str) -> None:
    assert line(song(*meters), "meter") == said


def test_how_sure_a_key_is() -> None:
    assert line(song(), "key").endswith("% sure)")


def test_drums_alone_have_no_key() -> None:
    assert line(song(channel=DRUM_CHANNEL), "key") == "none to hear"
    stated = KeyTrack.constant(Key.parse("Eb minor"))
    assert line(song(channel=DRUM_CHANNEL, keys=stated), "key") == "Eb minor (as the file states)"


def test_one_bar_is_one_bar() -> None:
    assert next(hearing.lines(app.analyze(song(quarters=4)))).startswith("1 bar,")
