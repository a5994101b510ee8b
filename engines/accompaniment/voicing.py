"""From scores to notes a pianist would play.

Rhythm, number of notes, velocity and hands are the donor's; the model says which keys. What it says is bound by four rules:

- a note belongs to the chord, unless it is short or the donor was off the chord at the same place, and never too many do not;
  what the donor plays early belongs to the chord that it runs ahead to;
- on strong beats, where the donor has its bass, the chord's bass is lowest;
- each hand reaches what it plays, and low notes keep apart, as far as the donor's do;
- nothing foreign to a new chord is held into it for longer than an eighth, where the donor did not.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, groupby, pairwise

import numpy as np
import numpy.typing as npt

from engines.accompaniment.donors import LEFT, Harmony, Stroke
from engines.accompaniment.grid import (
    KEYS,
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
from engines.accompaniment.hands import MUDDY, OPEN, REACH
from engines.music.time import PPQ, Ticks

Bools = npt.NDArray[np.bool_]

EIGHTH = 480
FOREIGN = 0.12
"""The largest share of notes that may lie beside the chord; people have 0.09 there."""
BASS_BELOW, BASS_RANGE = 60, 7
"""A donor's note is its bass when it lies below this pitch, and so near to the lowest of the bar."""
HALVES = {16: (0, 8), 24: (0, 12)}
"""Strong steps of bars in steps; of other bars only the first is."""


@dataclass(frozen=True)
class Chord:
    """What is struck at one step."""

    step: int
    pitches: tuple[int, ...]
    """The donor's, rising, each once."""
    free: tuple[bool, ...]
    """Whether what replaces each of them may leave the chord."""
    left: int
    """How many of them the left hand plays."""
    over: Harmony
    """The chord it has to belong to."""
    bass: bool
    """Whether the lowest has to be the bass of that chord."""


Keys = tuple[int, ...]
"""Keys of one chord, rising; 0 is the lowest A."""


def voiced(donor: Window, cue: Cue, scores: Scores) -> tuple[Stroke, ...]:
    """The donor's strokes on the keys that the model prefers over the chords of the cue. Bars are equally long in both."""
    chords = list(_chords(donor, cue))
    plain = [_keys(scores.onsets[chord.step], chord, 0) for chord in chords]
    keys = _with_foreign(chords, plain, scores.onsets)
    return tuple(
        _strokes(donor, cue, {chord.step: (chord, mine) for chord, mine in zip(chords, keys, strict=True)}, scores)
    )


def tones_of(chord: Harmony) -> int:
    """Everything that belongs to a chord, as bits; all of them where there is no chord."""
    return 0xFFF if chord.root < 0 else chord.tones | 1 << chord.bass


def belongs(pitch: int, chord: Harmony) -> bool:
    """Whether a pitch is a tone of a chord, or its bass."""
    return bool(tones_of(chord) >> pitch % 12 & 1)


def _passing(chord: Harmony) -> int:
    """Which tones may pass over a chord: all but a major third over a minor one, and the other way round."""
    thirds = [(chord.root + third) % 12 for third in (3, 4)]
    has = [chord.tones >> pc & 1 for pc in thirds]
    return 0xFFF & ~sum(1 << pc for pc, other in zip(thirds, reversed(has), strict=True) if other)


def _chords(donor: Window, cue: Cue) -> Iterator[Chord]:
    bars = steps_of(donor.bars)
    starts = [0, *accumulate(bars)]
    strong = {start + half for start, bar in zip(starts, bars, strict=False) for half in HALVES.get(bar, (0,))}
    strong |= {step_of(chord.tick, starts[-1]) for chord in cue.harmony if chord.tick >= 0}
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
        free = tuple(_free(donor, strokes[pitch]) for pitch in pitches)
        left = sum(strokes[pitch].hand == LEFT for pitch in pitches)
        yield Chord(step, pitches, free, left, over, bool(bass))


def _early(donor: Window, strokes: Sequence[Stroke]) -> int:
    """How many ticks later the chord sounds that strokes run ahead to; 0 when they do not."""
    tick = strokes[0].tick
    later = min(max(stroke.length for stroke in strokes), PPQ) // 2
    here, ahead = chord_of(donor.harmony, tick), chord_of(donor.harmony, tick + later)
    off = any(not belongs(stroke.pitch, here) for stroke in strokes)
    runs = off and ahead.root >= 0 and all(belongs(stroke.pitch, ahead) for stroke in strokes)
    return later if runs else 0


