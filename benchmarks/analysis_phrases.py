"""How well phrases are read, against what two people heard in the held-out songs of POP909.

    python -m benchmarks.analysis_phrases DATA_FOLDER            prints the tables
    python -m benchmarks.analysis_phrases DATA_FOLDER --record   writes benchmarks/results/analysis_phrases.{json,md} too

Songs: `validation` and `test` of benchmarks/splits/pop909.json that `training.analysis.phrase_corpus` accepts. Read are
MELODY, BRIDGE and PIANO; the chord track, an annotation, is not.

**Boundaries.** A boundary is the bar line between two phrases, in the annotators' bars, strictly inside the annotated
form: its start and its end are given away by the file and count for nobody. A found boundary may hit one wanted boundary
not more than the tolerance away, and each is hit once; F1 is computed for each song and averaged over songs. A song has
two annotators: `best` takes for each song the one that the reading agrees with more ("either of the two"), `mean` averages
both. Two people compared with each other have one figure, their mutual F1. Other ways of counting are in the last table.

**Labels.** Over all pairs of bars of the annotated form: precision is the share of pairs with one label in the reading
that have one in the annotation, recall the reverse; labels are compared as written, with length left out and case kept.

**Intervals** are 95 % percentile intervals over 2,000 resamplings of the songs.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np

from benchmarks.house_piece import piece
from benchmarks.machine import describe
from engines.analysis.phrases import Phrase, PhraseReading, PhraseTables, segment
from engines.analysis.score import Floats, Ints, Score
from training.analysis.phrase_corpus import MELODY, Annotated, lead_alone, read_songs

ROOT = Path(__file__).parents[1]
SPLIT = ROOT / "benchmarks" / "splits" / "pop909.json"
TABLES = ROOT / "presets" / "analysis" / "phrases.json"
RESULTS = ROOT / "benchmarks" / "results"
RESAMPLINGS = 2000


def boundary_f1(found: Sequence[int], wanted: Sequence[int], tolerance: int) -> float:
    """F1 of two sorted lists of boundaries that are matched one to one."""
    hits = i = j = 0
    while i < len(found) and j < len(wanted):
        if abs(found[i] - wanted[j]) <= tolerance:
            hits, i, j = hits + 1, i + 1, j + 1
        elif found[i] < wanted[j]:
            i += 1
        else:
            j += 1
    return f1(hits, len(found), len(wanted))


def f1(hits: int, found: int, wanted: int) -> float:
    """2 · hits / (found + wanted); two empty lists agree."""
    return 2 * hits / (found + wanted) if found + wanted else 1.0


def label_f1(found: Sequence[str], wanted: Sequence[str]) -> float:
    """Pairwise F1 of two labellings of the same bars."""

    def pairs(counts: Iterable[int]) -> int:
        return sum(n * (n - 1) // 2 for n in counts)

    both = pairs(Counter(zip(found, wanted, strict=True)).values())
    return f1(both, pairs(Counter(found).values()), pairs(Counter(wanted).values()))


def inner(lines: Ints, end: int) -> list[int]:
    """The boundaries strictly inside a form."""
    return sorted({int(x) for x in lines if 0 < x < end})


def found_lines(song: Annotated, reading: PhraseReading) -> Ints:
    """Where the phrases of a reading start, in annotators' bars."""
    return song.to_annotators_bar(np.array([phrase.start_bar - 1 for phrase in reading.phrases]))


def found_labels(song: Annotated, reading: PhraseReading, bars: int) -> list[str]:
    """The reading's label of each of the annotators' bars; silence after the end of the file is outro."""
    at = song.to_file_bar(np.arange(bars))
    phrases = [reading.phrase_at(int(bar) + 1) for bar in at]
    return [phrase.label if phrase else "o" for phrase in phrases]


def every(song: Annotated, bars: int) -> PhraseReading:
    """Phrases of equal length from the start of the form, all of them different."""
    last = int(max(song.lines(0)[-1], song.lines(1)[-1]))
    lines = song.to_file_bar(np.arange(0, last, bars))
    ends = np.append(lines[1:], song.to_file_bar(np.array([last])))
    return PhraseReading(
        tuple(
            Phrase(int(begin) + 1, int(end - begin), f"{i}")
            for i, (begin, end) in enumerate(zip(lines, ends, strict=True))
            if end > begin
        )
    )


def agreement(song: Annotated, reading: PhraseReading) -> dict[str, tuple[float, float]]:
    """How a reading agrees with each of the two annotators."""
    lines = found_lines(song, reading)
    out: dict[str, list[float]] = {"within1": [], "exact": [], "labels": []}
    for annotator in (0, 1):
        wanted = song.lines(annotator)
        ours, theirs = inner(lines, int(wanted[-1])), inner(wanted, int(wanted[-1]))
        out["within1"].append(boundary_f1(ours, theirs, 1))
        out["exact"].append(boundary_f1(ours, theirs, 0))
        theirs_labels = song.bar_labels(annotator)
        out["labels"].append(label_f1(found_labels(song, reading, len(theirs_labels)), theirs_labels))
    return {name: (values[0], values[1]) for name, values in out.items()}


