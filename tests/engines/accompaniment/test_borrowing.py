"""Whose notes are the accompaniment, which hand plays them, and what may be borrowed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engines.accompaniment.borrowing import donor_of, hands
from engines.accompaniment.donors import LEFT, RIGHT
from engines.errors import InvalidMusic
from engines.music.harmony import ChordTrack
from engines.music.notes import Note
from engines.music.song import MidiClip, Placement, Song, Take, Track
from engines.music.time import MeterMap, Ticks
from tests.engines.accompaniment.examples import FOUR, Q, heard, lead


def track(name: str, *notes: tuple[int, int, int, int]) -> Track:
    clip = MidiClip(Ticks(8 * FOUR.bar), tuple(sorted(Note(Ticks(t), Ticks(n), p, v) for t, n, p, v in notes)))
    return Track(name, (Placement(Ticks(0), clip.length, (Take(clip),)),))


def song(*, dynamics: bool = True) -> Song:
    tune = lead([(i * Q, Q, 72 + i % 5) for i in range(32)], None).tracks[0]
    chords = [
        (b * FOUR.bar + i * Q + 7, Q, p, 60 + 4 * i * dynamics)
        for b in range(8)
        for i in range(4)
        for p in (60, 64, 67)
    ]
    bass = [(b * FOUR.bar, FOUR.bar, 36, 60) for b in range(8)]
    changes = ChordTrack.of((0, "C"), end=8 * FOUR.bar)
    return Song((tune, track("PIANO_RH", *chords), track("PIANO_LH", *bass)), chords=changes)


def test_named_parts_are_borrowed_with_their_hands() -> None:
    donor = donor_of(heard(song()), "mine", "CC0-1.0", tracks={"PIANO_RH", "PIANO_LH"})
    assert {(s.hand, s.pitch) for s in donor.strokes} == {(LEFT, 36), (RIGHT, 60), (RIGHT, 64), (RIGHT, 67)}
    assert len(donor.bars) == 8
    assert len(donor.tune) == 32
    assert donor.harmony[0].root == 0
    assert sum(span.bars for span in donor.spans) <= 8


def test_onsets_go_to_the_grid_and_what_is_left_is_kept() -> None:
    right = [s for s in donor_of(heard(song()), "mine", "CC0-1.0", tracks={"PIANO_RH"}).strokes if s.hand == RIGHT]
    assert {s.tick % Q for s in right} == {0}
    assert {s.late for s in right} == {7}
    assert {s.velocity for s in right} == {60, 64, 68, 72}


def test_a_part_without_dynamics_has_none() -> None:
    found = donor_of(heard(song(dynamics=False)), "mine", "CC0-1.0", tracks={"PIANO_RH", "PIANO_LH"})
    assert {s.velocity for s in found.strokes} == {0}


def test_a_pickup_is_left_out() -> None:
    meters = MeterMap.of((0, "1/4"), (Q, "4/4"))
    donor = donor_of(heard(replace(song(), meter=meters)), "mine", "CC0-1.0", tracks={"PIANO_RH"})
    assert {meter.bar for meter in donor.bars} == {FOUR.bar}
    assert min(s.tick for s in donor.strokes) == 0


def test_hands_are_told_apart_by_pitch_where_no_name_tells() -> None:
    notes = [Note(Ticks(b * Q), Ticks(Q), p) for b in range(8) for p in (41, 60, 65)]
    assert hands("Piano", notes) == [LEFT, RIGHT, RIGHT] * 8
    assert set(hands("Left hand", notes)) == {LEFT}
    assert hands("Piano", []) == []


def test_nothing_to_borrow() -> None:
    with pytest.raises(InvalidMusic, match="no accompaniment"):
        donor_of(heard(lead([(0, Q, 72)], None)), "mine", "CC0-1.0")


def test_bars_without_end_are_refused() -> None:
    endless = replace(song(), meter=MeterMap.of((0, "80/4")))
    with pytest.raises(InvalidMusic, match="more than 68 quarters"):
        donor_of(heard(endless), "mine", "CC0-1.0", tracks={"PIANO_RH"})
