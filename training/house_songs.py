"""Write the songs that partimento ships: original lead sheets, and one of them arranged for a small band.

    python -m training.house_songs presets/songs

The tunes stand in training/house_ballads.py and training/house_dances.py, the arrangement in training/house_band.py. The
same text gives the same bytes on every machine.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from bridge.files.midi.write import write_song
from engines.music.harmony import ChordTrack, Key, KeyChange, KeyTrack
from engines.music.notes import Event, Note, Program
from engines.music.song import MidiClip, Placement, Section, Song, Take, Track
from engines.music.time import PPQ, MeterChange, MeterMap, TempoChange, TempoMap, Ticks
from training import house_band
from training.house_ballads import BALLADS, LANTERN_STREET
from training.house_dances import DANCES
from training.house_sheet import Bar, Sheet, Sung, read_bars, read_melody

SHEETS: tuple[Sheet, ...] = (*BALLADS, *DANCES)
BAND_SONG = LANTERN_STREET


def lead_sheet(sheet: Sheet) -> Song:
    """The tune with its chords, keys, meters, tempi and sections."""
    bars = read_bars(sheet)
    end = Ticks(bars[-1].start + bars[-1].meter.bar)
    return Song(
        (_track("MELODY", sing(bars), end, program=sheet.program, role="melody"),),
        _tempo(sheet, bars),
        _meter(bars),
        _keys(sheet, bars),
        ChordTrack.of(*(chord for bar in bars for chord in bar.chords), end=end),
        _sections(bars, end),
        name=sheet.title,
    )


def band_song(sheet: Sheet) -> Song:
    """The same song played by the band. Its chords are left to be heard: no marker names them."""
    song, bars = lead_sheet(sheet), read_bars(sheet)
    keys, pedal = house_band.piano(bars)
    parts = (
        _track("Piano", keys, song.end, program=0, channel=1, role="comp", events=pedal),
        _track("Pad", house_band.pad(bars), song.end, program=89, channel=2, role="pad"),
        _track("Bass", house_band.bass(bars), song.end, program=33, channel=3, role="bass"),
        _track("Drums", house_band.drums(bars), song.end, program=None, channel=9, role="drums"),
    )
    return Song(
        (*song.tracks, *parts), song.tempo, song.meter, song.keys, None, song.sections, name=f"{song.name} (band)"
    )


def sing(bars: Sequence[Bar]) -> list[Note]:
    """The tune as a singer shapes it: each phrase swells towards two thirds and falls, high notes and downbeats stand out."""
    out: list[Note] = []
    for phrase in phrases(read_melody(list(bars))):
        begin, length = phrase[0].start, phrase[-1].start + phrase[-1].length - phrase[0].start
        middle = sum(note.pitch for note in phrase) // len(phrase)
        for note in phrase:
            bar = max((bar for bar in bars if bar.start <= note.start), key=lambda bar: bar.start)
            along = (note.start - begin) * 1000 // max(1, length)
            arch = 8 - abs(along - 660) * 14 // 660
            place = note.start - bar.start
            accent = 5 if place == 0 else 2 if place % bar.meter.pulse == 0 else -3
            loud = bar.strain.level + arch + accent + (note.pitch - middle) // 2
            out.append(Note(note.start, note.length, note.pitch, max(36, min(118, loud))))
    return out


def phrases(melody: Sequence[Sung]) -> list[list[Sung]]:
    """What is sung in one breath: notes without a rest of an eighth or more between them."""
    out: list[list[Sung]] = []
    for note in melody:
        if out and note.start - (out[-1][-1].start + out[-1][-1].length) < PPQ // 2:
            out[-1].append(note)
        else:
            out.append([note])
    return out


def _track(
    name: str,
    notes: Sequence[Note],
    end: Ticks,
    *,
    program: int | None,
    role: str,
    channel: int = 0,
    events: Sequence[Event] = (),
) -> Track:
    start = () if program is None else (Program(Ticks(0), program, channel),)
    clip = MidiClip(end, tuple(notes), (*start, *events))
    return Track(name, (Placement(Ticks(0), end, (Take(clip),)),), role, program, channel)


def _meter(bars: Sequence[Bar]) -> MeterMap:
    changes = [MeterChange(bars[0].start, bars[0].meter)]
    changes += [MeterChange(b.start, b.meter) for a, b in pairwise(bars) if a.meter != b.meter]
    return MeterMap(tuple(changes))


def _keys(sheet: Sheet, bars: Sequence[Bar]) -> KeyTrack:
    changes = [KeyChange(Ticks(0), Key.parse(sheet.key))]
    changes += [KeyChange(bar.start, Key.parse(key)) for bar in _first_bars(bars) if (key := bar.strain.key)]
    return KeyTrack(tuple(changes))


def _sections(bars: Sequence[Bar], end: Ticks) -> tuple[Section, ...]:
    firsts = _first_bars(bars)
    ends = [*(bar.start for bar in firsts[1:]), end]
    return tuple(
        Section(bar.strain.name, bar.start, Ticks(stop - bar.start), bar.strain.label)
        for bar, stop in zip(firsts, ends, strict=True)
    )


def _first_bars(bars: Sequence[Bar]) -> list[Bar]:
    """The bar that opens each strain; a pickup belongs to the first."""
    return [bar for i, bar in enumerate(bars) if i == 0 or bar.strain is not bars[i - 1].strain]


@dataclass(frozen=True)
class _Lean:
    """A stretch over which the tempo changes, one step a felt beat."""

    bars: tuple[Bar, ...]
    frm: float
    to: float

    def steps(self) -> list[tuple[int, float]]:
        """(tick, tempo) of each step, the first already a little on the way."""
        beats = [
            tick for bar in self.bars for tick in range(bar.start, bar.start + bar.meter.bar, bar.meter.pulse)
        ]  # steps, because a MIDI file knows no ramps
        return [(t, round(self.frm + (self.to - self.frm) * (i + 1) / len(beats), 1)) for i, t in enumerate(beats)]


def _tempo(sheet: Sheet, bars: Sequence[Bar]) -> TempoMap:
    now, steps = sheet.tempo, {0: sheet.tempo}
    for first in _first_bars(bars):
        strain = first.strain
        if strain.tempo:
            now = strain.tempo
            steps[first.start] = now
        if strain.glide:
            inside = tuple(bar for bar in bars if bar.strain is strain)
            steps.update(_Lean(inside[-(strain.glide_bars or len(inside)) :], now, strain.glide).steps())
            now = strain.glide
    return TempoMap(tuple(TempoChange(Ticks(tick), qpm) for tick, qpm in sorted(steps.items())))


def main() -> None:
    """Write every song into a folder."""
    about = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    about.add_argument("folder", type=Path, help="where to write, for instance presets/songs")
    folder: Path = about.parse_args().folder
    for name, song in files().items():
        (folder / name).write_bytes(write_song(song))


def files() -> dict[str, Song]:
    """Every shipped song by its file name."""
    songs = {f"{sheet.file}.mid": lead_sheet(sheet) for sheet in SHEETS}
    return {**songs, f"{BAND_SONG.file}_band.mid": band_song(BAND_SONG)}


if __name__ == "__main__":
    main()
