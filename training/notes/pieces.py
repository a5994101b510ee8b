"""Pieces as the note decoder sees them: notes on a grid of 24 steps a quarter, bar lines, parts, chords and keys.

`read` takes them straight from the archives; `training.notes.pack` keeps them in a compact form.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bridge.files.midi import read_song
from engines.errors import EngineError
from engines.models.tokens import LONGEST_BAR, MICRO_LOW, STEP
from engines.music.notes import DRUM_CHANNEL
from engines.music.song import Song
from engines.music.time import Ticks
from training.notes.harmony import Harmony, Listener

Ints = npt.NDArray[np.int64]

GREEN, AMBER = "green", "amber"
COLUMNS = ("part", "onset", "micro", "length", "pitch", "velocity")
"""The columns of a piece's notes."""


@dataclass(frozen=True)
class Part:
    """Who plays."""

    name: str
    program: int
    """General MIDI, from 0."""
    drum: bool


@dataclass(frozen=True)
class Piece:
    """One piece of music."""

    archive: str
    id: str
    fold: str
    """`train`, `validation` or `test`."""
    grade: str
    """`green`: weights learned from it may be shipped without doubt; `amber`: not quite."""
    licence: str
    credit: str
    """Whom to name, where a licence asks for it item by item; empty otherwise."""
    parts: tuple[Part, ...]
    notes: Ints
    """[notes, COLUMNS], by onset, then part, then pitch. Onset and length in steps of the grid; micro is what the played
    onset lies after (or before) its step, in ticks."""
    bars: Ints
    """Every bar line in steps, the closing one included."""
    chords: Ints
    """[changes, (onset, root, quality)]: root -1 where there is no chord, quality as `training.notes.harmony` counts."""
    keys: Ints
    """[changes, (onset, tonic, minor)]."""


@dataclass(frozen=True)
class Source:
    """An archive, and what it asks of those who learn from it."""

    archive: str
    inside: str
    """The folder of its MIDI files."""
    licence: str
    attribution: str
    grade: str = GREEN


SOURCES = (
    Source("pop909", "aligned/", "MIT", "POP909 (Wang et al., ISMIR 2020); POP909-CL (Yao et al., 2026)"),
    Source("openscore_lieder", "midi/", "CC0-1.0", "OpenScore Lieder"),
    Source("openscore_quartets", "midi/", "CC0-1.0", "OpenScore String Quartets (Gotham et al., 2023)"),
    Source("mutopia_pd", "midi/", "Public Domain, CC-BY", "Mutopia Project"),
    Source("freedoom_music", "midi/", "BSD-3-Clause", "Freedoom contributors"),
    Source(
        "popular_extra",
        "midi/",
        "BSD, zlib, CC-BY; Artistic (amber)",
        "Blasphemer contributors (music: Jute Gyte); Farbro, Greippi and Saber (LMMS demo projects); Seth A. Robinson; "
        "Simutrans team and shunter",
    ),
    Source("groove_midi", "", "CC-BY-4.0", "Groove MIDI (Gillick et al., 2019)"),
    Source(
        "slakh2100_q16",
        "midi/",
        "CC-BY-4.0",
        "Slakh2100 (Manilow et al., 2019) from the Lakh MIDI Dataset (Raffel, 2016)",
        AMBER,
    ),
)
"""What note models may learn from, with the words to carry along."""
LISTED = {"popular_extra": "file", "mutopia_pd": "id"}
"""Archives that state licence or grade for each item, and the column that names the item."""
REFERENCE_TRACKS = {"pop909": ("CHORDS",)}
"""Tracks that are annotation, not music."""


