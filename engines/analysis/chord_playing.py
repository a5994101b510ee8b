"""Written chords made audible: the ear judges the key of a lead sheet by its chords as well as by its tune."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from engines.analysis.score import Notes, Score
from engines.music.harmony import ChordTrack
from engines.music.notes import Note
from engines.music.time import Ticks

BASS, MIDDLE = 36, 48
"""The octaves in which the bass and the chord above it are played."""


def with_chords(score: Score, chords: ChordTrack) -> Score:
    """The piece with one more track, which strikes each chord where it changes and again on every bar line."""
    index = len(score.names)
    added = Notes.of([*[()] * index, _strokes(score, chords)])
    return replace(
        score,
        notes=score.notes.joined(added),
        names=(*score.names, "Chords"),
        programs=(*score.programs, None),
    )


def _strokes(score: Score, chords: ChordTrack) -> list[Note]:
    lines = score.grid.bars.tolist()
    notes = []
    for span in chords.spans(lines[-1]):
        chord = span.chord
        if chord.bass_pc is None:  # no chord
            continue
        pitches = [BASS + chord.bass_pc, *sorted({MIDDLE + tone % 12 for tone in chord.tones})]
        strokes = [span.start, *(line for line in lines if span.start < line < span.end), span.end]
        for start, end in pairwise(strokes):
            notes += [Note(Ticks(start), Ticks(end - start), pitch) for pitch in pitches]
    return sorted(notes)
