"""When chords change: what can be compared where a donor's chords are not known, or are not meant."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engines.accompaniment.donors import Harmony
from engines.accompaniment.features import Floats, Ints, beats_of
from engines.accompaniment.pack import Pack
from engines.accompaniment.sheet import Sheet, Strain
from engines.music.time import Meter


def paces(pack: Pack, bars: Ints, meter: Meter) -> Floats:
    """[bars, beats]: 1 where a new chord comes, for bars of one meter."""
    column = pack.columns
    index = column["bar_chord"].astype(np.int64)
    chords = np.stack([column[name].astype(np.int64) for name in ("chord_root", "chord_tones", "chord_bass")])
    new = np.ones(chords.shape[1], dtype=np.bool_)
    new[1:] = (chords[:, 1:] != chords[:, :-1]).any(axis=0)
    new[index[column["donor_bar"][:-1].astype(np.int64)]] = True
    beats = beats_of(meter)
    row = np.full(pack.card.bars, -1, dtype=np.int64)
    row[bars] = np.arange(len(bars))
    bar = np.repeat(row, np.diff(index))
    at = new & (bar >= 0)
    out = np.zeros((len(bars), beats), dtype=np.float32)
    out[bar[at], np.minimum(column["chord_at"].astype(np.int64)[at] * beats // meter.bar, beats - 1)] = 1
    return out


def pace_of(sheet: Sheet, strain: Strain) -> Floats:
    """[bars, beats] of a phrase of the song."""
    meter = sheet.meters[strain.bar]
    beats = beats_of(meter)
    out = np.zeros((strain.bars, beats), dtype=np.float32)
    for chord in _new(sheet.harmony):
        bar = sheet.bar_at(chord.tick) - strain.bar
        if 0 <= bar < strain.bars:
            place = chord.tick - sheet.lines[strain.bar + bar]
            out[bar, min(place * beats // meter.bar, beats - 1)] = 1
    return out


def _new(harmony: Sequence[Harmony]) -> list[Harmony]:
    """Chords that are others than the one before."""
    return [chord for i, chord in enumerate(harmony) if not i or chord[1:] != harmony[i - 1][1:]]


def likeness(rows: Ints, mine: Floats, asked: Floats) -> Floats:
    """How alike phrases change their chords, 0 to 1; 1 for those that never do over a song that does not either."""
    both, own = np.zeros(len(rows)), np.zeros(len(rows))
    for bar in range(len(asked)):
        here = mine[rows + bar]
        both += here @ asked[bar]
        own += here.sum(axis=1)
    length = np.sqrt(own * float(asked.sum()))
    return np.asarray(
        np.where(length > 0, both / np.maximum(length, 1e-6), own == float(asked.sum())), dtype=np.float32
    )
