"""Notes and events know what a MIDI instrument can play."""

from __future__ import annotations

import pytest

from engines.errors import InvalidMusic
from engines.music.notes import Control, Note, PitchBend, Pressure, Program
from engines.music.time import Ticks


def test_a_note_ends_where_its_length_says() -> None:
    note = Note(Ticks(960), Ticks(480), 60)
    assert note.end == 1440
    assert not note.is_drum
    assert Note(Ticks(0), Ticks(1), 38, channel=9).is_drum


@pytest.mark.parametrize(
    "wrong",
    [
        {"pitch": 128},
        {"pitch": -1},
        {"velocity": 0},
        {"velocity": 128},
        {"length": 0},
        {"channel": 16},
        {"release": 128},
    ],
)
def test_an_unplayable_note_is_refused_with_a_hint(wrong: dict[str, int]) -> None:
    right = {"start": 0, "length": 1, "pitch": 60, "velocity": 80, "channel": 0, "release": 0}
    with pytest.raises(InvalidMusic) as caught:
        Note(**{**right, **wrong})  # type: ignore[arg-type]
    assert caught.value.hint


def test_events_are_checked_too() -> None:
    for wrong in (
        lambda: Control(Ticks(0), 128, 0),
        lambda: Control(Ticks(0), 0, 128),
        lambda: PitchBend(Ticks(0), 8192),
        lambda: Program(Ticks(0), 128),
        lambda: Pressure(Ticks(0), 0, 200),
        lambda: Pressure(Ticks(0), 0, None, 16),
    ):
        with pytest.raises(InvalidMusic):
            wrong()
