"""How well track roles are guessed and tunes are found, on works that nothing was learnt from.

    python -m benchmarks.analysis_roles DATA_FOLDER [--splits benchmarks/splits] [--table presets/analysis/roles.json]
        [--folds validation test] [--json FILE]

DATA_FOLDER holds the zip archives. Names and programs are hidden from the guesser. Means are over works, with 95 % bootstrap
intervals over works; the baselines see the same notes.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from engines.analysis.melody import find_melody, sing
from engines.analysis.melody_line import best_line
from engines.analysis.roles import RoleGuess, guess_roles
from engines.analysis.roles_drums import find_drums
from engines.analysis.roles_tables import RoleTables
from engines.analysis.score import Bools, Grid, Notes, Score
from engines.music.time import MeterMap, Ticks
from training.analysis.learn_roles_corpus import BASS, TUNE, Piece, Texture, pieces, scores, textures

TRACKS = ("pop909", "openscore_lieder", "openscore_quartets", "mutopia_pd", "freedoom_music", "popular_extra")
MEASURED_ONLY = ("nottingham", "slakh2100_q16")
LIKE = {"pad": "chords", "arp": "chords", "stab": "chords", "double": "counter", "fill": "counter"}
"""Which plain role of the labels a fine role counts as."""
DRAWS = 2000

Row = dict[str, object]


def interval(values: Sequence[float], seed: int = 1) -> tuple[float, float, float]:
    """Mean and 95 % bootstrap interval."""
    table = np.array(values, dtype=np.float64)
    luck = np.random.Generator(np.random.PCG64(seed))
    means = table[luck.integers(0, len(table), (DRAWS, len(table)))].mean(axis=1)
    return float(table.mean()), float(np.quantile(means, 0.025)), float(np.quantile(means, 0.975))


def row(what: str, values: Sequence[float], **baselines: Sequence[float]) -> Row:
    """One line of the report."""
    mean, low, high = interval(values)
    text = f"{what:<58} {mean:.3f} [{low:.3f}–{high:.3f}] n={len(values)}"
    text += "".join(f"  {name.replace('_', ' ')} {np.mean(others):.3f}" for name, others in baselines.items())
    print(text, flush=True)
    return {
        "what": what,
        "mean": round(mean, 4),
        "interval": [round(low, 4), round(high, 4)],
        "n": len(values),
        **{name: round(float(np.mean(others)), 4) for name, others in baselines.items()},
    }


def blind(score: Score) -> Score:
    """Without names and programs."""
    return replace(score, names=("",) * len(score.names), programs=(None,) * len(score.names))


def mean_pitch(score: Score) -> list[float]:
    """The mean pitch of every track."""
    count = np.bincount(score.notes.track, minlength=len(score.names))
    total = np.bincount(score.notes.track, weights=score.notes.pitch, minlength=len(score.names))
    return (total / np.maximum(count, 1)).tolist()  # type: ignore[no-any-return]


def melody_rows(found: Sequence[Piece], guesses: Sequence[tuple[RoleGuess, ...]]) -> Iterable[Row]:
    """Is the one track that carries the tune the one that is called melody?"""
    right: dict[str, list[float]] = defaultdict(list)
    highest: dict[str, list[float]] = defaultdict(list)
    for piece, guess in zip(found, guesses, strict=True):
        if TUNE not in piece.labels or len(piece.labels) < 2:
            continue
        tunes = [i for i, label in enumerate(piece.labels) if label == TUNE]
        name = f"{piece.archive}, {piece.variant}"
        right[name].append(float([i for i, g in enumerate(guess) if g.role == "melody"] == tunes))
        highest[name].append(float(int(np.argmax(mean_pitch(piece.score))) in tunes))
    for name in right:
        yield row(f"melody track: {name}", right[name], highest_track=highest[name])


def bass_rows(found: Sequence[Piece], guesses: Sequence[tuple[RoleGuess, ...]]) -> Iterable[Row]:
    """F1 over tracks of what is called bass, by work."""
    score: dict[str, list[float]] = defaultdict(list)
    lowest: dict[str, list[float]] = defaultdict(list)
    for piece, guess in zip(found, guesses, strict=True):
        basses = {i for i, label in enumerate(piece.labels) if label == BASS}
        if not basses:
            continue
        name = f"{piece.archive}, {piece.variant}"
        score[name].append(track_f1({i for i, g in enumerate(guess) if g.role == "bass"}, basses))
        lowest[name].append(track_f1({int(np.argmin(mean_pitch(piece.score)))}, basses))
    for name in score:
        yield row(f"bass tracks, F1: {name}", score[name], lowest_track=lowest[name])


def track_f1(said: set[int], true: set[int]) -> float:
    """F1 of two sets."""
    return 2 * len(said & true) / max(len(said) + len(true), 1)


def label_rows(found: Sequence[Piece], guesses: Sequence[tuple[RoleGuess, ...]]) -> Iterable[Row]:
    """The share of tracks whose role is one of those that the label allows; and how far the confidence can be trusted."""
    share: dict[str, list[float]] = defaultdict(list)
    sure: list[tuple[float, bool]] = []
    for piece, guess in zip(found, guesses, strict=True):
        fits = [LIKE.get(g.role, g.role) in label for g, label in zip(guess, piece.labels, strict=True)]
        told = [fit for fit, label in zip(fits, piece.labels, strict=True) if len(label) < 4]
        if told:
            share[f"{piece.archive}, {piece.variant}"].append(float(np.mean(told)))
        sure += [(g.confidence, f) for g, f, label in zip(guess, fits, piece.labels, strict=True) if len(label) == 1]
    for name, values in share.items():
        yield row(f"plain role among those allowed: {name}", values)
    for low, high in ((0.0, 0.6), (0.6, 0.8), (0.8, 0.95), (0.95, 1.01)):
        inside = [float(fit) for confidence, fit in sure if low <= confidence < high]
        if inside:
            yield row(f"tracks right at confidence {low:g} to {min(high, 1):g}", inside)


def drum_rows(data: Path, splits: Path, folds: Sequence[str]) -> Iterable[Row]:
    """Drums by sound alone: the drum channel, names and programs are hidden."""
    hit: list[float] = []
    false: list[float] = []
    for archive in ("freedoom_music", "popular_extra"):
        for _, fold, score in scores(data, splits, archive):
            if fold not in folds:
                continue
            drums = np.bincount(score.notes.track, weights=score.notes.drum, minlength=len(score.names)) > 0
            heard = np.bincount(score.notes.track, minlength=len(score.names)) > 0
            hidden = replace(blind(score), notes=replace(score.notes, drum=np.zeros_like(score.notes.drum)))
            said = find_drums(hidden)
            hit += [float(i in said) for i in np.flatnonzero(drums & heard)]
            false += [float(i in said) for i in np.flatnonzero(~drums & heard)]
    yield row("drum tracks found with the channel hidden", hit)
    yield row("pitched tracks taken for drums", false)


def note_f1(said: Bools, true: Bools) -> float:
    """F1 over notes."""
    return float(2 * (said & true).sum() / max(int(said.sum() + true.sum()), 1))


def skyline(notes: Notes) -> Bools:
    """The highest note at every onset."""
    last = np.ones(len(notes), dtype=bool)
    last[:-1] = np.diff(notes.start) != 0  # notes that start together are in order of pitch
    return last


def held_skyline(notes: Notes) -> Bools:
    """The highest note at every onset, unless a higher one still sounds."""
    top, sounding = skyline(notes), np.zeros(128, dtype=np.int64)
    for i in np.flatnonzero(top):
        top[i] = not (sounding[notes.pitch[i] + 1 :] > notes.start[i]).any()
        sounding[notes.pitch[i]] = notes.end[i]
    return top


def texture_rows(found: Iterable[Texture], tables: RoleTables) -> Iterable[Row]:
    """Note F1 (onset and pitch) of the tune picked out of the whole texture."""
    ways: dict[str, Callable[[Texture], Bools]] = {
        "": lambda t: best_line(t.notes, sing(t.notes, t.beats, tables)),
        "skyline": lambda t: skyline(t.notes),
        "held_skyline": lambda t: held_skyline(t.notes),
    }
    scores_: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for texture in found:
        if texture.sung.any():
            for name, way in ways.items():
                scores_[f"{texture.archive}, {texture.variant}"][name].append(note_f1(way(texture), texture.sung))
    for name, each in scores_.items():
        yield row(
            f"tune in the texture, note F1: {name}",
            each[""],
            skyline=each["skyline"],
            held_skyline=each["held_skyline"],
        )


def time_rows(tables: RoleTables) -> Iterable[Row]:
    """Processor time for ten tracks of a thousand notes, and for the same notes in one track."""
    luck = np.random.Generator(np.random.PCG64(1))
    start = np.sort(luck.integers(0, 3000, 10_000)) * 240
    notes = Notes(
        start,
        start + luck.choice([240, 480, 960], 10_000),
        luck.integers(36, 84, 10_000),
        luck.integers(50, 100, 10_000),
        luck.integers(0, 10, 10_000),
        np.zeros(10_000, dtype=bool),
    )
    grid = Grid.of(MeterMap(), Ticks(int(notes.end.max())))
    for tracks in (10, 1):
        score = Score(replace(notes, track=notes.track % tracks), grid, MeterMap(), ("",) * tracks, (None,) * tracks)
        best = [np.inf, np.inf]
        for _ in range(7):
            begin = time.process_time()
            roles = guess_roles(score, tables)
            between = time.process_time()
            find_melody(score, [replace(guess, role="chords") for guess in roles], tables)
            best = [min(best[0], between - begin), min(best[1], time.process_time() - between)]
        for what, seconds in zip(("roles", "tune in the texture"), best, strict=True):
            print(f"{what}, 10,000 notes in {tracks} tracks: {seconds * 1000:.1f} ms of processor time")
            yield {"what": f"{what}, 10,000 notes in {tracks} tracks", "ms": round(seconds * 1000, 1)}


def main() -> None:
    """Measure everything and print it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path, help="folder with the zip archives")
    parser.add_argument("--splits", type=Path, default=Path("benchmarks/splits"))
    parser.add_argument("--table", type=Path, default=Path("presets/analysis/roles.json"))
    parser.add_argument("--folds", nargs="+", default=["validation", "test"])
    parser.add_argument("--json", type=Path, help="also write the rows here")
    chosen = parser.parse_args()
    tables = RoleTables.parse(chosen.table.read_bytes())
    found = [
        piece
        for archive in (*TRACKS, *MEASURED_ONLY)
        for piece in pieces(chosen.data, chosen.splits, archive)
        if piece.fold in chosen.folds
    ]
    guesses = [guess_roles(blind(piece.score), tables) for piece in found]
    rows = [*melody_rows(found, guesses), *bass_rows(found, guesses), *label_rows(found, guesses)]
    rows += drum_rows(chosen.data, chosen.splits, chosen.folds)
    rows += texture_rows(
        (
            texture
            for archive in ("pop909", "openscore_lieder", "nottingham")
            for texture in textures(chosen.data, chosen.splits, archive)
            if texture.fold in chosen.folds
        ),
        tables,
    )
    rows += time_rows(tables)
    if chosen.json:
        chosen.json.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
