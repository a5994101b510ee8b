"""Lead sheets to arrange: a fixed list of songs from three archives, read as the product would get them.

    python -m benchmarks.arranging.leads DATA_FOLDER       chooses the songs anew and writes songs.json

Eligible are songs of 16 to 130 bars whose melody plays in half of the bars at least and whose chords fill nine tenths of the
time from the first chord on: of POP909 the songs of `validation` and `test` with trusted bar lines and human phrases, of
OpenEWLD and Nottingham all (nothing is learned from Nottingham; OpenEWLD taught the harmoniser, which is not asked here).
Of these the first by the hash of archive and id, so that meters keep their share.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from benchmarks.corpus import list_hash
from bridge import app
from bridge.files.midi import read_song
from engines.analysis.lead_sheet_chords import stated_chords
from engines.analysis.score import Grid, Notes
from engines.api import Phrase
from engines.errors import NotThere
from engines.music.harmony import ChordTrack
from engines.music.notes import Note
from engines.music.song import MidiClip, Placement, Song, Take, Track
from engines.music.time import MeterChange, MeterMap, Ticks
from training.analysis.phrase_corpus import Annotated, read_songs

ROOT = Path(__file__).parents[2]
SPLITS = ROOT / "benchmarks" / "splits"
LIST = Path(__file__).with_name("songs.json")
SHARES = {"openewld": 40, "nottingham": 30, "pop909": 30}
FEWEST_BARS, MOST_BARS = 16, 130
SUNG, CHORDED = 0.5, 0.9
MELODY, PIANO = 0, 1
"""Tracks of what is judged."""


@dataclass(frozen=True)
class Lead:
    """A lead sheet, and what people made of it."""

    archive: str
    id: str
    song: Song
    """Melody (its only track), chords, keys, meter and tempo."""
    phrases: tuple[Phrase, ...] | None = None
    """As a person heard them, filled up to whole songs; None where nobody wrote them down."""
    real: tuple[Note, ...] | None = None
    """The accompaniment that people play to it."""

    @property
    def name(self) -> str:
        """How results call it."""
        return f"{self.archive}/{self.id}"

    @cached_property
    def melody(self) -> tuple[Note, ...]:
        """The tune."""
        return self.song.tracks[MELODY].notes()

    @property
    def chords(self) -> ChordTrack:
        """What is to be kept."""
        if self.song.chords is None:
            raise NotThere(f"{self.name} has no chords.", "Take a song that has.")
        return self.song.chords

    @cached_property
    def grid(self) -> Grid:
        """Its bars and beats, to the end of the song."""
        return Grid.of(self.song.meter, self.song.end)

    @cached_property
    def form(self) -> tuple[Phrase, ...]:
        """The phrases that arrangements are judged by: a person's, otherwise those that the analysis hears in it."""
        return self.phrases if self.phrases is not None else app.analyze(self.song).phrases

    @property
    def asked_form(self) -> str | None:
        """The phrases as a request states them."""
        return None if self.phrases is None else "".join(map(str, self.phrases))

    @property
    def bar_quarters(self) -> float:
        """How many quarters most of its bars have."""
        lengths, counts = np.unique(np.diff(self.grid.bars), return_counts=True)
        return float(lengths[counts.argmax()]) / 960


def lead_of(
    archive: str, id_: str, song: Song, melody: Track, chords: ChordTrack | None, real: Sequence[Note] | None = None
) -> Lead:
    """A lead sheet out of a song that has more; it lasts as many whole bars as the song."""
    notes = melody.notes()
    end = song.meter.bar_start(song.bars + 1)
    clip = MidiClip(end, notes)
    track = Track("MELODY", (Placement(Ticks(0), end, (Take(clip),)),), role="melody", program=melody.program)
    if chords is not None and (chords.end is None or chords.end > end):
        kept = tuple(change for change in chords.changes if change.tick < end)
        chords = ChordTrack(kept, end)
    sheet = Song((track,), song.tempo, song.meter, song.keys, chords, name=id_)
    return Lead(archive, id_, sheet, None, None if real is None else tuple(sorted(real)))


def with_pickup(song: Song, quarters: float) -> Song:
    """Bar lines shifted so that an upbeat is a short first bar."""
    upbeat = round(quarters * 960)
    if not upbeat:
        return song
    first, *others = song.meter.changes
    moved = [MeterChange(Ticks(one.tick + upbeat), one.meter) for one in others]
    if not others or others[0].tick > 0:
        moved.insert(0, MeterChange(Ticks(upbeat), first.meter))
    return replace(song, meter=MeterMap((first, *moved)))


def _table(box: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(box.read(name).decode("utf-8-sig"))))


def openewld(data: Path, keep: Callable[[str], bool]) -> Iterator[Lead]:
    """Lead sheets with chord symbols."""
    with zipfile.ZipFile(data / "openewld.zip") as box:
        for row in _table(box, "index.csv"):
            if not keep(row["id"]):
                continue
            song = with_pickup(read_song(box.read(f"midi/{row['id']}.mid")).song, float(row["pickup_quarters"]))
            tune, stated = song.track("MELODY"), stated_chords(song)
            if tune is not None and stated is not None:
                yield lead_of("openewld", row["id"], song, tune, stated.chords)


