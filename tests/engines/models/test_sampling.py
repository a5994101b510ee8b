"""Drawing: what is masked never sounds, what is likely sounds often, and company changes nothing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.models.faults import BadLogits
from engines.models.sampling import FIELDS, GREEDY, Dials, Luck, draw
from engines.music.chance import Chance

LOGITS = st.lists(st.floats(-50, 50, width=32), min_size=2, max_size=40).map(lambda row: np.array(row, np.float32))
DIALS = st.builds(
    Dials,
    st.sampled_from([0.0, 0.1, 0.8, 1.0, 3.0]),
    st.sampled_from([0.01, 0.5, 0.9, 1.0]),
    st.sampled_from([0.0, 0.05, 1.0]),
)
LUCK = st.floats(0, 1, exclude_max=True)


@given(LOGITS, DIALS, LUCK, st.data())
def test_what_is_masked_is_never_drawn(logits: np.ndarray, dials: Dials, luck: float, data: st.DataObject) -> None:  # type: ignore[type-arg]
    mask = np.array(data.draw(st.lists(st.booleans(), min_size=len(logits), max_size=len(logits))))
    if not mask.any():
        with pytest.raises(BadLogits, match="nothing to choose") as refused:
            draw(logits, luck, dials, mask=mask)
        assert refused.value.hint
        return
    token = draw(logits, luck, dials, mask=mask)
    assert mask[token]
    avoid = np.zeros(len(logits), bool)
    avoid[token] = True
    other = draw(logits, luck, dials, mask=mask, avoid=avoid)
    assert mask[other]
    assert other != token or mask.sum() == 1


@given(LOGITS, LUCK)
def test_at_temperature_zero_the_likeliest_is_taken(logits: np.ndarray, luck: float) -> None:  # type: ignore[type-arg]
    assert draw(logits, luck, GREEDY) == logits.argmax()
    for dials in (Dials(top_p=1e-9), Dials(min_p=1.0)):
        assert logits[draw(logits, luck, dials)] == pytest.approx(logits.max(), abs=1e-9)


@given(st.lists(LUCK, min_size=1, max_size=8), DIALS, st.integers(0, 2**32))
def test_a_row_does_not_know_its_neighbours(luck: list[float], dials: Dials, seed: int) -> None:
    random = np.random.default_rng(seed)
    logits = random.normal(size=(len(luck), 50)).astype(np.float32)
    mask = random.random((len(luck), 50)) < 0.5
    mask[:, 7] = True
    alone = [draw(logits[i].copy(), luck[i], dials, mask=mask[i].copy()) for i in range(len(luck))]
    together = [draw(logits[i], luck[i], dials, mask=mask[i]) for i in reversed(range(len(luck)))]
    assert together[::-1] == alone


def chi_square(counts: np.ndarray, expected: np.ndarray) -> float:  # type: ignore[type-arg]
    return float(((counts - expected) ** 2 / expected).sum())


def frequencies(logits: np.ndarray, dials: Dials, times: int = 20_000) -> np.ndarray:  # type: ignore[type-arg]
    luck = Luck(Chance(11, ("frequencies",)))
    drawn = [draw(logits, luck.at(step), dials) for step in range(times)]
    return np.bincount(drawn, minlength=len(logits))


PROBABLE = np.array([0.4, 0.25, 0.15, 0.1, 0.06, 0.04])
CHI_SQUARE_5 = 20.5
"""Exceeded once in a thousand times by chance, with five degrees of freedom."""


def test_tokens_come_as_often_as_the_model_says() -> None:
    counts = frequencies(np.log(PROBABLE), Dials())
    assert chi_square(counts, PROBABLE * 20_000) < CHI_SQUARE_5


def test_temperature_flattens() -> None:
    flat = PROBABLE**0.5 / (PROBABLE**0.5).sum()
    counts = frequencies(np.log(PROBABLE), Dials(temperature=2.0))
    assert chi_square(counts, flat * 20_000) < CHI_SQUARE_5


def test_top_p_and_min_p_cut_the_tail() -> None:
    assert frequencies(np.log(PROBABLE), Dials(top_p=0.7), 2000).nonzero()[0].tolist() == [0, 1, 2]
    assert frequencies(np.log(PROBABLE), Dials(top_p=0.4), 200).nonzero()[0].tolist() == [0]
    assert frequencies(np.log(PROBABLE), Dials(min_p=0.3), 2000).nonzero()[0].tolist() == [0, 1, 2]


def test_numbers_that_nothing_can_be_drawn_from() -> None:
    for bad in (np.nan, np.inf):
        with pytest.raises(BadLogits, match="not finite"):
            draw(np.array([0.0, bad]), 0.5)
    with pytest.raises(BadLogits, match="nothing to choose"):
        draw(np.array([-np.inf, -np.inf]), 0.5)
    assert draw(np.array([-np.inf, 0.0]), 0.0) == 1


@pytest.mark.parametrize(
    "dials", [(-1.0, 1.0, 0.0), (1.0, 0.0, 0.0), (1.0, 1.1, 0.0), (1.0, 1.0, 2.0), (np.nan, 1.0, 0.0)]
)
def test_dials_have_ends(dials: tuple[float, float, float]) -> None:
    with pytest.raises(BadLogits):
        Dials(*dials)


def test_luck_has_an_address() -> None:
    chance = Chance(3, ("fill", "candidate", "2"))
    one, other = Luck(chance), Luck(chance)
    places = [(step, field) for step in range(200) for field in range(FIELDS)]
    forwards = {place: one.at(*place) for place in places}
    backwards = {place: other.at(*place) for place in reversed(places)}
    assert forwards == backwards
    assert len(set(forwards.values())) == len(places)
    assert all(0 <= number < 1 for number in forwards.values())
    assert Luck(chance.of("x")).at(0) != one.at(0)


def test_luck_is_equal_on_every_platform() -> None:
    assert [round(Luck(Chance(1)).at(step, 1), 12) for step in (0, 64, 1000)] == [
        0.16765232674, 0.81104779456, 0.282565116515,
    ]  # fmt: skip
