"""Does the note decoder beat a copy? Its gates, on songs that neither it nor any choice here has seen.

    OPENBLAS_NUM_THREADS=1 python -m benchmarks.gates DATA_FOLDER [--model notes-tiny-1] [--record] [--songs N]

Tasks: benchmarks/infill/tasks.py, one bar of one part in a window of eight, seed 1. How much a match of the other parts is
worth beside the model's own judgement is chosen on `validation`; every figure is measured on `test`. Rows:

- *model*: the decoder alone, the better by its own judgement of two greedy ideas: one with nothing asked, one as the part
  plays in the bars around; *one idea*: the first of them; *asked*: greedily with what stood there for density and register.
- *copies, ranked*: eight candidates of harmonic match, the one that surprises the decoder least for its match.
- *mixture*: the same with the decoder's own ideas among them. This is what has to beat harmonic-match copy.

Writes benchmarks/results/gates-MODEL.{json,md}; `training.notes.scores` puts the figures into the model's card.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np

from benchmarks.corpus import PART, columns, grid_of, list_hash
from benchmarks.infill.bigram import Bigram, note_cost
from benchmarks.infill.fillers import CopyPrevious, HarmonicMatch
from benchmarks.infill.model import DARING, Considered, ModelFill, ModelJudge, adherence, asked_of, note_nats
from benchmarks.infill.ranking import oracle_candidate
from benchmarks.infill.scoring import MEASURES, Scores, longest, score, table
from benchmarks.infill.tasks import Exercise, exercises
from benchmarks.machine import describe
from benchmarks.metrics.bootstrap import estimate, paired
from benchmarks.metrics.novelty import TrainingRuns
from benchmarks.quality import ARCHIVES, RESULTS, Archive, written
from bridge import app
from engines.analysis.score import Ints
from engines.models.decoder import Decoder
from engines.models.notes import Notes
from engines.models.package import open_package
from engines.models.runtime import Use

SEED = 1
COPIES, IDEAS = 8, 3
"""Candidates: copies, and ideas of the model's beside its greedy one."""
TRUSTS = (0.0, 0.5, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 10.0, 14.0)
MATCHES = (0.0, 0.2, 0.4, 0.6, 0.8)
"""What is tried on validation: nats for a full match, and the match that an idea of the model's own counts as."""
FIELDS = ("position", "pitch", "length", "note", "kind", "velocity")
MIXTURE, RANKED, MODEL, ONE, ASKED = "mixture", "copies, ranked", "model", "model, one idea", "model, asked"


@dataclass(frozen=True)
class Offer:
    """A candidate."""

    notes: Ints
    match: float | None
    """How well the other parts match, for a copy."""
    cost: float
    """Nats a note, as the model hears it."""


@dataclass(frozen=True)
class Trial:
    """An exercise, and everything that is offered for it."""

    exercise: Exercise
    offers: tuple[Offer, ...]
    considered: Ints
    """What the model gives alone."""
    asked: Ints
    """What the model writes when it is told density, register and voices."""
    adheres: dict[str, float]
    """Which of these it keeps to."""

    def best(self, trust: float, match: float, own: bool = True) -> Ints:
        """The offer that surprises least for its match."""
        among = [offer for offer in self.offers if own or offer.match is not None]
        return min(among, key=lambda o: o.cost - trust * (match if o.match is None else o.match)).notes


def trials(tasks: Iterable[Exercise], notes: Notes) -> list[Trial]:
    """Let the model write and judge."""
    judge, greedy = ModelJudge(notes), ModelFill(notes)
    ideas = [greedy, *(ModelFill(notes, dials=DARING, take=take) for take in range(1, 1 + IDEAS))]
    out = []
    for one in tasks:
        found = [(copy.notes, copy.score) for copy in HarmonicMatch().candidates(one.task, COPIES)]
        own = [(idea.fill(one.task), None) for idea in ideas]
        asked = asked_of(one)
        told = greedy.with_controls(one.task, asked)
        offers = tuple(Offer(rows, match, judge.cost(one.task, rows)) for rows, match in (*found, *own))
        alone = Considered(notes, judge).fill(one.task)
        out.append(Trial(one, offers, alone, told, adherence(one.task, told, asked)))
    return out


def settle(every: Sequence[Trial]) -> tuple[float, float]:
    """Trust and match by mean F1 on trials that are not reported; every archive's trials weigh the same."""

    def worth(trust: float, match: float) -> float:
        by: dict[str, list[float]] = {}
        for trial in every:
            found = score(trial.exercise, trial.best(trust, match))["note_f1"]
            by.setdefault(trial.exercise.task.window.archive, []).append(found)
        return float(np.mean([np.mean(values) for values in by.values()]))

    return max(((trust, match) for trust in TRUSTS for match in MATCHES), key=lambda pair: worth(*pair))


