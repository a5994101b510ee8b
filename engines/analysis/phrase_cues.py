"""What can be heard right at a bar line: breaths in the melody, changes beneath it, and where in the piece it lies."""

from __future__ import annotations

import numpy as np

from engines.analysis.phrase_bars import Bars, Voice
from engines.analysis.phrase_material import Material, time_within
from engines.analysis.score import Floats, Ints

_LONG = 4.0
"""A silence of more bars than this is simply long."""
_FAR = 40
"""Bars from the start or the end beyond which the distance says nothing more."""
_AROUND = ((-0.8, -0.3), (-0.3, -0.03), (-0.03, 0.1), (0.1, 0.55), (0.55, 1.0))
"""Stretches around a bar line, in bars: an early and a late upbeat, the downbeat, the bar's first half, its second."""


def shifted(values: Floats, by: int, fill: float = 0.0) -> Floats:
    """The value at bar b + by."""
    n = len(values)
    if abs(by) >= n:
        return np.full(n, fill)
    if by > 0:
        return np.append(values[by:], np.full(by, fill))
    return np.append(np.full(-by, fill), values[: n + by])


def mean_over(values: Floats, low: int, high: int) -> Floats:
    """The mean of bars b + low up to b + high, of those that exist."""
    n = len(values)
    sums: Floats = np.concatenate([[0.0], np.cumsum(values)])
    i, j = np.clip(np.arange(n) + low, 0, n), np.clip(np.arange(n) + high, 0, n)
    return np.asarray((sums[j] - sums[i]) / np.maximum(j - i, 1))


def across_line(values: Floats, bars: int) -> Floats:
    """How much the mean rises from the bars before a line to those after it."""
    return mean_over(values, 0, bars) - mean_over(values, -bars, 0)


def line_cues(bars: Bars, material: Material) -> dict[str, Floats]:
    """All cues that need no comparison with distant bars."""
    return {
        **_breath_cues(bars),
        **_melody_cues(bars, material),
        **_backing_cues(bars),
        **_harmony_cues(bars, material),
        **_place_cues(bars, material),
    }


def _gaps(bars: Bars) -> tuple[Floats, Floats]:
    """For each melody note, in bars: the time since the note before began, and the silence before it."""
    notes, length = bars.melody.notes, bars.length[bars.melody.bar]
    if len(notes) == 0:
        return np.zeros(0), np.zeros(0)
    far = notes.start[:1] - int(_LONG * bars.length.max())
    since = np.diff(notes.start, prepend=far) / length
    silence = (notes.start - np.append(far, np.maximum.accumulate(notes.end)[:-1])) / length
    return np.minimum(since, _LONG), np.clip(silence, 0, _LONG)


def _breath_cues(bars: Bars) -> dict[str, Floats]:
    since, silence = _gaps(bars)
    cues: dict[str, Floats] = {}
    for i, (low, high) in enumerate(_AROUND):
        line, note = _near(bars.melody, bars.n, low, high)
        gap, rest = np.zeros(bars.n), np.zeros(bars.n)
        np.maximum.at(gap, line, since[note])
        np.maximum.at(rest, line, silence[note])
        cues[f"gap{i}"], cues[f"rest{i}"] = gap, rest
    breath, upbeat, held = breaths(bars)
    cues["breath"], cues["breath.at"], cues["breath.held"] = breath, upbeat, held
    for by in (-2, -1, 1, 2):
        cues[f"breath{by:+d}"] = shifted(breath, by)
    near = np.max([shifted(breath, by) for by in (-2, -1, 1, 2)], axis=0)
    cues["breath.over2"] = breath - near
    cues["breath.over4"] = breath - np.max([near, *(shifted(breath, by) for by in (-4, -3, 3, 4))], axis=0)
    return cues


def _near(voice: Voice, n: int, low: float, high: float) -> tuple[Ints, Ints]:
    """Pairs of a bar line and a note that starts between `low` and `high` bars after it."""
    lines, notes = [], []
    for over in (0, 1):
        from_line = voice.place - over
        line = voice.bar + over
        chosen = np.flatnonzero((from_line >= low) & (from_line < high) & (line < n))
        lines.append(line[chosen])
        notes.append(chosen)
    return np.concatenate(lines), np.concatenate(notes)


def breaths(bars: Bars) -> tuple[Floats, Floats, Floats]:
    """For each line, of the note near it that follows the longest gap: that gap, where the note starts relative to the
    line, and how long the note before it was held; all in bars.
    """
    since, _ = _gaps(bars)
    voice = bars.melody
    gap, at, held = np.zeros(bars.n), np.full(bars.n, -1.0), np.zeros(bars.n)
    line, note = _near(voice, bars.n, -0.8, 0.8)
    from_line = voice.place[note] - (line - voice.bar[note])
    # Of equal gaps the one nearest to the line wins: sorted so, the last assignment stands.
    order = np.lexsort((-np.abs(from_line), since[note], line))
    last = np.append(line[order][1:] != line[order][:-1], np.ones(min(1, len(line)), dtype=np.bool_))
    best = order[last]
    gap[line[best]], at[line[best]] = since[note[best]], from_line[best]
    duration = np.append(0, (voice.notes.end - voice.notes.start)[:-1])[: len(voice.bar)]
    held[line[best]] = np.minimum(duration[note[best]] / bars.length[line[best]], 2)
    return gap, at, held


