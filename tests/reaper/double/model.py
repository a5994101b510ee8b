"""What a project is made of: tracks, items, takes, sources, effects, markers.

Plain mutable objects. They know where they belong and how to copy themselves for the undo history, and nothing of Lua.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from tests.reaper.double.midi import PPQ, Event, Pool, events_of
from tests.reaper.double.pointers import Pointer, new_guid

if TYPE_CHECKING:
    from tests.reaper.double.project import Project


class Source(Pointer):
    """What a take plays."""

    kind = "PCM_source"

    def __init__(self, type_: str, pool: Pool | None = None, file: str = "", seconds: float = 0.0) -> None:
        super().__init__()
        self.type = type_
        """`MIDI`, `WAVE` …"""
        self.pool = pool
        """The events, for MIDI."""
        self.file = file
        """The media file, for audio."""
        self.seconds = seconds
        """Length of the file, for audio."""
        self.take: Take | None = None
        """The one take that owns it."""

    @property
    def project(self) -> Project | None:
        return self.take.project if self.take else None


class Take(Pointer):
    """One take of an item."""

    kind = "MediaItem_Take"

    def __init__(self, item: Item, source: Source | None = None, name: str = "") -> None:
        super().__init__()
        self.item = item
        self.guid = new_guid()
        self.name = name
        self.values: dict[str, float] = {"D_VOL": 1.0, "D_PLAYRATE": 1.0, "B_PPITCH": 1.0, "D_PANLAW": -1.0}
        self.ext: dict[str, str] = {}
        self.source: Source | None = None
        if source:
            self.give(source)

    @property
    def project(self) -> Project:
        return self.item.project

    @property
    def pool(self) -> Pool | None:
        """Its MIDI events, where it has any."""
        return self.source.pool if self.source else None

    def give(self, source: Source) -> None:
        """Let it play this source; the one before is nobody's now."""
        if self.source:
            self.source.take = None
        self.source, source.take = source, self

    def die(self) -> None:
        super().die()
        if self.source:
            self.source.die()


class Item(Pointer):
    """One item on a track."""

    kind = "MediaItem"

    def __init__(self, track: Track, seconds: float, length: float) -> None:
        super().__init__()
        self.track = track
        self.guid = new_guid()
        self.takes: list[Take] = []
        self.active = 0
        self.notes = ""
        self.values: dict[str, float] = {
            "D_POSITION": seconds,
            "D_LENGTH": length,
            "D_VOL": 1.0,
            "C_BEATATTACHMODE": -1.0,
            "B_LOOPSRC": 1.0,
        }
        self.ext: dict[str, str] = {}

    @property
    def project(self) -> Project:
        return self.track.project

    @property
    def seconds(self) -> float:
        return self.values["D_POSITION"]

    @property
    def length(self) -> float:
        return self.values["D_LENGTH"]

    @property
    def selected(self) -> bool:
        return self.values.get("B_UISEL", 0.0) != 0

    @property
    def active_take(self) -> Take | None:
        return self.takes[self.active] if 0 <= self.active < len(self.takes) else None

    @property
    def locked(self) -> bool:
        return int(self.values.get("C_LOCK", 0)) & 1 != 0

    @property
    def from_qn(self) -> float:
        return self.project.time.to_qn(self.seconds)

    @property
    def to_qn(self) -> float:
        return self.project.time.to_qn(self.seconds + self.length)

    def add_take(self, name: str = "", notes: Iterable[tuple[float, float, int, int]] | None = None) -> Take:
        """A take; without notes it has no source, as one that `AddTakeToMediaItem` makes."""
        take = Take(self, name=name)
        if notes is not None:
            length = round((self.to_qn - self.from_qn) * PPQ)
            take.give(Source("MIDI", Pool(length, events_of(notes))))
        self.takes.append(take)
        return take

    def die(self) -> None:
        super().die()
        for take in self.takes:
            take.die()

    def snapshot(self) -> tuple[object, ...]:
        """Everything about it that a musician would miss: equal before and after means nobody touched it."""
        takes = tuple(
            (t.guid, t.name, tuple(sorted(t.values.items())), tuple(sorted(t.ext.items())), _heard(t))
            for t in self.takes
        )
        return (
            self.guid,
            self.active,
            self.notes,
            tuple(sorted(self.values.items())),
            tuple(sorted(self.ext.items())),
            takes,
        )


