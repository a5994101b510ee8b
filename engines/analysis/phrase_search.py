"""The best way to cut a piece into phrases, given how likely each bar line is and how long phrases are."""

from __future__ import annotations

import numpy as np

from engines.analysis.score import Floats, Ints


def cut(evidence: Floats, borders: Ints, lengths: Floats) -> Ints:
    """The bars at which phrases start.

    `evidence` holds a gain for a phrase that starts at each bar line, `lengths` a gain for a phrase of 1, 2, … bars (its
    size is the longest phrase allowed), `borders` the lines that no phrase may cross, the first and the closing one
    included.
    """
    spans = [
        begin + _cut_span(evidence[begin:end], lengths)
        for begin, end in zip(borders[:-1].tolist(), borders[1:].tolist(), strict=True)
    ]
    return np.concatenate(spans) if spans else np.zeros(0, dtype=np.int64)


def _cut_span(evidence: Floats, lengths: Floats) -> Ints:
    """The same for a stretch without inner borders: dynamic programming over where the last phrase started."""
    n, longest = len(evidence), len(lengths)
    best, came_from = np.zeros(n + 1), [0] * (n + 1)
    backwards = lengths[::-1]
    for end in range(1, n + 1):
        first = max(0, end - longest)
        score = best[first:end] + backwards[longest - (end - first) :]
        # Of equal ways the one with the longer last phrase stands.
        choice = int(np.argmax(score))
        came_from[end] = first + choice
        best[end] = score[choice] + (evidence[end] if end < n else 0.0)
    starts = []
    end = n
    while end > 0:
        end = came_from[end]
        starts.append(end)
    return np.array(starts[::-1], dtype=np.int64)
