"""How well keys and chords are heard, against what people wrote about the held-out songs of POP909.

    python -m benchmarks.analysis_keys_chords DATA_FOLDER            prints the tables
    python -m benchmarks.analysis_keys_chords DATA_FOLDER --record   writes benchmarks/results/ too

Songs: `validation` and `test` of benchmarks/splits/pop909.json. Read are MELODY, BRIDGE and PIANO; key signatures and the
chord track, which are annotations, are not.

**Key**, songs with one annotated key: tonic and mode of the key that is found for most bars. Songs with several: the
weighted score of MIREX (1 same, 0.5 a fifth away, 0.3 relative, 0.2 parallel), mean over all bars.

**Key, two annotations**: the archive holds a second list of keys, that of the structure analysis (Dai et al., 2020). For
songs that both list with one key: how often the two name the same, among the training songs too, where they are many; how
often ours is what the second one names, and how often ours is right where both agree. The first goes back to keys that a
program read from the recordings and how the second was made is not documented, so neither is the last word.

**Chords**, share of felt beats, each song one value. *Major/minor*: beats whose written chord has a perfect fifth with a
major or minor third, or is no chord; right is the root and the third. *All beats*: every written chord; the third decides,
and a chord without one must be suspended or empty alike. *Root*: the root alone. *Bass*: the lowest tone.

**Key signature**, lead sheets with one: whether the key that is found has it, from the bare tune and from the tune with the
composer's chords in markers (by the whole analysis; the file's own key signature is taken away).

**Meter kept**, whole archives of lieder and lead sheets: see `benchmarks/meter_kept.py`.

**Intervals** are 95 % percentile intervals over 2,000 resamplings of the songs.
"""

from __future__ import annotations

import argparse
import json
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.machine import describe
from benchmarks.meter_kept import note_meters
from bridge import app
from bridge.files import midi
from engines.analysis.chord_columns import BeatColumns
from engines.analysis.chord_tables import ChordTables
from engines.analysis.chords import ChordReading, read_chords
from engines.analysis.keys import KeyTables, find_keys
from engines.analysis.score import Floats, Ints
from engines.music.harmony import Chord, Key
from training.analysis.harmony_corpus import QUALITIES, SHAPES, UNSURE, Piece, folds, openewld, pop909, two_opinions
from training.analysis.lieder_corpus import lieder

ROOT = Path(__file__).parents[1]
TABLES, RESULTS = ROOT / "presets" / "analysis", ROOT / "benchmarks" / "results"
KRUMHANSL = np.array(
    [
        [6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88],
        [6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17],
    ]
)
"""Probe-tone profiles of Krumhansl and Kessler (1982), major and minor."""


