"""From a written pattern to a donor: bars in their order over the chords, with lengths, velocities and phrases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import cycle, islice
from typing import NamedTuple

from engines.accompaniment.donors import LEFT, RIGHT, Donor, Harmony, Span, Stroke
from engines.errors import InvalidMusic
from engines.music.harmony import Chord, Key
from engines.music.time import Meter, Ticks
from training.house_patterns.dynamics import Touch, velocities
from training.house_patterns.notation import FILLS, Bar, Hand, Pattern, Sign, read_bars
from training.house_patterns.voicing import pitch_of

LICENCE = "CC0-1.0"
SHORT = 45
"""How much of its length a note marked short sounds, in percent."""
SPANS = (1, 2, 3, 4, 5, 6, 7, 8, 12, 16)

USUAL = "ABCF ABDG ABCD ACBG"
"""The order of bars where a pattern names none. Phrases of four, four and eight bars give spans of every length."""


class Change(NamedTuple):
    """A chord in its place."""

    tick: Ticks
    chord: Chord


def build(pattern: Pattern) -> Donor:
    """Write a pattern out."""
    meter, bars = Meter.parse(pattern.meter), read_bars(pattern)
    order = order_of(pattern, bars)
    changes = chords_of(pattern, len(order))
    strokes = _strokes(pattern, [bars[name] for name in order], changes)
    harmony = tuple(
        _harmony(tick, chord) for i, (tick, chord) in enumerate(changes[:-1]) if i == 0 or chord != changes[i - 1].chord
    )
    tags = (*pattern.tags.split(), f"energy:{pattern.energy}")
    name = f"house/{pattern.name}"
    return Donor(name, LICENCE, (meter,) * len(order), strokes, harmony, spans_of(order), tags=tags)


def _harmony(tick: Ticks, chord: Chord) -> Harmony:
    root, bass = chord.root_pc, chord.bass_pc
    return Harmony(tick, -1 if root is None else root, chord.chroma, -1 if bass is None else bass)


def order_of(pattern: Pattern, bars: dict[str, Bar]) -> str:
    """The names of the bars as they are played."""
    order = "".join((pattern.play or USUAL).split())
    if set(order) != set(bars):
        raise InvalidMusic(
            f"{pattern.name}: {order} does not play the bars {''.join(bars)}.", "Play every bar, and no other."
        )
    return order


def chords_of(pattern: Pattern, count: int) -> list[Change]:
    """Every chord of the first so many bars, and the one that follows them."""
    meter, written = Meter.parse(pattern.meter), [bar.split() for bar in pattern.chords.split("|")]
    out: list[Change] = []
    for i, symbols in enumerate(islice(cycle(written), count + 1)):
        step, rest = divmod(meter.bar, len(symbols))
        if rest or symbols[0] == ".":
            raise InvalidMusic(
                f"{pattern.name}: the chords {symbols} do not fill a bar.", "Begin with a chord, divide evenly."
            )
        out += [
            Change(Ticks(i * meter.bar + j * step), Chord.parse(symbol, pattern.name))
            for j, symbol in enumerate(symbols)
            if symbol != "."
        ]
    end = count * meter.bar
    return [change for change in out if change.tick <= end]


def spans_of(order: str) -> tuple[Span, ...]:
    """The phrases: short ones with or without a closing bar, longer ones always with it, and with others every four bars."""
    out = []
    for length in SPANS:
        for first in range(len(order) - length + 1):
            closing = [name in FILLS for name in order[first : first + length]]
            inside = [i for i, closes in enumerate(closing[:-1]) if closes]
            if (length < 4 or closing[-1]) and all(length >= 8 and i % 4 == 3 for i in inside):
                out.append(Span(first, length))
    return tuple(out)


def _strokes(pattern: Pattern, bars: Sequence[Bar], changes: Sequence[Change]) -> tuple[Stroke, ...]:
    meter = Meter.parse(pattern.meter)
    found = sorted(_struck(pattern, bars, changes), key=lambda one: (one[0].tick, one[0].pitch))
    loud = velocities([touch for _, touch in found], meter, pattern.groups, pattern.energy)
    strokes = [stroke._replace(velocity=v) for (stroke, _), v in zip(found, loud, strict=True)]
    return tuple(_released(strokes))


def _struck(pattern: Pattern, bars: Sequence[Bar], changes: Sequence[Change]) -> Iterator[tuple[Stroke, Touch]]:
    meter, key = Meter.parse(pattern.meter), Key.parse(pattern.key)
    for i, bar in enumerate(bars):
        for which, hand, signs in ((LEFT, pattern.left, bar.left), (RIGHT, pattern.right, bar.right)):
            for sign in signs:
                tick = Ticks(i * meter.bar + sign.start)
                chord = _chord_at(changes, tick, ahead=sign.ahead)
                pitches = {pitch_of(note, hand, chord, key, on_bass=which == LEFT) for note in sign.notes}
                length = _length(sign, hand)
                for pitch in pitches:
                    lowest, highest = pitch == min(pitches), pitch == max(pitches)
                    touch = Touch(i, sign.start, which, pitch, lowest, highest, sign.marks)
                    yield Stroke(tick, length, pitch, 0, which), touch


def _length(sign: Sign, hand: Hand) -> Ticks:
    return Ticks(sign.length * (SHORT if "*" in sign.marks else hand.touch) // 100)


def _chord_at(changes: Sequence[Change], tick: Ticks, *, ahead: bool) -> Chord:
    now = max(i for i, change in enumerate(changes) if change.tick <= tick)
    return changes[now + ahead].chord


def _released(strokes: Sequence[Stroke]) -> list[Stroke]:
    """A key that is struck again was let go before."""
    out: list[Stroke] = []
    last: dict[int, int] = {}
    for stroke in strokes:
        before = last.get(stroke.pitch)
        if before is not None and out[before].tick + out[before].length > stroke.tick:
            out[before] = out[before]._replace(length=Ticks(stroke.tick - out[before].tick))
        last[stroke.pitch] = len(out)
        out.append(stroke)
    return out
