"""What is left of a donor when its pitches are taken away.

Rhythm, hands, dynamics, how many notes at a time, about how high, and whether a note belongs to its chord or to the coming
one. Two stand-in chords take turns where the donor's change, and stand-in tones of them say the rest; so a skeleton is a donor
like any other, that rules can put on chords. What the notes did with each other is in the latents alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from engines.accompaniment.donors import LEFT, Donor, Harmony, Span, Stroke
from engines.accompaniment.grid import chord_of
from engines.accompaniment.keys import belongs
from engines.accompaniment.tones import near
from engines.music.time import PPQ, Ticks

BAND = 6
"""Semitones that are not told apart."""
STAND_INS = (Harmony(Ticks(0), 0, 0b000010010001, 0), Harmony(Ticks(0), 1, 0b000100100010, 1))
"""C and D flat: they have no tone in common, so that a note says which of them it is on."""
BESIDE = 2
"""Semitones above a tone of a stand-in lies what does not belong to it."""


@dataclass(frozen=True)
class Changes:
    """A donor's chords and what stands for them."""

    real: tuple[Harmony, ...]
    stand_in: tuple[Harmony, ...]

    @classmethod
    def of(cls, real: Sequence[Harmony]) -> Changes:
        """The stand-ins take turns with every chord that is another than the one before."""
        out, turn = list[Harmony](), 0
        for i, chord in enumerate(real):
            if i and chord[1:] != real[i - 1][1:]:
                turn = 1 - turn
            mine = STAND_INS[turn] if chord.root >= 0 else Harmony(Ticks(0), -1, 0, -1)
            out.append(mine._replace(tick=chord.tick))
        return cls(tuple(real), tuple(out))

    def belongs_to(self, stroke: Stroke) -> tuple[Harmony, Harmony, bool]:
        """The chord that a note goes with, real and stand-in, and whether it belongs to it. What is played early goes with the
        chord that it runs ahead to.
        """
        ahead = Ticks(stroke.tick + min(stroke.length, PPQ) // 2)
        for tick in (stroke.tick, ahead):
            real = chord_of(self.real, tick)
            if belongs(stroke.pitch, real):
                return real, chord_of(self.stand_in, tick), True
        return chord_of(self.real, stroke.tick), chord_of(self.stand_in, stroke.tick), False


def skeleton(donor: Donor, name: str) -> Donor:
    """The same phrase with stand-ins for its chords and its pitches, and without its tune."""
    changes = Changes.of(donor.harmony)
    strokes = []
    for _, struck in groupby(donor.strokes, key=lambda s: s.tick):
        strokes += list(_moment(list(struck), changes))
    return Donor(name, donor.licence, donor.bars, tuple(sorted(strokes)), changes.stand_in, donor.spans, (), donor.tags)


def _moment(struck: Sequence[Stroke], changes: Changes) -> Iterator[Stroke]:
    """Notes from below, each the next free one from its band upwards."""
    floor = 0
    for at, stroke in enumerate(sorted(struck, key=lambda s: s.pitch)):
        real, stand_in, on = changes.belongs_to(stroke)
        least = max(stroke.pitch // BAND * BAND, floor)
        if stand_in.root < 0:
            pitch = least
        elif at == 0 and stroke.hand == LEFT and stroke.pitch % 12 == real.bass:
            pitch = near(stand_in.bass, least + BAND // 2)
        else:
            pitch = next(p for p in range(least, least + 12) if stand_in.tones >> p % 12 & 1)
            pitch += 0 if on else BESIDE
        floor = pitch + 1
        yield stroke._replace(pitch=min(pitch, 127))


def excerpt(donor: Donor, bar: int, bars: int) -> Donor:
    """Some bars of a donor as one of its own, one phrase."""
    begin, end = donor.lines[bar], donor.lines[bar + bars]
    first = chord_of(donor.harmony, begin)._replace(tick=Ticks(0))
    inside = (h._replace(tick=Ticks(h.tick - begin)) for h in donor.harmony if begin < h.tick < end)
    strokes = tuple(s._replace(tick=Ticks(s.tick - begin)) for s in donor.strokes if begin <= s.tick < end)
    return Donor(
        donor.name, donor.licence, donor.bars[bar : bar + bars], strokes, (first, *inside), (Span(0, bars),), (), donor.tags
    )  # fmt: skip
