"""How well fillers fill: one row for each exercise and method, and the tables made of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.corpus import PART, columns, grid_of
from benchmarks.infill.fillers import Filler
from benchmarks.infill.tasks import Exercise
from benchmarks.metrics import fills
from benchmarks.metrics.bootstrap import Estimate, estimate, paired
from benchmarks.metrics.harmony import MAJOR, MINOR, out_of_key
from benchmarks.metrics.novelty import TrainingRuns, longest_match
from engines.analysis.score import Ints

MEASURES = ("note_f1", "note_f1_strict", "onset_f1", "pc_f1", "similarity", "out_of_key", "longest_match", "outside")
Rows = dict[str, list[float]]
"""For each measure one value for each exercise, in their order."""


@dataclass(frozen=True)
class Scores:
    """What one method scored on all exercises."""

    name: str
    rows: Rows


def score(exercise: Exercise, found: Ints, training: TrainingRuns | None = None) -> dict[str, float]:
    """All measures of one fill. `found` are notes for the hidden cells, in the columns of a piece.

    `out_of_key` counts against the key of the window's first bar, `longest_match` in the filled part (the first one, if
    several are hidden) over runs that touch a hidden bar; `outside` counts notes that were set where nothing was asked.
    """
    task = exercise.task
    window, nan = task.window, float("nan")
    inside = task.is_hidden(found) if len(found) else np.zeros(0, dtype=np.bool_)
    ours, theirs = columns(window, found[inside]), columns(window, exercise.answer)
    row = {
        "note_f1": fills.note_f1(ours, theirs),
        "note_f1_strict": fills.note_f1_strict(ours, theirs),
        "onset_f1": fills.onset_f1(ours, theirs),
        "pc_f1": fills.pc_f1(ours, theirs),
        "similarity": fills.similarity(ours, theirs),
        "out_of_key": out_of_key(ours, scale_of(window.keys)) if len(window.keys) and len(ours) else nan,
        "longest_match": nan,
        "outside": float((~inside).sum()),
    }
    if training is not None:
        part = task.parts[0]
        whole = np.concatenate([window.notes[window.notes[:, PART] == part], found[inside & (found[:, PART] == part)]])
        touching = task.bars[0], task.bars[-1] + 1
        row["longest_match"] = float(longest_match(columns(window, whole), grid_of(window.bars), training, touching))
    return row


def scale_of(keys: Ints) -> tuple[int, ...]:
    """The pitch classes of the first of a piece's keys."""
    _, tonic, minor = keys[0].tolist()
    return tuple((tonic + step) % 12 for step in (MINOR if minor else MAJOR))


def run(
    name: str,
    fill: Callable[[Exercise], Ints],
    exercises: Sequence[Exercise],
    training: TrainingRuns | None = None,
) -> Scores:
    """Let one method fill everything."""
    rows: Rows = {measure: [] for measure in MEASURES}
    for exercise in exercises:
        for measure, value in score(exercise, fill(exercise), training).items():
            rows[measure].append(value)
    return Scores(name, rows)


def run_filler(filler: Filler, exercises: Sequence[Exercise], training: TrainingRuns | None = None) -> Scores:
    """The same for a filler, which sees the task alone."""
    return run(filler.name, lambda exercise: filler.fill(exercise.task), exercises, training)


def groups(exercises: Sequence[Exercise], fewest: int = 10) -> dict[str, list[int]]:
    """Which exercises each row of the tables holds: one bar by role and together, and the other masks."""
    out: dict[str, list[int]] = {}
    for i, exercise in enumerate(exercises):
        if exercise.task.kind == "1 bar":
            out.setdefault("1 bar", []).append(i)
            out.setdefault(f"1 bar, {exercise.task.role}", []).append(i)
        else:
            out.setdefault(exercise.task.kind, []).append(i)
    return {name: rows for name, rows in sorted(out.items()) if len(rows) >= fewest}


def table(
    scores: Iterable[Scores], exercises: Sequence[Exercise], against: str | None = None
) -> dict[str, dict[str, dict[str, list[float]]]]:
    """Group → method → measure → [mean, low, high, songs]; with `against` also `note_f1 - NAME`, the paired difference."""
    every = {one.name: one for one in scores}
    out: dict[str, dict[str, dict[str, list[float]]]] = {}
    for group, rows in groups(exercises).items():
        songs = [exercises[i].song for i in rows]
        out[group] = {}
        for name, one in every.items():
            picked = {measure: [values[i] for i in rows] for measure, values in one.rows.items()}
            found: Mapping[str, Estimate] = {measure: estimate(values, songs) for measure, values in picked.items()}
            out[group][name] = {measure: value.row() for measure, value in found.items() if value.n}
            if against in every and name != against:
                theirs = [every[against].rows["note_f1"][i] for i in rows]
                out[group][name]["difference"] = paired(picked["note_f1"], theirs, songs).row()
    return out


def longest(scores: Scores) -> list[int]:
    """How many exercises had each longest match with the training music, from 0 bars up."""
    values = np.array(scores.rows["longest_match"])
    counts: list[int] = np.bincount(values[~np.isnan(values)].astype(np.int64)).tolist()
    return counts
