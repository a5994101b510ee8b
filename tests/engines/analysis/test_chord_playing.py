"""Written chords as notes that can be listened to."""

from __future__ import annotations

from engines.analysis.chord_playing import with_chords
from engines.analysis.score import Score
from engines.music.harmony import ChordTrack
from engines.music.notes import Note
from engines.music.song import MidiClip, Placement, Song, Take, Track
from engines.music.time import Ticks

BAR = 3840


def lead(bars: int = 4) -> Score:
    clip = MidiClip(Ticks(bars * BAR), (Note(Ticks(BAR), Ticks(BAR), 72),))
    return Score.of(Song((Track("Lead", (Placement(Ticks(0), clip.length, (Take(clip),)),)),)))


def strokes(chords: ChordTrack) -> dict[int, list[int]]:
    """The pitches of the added track, by onset."""
    out: dict[int, list[int]] = {}
    notes = with_chords(lead(), chords).notes.of_track(1)
    for start, pitch in zip(notes.start.tolist(), notes.pitch.tolist(), strict=True):
        out.setdefault(start, []).append(pitch)
    return out


def test_a_chord_is_struck_where_it_stands_and_again_on_bar_lines() -> None:
    played = strokes(ChordTrack.of((0, "C"), (BAR // 2, "G7/B"), end=2 * BAR))
    assert played == {0: [36, 48, 52, 55], BAR // 2: [47, 50, 53, 55, 59], BAR: [47, 50, 53, 55, 59]}


def test_no_chord_is_silence() -> None:
    assert strokes(ChordTrack.of((0, "N.C."), (3 * BAR, "F"))) == {3 * BAR: [41, 48, 53, 57]}


def test_the_tune_stays_as_it_is_and_all_notes_are_in_order() -> None:
    score = lead()
    both = with_chords(score, ChordTrack.of((0, "C"), (BAR, "Dm")))
    assert both.notes.of_track(0).pitch.tolist() == score.notes.pitch.tolist()
    assert both.notes.start.tolist() == sorted(both.notes.start.tolist())
    assert (both.names, both.grid, both.meter) == (("Lead", "Chords"), score.grid, score.meter)
