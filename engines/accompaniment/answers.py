"""Where the tune rests, the right hand answers: a broken chord from where it was, if it does not play there already."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from engines.accompaniment.donors import RIGHT
from engines.accompaniment.feel import SWUNG
from engines.accompaniment.sheet import Sheet
from engines.accompaniment.transfer import Touch
from engines.music.chance import Chance
from engines.music.time import PPQ

SHORTEST, LONGEST = 3 * PPQ // 2, 6 * PPQ
"""A rest of the tune that is answered: shorter ones are breath, longer ones interludes, which the donor fills."""
SILENT, SETTLED = PPQ // 2, 2 * PPQ
"""How long a rest is left to itself, and a long note of the tune before it counts as one."""
ENOUGH = 0.5
"""Where so many of the places are played already nothing is added."""
FEWEST = 2
"""Notes of an answer."""
LOW, HIGH = 57, 81
"""Where answers lie."""
SOFTER = 6
"""Steps of velocity below what the hand played before."""


@dataclass(frozen=True)
class Rest:
    """Where the tune says nothing new."""

    begin: int
    end: int


def answer(sheet: Sheet, touches: Sequence[Touch], density: float, chance: Chance) -> list[Touch]:
    """The accompaniment with answers in it; more of them, the fuller it is meant to be."""
    out = sorted(touches, key=lambda t: (t.tick, t.pitch))
    for rest in rests(sheet):
        luck = chance.of(rest.begin).random()
        if luck.random() < density:
            out = _answered(sheet, out, rest, upwards=luck.random() < 0.5)
    return out


def rests(sheet: Sheet) -> Iterator[Rest]:
    """Between the first note of the tune and the last."""
    notes = sorted(sheet.tune, key=lambda n: n.start)
    usual = sorted(n.length for n in notes)[len(notes) // 2] if notes else 0
    until = 0
    for i, note in enumerate(notes):
        until = max(until, note.end)
        if i + 1 == len(notes):
            return
        after = notes[i + 1].start
        long = note.length >= max(2 * SETTLED, 2 * usual)
        begin = min(until + SILENT, note.start + SETTLED) if long else until + SILENT
        if SHORTEST <= after - begin + SILENT <= LONGEST:
            yield Rest(begin, after)


def _answered(sheet: Sheet, touches: list[Touch], rest: Rest, *, upwards: bool) -> list[Touch]:
    ticks = [t.tick for t in touches]
    here = slice(bisect_left(ticks, rest.begin), bisect_left(ticks, rest.end))
    played = {t.tick for t in touches[here] if t.hand == RIGHT}
    places = [tick for tick in _places(sheet, rest) if sheet.chord_at(tick).root >= 0]
    free = [tick for tick in places if not any(abs(tick - other) < PPQ // 4 for other in played)]
    before = [t for t in touches[: here.start] if t.hand == RIGHT][-4:]
    if len(free) < FEWEST or len(free) < (1 - ENOUGH) * len(places) or not before:
        return touches
    line = list(_line(sheet, free, before, rest.end, upwards=upwards))
    first = line[0].tick
    # The hand lets go of what it holds where it begins to move.
    kept = [replace(t, length=first - t.tick) if t.hand == RIGHT and t.tick < first < t.end else t for t in touches]
    return sorted([*kept, *line], key=lambda t: (t.tick, t.pitch))


def _places(sheet: Sheet, rest: Rest) -> Iterator[int]:
    """Half beats, or thirds where beats divide in three; late where the song swings."""
    for bar in range(sheet.bar_at(rest.begin), sheet.bar_at(rest.end - 1) + 1):
        meter, line = sheet.meters[bar], sheet.lines[bar]
        parts = 3 if meter.pulse % (3 * PPQ // 2) == 0 else 2
        for beat in range(line, sheet.lines[bar + 1], meter.pulse):
            for part in range(parts):
                late = SWUNG if sheet.swings and meter.pulse == PPQ and part else meter.pulse * part // parts
                if rest.begin <= beat + late < rest.end - PPQ // 4:
                    yield beat + late


def _line(sheet: Sheet, places: Sequence[int], before: Sequence[Touch], end: int, *, upwards: bool) -> Iterator[Touch]:
    """Tones of the chords, one after the other, turning where the hand has gone far enough."""
    pitch = min(max(sum(t.pitch for t in before) // len(before), LOW), HIGH)
    velocity = max((max(t.velocity for t in before) - SOFTER), 0)
    for tick, after in zip(places, [*places[1:], end], strict=True):
        tones = sheet.chord_at(tick).tones
        found = _next(pitch, tones, upwards=upwards)
        if not LOW <= found <= HIGH:
            upwards = not upwards
            found = _next(pitch, tones, upwards=upwards)
        pitch = found
        yield Touch(tick, min(after - tick, PPQ), pitch, velocity, RIGHT, 0)


def _next(pitch: int, tones: int, *, upwards: bool) -> int:
    """The next tone of a chord above or below."""
    step = 1 if upwards else -1
    return next(p for p in range(pitch + step, pitch + 13 * step, step) if tones >> p % 12 & 1)
