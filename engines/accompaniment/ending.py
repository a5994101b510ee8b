"""How it ends: the last chord is struck and held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from engines.accompaniment import hands
from engines.accompaniment.donors import LEFT, RIGHT
from engines.accompaniment.sheet import Sheet
from engines.accompaniment.tones import near
from engines.accompaniment.transfer import Touch


def close(sheet: Sheet, touches: Sequence[Touch]) -> list[Touch]:
    """The accompaniment with its last chord held to the end of the last bar that has music in it."""
    sounding = [chord for chord in sheet.harmony if chord.root >= 0]
    if not touches or not sounding:
        return list(touches)
    end = _end(sheet, touches)
    last = sheet.bar_at(end - 1)
    chord = sheet.chord_at(end - 1)
    if chord.root < 0:
        return list(touches)
    begin = max(chord.tick, sheet.lines[last])
    before = [t for t in touches if t.tick < begin]
    struck = [t for t in touches if t.tick == begin] or _voicing(before, begin, chord.bass, chord.tones)
    if len(struck) < 3:
        struck += [
            t for t in _voicing(before, begin, chord.bass, chord.tones) if t.pitch not in {s.pitch for s in struck}
        ]
    cut = [replace(t, length=min(t.length, begin - t.tick)) for t in before]
    return [*cut, *(replace(t, length=end - begin, late=0) for t in hands.playable(struck))]


def _end(sheet: Sheet, touches: Sequence[Touch]) -> int:
    """Where the bar ends in which the last note begins, of the tune or of the accompaniment."""
    last = max([t.tick for t in touches] + [n.start for n in sheet.tune])
    return int(sheet.lines[sheet.bar_at(last) + 1])


def _voicing(before: Sequence[Touch], tick: int, bass: int, tones: int) -> list[Touch]:
    """A plain chord near to where the hands were."""
    left = [t.pitch for t in before[-24:] if t.hand == LEFT]
    right = [t.pitch for t in before[-24:] if t.hand == RIGHT]
    low = near(bass, min(left) if left else 43)
    centre = sum(right) / len(right) if right else 60.0
    inner = sorted({near(pc, centre) for pc in range(12) if tones >> pc & 1})[:4]
    velocity = before[-1].velocity if before else 0
    touches = [Touch(tick, 1, low, velocity, LEFT, 0, True)]
    return touches + [Touch(tick, 1, p, velocity, RIGHT, 0) for p in inner if p > low]
