"""What a voicing keeps of its donor, and what it owes to the chords."""

from __future__ import annotations

from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.accompaniment.donors import Harmony, Stroke
from engines.accompaniment.grid import STEP, Register, Window, chord_of
from engines.accompaniment.hands import REACH
from engines.accompaniment.keys import belongs
from engines.accompaniment.voicing import EIGHTH, FOREIGN
from engines.music.time import Ticks
from tests.engines.accompaniment.windows import (
    FOUR_FOUR,
    SYMBOLS,
    alberti,
    harmony,
    noise,
    own_wishes,
    played,
    stroke,
    windows,
    wishes,
)

anything = given(windows(), st.lists(st.sampled_from(SYMBOLS), min_size=1, max_size=4), st.integers(0, 999))
pairs = settings(max_examples=60, deadline=None)


def steps(strokes: tuple[Stroke, ...]) -> dict[int, list[int]]:
    out: dict[int, list[int]] = defaultdict(list)
    for each in strokes:
        out[each.tick].append(each.pitch)
    return {tick: sorted(pitches) for tick, pitches in out.items()}


def off(each: Stroke, chords: tuple[Harmony, ...]) -> bool:
    return not belongs(each.pitch, chord_of(chords, each.tick))


def test_a_model_that_wants_the_donor_gets_it() -> None:
    donor = alberti("C", "F")
    assert played(donor, ("C", "F"), own_wishes(donor)) == donor.strokes


