"""Learn the tables of the chord recogniser and of the key finder, with numpy alone.

    python -m training.analysis.learn_keys_chords DATA_FOLDER

Writes presets/analysis/chords.json and keys.json. Chords are learned from the training songs of POP909, with melodies at
full and at lower weight, and from sketches of bands playing McGill Billboard progressions, so that walking basses, rootless
voicings and sparse textures are no surprise. Keys are then learned from what the recogniser and the ear report about the
same songs.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from engines.analysis.chord_bass import stretches
from engines.analysis.chord_columns import BeatColumns
from engines.analysis.chord_tables import ChordTables
from engines.analysis.chords import read_chords
from engines.analysis.key_rows import bar_rows
from engines.analysis.key_search import TURN
from engines.analysis.key_tables import SCHEMA
from training.analysis.chord_network import Arrays, learn_beats, learn_stretches, lesson_of, start
from training.analysis.harmony_corpus import QUALITIES, Piece, billboard, folds, pop909
from training.analysis.harmony_sketches import sketch

ROOT = Path(__file__).parents[2]
WEIGHTS = ((1.0, 1.0, 1.0), (1.0, 0.5, 0.5), (1.0, 0.25, 0.25))
"""How much piano, melody and bridge speak for the harmony: by turns, so that the recogniser minds none of it."""
SKETCHES, HIDDEN = 540, 32
BEATS, STRETCHES = 4, 2
"""Rounds of learning beat by beat, and then in stretches."""
TRUST, MOVE, RELATIVE = 0.5, 14.0, 40.0
"""Settings of the key search, chosen inside the training songs."""
SURETY = (-1.245, 0.961)
"""Confidence from the lead over the second-best key: fitted on training songs that the weights had not seen (five parts)."""
Reals = npt.NDArray[np.float64]


def learn_chords(songs: Sequence[Piece], sketches: Sequence[Piece], rng: np.random.Generator) -> ChordTables:
    """The chord recogniser's table."""
    lessons = [lesson_of(song, WEIGHTS[i % 3]) for i, song in enumerate(songs)]
    lessons += [replace(lesson_of(piece), weight=1.0) for piece in sketches]
    weights: Arrays = start(HIDDEN, rng)
    learn_beats(weights, lessons, BEATS, 3e-3, rng)
    print(f"chords: {learn_stretches(weights, lessons, STRETCHES, 1e-3, rng):.4f} nats a beat")
    bass, heard = learn_bass(songs)
    return ChordTables(QUALITIES, **weights, bass=bass, bass_heard=heard)


