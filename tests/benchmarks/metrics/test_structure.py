"""Structure measures on pieces of a few bars, worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.metrics.harmony import Harmony
from benchmarks.metrics.structure import (
    bar_vectors,
    effect_size,
    ils_d_audio,
    ils_d_symbolic,
    ils_ratio,
    ils_relative,
    shuffled,
)
from engines.api import Phrase
from engines.music.time import PPQ
from tests.benchmarks.metrics.examples import grid, notes, tune

UP, DOWN = [60, 62, 64, 65], [71, 69, 67, 66]


def phrases(*labels: str, bars: int = 2) -> list[Phrase]:
    return [Phrase(1 + i * bars, bars, label) for i, label in enumerate(labels)]


def test_ils_ratio_of_two_equal_windows_and_a_foreign_one() -> None:
    # Windows A, A, B of two bars; A·A = 1, A·B = 0 twice: mean over L is 1, over all pairs 1/3.
    piece = notes(*tune(UP * 2), *tune(UP * 2, 8), *tune(DOWN * 2, 16))
    found = ils_ratio(piece, grid(6), phrases("A", "A", "B"))
    assert found.value == pytest.approx(3.0)
    assert found.encoder == "onset_pc"


def test_ils_ratio_is_one_where_everything_is_alike() -> None:
    piece = notes(*tune(UP * 6))
    assert ils_ratio(piece, grid(6), phrases("A", "A", "B")).value == pytest.approx(1.0)


def test_ils_ratio_counts_letter_and_length_and_leaves_silence_out() -> None:
    piece = notes(*tune(UP * 2), *tune(UP * 4, 8))
    form = [Phrase(1, 2, "A"), Phrase(3, 4, "A")]
    # The windows of A4 share a label with each other, not with A2. All are alike.
    assert ils_ratio(piece, grid(6), form).value == pytest.approx(1.0)
    assert np.isnan(ils_ratio(notes(*tune(UP * 2)), grid(6), form).value)


def test_an_odd_phrase_repeats_its_last_bar() -> None:
    piece = notes(*tune(UP), *tune(DOWN, 4), *tune(UP, 8), *tune(UP, 12), *tune(UP, 16))
    # A3 = [up down][up up], B2 = [up up]: cosines ½, ½, 1. L is the first pair alone.
    found = ils_ratio(piece, grid(5), [Phrase(1, 3, "A"), Phrase(4, 2, "B")])
    assert found.value == pytest.approx(0.5 / (2 / 3))


def test_ils_ratio_takes_another_encoder() -> None:
    piece = notes(*tune(UP * 2), *tune([p + 1 for p in UP] * 2, 8), *tune([60] * 8, 16))
    found = ils_ratio(piece, grid(6), phrases("A", "A", "B"), lambda rolls: rolls.sum(axis=2), "rhythm")
    assert found.value == pytest.approx(1.0)
    assert found.encoder == "rhythm"


def test_relative_ils() -> None:
    assert ils_relative(1.5, 2.0) == pytest.approx(0.5)


def test_effect_size_in_pooled_deviations() -> None:
    # Means 2 and 5, sample variances 1 and 4 with 2 degrees each: pooled 2.5.
    assert effect_size(np.array([1.0, 2, 3]), np.array([3.0, 5, 7])) == pytest.approx(-3 / np.sqrt(2.5))
    assert np.isnan(effect_size(np.array([1.0]), np.array([1.0, 2])))
    # A third of a third, three times, is 1 but for rounding: that is no spread to measure by.
    assert np.isnan(effect_size(np.array([1.0, 1 - 1e-16, 1]), np.array([0.5, 0.5 + 1e-16, 0.5])))


def test_a_bar_and_its_chord() -> None:
    vector = bar_vectors(notes((0, 1, 60), (1, 1, 62)), grid(1))[0]
    assert vector[0] == vector[4 * 12 + 2] == 1
    assert vector[192] == vector[192 + 12 + 2] == 0.5
    assert vector.sum() == 3


def test_given_chords_take_the_place_of_what_is_struck() -> None:
    chords = Harmony(np.array([0, 2 * PPQ]), np.array([0b1, 0b100]))
    vector = bar_vectors(notes((0, 1, 60)), grid(1), chords)[0]
    assert np.flatnonzero(vector[192:]).tolist() == [0, 12, 24 + 2, 36 + 2]


def test_symbolic_ils_tells_equal_sections_from_others() -> None:
    second = [60, 62, 64, 67]
    piece = notes(*tune(UP), *tune(DOWN, 4), *tune(second, 8), *tune(DOWN, 12), *tune([63] * 4, 16))
    found = ils_d_symbolic(piece, grid(5), [Phrase(1, 1, "A"), Phrase(2, 1, "B"), Phrase(3, 1, "A"), Phrase(4, 1, "B")])
    # A and A' share three of four onsets and chords, B and B are equal, A and B share nothing.
    assert found.same == pytest.approx((0.75 + 1) / 2)
    assert found.different == 0
    # Same pairs .75 and 1 (variance 1/32), four different ones of 0: pooled (1/32) / 4.
    assert found.aligned == pytest.approx(0.875 / np.sqrt(1 / 32 / 4))
    assert found.all_pairs == pytest.approx(found.aligned)


def test_silent_bars_are_left_out_or_count_nothing() -> None:
    piece = notes(*tune(UP), *tune(UP, 8))
    form = [Phrase(1, 2, "A"), Phrase(3, 2, "A")]
    assert ils_d_symbolic(piece, grid(4), form).same == pytest.approx(1.0)
    other = notes(*tune(UP), *tune(UP, 12))
    assert ils_d_symbolic(other, grid(4), form).same == 0


def test_audio_ils_of_two_sounds() -> None:
    rate = 8000
    time = np.arange(rate) / rate
    low, high, noise = np.sin(2 * np.pi * 200 * time), np.sin(2 * np.pi * 3000 * time), np.sin(2 * np.pi * 210 * time)
    song = np.concatenate([low, noise, high, high, low, noise])
    sections = [(0.0, 2.0, "A"), (2.0, 4.0, "B"), (4.0, 6.0, "A")]
    wrong = [(0.0, 1.0, "A"), (1.0, 3.0, "B"), (3.0, 4.0, "A"), (4.0, 5.0, "B"), (5.0, 6.0, "A")]
    assert ils_d_audio(song, rate, sections) > 3 > ils_d_audio(song, rate, wrong)


def test_shuffling_deals_the_labels_anew() -> None:
    form = phrases(*"ABCDEFGH")
    again = shuffled(form, np.random.default_rng(1))
    assert [p.start_bar for p in again] == [p.start_bar for p in form]
    assert sorted(p.label for p in again) == list("ABCDEFGH") != [p.label for p in again]