def test_other_chords_get_the_nearest_tones() -> None:
    """Not even in passing does a major third sound over a minor chord."""
    donor = alberti("C", "F")
    again = played(donor, ("C", "Fm"), own_wishes(donor))
    assert steps(again[: len(again) // 2]) == steps(donor.strokes[: len(again) // 2])
    assert {each.pitch for each in again if each.tick >= FOUR_FOUR and each.pitch >= 60} == {60, 65, 68}


@anything
@pairs
def test_rhythm_hands_and_dynamics_are_the_donor_s(donor: Window, symbols: list[str], seed: int) -> None:
    again = played(donor, symbols, noise(donor, seed), every=8)
    kept = [(s.tick, s.velocity, s.hand, s.late) for s in again]
    assert kept == [(s.tick, s.velocity, s.hand, s.late) for s in donor.strokes]
    assert all(0 < new.length <= old.length for new, old in zip(again, donor.strokes, strict=True))


@anything
@pairs
def test_there_are_as_many_notes_as_the_donor_has(donor: Window, symbols: list[str], seed: int) -> None:
    again = played(donor, symbols, noise(donor, seed), every=8)
    for tick, pitches in steps(again).items():
        assert len(set(pitches)) == len(pitches) == len(steps(donor.strokes)[tick])


@anything
@pairs
def test_nothing_long_lies_beside_the_chord_where_the_donor_did_not(
    donor: Window, symbols: list[str], seed: int
) -> None:
    chords = harmony(*symbols, every=8)
    again = played(donor, symbols, noise(donor, seed), every=8)
    away = [(new, old) for new, old in zip(again, donor.strokes, strict=True) if off(new, chords)]
    assert all(old.length <= EIGHTH or off(old, donor.harmony) for _, old in away)
    # What the donor plays early belongs to a later chord, and does not count.
    passing = [new for new, old in away if not off(old, donor.harmony)]
    assert len(passing) <= FOREIGN * len(donor.strokes)


@anything
@pairs
def test_the_chord_s_bass_is_lowest_on_strong_beats(donor: Window, symbols: list[str], seed: int) -> None:
    again = played(donor, symbols, noise(donor, seed), every=8)
    lowest = min((each.pitch for each in donor.strokes), default=99)
    if lowest < 60 and lowest in steps(donor.strokes).get(0, []):
        assert steps(again)[0][0] % 12 == chord_of(harmony(*symbols), 0).bass


@anything
@pairs
def test_a_hand_reaches_what_it_plays(donor: Window, symbols: list[str], seed: int) -> None:
    """A ninth, or what the donor's hand did there."""
    again = spans(played(donor, symbols, noise(donor, seed), every=8))
    assert all(width <= max(REACH, spans(donor.strokes)[where]) for where, width in again.items())


def spans(strokes: tuple[Stroke, ...]) -> dict[tuple[int, int], int]:
    """How wide each hand is at each tick."""
    hands: dict[tuple[int, int], list[int]] = defaultdict(list)
    for each in strokes:
        hands[each.tick, each.hand].append(each.pitch)
    return {where: max(pitches) - min(pitches) for where, pitches in hands.items()}


@anything
@pairs
def test_nothing_foreign_is_held_into_a_chord(donor: Window, symbols: list[str], seed: int) -> None:
    chords = harmony(*symbols, every=8)
    for new, old in zip(played(donor, symbols, noise(donor, seed), every=8), donor.strokes, strict=True):
        end = new.tick + new.length
        if belongs(old.pitch, chord_of(donor.harmony, old.tick + old.length - 1)):
            held = [end - c.tick for c in chords if new.tick < c.tick < end and not belongs(new.pitch, c)]
            assert all(ticks <= EIGHTH for ticks in held)


@anything
@pairs
def test_a_key_ends_before_it_is_struck_again(donor: Window, symbols: list[str], seed: int) -> None:
    keys: dict[int, list[Stroke]] = defaultdict(list)
    for each in played(donor, symbols, noise(donor, seed), every=8):
        keys[each.pitch].append(each)
    for strokes in keys.values():
        ends = [one.tick + one.length for one in strokes]
        assert all(end <= two.tick for end, two in zip(ends, strokes[1:], strict=False))


def test_a_passing_note_is_kept_where_the_model_wants_it() -> None:
    """One note in ten may leave the chord: the D between C and E, not the long F that the donor does not have."""
    donor = alberti("C", "C")
    passing = next(s for s in donor.strokes if s.pitch == 64)
    wants = [(s.tick // STEP, 62 if s is passing else s.pitch) for s in donor.strokes]
    again = played(donor, ("C", "C"), wishes(donor, wants))
    assert [new.pitch for new in again if off(new, donor.harmony)] == [62]


def test_what_runs_ahead_belongs_to_the_coming_chord() -> None:
    """An eighth before the bar line the donor is on F already; so the new one is on Bb, with its bass."""
    early = (stroke(14, 41, 8), stroke(14, 69, 8), stroke(14, 72, 8))
    donor = Window((FOUR_FOUR,) * 2, (stroke(0, 36), stroke(0, 64), *early), harmony("C", "F"))
    again = played(donor, ("G", "Bb"), own_wishes(donor))
    assert again[2].pitch % 12 == 10
    assert {each.pitch % 12 for each in again[2:]} <= {10, 2, 5}
    assert [each.length for each in again] == [each.length for each in donor.strokes]


def test_where_a_hand_finds_no_more_tones_it_plays_fewer() -> None:
    """A bare fifth has three keys within reach, and five fingers want to play."""
    donor = Window((FOUR_FOUR,), tuple(stroke(0, pitch) for pitch in (60, 62, 64, 65, 67)), harmony("C"))
    again = played(donor, ("C5",), own_wishes(donor))
    assert len({each.pitch for each in again}) == len(again) == 3


def test_high_figures_need_no_bass() -> None:
    """Above middle C the lowest note of a strong beat is whatever the model wants."""
    donor = Window((FOUR_FOUR,), (stroke(0, 64), stroke(4, 72)), harmony("C"))
    assert [each.pitch for each in played(donor, ("C",), own_wishes(donor))] == [64, 72]


def test_a_long_note_never_passes() -> None:
    donor = Window((FOUR_FOUR,), tuple(stroke(4 * i, 60 + 4 * (i % 2), 4) for i in range(4)), harmony("C"))
    again = played(donor, ("C",), wishes(donor, [(4 * i, 62) for i in range(4)]))
    assert not any(off(new, donor.harmony) for new in again)


def test_low_notes_keep_apart() -> None:
    donor = Window((FOUR_FOUR,), (stroke(0, 36), stroke(0, 43), stroke(0, 64)), harmony("C"))
    again = played(donor, ("C",), wishes(donor, [(0, 36), (0, 40), (0, 64)]))
    assert [each.pitch for each in again] == [36, 43, 64]


def test_a_suspension_of_the_donor_is_held() -> None:
    """The donor holds its F over C; so the new one may hold over too."""
    chords = harmony("F", "C", every=8)
    donor = Window((FOUR_FOUR,), (stroke(0, 65, 16),), chords)
    assert played(donor, ("Bb", "A"), wishes(donor, [(0, 65)]), every=8)[0].length == 16 * STEP


def test_where_no_chord_is_anything_goes() -> None:
    donor = alberti("C", "F")
    wants = [(s.tick // STEP, s.pitch + 1) for s in donor.strokes]
    again = played(donor, ("-",), wishes(donor, wants))
    assert [new.pitch - old.pitch for new, old in zip(again, donor.strokes, strict=True)] == [1] * len(again)


@pytest.mark.parametrize(("pitches", "register"), [((), None), ((40, 50, 63), Register(40, 51, 63))])
def test_the_register_of_notes(pitches: tuple[int, ...], register: Register | None) -> None:
    assert Register.of(pitches) == register


def test_grace_notes_in_one_step_keep_their_order() -> None:
    """Three notes within a sixteenth are one chord for the model, and a run again on the keyboard."""
    run = [stroke(0, pitch, 1)._replace(tick=Ticks(80 * i), length=Ticks(80)) for i, pitch in enumerate((64, 67, 72))]
    # The last lies nearer to the second step.
    donor = Window((FOUR_FOUR,), (stroke(0, 48), *run), harmony("C"))
    donor = Window(donor.bars, tuple(sorted(donor.strokes)), donor.harmony)
    again = played(donor, ("Am",), own_wishes(donor))
    rising = [each.pitch for each in again if each.hand == 1]
    assert rising == sorted(rising)
    assert [each.tick for each in again] == [each.tick for each in donor.strokes]
