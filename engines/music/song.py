"""Who plays what, where: clips, takes, placements, tracks, sections, songs.

A song is what every writer writes, whether it becomes a MIDI file, a REAPER project or items in an open one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from engines.errors import InvalidMusic
from engines.music.harmony import ChordTrack, KeyTrack
from engines.music.notes import Event, Note
from engines.music.time import MeterMap, Seconds, TempoMap, Ticks

NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class MidiClip:
    """Music of a fixed length; ticks count from its start."""

    length: Ticks
    notes: tuple[Note, ...] = ()
    """In order of onset."""
    events: tuple[Event, ...] = ()
    """Controllers, bends, programs, words; in order of time."""
    name: str = ""


@dataclass(frozen=True, slots=True)
class AudioClip:
    """A stretch of an audio file, by reference."""

    length: Ticks
    file: str
    """The path as the project stores it."""
    rate: float = 1.0
    """Playback speed."""
    pitch: float = 0.0
    """Transposition in semitones."""
    offset: Seconds = Seconds(0.0)
    """Where in the file it starts."""
    name: str = ""


Clip = MidiClip | AudioClip


@dataclass(frozen=True, slots=True)
class Take:
    """One of several alternatives in the same place."""

    clip: Clip
    name: str = ""
    provenance: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    """Where it came from: seed, engine version, model checksum, donor."""


@dataclass(frozen=True, slots=True)
class Placement:
    """A clip in a place. The clip repeats when the place is longer and `looped` says so."""

    start: Ticks
    """From the start of the song."""
    length: Ticks
    takes: tuple[Take, ...]
    active: int = 0
    """Which take sounds."""
    looped: bool = False
    locked: bool = False
    muted: bool = False

    def __post_init__(self) -> None:
        if not self.takes or not 0 <= self.active < len(self.takes):
            raise InvalidMusic("A placed clip needs an active take.", "Choose one of its takes.")

    @property
    def end(self) -> Ticks:
        """Where the next clip could begin."""
        return Ticks(self.start + self.length)

    @property
    def clip(self) -> Clip:
        """The clip of the active take."""
        return self.takes[self.active].clip

    def sounding_notes(self) -> Iterator[Note]:
        """The notes that are heard, in song ticks: repeated when looped, cut at the end of the place."""
        clip = self.clip
        if self.muted or not isinstance(clip, MidiClip):
            return
        origin = int(self.start)
        while origin < self.end:
            for note in clip.notes:
                start = origin + note.start
                if note.start >= clip.length or start >= self.end:
                    break
                stop = min(start + note.length, self.end, origin + clip.length if self.looped else self.end)
                yield Note(Ticks(start), Ticks(stop - start), note.pitch, note.velocity, note.channel, note.release)
            if not self.looped or clip.length <= 0:
                return
            origin += clip.length


@dataclass(frozen=True, slots=True)
class Track:
    """A lane of the song."""

    name: str
    placements: tuple[Placement, ...] = ()
    """In order of time."""
    role: str | None = None
    """What it does (melody, bass, comp …) when that is known."""
    program: int | None = None
    """General MIDI instrument, counted from 0."""
    channel: int = 0
    colour: str | None = None
    """`#rrggbb`."""
    folder: str | None = None
    """The folder it belongs to."""
    muted: bool = False

    def notes(self) -> tuple[Note, ...]:
        """Everything that sounds, in song ticks and in order."""
        if len(self.placements) == 1:
            return tuple(self.placements[0].sounding_notes())
        out = [note for placement in self.placements for note in placement.sounding_notes()]
        out.sort()
        return tuple(out)

    @property
    def end(self) -> Ticks:
        """Where its last placement ends."""
        return Ticks(max((p.end for p in self.placements), default=0))


@dataclass(frozen=True, slots=True)
class Section:
    """A labelled span of the form, such as a verse."""

    name: str
    start: Ticks
    length: Ticks
    label: str = ""
    """Equal labels share material."""
    colour: str | None = None

    @property
    def end(self) -> Ticks:
        """Where it ends."""
        return Ticks(self.start + self.length)


@dataclass(frozen=True, slots=True)
class Marker:
    """A named moment."""

    tick: Ticks
    name: str


@dataclass(frozen=True)
class Song:
    """A whole piece."""

    tracks: tuple[Track, ...] = ()
    tempo: TempoMap = field(default_factory=TempoMap)
    meter: MeterMap = field(default_factory=MeterMap)
    keys: KeyTrack | None = None
    """The keys that the source states; None when it states none."""
    chords: ChordTrack | None = None
    """The chords that the source states; None when it states none."""
    sections: tuple[Section, ...] = ()
    markers: tuple[Marker, ...] = ()
    name: str = ""

    @property
    def end(self) -> Ticks:
        """Where the last clip ends."""
        return Ticks(max((track.end for track in self.tracks), default=0))

    @property
    def bars(self) -> int:
        """How many bars it takes to play it."""
        return self.meter.bars_until(self.end)

    def track(self, name: str) -> Track | None:
        """The first track of that name, upper and lower case alike."""
        wanted = name.casefold()
        return next((track for track in self.tracks if track.name.casefold() == wanted), None)
