"""Guards, novelty, intervals, likelihood and the profile."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.metrics.bootstrap import estimate, paired
from benchmarks.metrics.guards import (
    hanging_notes,
    melody_crossing,
    metric_weight,
    notes_beyond_end,
    register_overlap,
    repeat_copy,
    self_copy,
    self_copy_rhythm,
    velocity_accent,
    velocity_arc,
    velocity_spread,
)
from benchmarks.metrics.likelihood import Timing, bits_per_second, event_ppl, nll_note
from benchmarks.metrics.novelty import TrainingRuns, longest_match
from benchmarks.metrics.profile import profile, profile_distance, spread
from engines.api import Phrase
from engines.music.time import PPQ
from tests.benchmarks.metrics.examples import grid, notes, tune

UP, DOWN, SLOW = [60, 62, 64, 65], [65, 64, 62, 60], [(0.0, 2.0, 60), (2.0, 2.0, 64)]


def test_adjacent_bars_that_are_copies() -> None:
    piece = notes(*tune(UP), *tune(UP, 4), *tune(DOWN, 8), *tune([50] * 4, 0, 1), *tune([50] * 4, 4, 1))
    # Track 0: one of two pairs; track 1: its only pair of sounding bars.
    assert self_copy(piece, grid(5)) == pytest.approx((0.5 + 1) / 2)
    assert self_copy_rhythm(piece, grid(5)) == 1
    assert np.isnan(self_copy(notes(*tune(UP)), grid(2)))


def test_repeats_that_are_copies() -> None:
    piece = notes(*tune(UP), *tune(UP, 4), *tune(DOWN, 8), *tune(UP, 12))
    form = [Phrase(1, 2, "A"), Phrase(3, 2, "A")]
    assert repeat_copy(piece, grid(4), form) == 0.5
    assert np.isnan(repeat_copy(piece, grid(4), [Phrase(1, 2, "A"), Phrase(3, 2, "B")]))


def test_velocities() -> None:
    accents = [(float(i), 1.0, 60, 0, velocity) for i, velocity in enumerate((100, 60, 80, 60))]
    piece = notes(*accents, *[(float(i), 1.0, 50, 1, 70) for i in range(4)])
    assert metric_weight(notes(*accents, (0.5, 1, 60)), grid(1)).tolist() == [3, 0, 1, 2, 1]
    assert velocity_spread(piece) == pytest.approx(np.std([100, 60, 80, 60]) / 2)
    assert velocity_accent(notes(*accents), grid(1)) == pytest.approx(1)
    assert velocity_accent(piece, grid(1)) == pytest.approx(1)  # a flat part has no correlation and is left out
    assert np.isnan(velocity_accent(notes(*tune(UP)), grid(1)))


def test_velocity_follows_the_phrase() -> None:
    swell = [(float(i), 1.0, 60, 0, 60 + 10 * min(i, 8 - i)) for i in range(8)]
    assert velocity_arc(notes(*swell), grid(3), [Phrase(1, 2, "A")]) == pytest.approx(1)
    assert velocity_arc(notes(*swell, (8, 1, 60, 0, 127)), grid(3), [Phrase(1, 2, "A")]) == pytest.approx(1)


def test_accompaniment_above_the_melody() -> None:
    piece = notes((0, 2, 72), (2, 2, 60), (0, 1, 64, 1), (1, 1, 76, 1), (2, 1, 64, 1), (5, 1, 90, 1))
    assert melody_crossing(piece, 0) == pytest.approx(2 / 3)
    assert np.isnan(melody_crossing(piece, 2))


def test_registers_that_overlap() -> None:
    # Bar 1: 60–64 and 62–72 share 3 of the smaller range's 5 semitones. Bar 2: nothing shared. Bar 3: one part alone.
    piece = notes((0, 1, 60), (1, 1, 64), (0, 1, 62, 1), (1, 1, 72, 1), (4, 1, 60), (4, 1, 50, 1), (8, 1, 60))
    assert register_overlap(piece, grid(3)) == pytest.approx((3 / 5 + 0) / 2)


def test_the_end() -> None:
    piece = notes((0, 4, 60), (3, 2, 62), (4, 1, 64))
    assert notes_beyond_end(piece, 4 * PPQ) == 2
    assert hanging_notes([(0, 60, True), (0, 60, True), (0, 60, False), (1, 60, True), (2, 60, False)]) == 2


def test_a_match_survives_transposition_and_breaks_at_one_interval() -> None:
    training = TrainingRuns.of([(notes(*tune(UP + DOWN + UP)), grid(3))])
    higher = [p + 5 for p in UP + DOWN + UP]
    assert longest_match(notes(*tune(higher)), grid(3), training) == 3
    assert longest_match(notes(*tune(higher[:4] + [p + 1 for p in higher[4:]])), grid(3), training) == 2
    assert longest_match(notes(*tune([*higher[:7], 99])), grid(3), training) == 1
    assert longest_match(notes(*tune([60, 60, 60, 60])), grid(3), training) == 0


def test_a_match_needs_the_rhythm_and_no_empty_bar() -> None:
    training = TrainingRuns.of([(notes(*SLOW, *tune(UP, 8)), grid(3))])
    assert longest_match(notes(*SLOW, *tune(UP, 8)), grid(3), training) == 1
    assert longest_match(notes((0, 1, 60), (1, 1, 64)), grid(3), training) == 0
    assert longest_match(notes(), grid(3), training) == 0


def test_a_match_may_be_asked_to_touch_the_filled_bars() -> None:
    training = TrainingRuns.of([(notes(*tune(UP + UP + DOWN)), grid(3))])
    piece = notes(*tune(UP + UP + [60] * 4))
    assert longest_match(piece, grid(3), training) == 2
    assert longest_match(piece, grid(3), training, touching=(1, 2)) == 2
    assert longest_match(piece, grid(3), training, touching=(2, 3)) == 0


def test_drums_are_not_transposed() -> None:
    training = TrainingRuns.of([(notes(*tune([36, 38, 36, 38]), drum=True), grid(1))])
    assert longest_match(notes(*tune([36, 38, 36, 38]), drum=True), grid(1), training) == 1
    assert longest_match(notes(*tune([40, 42, 40, 42]), drum=True), grid(1), training) == 0


def test_intervals_over_songs() -> None:
    same = estimate([0.5, 0.5, 0.5])
    assert (same.mean, same.low, same.high, same.n) == (0.5, 0.5, 0.5, 3)
    wide = estimate([0, 1] * 50)
    # The standard error is .05: the 95 % interval is near .4 to .6.
    assert wide.low == pytest.approx(0.4, abs=0.03)
    assert wide.high == pytest.approx(0.6, abs=0.03)
    assert estimate([1.0, float("nan")]).n == 1
    assert np.isnan(estimate([]).mean)


def test_values_of_one_song_are_drawn_together() -> None:
    values, songs = [0, 0, 1, 1], ["a", "a", "b", "b"]
    assert estimate(values, songs).n == 2
    assert (estimate(values, songs).low, estimate(values, songs).high) == (0, 1)


def test_paired_differences_are_narrower_than_the_methods() -> None:
    a = np.random.default_rng(1).random(40)
    better = paired(a + 0.1, a)
    assert (better.low, better.high) == (pytest.approx(0.1), pytest.approx(0.1))


def test_likelihood() -> None:
    found = nll_note({"position": np.array([1.0, 2.0]), "pitch": np.array([3.0, 3.0])})
    assert found == {"position": 1.5, "pitch": 3.0, "all": 4.5}
    with pytest.raises(ValueError, match="one value"):
        nll_note({"position": np.array([1.0]), "pitch": np.array([1.0, 2.0])})
    assert event_ppl(np.log(2)) == pytest.approx(8)
    assert bits_per_second(10 * np.log(2), 5) == pytest.approx(2)


def test_timing_is_percentiles() -> None:
    found = Timing.of(range(101), warm=True)
    assert (found.p50, found.p95, found.p99, found.n, found.warm) == (50, 95, 99, 101, True)


def test_profile_distance_is_capped_and_wants_twelve_measures() -> None:
    real = {str(i): (10.0, 2.0) for i in range(12)}
    row = {str(i): 12.0 for i in range(12)}
    assert profile_distance(row, real) == pytest.approx(1)
    assert profile_distance({**row, "0": 100.0}, real) == pytest.approx((11 + 3) / 12)
    assert profile_distance({**row, "0": 8.0}, real) == pytest.approx(1)  # too little counts like too much
    assert np.isnan(profile_distance({**row, "0": float("nan")}, real))


def test_a_piece_has_enough_measures_for_a_distance() -> None:
    piece = notes(*tune(UP + DOWN + UP), *tune([48, 55, 52, 55] * 3, track=1))
    row = profile(piece, grid(3), melody=0, phrases=[Phrase(1, 1, "A"), Phrase(2, 1, "B"), Phrase(3, 1, "A")])
    assert sum(not np.isnan(value) for value in row.values()) >= 12
    assert row["self_copy"] == 1
    assert spread([{"a": 1.0}, {"a": 3.0}, {"a": float("nan")}]) == {"a": (2.0, pytest.approx(np.sqrt(2)))}
