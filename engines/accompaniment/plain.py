"""A plain accompaniment for any meter: the bass on the bar, the chord on the beats. For meters that no pack knows."""

from __future__ import annotations

from engines.accompaniment.donors import LEFT, RIGHT, Donor, Harmony, Span, Stroke
from engines.accompaniment.pack import Pack, pack_of
from engines.accompaniment.packing import packed
from engines.accompaniment.tape import Origin
from engines.music.time import PPQ, Meter, Ticks

BARS = 8
_BASS, _CHORD = (36, 43), (60, 64, 67)
NAME = "plain"


def plain_pack(meter: Meter) -> Pack:
    """Phrases of one to eight bars in a meter."""
    bars = range(BARS)
    strokes = tuple(stroke for bar in bars for stroke in _bar(meter, bar))
    donor = Donor(
        name=f"{NAME}/{meter.numerator}-{meter.denominator}",
        licence="CC0-1.0",
        bars=(meter,) * BARS,
        strokes=strokes,
        harmony=(Harmony(Ticks(0), 0, 0b000010010001, 0),),
        spans=tuple(Span(0, n) for n in range(1, BARS + 1)),
        tags=(NAME,),
    )
    origin = Origin(name=NAME, licence="CC0-1.0", attribution="partimento")
    return pack_of(packed(NAME, [(donor, 0)], (origin,), adapts=True))


def groups(meter: Meter) -> list[int]:
    """How a bar falls into beats, in ticks: short units by two and three, the threes last (7/8 is 2+2+3), and none so that
    chords are struck faster than in eighths.
    """
    unit = meter.pulse if meter.is_compound else meter.unit
    count = meter.bar // unit
    if unit > PPQ // 2:
        return [unit] * count
    size = 2
    while size * unit < PPQ // 2:
        size *= 2
    whole, rest = divmod(count, size)
    return [size * unit] * (whole - 1) + [(size + rest) * unit] if whole else [count * unit]


def _bar(meter: Meter, bar: int) -> list[Stroke]:
    out, at = list[Stroke](), bar * meter.bar
    for i, length in enumerate(groups(meter)):
        if i == 0:
            out += [Stroke(Ticks(at), Ticks(meter.bar), _BASS[bar % 2 * (bar % 4 == 3)], 0, LEFT)]
        else:
            out += [Stroke(Ticks(at), Ticks(length), pitch, 0, RIGHT) for pitch in _CHORD]
            if bar % 2 and length >= PPQ and i == len(groups(meter)) - 1:
                out += [Stroke(Ticks(at + length // 2), Ticks(length // 2), _CHORD[1 + bar % 4 // 2], 0, RIGHT)]
        at += length
    if len(groups(meter)) == 1:
        out += [Stroke(Ticks(bar * meter.bar), Ticks(meter.bar), pitch, 0, RIGHT) for pitch in _CHORD]
    return sorted(out, key=lambda s: (s.tick, s.pitch))
