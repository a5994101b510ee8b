"""Which tone becomes which."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engines.accompaniment.tones import (
    FIFTH,
    ROOT,
    SEVENTH,
    THIRD,
    functions,
    moves,
    near,
    same_function,
    scale,
    step_from,
)
from engines.music.harmony import Chord

SYMBOLS = ["C", "Am", "F", "G7", "Dm7", "Bb", "F#m7b5", "Ebmaj7", "Csus4", "A7", "E+", "Bdim7", "D6", "G9", "C5"]


def of(symbol: str) -> tuple[int, int]:
    chord = Chord.parse(symbol)
    assert chord.root_pc is not None
    return chord.root_pc, chord.chroma


def test_what_tones_do() -> None:
    assert functions(*of("C7")) == {0: ROOT, 4: THIRD, 7: FIFTH, 10: SEVENTH}
    assert functions(*of("Csus4")) == {0: ROOT, 5: THIRD, 7: FIFTH}
    assert functions(*of("D6"))[11] == SEVENTH


def test_a_chord_on_itself_stays() -> None:
    for symbol in SYMBOLS:
        assert set(moves(*of(symbol), *of(symbol)).values()) == {0}


def test_close_harmony_moves_little() -> None:
    assert moves(*of("C"), *of("Am")) == {0: 0, 4: 0, 7: 2}
    assert moves(*of("C"), *of("F")) == {0: 0, 4: 1, 7: 2}
    assert moves(*of("C"), *of("Cm")) == {0: 0, 4: -1, 7: 0}


def test_a_left_hand_keeps_its_function() -> None:
    assert same_function(*of("C"), *of("F")) == {0: 5, 4: 9, 7: 0}
    assert same_function(*of("C7"), *of("F"))[10] == 5  # no seventh there: the root


@given(st.sampled_from(SYMBOLS), st.sampled_from(SYMBOLS))
def test_every_tone_lands_in_the_new_chord_and_voices_do_not_cross(old: str, new: str) -> None:
    (_, tones), ways = of(new), moves(*of(old), *of(new))
    landed = [pc + step for pc, step in sorted(ways.items())]
    assert all(tones >> at % 12 & 1 for at in landed)
    assert all(a <= b for a, b in zip(landed, [*landed[1:], landed[0] + 12], strict=True))
    what = functions(*of(new))
    if THIRD in what.values() and len(ways) >= 3:
        assert THIRD in {what[at % 12] for at in landed}


@given(st.integers(0, 11), st.integers(0, 127))
def test_nearest_pitch_of_a_class(pc: int, pitch: int) -> None:
    found = near(pc, pitch)
    assert found % 12 == pc
    assert abs(found - pitch) <= 6


def test_scale_takes_in_the_chord() -> None:
    c_major = sum(1 << pc for pc in (0, 2, 4, 5, 7, 9, 11))
    assert scale(0, False, *of("F")) == c_major
    assert scale(0, False, *of("E7")) >> 8 & 1  # g sharp
    assert not scale(0, False, *of("E7")) >> 7 & 1  # for g
    assert step_from(64, True, c_major) == 65
    assert step_from(64, False, c_major) == 62
