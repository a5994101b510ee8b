"""Real music through the judge: what people's accompaniments measure, for the tables to stand beside.

Bars of four quarters: the training songs of POP909 that have human phrases. Bars of three quarters: the training songs of
OpenScore Lieder, as written: without chords, phrases and dynamics, so their measures are fewer.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.arranging.arrangers import real
from benchmarks.arranging.judging import Judge, bars_kind
from benchmarks.arranging.leads import READERS, ROOT, fold
from benchmarks.arranging.listening import ENCODERS
from benchmarks.corpus import list_hash
from benchmarks.machine import describe
from benchmarks.metrics.harmony import recogniser_id
from benchmarks.metrics.keyboard import quartiles
from benchmarks.metrics.profile import profile_distance
from engines.analysis.chord_tables import ChordTables
from engines.errors import NotThere

TABLES = ROOT / "presets" / "analysis" / "chords.json"
RECORD = ROOT / "benchmarks" / "results" / "arrange_real.json"
KINDS = {"four": "pop909", "three": "openscore_lieder"}
"""Quarters in a bar, and whose music stands for it."""
LIKENESS = (
    "chord_tone_share", "pc_entropy_1", "pc_entropy_4", "scale_consistency", "groove_consistency", "empty_beat_rate",
    "empty_bars", "polyphony", "polyphony_rate", "range", "lowest", "highest", "notes_per_bar", "onsets_per_beat",
    "self_copy", "self_copy_rhythm", "repeat_copy", "velocity_spread", "velocity_accent", "velocity_arc", "ils_ratio",
    "above_melody",
)  # fmt: skip
"""What `profile_distance` goes over. A velocity that never changes has no accents: these are then left out."""


@dataclass(frozen=True)
class Real:
    """Measures of real music."""

    kinds: Mapping[str, Mapping[str, Sequence[float]]]
    """`four` or `three` → measure → mean, standard deviation over songs, lower quartile, median, upper quartile."""
    encoder: str
    """What its ILS listened with."""

    @classmethod
    def recorded(cls, path: Path = RECORD) -> Real:
        """As it was measured last."""
        if not path.is_file():
            raise NotThere(
                "Real music has not been measured.", "Run `python -m benchmarks.arrange DATA_FOLDER --real`."
            )
        found = json.loads(path.read_text(encoding="utf-8"))
        return cls({kind: found["kinds"][kind]["measures"] for kind in found["kinds"]}, found["encoder"])

    def distance(self, row: Mapping[str, float], kind: str) -> float:
        """How far an arrangement lies from real music in bars of this kind; nan where there is nothing to compare with."""
        measures = self.kinds.get(kind, {})
        known = {name: (one[0], one[1]) for name, one in measures.items() if name in LIKENESS}
        return profile_distance(row, known)

    def quartiles(self, kind: str, measure: str) -> tuple[float, float]:
        """Between which half of real music lies."""
        found = self.kinds[kind][measure]
        return found[2], found[4]

    def human_ils(self, encoder: str) -> float:
        """The ILS ratio of people's accompaniments; nan for an encoder that they were not measured with."""
        return self.kinds["four"]["ils_ratio"][0] if encoder == self.encoder else float("nan")


@dataclass(frozen=True)
class Share:
    """What one process measures."""

    data: Path
    kind: str
    ids: tuple[str, ...]
    encoder: str

    def rows(self) -> list[tuple[str, dict[str, float]]]:
        """Song and measures."""
        judge = Judge(chord_tables(), None, self.encoder)
        leads = READERS[KINDS[self.kind]](self.data, set(self.ids).__contains__)
        rows = [
            (lead.id, judge.row(lead, real(lead, 1))) for lead in leads if lead.real and bars_kind(lead) == self.kind
        ]
        return rows if self.kind == "four" else [(id_, _without_dynamics(row)) for id_, row in rows]


def _without_dynamics(row: dict[str, float]) -> dict[str, float]:
    """The velocities of Lieder stand for nothing."""
    return {name: value for name, value in row.items() if not name.startswith("velocity")}


@cache
def chord_tables() -> ChordTables:
    """The recogniser's."""
    return ChordTables.from_json(TABLES.read_text(encoding="utf-8"))


def in_processes(call: Callable[[Any], Any], jobs: Iterable[Any], workers: int) -> list[Any]:
    """Each job's answer, in order."""
    if workers <= 1:
        return [call(job) for job in jobs]
    with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        return list(pool.map(call, jobs))


def measure(
    data: Path, workers: int = 1, encoder: str = next(iter(ENCODERS)), songs: int | None = None
) -> dict[str, Any]:
    """All of it, as it is recorded."""
    out: dict[str, Any] = {
        "machine": describe(),
        "recogniser": recogniser_id(chord_tables()),
        "encoder": encoder,
        "kinds": {},
    }
    for kind, archive in KINDS.items():
        ids = fold(archive, "train")[:songs]
        shares = [Share(data, kind, tuple(ids[i::workers]), encoder) for i in range(workers)]
        rows = dict(row for found in in_processes(Share.rows, shares, workers) for row in found)
        out["kinds"][kind] = {
            "archive": archive,
            "songs": len(rows),
            "hash": list_hash(sorted(rows)),
            "measures": summary(list(rows.values())),
        }
    return out


def summary(rows: Sequence[Mapping[str, float]]) -> dict[str, list[float]]:
    """Measure → mean, standard deviation, quartiles; measures that fewer than two songs have are left out."""
    out = {}
    for name in dict.fromkeys(name for row in rows for name in row):
        values = np.array([row.get(name, np.nan) for row in rows])
        known = values[~np.isnan(values)]
        if len(known) > 1:
            figures = (known.mean(), known.std(ddof=1), *quartiles(known))
            out[name] = [round(float(one), 4) for one in figures]
    return out
