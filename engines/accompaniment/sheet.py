"""The lead sheet as the engine sees it: bars, tune, chords, keys and phrases, all in ticks."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engines.accompaniment.donors import Harmony
from engines.accompaniment.features import Bytes, Floats, beat_chords, beat_edges, beats_of, tune_steps
from engines.accompaniment.feel import is_swung
from engines.accompaniment.pack import meter_number
from engines.api import Analysis, KeySpan
from engines.music.harmony import ChordTrack, Key
from engines.music.notes import Note
from engines.music.time import PPQ, Meter, MeterMap, Ticks

EIGHTH = PPQ // 2
BESIDE = PPQ // 8
"""A chord that stands nearer than this to an eighth means it."""
NO_HARMONY = Harmony(Ticks(0), -1, 0, -1)


@dataclass(frozen=True)
class Strain:
    """A phrase of the song that gets one donor: whole bars of one meter."""

    label: str
    bar: int
    """Its first bar, from 0."""
    bars: int
    ends: bool = True
    """Whether a phrase of the song ends with it; not where a long one or a change of meter was cut."""

    @property
    def kind(self) -> tuple[str, int]:
        """Equal for repeats of the same material."""
        return self.label, self.bars


@dataclass(frozen=True)
class Sheet:
    """A lead sheet."""

    lines: tuple[Ticks, ...]
    """Every bar line, the closing one included."""
    meters: tuple[Meter, ...]
    tune: tuple[Note, ...]
    """In order; may have several voices."""
    harmony: tuple[Harmony, ...]
    """By onset, the first at tick 0."""
    keys: tuple[KeySpan, ...]
    strains: tuple[Strain, ...]

    @classmethod
    def of(cls, heard: Analysis) -> Sheet:
        """What was heard in a song."""
        song = heard.song
        end = max([song.end, *(note.end for note in heard.melody)])
        bars = max(song.meter.bars_until(Ticks(max(end, 1))), *(p.start_bar + p.bars - 1 for p in heard.phrases), 1)
        lines = tuple(song.meter.bar_start(bar) for bar in range(1, bars + 2))
        meters = meters_of(song.meter, bars)
        strains = tuple(strain for p in heard.phrases for strain in _cut(p.label, p.start_bar - 1, p.bars, meters))
        harmony = on_the_beat(harmony_of(heard.chords, lines[-1]), lines)
        return cls(lines, meters, heard.melody, harmony, heard.keys, strains)

    def bar_at(self, tick: int) -> int:
        """The bar that a tick lies in, from 0."""
        return min(max(bisect_right(self.lines, tick) - 1, 0), len(self.meters) - 1)

    def chord_at(self, tick: int) -> Harmony:
        """The chord that sounds at a tick."""
        return self.harmony[max(bisect_right(self._changes, tick) - 1, 0)]

    def next_change(self, tick: int) -> int:
        """When the chord after the one at a tick begins; the end of the song after the last."""
        i = bisect_right(self._changes, tick)
        return self._changes[i] if i < len(self._changes) else int(self.lines[-1])

    def key_at(self, tick: int) -> Key | None:
        """The key at a tick."""
        found = None
        for span in self.keys:
            if span.tick <= tick or found is None:
                found = span.key
        return found

    @cached_property
    def swings(self) -> bool:
        """Whether the tune's eighths are swung."""
        return is_swung((note.start for note in self.tune), self.lines, self.meters)

    @cached_property
    def _changes(self) -> list[int]:
        return [chord.tick for chord in self.harmony]

    @cached_property
    def steps(self) -> Bytes:
        """What the tune does in every sixteenth."""
        return tune_steps([(note.start, note.length) for note in self.tune], self.lines, self.meters)

    @cached_property
    def chords(self) -> list[Floats]:
        """For every bar, its chords beat by beat: [beats × 24]."""
        table = np.array([(chord.tick, chord.tones, chord.bass) for chord in self.harmony], dtype=np.int64)
        rows = beat_chords(table[:, 0], table[:, 1], table[:, 2], beat_edges(self.lines, self.meters))
        ends = np.cumsum([beats_of(meter) for meter in self.meters])
        return [rows[end - beats_of(m) : end].ravel() for end, m in zip(ends.tolist(), self.meters, strict=True)]

    @cached_property
    def meter_numbers(self) -> list[int]:
        """Every bar's meter as one number."""
        return [int(meter_number(m.numerator, m.denominator)) for m in self.meters]


def harmony_of(chords: ChordTrack, end: Ticks) -> tuple[Harmony, ...]:
    """A chord track in pitch classes."""
    out = [NO_HARMONY]
    for start, _, chord in chords.spans(end):
        if chord.root_pc is None or chord.bass_pc is None:
            found = Harmony(start, -1, 0, -1)
        else:
            found = Harmony(start, chord.root_pc, chord.chroma, chord.bass_pc)
        if out[-1].tick == start:
            out.pop()
        out.append(found)
    if chords.end is not None and chords.end < end and len(out) and out[-1].root >= 0:
        out.append(Harmony(chords.end, -1, 0, -1))
    return tuple(out)


def on_the_beat(harmony: Sequence[Harmony], lines: Sequence[Ticks]) -> tuple[Harmony, ...]:
    """Chords that stand a little beside an eighth or a bar line, as hands play them, moved onto it: the stroke on the beat is
    theirs.
    """
    found: dict[int, Harmony] = {}
    for chord in harmony:
        bar = min(max(bisect_right(lines, chord.tick) - 1, 0), len(lines) - 2)
        place = chord.tick - lines[bar]
        places = (lines[bar] + (place + EIGHTH // 2) // EIGHTH * EIGHTH, int(lines[bar + 1]))
        near = min(places, key=lambda tick: abs(tick - chord.tick))
        tick = Ticks(near if abs(near - chord.tick) < BESIDE else chord.tick)
        found[tick] = chord._replace(tick=tick)
    return tuple(found[tick] for tick in sorted(found))


def meters_of(meters: MeterMap, bars: int) -> tuple[Meter, ...]:
    """The meter of every bar as it is played."""
    return tuple(_meter(meters, bar) for bar in range(1, bars + 1))


def _meter(meters: MeterMap, bar: int) -> Meter:
    """The meter of a bar; of a bar that is cut short, what is left of it."""
    meter, length = meters.meter_of(bar), meters.bar_end(bar) - meters.bar_start(bar)
    if length == meter.bar:
        return meter
    fine = [
        Meter(length // unit, d)
        for d in (4, 8, 16, 32, 64, 128)
        for unit in (4 * PPQ // d,)
        if 0 < length // unit < 256
    ]
    # A length that is no number of units is rounded down, so that nothing of this bar falls into the next.
    return next((short for short in fine if short.bar == length), fine[-1] if fine else Meter(1, 128))


def _cut(label: str, bar: int, bars: int, meters: Sequence[Meter]) -> Iterator[Strain]:
    """A phrase, cut where the meter changes."""
    end = min(bar + bars, len(meters))
    begin = bar
    for b in range(bar + 1, end + 1):
        if b == end or meters[b] != meters[begin]:
            yield Strain(label, begin, b - begin, b == end)
            begin = b


def has_tune(sheet: Sheet, strain: Strain) -> bool:
    """Whether the tune plays in a strain."""
    begin, end = sheet.lines[strain.bar], sheet.lines[strain.bar + strain.bars]
    starts = np.array([note.start for note in sheet.tune], dtype=np.int64)
    return bool(((starts >= begin) & (starts < end)).any())
