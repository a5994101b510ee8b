"""What stands over and under the notes of a row: sections, tempo, meter and key, chord symbols, bar numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from bridge.files.picture.layout import Row
from bridge.files.picture.svg import (
    FAINT_INK,
    INK,
    PLAIN_SECTION,
    SECTION_COLOURS,
    SOFT_INK,
    box,
    colour_or,
    fitted,
    number,
    safe,
    width_of,
    words,
)
from engines.music.harmony import Chord, ChordTrack, KeyTrack
from engines.music.song import Section
from engines.music.time import MeterMap, TempoMap

Across = Callable[[int], float]
"""Where a tick stands in its row, in pixels from the left."""

CHORD_SIZE, QUALITY_SIZE = 14.0, 10.5
SMALLEST_SCALE = 0.66
BAND_HEIGHT = 19.0


def section_colours(sections: Sequence[Section]) -> list[str]:
    """A tint for each section; those that share material share it."""
    letters: dict[str, str] = {}
    out = []
    for section in sections:
        name = section.label or _family(section.name)
        if name not in letters:
            letters[name] = SECTION_COLOURS[len(letters)] if len(letters) < len(SECTION_COLOURS) else PLAIN_SECTION
        out.append(colour_or(section.colour, letters[name]))
    return out


def _family(name: str) -> str:
    """`Verse 2` and `Verse 1` are verses."""
    return (name.rstrip("0123456789 ") or name).casefold()


def section_bands(row: Row, across: Across, top: float, sections: Sequence[Section], tints: Sequence[str]) -> list[str]:
    """A named band over each section's bars; one that began in an earlier row says so."""
    out = []
    for section, tint in zip(sections, tints, strict=True):
        start, end = max(section.start, row.start), min(section.end, row.end)
        if start >= end:
            continue
        left, right = across(start), across(end)
        out.append(box(left + 1, top, right - left - 2, BAND_HEIGHT - 3, tint, radius=4))
        name = section.name if section.start >= row.start else f"… {section.name}"
        out.append(words(left + 8, top + 12, fitted(name, 11.5, right - left - 14), 11.5, weight=600))
    return out


def changes_in(row: Row, meter: MeterMap, tempo: TempoMap, keys: KeyTrack | None) -> list[tuple[int, str]]:
    """Where the row's tempo, meter and key change, and to what; all of them where the piece begins."""
    found: dict[int, list[str]] = {}
    for one in meter.changes:
        found.setdefault(int(one.tick), []).append(str(one.meter))
    for change in keys.changes if keys else ():
        found.setdefault(int(change.tick), []).append(with_accidentals(str(change.key)))
    inside = {tick: texts for tick, texts in found.items() if row.start <= tick < row.end}
    for tick, text in _tempi(row, tempo):
        inside.setdefault(tick, []).append(text)
    return [(tick, " · ".join(texts)) for tick, texts in sorted(inside.items())]


_A_RUN = 4 * 960
"""Tempo changes closer than this are one gesture."""


def _tempi(row: Row, tempo: TempoMap) -> list[tuple[int, str]]:
    """Tempo marks of a row. A run of small steps, or a glide, is one mark: from where to where."""
    inside = [change for change in tempo.changes if row.start <= change.tick < row.end]
    runs: list[list[int]] = []
    for i, change in enumerate(inside):
        near = i > 0 and change.tick - inside[i - 1].tick <= _A_RUN
        if near and _continues([float(inside[k].qpm) for k in runs[-1]], float(change.qpm)):
            runs[-1].append(i)
        else:
            runs.append([i])
    out = []
    for run in runs:
        first, last = inside[run[0]], inside[run[-1]]
        begin, goal = float(first.qpm), float(last.qpm)
        if last.linear:
            goal = next((float(change.qpm) for change in tempo.changes if change.tick > last.tick), goal)
        elif len(run) > 2 and first.tick > 0 and _continues([tempo.qpm_at(first.tick - 1)], begin):
            begin = tempo.qpm_at(first.tick - 1)  # small steps are a glide that began where the tempo stood
        same = round(begin) == round(goal)
        out.append((int(first.tick), f"♩ = {begin:.0f}" + ("" if same else f" → {goal:.0f}")))
    return out


