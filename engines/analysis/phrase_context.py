"""The second hearing: what the first impression of every bar line says about its neighbours.

Strong beats of the hypermeter support each other four and eight bars away, and copies of the same music are phrased alike.
"""

from __future__ import annotations

import numpy as np

from engines.analysis.phrase_cues import mean_over, shifted
from engines.analysis.phrase_echo import Echo
from engines.analysis.score import Floats, Ints

_NEIGHBOURS = (*range(-9, 10), -16, -12, 12, 16)
_NOWHERE = -8.0
"""The impression of lines outside the piece."""
_FADE = 0.8
"""How much less each further period counts."""
_FAR = 40
_COPY = 0.7
"""Likeness over four bars on both sides from which music counts as a copy."""
_SURE = 6.0
"""Log-odds beyond this do not outweigh more copies."""


def chance(evidence: Floats) -> Floats:
    """Log-odds as a probability, rounded so that the last bits of `exp` do not matter."""
    return np.rint(4096 / (1 + np.exp(-np.clip(evidence, -30, 30)))) / 4096


def context_cues(evidence: Floats, echo: Echo) -> dict[str, Floats]:
    """Cues from the first impression (log-odds for each bar line)."""
    likely = chance(evidence)
    cues = {f"line{by:+d}": shifted(evidence, by, _NOWHERE) for by in _NEIGHBOURS}
    for period in (4, 8):
        cues |= _hypermeter(likely, period)
    for level in (0.3, 0.6):
        since, until = _distances(np.flatnonzero(likely > level), len(likely))
        cues[f"since{level}"], cues[f"until{level}"] = since, until
    cues["busy.before"], cues["busy.after"] = mean_over(likely, -8, 0), mean_over(likely, 1, 9)
    return cues | _votes(likely, echo)


def _hypermeter(likely: Floats, period: int) -> dict[str, Floats]:
    """How strong the lines whole periods away are, and how much stronger than those out of step."""
    comb = np.stack(
        [
            sum(
                (
                    _FADE**k * (shifted(likely, period * k + step) + shifted(likely, step - period * k))
                    for k in range(1, 5)
                ),
                np.zeros(len(likely)),
            )
            for step in range(period)
        ]
    )
    return {f"period{period}": comb[0], f"period{period}.over": comb[0] - comb[1:].max(axis=0)}


def _distances(strong: Ints, n: int) -> tuple[Floats, Floats]:
    """Bars since the last strong line and until the next."""
    line = np.arange(n)
    framed = np.concatenate([[-_FAR], strong, [n + _FAR]])
    before = framed[np.searchsorted(framed, line, side="left") - 1]
    after = framed[np.searchsorted(framed, line, side="right")]
    return np.minimum(line - before, _FAR).astype(np.float64), np.minimum(after - line, _FAR).astype(np.float64)


def _votes(likely: Floats, echo: Echo) -> dict[str, Floats]:
    """The mean impression of the lines where the same music stands elsewhere, and how many there are."""
    cues: dict[str, Floats] = {}
    partners = [echo.across(shifted(likely, by)) for by in (-1, 0, 1)]
    for name, low, high in (("around", -2, 2), ("after", 0, 4), ("before", -4, 0)):
        weight = np.maximum(_likeness(echo, low, high) - 0.5, 0) ** 2
        total = weight.sum(axis=0)
        cues[f"copies.{name}"] = total
        for by, there in zip((-1, 0, 1), partners, strict=True):
            cues[f"copies.{name}{by:+d}"] = (weight * there).sum(axis=0) / (total + 0.005)
    return cues


def with_copies(evidence: Floats, echo: Echo) -> Floats:
    """The same log-odds, drawn towards their mean over copies of the music around each line.

    What returns is then cut the same way, so that it can have the same letters.
    """
    weight = np.maximum(_likeness(echo, -4, 4) - _COPY, 0) / (1 - _COPY)
    plain = np.clip(evidence, -_SURE, _SURE)
    drawn: Floats = (plain + (weight * np.asarray(echo.across(plain), dtype=np.float64)).sum(axis=0)) / (
        1 + weight.sum(axis=0)
    )
    return drawn


def _likeness(echo: Echo, low: int, high: int) -> Floats:
    """The mean likeness of bars b + low up to b + high with their counterparts; bars outside the piece are unlike."""
    line = np.arange(echo.n)
    sums = np.pad(np.cumsum(echo.whole, axis=1, dtype=np.float64), ((0, 0), (1, 0)))
    begin, end = np.clip(line + low, 0, echo.n), np.clip(line + high, 0, echo.n)
    mean: Floats = (sums[:, end] - sums[:, begin]) / (high - low)
    return mean
