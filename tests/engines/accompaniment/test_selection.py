"""Phrases that fit are found, and the pruned search finds what the exact one does."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from engines.accompaniment.energy import energies
from engines.accompaniment.features import ONSET, beat_chords, chord_vectors, tune_steps
from engines.accompaniment.fitness import Catalogue
from engines.accompaniment.pack import meter_number
from engines.accompaniment.pool import AROUND, STEADY, Steadiness, fullness
from engines.accompaniment.selection import Selector, Wishes
from engines.music.chance import Chance
from tests.engines.accompaniment.examples import FOUR, THREE, Q, oompah, pack, sheet

FOUR_FOUR = int(meter_number(4, 4))
TUNE = [(bar * FOUR.bar, 2 * Q, 72) for bar in range(4)]
PROGRESSIONS = {
    "pop": ["C", "G", "Am", "F"],
    "doowop": ["C", "Am", "F", "G7"],
    "minor": ["Am", "Dm", "E7", "Am"],
    "blues": ["C7", "F7", "C7", "G7"],
    "flat": ["Ab", "Db", "Eb7", "Ab"],
}


def library(**more: bool) -> Selector:
    return Selector([pack(*(oompah(name, chords, **more) for name, chords in PROGRESSIONS.items()))])


def test_a_tune_on_the_grid() -> None:
    steps = tune_steps([(0, 2 * Q), (FOUR.bar + Q // 2 + 20, Q // 2)], (0, FOUR.bar, 2 * FOUR.bar), (FOUR, FOUR))
    assert "".join(map(str, steps)) == "12222222" + "0" * 8 + "0012" + "0" * 12
    assert steps[18] == ONSET


def test_a_chord_counts_by_the_share_of_the_beat_it_sounds() -> None:
    ticks, tones, bass = np.array([0, Q + Q // 2]), np.array([0b10010001, 0b1]), np.array([0, 0])
    found = beat_chords(ticks, tones, bass, np.array([0.0, Q, 2 * Q]))
    whole, lone = chord_vectors(tones, bass)
    assert np.allclose(found, [whole, 0.5 * whole + 0.5 * lone])


@pytest.mark.parametrize("turn", range(-6, 6))
def test_a_donor_is_found_in_every_key(turn: int) -> None:
    from engines.music.harmony import Chord

    asked = [str(Chord.parse(symbol).transpose(turn)) for symbol in PROGRESSIONS["minor"]]
    (found,) = library().choose(sheet(asked, TUNE), Wishes(faithful=1), Chance(1), 1)
    assert found[0].bar == 8
    assert found[0].turn == turn
    assert found[0].fitness > 0.99


def test_the_pack_is_not_turned_but_the_song() -> None:
    fits = Catalogue(library().packs[0], FOUR_FOUR).fits(
        sheet(["D", "A", "Bm", "G"], TUNE), sheet(["D"] * 4).strains[0]
    )
    assert fits.turn[fits.fitness.argmax()] == 2
    assert len(fits.bar) == len(PROGRESSIONS)


def test_only_phrases_of_the_same_meter_and_length_or_longer() -> None:
    selector = Selector([pack(oompah("waltz", ["C", "F"], THREE), oompah("four", ["C", "F", "G"]))])
    assert selector.longest(int(meter_number(3, 4))) == 2
    assert selector.longest(FOUR_FOUR) == 3
    assert selector.longest(int(meter_number(5, 4))) == 0
    song = sheet(["C", "F"], strains=[("A", 2)])
    assert len(selector.catalogue(0, FOUR_FOUR).fits(song, song.strains[0]).bar) == 1


def test_what_returns_finds_its_donor_again() -> None:
    chords = [*PROGRESSIONS["doowop"], *PROGRESSIONS["minor"], *PROGRESSIONS["pop"][:3], "G"]
    song = sheet(chords, [(b * FOUR.bar, 2 * Q, 72) for b in range(12)], strains=[("A", 4), ("B", 4), ("A", 4)])
    (found,) = library().choose(song, Wishes(faithful=1), Chance(1), 1)
    assert found[0].place == found[2].place != found[1].place


def test_takes_differ_and_do_not_depend_on_how_many_are_asked() -> None:
    song = sheet(PROGRESSIONS["pop"] * 2, [(b * FOUR.bar, Q, 72) for b in range(8)], strains=[("A", 4), ("B", 4)])
    three = library().choose(song, Wishes(), Chance(5), 3)
    one = library().choose(song, Wishes(), Chance(5), 1)
    assert [c.place for c in one[0]] == [c.place for c in three[0]]
    assert len({tuple(c.place for c in take) for take in three}) == 3


def test_full_phrases_are_chosen_where_fullness_is_asked() -> None:
    calm, busy = oompah("calm", PROGRESSIONS["pop"]), oompah("busy", PROGRESSIONS["pop"], busy=True)
    selector = Selector([pack(calm, busy)])
    song = sheet(PROGRESSIONS["pop"], TUNE)
    names = [selector.choose(song, Wishes(density=d, faithful=1), Chance(1), 1)[0][0].bar for d in (0.0, 1.0)]
    assert names == [0, 4]
    assert fullness(selector.packs[0], np.array([0]), 4, 16) < fullness(selector.packs[0], np.array([4]), 4, 16)


def test_a_word_puts_its_donors_first() -> None:
    selector = Selector([pack(oompah("calm", PROGRESSIONS["pop"]), oompah("busy", PROGRESSIONS["blues"], busy=True))])
    found = selector.choose(sheet(PROGRESSIONS["pop"], TUNE), Wishes(tags=frozenset({"busy"})), Chance(1), 1)
    assert found[0][0].bar == 4


def test_pruned_and_exact_search_agree_where_the_pool_is_large_enough() -> None:
    chords = [symbol for triple in (("C", "G", "Am", "F"), ("Am", "F", "C", "G")) for symbol in triple]
    song = sheet(chords, [(b * FOUR.bar, Q, 70 + b) for b in range(8)], strains=[("A", 4), ("B", 4)])
    names = product(["C", "Am", "F", "G7"], ["Dm", "G"], ["Em", "C"], ["F", "G"])
    selector = Selector([pack(*(oompah(f"n{i}", list(p)) for i, p in enumerate(names)))])
    exact = selector.choose(song, Wishes(), Chance(3), 1, None)[0]
    assert [c.place for c in selector.choose(song, Wishes(), Chance(3), 1, 24)[0]] == [c.place for c in exact]


def test_steadiness_is_how_much_of_the_rhythm_stays_from_bar_to_bar() -> None:
    """Four quarters become eighths in the third bar: the last three of them are divided."""
    calm, mixed = oompah("calm", ["C"] * 4), oompah("busy", ["C"] * 4, busy=True)
    half = replace(calm, strokes=(*calm.strokes[: len(calm.strokes) // 2], *mixed.strokes[len(mixed.strokes) // 2 :]))
    found = Steadiness(pack(calm, half))
    assert found.over(np.array([0, 4, 6]), 2).tolist() == [1.0, 1.0, 1.0]
    assert found.over(np.array([0, 4]), 4).tolist() == [1.0, pytest.approx((1 + 8 / 12 + 1) / 3)]
    assert found.off(np.array([3]), 1).tolist() == [0.0]
    assert found.off(np.array([0]), 4).tolist() == [pytest.approx(1 - STEADY - AROUND)]


def test_energy_follows_the_tune_and_rises_with_returns() -> None:
    tune = [(b * FOUR.bar + i * Q, Q, 60 + (12 if b in (4, 5) else 0)) for b in (*range(2, 6), 6, 7) for i in range(4)]
    song = sheet(["C"] * 10, tune, strains=[("i", 2), ("A", 2), ("B", 2), ("A", 2), ("o", 2)])
    intro, first, high, again, outro = energies(song, 0.5)
    assert intro < first < high
    assert again > first
    assert outro < first
    assert all(a > b for a, b in zip(energies(song, 0.7), energies(song, 0.5), strict=True))