def _heard(take: Take) -> object:
    if take.pool:
        return take.pool.length, tuple(take.pool.events)
    return (take.source.file, take.source.seconds) if take.source else None


class Fx:
    """An effect or instrument on a track."""

    def __init__(self, name: str, *, instrument: bool = False, preset: str = "", file: str = "") -> None:
        self.name = name
        self.file = file
        """Of a JSFX: its file below Effects."""
        self.instrument = instrument
        self.preset = preset
        self.guid = new_guid()
        self.enabled = True
        self.parameters: dict[int, float] = {}

    def copy(self) -> Fx:
        made = Fx(self.name, instrument=self.instrument, preset=self.preset, file=self.file)
        made.guid, made.enabled, made.parameters = self.guid, self.enabled, dict(self.parameters)
        return made


class Track(Pointer):
    """One track."""

    kind = "MediaTrack"

    def __init__(self, project: Project, name: str = "") -> None:
        super().__init__()
        self.project = project
        self.guid = new_guid()
        self.name = name
        self.items: list[Item] = []
        self.fx: list[Fx] = []
        self.values: dict[str, float] = {
            "D_VOL": 1.0,
            "I_FXEN": 1.0,
            "I_NCHAN": 2.0,
            "B_MAINSEND": 1.0,
            "B_SHOWINTCP": 1.0,
            "B_SHOWINMIXER": 1.0,
            "I_AUTOMODE": 0.0,
            "C_BEATATTACHMODE": -1.0,
            "I_RECINPUT": 0.0,
            "I_MIDIHWOUT": -1.0,
        }
        self.texts: dict[str, str] = {}
        """What `GetSetMediaTrackInfo_String` keeps beside name, GUID and ext-state."""
        self.ext: dict[str, str] = {}

    @property
    def selected(self) -> bool:
        return self.values.get("I_SELECTED", 0.0) != 0

    @property
    def index(self) -> int:
        return self.project.tracks.index(self)

    def add_item(self, from_qn: float, to_qn: float, words: str = "") -> Item:
        """An empty item, such as a chord symbol."""
        time = self.project.time
        item = Item(self, time.to_seconds(from_qn), time.to_seconds(to_qn) - time.to_seconds(from_qn))
        item.notes = words
        self.place(item)
        return item

    def add_midi(
        self,
        from_qn: float,
        to_qn: float,
        notes: Iterable[tuple[float, float, int, int]] = (),
        *,
        name: str = "",
        events: Iterable[Event] = (),
        pool_of: Item | None = None,
    ) -> Item:
        """A MIDI item; notes are (from, length, pitch, velocity) in quarter notes from the item's start."""
        item = self.add_item(from_qn, to_qn)
        take = item.add_take(name)
        shared = pool_of.active_take.pool if pool_of and pool_of.active_take else None
        pool = shared or Pool(round((to_qn - from_qn) * PPQ), [*events_of(notes), *events])
        pool.sort()
        take.give(Source("MIDI", pool))
        return item

    def add_audio(self, from_qn: float, to_qn: float, file: str = "loop.wav", seconds: float = 4.0) -> Item:
        """An audio item."""
        item = self.add_item(from_qn, to_qn)
        item.add_take(file.rpartition("/")[2]).give(Source("WAVE", file=file, seconds=seconds))
        return item

    def snapshot(self) -> tuple[object, ...]:
        """Everything about it, items and effects too."""
        fx = tuple((f.guid, f.name, f.enabled, f.preset, tuple(sorted(f.parameters.items()))) for f in self.fx)
        kept = (self.values, self.texts, self.ext)
        return (
            self.guid,
            self.name,
            fx,
            *(tuple(sorted(k.items())) for k in kept),
            tuple(i.snapshot() for i in self.items),
        )

    def place(self, item: Item) -> None:
        """Items stand in order of time."""
        item.track = self
        self.items.append(item)
        self.items.sort(key=lambda i: i.seconds)

    def die(self) -> None:
        super().die()
        for item in self.items:
            item.die()


class Marker:
    """A marker or region."""

    def __init__(self, number: int, name: str, seconds: float, end: float | None = None, colour: int = 0) -> None:
        self.number = number
        self.name = name
        self.seconds = seconds
        self.end = end
        """Where a region ends; None for a marker."""
        self.colour = colour
        self.guid = new_guid()

    @property
    def is_region(self) -> bool:
        return self.end is not None
