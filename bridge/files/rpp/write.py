"""REAPER projects out: a song as a complete `.RPP` that REAPER 7 opens.

Everything is written with plain means (tempo envelope, regions, tracks, items, in-project MIDI) and the same song gives
the same bytes: identifiers are made from names and places, and the time stamp is 0.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from pathlib import PurePosixPath

from bridge.files.rpp.items import EXT_PREFIX
from bridge.files.rpp.midi import event_lines
from bridge.files.rpp.project import HAS_COLOUR
from bridge.files.rpp.sections import split_by_sections
from bridge.files.rpp.text import fixed, one_line, quoted
from bridge.files.rpp.time import write_time
from engines.errors import InvalidMusic
from engines.music.notes import Event, Program
from engines.music.song import AudioClip, MidiClip, Placement, Song, Take, Track
from engines.music.time import PPQ, Ticks

__all__ = ["colour_number", "in_folders", "split_by_sections", "write_project"]

NO_COLOUR = 16576
"""What REAPER stores for a track in the theme's colour."""
_FAMILY = uuid.UUID("6e0f3d3c-6a35-5b0d-9a6e-5a3a4b9b7c11")
"""The namespace of our identifiers."""
_COLOUR = re.compile(r"#([0-9a-fA-F]{2})([0-9a-fA-F]{2})([0-9a-fA-F]{2})")
_HEADER = """\
<REAPER_PROJECT 0.1 "7.0/win64" 0
  RIPPLE 0
  GROUPOVERRIDE 0 0 0
  AUTOXFADE 129
  ENVATTACH 3
  POOLEDENVATTACH 0
  MIXERUIFLAGS 11 48
  PEAKGAIN 1
  FEEDBACK 0
  PANLAW 1
  PROJOFFS 0 0 0
  MAXPROJLEN 0 0
  GRID 3199 8 1 8 1 0 0 0
  TIMEMODE 1 5 -1 30 0 0 -1
  PANMODE 3
  CURSOR 0
  ZOOM 100 0 0
  VZOOMEX 6 0
  USE_REC_CFG 0
  RECMODE 1
  LOOP 0
  LOOPGRAN 0 4
  RECORD_PATH "Media" ""
  TIMELOCKMODE 1
  TEMPOENVLOCKMODE 1
  ITEMMIX 1
  DEFPITCHMODE 589824 0
  TAKELANE 1
  SAMPLERATE 48000 0 0
  LOCK 1
  GLOBAL_AUTO -1"""
_MASTER = """\
  PLAYRATE 1 0 0.25 4
  SELECTION 0 0
  SELECTION2 0 0
  MASTERAUTOMODE 0
  MASTERTRACKHEIGHT 0 0
  MASTERPEAKCOL 16576
  MASTERMUTESOLO 0
  MASTER_NCH 2 2
  MASTER_VOLUME 1 0 -1 -1 1
  MASTER_PANMODE 3
  MASTER_FX 1
  MASTER_SEL 0"""
_FILE_KINDS = {".mp3": "MP3", ".ogg": "VORBIS", ".opus": "OPUS", ".flac": "FLAC", ".mp4": "VIDEO", ".mov": "VIDEO"}
"""REAPER's names for the kinds of audio files that are not WAVE to it."""


def write_project(song: Song) -> bytes:
    """The song as a project file."""
    return ("\n".join(_Writer(song).lines()) + "\n").encode("utf-8", "replace")


