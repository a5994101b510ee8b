"""The row of a piece: every measure that needs nothing but the piece, and how far it lies from real music."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from benchmarks.metrics import arrangement, guards, harmony, rhythm, structure
from benchmarks.metrics.columns import mean
from engines.analysis.score import Grid, Notes
from engines.api import Phrase

CAP = 3.0
FEWEST = 12
"""A distance over fewer measures would be easy to please."""


def profile(notes: Notes, grid: Grid, *, melody: int | None = None, chords: harmony.Harmony | None = None,
            phrases: Sequence[Phrase] = ()) -> dict[str, float]:  # fmt: skip
    """All measures of one piece; nan where one does not apply."""
    backing = notes if melody is None else notes.where(notes.track != melody)
    nan = float("nan")
    row = {
        "doa": arrangement.doa(notes, grid, melody),
        "chord_tone_share": nan if chords is None else harmony.chord_tone_share(backing, chords),
        "pc_entropy_1": harmony.pc_entropy(notes, grid, 1),
        "pc_entropy_4": harmony.pc_entropy(notes, grid, 4),
        "scale_consistency": harmony.scale_consistency(notes),
        "groove_consistency": rhythm.groove_consistency(backing, grid),
        "empty_beat_rate": rhythm.empty_beat_rate(notes, grid),
        "empty_bars": rhythm.empty_bars(notes, grid),
        "polyphony": rhythm.polyphony(backing),
        "polyphony_rate": rhythm.polyphony_rate(backing),
        "range": rhythm.pitch_range(notes),
        "range_per_part": mean(
            np.array([high - low for low, high in rhythm.range_per_part(notes).values()], dtype=float)
        ),
        "notes_per_bar": rhythm.notes_per_bar(backing, grid),
        "onsets_per_beat": rhythm.onsets_per_beat(backing, grid),
        "self_copy": guards.self_copy(backing, grid),
        "self_copy_rhythm": guards.self_copy_rhythm(backing, grid),
        "velocity_spread": guards.velocity_spread(notes),
        "velocity_accent": guards.velocity_accent(notes, grid),
        "register_overlap": guards.register_overlap(notes, grid),
        "melody_crossing": nan if melody is None else guards.melody_crossing(notes, melody),
    }
    if phrases:
        row["ils_ratio_onset_pc"] = structure.ils_ratio(backing, grid, phrases).value
        tune = notes if melody is None else notes.of_track(melody)
        found = structure.ils_d_symbolic(tune, grid, phrases, chords)
        row["ils_d_symbolic"], row["ils_d_symbolic_aligned"] = found.all_pairs, found.aligned
        row["repeat_copy"] = guards.repeat_copy(backing, grid, phrases)
        row["velocity_arc"] = guards.velocity_arc(notes, grid, phrases)
    return row


def profile_distance(row: Mapping[str, float], real: Mapping[str, tuple[float, float]]) -> float:
    """Mean over measures of |value - mean of real music| / standard deviation of real music, each 3 at most.

    `real` is (mean, standard deviation) of each measure. Measures that either side lacks, or that real music has without
    spread, are left out; with fewer than 12 left there is no distance: nan. Too good counts like too bad.
    """
    steps = [
        min(abs(row[name] - centre) / spread, CAP)
        for name, (centre, spread) in real.items()
        if spread > 0 and not np.isnan(row.get(name, np.nan)) and not np.isnan(centre)
    ]
    return sum(steps) / len(steps) if len(steps) >= FEWEST else float("nan")


def spread(rows: Sequence[Mapping[str, float]]) -> dict[str, tuple[float, float]]:
    """Mean and sample standard deviation of every measure over pieces; nan values are left out."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    out = {}
    for name in names:
        values = np.array([row[name] for row in rows if not np.isnan(row.get(name, np.nan))])
        if len(values) > 1:
            out[name] = float(values.mean()), float(values.std(ddof=1))
    return out
