"""How the house patterns are written down: one line a bar, its name, the left hand, the right hand.

    A | 1 - - 5* 1 - - 5* | abcd . . abcd* . . abc! .
      | . . . . 8 - 7 -   |

Each hand's signs stand on an even grid: eight of them in a bar of 4/4 are eighths. A line without a name adds another voice
to the bar above it. Bars named F or G close a phrase, the others fill it.

    .  rest        -  hold the sign before     x:y  two signs (or three, x:y:z) share one place of the grid
    1  the chord's bass in the left hand, its root in the right; 3 5 7 its other tones, 2 4 6 what the key has between them,
       8 10 12 an octave up; joined by +: 1+5+8
    a  the lowest voice of the hand's grip, b c d the next ones; past the highest they go on an octave up: ab, abcd
    a^ the step of the scale above that voice, a_ the one below
    x5 xa  half a step below, #5 #a half a step above, ,1 ,a an octave down, '1 'a an octave up
    >x1    all of it in the chord that follows: half a step below the next bass

After a sign: ! accent, ? ghost, * short.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from engines.errors import InvalidMusic
from engines.music.time import Meter, Ticks

FILLS = frozenset("FG")
"""Bars with these names close a phrase."""

_NOTE = re.compile(r"([,']*)([x#]?)(?:(\d+)|([a-j])([\^_]?))\+?")
_SIGN = re.compile(r"(>?)([^!?*]+)([!?*]*)")


class Pitched(NamedTuple):
    """One note of a sign, before it is known over which chord."""

    number: int
    """A degree of the chord from 1, or a voice of the grip from 0."""
    is_voice: bool
    octave: int = 0
    shift: int = 0
    """Half steps away from there."""
    step: int = 0
    """Steps of the scale away from there."""


class Sign(NamedTuple):
    """What is struck at one place of a bar."""

    start: Ticks
    """From the bar line."""
    length: Ticks
    notes: tuple[Pitched, ...]
    marks: str = ""
    """Accent, ghost and short as written: `!`, `?`, `*`."""
    ahead: bool = False
    """Whether it is meant in the chord that follows."""


@dataclass(frozen=True)
class Bar:
    """One written bar: the voices of each hand, joined and in order."""

    left: tuple[Sign, ...]
    right: tuple[Sign, ...]


@dataclass(frozen=True)
class Hand:
    """Where a hand lies and how it touches the keys."""

    low: str
    """The lowest place for a degree 1: `C2` puts it between C2 and B2."""
    grip: str = ""
    """The degrees of its chord, `3 5 7 9`. Others stand in for what a chord lacks: 6 or the root for 7, the root for 9."""
    at: str = ""
    """The lowest place for a voice of the grip; where it is empty, `low`."""
    touch: int = 95
    """How much of its written length a note sounds, in percent."""


@dataclass(frozen=True)
class Pattern:
    """One accompaniment as it is written."""

    name: str
    tags: str
    """Words that it may be asked for by."""
    meter: str
    energy: int
    """1 (hushed) to 5 (everything)."""
    key: str
    chords: str
    """The chords of its bars, `Dm7 | G7 .  C`; those of one bar divide it evenly, a dot holds. They repeat until the end."""
    left: Hand
    right: Hand
    bars: str
    """The lines described above."""
    play: str = ""
    """The order of the bars; where it is empty, the usual one for bars named A to D, F and G."""
    groups: str = ""
    """How the units of a bar are counted, `3+2`; where it is empty, by the meter."""


def read_bars(pattern: Pattern) -> dict[str, Bar]:
    """The written bars by name."""
    meter, voices = Meter.parse(pattern.meter), dict[str, tuple[list[Sign], list[Sign]]]()
    name = ""
    for line in filter(str.strip, pattern.bars.splitlines()):
        first, *hands = (field.strip() for field in line.split("|"))
        if len(hands) not in (1, 2) or not (first or name) or first in voices:
            raise InvalidMusic(
                f"{pattern.name}: {line.strip()!r} is no bar.", "Write NAME | left | right, each name once."
            )
        name = first or name
        both = voices.setdefault(name, ([], []))
        for hand, text in zip(both, hands, strict=False):
            if text:
                hand.extend(read_voice(text, meter.bar, f"{pattern.name}, bar {name}"))
    return {name: Bar(tuple(sorted(left)), tuple(sorted(right))) for name, (left, right) in voices.items()}


def read_voice(text: str, bar: Ticks, where: str = "a bar") -> list[Sign]:
    """One voice through one bar."""
    words = text.split()
    step, rest = divmod(bar, len(words))
    places = [
        (i * step + j * step // n, step // n, part) for i, word in enumerate(words) for j, part, n in _parts(word)
    ]
    if rest or any(step % (word.count(":") + 1) for word in words):
        raise InvalidMusic(f"{where}: {len(words)} signs do not divide a bar of {bar} ticks.", "Count the signs again.")
    out: list[Sign] = []
    holds = False
    for at, length, word in places:
        if word == "-":
            if not holds:
                raise InvalidMusic(f"{where}: a hold without a note before it.", "Write a dot for a rest.")
            out[-1] = out[-1]._replace(length=Ticks(out[-1].length + length))
        elif word == ".":
            holds = False
        else:
            holds = True
            out.append(_sign(Ticks(at), Ticks(length), word, where))
    return out


def _parts(word: str) -> list[tuple[int, str, int]]:
    parts = word.split(":")
    return [(j, part, len(parts)) for j, part in enumerate(parts)]


def _sign(start: Ticks, length: Ticks, word: str, where: str) -> Sign:
    read = _SIGN.fullmatch(word)
    notes = list(_NOTE.finditer(read[2])) if read else []
    if read is None or "".join(note[0] for note in notes) != read[2] or read[2].endswith("+"):
        raise InvalidMusic(
            f"{where}: {word!r} is no sign.", "Write degrees joined by +, or voices of the grip: 1+5+8, abc."
        )
    return Sign(start, length, tuple(map(_pitched, notes)), read[3], bool(read[1]))


def _pitched(note: re.Match[str]) -> Pitched:
    octave = note[1].count("'") - note[1].count(",")
    shift = {"": 0, "x": -1, "#": 1}[note[2]]
    if note[3]:
        return Pitched(int(note[3]), False, octave, shift)
    return Pitched("abcdefghij".index(note[4]), True, octave, shift, {"": 0, "^": 1, "_": -1}[note[5]])
