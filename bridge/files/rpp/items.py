"""Items of a project: where they lie, their takes, and what each take plays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from bridge.files.rpp.midi import MidiSource, read_midi
from bridge.files.rpp.text import Block, as_text, number, senseless, whole, words
from bridge.files.rpp.time import MAX_SECONDS, ProjectTime, position
from engines.errors import Notice, UnreadableFile
from engines.music.edits import cut, join, shift_event, shift_note, slice_clip
from engines.music.notes import Note
from engines.music.song import NOTHING, AudioClip, Clip, MidiClip, Placement, Take
from engines.music.time import PPQ, Seconds, Ticks

EXT_PREFIX = "partimento."
"""What our own entries in REAPER's extension data begin with."""

MAX_TURNS = 10_000
"""An item that repeats its source more often than this is a slip in its length."""

_FINDINGS = {
    "W_MUTED_EVENTS": ("Muted MIDI events were left out", "They stay in the project; unmute what you want used."),
    "W_SYSEX": ("System exclusive or unusual meta events were left out", "They stay in the project."),
    "W_NO_SOURCE": ("Takes without a source are read as silence", "Restore or delete them in REAPER."),
    "W_MIDI_FILE": (
        "Takes refer to MIDI files outside the project, whose notes were not read",
        "In REAPER, convert them to in-project MIDI, or give the MIDI file itself.",
    ),
    "W_REVERSED": ("Takes that play backwards are read as if they did not", "Glue them if that matters."),
    "W_TAKE_PITCH": ("MIDI takes with a pitch shift are read unshifted", "Transpose their notes instead."),
    "W_ALL_TAKES": ("Of items that play all their takes, only the active one was used", "Explode the takes to tracks."),
    "W_LANES": ("Items in lanes that do not play count as muted", "Choose other lanes in REAPER."),
    "W_REGION": ("Regions without an end were left out", "Correct them in REAPER's region manager."),
}
"""What may have to be left out: the sentence, and what to do about it."""


class Findings:
    """What a reader had to leave out, counted."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    def notices(self) -> tuple[Notice, ...]:
        """One notice for each kind of finding."""
        return tuple(
            Notice(code, f"{_FINDINGS[code][0]}: {count}.", _FINDINGS[code][1])
            for code, count in sorted(self.counts.items())
            if count
        )


@dataclass(slots=True)
class _TakeText:
    """The lines of one take."""

    name: str = ""
    offset: list[str] = field(default_factory=lambda: ["SOFFS", "0"])
    playback: list[str] = field(default_factory=lambda: ["PLAYRATE", "1"])
    source: Block | None = None
    silent: bool = False


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an item lies."""

    seconds: float
    lasts: float
    """Seconds."""
    start: Ticks
    length: Ticks
    looped: bool


