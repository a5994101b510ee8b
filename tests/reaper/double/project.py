"""One project tab: its contents, what undo brings back, and its view."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field

from tests.reaper.double.midi import Pool
from tests.reaper.double.model import Item, Marker, Source, Take, Track
from tests.reaper.double.pointers import Pointer
from tests.reaper.double.timemap import TempoMarker, TimeMap

TRACKS, FX, ITEMS, MISC = 1, 2, 4, 8
"""What an undo point says it holds, as `Undo_EndBlock2` takes it: -1 is all."""


@dataclass
class State:
    """What an undo point brings back."""

    tracks: list[Track] = field(default_factory=list)
    markers: list[Marker] = field(default_factory=list)
    tempo: list[TempoMarker] = field(default_factory=list)
    base: tuple[float, int, int] = (120.0, 4, 4)
    """Tempo and meter before the first marker."""
    loop: tuple[float, float] = (0.0, 0.0)
    time_selection: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True)
class UndoPoint:
    """One entry of the undo history."""

    label: str
    flags: int
    before: State
    after: State


@dataclass
class View:
    """Where the arrange view stands on the screen, and what it shows."""

    left: int = 400
    """The first pixel of the arrange area; the track panels lie left of it."""
    top: int = 120
    """The first pixel below the ruler."""
    width: int = 1200
    height: int = 700
    panel: int = 380
    """How wide the track panels are."""
    start: float = 0.0
    """Seconds at the left edge."""
    end: float = 60.0
    """Seconds at the right edge."""
    track_height: int = 60


class Project(Pointer):
    """A project tab."""

    kind = "ReaProject"

    def __init__(self, name: str = "", path: str = "") -> None:
        super().__init__()
        self.name = name
        self.path = path
        """The .RPP file; empty while it was never saved."""
        self.state = State()
        self.view = View()
        self.first: State | None = None
        """What was there when the first script came."""
        self.history: list[UndoPoint] = []
        self.position = 0
        """How many entries of the history are done (the rest was undone)."""
        self.changes = 1
        """The state change count."""
        self.touched = 0
        """What the open undo block changed so far, as undo flags."""
        self.loose: list[str] = []
        """Functions that changed something outside any undo block."""
        self.blocks: list[tuple[str, State]] = []
        """Open undo blocks: who opened it, and what was there."""
        self.ext: dict[tuple[str, str], str] = {}
        """Project ext-state: it is saved with the project and no undo touches it."""
        self.cursor = 0.0
        self.play_state = 0
        self.play_position = 0.0
        self.grid: tuple[int, float, int, float] = (0, 0.25, 0, 0.0)
        """Flags, division of a whole note, swing mode, swing amount."""
        self.dirty = False
        self.start_offset = 0.0
        self.start_measure = 0
        """Added to measure numbers where they are shown."""
        self.repeat = 0
        self.texts: dict[str, str] = {}
        self.master = Track(self, "MASTER")
        self.notes = ""
        self._time: tuple[object, TimeMap] | None = None

    @property
    def project(self) -> Project:
        return self

    @property
    def tracks(self) -> list[Track]:
        return self.state.tracks

    @property
    def items(self) -> list[Item]:
        return [item for track in self.tracks for item in track.items]

    @property
    def time(self) -> TimeMap:
        """The tempo and meter map as it stands."""
        key = (tuple(self.state.tempo), self.state.base)
        if self._time is None or self._time[0] != key:
            self._time = (key, TimeMap(list(self.state.tempo), *self.state.base))
        return self._time[1]

    @property
    def length(self) -> float:
        """Where the last item, marker or region ends, in seconds."""
        ends = [i.seconds + i.length for i in self.items] + [m.end or m.seconds for m in self.state.markers]
        return max(ends, default=0.0)

    def undo_labels(self) -> list[str]:
        """What was done, oldest first."""
        return [point.label for point in self.history[: self.position]]

    # Building, for tests

    def add_track(self, name: str = "", *, at: int | None = None, selected: bool = False) -> Track:
        """A new track, last unless said otherwise."""
        track = Track(self, name)
        track.values["I_SELECTED"] = float(selected)
        self.tracks.insert(len(self.tracks) if at is None else at, track)
        return track

    def track(self, name: str) -> Track:
        """The first track of that name."""
        return next(track for track in self.tracks if track.name == name)

    def add_tempo(self, qn: float, qpm: float, meter: str = "", *, linear: bool = False) -> None:
        """A tempo marker, in order; `meter` like 3/4 where it changes the meter too."""
        above, _, below = meter.partition("/")
        last = self.state.tempo[-1] if self.state.tempo else None
        if last is not None and last.linear:  # the ramp there ends here, so its mean tempo says how long it takes
            seconds = last.seconds + (qn - self.time.to_qn(last.seconds)) * 60 / ((last.qpm + qpm) / 2)
        else:
            seconds = self.time.to_seconds(qn)
        marker = TempoMarker(seconds, qpm, int(above or 0), int(below or 0), linear)
        self.state.tempo = sorted([*self.state.tempo, marker], key=lambda m: m.seconds)

    def add_region(self, name: str, from_qn: float, to_qn: float, colour: int = 0) -> Marker:
        """A region."""
        made = Marker(
            self.next_number(region=True), name, self.time.to_seconds(from_qn), self.time.to_seconds(to_qn), colour
        )
        return self.place_marker(made)

    def add_marker(self, name: str, qn: float) -> Marker:
        """A marker."""
        return self.place_marker(Marker(self.next_number(region=False), name, self.time.to_seconds(qn)))

    def place_marker(self, marker: Marker) -> Marker:
        """Markers and regions stand in order of time, together."""
        self.state.markers.append(marker)
        self.state.markers.sort(key=lambda m: (m.seconds, m.is_region))
        return marker

    def next_number(self, *, region: bool) -> int:
        """The first free number, as a new marker or region gets."""
        taken = {m.number for m in self.state.markers if m.is_region == region}
        return next(i for i in range(1, len(taken) + 2) if i not in taken)

    def select_time(self, from_qn: float, to_qn: float) -> None:
        """The time selection."""
        self.state.time_selection = (self.time.to_seconds(from_qn), self.time.to_seconds(to_qn))

    # Undo

    def photograph(self) -> State:
        """A copy of everything undo brings back."""
        return _copied(self.state, self)

    def last_known(self) -> State:
        """What was there at the last undo point."""
        if self.position:
            return self.history[self.position - 1].after
        return self.first or State()

    def remember(self, label: str, flags: int, before: State) -> None:
        """One more undo point; what was undone before is gone."""
        del self.history[self.position :]
        self.history.append(UndoPoint(label, flags, before, self.photograph()))
        self.position += 1
        self.changes += 1
        self.dirty = True

    def step(self, direction: int) -> bool:
        """Undo (-1) or redo (1) one point. Pointers to tracks, items and takes are dead afterwards."""
        at = self.position - 1 if direction < 0 else self.position
        if not 0 <= at < len(self.history):
            return False
        self.restore(self.history[at].before if direction < 0 else self.history[at].after)
        self.position += direction
        return True

    def restore(self, state: State) -> None:
        """Put a photograph in place of what is there."""
        for track in self.tracks:
            track.die()
        self.state = _copied(state, self)
        self.changes += 1


def fingerprint(state: State) -> object:
    """Equal for two states that hold the same."""
    tracks = tuple(track.snapshot() for track in state.tracks)
    markers = tuple((m.guid, m.number, m.name, m.seconds, m.end, m.colour) for m in state.markers)
    return tracks, markers, tuple(state.tempo), state.base, state.loop, state.time_selection


def _copied(state: State, project: Project) -> State:
    pools: dict[int, Pool] = {}
    made = copy(state)
    made.tracks = [_copied_track(track, project, pools) for track in state.tracks]
    made.markers = [copy(marker) for marker in state.markers]
    made.tempo = list(state.tempo)
    return made


def _copied_track(track: Track, project: Project, pools: dict[int, Pool]) -> Track:
    made = Track(project, track.name)
    made.guid, made.values, made.texts, made.ext = track.guid, dict(track.values), dict(track.texts), dict(track.ext)
    made.fx = [fx.copy() for fx in track.fx]
    made.items = [_copied_item(item, made, pools) for item in track.items]
    return made


def _copied_item(item: Item, track: Track, pools: dict[int, Pool]) -> Item:
    made = Item(track, item.seconds, item.length)
    made.guid, made.active, made.notes = item.guid, item.active, item.notes
    made.values, made.ext = dict(item.values), dict(item.ext)
    for take in item.takes:
        twin = Take(made, name=take.name)
        twin.guid, twin.values, twin.ext = take.guid, dict(take.values), dict(take.ext)
        if take.source:
            twin.give(_copied_source(take.source, pools))
        made.takes.append(twin)
    return made


def _copied_source(source: Source, pools: dict[int, Pool]) -> Source:
    pool = source.pool
    if pool is not None:
        if id(pool) not in pools:
            pools[id(pool)] = copy(pool)
            pools[id(pool)].events = list(pool.events)
        pool = pools[id(pool)]
    return Source(source.type, pool, source.file, source.seconds)
