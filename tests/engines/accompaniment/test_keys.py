"""The choice of keys."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engines.accompaniment.grid import KEYS, LOWEST_KEY
from engines.accompaniment.hands import MUDDY
from engines.accompaniment.keys import Chord as Struck
from engines.accompaniment.keys import belongs, few, rising, tones_of
from tests.engines.accompaniment.windows import chord

scores = st.integers(0, 10_000).map(lambda seed: np.random.default_rng(seed).normal(size=KEYS).astype(np.float32))
picks = st.lists(st.sets(st.integers(10, 40), min_size=1, max_size=6), min_size=1, max_size=4)


def mask(keys: set[int]) -> np.ndarray:
    return np.isin(np.arange(KEYS), sorted(keys))


@given(scores, picks, st.integers(1, 5))
def test_no_other_keys_would_be_better(row: np.ndarray, allowed: list[set[int]], near: int) -> None:
    """All ways are tried by hand."""

    def best(apart: int) -> tuple[int, ...]:
        ways = [
            way
            for way in combinations(sorted(set().union(*allowed)), len(allowed))
            if all(key in keys for key, keys in zip(way, allowed, strict=True))
            and all(b - a >= apart or a + LOWEST_KEY >= MUDDY for a, b in pairwise(way))
        ]
        return max(ways, key=lambda way: float(row[list(way)].sum()), default=())

    found = rising(row, [mask(keys) for keys in allowed], near)
    due = best(near) or best(1)
    assert len(found) == len(due)
    assert abs(float(row[found].sum()) - float(row[list(due)].sum())) < 1e-5


def test_a_foreign_bass_belongs_to_its_chord() -> None:
    assert belongs(62, chord("C/D"))
    assert not belongs(61, chord("C/D"))
    assert tones_of(chord("-")) == 0xFFF


def test_few_tones_are_shared() -> None:
    over = chord("C5")
    struck = Struck(0, (48, 50, 52, 53, 55), (False,) * 5, (False,) * 5, 5, over, bass=True)
    row = -np.abs(np.arange(KEYS, dtype=np.float32) - (48 - LOWEST_KEY))
    assert [key + LOWEST_KEY for key in few(row, struck)] == [48, 55, 60, 60, 60]
