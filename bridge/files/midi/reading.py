"""Reading a MIDI file as a song, with the way back from each note to the events that it is written as."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bridge.files.midi.bytes import read_midi
from bridge.files.midi.keys import read_keys, said_key
from bridge.files.midi.maps import KEY, METER, TEMPO, check_length, collect, read_meter, read_tempo
from bridge.files.midi.notes import NO_END, Contents, sort_out
from bridge.files.midi.parts import Origin, Part, Words, find_markers, find_words, silent_programs, song_name, split
from bridge.files.midi.raw import MAX_BYTES, RawMidi
from engines.errors import Notice, UnreadableFile
from engines.music.song import MidiClip, Placement, Song, Take, Track
from engines.music.time import PPQ, Division, MeterMap, Ticks

_SLACK = PPQ // 4
"""An End of Track or a controller less than a sixteenth behind a bar line opens no new bar: it often stands there."""


@dataclass(frozen=True, slots=True)
class MidiReading:
    """What a MIDI file holds: as a song, and as it is stored."""

    song: Song
    """One track for each channel of each MIDI track that has notes; its one clip reaches to the last bar line."""
    raw: RawMidi
    """Every event, untouched."""
    origins: tuple[Origin, ...]
    """Where each track of the song comes from, and each note of its clip."""
    words: tuple[Words, ...]
    """What tracks without notes say, such as a chord track made of text events."""
    notices: tuple[Notice, ...]
    """What was odd."""


def load(path: str | os.PathLike[str]) -> MidiReading:
    """Read a file from disk."""
    return read_song(read_bytes(path))


def read_bytes(path: str | os.PathLike[str]) -> bytes:
    """The bytes of a regular file of sensible size."""
    file = Path(path)
    try:
        status = file.stat()
        if stat.S_ISDIR(status.st_mode):
            raise UnreadableFile(f"{file.name or file} is a folder.", "Name one of the files in it.")
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableFile(f"{file.name} is no ordinary file.", "Give the path of a music file.")
        if status.st_size > MAX_BYTES:
            raise UnreadableFile(
                f"{file.name} has {status.st_size:,} bytes, more than any piece needs.",
                f"Give a file of up to {MAX_BYTES // (1024 * 1024)} MiB.",
            )
        return file.read_bytes()
    except FileNotFoundError as error:
        raise UnreadableFile(f"There is no file {file.name} here.", "Check the path and the spelling.") from error
    except (OSError, ValueError) as error:  # ValueError: a path with a NUL in it
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise UnreadableFile(
            f"{file.name!r} cannot be read: {reason}.", "Check the path and its permissions."
        ) from error


def read_song(data: bytes) -> MidiReading:
    """Read the bytes of a file."""
    return understand(read_midi(data))


def understand(raw: RawMidi) -> MidiReading:
    """See a raw file as a song."""
    contents = [sort_out(track) for track in raw.tracks]
    stated = collect(raw, (inside.meta for inside in contents))
    meter, odd_meters = read_meter(stated[METER])
    tempo, odd_tempi = read_tempo(stated[TEMPO], meter)
    words = find_words(raw, contents)
    said = [change for each in words for text in each.texts if (change := said_key(text))]
    keys, odd_keys = read_keys(stated[KEY], said)
    spare = silent_programs(raw, contents)
    parts = [part for index, inside in enumerate(contents) for part in split(raw, index, inside, spare)]
    end = _end(raw, parts, meter)
    check_length(end, meter, tempo)
    song = Song(
        tuple(_track(part, end) for part in parts),
        tempo,
        meter,
        keys,
        markers=find_markers(raw, contents, words),
        name=song_name(raw, contents),
    )
    notices = (*raw.notices, *odd_meters, *odd_tempi, *odd_keys, *_hanging(contents))
    return MidiReading(song, raw, tuple(part.origin for part in parts), words, notices)


def _end(raw: RawMidi, parts: Sequence[Part], meter: MeterMap) -> Ticks:
    """The bar line that closes the piece."""
    notes = max((note.start + note.length for part in parts for note in part.notes), default=0)
    last = Division(raw.division).to_ticks(max(track.end for track in raw.tracks))
    line = meter.bar_start(meter.bar_at(last))
    return meter.bar_end(meter.bars_until(max(notes, line if last - line < _SLACK else last)))


def _track(part: Part, end: Ticks) -> Track:
    """A track with one clip as long as the piece; a controller behind the last bar line is moved onto it."""
    events = part.events
    if events and events[-1].tick > end:
        events = tuple(event if event.tick <= end else replace(event, tick=end) for event in events)
    clip = MidiClip(end, part.notes, events)
    place = Placement(Ticks(0), end, (Take(clip),))
    return Track(part.name, (place,), program=part.program, channel=part.origin.channel)


def _hanging(contents: Sequence[Contents]) -> list[Notice]:
    count = sum(inside.off.count(NO_END) for inside in contents)
    if not count:
        return []
    what = "A note has no end and is" if count == 1 else f"{count} notes have no end and are"
    return [Notice("W_HANGING_NOTE", f"{what} held until the track ends.", "Look for notes that sound too long.")]
