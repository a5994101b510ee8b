"""Songs made up by rule: a melody in long notes, and beneath it one of three textures over chords drawn by chance."""

from __future__ import annotations

import numpy as np

from engines.models.tokens import QUALITIES
from engines.music.chords import Chord
from training.notes.pieces import Part, Piece

PIANO = (Part("MELODY", 0, False), Part("PIANO", 0, False))
QUARTER = 24
DEGREES = ((0, ""), (2, "m"), (5, ""), (7, "7"), (9, "m"))


def song(
    seed: int, fold: str = "train", *, beats: int = 4, bars: int = 16, up: int = 0, archive: str = "songs"
) -> Piece:
    """A song; the same seed with `up` is the same song so much higher."""
    rng = np.random.default_rng(seed)
    tonic, texture = int(rng.integers(12)), int(rng.integers(3))
    bar = beats * QUARTER
    rows, chords = [], []
    for i in range(bars):
        degree, quality = DEGREES[int(rng.integers(len(DEGREES)))]
        root = (tonic + degree + up) % 12
        chords.append((i * bar, root, QUALITIES.index(quality)))
        rows.append((0, i * bar, 0, bar, 72 + (root - up) % 12 + up, 90))
        rows += [
            (1, i * bar + at, 0, length, pitch + up, 70)
            for at, length, pitch in _played(texture, bar, root - up, quality)
        ]
    notes = np.array(sorted(rows, key=lambda row: (row[1], row[0], row[4])), dtype=np.int64)
    lines = np.arange(bars + 1, dtype=np.int64) * bar
    keys = np.array([(0, (tonic + up) % 12, 0)], dtype=np.int64)
    return Piece(
        archive,
        f"song-{seed}",
        fold,
        "green",
        "CC0-1.0",
        "",
        PIANO,
        notes,
        lines,
        np.array(chords, dtype=np.int64),
        keys,
    )


def _played(texture: int, bar: int, root: int, quality: str) -> list[tuple[int, int, int]]:
    """Onset, length and pitch of the notes of a bar."""
    tones = Chord.parse(f"C{quality}").tones
    low = 36 + root % 12
    above = sorted(60 + (root + tone - 60) % 12 for tone in tones)[:3]
    if texture == 0:  # block chords
        return [(0, bar, low), *((at, QUARTER, pitch) for at in range(0, bar, QUARTER) for pitch in above)]
    if texture == 1:  # broken chords
        return [(0, bar, low), *((at, 12, above[(0, 2, 1, 2)[at // 12 % 4]]) for at in range(0, bar, 12))]
    after = [(at, QUARTER, pitch) for at in range(QUARTER, bar, QUARTER) for pitch in above]
    return [(0, QUARTER, low), *after]  # a bass and what follows it