def learn_bass(songs: Sequence[Piece]) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Which step above the root is the bass: by quality, and by what is lowest."""
    rows, steps, kinds = [], [], []
    for song in songs:
        assert song.reference is not None
        columns, reference = BeatColumns.of(song.score), song.reference
        first, of_beat = stretches(reference.root, reference.quality, song.score.grid)
        held = np.add.reduceat(columns.bass, first, axis=0) / np.bincount(of_beat)[:, None]
        known = (reference.root[first] >= 0) & (reference.quality[first] >= 0) & (reference.bass[first] >= 0)
        above = (reference.root[first, None] + np.arange(12)) % 12
        both = np.stack([np.take_along_axis(part, above, axis=1) for part in (held, columns.bass[first])], axis=2)
        rows.append(both[known])
        steps.append(((reference.bass[first] - reference.root[first]) % 12)[known])
        kinds.append(reference.quality[first][known])
    x, y, kind = np.concatenate(rows), np.concatenate(steps), np.concatenate(kinds)
    base, heard = np.zeros((len(QUALITIES), 12)), np.full(2, 2.0)
    for _ in range(400):
        wrong = _softmax(base[kind] + x @ heard)
        wrong[np.arange(len(y)), y] -= 1
        slope = np.zeros_like(base)
        np.add.at(slope, kind, wrong)
        base -= 0.5 * (slope / len(y) * 8 + 2e-3 * base)
        heard -= 3 * np.einsum("nk,nkf->f", wrong, x) / len(y)
    return base.astype(np.float32), heard.astype(np.float32)


def key_lessons(
    songs: Sequence[Piece], chords: ChordTables
) -> list[tuple[Reals, npt.NDArray[np.bool_], npt.NDArray[np.int64]]]:
    """For each song its bar rows, which bars sound, and the annotated key of each bar."""
    out = []
    for song in songs:
        if not song.keys:
            continue
        grid = song.score.grid
        columns = BeatColumns.of(song.score)
        rows, sounding = bar_rows(columns, read_chords(columns, grid, chords), grid)
        ticks = np.array([tick for tick, _, _ in song.keys])
        states = np.array([2 * tonic + minor for _, tonic, minor in song.keys])
        middle = (grid.bars[:-1] + grid.bars[1:]) // 2
        out.append((rows, sounding, states[np.maximum(np.searchsorted(ticks, middle, side="right") - 1, 0)]))
    return out


def learn_keys(
    lessons: Sequence[tuple[Reals, npt.NDArray[np.bool_], npt.NDArray[np.int64]]], rounds: int = 250
) -> tuple[Reals, Reals]:
    """Weights and base of the key finder: a choice among 24 keys, the same for every tonic. Every third bar is enough."""
    x = np.concatenate([_turned(rows[sounding][::3]) for rows, sounding, _ in lessons])
    y = np.concatenate([keys[sounding][::3] for _, sounding, keys in lessons])
    flat = x.reshape(-1, x.shape[2])
    mean, scale = flat.mean(axis=0), flat.std(axis=0) + 1e-4
    flat = (flat - mean) / scale
    weights, base = np.zeros((flat.shape[1], 2)), np.zeros(2)
    means, squares = [np.zeros_like(weights), np.zeros_like(base)], [np.zeros_like(weights), np.zeros_like(base)]
    for step in range(1, rounds + 1):
        wrong = _softmax((flat @ weights + base).reshape(len(y), 24))
        wrong[np.arange(len(y)), y] -= 1
        pairs = wrong.reshape(-1, 2) / len(y)
        slopes = (flat.T @ pairs + 0.003 * weights, pairs.sum(axis=0))
        for i, value in enumerate((weights, base)):
            means[i] = 0.9 * means[i] + 0.1 * slopes[i]
            squares[i] = 0.99 * squares[i] + 0.01 * slopes[i] ** 2
            way = (means[i] / (1 - 0.9**step)) / (np.sqrt(squares[i] / (1 - 0.99**step)) + 1e-9)
            value -= 0.08 * (1 - step / rounds) * way
    return weights / scale[:, None], base - (mean / scale) @ weights


def _turned(rows: Reals) -> Reals:
    return rows[:, :, TURN].transpose(0, 2, 1, 3).reshape(len(rows), 12, -1)


def _softmax(scores: Reals) -> Reals:
    chance = np.exp(scores - scores.max(axis=1, keepdims=True))
    out: Reals = chance / chance.sum(axis=1, keepdims=True)
    return out


def key_table(weights: Reals, base: Reals) -> dict[str, Any]:
    """The key finder's table as it is stored."""
    return {
        "schema": SCHEMA,
        "about": {
            "source": "POP909 (Wang et al., ISMIR 2020), training songs; keys of POP909-CL (Yao et al., 2026)",
            "licence": "MIT",
            "holds": "weights learned from key annotations; no notes",
        },
        "weights": [float(f"{value:.5g}") for value in weights.ravel()],
        "base": [float(f"{value:.5g}") for value in base],
        "trust": TRUST,
        "move": MOVE,
        "relative": RELATIVE,
        "surety": SURETY,
    }


def main() -> None:
    """Learn both and write them."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path, help="the folder that holds the archives")
    parser.add_argument("--splits", type=Path, default=ROOT / "benchmarks" / "splits")
    parser.add_argument("--out", type=Path, default=ROOT / "presets" / "analysis")
    args = parser.parse_args()
    rng = np.random.default_rng(1)
    songs = list(pop909(args.data, set(folds(args.splits, "pop909")["train"])))
    progressions = list(billboard(args.data, set(folds(args.splits, "mcgill_billboard")["train"])))
    sketches = [sketch(progressions[i % len(progressions)], rng) for i in range(SKETCHES)]
    print(f"{len(songs)} songs, {len(sketches)} sketches")
    chords = learn_chords([song for song in songs if song.reference is not None], sketches, rng)
    args.out.joinpath("chords.json").write_text(chords.to_json() + "\n", encoding="utf-8")
    weights, base = learn_keys(key_lessons(songs, ChordTables.from_json(chords.to_json())))
    args.out.joinpath("keys.json").write_text(json.dumps(key_table(weights, base), indent=0) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
