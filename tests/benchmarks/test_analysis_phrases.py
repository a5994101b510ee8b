"""The measures of phrase reading, on cases small enough to count by hand."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.analysis_phrases import agreement, boundary_f1, every, inner, interval, label_f1, mutual
from engines.analysis.phrases import Phrase, PhraseReading, read_form
from engines.music.time import PPQ, MeterMap
from training.analysis.phrase_corpus import Annotated, score_of


def song(first: str, second: str, offset: int = 0, bars: int = 20) -> Annotated:
    """A song with a note at the end of its last bar."""
    rows = np.array([[bars * 4 * PPQ - 1, bars * 4 * PPQ, 60, 80, 0]])
    return Annotated("000", score_of(rows, MeterMap()), (read_form(first), read_form(second)), offset, 4 * PPQ)


def reading(text: str) -> PhraseReading:
    phrases, bar = [], 1
    for label, bars in read_form(text):
        phrases.append(Phrase(bar, bars, label))
        bar += bars
    return PhraseReading(tuple(phrases))


@pytest.mark.parametrize(
    ("found", "wanted", "tolerance", "expected"),
    [
        ([4, 8], [4, 8], 0, 1.0),
        ([4, 8], [5, 8], 0, 0.5),
        ([4, 8], [5, 8], 1, 1.0),
        ([4, 5], [4], 1, 2 / 3),  # each is hit once
        ([3, 4, 5], [4, 5, 6], 1, 1.0),
        ([], [4], 1, 0.0),
        ([], [], 1, 1.0),
    ],
)
def test_boundaries_are_matched_one_to_one(
    found: list[int], wanted: list[int], tolerance: int, expected: float
) -> None:
    assert boundary_f1(found, wanted, tolerance) == pytest.approx(expected)
    assert boundary_f1(wanted, found, tolerance) == pytest.approx(expected)


def test_the_ends_of_a_form_are_no_boundaries() -> None:
    assert inner(np.array([-1, 0, 4, 4, 8, 12]), 12) == [4, 8]


def test_labels_are_compared_in_pairs() -> None:
    # Of six pairs the first labelling joins two, the second three, and they share one.
    assert label_f1("AABB", "AAAB") == pytest.approx(2 * 1 / (2 + 3))
    assert label_f1("AABB", "XXYY") == 1.0


def test_a_reading_is_compared_with_both_annotators() -> None:
    scores = agreement(song("A4B4A4", "A8B4"), reading("A4B4A4"))
    assert scores["within1"] == (1.0, pytest.approx(2 / 3))
    assert scores["labels"][0] == 1.0


def test_an_offset_moves_the_form() -> None:
    shifted = song("A4B4", "A4B4", offset=8 * PPQ)
    assert agreement(shifted, reading("i2A4B4"))["exact"] == (1.0, 1.0)
    assert shifted.to_file_bar(shifted.to_annotators_bar(np.arange(9))).tolist() == list(range(9))


def test_annotators_are_compared_with_each_other() -> None:
    assert mutual(song("A4B4A4", "A8B4"))["within1"] == (pytest.approx(2 / 3), pytest.approx(2 / 3))


def test_the_plain_guess_starts_with_the_form() -> None:
    guess = every(song("A8B2", "A8B2", offset=4 * PPQ), 4)
    assert [(phrase.start_bar, phrase.bars) for phrase in guess.phrases] == [(2, 4), (6, 4), (10, 2)]


def test_marks_are_the_share_of_annotators() -> None:
    marks = song("A4B4", "A2A2B4", offset=4 * PPQ, bars=12).marks()
    assert np.isnan(marks[0])
    assert marks[1:9].tolist() == [1, 0, 0.5, 0, 1, 0, 0, 0]
    assert np.isnan(marks[9:]).all()


def test_an_interval_holds_its_mean() -> None:
    mean, low, high = interval(np.array([0.0, 1.0] * 50))
    assert mean == 0.5
    assert 0.35 < low < 0.5 < high < 0.65
