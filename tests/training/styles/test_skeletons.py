"""What a skeleton keeps of a phrase, and what it does not."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from engines.accompaniment.donors import LEFT, RIGHT, Donor, Span, Stroke
from engines.accompaniment.grid import Window, chord_of
from engines.accompaniment.keys import belongs
from engines.music.time import PPQ, Ticks
from tests.engines.accompaniment.examples import FOUR, harmony, oompah
from tests.engines.accompaniment.windows import windows
from training.styles.skeletons import BAND, BESIDE, excerpt, skeleton


def as_donor(window: Window) -> Donor:
    from engines.music.time import Meter

    bars = tuple(Meter(bar // (PPQ // 4), 16) for bar in window.bars)
    return Donor("d", "CC0-1.0", bars, window.strokes, window.harmony, (Span(0, len(bars)),), ((Ticks(0), Ticks(960)),))


@given(windows())
@settings(max_examples=60, deadline=None)
def test_rhythm_hands_dynamics_and_numbers_of_notes_stay(window: Window) -> None:
    donor = as_donor(window)
    bare = skeleton(donor, "x")
    kept = [
        (s.tick, s.length, s.velocity, s.hand, s.late) for s in sorted(donor.strokes, key=lambda s: (s.tick, s.pitch))
    ]
    assert sorted(kept) == sorted((s.tick, s.length, s.velocity, s.hand, s.late) for s in bare.strokes)
    assert len({(s.tick, s.pitch) for s in bare.strokes}) == len(donor.strokes)


@given(windows(), st.integers(1, 11))
@settings(max_examples=60, deadline=None)
def test_no_pitch_and_no_chord_can_be_told(window: Window, up: int) -> None:
    """The same phrase in another key, of which only the bands stay, has the same stand-in chords and no others."""
    there = skeleton(as_donor(window), "x")
    moved = tuple(h._replace(root=(h.root + up) % 12, bass=(h.bass + up) % 12,
                             tones=(h.tones << up | h.tones >> (12 - up)) & 0xFFF) for h in window.harmony)  # fmt: skip
    other = skeleton(as_donor(Window(window.bars, window.strokes, moved)), "x")
    assert there.harmony == other.harmony
    assert {h.root for h in there.harmony} <= {0, 1}
    assert there.tune == ()


def test_what_belongs_to_its_chord_does_so_still_and_what_does_not_lies_beside() -> None:
    strokes = (Stroke(Ticks(0), Ticks(960), 43, 70, LEFT), Stroke(Ticks(960), Ticks(480), 69, 70, RIGHT))
    donor = Donor("d", "CC0-1.0", (FOUR,), strokes, harmony((0, "G")), (Span(0, 1),))
    low, high = skeleton(donor, "x").strokes
    assert low.pitch % 12 == 0
    assert abs(low.pitch - 43) <= BAND + 1
    assert (high.pitch - BESIDE) % 12 in (0, 4, 7)
    assert not belongs(high.pitch, donor.harmony[0]._replace(root=0, tones=0b000010010001, bass=0))


def test_a_push_goes_with_the_chord_that_comes() -> None:
    push = Stroke(Ticks(FOUR.bar - 480), Ticks(960), 65, 70, RIGHT)
    donor = Donor("d", "CC0-1.0", (FOUR, FOUR), (push,), harmony((0, "C"), (FOUR.bar, "F")), (Span(0, 2),))
    bare = skeleton(donor, "x")
    assert not belongs(bare.strokes[0].pitch, chord_of(bare.harmony, push.tick))
    assert belongs(bare.strokes[0].pitch, chord_of(bare.harmony, FOUR.bar))


def test_an_excerpt_stands_alone() -> None:
    mine = excerpt(oompah("d", ["C", "F", "G", "C"]), 1, 2)
    assert len(mine.bars) == 2
    assert mine.spans == (Span(0, 2),)
    assert [h.root for h in mine.harmony] == [5, 7]
    assert mine.strokes[0].tick == 0
    assert mine.tune == ()