class ItemReader:
    """Reads the items of one project."""

    def __init__(self, time: ProjectTime, findings: Findings) -> None:
        self._time = time
        self._findings = findings.counts
        self._pools: dict[str, MidiSource] = {}

    def learn_pools(self, items: Iterable[Block]) -> None:
        """Pooled takes share the events of one of them: find those first."""
        for item in items:
            for source in item.blocks("SOURCE"):
                pool = _pool(source)
                if pool and pool not in self._pools and any(row[0] in "Ee" for row in source.rows()):
                    self._pools[pool] = self._events(source)

    def read(self, item: Block, plays: Callable[[Block], bool]) -> Placement:
        """One item; `plays` says whether its lane is heard."""
        rows = {row[0]: row for row in item.rows()}
        seconds = position(rows.get("POSITION", ["POSITION", "0"]))
        length = number(rows.get("LENGTH", ["LENGTH"]), 1, 0)
        if not 0 <= length <= MAX_SECONDS:
            raise senseless(rows["LENGTH"])
        start = self._time.ticks_at(seconds)
        span = Ticks(self._time.ticks_at(seconds + length) - start)
        place = _Place(seconds, length, start, span, _flag(rows, "LOOP"))
        texts, active = _take_texts(item)
        heard = plays(item)
        self._findings["W_LANES"] += not heard
        self._findings["W_ALL_TAKES"] += _flag(rows, "ALLTAKES") and len(texts) > 1
        provenance = _provenance(item)
        if len(texts) == 1 and texts[0].source is None:
            takes = [_words_take(item, texts[0], place, provenance.get(0, NOTHING))]
        else:
            takes = [self._take(text, place, provenance.get(i, NOTHING)) for i, text in enumerate(texts)]
        return Placement(
            start, span, tuple(takes), active, place.looped, _flag(rows, "LOCK"), _flag(rows, "MUTE") or not heard
        )

    def _take(self, text: _TakeText, place: _Place, provenance: Mapping[str, str]) -> Take:
        source, section = text.source, None
        if source is not None and source.head[1:2] == ["SECTION"]:
            section, source = source, next(source.blocks("SOURCE"), None)
            self._findings["W_REVERSED"] += bool(whole(section.row("MODE") or ["MODE"], 1, 0) & 1)
        self._findings["W_NO_SOURCE"] += source is None and not text.silent
        if source is None:
            clip: Clip = MidiClip(place.length, name=text.name)
        elif source.head[1:2] in (["MIDI"], ["MIDIPOOL"]):
            clip = self._midi(source, text, place)
        else:
            clip = self._audio(source, section, text, place)
        return Take(clip, text.name, provenance)

    def _midi(self, source: Block, text: _TakeText, place: _Place) -> MidiClip:
        found = self._pools.get(_pool(source)) or self._events(source)
        self._findings["W_TAKE_PITCH"] += number(text.playback, 3, 0) != 0
        rate = _rate(text)
        quarters = place.length / PPQ if found.own_qpm is None else place.lasts * found.own_qpm / 60
        needed = round(quarters * rate * PPQ)
        clip = _from_offset(found.clip, self._offset(text, found.own_qpm, place, rate), place.looped, needed)
        if found.own_qpm is not None:
            clip = _moved(clip, self._in_own_tempo(found.own_qpm, place, rate))
        elif rate != 1:
            clip = _moved(clip, lambda tick: round(tick / rate))
        length = clip.length if clip.length > 0 else place.length
        return MidiClip(length, clip.notes, clip.events, text.name)

    def _events(self, source: Block) -> MidiSource:
        found = read_midi(source)
        self._findings["W_MUTED_EVENTS"] += found.muted
        self._findings["W_SYSEX"] += found.exclusive
        self._findings["W_MIDI_FILE"] += bool(found.file)
        return found

    def _offset(self, text: _TakeText, own_qpm: float | None, place: _Place, rate: float) -> int:
        """How far into its source a take begins, in the source's ticks.

        The first value is in seconds; REAPER adds the same in quarter notes for MIDI, which needs no tempo to be read.
        """
        seconds, quarters = number(text.offset, 1, 0), number(text.offset, 2, 0)
        if max(abs(seconds), abs(quarters)) > MAX_SECONDS:
            raise senseless(text.offset)
        if own_qpm is not None:
            quarters = seconds * own_qpm / 60
        elif quarters == 0 and seconds != 0:
            at = place.seconds
            quarters = rate * (self._time.quarters_at(at) - self._time.quarters_at(at - seconds / rate))
        return round(quarters * PPQ)

    def _in_own_tempo(self, qpm: float, place: _Place, rate: float) -> Callable[[int], int]:
        pace = 60.0 / PPQ / qpm / rate
        return lambda tick: self._time.ticks_at(place.seconds + tick * pace) - place.start

    def _audio(self, source: Block, section: Block | None, text: _TakeText, place: _Place) -> Clip:
        file = source.row("FILE")
        if file is None or len(file) < 2:
            return MidiClip(place.length, name=text.name)
        rate, length, offset = _rate(text), place.length, number(text.offset, 1, 0)
        if section is not None:
            offset += number(section.row("STARTPOS") or ["STARTPOS"], 1, 0)
            seconds = number(section.row("LENGTH") or ["LENGTH"], 1, 0) / rate
            if 0 < seconds <= MAX_SECONDS:
                length = Ticks(self._time.ticks_at(place.seconds + seconds) - place.start)
        pitch = number(text.playback, 3, 0)
        return AudioClip(length, as_text(file[1]), rate, pitch, Seconds(offset), text.name)


def _take_texts(item: Block) -> tuple[list[_TakeText], int]:
    """The takes in order, and which one is active. The first begins without a line of its own."""
    takes, active = [_TakeText()], 0
    for node in item.body:
        take = takes[-1]
        if isinstance(node, Block):
            kind = node.head[0]
            if kind == "SOURCE" and take.source is None:
                take.source = node
            elif kind == "NAME":
                take.name = node.notes()
            continue
        row = words(node) or [""]
        if row[0] == "TAKE":
            active = len(takes) if "SEL" in row else active
            takes.append(_TakeText(silent="NULL" in row))
        elif row[0] == "NAME":
            take.name = as_text((*row, "")[1])
        elif row[0] == "SOFFS":
            take.offset = row
        elif row[0] == "PLAYRATE":
            take.playback = row
    takes[0].silent = len(takes) > 1 and not takes[0].name  # an empty take that comes first has no lines at all
    return takes, active


