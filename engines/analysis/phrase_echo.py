"""Where a piece repeats itself: how alike bars are that lie some bars apart, and what that says about a bar line.

A repeat that begins at a bar line, in either copy, marks the beginning of a phrase; one that ends there marks an end.
The table is banded: distances are limited, so that a very long piece stays within memory and time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engines.analysis.phrase_material import Material, Rows
from engines.analysis.score import Bools, Floats, Ints

REACH = 128
"""The greatest distance in bars at which repeats are looked for."""
_BLOCK = 512
"""Bars compared in one go."""
WINDOWS = (2, 4, 8)
"""Bars before and after a line over which a repeat is judged."""
_PAD = max(WINDOWS)


@dataclass(frozen=True)
class Echo:
    """Likeness of bar b and bar b + distance; row r is distance r - reach, and the row of distance 0 holds nothing."""

    reach: int
    tune: Rows
    """Equal melody notes, or equal melodic steps for a little less."""
    rhythm: Rows
    """Equal melody onsets."""
    texture: Rows
    """Equal backing."""
    whole: Rows
    """All of it: the melody leads where there is one, the backing where there is none."""

    @property
    def n(self) -> int:
        """How many bars there are."""
        return int(self.whole.shape[1])

    def across(self, values: npt.NDArray[np.generic]) -> npt.NDArray[np.generic]:
        """The value at the bar that each cell compares with; zero outside the piece."""
        return _across(values, self.reach)

    @property
    def partner(self) -> Ints:
        """The bar that each cell compares with; it may lie outside."""
        return np.arange(self.n)[None, :] + np.arange(-self.reach, self.reach + 1)[:, None]


def _across(values: npt.NDArray[np.generic], reach: int) -> npt.NDArray[np.generic]:
    return np.lib.stride_tricks.sliding_window_view(np.pad(values, reach), len(values))


def listen(material: Material, kind: Ints) -> Echo:
    """Compare every bar with its neighbours up to `REACH` bars away. Bars of different meter have nothing in common."""
    reach = max(1, min(REACH, len(kind) - 1))
    tune = _likeness(material.tune, kind, reach, dice=True)
    np.maximum(tune, np.float32(0.9) * _likeness(material.steps, kind, reach, dice=True), out=tune)
    rhythm = _likeness(material.rhythm, kind, reach, dice=True)
    texture = _likeness(material.texture, kind, reach, dice=False)
    harmony = _likeness(material.harmony, kind, reach, dice=False)
    return Echo(reach, tune, rhythm, texture, _whole(tune, texture, harmony, material.sung, reach))


def _whole(tune: Rows, texture: Rows, harmony: Rows, sung: Bools, reach: int) -> Rows:
    there = _across(sung, reach).astype(np.bool_)
    both, neither = sung & there, ~(sung | there)
    mixed = np.float32(0.15) * harmony
    alone = np.float32(0.5) * (texture + harmony)
    out: Rows = np.where(both, np.float32(0.7) * tune + np.float32(0.3) * harmony, np.where(neither, alone, mixed))
    return out


def _likeness(rows: Rows, kind: Ints, reach: int, *, dice: bool) -> Rows:
    """Dice coefficient of 0/1 rows, or cosine, between each bar and those up to `reach` away on both sides."""
    n = len(rows)
    size = rows.sum(axis=1) if dice else np.einsum("ij,ij->i", rows, rows)
    rows, size = np.pad(rows, ((reach, reach), (0, 0))), np.pad(size, reach)
    kind = np.pad(kind, reach, constant_values=-1)
    out = np.empty((2 * reach + 1, n), dtype=np.float32)
    for begin in range(0, n, _BLOCK):
        end = min(n, begin + _BLOCK)
        here, there = slice(begin + reach, end + reach), slice(begin, end + 2 * reach)
        alike = rows[here] @ rows[there].T
        if dice:
            alike *= 2 / np.maximum(size[here, None] + size[None, there], np.float32(1))
        else:
            alike /= np.sqrt(np.maximum(size[here, None], 1)) * np.sqrt(np.maximum(size[None, there], 1))
        alike *= kind[here, None] == kind[None, there]
        # Row i holds the bars from i - reach on: reading it askew lines up equal distances.
        step, item = alike.strides
        askew = np.lib.stride_tricks.as_strided(alike, (end - begin, 2 * reach + 1), (step + item, item))
        out[:, begin:end] = askew.T
    out[reach] = 0
    return out


def echo_cues(echo: Echo) -> dict[str, Floats]:
    """For each bar line: the clearest beginning and end of a repeat there, and how much changes."""
    cues: dict[str, Floats] = {}
    inside = (echo.partner >= 0) & (echo.partner <= echo.n)
    for name in ("whole", "tune", "rhythm", "texture"):
        sums = _running(getattr(echo, name))
        for bars in WINDOWS:
            after, before = _span(sums, 0, bars), _span(sums, -bars, 0)
            turn = np.where(inside, after - before, 0)
            cues[f"{name}{bars}.begins"] = turn.max(axis=0)
            cues[f"{name}{bars}.ends"] = -turn.min(axis=0)
            cues[f"{name}{bars}.after"] = after.max(axis=0)
            cues[f"{name}{bars}.before"] = before.max(axis=0)
            cues[f"{name}{bars}.change"] = _change(sums, echo.reach, bars)
            if bars == 4:
                cues[f"{name}4.begins_often"] = (np.maximum(turn, 0) ** 2).sum(axis=0)
    sums = _running(echo.whole)
    for apart in (4, 8):
        row = min(apart, echo.reach)
        cues[f"whole.next{apart}"] = _span(sums[echo.reach + row][None], 0, 4)[0]
        cues[f"whole.last{apart}"] = _span(sums[echo.reach - row][None], 0, 4)[0]
        cues[f"whole.held{apart}"] = _span(sums[echo.reach - row][None], -4, 0)[0]
    return cues


def _running(likeness: Rows) -> Floats:
    """Running sums along the bars, continued flat on both sides so that windows may reach over the edge."""
    sums = np.cumsum(likeness, axis=1, dtype=np.float64)
    return np.pad(np.pad(sums, ((0, 0), (1, 0))), ((0, 0), (_PAD, _PAD)), mode="edge")


def _span(sums: Floats, low: int, high: int) -> Floats:
    """The mean over bars b + low up to b + high for every bar line b; bars outside the piece count as unlike."""
    n = sums.shape[1] - 2 * _PAD - 1
    total: Floats = sums[:, _PAD + high : _PAD + high + n] - sums[:, _PAD + low : _PAD + low + n]
    return total / (high - low)


def _change(sums: Floats, reach: int, bars: int) -> Floats:
    """How much more the bars on either side are like each other than like those across the line."""
    n = sums.shape[1] - 2 * _PAD - 1
    within, across, n_within, n_across = np.zeros(n), np.zeros(n), 0, 0
    for apart in range(1, min(2 * bars - 1, reach) + 1):
        row = sums[reach + apart][None]
        if apart < bars:
            within += (_span(row, 0, bars - apart)[0] + _span(row, -bars, -apart)[0]) * (bars - apart)
            n_within += 2 * (bars - apart)
        low, high = max(-bars, -apart), min(0, bars - apart)
        across += _span(row, low, high)[0] * (high - low)
        n_across += high - low
    return within / max(n_within, 1) - across / max(n_across, 1)
