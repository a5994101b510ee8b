"""How well melodies are harmonised, against the chords that people set to the held-out songs.

    OPENBLAS_NUM_THREADS=1 python -m benchmarks.analysis_harmonise DATA_FOLDER    prints the tables
    … --record   writes benchmarks/results/analysis_harmonise.{json,md} too

Songs: `validation` and `test` of OpenEWLD (lead sheets) and of POP909 (those whose bar lines are trusted, see
`training.analysis.harmonise_corpus`). Every system gets the melody, the grid and the annotated key; rows that get more say so.
Counted are beats with a human chord in bars where the melody sounds, weighted by their length; figures are computed for each
song and averaged over songs.

`root` and `triad`: share of time with the human root, and with its third as well (human suspended chords apart).
`strong`: share of melody notes that begin on the first or middle beat of a bar and belong to the chord, sevenths included.
`changes`: chord changes a bar. `off`: mean distance of that figure from the human one.
`diatonic`: share of time on roots of the key's scale (in minor, the raised seventh too).

**Intervals** are 95 % percentile intervals over 2,000 resamplings of the songs.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.machine import describe
from engines.analysis.harmonise import HarmonyTables, Idiom, Manner, harmonise
from engines.analysis.harmonise_features import beat_levels
from engines.analysis.score import Bools, Floats, Grid, Ints, Notes
from engines.music.harmony import Key, KeyChange, KeyTrack
from engines.music.time import Ticks
from training.analysis.harmonise_corpus import SHAPES, Tune, openewld, pop909
from training.analysis.learn_harmonise import IDIOM, phrases_of

ROOT = Path(__file__).parents[1]
SPLITS = ROOT / "benchmarks" / "splits"
TABLES = ROOT / "presets" / "analysis" / "harmonise.json"
RESULTS = ROOT / "benchmarks" / "results"
RESAMPLINGS = 2000
FIGURES = ("root", "triad", "strong", "changes", "off", "diatonic")
MAJOR_TRIADS = ((0, "maj"), (2, "min"), (4, "min"), (5, "maj"), (7, "maj"), (9, "min"))
"""Above the tonic of the signature: the triads of the key, the diminished one left out."""
FLATS = ("C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B")


@dataclass(frozen=True)
class Setting:
    """A chord for every beat."""

    root: Ints
    """-1 for none."""
    minor: Bools
    """Whether its third is minor."""
    tones: Ints
    """Its pitch classes as 12 bits."""


def _bits(root: int, shape: Sequence[int]) -> int:
    return sum(1 << (root + tone) % 12 for tone in shape)


def _setting(chords: Sequence[tuple[int, str]]) -> Setting:
    return Setting(
        np.array([root for root, _ in chords], dtype=np.int64),
        np.array([root >= 0 and 3 in SHAPES[quality] for root, quality in chords]),
        np.array([_bits(root, SHAPES[quality]) if root >= 0 else 0 for root, quality in chords], dtype=np.int64),
    )


def human(tune: Tune) -> Setting:
    """What the composer or the reviewer wrote."""
    return _setting(list(zip(tune.root.tolist(), tune.quality, strict=True)))


def tonic(tune: Tune) -> Setting:
    """The most frequent chord of the key, throughout."""
    return _setting([(int(t), "min" if m else "maj") for t, m in zip(tune.tonic, tune.minor, strict=True)])


def _by_bar(tune: Tune, pick: Callable[[int, Ints], tuple[int, str]]) -> Setting:
    bar = tune.grid.bar_of_beat
    signature = (tune.tonic + 3 * tune.minor) % 12
    chords = {b: pick(int(signature[np.flatnonzero(bar == b)[0]]), np.array([b])) for b in range(tune.grid.n_bars)}
    return _setting([chords[b] for b in bar.tolist()])


def best_fit(tune: Tune) -> Setting:
    """One chord a bar: the triad of the key that most of the bar's sounding time belongs to."""
    lines = tune.grid.bars

    def pick(signature: int, bar: Ints) -> tuple[int, str]:
        b = int(bar[0])
        length = np.minimum(tune.melody.end, lines[b + 1]) - np.maximum(tune.melody.start, lines[b])
        time_of = np.bincount(tune.melody.pitch % 12, weights=np.maximum(0, length), minlength=12)
        found = [(signature + root, quality) for root, quality in MAJOR_TRIADS]
        return max(
            ((root % 12, quality) for root, quality in found),
            key=lambda chord: sum(time_of[(chord[0] + tone) % 12] for tone in SHAPES[chord[1]]),
        )

    return _by_bar(tune, pick)


