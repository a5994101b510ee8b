"""A piano under a melody: does it leave the tune on top, does it clash or growl, could two hands play it?

What is played freely is snapped to a grid first (`snapped`): otherwise a few ticks of lateness would turn a copy into
something new, and a chord into several moments.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from benchmarks.metrics.columns import mean
from benchmarks.metrics.harmony import Harmony
from engines.analysis.score import Bools, Floats, Grid, Ints, Notes
from engines.music.time import PPQ

TWELFTH = PPQ // 12
"""The grid that is snapped to: sixteenths and triplets."""
FRAME = PPQ // 24
HELD, PASSING = PPQ, PPQ // 2
"""A melody note is held from a quarter on; a clash shorter than an eighth passes."""
C3, CLOSE = 48, 4
"""Neighbouring notes this close (a major third) growl where the lower one lies under C3."""
SPAN, FINGERS = 16, 5
"""What a hand reaches at once: a tenth, which some hands break, and a key for each finger."""


def snapped(notes: Notes, cell: int = TWELFTH) -> Notes:
    """Onsets and ends on the nearest cell, not before 0; no note is shorter than a cell."""
    start = np.maximum((notes.start + cell // 2) // cell, 0) * cell
    end = np.maximum((notes.end + cell // 2) // cell * cell, start + cell)
    moved = replace(notes, start=start, end=end)
    return _ordered(moved, np.lexsort((notes.pitch, start)))


def _ordered(notes: Notes, order: Ints) -> Notes:
    return Notes(
        notes.start[order],
        notes.end[order],
        notes.pitch[order],
        notes.velocity[order],
        notes.track[order],
        notes.drum[order],
    )


def above_melody(part: Notes, melody: Notes, grid: Grid) -> float:
    """The share of felt beats with melody in which, at some moment, the part sounds above it.

    A moment is a 24th of a quarter; of several melody notes the highest counts; a unison is not above. This is stricter
    than `melody_crossing`, which counts onsets: one high note held for a bar covers every beat of it.
    """
    frames = int(grid.bars[-1]) // FRAME
    tune, others = _top(melody, frames), _top(part.pitched, frames)
    beat = np.searchsorted(grid.beats, np.arange(frames) * FRAME, side="right") - 1
    sung = np.bincount(beat, tune >= 0, minlength=grid.n_beats) > 0
    covered = np.bincount(beat, (tune >= 0) & (others > tune), minlength=grid.n_beats) > 0
    return mean(covered[sung].astype(np.float64))


def _top(notes: Notes, frames: int) -> Ints:
    top = np.full(frames, -1, dtype=np.int64)
    first = (notes.start + FRAME // 2) // FRAME
    last = np.maximum((notes.end + FRAME // 2) // FRAME, first + 1)
    for a, b, pitch in zip(first.tolist(), last.tolist(), notes.pitch.tolist(), strict=True):
        np.maximum(top[a:b], pitch, out=top[a:b])
    return top


def melody_clashes(part: Notes, melody: Notes, harmony: Harmony | None = None) -> float:
    """The share of held melody notes (a quarter or longer) that a note of the part rubs against for an eighth or longer.

    Two notes rub if the higher one is a semitone above the lower, octaves aside: a minor second or ninth, not a major
    seventh. Where the chord holds both (the ninth of a 7b9, the root of a maj7) they are meant to be there.
    """
    heard = part.pitched
    held = melody.end - melody.start >= HELD
    found = [
        _rubs(heard, start, end, pitch, harmony)
        for start, end, pitch in zip(
            melody.start[held].tolist(), melody.end[held].tolist(), melody.pitch[held].tolist(), strict=True
        )
    ]
    return mean(np.array(found, dtype=np.float64))


def _rubs(part: Notes, start: int, end: int, pitch: int, harmony: Harmony | None) -> bool:
    begin = np.maximum(part.start, start)
    apart = np.abs(part.pitch - pitch)
    hit: Bools = (np.minimum(part.end, end) - begin >= PASSING) & (apart % 12 == 1)
    if harmony is not None and hit.any():
        chord = harmony.at(begin)
        meant = (chord >> (part.pitch % 12) & 1) & (chord >> (pitch % 12) & 1)
        hit &= meant == 0
    return bool(hit.any())


def low_thirds(part: Notes) -> float:
    """The share of intervals between neighbouring notes that are a major third or less, with the lower note under C3.

    Counted are all notes that sound together whenever one begins; a pitch counts once. nan where notes never meet.
    """
    heard = part.pitched
    close = together = 0
    for tick in np.unique(heard.start).tolist():
        apart = np.diff(pitches := np.unique(heard.pitch[(heard.start <= tick) & (heard.end > tick)]))
        close += int(((pitches[:-1] < C3) & (apart <= CLOSE)).sum())
        together += len(apart)
    return close / together if together else float("nan")


def beyond_hands(part: Notes) -> float:
    """The share of moments at which notes begin that two hands cannot strike: each a tenth wide and five keys at most.

    The hands do not cross; notes that are held by the pedal or by a finger hinder nobody.
    """
    moments = [not _playable(pitches) for pitches in _struck(part.pitched)]
    return mean(np.array(moments, dtype=np.float64))


def _struck(part: Notes) -> Iterator[list[int]]:
    for tick in np.unique(part.start).tolist():
        yield np.unique(part.pitch[part.start == tick]).tolist()


def _playable(pitches: Sequence[int]) -> bool:
    return any(_in_a_hand(pitches[:cut]) and _in_a_hand(pitches[cut:]) for cut in range(len(pitches) + 1))


def _in_a_hand(pitches: Sequence[int]) -> bool:
    return not pitches or (len(pitches) <= FINGERS and pitches[-1] - pitches[0] <= SPAN)


def quartiles(values: Floats) -> tuple[float, float, float]:
    """Lower quartile, median, upper quartile without nans."""
    low, middle, high = np.percentile(values[~np.isnan(values)], [25, 50, 75]).tolist()
    return low, middle, high