def measure(every: Sequence[Trial], trust: float, match: float, archive: Archive) -> dict[str, Any]:
    """All methods on the reported trials."""
    training = TrainingRuns.of(
        (columns(piece, piece.notes[piece.notes[:, PART] == part]), grid_of(piece.bars))
        for piece in archive.train
        for part in range(len(piece.parts))
    )
    tasks = [trial.exercise for trial in every]
    methods: dict[str, list[Ints]] = {
        CopyPrevious.name: [CopyPrevious().fill(one.task) for one in tasks],
        HarmonicMatch.name: [HarmonicMatch().fill(one.task) for one in tasks],
        MODEL: [trial.considered for trial in every],
        ONE: [next(o.notes for o in trial.offers if o.match is None) for trial in every],
        ASKED: [trial.asked for trial in every],
        RANKED: [trial.best(trust, match, own=False) for trial in every],
        MIXTURE: [trial.best(trust, match) for trial in every],
        "oracle of 8 candidates": [oracle_candidate(one) for one in tasks],
    }
    scores = []
    for name, fills in methods.items():
        rows: dict[str, list[float]] = {measure: [] for measure in MEASURES}
        for one, fill in zip(tasks, fills, strict=True):
            for key, value in score(one, fill, training).items():
                rows[key].append(value)
        scores.append(Scores(name, rows))
    adheres = {name: [trial.adheres[name] for trial in every] for name in every[0].adheres}
    songs = [one.song for one in tasks]
    return {
        "tasks": len(tasks),
        "tasks_hash": list_hash(one.task.id for one in tasks),
        "against harmonic match": table(scores, tasks, against=HarmonicMatch.name),
        "against previous bar": _differences(scores, tasks, CopyPrevious.name),
        "longest_match": {one.name: longest(one) for one in scores},
        "adherence": {name: estimate(values, songs).row() for name, values in adheres.items()},
    }


def _differences(
    scores: Sequence[Scores], tasks: Sequence[Exercise], against: str
) -> dict[str, dict[str, list[float]]]:
    """Group → method → [mean difference of note_f1, low, high, songs]."""
    return {
        group: {name: row["difference"] for name, row in methods.items() if "difference" in row}
        for group, methods in table(scores, tasks, against=against).items()
    }


def likelihood(tasks: Sequence[Exercise], notes: Notes, bigram: Bigram) -> dict[str, Any]:
    """Nats a note of the model and of the bigram, by field, and the difference."""
    judge = ModelJudge(notes)
    ours, theirs = [note_nats(judge, one) for one in tasks], [bigram.nll(one) for one in tasks]
    out: dict[str, Any] = {}
    roles = {"all": list(range(len(tasks)))}
    for i, one in enumerate(tasks):
        roles.setdefault(one.task.role, []).append(i)
    for role, rows in roles.items():
        if len(rows) < 10:
            continue
        songs = [tasks[i].song for i in rows for _ in theirs[i]["kind"]]
        both = []
        for costs in (ours, theirs):
            table_ = {f: np.concatenate([costs[i][f] for i in rows]) for f in FIELDS if f != "note"}
            both.append(table_ | {"note": note_cost(table_)})
        out[role] = {
            "model": {field: estimate(both[0][field], songs).row() for field in FIELDS},
            "bigram": {field: estimate(both[1][field], songs).row() for field in FIELDS},
            "bigram - model": paired(both[1]["note"], both[0]["note"], songs).row(),
        }
    return out


def decoder_of(model: str) -> Notes:
    """The model of that name, on the processor."""
    package = open_package(app.shelves().models, model, "notes")
    return Notes(Decoder(package, app.rack("cpu"), Use(provider="cpu")))


@dataclass(frozen=True)
class Job:
    """What one process does: the trials of one fold of one archive."""

    data: Path
    pack: Path | None
    model: str
    archive: str
    fold: str
    songs: int | None

    def read(self) -> Archive:
        """The archive's pieces."""
        return Archive.of(self.data, self.archive, self.songs, self.pack)


def tried(job: Job) -> tuple[list[Trial], dict[str, Any]]:
    """Everything that the model has to do for it."""
    archive, notes, fold = job.read(), decoder_of(job.model), job.fold
    tasks = [e for e in exercises([p for p in archive.held_out if p.fold == fold], seed=SEED) if e.task.kind == "1 bar"]
    nats = likelihood(tasks, notes, Bigram.of(archive.train)) if fold == "test" else {}
    return trials(tasks, notes), nats


def report(data: Path, model: str, songs: int | None, workers: int = 1, pack: Path | None = None) -> dict[str, Any]:
    """Everything."""
    begin = monotonic()
    jobs = [Job(data, pack, model, name, fold, songs) for fold in ("test", "validation") for name in ARCHIVES]
    if workers > 1:
        with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
            done = list(pool.map(tried, jobs))
    else:
        done = [tried(job) for job in jobs]
    trust, match = settle([trial for every, _ in done[len(ARCHIVES) :] for trial in every])
    card = open_package(app.shelves().models, model, "notes").card
    out: dict[str, Any] = {
        "model": model,
        "graphs": {graph.file: graph.sha256 for graph in card.graphs},
        "machine": describe(),
        "seed": SEED,
        "songs_limit": songs,
        "trust": trust,
        "match": match,
        "archives": {},
    }
    for job, (every, nats) in zip(jobs, done[: len(ARCHIVES)], strict=False):
        out["archives"][job.archive] = {**measure(every, trust, match, job.read()), "nats": nats}
    out["seconds"] = round(monotonic() - begin, 1)
    return out


def main() -> None:
    """Measure, print, and record if asked."""
    from benchmarks.gates_tables import render

    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path, help="the folder that holds the archives")
    parser.add_argument("--model", default="notes-tiny-1")
    parser.add_argument("--songs", type=int, help="only the first songs of each fold: a quick look, not a result")
    parser.add_argument(
        "--pack", type=Path, help="the same pieces as training.notes.pack wrote them: saves the reading"
    )
    parser.add_argument("--workers", type=int, default=1, help="processes")
    parser.add_argument("--record", action="store_true")
    args = parser.parse_args()
    found = report(args.data, args.model, args.songs, args.workers, args.pack)
    text = render(found)
    print(text)
    if args.record:
        (RESULTS / f"gates-{args.model}.json").write_text(written(found), encoding="utf-8")
        (RESULTS / f"gates-{args.model}.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
