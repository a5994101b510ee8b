"""Structure: do sections with one name share their music?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.metrics.columns import BAR_STEPS, duration_roll, onset_pc
from benchmarks.metrics.harmony import Harmony
from engines.analysis.score import Bools, Floats, Grid, Ints, Notes
from engines.api import Phrase
from engines.music.time import PPQ

Encoder = Callable[[Floats], Floats]
"""From [windows, 32, 128] rolls of durations in sixteenths to [windows, n] embeddings."""
CHROMA_WEIGHT = 0.5
QUARTERS = BAR_STEPS // 4
FLAT = 1e-12
"""A variance below this is rounding."""


def encode_onset_pc(rolls: Floats) -> Floats:
    """The built-in encoder: which pitch class begins on which step."""
    n, steps, _ = rolls.shape
    padded = np.zeros((n, steps, 132))
    padded[:, :, :128] = rolls > 0
    blocks: Floats = padded.reshape(n, steps, 11, 12).max(axis=2).reshape(n, steps * 12)
    return blocks


@dataclass(frozen=True)
class IlsRatio:
    """A value and what it was heard with; values of different encoders are not comparable."""

    value: float
    encoder: str


def ils_ratio(
    notes: Notes, grid: Grid, phrases: Sequence[Phrase], encoder: Encoder = encode_onset_pc, name: str = "onset_pc"
) -> IlsRatio:
    """Mean similarity of windows in phrases with one label over that of all windows (AccoMontage-3); 1 is no structure.

    `notes` are the accompaniment: its tracks merge by maximum into rolls of two bars, 32 steps; a phrase of odd length
    repeats its last bar. Similarity is the cosine of embeddings, no window with itself. A label is letter and length, and
    windows of the same phrase share it. Windows without a note have no direction and are left out.
    """
    bars = duration_roll(notes, grid)
    rolls, labels = [], []
    for phrase in phrases:
        first, end = phrase.start_bar - 1, min(phrase.start_bar - 1 + phrase.bars, grid.n_bars)
        for bar in range(first, end, 2):
            rolls.append(np.concatenate([bars[bar], bars[min(bar + 1, end - 1)]]))
            labels.append(str(phrase))
    if not rolls:
        return IlsRatio(float("nan"), name)
    table, named = np.stack(rolls), np.array(labels)
    heard = table.any(axis=(1, 2))
    similar, same = _pairs(unit(encoder(table[heard])), named[heard])
    if not same.any() or similar.mean() == 0:
        return IlsRatio(float("nan"), name)
    return IlsRatio(float(similar[same].mean() / similar.mean()), name)


def ils_relative(value: float, human: float) -> float:
    """(ILS - 1) / (ILS of human music - 1), both under the same encoder."""
    return (value - 1) / (human - 1)


def unit(vectors: Floats) -> Floats:
    """Rows of length 1; a zero row stays zero."""
    norm = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(norm > 0, norm, 1))


def _pairs(vectors: Floats, labels: np.ndarray) -> tuple[Floats, Bools]:
    """The cosine of every pair of different rows, and whether the two share a label."""
    a, b = np.triu_indices(len(vectors), 1)
    return (vectors @ vectors.T)[a, b], np.asarray(labels[a] == labels[b])


def effect_size(same: Floats, other: Floats) -> float:
    """Difference of two means in pooled standard deviations (sample variances).

    nan with fewer than two values in either, and where neither varies by more than rounding does.
    """
    if len(same) < 2 or len(other) < 2:
        return float("nan")
    pooled = ((len(same) - 1) * same.var(ddof=1) + (len(other) - 1) * other.var(ddof=1)) / (len(same) + len(other) - 2)
    return float((same.mean() - other.mean()) / np.sqrt(pooled)) if pooled > FLAT else float("nan")


def bar_vectors(notes: Notes, grid: Grid, harmony: Harmony | None = None) -> Floats:
    """[bars, 16·12 + 4·12]: which pitch class begins on which step (weight 1), and the chord of each quarter (weight ½).

    The chord is that in the middle of the quarter; without given chords, the pitch classes that begin in the quarter. An
    empty bar without chords is zero.
    """
    blocks, n = onset_pc(notes, grid), grid.n_bars
    if harmony is None:
        chroma = blocks.reshape(n, QUARTERS, 4, 12).max(axis=2)
    else:
        middle = grid.bars[:-1, None] + np.arange(QUARTERS) * PPQ + PPQ // 2
        chroma = (harmony.at(middle.ravel())[:, None] >> np.arange(12) & 1).astype(np.float64)
        chroma *= (middle < grid.bars[1:, None]).reshape(-1, 1)
    return np.hstack([blocks.reshape(n, -1), CHROMA_WEIGHT * chroma.reshape(n, -1)])


@dataclass(frozen=True)
class IlsSymbolic:
    """`ils_d_symbolic` in both forms, and what the aligned one is made of."""

    all_pairs: float
    """Effect size over pairs of bars, in sections of one type (a section with itself included) against all others."""
    aligned: float
    """Effect size over pairs of phrases; one value a pair, the mean cosine of bars at equal positions."""
    same: float
    """Mean aligned similarity of phrases with one label."""
    different: float
    """The same for different labels."""


def ils_d_symbolic(notes: Notes, grid: Grid, phrases: Sequence[Phrase], harmony: Harmony | None = None) -> IlsSymbolic:
    """How much more alike music with one label is than other music, in standard deviations. No model.

    The known figures of POP909 (all pairs 0.26, aligned 3.30) are for the melody with annotated chords.
    Labels are letters as written. Silent bars are left out of all pairs; in aligned pairs two silent bars are left out and
    a silent against a sounding bar counts 0. Phrases of different length are compared up to the shorter one's end.
    """
    vectors = unit(bar_vectors(notes, grid, harmony))
    spans = [(p.label, p.start_bar - 1, min(p.start_bar - 1 + p.bars, grid.n_bars)) for p in phrases]
    bars = np.array([bar for _, a, b in spans for bar in range(a, b)], dtype=np.int64)
    labels = np.array([label for label, a, b in spans for _ in range(a, b)])
    heard = vectors[bars].any(axis=1)
    similar, one = _pairs(vectors[bars[heard]], labels[heard])
    pairs: dict[bool, list[float]] = {True: [], False: []}
    for i, (label, begin, end) in enumerate(spans):
        for other, start, stop in spans[i + 1 :]:
            n = min(end - begin, stop - start)
            value = _aligned(vectors[begin : begin + n], vectors[start : start + n])
            if not np.isnan(value):
                pairs[label == other].append(value)
    same, different = np.array(pairs[True]), np.array(pairs[False])
    return IlsSymbolic(
        effect_size(similar[one], similar[~one]),
        effect_size(same, different),
        float(same.mean()) if len(same) else float("nan"),
        float(different.mean()) if len(different) else float("nan"),
    )


def _aligned(a: Floats, b: Floats) -> float:
    heard = a.any(axis=1) | b.any(axis=1)
    return float((a * b).sum(axis=1)[heard].mean()) if heard.any() else float("nan")


def ils_d_audio(samples: Floats, rate: int, sections: Sequence[tuple[float, float, str]], bands: int = 64) -> float:
    """`ils_d_audio` (TOMI), mel variant: mono samples, slices of one second, mean mel power of each.

    `sections` are (start, end, type) in seconds. A slice belongs to the section in which its middle lies; slices outside
    every section, and silent ones, are left out. A constant piece scores high: read it beside contrast.
    """
    slices = samples[: len(samples) // rate * rate].reshape(-1, rate)
    vectors = np.array([_mel_power(one, rate, bands) for one in slices])
    middle = np.arange(len(slices)) + 0.5
    kinds = [next((kind for start, end, kind in sections if start <= at < end), None) for at in middle.tolist()]
    known = np.array([kind is not None for kind in kinds]) & vectors.any(axis=1)
    similar, one = _pairs(unit(vectors[known]), np.array(kinds)[known])
    return effect_size(similar[one], similar[~one])


def _mel_power(samples: Floats, rate: int, bands: int, window: int = 1024) -> Floats:
    frames = np.lib.stride_tricks.sliding_window_view(samples, window)[:: window // 2] * np.hanning(window)
    power = (np.abs(np.fft.rfft(frames, axis=1)) ** 2).mean(axis=0)
    return np.asarray(_mel_bands(rate, window, bands) @ power)


def _mel_bands(rate: int, window: int, bands: int) -> Floats:
    """Triangles, evenly spaced in mel (2595 · log10(1 + f / 700)) from 0 to half the rate."""
    top = 2595 * np.log10(1 + rate / 2 / 700)
    edges = 700 * (10 ** (np.linspace(0, top, bands + 2) / 2595) - 1)
    bins = np.fft.rfftfreq(window, 1 / rate)
    low, peak, high = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    return np.asarray(np.maximum(0, np.minimum((bins - low) / (peak - low), (high - bins) / (high - peak))))


def shuffled(phrases: Sequence[Phrase], rng: np.random.Generator) -> list[Phrase]:
    """The floor: the same phrases with their labels dealt anew."""
    order: Ints = rng.permutation(len(phrases))
    return [Phrase(p.start_bar, p.bars, phrases[i].label) for p, i in zip(phrases, order.tolist(), strict=True)]
