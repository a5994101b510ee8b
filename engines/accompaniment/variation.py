"""What returns comes back a little different, and nothing is borrowed word for word for long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from engines.accompaniment.donors import RIGHT
from engines.accompaniment.selection import Choice
from engines.accompaniment.sheet import Sheet
from engines.accompaniment.transfer import Touch
from engines.music.chance import Chance
from engines.music.time import PPQ

VARIED = 0.14
"""The share of the right hand's strokes off the beat that a return plays otherwise."""
LONGEST = 4
"""Bars that may be the donor's own, note for note, in a row."""


def vary(sheet: Sheet, touches: Sequence[Touch], nth: int, chance: Chance) -> list[Touch]:
    """The nth time that a phrase is heard, from 0: some inner strokes are left out, go to a neighbour tone, or are doubled."""
    if nth == 0:
        return list(touches)
    return _changed(sheet, touches, VARIED, chance.of("return", nth))


class Quotes:
    """Counts the bars in a row that are a donor's own, note for note, over the borders of phrases too."""

    def __init__(self) -> None:
        self._run = 0
        self._shift: int | None = None

    def broken(self, sheet: Sheet, choice: Choice, touches: Sequence[Touch], chance: Chance) -> list[Touch]:
        """A phrase with every fifth bar in a row changed where its donor would be quoted."""
        out = list[Touch]()
        for bar in range(choice.strain.bars):
            begin, end = sheet.lines[choice.strain.bar + bar], sheet.lines[choice.strain.bar + bar + 1]
            mine = [t for t in touches if begin <= t.tick < end]
            away = _shift(mine, list(choice.pack.strokes(choice.bar + bar, 1)), begin)
            self._run = 0 if away is None else self._run + 1 if away == self._shift else 1
            self._shift = away
            if self._run > LONGEST:
                mine, self._run = _otherwise_once(sheet, mine, chance.of("bar", bar)), 0
            out += mine
        return out


def _otherwise_once(sheet: Sheet, touches: Sequence[Touch], chance: Chance) -> list[Touch]:
    """A bar with a few of its inner strokes changed; where all of them stand on beats, one of those."""
    found = _changed(sheet, touches, 1.0, chance, at_least=1)
    if found != list(touches):
        return found
    inner = [i for i, t in enumerate(touches) if t.hand == RIGHT and not t.bass]
    if not inner:
        return list(touches)
    at = inner[chance.of("inner").random().randrange(len(inner))]
    return [*touches[:at], *_otherwise(sheet, touches[at], 0.5), *touches[at + 1 :]]


def _shift(mine: Sequence[Touch], theirs: Sequence[object], begin: int) -> int | None:
    """By how much a bar is the donor's, moved as a whole; None where it is not."""
    a = sorted((t.tick - begin, t.pitch) for t in mine)
    b = sorted((s.tick, s.pitch) for s in theirs)  # type: ignore[attr-defined]
    if not a or len(a) != len(b) or [x for x, _ in a] != [x for x, _ in b]:
        return None
    away = {p - q for (_, p), (_, q) in zip(a, b, strict=True)}
    return away.pop() if len(away) == 1 else None


def _changed(sheet: Sheet, touches: Sequence[Touch], share: float, chance: Chance, at_least: int = 0) -> list[Touch]:
    out, done = list[Touch](), 0
    for touch in touches:
        luck = chance.of(touch.tick, touch.pitch).random()
        enough = bool(at_least) and done >= max(at_least, len(touches) // 6)
        if touch.hand != RIGHT or touch.bass or enough or _on_beat(sheet, touch) or luck.random() >= share:
            out.append(touch)
            continue
        done += 1
        out += _otherwise(sheet, touch, luck.random())
    return out


def _otherwise(sheet: Sheet, touch: Touch, luck: float) -> list[Touch]:
    """Left out, a neighbour tone of the chord, or struck twice."""
    if luck < 0.3:
        return []
    half = touch.length // 2 // 240 * 240 or touch.length // 2
    if luck < 0.8 or touch.length < PPQ or sheet.next_change(touch.tick) <= touch.tick + half:
        chord, up = sheet.chord_at(touch.tick), luck < 0.55
        pitch = touch.pitch + (1 if up else -1)
        while not chord.tones >> pitch % 12 & 1 and abs(pitch - touch.pitch) < 8:
            pitch += 1 if up else -1
        return [replace(touch, pitch=pitch)]
    return [replace(touch, length=half), replace(touch, tick=touch.tick + half, length=touch.length - half)]


def _on_beat(sheet: Sheet, touch: Touch) -> bool:
    bar = sheet.bar_at(touch.tick)
    return (touch.tick - sheet.lines[bar]) % sheet.meters[bar].pulse == 0
