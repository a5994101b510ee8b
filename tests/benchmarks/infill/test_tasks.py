"""The infilling tasks: fixed by seed and song, and nothing of the answer left in them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from benchmarks.corpus import ONSET, PART, columns, grid_of, harmony_of, role_of
from benchmarks.infill.tasks import BARS, FEWEST, KINDS, Exercise, cut, exercises
from engines.music.time import PPQ
from tests.benchmarks.infill.examples import BAR, piece, rows, song
from training.notes.pieces import Part

SONGS = [song("CDEFGACD" * 2, "001"), song("GGGGCCCCDDDD", "002")]


@pytest.fixture(scope="module")
def found() -> list[Exercise]:
    return list(exercises(SONGS))


def test_every_kind_of_mask_is_there(found: list[Exercise]) -> None:
    kinds = Counter(one.task.kind for one in found)
    assert kinds == {"1 bar": 4, "2 bars": 2, "4 bars": 2, "all tracks": 2}
    assert {one.task.role for one in found if one.task.kind == "1 bar"} == {"melody", "piano"}


def test_what_is_hidden_is_gone_and_is_the_answer(found: list[Exercise]) -> None:
    for one in found:
        task = one.task
        assert not task.is_hidden(task.window.notes).any()
        assert task.is_hidden(one.answer).all()
        assert len(task.bars) == KINDS[task.kind]
        assert len(task.window.bars) == BARS + 1
        assert task.bars[0] >= 1
        lengths = np.bincount(one.answer[:, ONSET] // BAR, minlength=BARS)
        assert (lengths[list(task.bars)] >= FEWEST).all()


def test_tasks_are_fixed_by_seed_and_song_alone(found: list[Exercise]) -> None:
    again = list(exercises(SONGS[1:]))
    assert [one.task.id for one in again] == [one.task.id for one in found if one.song == "pop909:002"]
    assert [one.task.id for one in exercises(SONGS, seed=2)] != [one.task.id for one in found]


def test_the_chords_of_a_task_do_not_know_the_answer(found: list[Exercise]) -> None:
    one = next(one for one in found if one.task.kind == "all tracks")
    begin, end = one.task.bars[0] * BAR, (one.task.bars[0] + 1) * BAR
    inside = (one.task.window.chords[:, 0] > begin) & (one.task.window.chords[:, 0] < end)
    assert not inside.any()


def test_short_and_thin_pieces_give_no_tasks() -> None:
    assert not list(exercises([song("CDEFGAC")]))
    assert not list(exercises([piece(rows(*[(0, bar * 4.0, 4, 60) for bar in range(12)]), 12, ("MELODY",))]))


def test_a_cut_begins_at_nought_and_ends_with_its_last_bar() -> None:
    whole = piece(rows((0, 3, 2, 60), (0, 4, 1, 62), (0, 7, 9, 64), (0, 8, 1, 65)), 3, ("MELODY",))
    whole = replace(whole, chords=np.array([[0, 0, 0], [BAR * 2, 7, 2]]), keys=np.array([[0, 0, 0], [120, 7, 0]]))
    part = cut(whole, 1, 1)
    assert part.bars.tolist() == [0, BAR]
    assert part.notes[:, [ONSET, 3, 4]].tolist() == [[0, 24, 62], [72, 24, 64]]
    assert part.chords.tolist() == [[0, 0, 0]]
    assert part.keys.tolist() == [[0, 0, 0], [24, 7, 0]]


def test_roles_by_name_and_by_family() -> None:
    assert role_of("pop909", Part("BRIDGE", 0, False)) == "bridge"
    assert role_of("openscore_lieder", Part("VOICE Soprano I.", 52, False)) == "voice"
    assert role_of("openscore_lieder", Part("PIANO_LH Piano", 0, False)) == "piano left"
    assert role_of("slakh2100_q16", Part("program 33", 33, False)) == "bass"
    assert role_of("slakh2100_q16", Part("kit", 0, True)) == "drums"


def test_columns_are_in_ticks_and_in_order() -> None:
    notes = rows((1, 1, 0.5, 60), (0, 0, 1, 72))
    notes[0, 2] = 15
    whole = piece(notes, 1)
    assert columns(whole).start.tolist() == [0, PPQ]
    assert columns(whole, played=True).start.tolist() == [15, PPQ]
    assert columns(whole).end.tolist() == [PPQ, PPQ * 3 // 2]
    assert columns(whole).track.tolist() == notes[:, PART].tolist() == [0, 1]


def test_beats_of_bars_without_a_meter() -> None:
    grid = grid_of(np.array([0, 96, 168, 204]))  # 4/4, 3/4, 3/8
    assert (grid.beats / PPQ).tolist() == [0, 1, 2, 3, 4, 5, 6, 7, 8.5]


def test_recognised_chords_as_pitch_classes() -> None:
    assert harmony_of(np.array([[0, 9, 1], [96, -1, -1]])).mask.tolist() == [1 << 9 | 1 << 0 | 1 << 4, 0]
