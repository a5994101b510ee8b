"""When chords change, compared."""

from __future__ import annotations

import numpy as np

from engines.accompaniment.fitness import ADAPTED, PACE, Catalogue
from engines.accompaniment.pace import likeness, pace_of, paces
from engines.accompaniment.pack import meter_number
from tests.engines.accompaniment.examples import FOUR, THREE, oompah, pack, sheet

NUMBER = int(meter_number(4, 4))


def test_a_bar_says_on_which_beats_a_new_chord_comes() -> None:
    song = sheet(["C", "C", "F", "F"])
    assert pace_of(song, song.strains[0]).tolist() == [[1, 0, 0, 0], [0] * 4, [1, 0, 0, 0], [0] * 4]


def test_donors_and_songs_are_measured_alike() -> None:
    chords = ["C", "C", "F", "G"]
    found = paces(pack(oompah("w", ["C"], THREE), oompah("d", chords)), np.arange(1, 5), FOUR)
    song = sheet(chords)
    assert found.tolist() == pace_of(song, song.strains[0]).tolist()


def test_likeness_runs_from_nothing_in_common_to_the_same() -> None:
    mine = np.array([[1, 0, 0, 0], [0, 0, 1, 0], [0, 0, 0, 0]], dtype=np.float32)
    asked = np.array([[1, 0, 0, 0]], dtype=np.float32)
    assert likeness(np.array([0, 1, 2]), mine, asked).tolist() == [1, 0, 0]
    assert likeness(np.array([0, 2]), mine, asked * 0).tolist() == [0, 1]


def test_phrases_that_suit_any_tune_fit_by_their_pace() -> None:
    slow, fast = oompah("slow", ["C", "C", "C", "C"], tune=False), oompah("fast", ["C", "F", "G", "C"], tune=False)
    song = sheet(["Am", "Dm", "E7", "Am"])
    fits = Catalogue(pack(slow, fast, adapts=True), NUMBER).fits(song, song.strains[0])
    assert np.allclose(fits.fitness, [ADAPTED, ADAPTED + PACE / 2])
