"""How the house songs are written down: one line a bar, chords to the left, melody to the right.

    C        | e4q. d4e c4q g4q
    Gsus4 G  | d4h. g4e g4e
    N.C.     | d4e e4e f#4q

Chords divide their bar evenly; a dot holds the one before (`Em7 . . A .` is three beats and two). A note is a name, an octave
(c4 is middle C) and a length: w h q e s for whole to sixteenth, a dot for half as much again, `T` and `t` for the long and
the short eighth of a swung pair. `r` rests. `~` ties the note to the next.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from engines.music.time import PPQ, Meter, Ticks

LENGTHS = {"w": 4 * PPQ, "h": 2 * PPQ, "q": PPQ, "e": PPQ // 2, "s": PPQ // 4, "T": PPQ * 2 // 3, "t": PPQ // 3}
STEPS = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}
NOTE = re.compile(r"(?:(r)|([a-g])([#b]?)(\d))([whqesTt])(\.?)(~?)")


@dataclass(frozen=True)
class Strain:
    """One section of a song."""

    name: str
    bars: str
    """The lines described above."""
    label: str = ""
    """Strains with equal labels share material."""
    level: int = 74
    """How loud it is sung, as a mean velocity."""
    key: str | None = None
    """The key from here on, where it changes: "A", "Dm"."""
    meter: str | None = None
    """The meter from here on, where it changes."""
    tempo: float | None = None
    """Quarter notes per minute from here on, where it changes."""
    glide: float | None = None
    """The tempo that the last `glide_bars` bars of this strain lean towards."""
    glide_bars: int = 0
    """How many bars the lean takes; 0 for the whole strain."""


@dataclass(frozen=True)
class Sheet:
    """A whole song."""

    file: str
    title: str
    key: str
    meter: str
    tempo: float
    strains: tuple[Strain, ...]
    program: int
    """The General MIDI instrument that carries the tune."""
    pickup: str = ""
    """The notes of a short first bar."""


class Sung(NamedTuple):
    """A melody note."""

    start: Ticks
    length: Ticks
    pitch: int


class Bar(NamedTuple):
    """One written bar in its place."""

    start: Ticks
    meter: Meter
    strain: Strain
    chords: tuple[tuple[Ticks, str], ...]
    """Where each chord begins, and its symbol; a chord that goes on is named again only where a strain begins."""
    words: str
    """The melody as written."""


def read_bars(sheet: Sheet) -> list[Bar]:
    """Every bar of a song, the short first one included."""
    meter, now, bars = Meter.parse(sheet.meter), 0, []
    if sheet.pickup:
        length = sum(length for _, length, _ in _tokens(sheet.pickup))
        short = Meter(length // meter.unit, meter.denominator)
        bars.append(Bar(Ticks(0), short, sheet.strains[0], (), sheet.pickup))
        now = short.bar
    for strain in sheet.strains:
        meter, last = Meter.parse(strain.meter) if strain.meter else meter, ""
        for line in filter(str.strip, strain.bars.splitlines()):
            cell, _, words = line.partition("|")
            symbols = cell.split()
            step, chords = meter.bar // len(symbols), []
            for i, symbol in enumerate(symbols):
                if symbol not in (".", last):
                    chords.append((Ticks(now + i * step), symbol))
                    last = symbol
            bars.append(Bar(Ticks(now), meter, strain, tuple(chords), words))
            now += meter.bar
    return bars


def read_melody(bars: list[Bar]) -> list[Sung]:
    """The tune, ties joined. A bar that is not full is a slip of the pen."""
    out: list[Sung] = []
    tied = False
    for bar in bars:
        now = int(bar.start)
        for pitch, length, ties in _tokens(bar.words):
            if pitch is not None:
                if tied and out[-1].pitch == pitch:
                    out[-1] = Sung(out[-1].start, Ticks(out[-1].length + length), pitch)
                else:
                    out.append(Sung(Ticks(now), Ticks(length), pitch))
            tied = ties
            now += length
        if now != bar.start + bar.meter.bar:
            raise ValueError(f"{bar.strain.name}: the bar {bar.words.strip()!r} is not full, or too full")
    return out


def pitch_of(name: str) -> int:
    """`c#4` as a MIDI pitch."""
    return 12 * (int(name[-1]) + 1) + STEPS[name[0]] + name[1:-1].count("#") - name[1:-1].count("b")


def _tokens(words: str) -> Iterator[tuple[int | None, int, bool]]:
    """(pitch or None for a rest, ticks, whether it is tied on)."""
    for word in words.split():
        found = NOTE.fullmatch(word)
        if not found:
            raise ValueError(f"{word!r} is not a note")
        rest, step, accidental, octave, length, dot, tie = found.groups()
        ticks = LENGTHS[length] * (3 if dot else 2) // 2
        yield (None if rest else pitch_of(f"{step}{accidental}{octave}")), ticks, bool(tie)
