"""Likelihood and time: what a model pays for music, and how long a machine takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engines.analysis.score import Floats


def nll_note(fields: Mapping[str, Floats]) -> dict[str, float]:
    """Mean negative log likelihood per note in nats by field, and their sum as `all`.

    Each field has one value for each note, in one order; 0 where a note has no such field.
    """
    lengths = {len(values) for values in fields.values()}
    if len(lengths) != 1 or lengths == {0}:
        raise ValueError("Every field needs one value for each note.")
    means = {name: float(np.mean(values)) for name, values in fields.items()}
    return {**means, "all": sum(means.values())}


def event_ppl(loss_per_token: float, tokens: int = 3) -> float:
    """Perplexity per event from nats per token (Anticipatory Music Transformer: three tokens an event)."""
    return float(np.exp(tokens * loss_per_token))


def bits_per_second(total_nats: float, seconds: float) -> float:
    """What the whole test music costs, in bits, over how long it lasts."""
    return float(total_nats / np.log(2) / seconds)


@dataclass(frozen=True)
class Timing:
    """How long something takes, in milliseconds; never a lone maximum."""

    p50: float
    p95: float
    p99: float
    n: int
    warm: bool

    @classmethod
    def of(cls, milliseconds: npt.ArrayLike, warm: bool) -> Timing:
        """Percentiles with linear interpolation."""
        laps = np.asarray(milliseconds, dtype=np.float64)
        p50, p95, p99 = np.percentile(laps, [50, 95, 99]).tolist()
        return cls(p50, p95, p99, len(laps), warm)
