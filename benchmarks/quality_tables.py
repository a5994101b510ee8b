"""The tables of benchmarks/quality.py as Markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

NAMES = {"pop909": "POP909", "slakh2100_q16": "Slakh", "openscore_lieder": "OpenScore Lieder"}
FIELDS = ("position", "pitch", "length", "note", "kind", "velocity", "sixteenths")
FIGURES = {
    "note_f1": "note", "note_f1_strict": "strict", "onset_f1": "onset", "pc_f1": "pitch class",
    "out_of_key": "out of key", "difference": "note, against harmonic match",
}  # fmt: skip


def render(found: Mapping[str, Any]) -> str:
    """All tables."""
    lines = [
        "# Quality: real music, baselines of infilling, bigram",
        "",
        f"Measured by `python -m benchmarks.quality` on {found['machine']['processor']}, one thread,"
        f" {found['processor_seconds']:.0f} s of processor time; seed {found['seed']}; chords by {found['recogniser']}."
        " Songs: validation and test of benchmarks/splits/; trained on: train."
        " Brackets are 95 % intervals over songs.",
        *_warning(found),
    ]
    for name, archive in found["archives"].items():
        lines += ["", f"## {NAMES[name]}", "", _songs(archive), *_infilling(archive), *_bigram(archive["bigram"])]
        for label, profile in archive["profiles"].items():
            lines += _profile(label.replace(name, NAMES[name]), profile)
    return "\n".join([*lines, ""])


def _warning(found: Mapping[str, Any]) -> list[str]:
    limit = found["songs_limit"]
    return ["", f"**A quick look at {limit} songs of each fold, not a result.**"] if limit else []


def _songs(archive: Mapping[str, Any]) -> str:
    held, train = archive["held_out"], archive["train"]
    return (
        f"{held['songs']} songs held out (list {held['hash']}), {train['songs']} to learn from (list {train['hash']});"
        f" tasks {archive['infilling']['tasks_hash']}."
    )


def _infilling(archive: Mapping[str, Any]) -> list[str]:
    tables, counts = archive["infilling"]["scores"], archive["infilling"]["tasks"]
    lines = [
        "",
        "### Infilling",
        "",
        "F1 of onset and pitch on the exact grid step, mean over tasks. Where all tracks are hidden, kNN has nothing to go by.",
    ]
    methods = list(next(iter(tables.values())))[:-1]
    lines += ["", _line(["hidden", "n", *methods]), _line(["---"] * (len(methods) + 2))]
    for group, rows in tables.items():
        lines.append(
            _line([group, str(counts[group]), *(_interval(rows[method].get("note_f1")) for method in methods)])
        )
    lines += ["", "One bar of one part, all roles, other measures:", ""]
    lines += [_line(["method", *FIGURES.values()]), _line(["---"] * (len(FIGURES) + 1))]
    for method, figures in tables["1 bar"].items():
        lines.append(_line([method, *(_interval(figures.get(name)) for name in FIGURES)]))
    return [*lines, *_longest(archive["infilling"]["longest_match"])]


def _longest(found: Mapping[str, Sequence[int]]) -> list[str]:
    """Over all tasks: the share whose longest match with training songs, touching the fill, has each length."""
    size = max(len(counts) for counts in found.values())
    lines = [
        "",
        "Longest run of bars that touches the fill and stands in training songs, in bars; share of all tasks:",
        "",
    ]
    lines += [_line(["method", *map(str, range(size))]), _line(["---"] * (size + 1))]
    for method, counts in found.items():
        full = [*counts, *[0] * (size - len(counts))]
        lines.append(_line([method, *(f"{count / sum(counts):.3f}" for count in full)]))
    return lines


def _bigram(tables: Mapping[str, Mapping[str, Sequence[float]]]) -> list[str]:
    lines = [
        "",
        "### Bigram",
        "",
        "Nats per hidden note; `note` = position + pitch + length. `kind` pays for where a bar ends.",
    ]
    lines += ["", _line(["hidden", *FIELDS]), _line(["---"] * (len(FIELDS) + 1))]
    for group, row in tables.items():
        lines.append(_line([group, *(_interval(row[field], 2) for field in FIELDS)]))
    return lines


def _profile(label: str, found: Mapping[str, Any]) -> list[str]:
    lines = ["", f"### {label}: {found['songs']} songs as they are, and shuffled", ""]
    lines += [_line(["measure", "real", "sd over songs", "shuffled", "sd"]), _line(["---"] * 5)]
    for name, (centre, sd) in found["real"].items():
        floor = found["shuffled"].get(name)
        shown = ["", ""] if floor is None else [f"{floor[0]:.3f}", f"{floor[1]:.3f}"]
        lines.append(_line([f"`{name}`", f"{centre:.3f}", f"{sd:.3f}", *shown]))
    lines += [
        "",
        f"`profile_distance`: one real song {_interval(found['distance_of_one_song'], 2)}, one shuffled song"
        f" {_interval(found['distance_of_one_shuffled'], 2)}, the mean of shuffled songs {found['distance_of_shuffled']:.2f}.",
    ]
    return lines


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _interval(row: Sequence[float] | None, digits: int = 3) -> str:
    """`0.269 [0.25–0.29]`."""
    if not row:
        return "–"
    mean, low, high = (f"{value:.{digits}f}" for value in row[:3])
    return f"{mean} [{low}–{high}]"
