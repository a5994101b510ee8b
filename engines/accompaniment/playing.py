"""A path of donors becomes a piano part: on the chords, varied, following, leaving room, in reach, with feeling."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from engines.accompaniment import answers, changes, ending, hands, performance, room, variation
from engines.accompaniment.loan import Loan
from engines.accompaniment.performance import Played
from engines.accompaniment.revoicing import readable, revoiced
from engines.accompaniment.selection import Choice
from engines.accompaniment.sheet import Sheet, Strain
from engines.accompaniment.texture import MODEL, Texture
from engines.accompaniment.transfer import Touch, transfer
from engines.music.chance import Chance
from engines.music.notes import Control, Note

RULES = "rules"


@dataclass(frozen=True)
class Part:
    """What the pianist plays."""

    notes: tuple[Note, ...]
    pedal: tuple[Control, ...]
    voiced_by: tuple[str, ...]
    """Who put the notes of each phrase on its chords: a model, or RULES."""


@dataclass(frozen=True)
class Manner:
    """How the musician wants it played."""

    density: float = 0.5
    humanise: float = 1.0
    """How much of the donors' lateness is kept."""


def play(sheet: Sheet, path: Sequence[Choice], texture: Texture | None, manner: Manner, chance: Chance) -> Part:
    """The whole part; without a model by rule."""
    loans = [Loan.of(sheet, choice) for choice in path]
    lines = revoiced(sheet, texture, loans) if texture else [transfer(sheet, loan) for loan in loans]
    touches = _varied(sheet, path, lines, chance)
    touches = changes.ground(sheet, changes.complete(sheet, changes.follow(sheet, touches)))
    touches = answers.answer(sheet, touches, manner.density, chance.of("answer"))
    touches = room.make_room(sheet, touches, chance.of("room"))
    touches = ending.close(sheet, hands.playable(touches))
    ticks = [touch.tick for touch in touches]
    played = [Played(choice, tuple(touches[_inside(sheet, choice.strain, ticks)])) for choice in path]
    by = (MODEL if texture is not None and (readable(loan) or not loan.strokes) else RULES for loan in loans)
    notes = performance.notes(sheet, played, chance.of("velocity"), manner.humanise)
    return Part(notes, performance.pedal(sheet, played), tuple(by))


def _varied(sheet: Sheet, path: Sequence[Choice], lines: Sequence[Sequence[Touch]], chance: Chance) -> list[Touch]:
    """What returns comes back a little different, and nobody is quoted for long."""
    quotes = variation.Quotes()
    touches, heard_before = list[Touch](), dict[tuple[str, int, str, int], int]()
    for choice, line in zip(path, lines, strict=True):
        key = (*choice.strain.kind, *choice.place)
        nth = heard_before.get(key, 0)
        heard_before[key] = nth + 1
        luck = chance.of(choice.strain.bar)
        touches += quotes.broken(sheet, choice, variation.vary(sheet, line, nth, luck), luck)
    return touches


def _inside(sheet: Sheet, strain: Strain, ticks: Sequence[int]) -> slice:
    """Where the touches of a strain stand among all, which are in order of time."""
    return slice(*(bisect_left(ticks, sheet.lines[bar]) for bar in (strain.bar, strain.bar + strain.bars)))
