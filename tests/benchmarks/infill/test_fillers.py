"""Baselines and scores on songs whose bars are known by their letters."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.corpus import ONSET, PART, PITCH, columns, grid_of
from benchmarks.infill.copying import NOTHING
from benchmarks.infill.fillers import (
    PENALTY,
    CopyPrevious,
    HarmonicMatch,
    RandomBar,
    Silence,
    TransposedMatch,
)
from benchmarks.infill.neighbours import NearestBar
from benchmarks.infill.ranking import Ranked, agreement, oracle_bar, oracle_candidate
from benchmarks.infill.scoring import groups, longest, run, run_filler, score, table
from benchmarks.infill.tasks import Exercise, Task
from benchmarks.metrics.novelty import TrainingRuns
from engines.analysis.score import Ints
from tests.benchmarks.infill.examples import BAR, piece, rows, song
from training.notes.pieces import Piece


def hide(whole: Piece, part: int | None, *bars: int) -> Exercise:
    """An exercise on the whole piece; without a part, all are hidden."""
    parts = range(len(whole.parts)) if part is None else (part,)
    cells = tuple((one, bar) for bar in bars for one in parts)
    kind = "all tracks" if part is None else {1: "1 bar", 2: "2 bars", 4: "4 bars"}[len(bars)]
    role = "all" if part is None else whole.parts[part].name.lower()
    probe = Task("probe", kind, role, whole, cells)
    inside = probe.is_hidden(whole.notes)
    return Exercise(
        f"{whole.archive}:{whole.id}",
        replace(probe, window=replace(whole, notes=whole.notes[~inside])),
        whole.notes[inside],
    )


def plays(found: Ints, whole: Piece, part: int, bar: int, transposed: int = 0) -> bool:
    """Whether a fill is what a part plays in a bar of a piece, wherever it was put."""
    theirs = whole.notes[(whole.notes[:, PART] == part) & (whole.notes[:, ONSET] // BAR == bar)]
    return (
        found[:, PITCH].tolist() == (theirs[:, PITCH] + transposed).tolist()
        and (found[:, ONSET] % BAR).tolist() == (theirs[:, ONSET] % BAR).tolist()
    )


SONG = song("CFGACDGE")


def test_copying_the_bar_before() -> None:
    found = CopyPrevious().fill(hide(SONG, 0, 4).task)
    assert plays(found, SONG, 0, 3)
    assert (found[:, ONSET] // BAR == 4).all()


def test_copying_as_many_bars_as_are_hidden() -> None:
    two = CopyPrevious().fill(hide(SONG, 0, 4, 5).task)
    assert plays(two[two[:, ONSET] // BAR == 4], SONG, 0, 2)
    assert plays(two[two[:, ONSET] // BAR == 5], SONG, 0, 3)
    early = CopyPrevious().fill(hide(SONG, 0, 1, 2).task)
    assert plays(early[early[:, ONSET] // BAR == 1], SONG, 0, 0)
    assert plays(early[early[:, ONSET] // BAR == 2], SONG, 0, 0)


def test_the_harmonic_match_is_the_bar_with_the_same_chord() -> None:
    assert plays(HarmonicMatch().fill(hide(SONG, 0, 4).task), SONG, 0, 0)
    assert plays(HarmonicMatch().fill(hide(SONG, 1, 2).task), SONG, 1, 6)


def test_without_other_parts_the_harmonic_match_is_the_bar_before() -> None:
    task = hide(SONG, None, 4).task
    assert HarmonicMatch().fill(task).tolist() == CopyPrevious().fill(task).tolist()


def test_a_transposed_bar_is_a_candidate_where_no_bar_fits_as_it_is() -> None:
    whole = song("CCCCCCDC")
    best = TransposedMatch().fill(hide(whole, 0, 6).task)
    assert plays(best, whole, 0, 0, transposed=2)
    candidates = HarmonicMatch().candidates(hide(whole, 0, 6).task, 4)
    assert [one.transposed for one in candidates][:1] == [2]
    assert candidates[0].score == pytest.approx(1 - PENALTY)
    assert [one.score for one in candidates] == sorted((one.score for one in candidates), reverse=True)
    assert len({one.notes.tobytes() for one in candidates}) == len(candidates)


def test_candidates_hold_the_plain_match_first_where_it_fits() -> None:
    task = hide(SONG, 0, 4).task
    assert HarmonicMatch().candidates(task, 1)[0].notes.tolist() == HarmonicMatch().fill(task).tolist()
    assert len(HarmonicMatch().candidates(task, 3)) == 3


def test_several_bars_are_copied_in_a_row() -> None:
    whole = song("CDEFCDGG")
    found = HarmonicMatch().candidates(hide(whole, 0, 4, 5).task, 2)[0].notes
    assert plays(found[found[:, ONSET] // BAR == 4], whole, 0, 0)
    assert plays(found[found[:, ONSET] // BAR == 5], whole, 0, 1)


def test_drums_are_copied_but_not_transposed() -> None:
    beat = [(1, bar * 4.0 + i, 1, 36 + 2 * (i % 2)) for bar in range(8) for i in range(4)]
    tune = [(0, bar * 4.0, 4, 60 + 2 * (bar == 6)) for bar in range(8)]
    whole = piece(rows(*beat, *tune), 8, ("MELODY", "KIT"), drums=(1,))
    assert plays(TransposedMatch().fill(hide(whole, 1, 6).task), whole, 1, 0)


def test_the_random_bar_is_another_bar_and_the_same_each_time() -> None:
    task = hide(SONG, 0, 4).task
    assert RandomBar().fill(task).tolist() == RandomBar().fill(task).tolist()
    assert any(plays(RandomBar().fill(task), SONG, 0, bar) for bar in range(8))


def test_the_nearest_training_bar_in_any_key() -> None:
    training = song("CCCCCCCC", "002")
    nearest = NearestBar.of([training])
    assert plays(nearest.fill(hide(SONG, 0, 2).task), training, 0, 0, transposed=-5)  # G is nearer from below
    assert plays(nearest.fill(hide(SONG, 0, 5).task), training, 0, 0, transposed=2)
    assert not len(nearest.fill(hide(SONG, None, 2).task))
    assert not len(NearestBar.of([]).fill(hide(SONG, 0, 2).task))


class Prefers:
    """A judge for tests: the nearer a fill's first pitch is to the one wanted, the likelier."""

    def __init__(self, pitch: int) -> None:
        self.pitch = pitch

    def cost(self, task: Task, notes: Ints) -> float:
        return abs(int(notes[0, PITCH]) - self.pitch) / 100


