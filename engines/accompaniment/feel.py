"""Straight or swung: a donor takes on the feel of the song."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from engines.accompaniment.donors import Stroke
from engines.music.time import PPQ, Meter, Ticks

HALF, SWUNG = PPQ // 2, 2 * PPQ // 3
"""Where the second eighth of a beat stands."""
NEAR = PPQ // 16
FEWEST = 4
"""Second eighths that it takes to tell."""


def is_swung(onsets: Iterable[int], lines: Sequence[int], meters: Sequence[Meter]) -> bool:
    """Whether second eighths mostly come late, in bars whose beat divides in two."""
    late = even = 0
    bar = 0
    for tick in sorted(onsets):
        while bar + 1 < len(meters) and tick >= lines[bar + 1]:
            bar += 1
        if meters[bar].pulse == PPQ and lines[bar] <= tick < lines[bar + 1]:
            place = (tick - lines[bar]) % PPQ
            late += abs(place - SWUNG) <= NEAR
            even += abs(place - HALF) <= NEAR
    return late >= FEWEST and late > 2 * even


def with_feel(strokes: Sequence[Stroke], lines: Sequence[int], meters: Sequence[Meter], *, swung: bool) -> list[Stroke]:
    """The strokes of a phrase with their second eighths where the song has them. Sixteenths and true triplets stay."""
    mine = is_swung((s.tick for s in strokes), lines, meters)
    if mine == swung:
        return list(strokes)
    was, will = (SWUNG, HALF) if mine else (HALF, SWUNG)
    ticks = {s.tick for s in strokes}
    out, bar = list[Stroke](), 0
    for stroke in strokes:
        while bar + 1 < len(meters) and stroke.tick >= lines[bar + 1]:
            bar += 1
        begin = _moved(stroke.tick, lines[bar], meters[bar], was, will, ticks)
        end = _moved(stroke.tick + stroke.length, lines[bar], meters[bar], was, will, ticks)
        out.append(stroke._replace(tick=Ticks(begin), length=Ticks(max(end - begin, 1))))
    return sorted(out, key=lambda s: (s.tick, s.pitch))


def _moved(tick: int, line: int, meter: Meter, was: int, will: int, ticks: set[Ticks]) -> int:
    beat, place = divmod(tick - line, PPQ)
    begin = line + beat * PPQ
    if meter.pulse != PPQ or abs(place - was) > NEAR // 2 or _is_divided(begin, ticks):
        return tick
    return begin + will


def _is_divided(begin: int, ticks: set[Ticks]) -> bool:
    """Whether something else than the two eighths is struck in a beat."""
    return any(begin < tick < begin + PPQ and tick - begin not in (HALF, SWUNG) for tick in ticks)
