"""Numbers that look drawn and are addressed: the same for a phrase whatever else is in the pool."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engines.music.chance import Chance

_MIX = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))


def uniform(chance: Chance, address: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """From 0 up to 1 for every address (splitmix64 of the key and the address)."""
    with np.errstate(over="ignore"):
        x = address.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(chance.key & (2**64 - 1))
        x = (x ^ (x >> np.uint64(30))) * _MIX[0]
        x = (x ^ (x >> np.uint64(27))) * _MIX[1]
        x ^= x >> np.uint64(31)
    return (x >> np.uint64(11)).astype(np.float64) * 2.0**-53


def bell(chance: Chance, address: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """About normal, with spread 1: the sum of four even numbers. Exact on every platform, which a logarithm is not."""
    parts = sum(uniform(chance.of(i), address) for i in range(4))
    return np.asarray((parts - 2.0) * np.sqrt(3.0))
