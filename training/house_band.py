"""Lantern Street for a small band: what piano, pad, bass and drums play under the tune, bar by bar.

The voicings are written out, so that hands move little from chord to chord; the figures say how they are struck. Positions
inside a bar count eighths from 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engines.music.notes import DRUM_CHANNEL, Control, Note
from engines.music.time import PPQ, Ticks
from training.house_sheet import Bar, pitch_of

EIGHTH = PPQ // 2
PEDAL = 64

VOICINGS = {
    "C": ("c2", "e3 g3 c4"),
    "C/E": ("e2", "e3 g3 c4"),
    "C7/Bb": ("bb1", "e3 g3 c4"),
    "Dm7": ("d2", "f3 a3 c4"),
    "Em7": ("e2", "d3 g3 b3"),
    "F": ("f1", "f3 a3 c4"),
    "Fmaj7": ("f1", "e3 a3 c4"),
    "G": ("g1", "d3 g3 b3"),
    "G/B": ("b1", "d3 g3 b3"),
    "G7": ("g1", "f3 g3 b3"),
    "Gsus4": ("g1", "d3 g3 c4"),
    "Am7": ("a1", "e3 g3 c4"),
}
"""Bass note, and the right hand from below."""

KICK, RIM, SNARE, CLOSED, OPEN, CRASH, RIDE, LOW_TOM, MID_TOM, HIGH_TOM = 36, 37, 38, 42, 46, 49, 51, 45, 47, 50

# One letter an eighth for four beats: x struck, X struck hard, . silent.
GROOVES = {
    "Intro": {},
    "Verse 1": {CLOSED: "x.x.x.x.", KICK: "X.......", RIM: "....x..."},
    "Verse 2": {CLOSED: "xxxxxxxx", KICK: "X..x....", RIM: "....X..."},
    "Chorus 1": {CLOSED: "XxXxXxXx", KICK: "X..xX...", SNARE: "..X...X."},
    "Chorus 2": {RIDE: "XxXxXxXx", KICK: "X..xX..x", SNARE: "..X...X."},
    "Outro": {RIDE: "x...x...", KICK: "X......."},
}
FILL = {SNARE: "..X.xx..", HIGH_TOM: "......x.", LOW_TOM: ".......X", KICK: "X..xX..."}
"""Played in the last bar before a chorus or a verse."""

STRUMS = {
    "Intro": "arpeggio",
    "Verse 1": "arpeggio",
    "Chorus 1": "push",
    "Verse 2": "broken",
    "Chorus 2": "push",
    "Outro": "held",
}


@dataclass(frozen=True)
class Span:
    """One chord in one bar."""

    start: Ticks
    length: Ticks
    symbol: str
    strain: str
    level: int
    """How loud the strain is."""


def spans(bars: list[Bar]) -> list[Span]:
    """The chords, cut at every bar line."""
    out, symbol = [], ""
    for bar in bars:
        end = bar.start + bar.meter.bar
        marks = list(bar.chords)
        if not marks or marks[0][0] != bar.start:
            marks.insert(0, (bar.start, symbol))
        for i, (start, name) in enumerate(marks):
            stop = marks[i + 1][0] if i + 1 < len(marks) else end
            out.append(Span(start, Ticks(stop - start), name, bar.strain.name, bar.strain.level))
        symbol = marks[-1][1]
    return out


def piano(bars: list[Bar]) -> tuple[list[Note], list[Control]]:
    """Right hand in the strain's figure, left hand on the bass note; the pedal changes with the chord."""
    notes: list[Note] = []
    pedal: list[Control] = []
    for span in spans(bars):
        low, above = _voicing(span.symbol)
        figure, loud = STRUMS[span.strain], span.level - 12
        left = low + 12 if low + 12 < above[0] else low
        notes.append(_note(span.start, span.length, left, loud, 1))
        notes += [
            _note(span.start + at * EIGHTH, n * EIGHTH, p, loud + v, 1) for at, n, p, v in _hand(figure, span, above)
        ]
        pedal += [
            Control(Ticks(span.start + 60), PEDAL, 100, 1),
            Control(Ticks(span.start + span.length - 30), PEDAL, 0, 1),
        ]
    return sorted(notes), sorted(pedal)


