"""Any file that holds music, as a song."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from bridge.files import midi
from engines.errors import Notice, UnreadableFile
from engines.music.song import MidiClip, Placement, Song, Take, Track
from engines.music.time import Ticks

MIDI, PROJECT, TEXT, SCORE = "MIDI file", "REAPER project", "lead sheet", "MusicXML score"
KINDS = {
    ".mid": MIDI, ".midi": MIDI, ".smf": MIDI, ".kar": MIDI, ".rmi": MIDI,
    ".rpp": PROJECT, ".rpp-bak": PROJECT,
    ".txt": TEXT, ".chords": TEXT, ".lead": TEXT,
    ".musicxml": SCORE, ".mxl": SCORE, ".xml": SCORE,
}  # fmt: skip


@dataclass(frozen=True)
class Loaded:
    """A file that was read."""

    song: Song
    kind: str
    """What it is, in words."""
    notices: tuple[Notice, ...] = ()


def load(path: str | os.PathLike[str]) -> Loaded:
    """Read a file by what its name says it is; where the name says nothing, by how it begins."""
    return read(midi.read_bytes(path), Path(path).name)


def read(data: bytes, name: str) -> Loaded:
    """The same for bytes that came from a file of that name."""
    kind = KINDS.get(PurePath(name).suffix.lower()) or _guess(data, name)
    loaded = _READERS[kind](data, name)
    if not loaded.song.name:
        loaded = replace(loaded, song=replace(loaded.song, name=PurePath(name).stem))
    return loaded


def _guess(data: bytes, name: str) -> str:
    start = data[:512].lstrip()
    if start.startswith((b"MThd", b"RIFF")):
        return MIDI
    if start.startswith(b"<REAPER_PROJECT"):
        return PROJECT
    if start.startswith((b"<?xml", b"<score-", b"PK\x03\x04")):
        return SCORE
    raise UnreadableFile(f"{name} is no file that can be read.", f"Give one of these: {' '.join(sorted(KINDS))}.")


def _midi(data: bytes, name: str) -> Loaded:
    reading = midi.read_song(data)
    chords = tuple(
        Track(words.name, (Placement(Ticks(0), end, (Take(MidiClip(end, (), words.texts)),)),))
        for words in reading.words
        if words.name.strip().casefold() == "chords"
        for end in (Ticks(max(reading.song.end, 1)),)
    )
    song = replace(reading.song, tracks=(*reading.song.tracks, *chords)) if chords else reading.song
    return Loaded(song, MIDI, reading.notices)


def _project(data: bytes, name: str) -> Loaded:
    from bridge.files import rpp

    project = rpp.read_project(data)
    return Loaded(project.song, PROJECT, project.notices)


def _text(data: bytes, name: str) -> Loaded:
    from bridge.files import lead_sheet_text

    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise UnreadableFile(f"{name} is not UTF-8 text.", "Save it as UTF-8.") from problem
    return Loaded(lead_sheet_text.read_lead_sheet(text).song(), TEXT)


def _score(data: bytes, name: str) -> Loaded:
    from bridge.files import musicxml

    reading = musicxml.read_score(data, name)
    return Loaded(reading.song, SCORE, reading.notices)


_READERS: dict[str, Callable[[bytes, str], Loaded]] = {MIDI: _midi, PROJECT: _project, TEXT: _text, SCORE: _score}
