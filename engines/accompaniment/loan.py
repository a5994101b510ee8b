"""A donor's phrase as the song borrows it: in the song's feel, counted from where it begins."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from engines.accompaniment.donors import Harmony, Stroke
from engines.accompaniment.feel import with_feel
from engines.accompaniment.selection import Choice
from engines.accompaniment.sheet import Sheet
from engines.music.time import Ticks


@dataclass(frozen=True)
class Loan:
    """A phrase that is on its way from one piece to another."""

    choice: Choice
    begin: Ticks
    """Where it begins in the song."""
    lines: tuple[Ticks, ...]
    """Its bar lines, counted from there, the closing one included."""
    strokes: tuple[Stroke, ...]
    """The donor's notes, counted from there."""

    @classmethod
    def of(cls, sheet: Sheet, choice: Choice) -> Loan:
        """What was chosen for a phrase."""
        strain = choice.strain
        bars = slice(strain.bar, strain.bar + strain.bars)
        begin = sheet.lines[strain.bar]
        lines = tuple(Ticks(line - begin) for line in sheet.lines[strain.bar : strain.bar + strain.bars + 1])
        strokes = list(choice.pack.strokes(choice.bar, strain.bars))
        return cls(
            choice, begin, lines, tuple(with_feel(strokes, lines, sheet.meters[bars], swung=sheet.swings))
        )  # fmt: skip

    @cached_property
    def harmony(self) -> tuple[Harmony, ...]:
        """The donor's chords, counted from where it begins; the first at 0."""
        return tuple(self.choice.pack.harmony(self.choice.bar, self.choice.strain.bars))

    @property
    def end(self) -> Ticks:
        """Where it ends in the song."""
        return Ticks(self.begin + self.lines[-1])
