"""What a bar is like, in numbers that can be compared: its tune's rhythm, its chords beat by beat, its texture.

The song that is asked about and the donors in a pack are measured by the same functions.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from engines.accompaniment.donors import RIGHT, Stroke
from engines.music.time import PPQ, Meter, Ticks

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]
Bytes = npt.NDArray[np.uint8]

STEP = PPQ // 4
"""A sixteenth."""
REST, ONSET, HOLD = 0, 1, 2
"""What a tune does in a step."""
BINS = 12
"""Places in a bar that textures are compared at, whatever its meter: they tell quarters, triplets and three from four."""
TEXTURE = 4 * BINS + 8
"""Numbers that describe the texture of a bar."""
STRUCK = [*range(BINS), *range(2 * BINS, 3 * BINS)]
"""Those among them that say where the hands strike."""
CHORD = 24
"""Numbers that describe the chord of a beat: twelve tones and twelve basses."""
_BASS = 0.7
"""What the bass counts beside the whole chord."""


def steps_of(meter: Meter) -> int:
    """Sixteenths in a bar, a part of one counted whole."""
    return -(-meter.bar // STEP)


def beats_of(meter: Meter) -> int:
    """Felt beats in a bar; 2/2 is compared with 4/4, in quarters."""
    return max(1, meter.bar // (meter.unit // 2 if (meter.numerator, meter.denominator) == (2, 2) else meter.pulse))


def tune_steps(tune: Sequence[tuple[int, int]], lines: Sequence[int], meters: Sequence[Meter]) -> Bytes:
    """REST, ONSET or HOLD for every step of every bar, one bar after the other."""
    sizes = np.array([steps_of(meter) for meter in meters], dtype=np.int64)
    first = np.concatenate([[0], np.cumsum(sizes)])
    out = np.zeros(first[-1], dtype=np.uint8)
    if not len(tune) or not len(meters):
        return out
    starts = np.array([start for start, _ in tune], dtype=np.int64)
    ends = starts + np.array([max(length, 1) for _, length in tune], dtype=np.int64)
    begin, end = (_step_at(at, lines, first, sizes) for at in (starts, np.maximum(ends - STEP, starts)))
    for a, b in zip(begin.tolist(), end.tolist(), strict=True):
        if a >= 0:
            out[a + 1 : b + 1] = HOLD
    out[begin[begin >= 0]] = ONSET
    return out


def _step_at(ticks: Ints, lines: Sequence[int], first: Ints, sizes: Ints) -> Ints:
    """The step that a tick lies nearest to; -1 outside the bars."""
    edges = np.asarray(lines, dtype=np.int64)
    bar = np.clip(np.searchsorted(edges, ticks, side="right") - 1, 0, len(sizes) - 1)
    step = np.minimum((ticks - edges[bar] + STEP // 2) // STEP, sizes[bar] - 1)
    return np.where((ticks >= edges[0]) & (ticks < edges[-1]), first[bar] + step, -1)


def beat_edges(lines: Sequence[int], meters: Sequence[Meter]) -> npt.NDArray[np.float64]:
    """Every felt beat in ticks, and the line that closes the last bar."""
    beats = [lines[bar] + np.arange(n) * (m.bar / n) for bar, m in enumerate(meters) for n in (beats_of(m),)]
    return np.append(np.concatenate(beats) if beats else np.zeros(0), float(lines[-1]))


def beat_chords(ticks: Ints, tones: Ints, bass: Ints, edges: npt.NDArray[np.floating]) -> Floats:
    """[beats, 24]: the chord's tones as a unit vector and its bass, each by the share of the beat it sounds."""
    vectors = chord_vectors(tones, bass)
    cuts = np.sort(np.concatenate([ticks.astype(np.float64), edges]))
    # Not np.unique: it would load numpy's masked arrays first, a twentieth of a second.
    new = np.concatenate([[True], np.diff(cuts) > 0])
    cuts = cuts[new & (cuts >= edges[0]) & (cuts <= edges[-1])]
    chord = np.searchsorted(ticks, cuts[:-1], side="right") - 1
    beat = np.searchsorted(edges, cuts[:-1], side="right") - 1
    share = (np.diff(cuts) / np.diff(edges)[beat]).astype(np.float32)
    out = np.zeros((len(edges) - 1, vectors.shape[1]), dtype=np.float32)
    np.add.at(out, beat[chord >= 0], vectors[chord[chord >= 0]] * share[chord >= 0, None])
    return out


def chord_vectors(tones: Ints, bass: Ints) -> Floats:
    """[chords, 24]."""
    bits = (tones[:, None] >> np.arange(12) & 1).astype(np.float32)
    bits /= np.maximum(np.sqrt(bits.sum(axis=1, keepdims=True)), 1)
    return np.concatenate([bits, _BASS * (bass[:, None] == np.arange(12))], axis=1).astype(np.float32)


def texture(strokes: Sequence[Stroke], begin: Ticks, meter: Meter) -> Floats:
    """What the hands do in a bar: where they strike, how thick, how long and how high."""
    out = np.zeros(TEXTURE, dtype=np.float32)
    if not strokes:
        return out
    table = np.array([s[:5] for s in strokes], dtype=np.float64)
    at = np.clip((table[:, 0] - begin) * BINS // meter.bar, 0, BINS - 1).astype(np.int64)
    right = table[:, 4] == RIGHT
    for hand, (mine, base) in enumerate(((~right, 40.0), (right, 64.0))):
        place = hand * 2 * BINS
        out[place : place + BINS] = np.minimum(np.bincount(at[mine], minlength=BINS), 4) / 2
        sounding = np.bincount(at[mine], np.minimum(table[mine, 1] / meter.pulse, 4), BINS)
        out[place + BINS : place + 2 * BINS] = sounding / np.maximum(np.bincount(at[mine], minlength=BINS), 1) / 2
        if mine.any():
            rest = 4 * BINS + hand * 4
            pitch = table[mine, 2]
            out[rest : rest + 4] = (pitch.mean() - base) / 8, (pitch.max() - base) / 12, (pitch.min() - base) / 12, 1.0
    return out
