"""A donor's phrase on the chords of the song, by rule: every note goes to the tone that does there what it did here.

The left hand keeps the function of its tones and moves as one with the bass. The right hand goes the nearest way that keeps the
order of its voices. Passing tones pass into what they passed into. No model is needed; the same phrase and the same chords give
the same notes everywhere.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from engines.accompaniment.donors import LEFT, RIGHT, Harmony, Stroke
from engines.accompaniment.loan import Loan
from engines.accompaniment.sheet import Sheet
from engines.accompaniment.tones import moves, near, same_function, scale_of, signed, step_from
from engines.music.time import PPQ

PASSING = PPQ
"""A tone outside the chord that goes on by step may be this long."""
RESOLVES = PPQ
"""How soon it must go on."""
HOME, FREE = 63.0, 69.0
"""Where the right hand is at home: under a tune, and while there is none."""
LOWEST, HIGHEST = {LEFT: 33, RIGHT: 47}, {LEFT: 64, RIGHT: 88}
"""Where a hand plays."""


@dataclass(frozen=True, slots=True)
class Touch:
    """A note of the accompaniment."""

    tick: int
    """In the song."""
    length: int
    pitch: int
    velocity: int
    """The donor's; 0 where it has none."""
    hand: int
    late: int
    bass: bool = False
    """Whether it carries the chord's bass."""

    @property
    def end(self) -> int:
        """Where it stops."""
        return self.tick + self.length


def transfer(sheet: Sheet, loan: Loan) -> list[Touch]:
    """The phrase in its place, in order of time."""
    mover = _Mover(sheet, loan)
    octaves = mover.octaves()
    return [
        replace(touch, pitch=into(touch.pitch, LOWEST[touch.hand], HIGHEST[touch.hand]))
        for touch in mover.line(octaves)
    ]


def draft(sheet: Sheet, loan: Loan) -> tuple[list[Touch], dict[int, int]]:
    """The phrase on the chords of the song, but in the donor's place on the keyboard; and by how many semitones each hand is to
    move from there.
    """
    mover = _Mover(sheet, loan)
    return mover.line({LEFT: 0, RIGHT: 0}), mover.octaves()