class _Writer:
    """Writes one song."""

    def __init__(self, song: Song) -> None:
        self._song = song
        self._items = 0

    def lines(self) -> Iterator[str]:
        """Every line of the file."""
        song = self._song
        yield _HEADER
        if song.name:
            yield f"  TITLE {quoted(song.name)}"
        tempo, *envelope = write_time(song.tempo, song.meter, _identifier(song.name, "tempo"))
        yield tempo
        yield _MASTER
        yield from envelope
        yield from self._signposts()
        yield from ("  <PROJBAY", "  >")
        for index, (track, change) in enumerate(in_folders(song.tracks)):
            yield from self._track(index, track, change)
        yield from ("  <EXTENSIONS", "  >")
        yield from self._labels()
        yield ">"

    def _seconds(self, tick: int) -> float:
        if tick < 0:
            raise InvalidMusic(f"Something stands {-tick} ticks before the start.", "A project begins at bar 1.")
        return self._song.tempo.seconds_at(tick)

    def _region_id(self, index: int) -> str:
        return _identifier(self._song.name, "region", index, self._song.sections[index].name)

    def _signposts(self) -> Iterator[str]:
        for i, section in enumerate(self._song.sections):
            start, end = fixed(self._seconds(section.start)), fixed(self._seconds(section.end))
            colour = colour_number(section.colour, 0)
            yield f"  MARKER {i + 1} {start} {quoted(section.name)} 1 {colour} 1 R {self._region_id(i)} 0"
            yield f'  MARKER {i + 1} {end} "" 1'
        for i, marker in enumerate(self._song.markers):
            place, own = fixed(self._seconds(marker.tick)), _identifier(self._song.name, "marker", i, marker.name)
            yield f"  MARKER {i + 1} {place} {quoted(marker.name)} 0 0 1 R {own} 0"

    def _labels(self) -> Iterator[str]:
        labelled = [i for i, section in enumerate(self._song.sections) if section.label]
        if labelled:
            yield from ("  <EXTSTATE", "    <PARTIMENTO")
            for i in labelled:
                yield f"      LABEL:{self._region_id(i)} {quoted(self._song.sections[i].label)}"
            yield from ("    >", "  >")

    def _track(self, index: int, track: Track, change: int) -> Iterator[str]:
        own = _identifier(self._song.name, "track", index, track.name)
        yield f"  <TRACK {own}"
        yield f"    NAME {quoted(track.name)}"
        if all(mark in track.name for mark in "\"'`"):
            yield from ("    <NAME", f"      |{one_line(track.name)}", "    >")
        yield f"    PEAKCOL {colour_number(track.colour, NO_COLOUR)}"
        yield from ("    BEAT -1", "    AUTOMODE 0", "    VOLPAN 1 0 -1 -1 1", f"    MUTESOLO {int(track.muted)} 0 0")
        yield from ("    IPHASE 0", "    PLAYOFFS 0 1", f"    ISBUS {_bus(change)}", "    BUSCOMP 0 0 0 0 0")
        yield from ("    SHOWINMIX 1 0.6667 0.5 1 0.5 0 0 0", "    SEL 0", "    REC 0 0 1 0 0 0 0 0", "    VU 2")
        yield from ("    TRACKHEIGHT 0 0 0 0 0 0", "    INQ 0 0 0 0.5 100 0 0 100", "    NCHAN 2", "    FX 1")
        yield from (f"    TRACKID {own}", "    PERF 0", "    MIDIOUT -1", "    MAINSEND 1 0")
        if track.role:
            yield from ("    <EXT", f"      {EXT_PREFIX}role {quoted(track.role)}", "    >")
        words_only = track.name.casefold() == "chords"
        for number, placement in enumerate(track.placements):
            yield from self._item(f"{index}/{number}", track, placement, words_only)
        yield "  >"

    def _item(self, place: str, track: Track, item: Placement, words_only: bool) -> Iterator[str]:
        if item.length < 0:
            raise InvalidMusic(f"An item on {track.name} ends before it starts.", "Give it a length.")
        self._items += 1
        start = self._seconds(item.start)
        yield "    <ITEM"
        yield f"      POSITION {fixed(start)}"
        yield f"      LENGTH {fixed(self._seconds(item.end) - start)}"
        yield from (f"      LOOP {int(item.looped)}", "      ALLTAKES 0")
        if isinstance(item.clip, MidiClip):
            yield "      BEAT 1"
        yield from ("      FADEIN 1 0 0 1 0 0 0", "      FADEOUT 1 0 0 1 0 0 0", f"      MUTE {int(item.muted)} 0")
        if item.locked:
            yield "      LOCK 1"
        yield "      SEL 0"
        yield f"      IGUID {_identifier(self._song.name, 'item', place)}"
        yield f"      IID {self._items}"
        yield from _provenance(item)
        if words_only and _is_words(item):
            yield from _notes(_take_name(item.takes[0]))
        else:
            for number, take in enumerate(item.takes):
                yield from self._take(f"{place}/{number}", number, track, item, take)
        yield "    >"

    def _take(self, place: str, number: int, track: Track, item: Placement, take: Take) -> Iterator[str]:
        if number:
            yield "      TAKE SEL" if number == item.active else "      TAKE"
        clip = take.clip
        yield f"      NAME {quoted(_take_name(take))}"
        yield "      TAKEVOLPAN 0 1 -1" if number else "      VOLPAN 1 0 1 -1"
        if isinstance(clip, AudioClip):
            yield f"      SOFFS {fixed(clip.offset)}"
            yield f"      PLAYRATE {fixed(clip.rate)} 1 {fixed(clip.pitch)} -1 0 0.0025"
        else:
            yield from ("      SOFFS 0 0", "      PLAYRATE 1 1 0 -1 0 0.0025")
        yield "      CHANMODE 0"
        yield f"      GUID {_identifier(self._song.name, 'take', place)}"
        yield from self._audio(item, clip) if isinstance(clip, AudioClip) else self._midi(place, track, item, clip)

    def _midi(self, place: str, track: Track, item: Placement, clip: MidiClip) -> Iterator[str]:
        tempo, meter = self._song.tempo.qpm_at(item.start), self._song.meter.meter_at(item.start)
        yield "      <SOURCE MIDI"
        yield f"        HASDATA 1 {PPQ} QN"
        yield "        CCINTERP 32"
        yield f"        POOLEDEVTS {_identifier(self._song.name, 'pool', place)}"
        yield from event_lines(clip, item.looped, _instrument(track, clip), "        ")
        yield from ("        CCINTERP 32", "        CHASE_CC_TAKEOFFS 1")
        yield f"        GUID {_identifier(self._song.name, 'source', place)}"
        yield f"        IGNTEMPO 0 {fixed(tempo)} {meter.numerator} {meter.denominator}"
        yield "        SRCCOLOR 0"
        yield "      >"

    def _audio(self, item: Placement, clip: AudioClip) -> Iterator[str]:
        repeats = item.looped and 0 < clip.length < item.length
        if repeats:  # a section of the file, so that only the clip repeats and not the whole file
            seconds = (self._seconds(item.start + clip.length) - self._seconds(item.start)) * clip.rate
            yield from ("      <SOURCE SECTION", f"        LENGTH {fixed(seconds)}", "        MODE 0")
            yield from ("        STARTPOS 0", "        OVERLAP 0.01")
        indent = "        " if repeats else "      "
        yield f"{indent}<SOURCE {_FILE_KINDS.get(PurePosixPath(clip.file).suffix.lower(), 'WAVE')}"
        yield f"{indent}  FILE {quoted(clip.file)}"
        yield f"{indent}>"
        if repeats:
            yield "      >"