def mutual(song: Annotated) -> dict[str, tuple[float, float]]:
    """How the two annotators agree with each other."""
    some, others = song.lines(0), song.lines(1)
    ends = int(some[-1]), int(others[-1])
    a, b = inner(some, ends[0]), inner(others, ends[1])
    labels = [song.bar_labels(i)[: min(ends)] for i in (0, 1)]
    scores = {"within1": boundary_f1(a, b, 1), "exact": boundary_f1(a, b, 0), "labels": label_f1(*labels)}
    return {name: (value, value) for name, value in scores.items()}


def interval(values: Floats) -> tuple[float, float, float]:
    """Mean over songs and its 95 % bootstrap interval."""
    rng = np.random.default_rng(1)
    means = values[rng.integers(0, len(values), (RESAMPLINGS, len(values)))].mean(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return float(values.mean()), float(low), float(high)


Method = Callable[[Annotated], dict[str, tuple[float, float]]]


def measure(songs: Sequence[Annotated], method: Method) -> dict[str, dict[str, list[float]]]:
    """`best` and `mean` of each measure: mean over songs, low, high."""
    scores = [method(song) for song in songs]
    table: dict[str, dict[str, list[float]]] = {}
    for name in scores[0]:
        both = np.array([score[name] for score in scores])
        table[name] = {
            "best": [round(x, 4) for x in interval(both.max(axis=1))],
            "mean": [round(x, 4) for x in interval(both.mean(axis=1))],
        }
    return table


def other_counts(songs: Sequence[Annotated], tables: PhraseTables) -> dict[str, dict[str, float]]:
    """F1 within one bar when boundaries are counted in other ways."""
    readings = {
        "every 4 bars": [every(song, 4) for song in songs],
        "every 8 bars": [every(song, 8) for song in songs],
        "read": [segment(song.score, tables, MELODY) for song in songs],
    }
    out: dict[str, dict[str, float]] = {}
    for ends in ("inner", "with the start", "with start and end"):
        for name, found in [*readings.items(), ("the other person", None)]:
            scores = np.array([_counted(song, found[i] if found else None, ends) for i, song in enumerate(songs)])
            out.setdefault(ends, {})[f"{name}, best"] = round(float(scores.max(axis=1).mean()), 4)
            out[ends][f"{name}, mean"] = round(float(scores.mean()), 4)
    return out


def _counted(song: Annotated, reading: PhraseReading | None, ends: str) -> list[float]:
    scores = []
    for annotator in (0, 1):
        wanted, other = song.lines(annotator), song.lines(1 - annotator)
        lines, end = (other[:-1], int(other[-1])) if reading is None else (found_lines(song, reading), int(wanted[-1]))
        lists = [inner(lines, end), inner(wanted, int(wanted[-1]))]
        if ends != "inner":
            lists = [[0, *values] for values in lists]
        if ends == "with start and end":
            lists = [[*lists[0], end], [*lists[1], int(wanted[-1])]]
        scores.append(boundary_f1(*lists, 1))
    return scores


def lengths(forms: Iterable[Iterable[int]]) -> dict[str, float]:
    """The share of phrases of each length."""
    counts = Counter(bars for form in forms for bars in form)
    total = sum(counts.values())
    return {str(bars): round(counts[bars] / total, 3) for bars in sorted(counts) if counts[bars] / total >= 0.005}


def calibration(songs: Sequence[Annotated], tables: PhraseTables) -> list[dict[str, float]]:
    """Confidence of the boundaries that were set against how many of them an annotator has within one bar."""
    sure, right = [], []
    for song in songs:
        reading = segment(song.score, tables, MELODY)
        for phrase, line in zip(reading.phrases, found_lines(song, reading).tolist(), strict=True):
            for annotator in (0, 1):
                wanted = song.lines(annotator)
                if 0 < line < wanted[-1]:
                    sure.append(phrase.confidence)
                    right.append(float(np.abs(wanted[1:-1] - line).min(initial=99) <= 1))
    sure_, right_ = np.array(sure), np.array(right)
    rows = []
    for low, high in ((0, 0.3), (0.3, 0.5), (0.5, 0.7), (0.7, 0.9), (0.9, 1.01)):
        here = (sure_ >= low) & (sure_ < high)
        if here.any():
            rows.append(
                {"from": low, "n": int(here.sum()), "confidence": round(float(sure_[here].mean()), 3),
                 "right": round(float(right_[here].mean()), 3)}
            )  # fmt: skip
    return rows


def speed(tables: PhraseTables, runs: int = 15) -> dict[str, float]:
    """Processor time of a reading of benchmarks/house_piece.py in milliseconds, warm."""
    score = Score.of(piece())
    segment(score, tables, MELODY)
    laps = []
    for _ in range(runs):
        begin = process_time()
        segment(score, tables, MELODY)
        laps.append((process_time() - begin) * 1000)
    laps.sort()
    return {
        "bars": score.grid.n_bars,
        "notes": len(score.notes),
        "n": runs,
        "p50_ms": round(laps[runs // 2], 1),
        "p95_ms": round(laps[round(0.95 * (runs - 1))], 1),
    }


def report(songs: Sequence[Annotated], tables: PhraseTables) -> dict[str, Any]:
    """Everything that is measured."""
    readings = [segment(song.score, tables, MELODY) for song in songs]
    methods: dict[str, Method] = {
        "every 4 bars": lambda song: agreement(song, every(song, 4)),
        "every 8 bars": lambda song: agreement(song, every(song, 8)),
        "read, melody told": lambda song: agreement(song, segment(song.score, tables, MELODY)),
        "read, melody alone (lead sheet)": lambda song: agreement(
            song, segment(lead_alone(song).score, tables, MELODY)
        ),
        "read, melody not told": lambda song: agreement(song, segment(song.score, tables)),
        "the other person": mutual,
    }
    return {
        "songs": [song.id for song in songs],
        "n": len(songs),
        "machine": describe(),
        "scores": {name: measure(songs, method) for name, method in methods.items()},
        "other_counts": other_counts(songs, tables),
        "lengths": {
            "read": lengths([phrase.bars for phrase in reading.phrases] for reading in readings),
            "people": lengths([bars for _, bars in form] for song in songs for form in song.forms),
        },
        "calibration": calibration(songs, tables),
        "speed": speed(tables),
        "examples": {
            song.id: [r.string, *map(_written, song.forms)] for song, r in zip(songs[:8], readings, strict=False)
        },
    }


def _written(form: Sequence[tuple[str, int]]) -> str:
    return "".join(f"{label}{bars}" for label, bars in form)


def render(found: dict[str, Any]) -> str:
    """The tables as Markdown."""
    lines = [
        "# Phrases",
        "",
        f"POP909, {found['n']} held-out songs. Mean over songs [95 % interval]; best and mean of two annotators.",
        "",
        "| | within 1 bar, best | within 1 bar, mean | exact, best | exact, mean | labels, best | labels, mean |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, row in found["scores"].items():
        cells = [
            "{:.3f} [{:.3f}–{:.3f}]".format(*row[measure_][which])
            for measure_ in ("within1", "exact", "labels")
            for which in ("best", "mean")
        ]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    lines += ["", "Within one bar, counted in other ways:", "", "| | best | mean |", "|---|---|---|"]
    for ends, row in found["other_counts"].items():
        lines += [
            f"| {name[:-6]}, {ends} | {row[name]:.3f} | {row[name[:-4] + 'mean']:.3f} |"
            for name in row
            if name.endswith("best")
        ]
    lines += [
        "",
        "Lengths in bars (share of phrases; of at least 0.005):",
        "",
        "| bars | read | people |",
        "|---|---|---|",
    ]
    shares = found["lengths"]
    lines += [
        f"| {bars} | {shares['read'].get(bars, 0):.3f} | {shares['people'].get(bars, 0):.3f} |"
        for bars in sorted({*shares["read"], *shares["people"]}, key=int)
    ]
    lines += [
        "",
        "Confidence:",
        "",
        "| from | n | mean confidence | within one bar of a person's |",
        "|---|---|---|---|",
    ]
    lines += [f"| {r['from']} | {r['n']} | {r['confidence']:.3f} | {r['right']:.3f} |" for r in found["calibration"]]
    took = found["speed"]
    lines += [
        "",
        f"{took['bars']} bars, {took['notes']:,} notes: p50 {took['p50_ms']} ms, p95 {took['p95_ms']} ms of one core.",
    ]
    return "\n".join([*lines, ""])


def held_out() -> list[str]:
    """The ids that nothing was learned from."""
    split = json.loads(SPLIT.read_text(encoding="utf-8"))
    return [*split["validation"], *split["test"]]


def main() -> None:
    """Measure, print, and record if asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folder", type=Path, help="the folder that holds pop909.zip")
    parser.add_argument("--tables", type=Path, default=TABLES)
    parser.add_argument("--record", action="store_true")
    args = parser.parse_args()
    tables = PhraseTables.from_json(args.tables.read_text(encoding="utf-8"))
    found = report(list(read_songs(args.folder, held_out())), tables)
    table = render(found)
    print(table)
    for id_, strings in found["examples"].items():
        print(id_, *strings, sep="\n    ")
    if args.record:
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / "analysis_phrases.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
        (RESULTS / "analysis_phrases.md").write_text(table, encoding="utf-8")


if __name__ == "__main__":
    main()
