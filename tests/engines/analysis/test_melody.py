"""Finding the tune: on its track, or inside a texture."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.analysis.melody import FROM_TEXTURE, FROM_TRACK, NOWHERE, find_melody, once, one_line, sing
from engines.analysis.melody_line import best_line
from engines.analysis.roles import RoleGuess, guess_roles
from engines.analysis.roles_tables import RoleTables
from engines.analysis.score import Notes, Score
from engines.music.notes import DRUM_CHANNEL, Note
from engines.music.song import MidiClip, Placement, Song, Take, Track
from engines.music.time import PPQ, Ticks

TABLES = RoleTables.parse((Path(__file__).parents[3] / "presets" / "analysis" / "roles.json").read_bytes())
BAR, EIGHTH = 4 * PPQ, PPQ // 2

LANTERN_TUNE = (
    *((0, 2, 76), (2, 1, 74), (3, 1, 72), (4, 4, 74), (8, 2, 72), (10, 1, 71), (11, 1, 69), (12, 4, 71)),
    *((16, 2, 69), (18, 1, 71), (19, 1, 72), (20, 3, 74), (23, 1, 76), (24, 6, 72)),
)
"""Four bars in eighths: start, length and pitch; the last bar ends with a rest."""
LANTERN_BASS = ((0, 45), (8, 41), (16, 43), (24, 48))


def note(start: float, length: float, pitch: int, velocity: int = 80, channel: int = 0) -> Note:
    """In eighths."""
    return Note(Ticks(int(start * EIGHTH)), Ticks(int(length * EIGHTH)), pitch, velocity, channel)


def part(name: str, notes: list[Note]) -> Track:
    clip = MidiClip(Ticks(8 * BAR), tuple(sorted(notes)))
    return Track(name, (Placement(Ticks(0), Ticks(8 * BAR), (Take(clip),)),))


def tune() -> list[Note]:
    return [note(start + 32 * k, length, pitch) for k in (0, 1) for start, length, pitch in LANTERN_TUNE]


def left_hand() -> list[Note]:
    """Broken chords: root, fifth, octave, tenth."""
    shape = (0, 7, 12, 16)
    return [
        note(start + 32 * k + i, 1, root + shape[i % 4])
        for k in (0, 1)
        for start, root in LANTERN_BASS
        for i in range(8)
    ]


def places(notes: tuple[Note, ...] | list[Note]) -> set[tuple[int, int]]:
    return {(int(n.start), n.pitch) for n in notes}


def score(*tracks: Track) -> Score:
    return Score.of(Song(tracks))


def test_the_tune_of_a_song_is_its_melody_track() -> None:
    piece = score(part("Piano", left_hand()), part("Vox", tune()))
    found = find_melody(piece, guess_roles(piece, TABLES), TABLES)
    assert (found.found_in, found.track) == (FROM_TRACK, 1)
    assert list(found.notes) == tune()


def test_the_tune_is_picked_out_of_two_hands() -> None:
    piece = score(part("Piano", [*tune(), *left_hand()]))
    roles = guess_roles(piece, TABLES)
    assert roles[0].role == "chords"
    found = find_melody(piece, roles, TABLES)
    assert (found.found_in, found.track) == (FROM_TEXTURE, None)
    assert places(found.notes) == places(tune())


def test_where_the_tune_rests_the_accompaniment_does_not_take_its_place() -> None:
    """A plain skyline plays on in the left hand; the melody has rests."""
    sung = [n for n in tune() if not 2 * BAR <= n.start < 3 * BAR]
    piece = score(part("", [*sung, *left_hand()]))
    found = find_melody(piece, [RoleGuess("chords", 1.0, "")], TABLES)
    assert not [n for n in found.notes if 2 * BAR <= n.start < 3 * BAR]


def test_drums_and_bass_hide_no_tune() -> None:
    kit = [note(i, 0.5, 81, 120, DRUM_CHANNEL) for i in range(64)]
    low = [note(start + 32 * k, 8, root - 12) for k in (0, 1) for start, root in LANTERN_BASS]
    piece = score(part("", kit), part("", low), part("", [*tune(), *left_hand()]))
    found = find_melody(piece, [RoleGuess(role, 1.0, "") for role in ("drums", "bass", "chords")], TABLES)
    assert places(found.notes) == places(tune())


def test_a_piece_without_pitches_has_no_tune() -> None:
    kit = score(part("", [note(i, 0.5, 38, 90, DRUM_CHANNEL) for i in range(8)]))
    assert find_melody(kit, guess_roles(kit, TABLES), TABLES).found_in == NOWHERE
    assert find_melody(score(), (), TABLES).notes == ()


def test_a_bass_alone_is_searched_all_the_same() -> None:
    piece = score(part("", tune()))
    assert places(find_melody(piece, [RoleGuess("bass", 1.0, "")], TABLES).notes) == places(tune())


def test_two_stated_voices_are_one_tune() -> None:
    verse = [n for n in tune() if n.start < 4 * BAR]
    chorus = [n for n in tune() if n.start >= 4 * BAR]
    piece = score(part("Anna", verse), part("Ben", chorus))
    found = find_melody(piece, [RoleGuess("melody", 1.0, "as stated")] * 2, TABLES)
    assert list(found.notes) == tune()


# --- one note at a time -----------------------------------------------------------------------------------------------


def line(*notes: Note) -> list[tuple[float, float, int]]:
    return [(n.start / EIGHTH, n.length / EIGHTH, n.pitch) for n in one_line(Notes.of([notes]))]


def test_of_thirds_and_octaves_the_upper_note_stays() -> None:
    assert line(note(0, 2, 72), note(0, 2, 69), note(2, 2, 60), note(2, 2, 72)) == [(0, 2, 72), (2, 2, 72)]


def test_a_loosely_struck_chord_counts_as_one_stroke() -> None:
    assert line(note(0, 2, 64), note(0.05, 2, 67), note(0.1, 2, 72)) == [(0.1, pytest.approx(2, abs=0.01), 72)]


def test_legato_overlaps_are_trimmed() -> None:
    assert line(note(0, 2.25, 72), note(2, 2, 71), note(4, 1, 74)) == [(0, 2, 72), (2, 2, 71), (4, 1, 74)]


def test_an_inner_voice_under_a_held_note_falls_away() -> None:
    assert line(note(0, 8, 76), note(2, 2, 67), note(4, 2, 69), note(8, 2, 74)) == [(0, 8, 76), (8, 2, 74)]


rows = st.lists(st.builds(note, st.integers(0, 60), st.integers(1, 12), st.integers(30, 100)), max_size=40)


@given(rows)
def test_a_line_never_overlaps_itself_and_invents_nothing(notes: list[Note]) -> None:
    found = one_line(Notes.of([notes]))
    assert places(found) <= places(notes)
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert bool(found) == bool(notes)


@given(rows)
def test_so_it_is_with_a_line_from_a_texture(notes: list[Note]) -> None:
    piece = score(part("", notes))
    found = find_melody(piece, [RoleGuess("chords", 1.0, "")], TABLES).notes
    assert places(found) <= places(notes)
    assert all(a.end <= b.start for a, b in pairwise(found))


@given(rows.filter(bool), st.integers(1, 2000))
def test_a_tune_is_the_same_wherever_it_stands(notes: list[Note], bars: int) -> None:
    heard = once(Notes.of([notes]))
    beats = np.arange(0, 3000 * BAR, PPQ)
    moved = Notes(
        heard.start + bars * BAR, heard.end + bars * BAR, heard.pitch, heard.velocity, heard.track, heard.drum
    )
    assert np.allclose(sing(heard, beats, TABLES), sing(moved, beats, TABLES), atol=1e-6)


def test_the_same_key_struck_by_two_parts_is_heard_once() -> None:
    heard = once(Notes.of([[note(0, 2, 60)], [note(0, 4, 60), note(4, 1, 62)]]))
    assert heard.pitch.tolist() == [60, 62]
    assert heard.end.tolist() == [4 * EIGHTH, 5 * EIGHTH]


# --- the line through candidates --------------------------------------------------------------------------------------


def test_a_line_follows_what_sings_and_rests_elsewhere() -> None:
    notes = Notes.of([[note(0, 1, 72), note(0, 1, 60), note(1, 1, 55), note(2, 1, 74), note(2, 1, 64)]])
    odds = np.array([-1.5, 2.0, -4.0, -1.5, 2.0])  # in order of onset, then pitch
    assert best_line(notes, odds).tolist() == [False, True, False, False, True]


def test_a_line_prefers_a_step_to_a_leap_between_equals() -> None:
    notes = Notes.of([[note(0, 1, 72), note(1, 1, 52), note(1, 1, 71), note(2, 1, 72)]])
    assert best_line(notes, np.zeros(4)).tolist() == [True, False, True, True]


def test_no_candidates_no_line() -> None:
    notes = Notes.of([[note(0, 1, 72)]])
    assert not best_line(notes, np.array([-9.0])).any()
    assert not best_line(Notes.of([[]]), np.array([])).any()