def _melody_cues(bars: Bars, material: Material) -> dict[str, Floats]:
    voice, n = bars.melody, bars.n
    onsets = np.bincount(voice.bar, minlength=n).astype(np.float64)
    late = np.bincount(voice.bar[voice.place >= 0.5], minlength=n).astype(np.float64)
    notes = voice.notes
    until = np.minimum(notes.end, np.append(notes.start[1:], notes.end[-1:]))
    sounding = time_within(notes.start, until, bars.lines) / bars.length
    sung = material.sung.astype(np.float64)
    pitch: Floats = np.bincount(voice.bar, weights=notes.pitch, minlength=n).astype(np.float64)
    heard = np.minimum(mean_over(onsets, 0, 4), mean_over(onsets, -4, 0)) > 0
    register = [mean_over(pitch, *w) / np.maximum(mean_over(onsets, *w), 1e-9) for w in ((0, 4), (-4, 0))]
    cues = {f"onsets{by:+d}": shifted(onsets, by) for by in (-2, -1, 0, 1)}
    cues |= {
        "onsets.late": shifted(late, -1),
        "onsets.early": onsets - late,
        "sounding-1": shifted(sounding, -1),
        "sounding+0": sounding,
        "sung2": across_line(sung, 2),
        "sung4": across_line(sung, 4),
        "sung.after": mean_over(sung, 0, 4),
        "sung.before": mean_over(sung, -4, 0),
        "onsets.rise": across_line(onsets, 4),
        "register.rise": np.where(heard, register[0] - register[1], 0),
        "told": np.full(n, float(bars.told)),
    }
    return cues


def _backing_cues(bars: Bars) -> dict[str, Floats]:
    voice, n = bars.backing, bars.n
    onsets = np.bincount(voice.bar, minlength=n).astype(np.float64)
    some = np.maximum(onsets, 1)
    low = np.full(n, 127.0)
    np.minimum.at(low, voice.bar, voice.notes.pitch.astype(np.float64))
    mean = np.bincount(voice.bar, weights=voice.notes.pitch, minlength=n) / some
    level = {
        "backing.onsets": onsets / max(float(onsets.mean()), 1e-9),
        "backing.velocity": np.bincount(voice.bar, weights=voice.notes.velocity, minlength=n) / some / 10,
        "backing.pitch": _in_register(mean, onsets) / 6,
        "backing.low": _in_register(low, onsets) / 6,
    }
    cues: dict[str, Floats] = {"backing.change": np.zeros(n)}
    for name, values in level.items():
        for w in (1, 2, 4):
            cues[f"{name}{w}"] = across_line(values, w)
        cues["backing.change"] = cues["backing.change"] + np.abs(cues[f"{name}4"])
        cues[f"{name}.fill"] = shifted(values, -1) - mean_over(values, -4, -1)
    cues["backing.last"] = shifted(level["backing.onsets"], -1)
    return cues


def _in_register(pitch: Floats, onsets: Floats) -> Floats:
    """Pitches counted from the piece's own middle, which also stands for bars without notes."""
    heard = pitch[onsets > 0]
    middle = float(np.rint(np.median(heard))) if len(heard) else 0.0
    return np.where(onsets > 0, pitch - middle, 0.0)


def _harmony_cues(bars: Bars, material: Material) -> dict[str, Floats]:
    quarters = material.harmony.reshape(-1, 12)
    size = np.sqrt(np.maximum(np.einsum("ij,ij->i", quarters, quarters), 1))
    same = np.einsum("ij,ij->i", quarters[1:], quarters[:-1]) / (size[1:] * size[:-1])
    change = 1 - np.append(1.0, same).reshape(bars.n, -1).astype(np.float64)
    within = change[:, 1:].sum(axis=1)
    down, middle = _bass(bars, 0.0), _bass(bars, 0.5)
    before = shifted(np.where(middle >= 0, middle, down), -1, -1.0)
    return {
        "harmony.line": change[:, 0],
        "harmony.within": within,
        "harmony.last": shifted(within, -1),
        "harmony.bass": np.where((down >= 0) & (before >= 0), (down - before) % 12, -1),
    }


def _bass(bars: Bars, place: float) -> Floats:
    """The lowest pitch that starts in the quarter bar from `place` on; -1 where none does."""
    lowest = np.full(bars.n, 128.0)
    for voice in (bars.melody, bars.backing):
        here = (voice.place >= place) & (voice.place < place + 0.26)
        np.minimum.at(lowest, voice.bar[here], voice.notes.pitch[here].astype(np.float64))
    return np.where(lowest < 128, lowest, -1)


def _place_cues(bars: Bars, material: Material) -> dict[str, Floats]:
    bar = np.arange(bars.n)
    heard = np.flatnonzero(material.sung | material.played)
    sung = np.flatnonzero(material.sung)
    start, end = (int(heard[0]), int(heard[-1])) if len(heard) else (0, bars.n - 1)
    enter, leave = (int(sung[0]), int(sung[-1])) if len(sung) else (start, end)
    if len(bars.melody.place) and bars.melody.place[0] >= 0.6:
        enter = int(bars.melody.bar[0]) + 1  # a pickup belongs to the phrase that follows
    cues = {
        "from.start": np.minimum(bar - start, _FAR),
        "to.end": np.minimum(end - bar, _FAR),
        "from.melody": np.clip(bar - enter, -_FAR // 2, _FAR),
        "to.melody": np.clip(leave - bar, -_FAR // 2, _FAR),
        "count2": (bar - enter) % 2,
        "count4": (bar - enter) % 4,
        "count8": (bar - enter) % 8,
    }
    return {name: values.astype(np.float64) for name, values in cues.items()}