def _hand(figure: str, span: Span, above: list[int]) -> Iterator[tuple[int, int, int, int]]:
    """(eighth, eighths, pitch, louder by) of the right hand."""
    eighths = span.length // EIGHTH
    if figure == "held":
        yield from ((0, eighths, pitch, 0) for pitch in above)
    elif figure == "push":
        for at, until in ((0, 3), (3, 4), (4, 7), (7, 8)):
            if at < eighths:
                yield from ((at, min(until, eighths) - at, pitch, 4 if at == 0 else -4) for pitch in above)
    else:
        order = (0, 1, 2, 1) if figure == "arpeggio" else (0, 2, 1, 2)
        for at in range(1, eighths):
            yield at, 1, above[order[at % 4]], (0, -6, 2, -6)[at % 4]


def pad(bars: list[Bar]) -> list[Note]:
    """Whole chords from the first verse on, softly; a voice that stays is not struck again."""
    out: list[Note] = []
    sounding: dict[int, Note] = {}
    for span in spans(bars):
        if span.strain == "Intro":
            continue
        _, above = _voicing(span.symbol)
        held: dict[int, Note] = {}
        for pitch in above:
            before = sounding.pop(pitch, None)
            if before and span.start % (4 * PPQ * 4):  # every fourth bar line breathes
                held[pitch] = Note(before.start, Ticks(before.length + span.length), pitch, before.velocity, 2)
            else:
                out += [before] if before else []
                held[pitch] = _note(span.start, span.length, pitch, span.level - 26, 2)
        out += sounding.values()
        sounding = held
    return sorted([*out, *sounding.values()])


def bass(bars: list[Bar]) -> list[Note]:
    """Long roots in the verse, moving eighths in the chorus that lead into the next chord."""
    chords = spans(bars)
    out: list[Note] = []
    for span, after in zip(chords, [*chords[1:], chords[-1]], strict=True):
        low, _ = _voicing(span.symbol)
        target, _ = _voicing(after.symbol)
        loud, half = span.level - 2, span.length <= 2 * PPQ
        if span.strain == "Intro":
            continue
        if span.strain == "Outro" or (half and not span.strain.startswith("Chorus")):
            out.append(_note(span.start, span.length, low, loud, 3))
        elif span.strain.startswith("Verse"):
            out.append(_note(span.start, 3 * EIGHTH, low, loud, 3))
            out.append(_note(span.start + 3 * EIGHTH, 5 * EIGHTH, low, loud - 8, 3))
        else:
            steps = span.length // EIGHTH
            lead = target + (2 if target < low else -1 if target > low else 0)
            for at in range(steps):
                pitch = lead if at == steps - 1 and target != low else low
                out.append(_note(span.start + at * EIGHTH, EIGHTH - 40, pitch, loud + (4, -8)[at % 2], 3))
    return out


def drums(bars: list[Bar]) -> list[Note]:
    """The strain's groove, a crash where a chorus starts, a fill where a strain ends."""
    out: list[Note] = []
    for i, bar in enumerate(bars):
        name = bar.strain.name
        last = i + 1 == len(bars) or bars[i + 1].strain.name != name
        filled = last and name.startswith(("Verse", "Chorus"))
        groove = {**GROOVES[name], **FILL} if filled and name != "Chorus 2" else GROOVES[name]
        for pitch, line in groove.items():
            for at, mark in enumerate(line):
                if mark != ".":
                    loud = bar.strain.level + (6 if mark == "X" else -14)
                    out.append(_note(bar.start + at * EIGHTH, EIGHTH // 2, pitch, loud, DRUM_CHANNEL))
        if name.startswith("Chorus") and bars[i - 1].strain.name != name:
            out.append(_note(bar.start, PPQ, CRASH, bar.strain.level + 8, DRUM_CHANNEL))
    return sorted(out)


def _voicing(symbol: str) -> tuple[int, list[int]]:
    low, above = VOICINGS[symbol]
    return pitch_of(low), [pitch_of(name) for name in above.split()]


def _note(start: int, length: int, pitch: int, velocity: int, channel: int) -> Note:
    return Note(Ticks(start), Ticks(length), pitch, max(1, min(127, velocity)), channel)
