"""Where the tune rests, the right hand answers."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from engines.accompaniment.answers import HIGH, LOW, Rest, answer, rests
from engines.accompaniment.donors import LEFT, RIGHT
from engines.accompaniment.feel import SWUNG
from engines.accompaniment.transfer import Touch
from engines.music.chance import Chance
from engines.music.time import Meter
from tests.engines.accompaniment.examples import FOUR, Q, sheet, touch

LUCK = Chance(1)
ASKED = [(0, Q, 72), (Q, Q, 74), (FOUR.bar, Q, 72)]
"""Two quarters, a rest of two, and on."""


def held(pitches: Sequence[int] = (60, 64, 67), at: int = 0, length: int = FOUR.bar) -> list[Touch]:
    return [touch(at, 40, length, LEFT, velocity=60), *(touch(at, p, length, velocity=60) for p in pitches)]


def line(made: Sequence[Touch], given: Sequence[Touch]) -> list[Touch]:
    return [t for t in made if (t.tick, t.pitch) not in {(g.tick, g.pitch) for g in given}]


def test_rests_lie_inside_the_tune_and_are_neither_breath_nor_interlude() -> None:
    song = sheet(["C"] * 8, [(0, 3 * Q, 60), (4 * Q, Q, 60), (8 * Q, Q, 60), (24 * Q, Q, 60)])
    assert list(rests(song)) == [Rest(5 * Q + Q // 2, 8 * Q)]


def test_a_long_note_is_a_rest_once_it_has_settled() -> None:
    song = sheet(["C"] * 3, [(0, 6 * Q, 60), (6 * Q, Q, 62), (7 * Q, Q, 64)])
    assert list(rests(song)) == [Rest(2 * Q, 6 * Q)]
    assert not list(rests(sheet(["C"] * 4, [(b * FOUR.bar, FOUR.bar, 60) for b in range(4)])))


def test_the_hand_moves_through_the_chord_and_lets_go_of_what_it_held() -> None:
    song = sheet(["C", "C"], ASKED)
    made = answer(song, held(), 1.0, LUCK)
    found = line(made, held())
    assert [t.tick for t in found] == [5 * Q // 2, 3 * Q, 7 * Q // 2]
    assert all(t.pitch % 12 in (0, 4, 7) and LOW <= t.pitch <= HIGH and t.hand == RIGHT for t in found)
    assert len({t.pitch for t in found}) == 3
    assert {t.end for t in made if t.tick == 0 and t.hand == RIGHT} == {5 * Q // 2}
    assert {t.velocity for t in found} == {54}


def test_what_is_played_there_already_is_enough() -> None:
    song = sheet(["C", "C"], ASKED)
    busy = [touch(i * Q // 2, 60 + i % 3, Q // 2) for i in range(8)]
    assert answer(song, busy, 1.0, LUCK) == busy


@pytest.mark.parametrize("density", [0.0])
def test_nobody_answers_who_is_to_play_little(density: float) -> None:
    assert answer(sheet(["C", "C"], ASKED), held(), density, LUCK) == sorted(held(), key=lambda t: (t.tick, t.pitch))


def test_it_swings_with_the_song_and_follows_its_chords() -> None:
    swing = [(b * Q + part, Q // 3, 72) for b in range(8) for part in (0, SWUNG)]
    song = sheet(["C", "F", "G7"], [*swing[:12], (8 * Q, Q, 72)])
    found = line(answer(song, held(at=4 * Q), 1.0, LUCK), held(at=4 * Q))
    assert [t.tick - 4 * Q for t in found] == [2 * Q + SWUNG, 3 * Q, 3 * Q + SWUNG]
    assert all(t.pitch % 12 in (5, 9, 0) for t in found)


def test_beats_that_divide_in_three_are_answered_in_threes() -> None:
    six = Meter(6, 8)
    song = sheet(["C", "C", "C"], [(0, Q, 72), (2 * six.bar, Q, 72)], meter=six)
    made = answer(song, held(length=2 * six.bar), 1.0, LUCK)
    assert {t.tick % (Q // 2) for t in made} == {0}
    assert len(line(made, held())) >= 5
