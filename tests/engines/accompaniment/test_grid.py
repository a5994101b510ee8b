"""Windows as numbers."""

from __future__ import annotations

import numpy as np
import pytest

from engines.accompaniment.grid import (
    KEYS,
    LONGEST_BAR,
    STEP,
    UNSAID,
    Cue,
    Register,
    Scores,
    Window,
    ask_feeds,
    frame_of,
    layout,
    read_feeds,
    steps_of,
    unframed,
)
from engines.errors import InvalidMusic
from engines.music.time import Ticks
from tests.engines.accompaniment.windows import FOUR_FOUR, THREE_FOUR, alberti, harmony, stroke

TONES, BASSES = slice(12, 24), slice(24, 36)


def ask(cue: Cue) -> dict[str, np.ndarray]:
    return ask_feeds(np.zeros((1, 64), dtype=np.float32), [cue])


def moved(window: Window, by: int) -> Window:
    return Window(window.bars, tuple(s._replace(pitch=s.pitch + by) for s in window.strokes), window.harmony)


def test_a_second_bar_begins_at_the_same_place_whatever_the_first_is() -> None:
    feeds = layout([(FOUR_FOUR, FOUR_FOUR), (THREE_FOUR, FOUR_FOUR), (THREE_FOUR,)])
    assert feeds["place"].shape == (3, 32)
    assert feeds["place"][0].tolist() == [*range(16), *range(LONGEST_BAR, LONGEST_BAR + 16)]
    assert feeds["place"][1, :28].tolist() == [*range(12), *range(LONGEST_BAR, LONGEST_BAR + 16)]
    assert feeds["bar_steps"][1].tolist() == [12] * 12 + [16] * 16 + [0] * 4
    assert feeds["there"].sum(axis=1).tolist() == [32, 28, 12]


@pytest.mark.parametrize("bars", [(), (FOUR_FOUR,) * 3, (Ticks(5 * STEP),), (Ticks(25 * STEP),), (Ticks(1000),)])
def test_bars_that_do_not_fit_are_refused(bars: tuple[Ticks, ...]) -> None:
    with pytest.raises(InvalidMusic):
        steps_of(bars)


def test_a_texture_is_read_the_same_in_every_key() -> None:
    here, there = (read_feeds([window])["roll"] for window in (alberti(), moved(alberti(), 7)))
    assert np.array_equal(here, there)
    assert here[0, :, :KEYS].sum() == len(alberti().strokes)


def test_a_roll_has_onsets_and_lengths_over_its_lowest_note() -> None:
    late = stroke(6, 55, steps=8)._replace(tick=Ticks(6 * STEP + 100))
    roll = read_feeds([Window((FOUR_FOUR,), (stroke(0, 48, 1), late), harmony("C"))])["roll"][0]
    assert np.argwhere(roll[:, :KEYS]).tolist() == [[0, 0], [6, 7]]
    assert roll[6, KEYS + 7] == 3.0
    assert roll[0, KEYS] == 0.0


def test_a_stroke_just_before_the_end_stays_in_the_window() -> None:
    last = stroke(0, 60)._replace(tick=Ticks(FOUR_FOUR - 1))
    roll = read_feeds([Window((FOUR_FOUR,), (last,), harmony("C"))])["roll"][0]
    assert np.argwhere(roll[:, :KEYS]).tolist() == [[15, 0]]


@pytest.mark.parametrize("by", range(1, 12))
def test_what_is_asked_is_the_same_in_every_key(by: int) -> None:
    plain = harmony("C", "F/G", "Am7", "-", every=8)
    other = tuple(
        h if h.root < 0 else h._replace(root=(h.root + by) % 12, bass=(h.bass + by) % 12, tones=turned(h.tones, by))
        for h in plain
    )
    shift = frame_of([by])
    cues = [
        Cue((FOUR_FOUR, FOUR_FOUR), plain, (Register(40, 55.5, 70), None)),
        Cue((FOUR_FOUR, FOUR_FOUR), other, (Register(40 - shift, 55.5 - shift, 70 - shift), None)),
    ]
    here, there = (ask(cue) for cue in cues)
    assert all(np.allclose(here[name], there[name]) for name in here)


def turned(bits: int, by: int) -> int:
    return (bits << by | bits >> (12 - by)) & 0xFFF


def test_chords_are_told_at_every_step() -> None:
    chords = ask(Cue((FOUR_FOUR,), harmony("C", "-", every=8)))["chords"][0]
    assert np.flatnonzero(chords[0]).tolist() == [0, 12, 16, 19, 24]
    assert not chords[8:].any()


def test_a_foreign_bass_is_told() -> None:
    chords = ask(Cue((FOUR_FOUR,), harmony("C/D")))["chords"][0, 0]
    assert np.flatnonzero(chords[BASSES]).tolist() == [2]
    assert set(np.flatnonzero(chords[TONES])) >= {0, 4, 7}


def test_what_is_left_open_is_told_as_such() -> None:
    cue = Cue((FOUR_FOUR, FOUR_FOUR), harmony("C"), (None, Register(36, 50, 64)))
    feeds = ask(cue)
    assert not feeds["register"][0, :16].any()
    assert (feeds["register"][0, 16:, 3] == 1).all()
    assert (feeds["counts"] == UNSAID).all()
    assert ask(Cue((FOUR_FOUR,), harmony("C"), counts=(3, *[0] * 15)))["counts"][0].tolist() == [3, *[0] * 15]


@pytest.mark.parametrize("symbol", ["C", "Eb", "F#", "G", "B"])
def test_answers_go_back_to_where_the_music_is(symbol: str) -> None:
    """A model that wants the root, wherever the frame has put it, wants it in the end."""
    cue = Cue((FOUR_FOUR,), harmony(symbol))
    wants = np.zeros((20, KEYS), dtype=np.float32)
    wants[:, (np.arange(KEYS) + 21) % 12 == 0] = 1
    scores = unframed(cue, wants, np.full((20, KEYS), 2.0, dtype=np.float32))
    assert isinstance(scores, Scores)
    assert scores.onsets.shape == (16, KEYS)
    is_root = (np.arange(KEYS) + 21) % 12 == cue.harmony[0].root
    # At the ends of the keyboard the last key that was answered stands for its neighbours.
    assert np.array_equal(scores.onsets[0, 6:-6] > 0, is_root[6:-6])
    assert scores.lengths[0, 0] == 4 * STEP