def read(data: Path, splits: Path, source: Source, keep: Callable[[str], bool] = bool) -> Iterator[Piece]:
    """Every piece of an archive that has a place in its split, in order of name; unreadable ones are named and left out."""
    fold = _folds(splits, source.archive)
    listener = Listener()
    with zipfile.ZipFile(data / f"{source.archive}.zip") as box:
        listed = _listed(box, source)
        for name in sorted(box.namelist()):
            id_ = _id(name, source)
            if (
                not name.endswith((".mid", ".midi"))
                or not name.startswith(source.inside)
                or id_ not in fold
                or not keep(id_)
            ):
                continue
            try:
                song = read_song(box.read(name)).song
            except EngineError as error:
                print(f"{source.archive}/{name} is left out: {error.message}")
                continue
            licence, grade, credit = listed.get(id_, (source.licence, source.grade, ""))
            about = (source.archive, id_, fold[id_], grade, licence, credit)
            piece = of_song(song, about, listener, REFERENCE_TRACKS.get(source.archive, ()))
            if len(piece.notes):
                yield piece


def of_song(
    song: Song, about: tuple[str, str, str, str, str, str], listener: Listener, leave_out: Sequence[str] = ()
) -> Piece:
    """A song on the grid. `about` is (archive, id, fold, grade, licence, credit)."""
    tracks = [track for track in song.tracks if track.name not in leave_out and not track.muted]
    rows, parts = [], []
    for track in tracks:
        notes = track.notes()
        for drum in (False, True):
            mine = [note for note in notes if (note.channel == DRUM_CHANNEL) == drum]
            if mine:
                rows += [_row(len(parts), n.start, n.length, n.pitch, n.velocity) for n in mine]
                parts.append(Part(track.name, 0 if drum else track.program or 0, drum))
    table = np.array(rows, dtype=np.int64).reshape(-1, len(COLUMNS))
    table = table[np.lexsort((table[:, 4], table[:, 0], table[:, 1]))]
    end = int((table[:, 1] + table[:, 3]).max()) if len(table) else 0
    lines = _short_bars(song.meter.bar_lines(Ticks(max(end * STEP, 1))))
    harmony: Harmony = listener.hear(song, leave_out)
    return Piece(*about, tuple(parts), table, lines, harmony.chords, harmony.keys)


def _short_bars(lines: Sequence[int]) -> Ints:
    """Bar lines in steps; bars that are longer than the vocabulary's longest are cut."""
    steps = [round(line / STEP) for line in lines]
    cut = [at for begin, end in pairwise(steps) for at in range(begin, end, LONGEST_BAR)]
    return np.array([*cut, steps[-1]], dtype=np.int64)


def _row(part: int, start: int, length: int, pitch: int, velocity: int) -> tuple[int, ...]:
    onset = (start - MICRO_LOW) // STEP
    return part, onset, start - onset * STEP, max(1, round(length / STEP)), pitch, velocity


def _folds(splits: Path, archive: str) -> dict[str, str]:
    table: dict[str, Any] = json.loads((splits / f"{archive}.json").read_text(encoding="utf-8"))
    return {piece: fold for fold in ("train", "validation", "test") for piece in table[fold]}


def _id(name: str, source: Source) -> str:
    # Groove names its files ID_STYLE_BPM_KIND_METER.
    return name.split("_")[0] if source.archive == "groove_midi" else Path(name).stem


def _listed(box: zipfile.ZipFile, source: Source) -> dict[str, tuple[str, str, str]]:
    """Licence, grade and credit of each item, where an archive states them."""
    column = LISTED.get(source.archive)
    if column is None:
        return {}
    rows = csv.DictReader(io.StringIO(box.read("index.csv").decode("utf-8")))
    return {Path(row[column]).stem: (row["licence"], row.get("grade") or source.grade, _credit(row)) for row in rows}


def _credit(row: dict[str, str]) -> str:
    """Composer and typesetter of an item under CC BY; the other archives are credited as a whole."""
    if "BY" not in row["licence"] or "maintainer" not in row:
        return ""
    return f"{row['composer_name']}, {row['title']} (edition: {row['maintainer']}, {row['licence']})"