def nottingham(data: Path, keep: Callable[[str], bool]) -> Iterator[Lead]:
    """Folk tunes with block chords."""
    with zipfile.ZipFile(data / "nottingham.zip") as box:
        for row in _table(box, "index.csv"):
            if not keep(row["id"]):
                continue
            song = read_song(box.read(f"midi/{row['id']}.mid")).song
            stated = stated_chords(song)
            if stated is not None and stated.track != 0 and len(song.tracks) > 1:
                yield lead_of("nottingham", row["id"], song, song.tracks[0], stated.chords)


def pop909(data: Path, keep: Callable[[str], bool]) -> Iterator[Lead]:
    """Pop songs with reviewed block chords, human phrases, and what a pianist plays: BRIDGE and PIANO as one part."""
    ids = [id_ for ids in json.loads((SPLITS / "pop909.json").read_text(encoding="utf-8")).values() for id_ in ids]
    with zipfile.ZipFile(data / "pop909.zip") as box:
        for annotated in read_songs(data, {id_ for id_ in ids if keep(id_)}):
            song = read_song(box.read(f"aligned/{annotated.id}.mid")).song
            tune, blocks = song.track("MELODY"), song.track("CHORDS")
            if tune is None or blocks is None or not annotated.teaches:
                continue
            stated = stated_chords(replace(song, tracks=(tune, blocks)))
            if stated is None:
                continue
            real = [note for name in ("BRIDGE", "PIANO") if (one := song.track(name)) for note in one.notes()]
            lead = lead_of("pop909", annotated.id, song, tune, stated.chords, real)
            yield replace(lead, phrases=human_phrases(annotated, lead.grid.n_bars))


def lieder(data: Path, keep: Callable[[str], bool]) -> Iterator[Lead]:
    """Songs with their piano: no chords, no phrases. Nothing here is arranged; real music for triple meters."""
    with zipfile.ZipFile(data / "openscore_lieder.zip") as box:
        for name in sorted(box.namelist()):
            if not name.startswith("midi/") or not keep(Path(name).stem):
                continue
            song = read_song(box.read(name)).song
            hands = [one for one in song.tracks if one.name.startswith("PIANO")]
            tune = next((one for one in song.tracks if one not in hands), None)
            if tune is not None and hands:
                real = [note for hand in hands for note in hand.notes()]
                yield replace(lead_of("openscore_lieder", Path(name).stem, song, tune, None, real), phrases=())


READERS: dict[str, Callable[[Path, Callable[[str], bool]], Iterator[Lead]]] = {
    "openewld": openewld,
    "nottingham": nottingham,
    "pop909": pop909,
    "openscore_lieder": lieder,
}


def human_phrases(song: Annotated, bars: int) -> tuple[Phrase, ...]:
    """The first annotator's phrases; bars before them are an intro, bars after them an outro."""
    bar = round(song.offset / song.bar) + 1
    out = [Phrase(1, bar - 1, "i")] if bar > 1 else []
    for label, length in song.forms[0]:
        if bar <= bars:
            out.append(Phrase(bar, min(length, bars + 1 - bar), label))
        bar += length
    if bar <= bars:
        out.append(Phrase(bar, bars + 1 - bar, "o"))
    return tuple(out)


def fold(archive: str, *names: str) -> list[str]:
    """The ids of some folds of the splits."""
    table: dict[str, list[str]] = json.loads((SPLITS / f"{archive}.json").read_text(encoding="utf-8"))
    return [id_ for name in names for id_ in table[name]]


def eligible(lead: Lead) -> bool:
    """Whether there is something to arrange, and to judge."""
    grid, chords = lead.grid, lead.chords
    tune = Notes.of([lead.melody])
    sung = len(np.unique(np.searchsorted(grid.bars, tune.start, side="right"))) / grid.n_bars
    spans = [span for span in chords.spans(int(grid.bars[-1])) if not span.chord.is_none]
    if not spans:
        return False
    filled = sum(span.end - span.start for span in spans) / (int(grid.bars[-1]) - spans[0].start)
    return FEWEST_BARS <= grid.n_bars <= MOST_BARS and sung >= SUNG and filled >= CHORDED


def choose(data: Path) -> dict[str, list[str]]:
    """The songs, by the hash of their names."""
    out = {}
    for archive, share in SHARES.items():
        names = ("validation", "test") if archive == "pop909" else ("train", "validation", "test")
        found = [lead.id for lead in READERS[archive](data, set(fold(archive, *names)).__contains__) if eligible(lead)]
        out[archive] = sorted(sorted(found, key=lambda id_: _key(archive, id_))[:share])
    return out


def _key(archive: str, id_: str) -> str:
    return hashlib.sha256(f"{archive}/{id_}".encode()).hexdigest()


def chosen(songs: int | None = None) -> dict[str, list[str]]:
    """The fixed list; `songs` takes so many of each archive."""
    table: dict[str, list[str]] = json.loads(LIST.read_text(encoding="utf-8"))
    return {archive: sorted(ids, key=lambda id_: _key(archive, id_))[:songs] for archive, ids in table.items()}


def hash_of(songs: dict[str, list[str]]) -> str:
    """Names a list of songs."""
    return list_hash(sorted(f"{archive}/{id_}" for archive, ids in songs.items() for id_ in ids))


def read_leads(data: Path, songs: dict[str, Collection[str]]) -> Iterator[Lead]:
    """The named songs, archive by archive."""
    for archive, ids in songs.items():
        yield from READERS[archive](data, set(ids).__contains__)


def main() -> None:
    """Choose, and write the list."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path, help="the folder that holds the archives")
    found = choose(parser.parse_args().data)
    LIST.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print({archive: len(ids) for archive, ids in found.items()}, hash_of(found))


if __name__ == "__main__":
    main()
