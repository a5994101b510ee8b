"""The tables of benchmarks/arrange.py as Markdown, and the targets that they are read against."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.arranging.real import Real
from benchmarks.quality_tables import NAMES

Figures = Mapping[str, Mapping[str, Mapping[str, Sequence[float]]]]
"""Group → arranger → measure → [mean, low, high, songs]."""
TITLES = {
    "all": "all songs", "openewld": "OpenEWLD", "nottingham": "Nottingham", **NAMES,
    "four": "bars of four quarters", "three": "bars of three quarters",
}  # fmt: skip
MEASURES = {
    "chord_acc": "chords kept: root + quality",
    "chord_acc_root": "root alone",
    "chord_acc_quality": "quality alone (as published)",
    "chord_tone_share": "chord-tone share",
    "ils_ratio": "ILS ratio",
    "ils_relative": "ILS, relative to people",
    "ils_ratio_onset_pc": "ILS ratio by onset × pitch class",
    "ils_ratio_own_phrases": "ILS ratio by the arranger's own phrases",
    "ils_d_symbolic_aligned": "ILS d symbolic, aligned, 10 at most",
    "aligned_same": "aligned similarity, same letter",
    "aligned_different": "aligned similarity, other letters",
    "self_copy": "bars equal to the one before",
    "self_copy_rhythm": "the same, rhythm alone",
    "repeat_copy": "bars equal to the last phrase of that letter",
    "velocity_spread": "velocity: standard deviation",
    "velocity_accent": "velocity: correlation with accents",
    "velocity_arc": "velocity: correlation with the phrase's arc",
    "notes_per_bar": "notes a bar",
    "onsets_per_beat": "onsets a beat",
    "groove_consistency": "groove consistency",
    "above_melody": "beats above the melody",
    "melody_crossing": "onsets above the melody",
    "melody_clashes": "held melody notes it rubs against",
    "lowest": "lowest pitch",
    "highest": "highest pitch",
    "range": "range, semitones",
    "polyphony": "polyphony",
    "empty_bars": "empty bars",
    "low_thirds": "close thirds below C3",
    "beyond_hands": "moments beyond two hands",
    "longest_match": "longest verbatim run, bars",
    "longest_match_anywhere": "the same, the worst song",
    "notes_beyond_end": "notes past the end",
    "profile_distance": "profile distance to real music",
}
"""The whole row, in order."""


@dataclass(frozen=True)
class Target:
    """A measure and where it should lie."""

    name: str
    measure: str
    low: float = float("-inf")
    high: float = float("inf")
    group: str = "all"

    def met(self, value: float) -> bool:
        """Whether a mean lies there."""
        return self.low <= value <= self.high

    @property
    def bounds(self) -> str:
        """As the table says it."""
        if self.low == float("-inf"):
            return f"≤ {self.high:.3g}"
        return f"≥ {self.low:.3g}" if self.high == float("inf") else f"{self.low:.3g} to {self.high:.3g}"


TARGETS = (
    Target("root + quality", "chord_acc", low=0.70),
    Target("chord-tone share", "chord_tone_share", 0.88, 0.96),
    Target("ILS ratio", "ils_ratio", low=1.5),
    Target("ILS, relative to people", "ils_relative", low=0.53),
    Target("bars equal to the one before", "self_copy", high=0.10),
    Target("velocity spread", "velocity_spread", low=8),
    Target("beats above the melody", "above_melody", high=0.05),
    Target("longest verbatim run, bars", "longest_match_anywhere", high=4),
)


def targets(real: Real) -> tuple[Target, ...]:
    """The fixed ones, and the quartiles of real music."""
    names = {"notes_per_bar": "notes a bar", "groove_consistency": "groove consistency"}
    found = tuple(
        Target(f"{name}, {TITLES[kind]}", measure, *real.quartiles(kind, measure), kind)
        for measure, name in names.items()
        for kind in real.kinds
    )
    return (*TARGETS, *found)


def judged(figures: Figures, real: Real) -> dict[str, dict[str, Any]]:
    """Target → its bounds, and arranger → [value, whether it is met]."""
    out: dict[str, dict[str, Any]] = {}
    for target in targets(real):
        rows = figures.get(target.group, {})
        values = {name: row[target.measure][0] for name, row in rows.items() if target.measure in row}
        met = {name: [value, target.met(value)] for name, value in values.items()}
        out[target.name] = {"bounds": target.bounds, "arrangers": met}
    return out


def render(found: Mapping[str, Any], real: Real) -> str:
    """All tables."""
    counts = ", ".join(f"{n} of {TITLES[archive]}" for archive, n in found["songs"].items())
    lines = [
        "# Arranging lead sheets for piano",
        "",
        f"Measured by `python -m benchmarks.arrange` on {found['machine']['processor']}, {found['seconds']:.0f} s;"
        f" songs: {counts} (list {found['hash']}); {found['seeds']} seeds where lots are drawn; chords by"
        f" {found['recogniser']}; ILS by {found['encoder']}. Brackets are 95 % intervals over songs. Verbatim runs are looked"
        " for in the training songs of POP909, or where an arranger's donors are from. *Real* is POP909's piano and bridge as"
        " one part; *real music*: median and quartiles of the training songs of POP909 in bars of four quarters, where bars"
        " have three of OpenScore Lieder.",
        *_warning(found),
        "",
        "## Targets",
        "",
        *_targets(found["targets"]),
        "",
        "A mean over all songs that lies inside counts as met; it is one row of many, and no verdict.",
        *_failures(found),
        *_timing(found["timing"]),
    ]
    for group, rows in found["figures"].items():
        lines += ["", f"## The whole row: {TITLES.get(group, group)}", "", *_whole(rows, real, group)]
    return "\n".join([*lines, ""])


def _warning(found: Mapping[str, Any]) -> list[str]:
    limit = found["songs_limit"]
    return ["", f"**A quick look at {limit} songs of each archive, not a result.**"] if limit else []


def _targets(found: Mapping[str, Mapping[str, Any]]) -> list[str]:
    names = list(dict.fromkeys(name for one in found.values() for name in one["arrangers"]))
    lines = [_line(["target", "asked", *names]), _line(["---"] * (len(names) + 2))]
    for target, one in found.items():
        cells = [_verdict(one["arrangers"].get(name)) for name in names]
        lines.append(_line([target, one["bounds"], *cells]))
    return lines


def _verdict(found: Sequence[Any] | None) -> str:
    return "–" if found is None else f"{found[0]:.3g} {'met' if found[1] else 'missed'}"


def _failures(found: Mapping[str, Any]) -> list[str]:
    lines = [f"- {name}: not measured. {problem}" for name, problem in found["not_measured"].items()]
    lines += [f"- {one['arranger']}: {one['song']}, seed {one['seed']}: {one['problem']}" for one in found["failed"]]
    counted = f"Arrangements that failed: {len(found['failed'])}."
    return ["", counted, *([""] if lines else []), *lines]


def _timing(found: Mapping[str, Mapping[str, float]]) -> list[str]:
    head = ["milliseconds for 32 bars", "p50", "p95", "p99", "arrangements"]
    lines = ["", _line(head), _line(["---"] * len(head))]
    for name, row in found.items():
        lines.append(_line([name, *(f"{row[key]:.1f}" for key in ("p50", "p95", "p99")), f"{row['n']:.0f}"]))
    return lines


def _whole(rows: Mapping[str, Mapping[str, Sequence[float]]], real: Real, group: str) -> list[str]:
    kind = "three" if group == "three" else "four"
    lines = [_line(["measure", *rows, "real music"]), _line(["---"] * (len(rows) + 2))]
    songs = [str(max((int(cell[3]) for cell in row.values()), default=0)) for row in rows.values()]
    lines.append(_line(["songs", *songs, ""]))
    for measure, name in MEASURES.items():
        if any(measure in row for row in rows.values()):
            cells = [_interval(row.get(measure)) for row in rows.values()]
            lines.append(_line([name, *cells, _spread(real.kinds[kind].get(measure))]))
    return lines


def _spread(found: Sequence[float] | None) -> str:
    return "" if found is None else f"{_plain(found[3])} [{_plain(found[2])}–{_plain(found[4])}]"


def _interval(found: Sequence[float] | None) -> str:
    if found is None:
        return "–"
    mean, low, high = (_plain(value) for value in found[:3])
    return mean if low == high == mean else f"{mean} [{low}–{high}]"


def _plain(value: float) -> str:
    """Three places below ten, one from there on."""
    return f"{value:.3f}" if abs(value) < 10 else f"{value:.1f}"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
