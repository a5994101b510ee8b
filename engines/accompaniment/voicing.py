"""From scores to notes a pianist would play.

Rhythm, number of notes, velocity and hands are the donor's; the model says which keys. What it says is bound by four rules:

- a note belongs to the chord, unless the donor left it there too, or it is short and the model wants it otherwise; never too
  many do not; what the donor plays early belongs to the chord that it runs ahead to;
- on strong beats, where the donor has its bass, the chord's bass is lowest;
- each hand reaches what it plays, and low notes keep apart, as far as the donor's do;
- nothing foreign to a new chord is held into it for longer than an eighth, where the donor did not.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate, groupby, pairwise

import numpy as np

from engines.accompaniment.donors import LEFT, Stroke
from engines.accompaniment.grid import (
    LOWEST_KEY,
    STEP,
    Cue,
    Floats,
    Scores,
    Window,
    chord_of,
    step_of,
    steps_of,
)
from engines.accompaniment.keys import (
    Chord,
    Keys,
    as_donor,
    as_model,
    away,
    belongs,
    few,
    keys_for,
    wanted,
    wanted_beside,
)
from engines.music.time import PPQ, Ticks

EIGHTH = 480
FOREIGN = 0.16
"""The largest share of notes that may lie beside the chord; people have 0.09 to 0.13 there."""
BASS_BELOW, BASS_RANGE = 60, 7
"""A donor's note is its bass when it lies below this pitch, and so near to the lowest of the bar."""
HALVES = {16: (0, 8), 24: (0, 12)}
"""Strong steps of bars in steps; of other bars only the first is."""


def voiced(donor: Window, cue: Cue, scores: Scores) -> tuple[Stroke, ...]:
    """The donor's strokes on the keys that the model prefers over the chords of the cue. Bars are equally long in both."""
    chords = list(_chords(donor, cue))
    keys = _with_foreign(chords, scores.onsets)
    played = {chord.step: (chord, mine) for chord, mine in zip(chords, keys, strict=True)}
    return tuple(_strokes(donor, cue, played, scores))


def _chords(donor: Window, cue: Cue) -> Iterator[Chord]:
    bars = steps_of(donor.bars)
    starts = [0, *accumulate(bars)]
    strong = {start + half for start, bar in zip(starts, bars, strict=False) for half in HALVES.get(bar, (0,))}
    strong |= {step_of(chord.tick, starts[-1]) for chord in cue.harmony if 0 <= chord.tick < starts[-1] * STEP}
    struck = sorted((step_of(stroke.tick, starts[-1]), stroke) for stroke in donor.strokes)
    lowest = [min((s.pitch for at, s in struck if a <= at < b), default=0) for a, b in pairwise(starts)]
    for step, group in groupby(struck, key=lambda pair: pair[0]):
        strokes = {stroke.pitch: stroke for _, stroke in sorted(group, key=lambda pair: pair[1].length)}
        pitches = tuple(sorted(strokes))
        bar = bisect_right(starts, step) - 1
        early = _early(donor, tuple(strokes.values()))
        over = chord_of(cue.harmony, step * STEP + early)
        strikes = early or step in strong
        bass = over.root >= 0 and strikes and pitches[0] <= min(lowest[bar] + BASS_RANGE, BASS_BELOW - 1)
        here = chord_of(donor.harmony, strokes[pitches[0]].tick + early)
        off = tuple(not belongs(pitch, here) for pitch in pitches)
        short = tuple(strokes[pitch].length <= EIGHTH for pitch in pitches)
        left = sum(strokes[pitch].hand == LEFT for pitch in pitches)
        yield Chord(step, pitches, off, short, left, over, bool(bass))


def _early(donor: Window, strokes: Sequence[Stroke]) -> int:
    """How many ticks later the chord sounds that strokes run ahead to; 0 when they do not."""
    tick = strokes[0].tick
    later = min(max(stroke.length for stroke in strokes), PPQ) // 2
    here, ahead = chord_of(donor.harmony, tick), chord_of(donor.harmony, tick + later)
    off = any(not belongs(stroke.pitch, here) for stroke in strokes)
    runs = off and ahead.root >= 0 and all(belongs(stroke.pitch, ahead) for stroke in strokes)
    return later if runs else 0


def _with_foreign(chords: Sequence[Chord], onsets: Floats) -> list[Keys]:
    """The keys of all chords. Notes leave the chord where the donor did, and short ones where the model wants it most, but
    no more often than people do.
    """
    out = []
    for chord in chords:
        row = onsets[chord.step]
        out.append(keys_for(row, chord, [False] * len(chord.pitches)) or few(row, chord))
    left = int(FOREIGN * sum(len(chord.pitches) for chord in chords))
    by_donor = [i for i, chord in enumerate(chords) if chord.over.root >= 0 and any(chord.off)]
    by_model = [i for i, chord in enumerate(chords) if chord.over.root >= 0 and any(chord.short)]
    for take, places, least in ((as_donor, by_donor, -np.inf), (as_model, by_model, 0.0)):
        offers = []
        for i in places:
            chord, row = chords[i], onsets[chords[i].step]
            # Where every key of the chord is wanted more than any other, there is nothing to gain.
            if least == 0 and wanted_beside(row, chord) <= row[list(out[i])].min():
                continue
            keys = take(chord, row)
            more, gain = away(keys, chord) - away(out[i], chord), wanted(row, keys) - wanted(row, out[i])
            if more > 0 and gain > least:
                offers.append((-gain / more, i, more, keys))
        for _, i, more, keys in sorted(offers):
            if more <= left:
                out[i] = keys
                left -= more
    return out


def _strokes(donor: Window, cue: Cue, played: dict[int, tuple[Chord, Keys]], scores: Scores) -> Iterator[Stroke]:
    """The donor's strokes on their new keys. A key is struck once at a time, and ends before it is struck again."""
    total = sum(steps_of(donor.bars))
    begins: dict[int, list[int]] = {}
    moved = []
    for stroke in donor.strokes:
        chord, keys = played[step_of(stroke.tick, total)]
        key = keys[chord.pitches.index(stroke.pitch)]
        if stroke.tick not in begins.setdefault(key, []):
            begins[key].append(stroke.tick)
            moved.append((stroke, key, _end(donor, cue, stroke, key, float(scores.lengths[chord.step, key]))))
    for stroke, key, end in moved:
        again = min((tick for tick in begins[key] if tick > stroke.tick), default=end)
        yield stroke._replace(pitch=key + LOWEST_KEY, length=Ticks(min(end, again) - stroke.tick))


def _end(donor: Window, cue: Cue, stroke: Stroke, key: int, likely: float) -> int:
    """When a note ends: with the donor's, or soon after a chord comes that it does not belong to."""
    end = stroke.tick + stroke.length
    held_over = not belongs(stroke.pitch, chord_of(donor.harmony, end - 1))
    if not held_over:
        for chord in cue.harmony:
            if chord.root >= 0 and stroke.tick < chord.tick < end - EIGHTH and not belongs(key + LOWEST_KEY, chord):
                return min(max(chord.tick, stroke.tick + round(likely)), chord.tick + EIGHTH)
    return end