def krumhansl(piece: Piece) -> int:
    """The baseline: the profile that correlates best with how long each pitch class sounds."""
    notes = piece.score.notes.pitched
    held = np.bincount(notes.pitch % 12, weights=(notes.end - notes.start).astype(float), minlength=12)
    scores = [np.corrcoef(np.roll(KRUMHANSL[state % 2], state // 2), held)[0, 1] for state in range(24)]
    return int(np.argmax(scores))


def key_of_bars(piece: Piece) -> Ints:
    """The annotated key of each bar."""
    bars = piece.score.grid.bars
    ticks = np.array([tick for tick, _, _ in piece.keys])
    states = np.array([2 * tonic + minor for _, tonic, minor in piece.keys])
    found = np.searchsorted(ticks, (bars[:-1] + bars[1:]) // 2, side="right") - 1
    return np.asarray(states[np.maximum(found, 0)])


def weighted(found: Ints, wanted: Ints) -> Floats:
    """MIREX's score for each bar."""
    (ft, fm), (wt, wm) = (found // 2, found % 2), (wanted // 2, wanted % 2)
    apart, same_mode = (ft - wt) % 12, fm == wm
    fifth = same_mode & np.isin(apart, (5, 7))
    relative = ~same_mode & (apart == np.where(wm == 0, 9, 3))
    parallel = ~same_mode & (apart == 0)
    return np.select([found == wanted, fifth, relative, parallel], [1.0, 0.5, 0.3, 0.2], 0.0)


def chord_row(piece: Piece, heard: ChordReading) -> dict[str, float]:
    """The chord figures of one song."""
    reference = piece.reference
    assert reference is not None
    thirds = np.array([4 if 4 in s else 3 if 3 in s else 0 for s in SHAPES.values()] + [-1])
    plain = np.array([{0, 7} <= set(s) and (3 in s or 4 in s) for s in SHAPES.values()] + [True])
    written = np.where(reference.root < 0, len(QUALITIES), reference.quality)
    known = (reference.root != UNSURE) & ((reference.root < 0) | (reference.quality >= 0))
    third = np.array(
        [-1 if r < 0 else (Chord.parse(f"C{q}").third or 0) for r, q in zip(heard.root, heard.quality, strict=True)]
    )
    root = (heard.root == reference.root) | ((heard.root < 0) & (reference.root < 0))
    right = root & (third == thirds[written])
    common = known & plain[written]
    sung = known & (reference.root >= 0)
    return {
        "major/minor": float(right[common].mean()),
        "all beats": float(right[known].mean()),
        "root": float(root[known].mean()),
        "bass": float((heard.bass == reference.bass)[sung].mean()),
        "beats": float(common.sum()),
    }


def interval(values: Sequence[float]) -> list[float]:
    """Mean, and the 95 % interval of the mean."""
    table = np.asarray(values, dtype=float)
    draws = np.random.default_rng(1).integers(0, len(table), (2000, len(table)))
    low, high = np.percentile(table[draws].mean(axis=1), [2.5, 97.5])
    return [round(float(value), 4) for value in (table.mean(), low, high)]


def measure(data: Path, splits: Path) -> dict[str, Any]:
    """Every row."""
    chords = ChordTables.from_json((TABLES / "chords.json").read_text(encoding="utf-8"))
    keys = KeyTables.from_json((TABLES / "keys.json").read_text(encoding="utf-8"))
    fold = folds(splits, "pop909")
    rows: dict[str, list[float]] = {}

    def note(name: str, value: float) -> None:
        rows.setdefault(name, []).append(value)

    opinions = two_opinions(data, {*fold["validation"], *fold["test"]})
    for first, second in two_opinions(data, set(fold["train"])).values():
        note("two annotations, agreement, training songs", float(first == second))
    for piece in pop909(data, {*fold["validation"], *fold["test"]}):
        grid, columns = piece.score.grid, BeatColumns.of(piece.score)
        heard = read_chords(columns, grid, chords)
        if piece.reference is not None:
            for name, value in chord_row(piece, heard).items():
                note(f"chords, {name}", value)
        if not piece.keys:
            continue
        spans = find_keys(columns, heard, grid, keys).spans
        starts = np.array([span.tick for span in spans])
        states = np.array([2 * span.key.tonic.pc + (not span.key.is_major_like) for span in spans])
        found = states[np.searchsorted(starts, grid.bars[:-1], side="right") - 1]
        wanted = key_of_bars(piece)
        if piece.one_key:
            ours = int(np.bincount(found, minlength=24).argmax())
            note("one key, ours", float(ours == wanted[0]))
            if piece.id in opinions:
                compare(ours, *opinions[piece.id], note)
            note("one key, Krumhansl", float(krumhansl(piece) == wanted[0]))
            note("one key, a modulation heard all the same", float(len(set(found.tolist())) > 1))
        elif len(set(wanted.tolist())) > 1:
            note("several keys, weighted score, ours", float(weighted(found, wanted).mean()))
            base = np.full(len(wanted), krumhansl(piece))
            note("several keys, weighted score, Krumhansl", float(weighted(base, wanted).mean()))
    signatures(data, splits, chords, keys, note)
    lead_sheets(data, splits, note)
    songs_with_piano(data, splits, chords, keys, note)
    note_meters(data, note)
    beats = sum(rows.pop("chords, beats"))
    return {
        "machine": describe(),
        "beats": int(beats),
        "rows": {name: {"mean": interval(values), "n": len(values)} for name, values in sorted(rows.items())},
    }


def compare(ours: int, first: tuple[int, int], second: tuple[int, int], note: Any) -> None:
    """How far the two annotations of a song agree, and ours with them."""
    note("two annotations, agreement", float(first == second))
    other = 2 * second[0] + second[1]
    note("two annotations, ours against the second", float(ours == other))
    if first == second:
        note("two annotations, ours where they agree", float(ours == other))


def lead_sheets(data: Path, splits: Path, note: Any) -> None:
    """The same tunes as a musician brings them, with the composer's chords in markers."""
    fold = folds(splits, "openewld")
    with zipfile.ZipFile(data / "openewld.zip") as archive:
        for tune in openewld(data, {*fold["validation"], *fold["test"]}):
            song = midi.read_song(archive.read(f"midi/{tune.id}.mid")).song
            key = app.analyze(replace(song, keys=None)).keys[0].key
            note("openewld, tunes with their chords, key signature", float(_relative_major(key) == tune.signature))


def _relative_major(key: Key) -> int:
    """The major tonic of the key's signature."""
    return key.tonic.pc if key.is_major_like else (key.tonic.pc + 3) % 12


def signatures(data: Path, splits: Path, chords: ChordTables, keys: KeyTables, note: Any) -> None:
    """OpenEWLD states key signatures without a mode: right is the signature."""
    fold = folds(splits, "openewld")
    for tune in openewld(data, {*fold["validation"], *fold["test"]}):
        columns = BeatColumns.of(tune.score)
        heard = read_chords(columns, tune.score.grid, chords)
        key = find_keys(columns, heard, tune.score.grid, keys).spans[0].key
        note("openewld, bare melodies, key signature", float(_relative_major(key) == tune.signature))


def songs_with_piano(data: Path, splits: Path, chords: ChordTables, keys: KeyTables, note: Any) -> None:
    """OpenScore Lieder: how far ours agrees with the analyses in the archive, which a program made."""
    fold = folds(splits, "openscore_lieder")
    for piece in lieder(data, {*fold["validation"], *fold["test"]}):
        columns = BeatColumns.of(piece.score)
        heard = read_chords(columns, piece.score.grid, chords)
        if piece.reference is not None:
            row = chord_row(piece, heard)
            note("lieder, agreement, chords, major/minor", row["major/minor"])
            note("lieder, agreement, chords, root", row["root"])
        if piece.keys:
            span = find_keys(columns, heard, piece.score.grid, keys).spans[0]
            state = 2 * span.key.tonic.pc + (not span.key.is_major_like)
            note("lieder, agreement, first key", float(state == 2 * piece.keys[0][1] + piece.keys[0][2]))


def render(report: dict[str, Any]) -> str:
    """The table as Markdown."""
    machine = report["machine"]
    lines = [
        "# Keys and chords",
        "",
        f"Held-out songs, heard from their notes alone; {report['beats']:,} major/minor beats. Meters: whole archives, as read",
        "from the files. Definitions are in",
        "`benchmarks/analysis_keys_chords.py`. "
        + f"{machine['processor']}, Python {machine['python']}, numpy {machine['numpy']}.",
        "",
        "| measure | mean | 95 % interval | songs |",
        "|---|---|---|---|",
    ]
    for name, row in report["rows"].items():
        mean, low, high = row["mean"]
        lines.append(f"| {name} | {mean:.3f} | {low:.3f}–{high:.3f} | {row['n']} |")
    return "\n".join([*lines, ""])


def main() -> None:
    """Measure, print, and record if asked."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path, help="the folder that holds the archives")
    parser.add_argument("--splits", type=Path, default=ROOT / "benchmarks" / "splits")
    parser.add_argument("--record", action="store_true")
    args = parser.parse_args()
    report = measure(args.data, args.splits)
    table = render(report)
    print(table)
    if args.record:
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / "analysis_keys_chords.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
        (RESULTS / "analysis_keys_chords.md").write_text(table, encoding="utf-8")


if __name__ == "__main__":
    main()