def test_a_judge_ranks_the_candidates() -> None:
    task = hide(SONG, 0, 4).task
    third = int(SONG.notes[(SONG.notes[:, PART] == 0) & (SONG.notes[:, ONSET] // BAR == 3)][0, PITCH])
    assert plays(Ranked("ranked", Prefers(third)).fill(task), SONG, 0, 3)
    assert plays(Ranked("ranked", Prefers(third), n=1).fill(task), SONG, 0, 0)
    assert plays(Ranked("ranked", Prefers(third), trust=100).fill(task), SONG, 0, 0)


def test_another_filler_competes_with_the_candidates() -> None:
    task = hide(SONG, 0, 4).task
    previous = CopyPrevious()
    wanted = int(previous.fill(task)[0, PITCH])
    assert Ranked("mixed", Prefers(wanted), [previous], n=1).fill(task).tolist() == previous.fill(task).tolist()
    assert plays(Ranked("mixed", Prefers(wanted), [previous], n=1, trust=10).fill(task), SONG, 0, 0)


def test_oracles_look_at_the_answer() -> None:
    one = hide(SONG, 0, 4)
    assert agreement(oracle_bar(one), one.answer) == 1
    assert agreement(oracle_candidate(one), one.answer) == 1
    foreign = hide(song("CCCCCCDC"), 0, 6)
    # Of the C bar's three notes the D bar has two, at other times.
    assert agreement(oracle_bar(foreign), foreign.answer) == 0
    assert agreement(oracle_candidate(foreign), foreign.answer) == 1


def test_a_fill_is_scored_against_what_stood_there() -> None:
    one = hide(SONG, 0, 4)
    found = one.answer.copy()
    found[0, PITCH] += 1
    row = score(one, found)
    assert row["note_f1"] == row["pc_f1"] == pytest.approx(2 / 3)
    assert row["onset_f1"] == 1
    assert row["out_of_key"] == pytest.approx(1 / 3)
    assert row["outside"] == 0
    assert np.isnan(row["longest_match"])


def test_notes_outside_the_mask_are_counted_and_score_nothing() -> None:
    one = hide(SONG, 0, 4)
    stray = one.answer.copy()
    stray[:, ONSET] += BAR
    row = score(one, np.concatenate([one.answer, stray]))
    assert (row["note_f1"], row["outside"]) == (1, 3)


def test_the_longest_match_must_touch_the_fill() -> None:
    one = hide(SONG, 0, 4)
    training = TrainingRuns.of([(columns(SONG, SONG.notes[SONG.notes[:, PART] == 0]), grid_of(SONG.bars))])
    assert score(one, one.answer, training)["longest_match"] == 8
    assert score(one, NOTHING, training)["longest_match"] == 0
    assert longest(run("real", lambda exercise: exercise.answer, [one, one], training)) == [0] * 8 + [2]


def test_the_table_pairs_every_method_with_the_one_to_beat() -> None:
    tasks = [replace(hide(song("CFGACDGE", str(i)), part, 4), song=str(i)) for i in range(5) for part in (0, 1)]
    assert groups(tasks, fewest=5) == {
        "1 bar": list(range(10)),
        "1 bar, melody": [0, 2, 4, 6, 8],
        "1 bar, piano": [1, 3, 5, 7, 9],
    }
    found = table([run_filler(Silence(), tasks), run_filler(HarmonicMatch(), tasks)], tasks, against=HarmonicMatch.name)
    assert found["1 bar"]["harmonic-match copy"]["note_f1"] == [1, 1, 1, 5]
    assert found["1 bar"]["nothing"]["difference"] == [-1, -1, -1, 5]
    assert "difference" not in found["1 bar"]["harmonic-match copy"]


def test_the_shelf_is_a_fair_sample() -> None:
    songs = [song("CDEFGACD", str(i)) for i in range(10)]
    shelf = NearestBar.of(songs, most=20)._shelves["melody"]
    assert shelf.blocks.shape == (20, 192)
    assert np.linalg.norm(shelf.blocks, axis=1) == pytest.approx(1)
    roots = {int(notes[0, PITCH]) % 12 for notes in shelf.notes}
    assert len(roots) > 3
