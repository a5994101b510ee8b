"""Arrangement and rhythm measures, worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.metrics.arrangement import correlation, doa, energy, spearman
from benchmarks.metrics.rhythm import (
    empty_bars,
    empty_beat_rate,
    groove_consistency,
    notes_per_bar,
    onsets_per_beat,
    pitch_range,
    polyphony,
    polyphony_rate,
    range_per_part,
    sim_groove,
)
from tests.benchmarks.metrics.examples import grid, notes, tune


def test_equal_tracks_have_no_degree_of_arrangement() -> None:
    piece = notes(*tune([60, 64, 67, 64]), *tune([60, 64, 67, 64], track=1), *tune([60, 64, 67, 64], track=2))
    assert doa(piece, grid(1)) == pytest.approx(0)


def test_degree_of_arrangement_of_two_tracks() -> None:
    # The whole: C C E G. Track 0 plays C C: ln(1 / ½); track 1 plays E G: ½ ln(½ / ¼) · 2 = ln 2. No spread.
    piece = notes((0, 1, 60), (1, 1, 60), (2, 1, 64, 1), (3, 1, 67, 1))
    assert doa(piece, grid(1)) == pytest.approx(0)
    # The whole: C D E E E. Track 0 is C D E: ⅓ (ln 5/3 + ln 5/3 + ln 5/9); track 1 is E E: ln 5/3.
    piece = notes((0, 1, 60), (1, 1, 62), (2, 1, 64), (2, 1, 64, 1), (3, 1, 64, 1))
    first = (2 * np.log(5 / 3) + np.log(5 / 9)) / 3
    assert doa(piece, grid(1)) == pytest.approx((np.log(5 / 3) - first) / np.sqrt(2))


def test_melody_thin_tracks_drums_and_empty_bars_do_not_count_for_doa() -> None:
    pair = [(0.0, 1, 60, 1), (1.0, 1, 60, 1), (0.0, 1, 60, 2), (1.0, 1, 60, 2)]
    piece = notes(*tune([71, 70, 69, 68]), *pair, (2, 1, 61, 3))
    assert doa(piece, grid(4), melody=0) == pytest.approx(0)
    assert np.isnan(doa(notes(*tune([60, 62])), grid(1)))


def test_energy_follows_layers_density_loudness_and_span() -> None:
    quiet = [(float(i), 1.0, 60, 0, 40) for i in range(4)]
    loud = [(4 + i / 2, 0.5, 60 + 12 * (i % 2), i % 2, 80) for i in range(8)]
    found = energy(notes(*quiet, *loud), grid(3), [(0, 1), (1, 2), (2, 3)])
    # One of two layers, 1 of 2 onsets a quarter, 40 of 80, span 0 of 12; nothing at all.
    assert found.tolist() == pytest.approx([0.45 / 2 + 0.25 / 2 + 0.2 / 2, 1.0, 0.0])


def test_rank_correlation() -> None:
    assert spearman(np.array([1.0, 2, 10]), np.array([5.0, 6, 7])) == pytest.approx(1)
    # Ranks 1 2.5 2.5 against 1 2 3.
    assert spearman(np.array([1.0, 2, 2]), np.array([1.0, 2, 3])) == pytest.approx(np.sqrt(3) / 2)
    assert np.isnan(spearman(np.array([1.0, 1]), np.array([1.0, 2])))
    assert correlation(np.array([1.0, 2]), np.array([2.0, 1])) == pytest.approx(-1)


def test_groove_consistency() -> None:
    # On all four beats, then on 1 and 3 and one off-beat: 3 of 16 differ. The pair of empty bars is left out.
    piece = notes(*tune([60] * 4), (4, 1, 60), (6, 1, 60), (6.5, 1, 60))
    assert groove_consistency(piece, grid(2)) == pytest.approx(1 - 3 / 16)
    assert groove_consistency(piece, grid(4)) == pytest.approx(((1 - 3 / 16) + (1 - 3 / 16)) / 2)


def test_groove_in_three_is_measured_in_twelve_steps() -> None:
    assert groove_consistency(notes((0, 1, 60), (3, 1, 60), (4, 1, 60)), grid(2, "3/4")) == pytest.approx(1 - 1 / 12)


def test_groove_similarity() -> None:
    a, b = notes((0, 1, 60), (0, 1, 64)), notes((0, 1, 67), (1, 1, 67))
    assert sim_groove(a, b, grid(2)) == pytest.approx(1 / np.sqrt(2))


def test_emptiness() -> None:
    piece = notes((0, 2, 60), (3, 1, 60))
    assert empty_beat_rate(piece, grid(2)) == pytest.approx(5 / 8)
    assert empty_bars(piece, grid(2)) == 0.5
    assert empty_bars(notes((0, 4.5, 60)), grid(2)) == 0


def test_polyphony() -> None:
    # C alone for a quarter, C and E for one, then a rest and G: of 16 sixteenths 4 sound twice, 4 not at all.
    piece = notes((0, 2, 60), (1, 1, 64), (3, 1, 67))
    assert polyphony(piece) == pytest.approx((4 * 1 + 4 * 2 + 4 * 1) / 12)
    assert polyphony_rate(piece) == pytest.approx(4 / 16)
    assert polyphony(notes((0, 1, 60), (0, 1, 60, 1))) == 1  # a doubled pitch is one pitch


def test_ranges() -> None:
    piece = notes((0, 1, 60), (1, 1, 72), (2, 1, 40, 1))
    assert pitch_range(piece) == 32
    assert range_per_part(piece) == {0: (60, 72), 1: (40, 40)}
    assert np.isnan(pitch_range(notes((0, 1, 38), drum=True)))


def test_notes_per_sounding_bar_and_beat() -> None:
    piece = notes((0, 1, 60), (0, 1, 64), (1, 1, 60), (8, 1, 60))
    assert notes_per_bar(piece, grid(4)) == 2
    assert onsets_per_beat(piece, grid(4)) == 1
