"""Intervals: how far a mean over songs would move if other songs had been drawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

RESAMPLINGS = 2000


@dataclass(frozen=True)
class Estimate:
    """A mean over songs and its 95 % percentile interval."""

    mean: float
    low: float
    high: float
    n: int
    """How many songs."""

    def row(self) -> list[float]:
        """As results are recorded: mean, low, high, songs."""
        return [round(self.mean, 4), round(self.low, 4), round(self.high, 4), self.n]


def estimate(values: npt.ArrayLike, songs: npt.ArrayLike | None = None, seed: int = 1) -> Estimate:
    """The mean of values and its interval over 2,000 resamplings of the songs; nans are left out.

    Values of one song (`songs` names the song of each) are drawn together, and the mean is over values: a song with many
    counts for more. Without `songs` every value is a song.
    """
    table = np.asarray(values, dtype=np.float64)
    names = np.arange(len(table)) if songs is None else np.asarray(songs)
    known = ~np.isnan(table)
    table, names = table[known], names[known]
    if not len(table):
        return Estimate(float("nan"), float("nan"), float("nan"), 0)
    _, place = np.unique(names, return_inverse=True)
    total, count = np.bincount(place, table), np.bincount(place)
    draws = np.random.default_rng(seed).integers(0, len(count), (RESAMPLINGS, len(count)))
    means = total[draws].sum(axis=1) / count[draws].sum(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return Estimate(float(table.mean()), float(low), float(high), len(count))


def paired(a: npt.ArrayLike, b: npt.ArrayLike, songs: npt.ArrayLike | None = None, seed: int = 1) -> Estimate:
    """The same for the difference a - b of two methods on the same items; an interval above 0 says that a is better."""
    return estimate(np.asarray(a, dtype=np.float64) - np.asarray(b, dtype=np.float64), songs, seed)