def _continues(run: Sequence[float], qpm: float) -> bool:
    """Whether a tempo goes on in the direction of a run, in a small step."""
    if abs(qpm - run[-1]) > 0.25 * run[-1]:
        return False
    return len(run) < 2 or (qpm - run[-1]) * (run[-1] - run[-2]) >= 0


def change_marks(marks: Sequence[tuple[int, str]], across: Across, top: float, right: float) -> list[str]:
    """The marks as words, each moved right where the one before needs the room."""
    out, free = [], 0.0
    for tick, text in marks:
        x = max(across(tick) + 2, free)
        shown = fitted(text, 10.5, right - x)
        out.append(words(x, top + 10, shown, 10.5, fill=SOFT_INK))
        free = x + width_of(shown, 10.5) + 10
    return out


def chord_symbols(row: Row, across: Across, top: float, chords: ChordTrack) -> list[str]:
    """The symbols over their places: smaller where they stand close, a dot where not even that fits."""
    last = max(row.end, chords.end or 0)
    spans = [span for span in chords.spans(last) if row.start < span.end and span.start < row.end]
    out = []
    for i, (begin, _, chord) in enumerate(spans):
        goes_on = begin < row.start
        left = across(max(begin, row.start)) + 2
        room = (across(spans[i + 1].start) if i + 1 < len(spans) else across(row.end) + 8) - left - 3
        root, quality, bass = _spelled(chord)
        needed = 1.06 * (width_of(root + bass, CHORD_SIZE) + width_of(quality, QUALITY_SIZE))  # bold words are wider
        scale = min(1.0, room / needed)
        if scale >= SMALLEST_SCALE:
            ink = FAINT_INK if chord.is_none or goes_on else INK
            small = f'<tspan font-size="{number(QUALITY_SIZE * scale)}">{safe(quality)}</tspan>' if quality else ""
            look = f'font-size="{number(CHORD_SIZE * scale)}" fill="{ink}" font-weight="600"'
            out.append(f'<text x="{number(left)}" y="{number(top + 14)}" {look}>{safe(root)}{small}{safe(bass)}</text>')
        else:
            out.append(f'<circle cx="{number(left + 1)}" cy="{number(top + 9)}" r="1.4" fill="{SOFT_INK}"/>')
    return out


def _spelled(chord: Chord) -> tuple[str, str, str]:
    """Root, quality and bass as they are written by hand."""
    if chord.is_none:
        return "N.C.", "", ""
    bass = f"/{with_accidentals(str(chord.bass))}" if chord.bass else ""
    return with_accidentals(str(chord.root)), _FLAT_DEGREE.sub("♭", chord.quality.replace("#", "♯")), bass


_FLAT_DEGREE = re.compile(r"b(?=\d)")


def with_accidentals(name: str) -> str:
    """`Bb` as B♭, `F# minor` as F♯ minor."""
    return name[:1] + name[1:3].replace("b", "♭").replace("#", "♯") + name[3:]


def bar_numbers(row: Row, across: Across, base: float, meter: MeterMap) -> list[str]:
    """Numbers under the bar lines, as many as there is room for."""
    starts = [across(meter.bar_start(bar)) for bar in range(row.first, row.last + 2)]
    narrowest = sorted(b - a for a, b in pairwise(starts))[len(starts) // 4]
    need = width_of(str(row.last), 10) + 6
    every = next((n for n in (1, 2, 4, 8, 16) if narrowest * n >= need), 32)
    shown = [bar for bar in range(row.first, row.last + 1) if bar == row.first or (bar - 1) % every == 0]
    out, free = [], 0.0
    for bar in shown:
        x = starts[bar - row.first] + 2
        if x >= free:
            out.append(words(x, base, str(bar), 10, fill=FAINT_INK))
            free = x + need
    return out
