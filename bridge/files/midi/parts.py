"""From MIDI tracks to parts, one for each channel of each track that has notes; and the words of the other tracks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bridge.files.midi.keys import said_key
from bridge.files.midi.notes import Contents, channel_event, to_ticks, voices
from bridge.files.midi.raw import RawMidi, RawTrack
from bridge.files.midi.text import clean, decode, decode_name
from engines.music.notes import DRUM_CHANNEL, Event, Note, Program, Text
from engines.music.song import Marker
from engines.music.time import PPQ, Division, Ticks

TEXT, NAME, INSTRUMENT, LYRIC, MARKER, CUE, CHANNEL_PREFIX = 0x01, 0x03, 0x04, 0x05, 0x06, 0x07, 0x20
KINDS = {TEXT: "text", LYRIC: "lyric", CUE: "cue"}
"""The meta events that a clip keeps as words, and what it calls them."""
WORDS = {**{name: kind for kind, name in KINDS.items()}, "marker": MARKER}
"""The way back."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a track of the song stands in the file."""

    track: int
    """Index of the MIDI track."""
    channel: int
    on: tuple[int, ...]
    """For each note of the clip: the index of its note-on event in the MIDI track."""
    off: tuple[int, ...]
    """Likewise of its note-off event; -1 where it has none."""


@dataclass(frozen=True, slots=True)
class Words:
    """What a MIDI track without notes says."""

    track: int
    """Index of the MIDI track."""
    name: str
    texts: tuple[Text, ...]
    """Texts, lyrics, cues and markers (those as kind `marker`), in order."""


@dataclass(frozen=True, slots=True)
class Part:
    """One channel of a MIDI track, in song ticks."""

    origin: Origin
    name: str
    program: int | None
    notes: tuple[Note, ...]
    events: tuple[Event, ...]


