"""Harmony measures on a handful of notes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.metrics.harmony import (
    Harmony,
    chord_acc,
    chord_agreement,
    chord_tone_share,
    chord_tone_share_frames,
    out_of_key,
    pc_entropy,
    recogniser_id,
    scale_consistency,
    sim_chroma,
)
from engines.analysis.chord_tables import ChordTables
from engines.analysis.chords import ChordReading
from engines.analysis.score import Score
from engines.music.harmony import Chord, ChordChange, ChordTrack, Key
from engines.music.time import PPQ, MeterMap, Ticks
from tests.benchmarks.metrics.examples import grid, notes, tune

TABLES = Path(__file__).parents[3] / "presets" / "analysis" / "chords.json"
C_THEN_G7 = ChordTrack(
    (ChordChange(Ticks(0), Chord.parse("C")), ChordChange(Ticks(4 * PPQ), Chord.parse("G7"))), Ticks(8 * PPQ)
)


def reading(*symbols: str) -> ChordReading:
    chords = [Chord.parse(symbol) for symbol in symbols]
    root = np.array([-1 if c.root_pc is None else c.root_pc for c in chords])
    bass = np.array([-1 if c.bass_pc is None else c.bass_pc for c in chords])
    return ChordReading(
        np.arange(len(chords) + 1) * PPQ, root, tuple(c.quality for c in chords), bass, np.ones(len(chords))
    )


def test_chord_tones_among_onsets() -> None:
    # C, D | F, A over C and G7: C and F are chord tones. The note after the end has no chord.
    piece = notes((0, 1, 60), (1, 1, 62), (4, 1, 65), (5, 1, 69), (8, 1, 61))
    assert chord_tone_share(piece, Harmony.of(C_THEN_G7)) == 0.5


def test_chord_tones_among_frames() -> None:
    # C rings from the C chord into G7: 16 frames in, 4 out.
    assert chord_tone_share_frames(notes((0, 5, 60)), Harmony.of(C_THEN_G7)) == pytest.approx(16 / 20)


def test_no_chords_no_share() -> None:
    assert np.isnan(chord_tone_share(notes((0, 1, 60)), Harmony.of(ChordTrack(()))))
    assert np.isnan(chord_tone_share(notes((0, 1, 38), drum=True), Harmony.of(C_THEN_G7)))


def test_heard_chords_are_turned_to_their_root() -> None:
    assert Harmony.heard(reading("C", "Dm", "N.C.", "C/D")).mask.tolist() == [0b10010001, 0b1000100100, 0, 0b10010101]


def test_shuffled_chords_are_the_same_chords() -> None:
    chords = Harmony.heard(reading("C", "Dm", "E", "F", "G7", "Am"))
    again = chords.shuffled(np.random.default_rng(1))
    assert sorted(again.mask) == sorted(chords.mask)
    assert again.mask.tolist() != chords.mask.tolist()


def test_chords_agree_by_root_by_quality_and_by_both() -> None:
    found = chord_agreement(reading("C", "Dm", "G7", "F", "N.C."), reading("C", "D", "C7", "Bb", "C"))
    assert (found.root, found.quality, found.root_quality, found.beats) == (0.5, 0.75, 0.25, 4)


def test_chord_accuracy_hears_both_sides_with_one_recogniser() -> None:
    tables = ChordTables.from_json(TABLES.read_text(encoding="utf-8"))
    block = [(bar * 4, 4, pitch) for bar, root in enumerate((60, 65, 67, 60)) for pitch in (root, root + 4, root + 7)]
    meter = MeterMap()
    lead = Score(notes(*block), grid(4), meter)
    other = Score(notes(*[(start, length, pitch + 1) for start, length, pitch in block]), grid(4), meter)
    same = chord_acc(lead, lead, tables)
    moved = chord_acc(lead, other, tables)
    assert (same.root_quality, same.quality, same.root, same.beats) == (1, 1, 1, 16)
    assert (moved.root_quality, moved.quality, moved.root) == (0, 1, 0)
    assert same.recogniser == recogniser_id(tables)
    assert recogniser_id(replace(tables, silence=tables.silence + 1)) != same.recogniser


def test_pitch_class_entropy() -> None:
    piece = notes(*tune([60, 72, 62, 64]), *tune([60] * 4, 4))
    # First bar: C twice, D, E: 1.5 bits; second: 0. Both as one window: C six of eight, D and E one.
    assert pc_entropy(piece, grid(3)) == pytest.approx(0.75)
    assert pc_entropy(piece, grid(3), 4) == pytest.approx(0.75 * np.log2(8 / 6) + 0.25 * 3)


def test_keys() -> None:
    piece = notes(*tune([60, 62, 64, 66]))
    assert out_of_key(piece, Key.parse("C major").scale) == 0.25
    assert out_of_key(piece, Key.parse("G major").scale) == 0
    assert scale_consistency(piece) == 1.0
    assert scale_consistency(notes(*tune([60, 61, 62, 63]))) == 0.75


def test_chroma_similarity() -> None:
    # Bar 1 C against C and D: 1/√2; bar 2 empty against something: 0; bar 3 both empty: left out.
    a, b = notes((0, 1, 60)), notes((0, 1, 60), (1, 1, 62), (4, 1, 60))
    assert sim_chroma(a, b, grid(3)) == pytest.approx(1 / np.sqrt(2) / 2)
