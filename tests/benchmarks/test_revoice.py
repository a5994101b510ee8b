"""Figures that return, and who finds what was played there."""

from __future__ import annotations

import pytest

from benchmarks.revoice import Piece, by_root, by_rule, cases, judged, unchanged
from engines.accompaniment.donors import Donor
from tests.engines.accompaniment.examples import oompah


def piece(*chords: str, busy: bool = False) -> Piece:
    return Piece(oompah("d", chords, busy=busy), ())


def test_a_figure_is_asked_where_it_returns_over_other_chords() -> None:
    found = list(cases(piece("C", "F", "G", "C", "D", "G", "C", "F")))
    assert [(case.first, case.later) for case in found] == [(0, 2), (3, 5)]


def test_the_same_chords_are_not_asked() -> None:
    assert not list(cases(piece("C", "C", "C", "C")))


def test_people_are_right_about_themselves() -> None:
    case = next(cases(piece("C", "F", "G", "C")))
    row = judged(case, case.truth)
    assert row["pitch"] == row["pitch class"] == row["rhythm"] == row["on the chord"] == 1.0


def test_an_octave_away_is_not_asked() -> None:
    case = next(cases(piece("C", "F", "G", "C")))
    assert judged(case, [(t, p + 12, h) for t, p, h in case.truth])["pitch"] == 1.0
    assert judged(case, [(t, p + 1, h) for t, p, h in case.truth])["pitch"] < 0.5


def test_rules_beat_doing_nothing() -> None:
    for case in cases(piece("C", "F", "G", "Am", "Dm", "G7")):
        rules, moved, nothing = (judged(case, play(case)) for play in (by_rule, by_root, unchanged))
        assert rules["on the chord"] == pytest.approx(1.0)
        assert rules["pitch class"] > nothing["pitch class"]
        assert moved["pitch class"] > nothing["pitch class"]
    assert isinstance(piece("C").donor, Donor)
