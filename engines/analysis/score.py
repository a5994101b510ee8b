"""A song laid out in columns, so that analysis can work on all of its notes at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from engines.music.notes import DRUM_CHANNEL, Note
from engines.music.song import Song
from engines.music.time import MeterMap, Ticks

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Notes:
    """Notes as columns, in order of onset, then pitch."""

    start: Ints
    """Onset in ticks."""
    end: Ints
    """End in ticks."""
    pitch: Ints
    velocity: Ints
    track: Ints
    """Index of the track that plays the note."""
    drum: Bools
    """Whether it is a stroke on the drum kit, whose pitch is no pitch."""

    @classmethod
    def of(cls, tracks: Sequence[Sequence[Note]]) -> Notes:
        """One sequence of notes for each track."""
        rows = [
            (n.start, n.start + n.length, n.pitch, n.velocity, i, n.channel == DRUM_CHANNEL)
            for i, notes in enumerate(tracks)
            for n in notes
        ]
        table = np.array(rows, dtype=np.int64).reshape(-1, 6)
        table = table[np.lexsort((table[:, 2], table[:, 0]))]
        start, end, pitch, velocity, track, drum = np.ascontiguousarray(table.T)
        return cls(start, end, pitch, velocity, track, np.asarray(drum != 0))

    def __len__(self) -> int:
        return len(self.start)

    def where(self, mask: Bools) -> Notes:
        """The notes that a mask selects."""
        return Notes(
            self.start[mask], self.end[mask], self.pitch[mask], self.velocity[mask], self.track[mask], self.drum[mask]
        )

    def joined(self, other: Notes) -> Notes:
        """With the notes of another set of tracks among them, in order again."""
        start, pitch = np.concatenate([self.start, other.start]), np.concatenate([self.pitch, other.pitch])
        order = np.lexsort((pitch, start))
        return Notes(
            start[order],
            np.concatenate([self.end, other.end])[order],
            pitch[order],
            np.concatenate([self.velocity, other.velocity])[order],
            np.concatenate([self.track, other.track])[order],
            np.concatenate([self.drum, other.drum])[order],
        )

    @cached_property
    def pitched(self) -> Notes:
        """Without the drums."""
        return self.where(~self.drum)

    def of_track(self, index: int) -> Notes:
        """One track's notes."""
        return self.where(self.track == index)


@dataclass(frozen=True)
class Grid:
    """Bars and felt beats of a piece, as tick positions."""

    bars: Ints
    """Every bar line, the closing one included: bar b (from 0 here) spans bars[b] to bars[b + 1]."""
    beats: Ints
    """Every felt beat (a dotted quarter in 6/8), and the closing line."""

    @classmethod
    def of(cls, meter: MeterMap, end: int) -> Grid:
        """The grid that holds everything before `end`."""
        return cls(np.array(meter.bar_lines(end), dtype=np.int64), np.array(meter.pulses(end), dtype=np.int64))

    @property
    def n_bars(self) -> int:
        """How many bars."""
        return len(self.bars) - 1

    @property
    def n_beats(self) -> int:
        """How many felt beats."""
        return len(self.beats) - 1

    @cached_property
    def bar_of_beat(self) -> Ints:
        """The bar (from 0) that each beat lies in."""
        return np.searchsorted(self.bars, self.beats[:-1], side="right").astype(np.int64) - 1

    @cached_property
    def beat_in_bar(self) -> Ints:
        """Each beat's place in its bar, from 0."""
        first = np.searchsorted(self.beats, self.bars[:-1]).astype(np.int64)
        return np.arange(self.n_beats, dtype=np.int64) - first[self.bar_of_beat]


@dataclass(frozen=True)
class Score:
    """The notes of a piece on its grid."""

    notes: Notes
    grid: Grid
    meter: MeterMap
    names: tuple[str, ...] = ()
    """Track names, in the order of `notes.track`."""
    programs: tuple[int | None, ...] = ()
    """Track programs, likewise."""

    @classmethod
    def of(cls, song: Song) -> Score:
        """Lay a song out."""
        played = [() if track.muted else track.notes() for track in song.tracks]
        notes = Notes.of(played)
        end = max(int(notes.end.max()) if len(notes) else 0, song.end)
        return cls(
            notes,
            Grid.of(song.meter, Ticks(end)),
            song.meter,
            tuple(track.name for track in song.tracks),
            tuple(track.program for track in song.tracks),
        )
