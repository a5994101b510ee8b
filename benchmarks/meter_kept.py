"""Whether the meters of a file arrive, and survive being written, for every piece of OpenScore Lieder and OpenEWLD.

`benchmarks.analysis_keys_chords` reports these rows, each a share of pieces (nothing was learned here, so all folds count):

- *the file's events*: our meter map has the time signatures, tick by tick, that mido finds in the file.
- *the index*: it visits the meters that `index.csv` lists, in the order of their first appearance; pieces that it lists none
  for are left out.
- *the analysis* (Lieder): it goes through the `Time Signature:` lines of the Roman-numeral file in their order, repetitions
  merged; files without such a line are left out. A program made these files, so this is agreement.
- *written as .mid*, *written as .rpp*: the song written and read again has the same bar lines, and the same meter in
  every bar.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from pathlib import Path

import mido

from bridge.files import midi, rpp
from engines.music.song import Song
from engines.music.time import PPQ, Division, MeterMap

METERS = {"openewld": "meter", "openscore_lieder": "meters"}
"""By archive: the column of its index that lists meters."""
_STATED = re.compile(r"^Time Signature:\s*(\S+)", re.MULTILINE)


def pieces(data: Path, archive_name: str) -> Iterator[tuple[bytes, str, str | None]]:
    """For each piece its MIDI file, the meters that the index lists, and its Roman-numeral analysis if it has one."""
    with zipfile.ZipFile(data / f"{archive_name}.zip") as archive:
        names = set(archive.namelist())
        for row in csv.DictReader(io.StringIO(archive.read("index.csv").decode("utf-8-sig"))):
            roman = f"roman/{row['id']}.rntxt"
            text = archive.read(roman).decode("utf-8") if roman in names else None
            yield archive.read(f"midi/{row['id']}.mid"), row[METERS[archive_name]], text


def meter_kept(content: bytes, listed: str, roman: str | None) -> Iterator[tuple[str, bool]]:
    """What holds of one piece, by the name of the row; nothing for a row that has no statement to compare with."""
    song = midi.read_song(content).song
    found = [str(change.meter) for change in song.meter.changes]
    yield "the file's events", [(c.tick, str(c.meter)) for c in song.meter.changes] == stated_by_events(content)
    if listed.split():
        yield "the index", list(dict.fromkeys(found)) == listed.split()
    if roman is not None and (stated := _STATED.findall(roman)):
        yield "the analysis", merged(found) == merged(stated)
    again = midi.read_song(midi.write_song(song)).song
    yield "written as .mid", bars(again.meter, song) == bars(song.meter, song)
    project = rpp.read_project(rpp.write_project(song)).song
    yield "written as .rpp", bars(project.meter, song) == bars(song.meter, song)


def stated_by_events(content: bytes) -> list[tuple[int, str]]:
    """The time signatures of a file as mido finds them, in our ticks; 4/4 until the first."""
    file = mido.MidiFile(file=io.BytesIO(content))
    division, out, tick = Division(file.ticks_per_beat), {0: "4/4"}, 0
    for message in mido.merge_tracks(file.tracks):
        tick += message.time
        if message.type == "time_signature":
            out[int(division.to_ticks(tick))] = f"{message.numerator}/{message.denominator}"
    return sorted(out.items())


def merged(meters: Iterable[str]) -> list[str]:
    """Without repetitions of what holds already."""
    return [meter for meter, _ in groupby(meters)]


def bars(meter: MeterMap, song: Song) -> list[tuple[int, str]]:
    """Where each bar of a song begins by a meter map, and its meter."""
    return [(line, str(meter.meter_at(line))) for line in meter.bar_lines(max(song.end, PPQ))]


def note_meters(data: Path, note: Callable[[str, float], None]) -> None:
    """Every row of both archives."""
    for archive_name in METERS:
        name = archive_name.removeprefix("openscore_")
        for piece in pieces(data, archive_name):
            for row, holds in meter_kept(*piece):
                note(f"{name}, meter kept, {row}", float(holds))