class _Mover:
    """Finds a place in the song for every note of a phrase."""

    def __init__(self, sheet: Sheet, loan: Loan) -> None:
        self._sheet, self._strokes, self._begin, self._turn = sheet, loan.strokes, loan.begin, loan.turn
        self._end = loan.end
        self._harmony, self._changes = loan.harmony, [h.tick for h in loan.harmony]
        self._lowest = _lowest(loan.strokes)
        self._next = _resolutions(loan.strokes)
        self._landed: dict[int, int] = {}

    def _donor_chord(self, tick: int) -> Harmony:
        return self._harmony[max(bisect_right(self._changes, tick) - 1, 0)]

    def line(self, octaves: Mapping[int, int]) -> list[Touch]:
        """All notes in order of time."""
        out = []
        # From the end: where a passing tone goes is known by then.
        for at in reversed(range(len(self._strokes))):
            touch = self.place(at, octaves[self._strokes[at].hand])
            if touch is not None:
                out.append(replace(touch, length=max(1, min(touch.length, self._end - touch.tick))))
        out.reverse()
        return sorted(out, key=lambda t: (t.tick, t.pitch))

    def octaves(self) -> dict[int, int]:
        """By how many semitones each hand moves as a whole: into its range, and the right hand under the tune."""
        out = {}
        ceiling_here = self._ceiling()
        for hand, home in ((LEFT, 46.0), (RIGHT, HOME if ceiling_here is not None else FREE)):
            pitches = [s.pitch + self._turn for s in self._strokes if s.hand == hand]
            if not pitches:
                out[hand] = 0
                continue
            mean = sum(pitches) / len(pitches)
            ceiling = 60.0 if hand == LEFT else 88.0 if ceiling_here is None else ceiling_here
            costs = {}
            for octave in (-24, -12, 0, 12, 24):
                over = sum(max(0.0, p + octave - ceiling) for p in pitches) / len(pitches)
                costs[octave] = abs(mean + octave - home) / 12 + over / 3 + abs(octave) / 30
            out[hand] = min(costs, key=lambda o: (costs[o], abs(o)))
        return out

    def _ceiling(self) -> float | None:
        """Where the tune lies over this phrase: most of it is above; None where it is silent."""
        end = self._begin + (self._strokes[-1].tick if self._strokes else 0) + PPQ
        pitches = sorted(n.pitch for n in self._sheet.tune if self._begin <= n.start < end)
        return float(max(pitches[len(pitches) // 4], 60)) if pitches else None

    def place(self, at: int, octave: int) -> Touch | None:
        """One note in the song; None where there is no chord to play."""
        stroke = self._strokes[at]
        tick = self._begin + stroke.tick
        old, new = self._chords(stroke)
        if new.root < 0:
            return None
        pitch, bass = self._pitch(at, octave, old, new), False
        self._landed[at] = pitch
        if self._sheet.chord_at(tick).root < 0:
            return None  # a push out of silence waits for its chord
        if stroke.hand == LEFT and at in self._lowest and (old.root < 0 or (stroke.pitch - old.bass) % 12 == 0):
            pitch, bass = (
                near(new.bass, pitch if (pitch - new.bass) % 12 == 0 else self._shifted(stroke, octave, old, new)),
                True,
            )
        return Touch(tick, stroke.length, pitch, stroke.velocity, stroke.hand, stroke.late, bass)

    def _chords(self, stroke: Stroke) -> tuple[Harmony, Harmony]:
        """The chord it was played in, and the one it comes to. A push belongs to the chord that it anticipates."""
        old, new = self._donor_chord(stroke.tick), self._sheet.chord_at(self._begin + stroke.tick)
        if old.root >= 0 and not old.tones >> stroke.pitch % 12 & 1:
            later = stroke.tick + min(stroke.length, PPQ) // 2
            ahead = self._donor_chord(later)
            if ahead.tones >> stroke.pitch % 12 & 1:
                return ahead, self._sheet.chord_at(self._begin + later)
        return old, new

    def _shifted(self, stroke: Stroke, octave: int, old: Harmony, new: Harmony) -> int:
        """The note, moved along with the root."""
        by = signed(new.root - old.root - self._turn) if old.root >= 0 else 0
        return stroke.pitch + self._turn + octave + by

    def _pitch(self, at: int, octave: int, old: Harmony, new: Harmony) -> int:
        stroke = self._strokes[at]
        plain = stroke.pitch + self._turn + octave
        if old.root < 0:
            return _nearest(plain, new.tones)
        if old.tones >> stroke.pitch % 12 & 1:
            if stroke.hand == LEFT:
                pc = same_function(old.root, old.tones, new.root, new.tones).get(stroke.pitch % 12, new.root)
                return near(pc, self._shifted(stroke, octave, old, new))
            up = self._turn % 12
            turned = (old.tones << up | old.tones >> 12 - up) & 0xFFF
            return plain + moves((old.root + self._turn) % 12, turned, new.root, new.tones).get(plain % 12, 0)
        return self._passing(at, octave, plain, new)

    def _passing(self, at: int, octave: int, plain: int, new: Harmony) -> int:
        """A tone outside the chord: a step before what it goes to; a colour keeps its degree in the scale; what is long and
        heavy becomes the nearest tone of the chord.
        """
        stroke, goal = self._strokes[at], self._next.get(at)
        bits = scale_of(self._sheet.key_at(self._begin + stroke.tick), new.root, new.tones)
        if goal is not None and stroke.length <= PASSING:
            aim = self._strokes[goal]
            if goal in self._landed:
                return step_from(self._landed[goal], stroke.pitch > aim.pitch, bits)
        old = self._donor_chord(stroke.tick)
        if stroke.length > PASSING and not self._is_light(stroke):
            return _nearest(plain, new.tones)
        pitch = self._shifted(stroke, octave, old, new)
        return _colour(pitch, (stroke.pitch - old.root) % 12, new, bits)

    def _is_light(self, stroke: Stroke) -> bool:
        """Whether it stands off the beat."""
        bar = self._sheet.bar_at(self._begin + stroke.tick)
        return (self._begin + stroke.tick - self._sheet.lines[bar]) % self._sheet.meters[bar].pulse != 0


def _colour(pitch: int, degree: int, new: Harmony, bits: int) -> int:
    """A ninth stays a ninth, a sixth a sixth, as the scale has them; but nothing a half step above a tone of the chord, which
    would cloud it.
    """
    for found in (pitch, pitch - 1, pitch + 1, pitch - 2, pitch + 2):
        pc = found % 12
        if bits >> pc & 1 and not new.tones >> (pc + 11) % 12 & 1 and abs((pc - new.root) % 12 - degree) <= 2:
            return found
    return _nearest(pitch, new.tones)


def _lowest(strokes: Sequence[Stroke]) -> set[int]:
    """The strokes that are the lowest of their moment, and nothing lower sounds on."""
    out, first = set(), dict[int, int]()
    for at, stroke in enumerate(strokes):
        if stroke.tick not in first:
            first[stroke.tick] = at
    for tick, at in first.items():
        pitch = strokes[at].pitch
        if all(s.pitch >= pitch for s in strokes[max(0, at - 12) : at] if s.tick + s.length > tick):
            out.add(at)
    return out


def _resolutions(strokes: Sequence[Stroke]) -> dict[int, int]:
    """For every stroke the next one of its hand that is a step away and comes soon."""
    out = {}
    for at, stroke in enumerate(strokes):
        for later in range(at + 1, min(at + 14, len(strokes))):
            other = strokes[later]
            if other.tick > stroke.tick + RESOLVES:
                break
            if other.tick > stroke.tick and other.hand == stroke.hand and 1 <= abs(other.pitch - stroke.pitch) <= 2:
                out[at] = later
                break
    return out


def _nearest(pitch: int, tones: int) -> int:
    for away in range(7):
        for found in (pitch - away, pitch + away):
            if tones >> found % 12 & 1:
                return found
    return pitch


def into(pitch: int, low: int, high: int) -> int:
    """A pitch by octaves into a range."""
    while pitch < low:
        pitch += 12
    while pitch > high:
        pitch -= 12
    return pitch
