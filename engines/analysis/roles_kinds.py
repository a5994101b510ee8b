"""From plain roles to fine ones: which chords are a pad, which second line only doubles the tune or fills its gaps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engines.analysis.roles_features import FEATURES, TOGETHER, Strokes, TrackFeatures
from engines.analysis.roles_programs import EFFECTS, PADS
from engines.analysis.score import Score

FINER = {"chords": ("pad", "arp", "stab"), "counter": ("double", "fill", "arp", "pad")}
"""What a plain role may turn out to be."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A finer role and why."""

    role: str
    reason: str


def finer(
    plain: str, track: int, score: Score, features: TrackFeatures, melody: int | None, said: str | None
) -> Kind | None:
    """The finer role of a track with this plain role, or None when it is just that. `said` is what its name speaks for."""
    look = dict(zip(FEATURES, features.table[track].tolist(), strict=True))
    if score.programs[track] in EFFECTS and plain != "bass":
        return Kind("stab", "a sound effect")
    if plain in ("counter", "melody") and melody is not None and melody != track:
        share = doubling(features.strokes, track, melody)
        if share > 0.75:
            return Kind("double", "the melody again, in unison, octaves or parallel")
        if _answers(features, track, melody):
            return Kind("fill", "plays where the melody rests")
    if plain in ("chords", "counter") and _is_broken(look, features.strokes, score, track):
        return Kind("arp", "broken chords in even notes")
    if plain == "chords":
        program = score.programs[track]
        held = look["length"] > (0.5 if said == "pad" or program in PADS else 1.0)
        if held and look["density"] < -0.5:
            return Kind("pad", "long held chords" if look["single"] < 0.6 else "long held notes")
        if look["length"] < -0.8 and look["legato"] < 0.5 and look["coverage"] < 0.25 and look["density"] < 0.2:
            return Kind("stab", "short chords, far apart")
    return None


def doubling(strokes: Strokes, track: int, melody: int) -> float:
    """The share of a track's strokes that fall together with the melody at its unison, octave, or parallel third or sixth."""
    mine, theirs = strokes.track == track, strokes.track == melody
    start, tune = strokes.start[mine], strokes.start[theirs]
    if not len(start) or not len(tune):
        return 0.0
    at = np.clip(np.searchsorted(tune, start - TOGETHER), 0, len(tune) - 1)
    together = np.abs(tune[at] - start) <= TOGETHER
    interval = (strokes.high[mine] - strokes.high[theirs][at])[together] % 12
    if not len(interval):
        return 0.0
    unison = float((interval == 0).sum())
    # Thirds and sixths count together, above or below: a second voice changes between major and minor ones.
    parallel = max(float(np.isin(interval, pair).sum()) for pair in ((3, 4), (8, 9)))
    return max(unison, parallel) / len(start)


def _answers(features: TrackFeatures, track: int, melody: int) -> bool:
    """Whether a track mostly sounds while the melody is silent, and sounds less than the melody does."""
    mine, tune = features.frames.voices[:, track] > 0, features.frames.voices[:, melody] > 0
    if mine.sum() > 0.7 * tune.sum() or not 0.2 < tune.mean() < 0.95:
        return False
    free = float((mine & ~tune).sum()) / max(int(mine.sum()), 1)
    return free > 0.75 and int((features.strokes.track == track).sum()) >= 3


def _is_broken(look: dict[str, float], strokes: Strokes, score: Score, track: int) -> bool:
    """One note at a time, even, quick, by chord-tone leaps, on few pitch classes a bar."""
    if look["single"] < 0.8 or look["density"] < 0.5 or look["steps"] > 0.35 or look["repeats"] > 0.35:
        return False
    if look["variety"] > 0.65:
        return False
    mine = strokes.track == track
    bar = np.searchsorted(score.grid.bars, strokes.start[mine], side="right")
    bars = len(set(bar.tolist()))
    classes = len(set((bar * 12 + strokes.high[mine] % 12).tolist()))
    return len(bar) / bars >= 5 and classes / bars <= 5
