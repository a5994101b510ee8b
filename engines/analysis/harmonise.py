"""Chords for a bare melody.

Two hearings lay out what speaks for each triad on each beat: the first takes the melody, the metre and the phrases, the
second also what the first expects in bars that usually go alike. A search then finds the chords that fit best as a whole,
and every chord gets its colour. All weights are learned from people's chords (`HarmonyTables`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engines.analysis import harmonise_colour as colour
from engines.analysis.harmonise_features import Phrase, first_full_bar
from engines.analysis.harmonise_hearing import Heard, Keys, Manner, hear
from engines.analysis.harmonise_path import KINDS, best_path
from engines.analysis.harmonise_repeats import equal_bars, follow, pool
from engines.analysis.harmonise_tables import HarmonyTables, Idiom, layers
from engines.analysis.score import Floats, Grid, Ints, Notes
from engines.errors import InvalidMusic
from engines.music.harmony import Chord, ChordChange, ChordTrack, Key, KeyTrack
from engines.music.time import Ticks

__all__ = ["HarmonyTables", "Idiom", "Manner", "Phrase", "harmonise", "harmonise_takes"]

OTHERWISE = 1.5
"""What a chord loses in a further take for each earlier one that has it on the same beat."""
BOLD = 3.5
"""What sevenths and sixths gain at full richness."""


def harmonise(
    melody: Notes,
    grid: Grid,
    keys: KeyTrack,
    tables: HarmonyTables,
    *,
    phrases: Sequence[Phrase] = (),
    manner: Manner | None = None,
) -> ChordTrack:
    """Set chords to a melody, from its first full bar to the end of the grid; an upbeat has none.

    Phrases with equal labels get equal chords wherever their melodies are the same.
    """
    return harmonise_takes(melody, grid, keys, tables, 1, phrases=phrases, manner=manner)[0]


def harmonise_takes(
    melody: Notes,
    grid: Grid,
    keys: KeyTrack,
    tables: HarmonyTables,
    takes: int,
    *,
    phrases: Sequence[Phrase] = (),
    manner: Manner | None = None,
) -> tuple[ChordTrack, ...]:
    """Several settings: the best one first, then others that avoid what was there before."""
    if len(melody) == 0:
        raise InvalidMusic("There is no melody to harmonise.", "Choose a track with a tune, or give the chords.")
    manner = manner or Manner()
    heard = hear(melody, grid, Keys.of(keys, grid), tables, phrases, manner)
    start = _first_beat(melody, grid)
    used = np.zeros(heard.field.chord.shape)
    out = []
    for _ in range(takes):
        path = _search(heard, used, phrases, grid, start)
        out.append(_write(path, start, heard, grid, keys, tables, manner))
        used[np.arange(start, grid.n_beats), path] += np.where(heard.reading.closing[start:], 0.0, OTHERWISE)
    return tuple(out)


def _first_beat(melody: Notes, grid: Grid) -> int:
    """Where chords begin: after an upbeat, but in empty bars that lead in."""
    full = first_full_bar(melody, grid)
    upbeat = int(np.searchsorted(grid.bars, melody.start[0], side="right")) - 1 < full
    bar = full if upbeat and full == 1 else 0
    return int(np.searchsorted(grid.beats, grid.bars[bar]))


def _search(heard: Heard, used: Floats, phrases: Sequence[Phrase], grid: Grid, start: int) -> Ints:
    """The states from the beat `start` on."""
    tonic = heard.keys.tonic
    groups = equal_bars(phrases, heard.reading.sounding, grid)
    field = heard.field.less(used)
    if groups:
        field = pool(field, groups, tonic, grid)
        path = best_path(field)
        field = follow(field, path, groups, tonic, grid)
    return best_path(field.since(start))


def _write(
    path: Ints, start: int, heard: Heard, grid: Grid, keys: KeyTrack, tables: HarmonyTables, manner: Manner
) -> ChordTrack:
    """Colour the chords and name them in their keys."""
    runs = colour.spans_of(path.tolist())
    state, starts = path[runs[:-1]], runs + start
    begin = starts[:-1]
    columns = colour.colour_columns(starts, state, heard.keys.tonic[begin], heard.reading, grid)
    scores = np.empty((len(state), len(colour.QUALITIES)))
    for minor in (0, 1):
        here = heard.keys.minor[begin] == minor
        scores[here] = columns[here] @ np.tensordot(layers(bool(minor), manner.idiom), tables.colour, 1)
    boldness = BOLD * manner.boldness if manner.richness else -np.inf
    quality = colour.choose(scores, state, boldness)
    changes = [
        ChordChange(Ticks(tick), _chord(keys.at(tick), root, colour.SYMBOLS[q]))
        for tick, root, q in zip(grid.beats[begin].tolist(), (state // len(KINDS)).tolist(), quality, strict=True)
    ]
    return ChordTrack(tuple(changes), Ticks(int(grid.beats[-1])))


def _chord(key: Key, root: int, symbol: str) -> Chord:
    return Chord.parse(f"{key.spell(root)}{symbol}")