def _free(donor: Window, stroke: Stroke) -> bool:
    return stroke.length <= EIGHTH or not belongs(stroke.pitch, chord_of(donor.harmony, stroke.tick))


@lru_cache(maxsize=4096)
def _own(bits: int) -> Bools:
    """Which keys belong to a chord."""
    own = np.array([bits >> (key + LOWEST_KEY) % 12 & 1 for key in range(KEYS)], dtype=np.bool_)
    own.flags.writeable = False
    return own


def _keys(row: Floats, chord: Chord, foreign: int) -> Keys:
    """The best keys for a chord, at most so many of them foreign to it."""
    own = _own(tones_of(chord.over))
    passing = own | _own(_passing(chord.over)) if foreign else own
    order = np.argsort(-row, kind="stable").tolist()
    floor = _bass(row, chord, own) if chord.bass else -1
    found = [floor] if chord.bass else []
    for near in (_apart(chord.pitches), 1):
        for key in order:
            if len(found) == len(chord.pitches):
                break
            if (
                key > floor
                and key not in found
                and passing[key]
                and (own[key] or foreign > 0)
                and _clear(key, found, near)
            ):
                found.append(key)
                foreign -= not own[key]
    return _reached(sorted(found), chord, row, own)


def _bass(row: Floats, chord: Chord, own: Bools) -> int:
    """The key of the bass: the best of its pitch class, not far above what would be lowest without the rule."""
    lowest = int(np.argsort(-np.where(own, row, -np.inf), kind="stable")[: len(chord.pitches)].min())
    mine = np.flatnonzero((np.arange(KEYS) + LOWEST_KEY) % 12 == chord.over.bass)
    under = mine[mine <= max(lowest + BASS_RANGE, mine[0])]
    return int(under[row[under].argmax()])


def _apart(pitches: Sequence[int]) -> int:
    return min([OPEN, *(b - a for a, b in pairwise(pitches) if a < MUDDY)])


def _clear(key: int, others: Sequence[int], near: int) -> bool:
    return all(abs(other - key) >= near or min(other, key) + LOWEST_KEY >= MUDDY for other in others)


def _reached(keys: list[int], chord: Chord, row: Floats, own: Bools) -> Keys:
    """The same keys, but what a hand does not reach is exchanged for the best tone that it does."""
    left, right = keys[: chord.left], keys[chord.left :]
    left = _in_reach(left, chord.pitches[: chord.left], (0, right[0] if right else KEYS), chord.bass, row, own)
    bass = chord.bass and not left
    right = _in_reach(right, chord.pitches[chord.left :], (left[-1] + 1 if left else 0, KEYS), bass, row, own)
    return (*left, *right)


def _in_reach(
    hand: list[int], pitches: Sequence[int], room: tuple[int, int], bass: bool, row: Floats, own: Bools
) -> list[int]:
    reach = max(REACH, pitches[-1] - pitches[0]) if pitches else REACH
    kept = list(hand)
    while kept and kept[-1] - kept[0] > reach:
        # The bass stays where it is; elsewhere the outer key that the model likes less goes.
        kept.pop(-1 if bass or row[kept[-1]] < row[kept[0]] else 0)
    for _ in range(len(hand) - len(kept)):
        low = kept[0] if bass else max(room[0], kept[-1] - reach)
        free = [key for key in range(low, min(room[1], kept[0] + reach + 1)) if own[key] and key not in kept]
        # Of a chord with few tones a hand may reach fewer keys; then two strokes share the last.
        kept = sorted([*kept, max(free, key=lambda key: float(row[key])) if free else kept[-1]])
    return kept


def _with_foreign(chords: Sequence[Chord], plain: Sequence[Keys], onsets: Floats) -> list[Keys]:
    """Where leaving the chord is worth most to the model, it is left, but no more often than people do."""
    out = list(plain)
    offers: list[tuple[float, int, int, Keys]] = []
    for i, chord in enumerate(chords):
        if any(chord.free) and chord.over.root >= 0:
            row = onsets[chord.step]
            keys = _keys(row, chord, sum(chord.free))
            away = [not belongs(key + LOWEST_KEY, chord.over) for key in keys]
            gain = float(row[list(keys)].sum() - row[list(plain[i])].sum())
            allowed = all(free or not off for free, off in zip(chord.free, away, strict=False))
            if any(away) and allowed and gain > 0:
                offers.append((-gain / sum(away), i, sum(away), keys))
    left = int(FOREIGN * sum(len(chord.pitches) for chord in chords))
    for _, i, number, keys in sorted(offers):
        if number <= left:
            out[i] = keys
            left -= number
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
