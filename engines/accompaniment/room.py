"""Making room for the tune: under it, out of its way, busy where it rests."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace

from engines.accompaniment.donors import RIGHT
from engines.accompaniment.sheet import Sheet
from engines.accompaniment.transfer import Touch
from engines.music.chance import Chance
from engines.music.notes import Note
from engines.music.time import PPQ

FLOOR = 52
"""The right hand does not go lower to stay under a tune."""
LOW = 60
"""A tune below this, as of a cello or a deep voice, has the right hand above it."""
HELD = PPQ
"""A tune's note of this length is held."""
LONG = 2 * PPQ
"""While a note of this length lies, the accompaniment answers."""
BUSY = 2.5
"""Notes a quarter from which a tune moves so much that the accompaniment steps back."""
SHORTEST = PPQ // 4
"""A note is not cut shorter than this to make room."""
THINNED = 0.5
"""How much of what is off the beat is left out at most."""


class Tune:
    """The tune, to be asked what it does at a moment."""

    def __init__(self, notes: Sequence[Note]) -> None:
        self._notes = sorted(notes, key=lambda n: n.start)
        self._starts = [n.start for n in self._notes]
        self._longest = max((n.length for n in self._notes), default=0)

    def during(self, begin: int, end: int) -> list[Note]:
        """What sounds between two moments."""
        first = bisect_left(self._starts, begin - self._longest)
        return [n for n in self._notes[first : bisect_left(self._starts, end)] if n.end > begin]

    def strokes(self, begin: int, end: int) -> int:
        """How many notes begin between two moments."""
        return bisect_left(self._starts, end) - bisect_left(self._starts, begin)

    def sounds_at(self, tick: int) -> bool:
        """Whether a note sounds."""
        return bool(self.during(tick, tick + 1)) if bisect_right(self._starts, tick) else False


def make_room(sheet: Sheet, touches: Sequence[Touch], chance: Chance) -> list[Touch]:
    """The same accompaniment with the tune left free."""
    tune = Tune(sheet.tune)
    out = []
    for at, touch in enumerate(touches):
        if touch.hand != RIGHT:
            found: Touch | None = _clear_of(touch, tune, sheet)
        elif _steps_back(touch, at, tune, sheet, chance):
            found = None
        else:
            found = _under(touch, tune)
            found = found and _clear_of(found, tune, sheet)
            found = found and _yielding(found, tune)
        if found is not None:
            out.append(found)
    return _once(out)


def _steps_back(touch: Touch, at: int, tune: Tune, sheet: Sheet, chance: Chance) -> bool:
    """Whether a stroke off the beat is left out, because the tune is busy there."""
    pulse = sheet.meters[sheet.bar_at(touch.tick)].pulse
    line = sheet.lines[sheet.bar_at(touch.tick)]
    if (touch.tick - line) % pulse == 0:
        return False
    pace = tune.strokes(touch.tick - PPQ, touch.tick + PPQ) / 2
    share = min(max((pace - BUSY + 1) / 2, 0.0), 1.0) * THINNED
    return share > 0 and chance.of("thin", touch.tick).random().random() < share


def _under(touch: Touch, tune: Tune) -> Touch | None:
    """Not above what is sung while it begins to sound; an octave lower, or left out where that is too low."""
    sung = tune.during(touch.tick, touch.tick + min(touch.length, PPQ))
    above = [n.pitch for n in sung if n.pitch >= LOW and not _answers(touch, n)]
    if not above or touch.pitch <= min(above):
        return touch
    lower = touch.pitch - 12
    while lower > min(above):
        lower -= 12
    return replace(touch, pitch=lower) if lower >= FLOOR else None


def _yielding(touch: Touch, tune: Tune) -> Touch:
    """Let go where the tune comes in below it."""
    for note in tune.during(touch.tick + SHORTEST, touch.end):
        if note.start > touch.tick and LOW <= note.pitch < touch.pitch:
            return replace(touch, length=max(note.start - touch.tick, SHORTEST))
    return touch


def _answers(touch: Touch, note: Note) -> bool:
    """Whether a stroke comes while the tune rests on a long note: there it may go above it."""
    return note.length >= LONG and touch.tick - note.start >= PPQ and 2 < touch.pitch - note.pitch <= 12


def _clear_of(touch: Touch, tune: Tune, sheet: Sheet) -> Touch | None:
    """No semitone beside a held note of the tune: the nearest other tone of the chord, or nothing."""
    held = [n for n in tune.during(touch.tick, touch.end) if n.length >= HELD]
    if touch.bass or not any(_rubs(touch.pitch, n.pitch) for n in held):
        return touch
    chord = sheet.chord_at(touch.tick)
    for away in (1, 2, 3, 4):
        for pitch in (touch.pitch - away, touch.pitch + away):
            if chord.tones >> pitch % 12 & 1 and not any(
                _rubs(pitch, n.pitch) or pitch >= n.pitch >= LOW for n in held
            ):
                return replace(touch, pitch=pitch)
    return None


def _rubs(pitch: int, other: int) -> bool:
    return abs(pitch - other) in (1, 11, 13)


def _once(touches: Sequence[Touch]) -> list[Touch]:
    """Every pitch once at a time; the longer one stays."""
    found: dict[tuple[int, int], Touch] = {}
    for touch in touches:
        other = found.get((touch.tick, touch.pitch))
        if other is None or touch.length > other.length or (touch.bass and not other.bass):
            found[touch.tick, touch.pitch] = touch
    return sorted(found.values(), key=lambda t: (t.tick, t.pitch))
