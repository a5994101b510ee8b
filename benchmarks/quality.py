"""The measure of quality: real music's own figures, the baselines of infilling, and what a bigram pays for notes.

    python -m benchmarks.quality DATA_FOLDER                       prints the tables
    python -m benchmarks.quality DATA_FOLDER --record              writes benchmarks/results/quality.{json,md} too
    python -m benchmarks.quality DATA_FOLDER --songs 20            some songs of each fold: a quick look, not a result

Songs: `validation` and `test` of benchmarks/splits/ of POP909, Slakh and OpenScore Lieder; kNN, bigram and the longest match
learn from `train`. Tasks: benchmarks/infill/tasks.py, seed 1. Intervals are 95 % percentile intervals over 2,000 resamplings
of the songs. Definitions stand with the functions in benchmarks/metrics.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np

from benchmarks.corpus import PART, columns, grid_of, list_hash
from benchmarks.infill.bigram import SIZES, Bigram, note_cost
from benchmarks.infill.fillers import (
    CopyPrevious,
    Filler,
    HarmonicMatch,
    RandomBar,
    Silence,
    TransposedMatch,
)
from benchmarks.infill.neighbours import NearestBar
from benchmarks.infill.ranking import Ranked, oracle_bar, oracle_candidate
from benchmarks.infill.scoring import Scores, groups, longest, run, run_filler, table
from benchmarks.infill.tasks import Exercise, exercises
from benchmarks.machine import describe
from benchmarks.metrics.bootstrap import estimate
from benchmarks.metrics.harmony import recogniser_id
from benchmarks.metrics.novelty import TrainingRuns
from benchmarks.metrics.profile import profile_distance, spread
from benchmarks.profiles import Known, alone, row
from benchmarks.quality_tables import render
from engines.analysis.chord_tables import ChordTables
from training.notes.pack import load
from training.notes.pieces import SOURCES, Piece, read

ROOT = Path(__file__).parents[1]
SPLITS, RESULTS = ROOT / "benchmarks" / "splits", ROOT / "benchmarks" / "results"
TABLES = ROOT / "presets" / "analysis" / "chords.json"
ARCHIVES = ("pop909", "slakh2100_q16", "openscore_lieder")
SEED = 1


@dataclass(frozen=True)
class Archive:
    """The pieces of one archive."""

    name: str
    train: list[Piece]
    held_out: list[Piece]

    @classmethod
    def of(cls, data: Path, name: str, songs: int | None = None, pack: Path | None = None) -> Archive:
        """Read it from its archive, or from a pack that `training.notes.pack` made; `songs` takes the first of each fold."""
        folds: dict[str, list[str]] = json.loads((SPLITS / f"{name}.json").read_text(encoding="utf-8"))
        kept = {id_ for ids in folds.values() for id_ in ids[:songs]}
        source = next(one for one in SOURCES if one.archive == name)
        found = read(data, SPLITS, source, kept.__contains__) if pack is None else load(pack)
        pieces = [piece for piece in found if piece.archive == name and piece.id in kept]
        return cls(name, [p for p in pieces if p.fold == "train"], [p for p in pieces if p.fold != "train"])


def infilling(
    archive: Archive, tasks: Sequence[Exercise], bigram: Bigram, models: Sequence[Filler] = ()
) -> dict[str, Any]:
    """Every baseline, and every model handed in, on every task."""
    training = TrainingRuns.of(
        (columns(piece, piece.notes[piece.notes[:, PART] == part]), grid_of(piece.bars))
        for piece in archive.train
        for part in range(len(piece.parts))
    )
    fillers: list[Filler] = [Silence(), RandomBar(), CopyPrevious(), NearestBar.of(archive.train, seed=SEED)]
    fillers += [HarmonicMatch(), TransposedMatch(), Ranked("4 candidates ranked by bigram", bigram, n=4), *models]
    scores: list[Scores] = [run_filler(filler, tasks, training) for filler in fillers]
    scores += [
        run("oracle of 8 candidates", oracle_candidate, tasks, training),
        run("oracle bar in window", oracle_bar, tasks, training),
        run("what stood there", lambda exercise: exercise.answer, tasks, training),
    ]
    return {
        "tasks": {name: len(rows) for name, rows in groups(tasks, fewest=1).items()},
        "tasks_hash": list_hash(one.task.id for one in tasks),
        "scores": table(scores, tasks, against=HarmonicMatch.name),
        "longest_match": {one.name: longest(one) for one in scores},
    }


def likelihood(tasks: Sequence[Exercise], bigram: Bigram) -> dict[str, dict[str, list[float]]]:
    """Group → field → [mean nats per note, low, high, songs] of the bigram."""
    costs = [bigram.nll(exercise) for exercise in tasks]
    out: dict[str, dict[str, list[float]]] = {}
    for group, rows in groups(tasks).items():
        songs = [tasks[i].song for i in rows for _ in costs[i]["kind"]]
        out[group] = {name: estimate(np.concatenate([costs[i][name] for i in rows]), songs).row() for name in SIZES}
        out[group]["note"] = estimate(np.concatenate([note_cost(costs[i]) for i in rows]), songs).row()
    return out


def profiles(data: Path, archive: Archive, tables: ChordTables) -> dict[str, Any]:
    """Label → measures of real music and of its floor."""
    known = Known.of(data, [piece.id for piece in archive.held_out]) if archive.name == "pop909" else None
    rows = {archive.name: archive.held_out}
    if archive.name == "pop909":
        rows["pop909, piano alone"] = [alone(piece, "piano") for piece in archive.held_out]
    out = {}
    for label, pieces in rows.items():
        real = [row(piece, known, tables) for piece in pieces if len(piece.notes)]
        rng = np.random.default_rng(SEED)
        floor = [row(piece, known, tables, rng) for piece in pieces if len(piece.notes)]
        measures = spread(real)
        low = {name: centre for name, (centre, _) in spread(floor).items()}
        distances = estimate([profile_distance(one, measures) for one in real])
        out[label] = {
            "songs": len(real),
            "real": {name: [round(value, 4) for value in pair] for name, pair in measures.items()},
            "shuffled": {name: [round(value, 4) for value in pair] for name, pair in spread(floor).items()},
            "distance_of_one_song": distances.row(),
            "distance_of_shuffled": round(profile_distance(low, measures), 4),
            "distance_of_one_shuffled": estimate([profile_distance(one, measures) for one in floor]).row(),
        }
    return out


def report(
    data: Path, songs: int | None = None, models: Sequence[Filler] = (), pack: Path | None = None
) -> dict[str, Any]:
    """Everything that is measured; `models` are fillers that stand beside the baselines."""
    tables = ChordTables.from_json(TABLES.read_text(encoding="utf-8"))
    begin = process_time()
    out: dict[str, Any] = {
        "machine": describe(),
        "seed": SEED,
        "songs_limit": songs,
        "recogniser": recogniser_id(tables),
        "archives": {},
    }
    for name in ARCHIVES:
        archive = Archive.of(data, name, songs, pack)
        tasks = list(exercises(archive.held_out, seed=SEED))
        bigram = Bigram.of(archive.train)
        out["archives"][name] = {
            "train": {"songs": len(archive.train), "hash": list_hash(piece.id for piece in archive.train)},
            "held_out": {
                "songs": len(archive.held_out),
                "hash": list_hash(piece.id for piece in archive.held_out),
                "ids": [piece.id for piece in archive.held_out],
            },
            "profiles": profiles(data, archive, tables),
            "infilling": infilling(archive, tasks, bigram, models),
            "bigram": likelihood(tasks, bigram),
        }
    out["processor_seconds"] = round(process_time() - begin, 1)
    return out


def written(found: dict[str, Any]) -> str:
    """JSON with every list of plain values on one line."""
    text = json.dumps(found, indent=1)
    return re.sub(r"\[[^\[\]{}]*\]", lambda one: " ".join(one.group().split()), text) + "\n"


def main() -> None:
    """Measure, print, and record if asked."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path, help="the folder that holds the archives")
    parser.add_argument("--songs", type=int, help="only the first songs of each fold")
    parser.add_argument(
        "--pack", type=Path, help="the same pieces as training.notes.pack wrote them: saves the reading"
    )
    parser.add_argument("--record", action="store_true")
    args = parser.parse_args()
    found = report(args.data, args.songs, pack=args.pack)
    text = render(found)
    print(text)
    if args.record:
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / "quality.json").write_text(written(found), encoding="utf-8")
        (RESULTS / "quality.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
