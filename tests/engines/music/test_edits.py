"""Scissors, glue, grid and mask."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.errors import InvalidMusic
from engines.music.edits import (
    Cell,
    Mask,
    cut,
    in_force,
    join,
    loosen,
    merge,
    quantise,
    shift_note,
    slice_clip,
    transpose,
)
from engines.music.notes import Control, Note, PitchBend, Program, Text
from engines.music.song import MidiClip
from engines.music.time import Ticks

notes = st.builds(
    Note,
    st.integers(0, 7680).map(Ticks),
    st.integers(1, 4000).map(Ticks),
    st.integers(0, 127),
    st.integers(1, 127),
    st.integers(0, 15),
)
events = st.one_of(
    st.builds(Control, st.integers(0, 7680), st.integers(0, 127), st.integers(0, 127), st.integers(0, 15)),
    st.builds(PitchBend, st.integers(0, 7680), st.integers(-8192, 8191)),
    st.builds(Program, st.integers(0, 7680), st.integers(0, 127)),
    st.builds(Text, st.integers(0, 7680), st.text(max_size=5)),
)


@st.composite
def clips(draw: st.DrawFn) -> MidiClip:
    return MidiClip(
        Ticks(7681),
        tuple(sorted(draw(st.lists(notes, max_size=12)), key=lambda n: n.start)),
        tuple(sorted(draw(st.lists(events, max_size=6)), key=lambda e: e.tick)),
        "clip",
    )


@given(clips(), st.integers(0, 7681))
def test_cut_then_join_is_the_clip_again(clip: MidiClip, at: int) -> None:
    assert join(*cut(clip, at)) == clip


@given(clips(), st.integers(0, 7681))
def test_a_cut_loses_no_note_and_shortens_none(clip: MidiClip, at: int) -> None:
    left, right = cut(clip, at)
    assert len(left.notes) + len(right.notes) == len(clip.notes)
    assert left.length + right.length == clip.length
    assert sorted(n.length for n in left.notes + right.notes) == sorted(n.length for n in clip.notes)


def test_a_cut_outside_the_clip_is_refused() -> None:
    with pytest.raises(InvalidMusic):
        cut(MidiClip(Ticks(960)), 961)


def test_a_slice_begins_with_the_pedal_that_is_down() -> None:
    clip = MidiClip(
        Ticks(3840),
        (Note(Ticks(1920), Ticks(960), 60),),
        (Control(Ticks(0), 64, 127), Control(Ticks(960), 64, 90), Program(Ticks(0), 5), Control(Ticks(10), 123, 0)),
    )
    part = slice_clip(clip, 1920, 2880)
    assert part.length == 960
    assert part.notes == (Note(Ticks(0), Ticks(960), 60),)
    assert part.events == (Control(Ticks(0), 64, 90), Program(Ticks(0), 5))


def test_what_is_in_force_is_the_last_of_each_kind_and_channel() -> None:
    assert in_force([PitchBend(Ticks(5), 100), PitchBend(Ticks(7), 0), PitchBend(Ticks(6), 9, 1)]) == (
        PitchBend(Ticks(0), 0),
        PitchBend(Ticks(0), 9, 1),
    )


@given(clips(), clips())
def test_merging_keeps_every_note_of_both(one: MidiClip, other: MidiClip) -> None:
    both = merge(one, other)
    assert sorted(both.notes) == sorted(one.notes + other.notes)
    assert [n.start for n in both.notes] == sorted(n.start for n in both.notes)


@given(clips(), st.integers(-12, 12))
def test_transposing_there_and_back(clip: MidiClip, semitones: int) -> None:
    inside = replace(clip, notes=tuple(sorted(n for n in clip.notes if 12 <= n.pitch <= 115)))
    assert transpose(transpose(inside, semitones), -semitones) == inside


def test_drums_are_not_transposed() -> None:
    snare = Note(Ticks(0), Ticks(240), 38, channel=9)
    assert transpose(MidiClip(Ticks(960), (snare,)), 5).notes == (snare,)


def test_leaving_the_keyboard_is_an_error_or_folds_back() -> None:
    clip = MidiClip(Ticks(960), (Note(Ticks(0), Ticks(1), 120), Note(Ticks(0), Ticks(1), 125)))
    with pytest.raises(InvalidMusic):
        transpose(clip, 10)
    assert sorted(n.pitch for n in transpose(clip, 10, fold=True).notes) == [118, 123]


@given(st.lists(notes, max_size=10), st.integers(1, 960), st.floats(0, 1))
def test_quantising_keeps_the_feel_beside_the_grid(played: list[Note], step: int, strength: float) -> None:
    straight, residuals = quantise(played, step, strength)
    assert loosen(straight, residuals) == tuple(played)
    if strength == 1.0:
        assert all(note.start % step == 0 for note in straight)


@given(clips(), st.integers(0, 7000), st.integers(1, 4000), st.lists(notes, max_size=5))
def test_outside_a_mask_every_note_stays(clip: MidiClip, start: int, length: int, new: list[Note]) -> None:
    mask = Mask((Cell("Piano", Ticks(start), Ticks(start + length), 40, 80),))
    inside = [replace(n, start=Ticks(start), length=Ticks(min(n.length, length)), pitch=40 + n.pitch % 41) for n in new]
    after = mask.replace_in("Piano", clip.notes, inside)
    kept = [n for n in after if n not in inside]
    assert [n for n in clip.notes if not mask.covers("Piano", n) and n not in inside] == kept
    assert not [n for n in clip.notes if mask.covers("Piano", n) and n not in inside and n in after]


def test_kept_notes_stay_inside_a_mask() -> None:
    held = Note(Ticks(0), Ticks(960), 64)
    mask = Mask((Cell("Piano", Ticks(0), Ticks(3840)),), frozenset({("Piano", Ticks(0), 64)}))
    assert mask.replace_in("Piano", (held, Note(Ticks(0), Ticks(960), 60)), ()) == (held,)


def test_a_new_note_may_not_leave_the_mask() -> None:
    mask = Mask((Cell("Piano", Ticks(0), Ticks(960)),))
    with pytest.raises(InvalidMusic):
        mask.replace_in("Piano", (), [Note(Ticks(0), Ticks(961), 60)])
    with pytest.raises(InvalidMusic):
        mask.replace_in("Bass", (), [Note(Ticks(0), Ticks(960), 60)])


def test_shifting_changes_only_the_place() -> None:
    note = Note(Ticks(5), Ticks(6), 7, 8, 9, 10)
    assert shift_note(note, 4) == replace(note, start=Ticks(9))
