"""From what is played to how: dynamics that breathe, a pedal that changes with the chords."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from engines.accompaniment.donors import LEFT
from engines.accompaniment.hands import BREATH
from engines.accompaniment.noise import bell
from engines.accompaniment.selection import Choice
from engines.accompaniment.sheet import Sheet
from engines.accompaniment.transfer import Touch
from engines.music.chance import Chance
from engines.music.notes import Control, Note
from engines.music.time import PPQ, Ticks

SOFT, LOUD = 42, 86
"""The mean velocity of the sparsest and of the fullest phrase."""
SPREAD = 11.0
"""How far velocities lie about their mean, as pianists' do."""
ARC = 2.0
"""By how much the middle of a phrase is louder than its ends."""
ACCENT = {"bar": 4.0, "beat": 1.5, "half": -1.5, "off": -4.0}
"""By place in the bar."""
VOICE = {"bass": 3.0, "top": 5.0, "inner": -6.0}
"""By place in the chord."""
TOUCH = 5.0
"""How unevenly fingers strike where the donor has no dynamics of its own."""
PEDAL, DOWN, UP = 64, 127, 0
CHANGE = PPQ // 12
"""The pedal goes down so long after the chord was struck, so that the old one does not ring into it."""
LEGATO = 0.55
"""The share of time that a phrase sounds from which on it is played with pedal."""


@dataclass(frozen=True)
class Played:
    """A phrase's notes and what it was chosen with."""

    choice: Choice
    touches: tuple[Touch, ...]


def notes(sheet: Sheet, phrases: Sequence[Played], chance: Chance, humanise: float = 1.0) -> tuple[Note, ...]:
    """What the pianist plays, in order of time; so much of the donors' lateness is kept."""
    out = [note for phrase in phrases for note in _dynamics(sheet, phrase, chance, humanise)]
    return tuple(sorted(out))


def _dynamics(sheet: Sheet, phrase: Played, chance: Chance, humanise: float) -> Iterator[Note]:
    touches, strain = phrase.touches, phrase.choice.strain
    if not touches:
        return
    begin, end = sheet.lines[strain.bar], sheet.lines[strain.bar + strain.bars]
    level = SOFT + (LOUD - SOFT) * phrase.choice.energy
    shape = _shape(sheet, touches, chance)
    noise = bell(chance.of("touch"), np.array([t.tick * 128 + t.pitch for t in touches], dtype=np.int64))
    for touch, accent, luck in zip(touches, shape, noise.tolist(), strict=True):
        place = (touch.tick - begin) / max(end - begin, 1)
        arc = ARC * (8 * place * (1 - place) - 1)
        velocity = round(level + accent + arc + 2.0 * luck)
        start = _start(sheet, touch, round(touch.late * humanise))
        yield Note(Ticks(start), Ticks(touch.end - start), touch.pitch, min(max(velocity, 18), 118))


def _start(sheet: Sheet, touch: Touch, late: int) -> int:
    """Late as the donor was, and let go in time all the same; early only where the key is free and no silence is broken."""
    if late >= 0:
        return touch.tick + min(late, touch.length - 1)
    early = max(touch.tick + late, touch.tick - BREATH, 0)
    return early if sheet.chord_at(early).root >= 0 else touch.tick


def _shape(sheet: Sheet, touches: Sequence[Touch], chance: Chance) -> list[float]:
    """Louder and softer within a phrase, about nothing: the donor's own where it has dynamics, else by place and voice."""
    if any(t.velocity for t in touches) and len({t.velocity for t in touches}) > 3:
        own = np.array([t.velocity for t in touches], dtype=np.float64)
    else:
        uneven = bell(chance.of("finger"), np.array([t.tick * 128 + t.pitch for t in touches], dtype=np.int64))
        own = np.array([_accent(sheet, touches, i) for i in range(len(touches))]) + TOUCH * uneven
    # Sums without rounding, so that the last bit is the same on every machine.
    own -= math.fsum(own) / len(own)
    wide = math.sqrt(math.fsum(own * own) / len(own))
    return list((own * min(SPREAD / wide, 1.4) if wide > 1e-6 else own).tolist())


def _accent(sheet: Sheet, touches: Sequence[Touch], at: int) -> float:
    touch = touches[at]
    bar = sheet.bar_at(touch.tick)
    place, pulse = touch.tick - sheet.lines[bar], sheet.meters[bar].pulse
    where = "bar" if place == 0 else "beat" if place % pulse == 0 else "half" if place % (pulse / 2) == 0 else "off"
    together = [t.pitch for t in touches[max(0, at - 8) : at + 9] if t.tick == touch.tick]
    voice = "bass" if touch.bass or (touch.hand == LEFT and touch.pitch == min(together)) else "top"
    return ACCENT[where] + VOICE[voice if touch.pitch in (min(together), max(together)) else "inner"]


def pedal(sheet: Sheet, phrases: Sequence[Played]) -> tuple[Control, ...]:
    """Down with every chord, up when the next one comes; not where the playing is short."""
    out: list[Control] = []
    for phrase in phrases:
        if not _legato(phrase.touches):
            continue
        strain = phrase.choice.strain
        begin, end = sheet.lines[strain.bar], sheet.lines[strain.bar + strain.bars]
        for down, up in _spans(sheet, phrase.touches, begin, end):
            out += [Control(Ticks(down), PEDAL, DOWN), Control(Ticks(up), PEDAL, UP)]
    return tuple(out)


def _legato(touches: Sequence[Touch]) -> bool:
    if not touches:
        return False
    span = max(t.end for t in touches) - min(t.tick for t in touches)
    covered, until = 0, 0
    for touch in sorted(touches, key=lambda t: t.tick):
        covered += max(0, touch.end - max(touch.tick, until))
        until = max(until, touch.end)
    return covered / max(span, 1) >= LEGATO


def _spans(sheet: Sheet, touches: Sequence[Touch], begin: int, end: int) -> Iterator[tuple[int, int]]:
    """From each chord or bar that is struck to the next."""
    edges = sorted(
        {begin, *(h.tick for h in sheet.harmony if begin < h.tick < end), *(x for x in sheet.lines if begin < x < end)}
    )
    struck = sorted(t.tick for t in touches)
    for at, edge in enumerate(edges):
        stop = edges[at + 1] if at + 1 < len(edges) else end
        inside = [tick for tick in struck if edge <= tick < stop]
        if inside and sheet.chord_at(edge).root >= 0 and stop - inside[0] > 2 * CHANGE:
            yield inside[0] + CHANGE, stop