def split(raw: RawMidi, index: int, contents: Contents, fallback: Mapping[int, int]) -> list[Part]:
    """The parts of a MIDI track, by channel. `fallback` has programs for channels to which the track gives none."""
    if not contents.on:
        return []
    track = raw.tracks[index]
    ticks = to_ticks(track.ticks, raw.division)
    by_channel = voices(track, contents, ticks, max(1, PPQ // raw.division))
    events = _channel_events(track, contents, ticks)
    words = [
        (i, Text(Ticks(ticks[i]), decode(track.messages[i][2:]), KINDS[track.messages[i][1]]))
        for i in contents.meta
        if track.messages[i][1] in KINDS and (not raw.is_single or track.messages[i][1] == LYRIC)
    ]
    first = min(by_channel)
    events[first] = sorted((*events[first], *words), key=lambda row: row[0])
    names = _part_names(raw, index, contents, sorted(by_channel))
    out = []
    for channel in sorted(by_channel):
        voice, shaped = by_channel[channel], tuple(event for _, event in events[channel])
        program = next((e.program for e in shaped if isinstance(e, Program)), fallback.get(channel))
        origin = Origin(index, channel, tuple(voice.on), tuple(voice.off))
        out.append(Part(origin, names[channel], program, tuple(voice.notes), shaped))
    return out


def _channel_events(
    track: RawTrack, contents: Contents, ticks: Sequence[int]
) -> defaultdict[int, list[tuple[int, Event]]]:
    """(index, event) of each channel, in order."""
    out: defaultdict[int, list[tuple[int, Event]]] = defaultdict(list)
    messages = track.messages
    for i in contents.channel:
        message = messages[i]
        out[message[0] & 0x0F].append((i, channel_event(message, ticks[i])))
    return out


def _part_names(raw: RawMidi, index: int, contents: Contents, channels: list[int]) -> dict[int, str]:
    """What the parts of a track are called: by the track, or each by its channel where there are several."""
    track_name, own = track_names(raw.tracks[index], contents)
    if len(channels) == 1:
        name = own.get(channels[0]) or track_name or f"Track {index + 1}"
        return {channels[0]: name}
    before = f"{track_name} ch" if track_name and not raw.is_single else "Channel"
    spare = {channel: f"{before} {channel + 1}" for channel in channels}
    if raw.is_single and DRUM_CHANNEL in spare:
        spare[DRUM_CHANNEL] = "Drums"
    return spare | {channel: name for channel, name in own.items() if channel in spare}


def track_names(track: RawTrack, contents: Contents) -> tuple[str, dict[int, str]]:
    """The name of a track (failing that, of its instrument), and names that a channel prefix gives to channels."""
    names: dict[int, str] = {}
    own: dict[int, str] = {}
    channel, reach = -1, -1
    for i in contents.meta:
        message = track.messages[i]
        if message[1] == CHANNEL_PREFIX and len(message) == 3:
            channel, reach = message[2], i + 1
        elif i == reach:
            reach = i + 1  # a prefix speaks for the meta events right behind it
            if message[1] in (NAME, INSTRUMENT):
                own.setdefault(channel, decode_name(message[2:]))
        elif message[1] in (NAME, INSTRUMENT):
            names[message[1]] = names.get(message[1]) or decode_name(message[2:])
    return names.get(NAME) or names.get(INSTRUMENT) or "", {c: name for c, name in own.items() if name}


def silent_programs(raw: RawMidi, contents: Iterable[Contents]) -> dict[int, int]:
    """The first program of each channel in tracks without notes: there, some programs set up the whole ensemble."""
    found: dict[int, tuple[int, int]] = {}
    for track, inside in zip(raw.tracks, contents, strict=True):
        for i in inside.channel if not inside.on else ():
            message = track.messages[i]
            if message[0] >> 4 == 0xC:
                channel, when = message[0] & 0x0F, track.ticks[i]
                found[channel] = min(found.get(channel, (when, message[1])), (when, message[1]), key=lambda f: f[0])
    return {channel: program for channel, (_, program) in found.items()}


def find_words(raw: RawMidi, contents: Sequence[Contents]) -> tuple[Words, ...]:
    """The words of tracks without notes; in a file with a single track, what that says beside lyrics."""
    kinds = {kind: name for name, kind in WORDS.items()}
    if raw.is_single:
        del kinds[LYRIC]
    out = []
    for index, inside in enumerate(contents):
        if raw.is_single or not inside.on:
            texts = tuple(
                Text(tick, decode(payload), kinds[kind])
                for tick, kind, payload in _metas(raw, index, inside)
                if kind in kinds
            )
            if texts:
                out.append(Words(index, track_names(raw.tracks[index], inside)[0], texts))
    return tuple(out)


def find_markers(raw: RawMidi, contents: Sequence[Contents], words: Iterable[Words]) -> tuple[Marker, ...]:
    """Named moments: markers of any track, and the texts and cues among the words, unless they say a key."""
    said = [t for w in words for t in w.texts if t.kind in ("text", "cue") and said_key(t) is None]
    found = [(text.tick, clean(text.text)) for text in said]
    for index, inside in enumerate(contents):
        found += [(tick, decode_name(payload)) for tick, kind, payload in _metas(raw, index, inside) if kind == MARKER]
    return tuple(Marker(tick, name) for tick, name in sorted(found, key=lambda row: row[0]) if name)


def _metas(raw: RawMidi, index: int, inside: Contents) -> Iterator[tuple[Ticks, int, bytes]]:
    """(tick, type, payload) of a track's meta events."""
    division, track = Division(raw.division), raw.tracks[index]
    for i in inside.meta:
        message = track.messages[i]
        yield division.to_ticks(track.ticks[i]), message[1], message[2:]


def song_name(raw: RawMidi, contents: Sequence[Contents]) -> str:
    """What the first track says, unless it is a part and its name is that part's."""
    first = contents[0]
    return track_names(raw.tracks[0], first)[0] if raw.is_single or not first.on else ""