def in_folders(tracks: tuple[Track, ...]) -> list[tuple[Track, int]]:
    """The tracks as REAPER lays them out: each with +1 where it opens a folder, or minus the folders it closes.

    A folder is the track of that name right before its first child; where there is none, a bare one is added.
    """
    rows: list[tuple[Track, int]] = []
    open_folders: list[str] = []

    def close(levels: int) -> None:
        if levels:
            del open_folders[-levels:]
            rows[-1] = (rows[-1][0], -levels)

    for track in tracks:
        folder = track.folder
        if folder in open_folders:
            close(len(open_folders) - 1 - max(i for i, name in enumerate(open_folders) if name == folder))
        elif folder is None or not rows or rows[-1][0].name != folder:
            close(len(open_folders))
        if folder is not None and folder not in open_folders:
            if not rows or rows[-1][0].name != folder or rows[-1][1] < 0:
                rows.append((Track(folder), 0))
            rows[-1] = (rows[-1][0], 1)
            open_folders.append(folder)
        rows.append((track, 0))
    close(len(open_folders))
    return rows


def colour_number(colour: str | None, default: int) -> int:
    """`#rrggbb` as REAPER stores it."""
    if colour is None:
        return default
    found = _COLOUR.fullmatch(colour)
    if not found:
        raise InvalidMusic(f"{colour!r} is not a colour.", "Write it as #rrggbb.")
    red, green, blue = (int(part, 16) for part in found.groups())
    return HAS_COLOUR | blue << 16 | green << 8 | red


def _bus(change: int) -> str:
    return "1 1" if change > 0 else f"2 {change}" if change else "0 0"


def _identifier(*parts: str | int) -> str:
    return "{" + str(uuid.uuid5(_FAMILY, "/".join(map(str, parts)))).upper() + "}"


def _take_name(take: Take) -> str:
    return take.name or take.clip.name


def _is_words(item: Placement) -> bool:
    clip = item.clip
    return len(item.takes) == 1 and isinstance(clip, MidiClip) and not clip.notes and not clip.events


def _notes(text: str) -> Iterator[str]:
    yield "      <NOTES"
    yield from (f"        |{one_line(line)}" for line in text.splitlines())
    yield from ("      >", "      IMGRESOURCEFLAGS 0")


def _provenance(item: Placement) -> Iterator[str]:
    rows = [
        f"        {quoted(f'{EXT_PREFIX}{i}.{key}')} {quoted(value)}"
        for i, take in enumerate(item.takes)
        for key, value in take.provenance.items()
    ]
    if rows:
        yield from ("      <EXT", *rows, "      >")


def _instrument(track: Track, clip: MidiClip) -> tuple[Event, ...]:
    """The call for the track's instrument, unless the clip begins with one of its own."""
    if track.program is None:
        return ()
    for event in clip.events:
        if event.tick == 0 and isinstance(event, Program) and event.channel == track.channel:
            return ()
    return (Program(Ticks(0), track.program, track.channel),)