def random_path(tune: Tune) -> Setting:
    """One chord a bar: any triad of the key."""
    rng = np.random.default_rng(sum(map(ord, tune.id)))

    def pick(signature: int, bar: Ints) -> tuple[int, str]:
        root, quality = MAJOR_TRIADS[int(rng.integers(len(MAJOR_TRIADS)))]
        return (signature + root) % 12, quality

    return _by_bar(tune, pick)


def key_track(tune: Tune) -> KeyTrack:
    """The annotated keys."""
    changes: list[KeyChange] = []
    for i, (pc, minor) in enumerate(zip(tune.tonic.tolist(), tune.minor.tolist(), strict=True)):
        key = Key.parse(f"{FLATS[pc]} {'minor' if minor else 'major'}")
        if not changes or changes[-1].key != key:
            changes.append(KeyChange(Ticks(int(tune.grid.beats[i]) if i else 0), key))
    return KeyTrack(tuple(changes))


def ours(tables: HarmonyTables, richness: float, idiom: Idiom | None, phrases: bool) -> Callable[[Tune], Setting]:
    """The harmoniser, in the corpus's own idiom where none is given."""

    def play(tune: Tune) -> Setting:
        manner = Manner(richness, idiom or IDIOM[tune.source])
        known = phrases_of(tune) if phrases else ()
        track = harmonise(tune.melody, tune.grid, key_track(tune), tables, phrases=known, manner=manner)
        chords = [track.at(int(tick)) for tick in tune.grid.beats[:-1]]
        return Setting(
            np.array([-1 if c.root_pc is None else c.root_pc for c in chords], dtype=np.int64),
            np.array([c.is_minor for c in chords]),
            np.array([c.chroma for c in chords], dtype=np.int64),
        )

    return play


def judge(tune: Tune, setting: Setting) -> list[float]:
    """The figures of one song."""
    grid, wanted = tune.grid, human(tune)
    counted = _sung(tune.melody, grid) & (wanted.root >= 0)
    length = np.diff(grid.beats) * counted
    third = np.array([quality != "sus4" for quality in tune.quality])
    same_root = setting.root == wanted.root
    same_triad = same_root & (setting.minor == wanted.minor)
    signature = (tune.tonic + 3 * tune.minor) % 12
    above = (setting.root - signature) % 12
    diatonic = np.isin(above, (0, 2, 4, 5, 7, 9, 11)) | ((above == 8) & (tune.minor == 1))
    bars = len(np.unique(grid.bar_of_beat[counted]))
    changes = _changes(setting, counted, bars)
    return [
        float(length @ same_root) / max(1.0, float(length.sum())),
        float((length * third) @ same_triad) / max(1.0, float((length * third).sum())),
        _strong(tune, setting, counted),
        changes,
        abs(changes - _changes(wanted, counted, bars)),
        float(length @ diatonic) / max(1.0, float(length.sum())),
    ]


def _sung(melody: Notes, grid: Grid) -> Bools:
    first = np.searchsorted(grid.bars, melody.start, side="right") - 1
    last = np.searchsorted(grid.bars, melody.end, side="left")
    bars = np.zeros(grid.n_bars, dtype=np.bool_)
    for a, b in zip(first.tolist(), last.tolist(), strict=True):
        bars[a:b] = True
    sung: Bools = bars[grid.bar_of_beat]
    return sung


def _changes(setting: Setting, counted: Bools, bars: int) -> float:
    """New chords a bar; beats that are not counted are passed over."""
    at = np.flatnonzero(counted)
    moved = (np.diff(setting.root[at]) != 0) | (np.diff(setting.tones[at]) != 0)
    return float(moved.sum()) / max(1, bars)


def _strong(tune: Tune, setting: Setting, counted: Bools) -> float:
    beat = np.searchsorted(tune.grid.beats, tune.melody.start, side="right") - 1
    on = tune.melody.start == tune.grid.beats[beat]
    use = on & (beat_levels(tune.grid)[beat] >= 1) & counted[beat]
    inside = (setting.tones[beat[use]] >> (tune.melody.pitch[use] % 12)) & 1
    return float(inside.mean()) if use.any() else np.nan


System = tuple[str, Callable[[Tune], Setting]]


def systems(tables: HarmonyTables) -> list[System]:
    """All rows of the table."""
    return [
        ("human", human),
        ("harmoniser", ours(tables, 0.5, None, False)),
        ("harmoniser, with phrases", ours(tables, 0.5, None, True)),
        ("harmoniser, simple (0)", ours(tables, 0.0, None, False)),
        ("harmoniser, rich (1)", ours(tables, 1.0, None, False)),
        *((f"harmoniser, {idiom.value} idiom", ours(tables, 0.5, idiom, False)) for idiom in Idiom),
        ("best-fitting triad a bar", best_fit),
        ("tonic throughout", tonic),
        ("random triad a bar", random_path),
    ]