def _words_take(item: Block, text: _TakeText, place: _Place, provenance: Mapping[str, str]) -> Take:
    """An item without any take is a place for words, such as a chord symbol: its notes, or its name."""
    notes = next(item.blocks("NOTES"), None)
    name = (notes.notes().strip() if notes else "") or text.name
    return Take(MidiClip(place.length, name=name), name, provenance)


def _from_offset(clip: MidiClip, offset: int, looped: bool, needed: int) -> MidiClip:
    """The clip as it plays from `offset` on, where `needed` ticks of it fill the item."""
    if offset == 0 or clip.length <= 0:
        return clip
    if looped:
        return _turned(clip, offset % clip.length, needed)
    if offset < 0:
        return join(MidiClip(Ticks(-offset)), clip)
    return _later(clip, min(offset, clip.length), clip.length)


def _later(clip: MidiClip, start: int, end: int) -> MidiClip:
    """The part between two ticks. What sounds when it begins, sounds on."""
    part = slice_clip(clip, start, end)
    sounding = [
        Note(Ticks(0), Ticks(n.start + n.length - start), n.pitch, n.velocity, n.channel, n.release)
        for n in clip.notes
        if n.start < start < n.start + n.length
    ]
    return replace(part, notes=(*sounding, *part.notes)) if sounding else part


def _turned(clip: MidiClip, offset: int, needed: int) -> MidiClip:
    """A clip that repeats, begun in its middle: turned round, or played out where a note sounds across that place."""
    ended = [
        replace(n, length=Ticks(min(n.length, clip.length - n.start))) for n in clip.notes if n.start < clip.length
    ]
    clip = replace(clip, notes=tuple(ended))
    if not any(n.start < offset < n.start + n.length for n in clip.notes):
        head, tail = cut(clip, offset)
        return join(tail, head)
    turns = -(-(offset + needed) // clip.length)
    if turns > MAX_TURNS:
        raise UnreadableFile(f"An item repeats its source over {MAX_TURNS:,} times.", "Shorten it in REAPER.")
    whole = MidiClip(
        Ticks(turns * clip.length),
        tuple(shift_note(n, turn * clip.length) for turn in range(turns) for n in clip.notes),
        tuple(shift_event(e, turn * clip.length) for turn in range(turns) for e in clip.events),
    )
    return _later(whole, offset, offset + needed)


def _moved(clip: MidiClip, to_tick: Callable[[int], int]) -> MidiClip:
    """The clip with every tick sent elsewhere, in the same order."""
    notes = []
    for n in clip.notes:
        start = to_tick(n.start)
        length = max(1, to_tick(n.start + n.length) - start)
        notes.append(Note(Ticks(start), Ticks(length), n.pitch, n.velocity, n.channel, n.release))
    events = tuple(replace(event, tick=Ticks(to_tick(event.tick))) for event in clip.events)
    return MidiClip(Ticks(to_tick(clip.length)), tuple(notes), events, clip.name)


def _rate(text: _TakeText) -> float:
    rate = number(text.playback, 1, 1)
    if not 0.001 <= rate <= 1000:
        raise senseless(text.playback)
    return rate


def _pool(source: Block) -> str:
    row = source.row("POOLEDEVTS") or []
    return row[1] if len(row) > 1 else ""


def _flag(rows: Mapping[str, list[str]], key: str) -> bool:
    row = rows.get(key)
    return row is not None and whole(row, 1, 0) != 0


def _provenance(item: Block) -> dict[int, Mapping[str, str]]:
    """Our own entries in the item's extension data, by take: `partimento.0.seed 1`."""
    found: dict[int, dict[str, str]] = {}
    for row in (row for block in item.blocks("EXT") for row in block.rows()):
        index, _, key = row[0].removeprefix(EXT_PREFIX).partition(".")
        if row[0].startswith(EXT_PREFIX) and index.isdigit() and len(index) < 6 and len(row) > 1:
            found.setdefault(int(index), {})[as_text(key)] = as_text(row[1])
    return {index: MappingProxyType(entries) for index, entries in found.items()}
