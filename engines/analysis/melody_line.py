"""The best single line through a texture: notes that sing, joined with little leaping, with rests where nothing sings."""

from __future__ import annotations

import numpy as np

from engines.analysis.melody_features import TOGETHER
from engines.analysis.score import Bools, Floats, Notes
from engines.music.time import PPQ

WORTH = 1.0
"""Added to every note's log odds: a note is sung rather than rested on when it is nearly as likely as not."""
FAINTEST = -2.0
"""Notes with lower log odds are not looked at: what they would cost is more than any leap that they could soften."""
STEPS = 3
"""Intervals up to this many semitones cost nothing …"""
LEAP = 0.15
"""… each further semitone this much, less the longer ago the last note started."""
FORGETTING = 2 * PPQ
"""After this time a leap costs a third of what it would at once."""
CUT = 1.0
"""What it costs to cut the whole of a note short by going on."""
MEMORY = 5
"""How many earlier candidates a note may follow; older ones are all alike, and follow as after a rest."""


def best_line(notes: Notes, odds: Floats) -> Bools:
    """Which notes make the line, by dynamic programming over candidates in order of onset."""
    chosen = np.zeros(len(notes), dtype=bool)
    candidates = np.flatnonzero(odds > FAINTEST)
    if not len(candidates):
        return chosen
    kept = notes.where(np.isin(np.arange(len(notes)), candidates))
    costs = _costs(kept).tolist()
    worth = (odds[candidates] + WORTH).tolist()
    latest = np.searchsorted(kept.start, kept.start - TOGETHER, side="left").tolist()
    score: list[float] = []
    came_from: list[int] = []
    rested, rested_from = 0.0, -1  # the best line that ended long ago, at first the empty one
    old = 0
    for i, value in enumerate(worth):
        while old < min(i - MEMORY, latest[i]):
            if score[old] > rested:
                rested, rested_from = score[old], old
            old += 1
        best, best_from = rested, rested_from
        for k in range(1, min(MEMORY, i) + 1):
            reached = score[i - k] - costs[i][k - 1]
            if reached > best:
                best, best_from = reached, i - k
        score.append(best + value)
        came_from.append(best_from)
    at = int(np.argmax(score))
    while at >= 0 and score[at] > 0:
        chosen[candidates[at]] = True
        at = came_from[at]
    return chosen


def _costs(notes: Notes) -> Floats:
    """What it costs to go to each note from each of the MEMORY notes before it; infinite for notes of one stroke."""
    out = np.full((len(notes), MEMORY), np.inf)
    for k in range(1, min(MEMORY, len(notes) - 1) + 1):
        wait = notes.start[k:] - notes.start[:-k]
        leap = np.maximum(np.abs(notes.pitch[k:] - notes.pitch[:-k]) - STEPS, 0) * LEAP * np.exp(-wait / FORGETTING)
        length = np.maximum(notes.end[:-k] - notes.start[:-k], 1)
        cut = np.clip((notes.end[:-k] - notes.start[k:]) / length, 0, 1) * CUT
        out[k:, k - 1] = np.where(wait > TOGETHER, leap + cut, np.inf)
    return out
