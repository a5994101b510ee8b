"""Harmony: chords kept, chord tones, keys, pitch classes."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

import bridge
from benchmarks.metrics.columns import SIXTEENTH, cosine, mean, onset_chroma
from engines.analysis.chord_tables import ChordTables
from engines.analysis.chords import ChordReading, recognise_chords
from engines.analysis.score import Floats, Grid, Ints, Notes, Score
from engines.music.harmony import Chord, ChordTrack

MAJOR, MINOR = (0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10)


@dataclass(frozen=True)
class Harmony:
    """Which pitch classes belong to the chord of each moment."""

    start: Ints
    """Where each chord begins, ascending."""
    mask: Ints
    """Its pitch classes, the bass among them, as 12 bits; 0 for no chord."""

    @classmethod
    def of(cls, chords: ChordTrack) -> Harmony:
        """Chords that are written down. After the end of the track there are none."""
        rows = [(int(change.tick), change.chord.chroma) for change in chords.changes]
        if chords.end is not None:
            rows.append((int(chords.end), 0))
        table = np.array(rows, dtype=np.int64).reshape(-1, 2)
        return cls(table[:, 0], table[:, 1])

    @classmethod
    def heard(cls, reading: ChordReading) -> Harmony:
        """Chords that were recognised, beat by beat."""
        shapes = np.array([Chord.parse(f"C{name}").chroma for name in reading.quality], dtype=np.int64)
        root = np.maximum(reading.root, 0)
        turned = (shapes << root | shapes >> (12 - root)) & 0xFFF
        mask = turned | np.where(reading.bass >= 0, 1 << np.maximum(reading.bass, 0), 0)
        return cls(reading.beats[:-1], np.where(reading.root < 0, 0, mask))

    def at(self, ticks: Ints) -> Ints:
        """The chord of each moment; none before the first."""
        found = np.searchsorted(self.start, ticks, side="right") - 1
        return np.where(found < 0, 0, self.mask[np.maximum(found, 0)]) if len(self.mask) else np.zeros_like(ticks)

    def shuffled(self, rng: np.random.Generator) -> Harmony:
        """The floor: the same chords in another order."""
        return Harmony(self.start, rng.permutation(self.mask))


def chord_tone_share(notes: Notes, harmony: Harmony) -> float:
    """The share of pitched onsets whose pitch class is in the chord of that moment.

    Onsets without a chord count neither way. People do not reach 1: passing notes are music.
    """
    heard = notes.pitched
    mask = harmony.at(heard.start)
    known = mask > 0
    return mean((mask[known] >> (heard.pitch[known] % 12) & 1).astype(np.float64))


def chord_tone_share_frames(notes: Notes, harmony: Harmony) -> float:
    """The same over frames of a sixteenth: every (note, frame) pair in which note and chord both exist. For live playing.

    A note is in the frames whose first tick it sounds on.
    """
    heard = notes.pitched
    first = -(-heard.start // SIXTEENTH)
    times = np.maximum(-(-heard.end // SIXTEENTH) - first, 0)
    note = np.repeat(np.arange(len(heard)), times)
    frame = first[note] + np.arange(len(note)) - np.repeat(np.cumsum(times) - times, times)
    mask = harmony.at(frame * SIXTEENTH)
    known = mask > 0
    return mean((mask[known] >> (heard.pitch[note[known]] % 12) & 1).astype(np.float64))


@dataclass(frozen=True)
class ChordAccuracy:
    """How far an arrangement has the chords of its lead sheet; shares of beats."""

    root_quality: float
    """Primary: root equal, and the chord's 12 bits above its root equal."""
    quality: float
    """The bits alone: the published measure, which ignores the root."""
    root: float
    beats: int
    """How many beats were compared."""
    recogniser: str
    """What heard the chords: the version of this program and the hash of its tables."""


def recogniser_id(tables: ChordTables) -> str:
    """Names the recogniser, which is a part of the measure."""
    return f"partimento {bridge.__version__}, chords {hashlib.sha256(tables.to_json().encode()).hexdigest()[:12]}"


def chord_acc(lead_sheet: Score, output: Score, tables: ChordTables) -> ChordAccuracy:
    """The same recogniser on lead sheet and output, melody included in both, beat by beat of the lead sheet's grid."""
    wanted = recognise_chords(lead_sheet, tables)
    found = recognise_chords(Score(output.notes, lead_sheet.grid, lead_sheet.meter), tables)
    return chord_agreement(wanted, found, recogniser_id(tables))


def chord_agreement(wanted: ChordReading, found: ChordReading, recogniser: str = "given") -> ChordAccuracy:
    """The shares for two readings of one grid. Beats where nothing is wanted count neither way."""
    n = min(len(wanted.root), len(found.root))
    known = wanted.root[:n] >= 0
    root = (wanted.root[:n] == found.root[:n])[known]
    quality = (_shapes(wanted)[:n] == _shapes(found)[:n])[known]
    both, shape, tone = (mean(one.astype(np.float64)) for one in (root & quality, quality, root))
    return ChordAccuracy(both, shape, tone, int(known.sum()), recogniser)


def _shapes(reading: ChordReading) -> Ints:
    table = {name: Chord.parse(f"C{name}").shape for name in set(reading.quality)}
    return np.where(reading.root < 0, -1, np.array([table[name] for name in reading.quality], dtype=np.int64))


def pc_entropy(notes: Notes, grid: Grid, bars: int = 1) -> float:
    """-Σ p log2 p of the pitch classes that begin in windows of so many bars, mean over windows with notes."""
    chroma = onset_chroma(notes, grid)
    n = -(-grid.n_bars // bars)
    windows = np.concatenate([chroma, np.zeros((n * bars - grid.n_bars, 12))]).reshape(n, bars, 12).sum(axis=1)
    return mean(entropy(windows[windows.any(axis=1)]))


def entropy(counts: Floats) -> Floats:
    """Of each row, in bits."""
    p = counts / counts.sum(axis=1, keepdims=True)
    return np.asarray(-(p * np.log2(np.where(p > 0, p, 1))).sum(axis=1))


def out_of_key(notes: Notes, scale: Collection[int]) -> float:
    """The share of pitched notes outside a scale's pitch classes (`Key.scale`; minor is natural minor)."""
    heard = notes.pitched
    return mean((~np.isin(heard.pitch % 12, list(scale))).astype(np.float64))


def scale_consistency(notes: Notes) -> float:
    """The share of pitched notes in the best of 24 keys, major and natural minor."""
    heard = notes.pitched
    if not len(heard):
        return float("nan")
    counts = np.bincount(heard.pitch % 12, minlength=12)
    best = max(counts[[(tonic + step) % 12 for step in mode]].sum() for tonic in range(12) for mode in (MAJOR, MINOR))
    return float(best / len(heard))


def sim_chroma(output: Notes, reference: Notes, grid: Grid) -> float:
    """Cosine of bar chroma (onset counts) of output and reference, mean over bars (MuseMorphose).

    A bar empty in one of them counts 0, in both not at all.
    """
    return mean(cosine(onset_chroma(output, grid), onset_chroma(reference, grid)))
