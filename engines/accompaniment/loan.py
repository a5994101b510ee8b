"""A donor's phrase as the song borrows it: in the song's feel, counted from where it begins."""

from __future__ import annotations

from dataclasses import dataclass

from engines.accompaniment.donors import Harmony, Stroke
from engines.accompaniment.feel import with_feel
from engines.accompaniment.selection import Choice
from engines.accompaniment.sheet import Sheet
from engines.music.time import Ticks


@dataclass(frozen=True)
class Loan:
    """A phrase that is on its way from one piece to another."""

    begin: Ticks
    """Where it begins in the song."""
    lines: tuple[Ticks, ...]
    """Its bar lines, counted from there, the closing one included."""
    strokes: tuple[Stroke, ...]
    """The donor's notes, counted from there."""
    harmony: tuple[Harmony, ...]
    """The donor's chords, counted from there; the first at 0."""
    turn: int = 0
    """Semitones by which it moves as a whole."""
    ear: str | None = None
    """Which model's latents are known of it; see `engines.accompaniment.texture`."""
    latents: tuple[bytes, ...] = ()
    """These, for every bar with the one after it."""

    @classmethod
    def of(cls, sheet: Sheet, choice: Choice) -> Loan:
        """What was chosen for a phrase."""
        strain, pack = choice.strain, choice.pack
        bars = slice(strain.bar, strain.bar + strain.bars)
        begin = sheet.lines[strain.bar]
        lines = tuple(Ticks(line - begin) for line in sheet.lines[strain.bar : strain.bar + strain.bars + 1])
        strokes = with_feel(
            list(pack.strokes(choice.bar, strain.bars)), lines, sheet.meters[bars], swung=sheet.swings
        )  # fmt: skip
        return cls(
            begin,
            lines,
            tuple(strokes),
            tuple(pack.harmony(choice.bar, strain.bars)),
            choice.turn,
            pack.card.ear.sha256 if pack.card.ear else None,
            tuple(pack.latent(choice.bar + bar) for bar in range(strain.bars)) if pack.card.ear else (),
        )

    @property
    def end(self) -> Ticks:
        """Where it ends in the song."""
        return Ticks(self.begin + self.lines[-1])