def interval(values: Floats) -> tuple[float, float, float]:
    """Mean over songs, and its 95 % interval."""
    known = values[~np.isnan(values)]
    draws = np.random.default_rng(1).integers(0, len(known), (RESAMPLINGS, len(known)))
    low, high = np.percentile(known[draws].mean(axis=1), [2.5, 97.5])
    return float(known.mean()), float(low), float(high)


def measure(tunes: Sequence[Tune], tables: HarmonyTables) -> dict[str, Any]:
    """System → figure → (mean, low, high), and what the harmoniser gains on the best-fitting triad song by song."""
    judged = {name: np.array([judge(tune, play(tune)) for tune in tunes]) for name, play in systems(tables)}
    rows: dict[str, Any] = {
        name: {figure: interval(values[:, i]) for i, figure in enumerate(FIGURES)} for name, values in judged.items()
    }
    gained = judged["harmoniser"] - judged["best-fitting triad a bar"]
    return {
        "n": len(tunes),
        "rows": rows,
        "gain": {figure: interval(gained[:, i]) for i, figure in enumerate(FIGURES[:3])},
    }


def speed(tables: HarmonyTables, bars: int = 200, rounds: int = 30) -> dict[str, float]:
    """Milliseconds for a melody of so many bars of 4/4 with four notes in each, one key, phrases of eight bars."""
    rng = np.random.default_rng(0)
    n = 4 * bars
    start = np.arange(n) * 960
    pitch = 60 + np.array([0, 2, 4, 5, 7, 9, 11, 12])[np.abs(np.cumsum(rng.integers(-2, 3, n))) % 8]
    melody = Notes(start, start + 900, pitch, np.full(n, 80), np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.bool_))
    lines = np.arange(bars + 1) * 3840
    grid = Grid(lines, np.arange(n + 1) * 960)
    keys = KeyTrack.constant(Key.parse("C major"))
    phrases = [_Eight("AABA"[i % 4], 8 * i + 1) for i in range(bars // 8)]
    spent = []
    for _ in range(rounds):
        begin = time.perf_counter()
        harmonise(melody, grid, keys, tables, phrases=phrases)
        spent.append(1000 * (time.perf_counter() - begin))
    p50, p95 = np.percentile(spent, [50, 95])
    return {"bars": bars, "rounds": rounds, "p50_ms": round(float(p50), 1), "p95_ms": round(float(p95), 1)}


@dataclass(frozen=True)
class _Eight:
    label: str
    start_bar: int
    bars: int = 8


def render(found: dict[str, Any]) -> str:
    """The tables in Markdown."""
    lines = []
    for archive, part in found["archives"].items():
        lines += [f"## {archive}, {part['n']} songs", "", "| system | " + " | ".join(FIGURES) + " |"]
        lines.append("|---" * (len(FIGURES) + 1) + "|")
        for name, row in part["rows"].items():
            cells = [f"{row[f][0]:.3f} [{row[f][1]:.3f}, {row[f][2]:.3f}]" for f in FIGURES]
            lines.append(f"| {name} | " + " | ".join(cells) + " |")
        gains = ", ".join(f"{f} {v[0]:+.3f} [{v[1]:+.3f}, {v[2]:+.3f}]" for f, v in part["gain"].items())
        lines += ["", f"Harmoniser minus best-fitting triad, song by song: {gains}", ""]
    took = found["speed"]
    lines.append(f"{took['bars']} bars: p50 {took['p50_ms']} ms, p95 {took['p95_ms']} ms ({took['rounds']} rounds).")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure and print; with --record, write the results too."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="the folder that holds the archives")
    parser.add_argument("--record", action="store_true", help="write benchmarks/results/analysis_harmonise.{json,md}")
    parser.add_argument("--tables", type=Path, default=TABLES)
    args = parser.parse_args()
    tables = HarmonyTables.from_json(args.tables.read_text(encoding="utf-8"))
    held_out = ("validation", "test")
    found = {
        "archives": {
            name: measure(list(read(args.data, SPLITS, held_out)), tables)
            for name, read in (("openewld", openewld), ("pop909", pop909))
        },
        "speed": speed(tables),
        "machine": describe(),
    }
    print(render(found))
    if args.record:
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / "analysis_harmonise.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
        (RESULTS / "analysis_harmonise.md").write_text(render(found), encoding="utf-8")


if __name__ == "__main__":
    main()
