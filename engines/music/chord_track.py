"""Which chord sounds when."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, pairwise
from typing import NamedTuple

from engines.errors import InvalidMusic
from engines.music.chords import NO_CHORD, Chord
from engines.music.time import Ticks


@dataclass(frozen=True, slots=True)
class ChordChange:
    """From this tick on this chord sounds."""

    tick: Ticks
    chord: Chord


class ChordSpan(NamedTuple):
    """A chord from where it begins to where the next one does."""

    start: Ticks
    end: Ticks
    """Exclusive."""
    chord: Chord


@dataclass(frozen=True)
class ChordTrack:
    """The chords of a piece. Before the first of them, and from the end on, there is no chord."""

    changes: tuple[ChordChange, ...] = ()
    """In order of time, one for each position. A chord may follow itself: it is struck again."""
    end: Ticks | None = None
    """Where the last chord stops; None where the source does not say."""

    def __post_init__(self) -> None:
        if any(a.tick >= b.tick for a, b in pairwise(self.changes)):
            raise InvalidMusic("Chord changes are out of order.", "Sort them by time, one for each position.")
        if self.changes and self.changes[0].tick < 0:
            raise InvalidMusic("A chord stands before tick 0.", "Begin at tick 0 or later.")
        if self.end is not None and self.changes and self.end <= self.changes[-1].tick:
            raise InvalidMusic("A chord track ends before its last chord.", "Let it end later.")

    @classmethod
    def of(cls, *changes: tuple[int, str], end: int | None = None) -> ChordTrack:
        """`ChordTrack.of((0, "Am7"), (1920, "D7"), end=3840)`."""
        return cls(
            tuple(ChordChange(Ticks(tick), Chord.parse(symbol)) for tick, symbol in changes),
            None if end is None else Ticks(end),
        )

    def __len__(self) -> int:
        return len(self.changes)

    @cached_property
    def _ticks(self) -> list[int]:
        return [change.tick for change in self.changes]

    def at(self, tick: int) -> Chord:
        """The chord that sounds at a tick; NO_CHORD before the first and after the end."""
        i = bisect_right(self._ticks, tick) - 1
        return NO_CHORD if i < 0 or (self.end is not None and tick >= self.end) else self.changes[i].chord

    def spans(self, end: int | None = None) -> Iterator[ChordSpan]:
        """Each chord with its place, in order, cut at `end` (by default the track's own end); N.C. included."""
        stop = self.end if end is None else end if self.end is None else min(end, self.end)
        if stop is None:
            raise InvalidMusic("This chord track does not say where it ends.", "Give the end of the music.")
        for i, change in enumerate(self.changes):
            until = min(stop, self.changes[i + 1].tick) if i + 1 < len(self.changes) else stop
            if change.tick < until:
                yield ChordSpan(change.tick, Ticks(until), change.chord)

    def between(self, start: int, end: int) -> ChordTrack:
        """The part between two ticks, counted from its start, with the chord that sounds when it begins."""
        if not 0 <= start < end:
            raise InvalidMusic(f"Ticks {start} to {end} are not a stretch of music.", "Give a start before the end.")
        inside = [ChordChange(Ticks(max(s, start) - start), chord) for s, e, chord in self.spans(end) if e > start]
        last = end if self.end is None else min(end, self.end)
        return ChordTrack(tuple(inside), Ticks(max(0, last - start)) if inside else None)

    def merged(self) -> ChordTrack:
        """Without changes that change nothing."""
        kept = [group[0] for group in (list(same) for _, same in groupby(self.changes, key=lambda one: one.chord))]
        return ChordTrack(tuple(kept), self.end)

    def transpose(self, semitones: int) -> ChordTrack:
        """The same changes in another key."""
        return ChordTrack(tuple(ChordChange(c.tick, c.chord.transpose(semitones)) for c in self.changes), self.end)
