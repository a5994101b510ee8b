"""Straight donors swing in a song that swings, and the other way round."""

from __future__ import annotations

from engines.accompaniment.donors import RIGHT, Stroke
from engines.accompaniment.feel import is_swung, with_feel
from engines.music.time import Meter, Ticks
from tests.engines.accompaniment.examples import FOUR, Q

LINES, METERS = (0, FOUR.bar), (FOUR,)
STRAIGHT, SWING = ([beat * Q + at for beat in range(4) for at in (0, second)] for second in (Q // 2, 2 * Q // 3))


def strokes(ticks: list[int]) -> list[Stroke]:
    ends = [*ticks[1:], FOUR.bar]
    return [Stroke(Ticks(a), Ticks(b - a), 60, 70, RIGHT) for a, b in zip(ticks, ends, strict=True)]


def test_swing_is_heard() -> None:
    assert is_swung(SWING, LINES, METERS)
    assert not is_swung(STRAIGHT, LINES, METERS)
    assert not is_swung([0, Q, 2 * Q], LINES, METERS)


def test_triplets_in_six_eight_are_no_swing() -> None:
    six = Meter(6, 8)
    assert not is_swung(range(0, 4 * six.bar, Q // 2), [b * six.bar for b in range(5)], (six,) * 4)


def test_second_eighths_move_and_still_meet_the_beat() -> None:
    assert with_feel(strokes(STRAIGHT), LINES, METERS, swung=True) == strokes(SWING)
    assert with_feel(strokes(SWING), LINES, METERS, swung=False) == strokes(STRAIGHT)
    assert with_feel(strokes(SWING), LINES, METERS, swung=True) == strokes(SWING)


def test_sixteenths_stay() -> None:
    ticks = [0, Q // 4, Q // 2, 3 * Q // 4, Q, Q + Q // 2]
    found = [s.tick for s in with_feel(strokes(ticks), LINES, METERS, swung=True)]
    assert found == [0, Q // 4, Q // 2, 3 * Q // 4, Q, Q + 2 * Q // 3]
