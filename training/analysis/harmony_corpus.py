"""Music with keys and chords that people wrote down, read straight from the zip archives.

POP909 (reviewed block chords and keys), the McGill Billboard annotations (chords without notes), OpenEWLD (melodies with
key signatures and chord symbols). What is annotation stays apart from what is heard: a piece's score holds neither key
signatures nor the block-chord track.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import mido
import numpy as np

from engines.analysis.score import Grid, Ints, Notes, Score
from engines.errors import UnknownChord
from engines.music.harmony import Chord
from engines.music.time import PPQ, MeterMap, Ticks

HEARD = ("PIANO", "MELODY", "BRIDGE")
"""The tracks of POP909 that are heard; CHORDS is the reference."""
SHAPES: dict[str, tuple[int, ...]] = {
    "": (0, 4, 7),
    "m": (0, 3, 7),
    "7": (0, 4, 7, 10),
    "maj7": (0, 4, 7, 11),
    "m7": (0, 3, 7, 10),
    "dim": (0, 3, 6),
    "m7b5": (0, 3, 6, 10),
    "dim7": (0, 3, 6, 9),
    "aug": (0, 4, 8),
    "sus4": (0, 5, 7),
    "sus2": (0, 2, 7),
    "7sus4": (0, 5, 7, 10),
    "6": (0, 4, 7, 9),
    "m6": (0, 3, 7, 9),
    "mMaj7": (0, 3, 7, 11),
}
"""The qualities that are told apart, as intervals above the root; named as chord symbols write them after the root."""
QUALITIES = tuple(SHAPES)
UNSURE, SILENT = -2, -1
"""Root numbers of beats that teach nothing, and of beats without a chord."""
_BY_SHAPE = {frozenset(shape): name for name, shape in SHAPES.items()}
_TWO_NAMED = ("6", "m6", "sus2", "sus4")
"""Chords that are another chord turned over; a root that gives one of the others is preferred."""
_INCOMPLETE = {(0, 4): "", (0, 3): "m", (0, 4, 10): "7", (0, 3, 10): "m7", (0, 4, 11): "maj7"}
_LETTERS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}


@dataclass(frozen=True)
class Named:
    """A chord as a person wrote it down: root, quality (an index into QUALITIES) and bass."""

    root: int
    quality: int
    bass: int


UNKNOWN = Named(UNSURE, -1, -1)


@dataclass(frozen=True)
class Reference:
    """What was written down, for each felt beat."""

    root: Ints
    """Pitch class, SILENT without a chord, UNSURE where the chord has no third to speak of or is incomplete."""
    quality: Ints
    """Index into QUALITIES; -1 where there is none."""
    bass: Ints


@dataclass(frozen=True)
class Piece:
    """A piece, and what people wrote about it."""

    id: str
    score: Score
    keys: tuple[tuple[int, int, int], ...]
    """(tick, tonic, 1 for minor) of every key; empty where it is not known."""
    reference: Reference | None
    one_key: bool
    """Whether the annotators list a single key."""


def name_block(pitches: Sequence[int]) -> Named:
    """What a block chord is called: by its bass where that makes a known chord, otherwise by an inversion of one."""
    bass = min(pitches) % 12
    above = sorted({(pitch - bass) % 12 for pitch in pitches})
    named = [(root, _BY_SHAPE.get(frozenset((one - root) % 12 for one in above))) for root in above]
    found = [(root, name) for root, name in named if name is not None]
    for root, name in sorted(found, key=lambda it: (it[0] != 0, it[1] in _TWO_NAMED)):
        return Named((bass + root) % 12, QUALITIES.index(name), bass)
    if tuple(above) in _INCOMPLETE:
        return Named(bass, QUALITIES.index(_INCOMPLETE[tuple(above)]), bass)
    for root in above[1:]:
        name = _BY_SHAPE.get(frozenset((one - root) % 12 for one in above[1:]))
        if name is not None and len(above) > 3:
            return Named((bass + root) % 12, QUALITIES.index(name), bass)
    return Named(UNSURE, -1, bass)


def name_symbol(chord: Chord) -> Named:
    """A chord symbol's place in the vocabulary: tensions are left out, a chord without a third is unsure."""
    if chord.root_pc is None or chord.bass_pc is None:
        return Named(SILENT, -1, -1)
    bits = {step for step in range(12) if chord.shape >> step & 1}
    numbers = {one.number for one in chord.degrees}
    quality = _quality_of(bits, numbers, chord.third)
    return Named(chord.root_pc, quality, chord.bass_pc) if quality >= 0 else Named(UNSURE, -1, chord.bass_pc)


def _quality_of(bits: set[int], numbers: set[int], third: int | None) -> int:
    if third is None:
        if not bits & {2, 5}:
            return -1
        sus = "sus4" if 5 in bits else "sus2"
        name = "7sus4" if 10 in bits else sus
    elif third == 4:
        name = "maj7" if 11 in bits else "7" if 10 in bits else "6" if 6 in numbers else ""
        name = "aug" if name == "" and 8 in bits and 7 not in bits else name
    elif 6 in bits and 7 not in bits:
        name = "m7b5" if 10 in bits else "dim7" if 9 in bits else "dim"
    else:
        name = "mMaj7" if 11 in bits else "m7" if 10 in bits else "m6" if 6 in numbers else "m"
    return QUALITIES.index(name)


def on_beats(beats: Ints, spans: Sequence[tuple[int, int, Named]]) -> Reference:
    """The chord that fills most of each beat, the earlier one on a tie; none where no chord fills half of it."""
    n = len(beats) - 1
    root, quality, bass = (np.full(n, -1, dtype=np.int64) for _ in range(3))
    best = np.zeros(n)
    for start, end, named in spans:
        first = max(0, int(np.searchsorted(beats, start, side="right")) - 1)
        for i in range(first, min(n, int(np.searchsorted(beats, end)))):
            shared = min(end, int(beats[i + 1])) - max(start, int(beats[i]))
            if shared > best[i] and 2 * shared >= beats[i + 1] - beats[i]:
                best[i], root[i], quality[i], bass[i] = shared, named.root, named.quality, named.bass
    return Reference(root, quality, bass)


@dataclass(frozen=True)
class Midi:
    """What a MIDI file holds, at 960 ticks per quarter."""

    meters: dict[int, str]
    keys: list[tuple[int, str]]
    rows: dict[str, Ints]
    """Per track name: start, end, pitch, velocity."""


def read_midi(data: bytes) -> Midi:
    """Read a MIDI file."""
    file = mido.MidiFile(file=io.BytesIO(data), clip=True)
    meters, keys, rows = {0: "4/4"}, [], {}  # type: dict[int, str], list[tuple[int, str]], dict[str, Ints]
    for track in file.tracks:
        tick, held, notes = 0, dict[int, list[tuple[int, int]]](), []
        for message in track:
            tick += message.time
            at = tick * PPQ // file.ticks_per_beat
            if message.type == "time_signature":
                meters[at] = f"{message.numerator}/{message.denominator}"
            elif message.type == "key_signature":
                keys.append((at, message.key))
            elif message.type == "note_on" and message.velocity:
                held.setdefault(message.note, []).append((at, message.velocity))
            elif message.type in ("note_on", "note_off") and held.get(message.note):
                start, velocity = held[message.note].pop(0)
                notes.append((start, max(at, start + 1), message.note, velocity))
        if notes:
            rows[track.name] = np.array(notes, dtype=np.int64)
    return Midi(meters, keys, rows)


def score_of(tracks: Sequence[Ints], meter: MeterMap, end: int = 1) -> Score:
    """A score from the rows (start, end, pitch, velocity) of each track, on a grid that reaches at least to `end`."""
    parts = [np.column_stack([rows, np.full(len(rows), i)]) for i, rows in enumerate(tracks) if len(rows)]
    table = np.concatenate(parts) if parts else np.zeros((0, 5), dtype=np.int64)
    table = table[np.lexsort((table[:, 2], table[:, 0]))]
    columns = (np.ascontiguousarray(table[:, i]) for i in range(5))
    notes = Notes(*columns, drum=np.zeros(len(table), dtype=np.bool_))
    grid = Grid.of(meter, Ticks(max(end, int(table[:, 1].max(initial=1)))))
    return Score(notes, grid, meter, tuple(str(i) for i in range(len(tracks))), (None,) * len(tracks))


def read_key(text: str) -> tuple[int, int]:
    """`Ebm` or `Eb:min` as (tonic, 1 for minor)."""
    name = text.split(":")[0]
    minor = name.endswith("m") or ":min" in text
    name = name.removesuffix("m")
    return (_LETTERS[name[0]] + name.count("#") - name.count("b")) % 12, int(minor)


def folds(splits: Path, archive: str) -> dict[str, list[str]]:
    """The ids of each fold."""
    return dict(json.loads((splits / f"{archive}.json").read_text(encoding="utf-8")))


def pop909(folder: Path, ids: Collection[str]) -> Iterator[Piece]:
    """The songs that have a chord track, in order."""
    with zipfile.ZipFile(folder / "pop909.zip") as archive:
        members = {Path(name).parts[-2:]: name for name in archive.namelist()}
        table = archive.read(next(name for key, name in members.items() if key[-1] == "meta.csv")).decode("utf-8-sig")
        for row in csv.DictReader(io.StringIO(table)):
            if row["song_id"] not in ids or row["aligned"] != "1":
                continue
            midi = read_midi(archive.read(members["aligned", f"{row['song_id']}.mid"]))
            piece = _pop_song(row, midi)
            if piece is not None:
                yield piece


def _pop_song(row: dict[str, str], midi: Midi) -> Piece | None:
    if "CHORDS" not in midi.rows:
        return None
    chords = midi.rows["CHORDS"]
    meter = MeterMap.of(*sorted(midi.meters.items()))
    empty = np.zeros((0, 4), dtype=np.int64)
    score = score_of([midi.rows.get(name, empty) for name in HEARD], meter, int(chords[:, 1].max()))
    starts = np.unique(chords[:, 0])
    ends = [*starts[1:].tolist(), int(chords[:, 1].max())]
    spans = []
    for start, limit in zip(starts.tolist(), ends, strict=True):
        struck = chords[chords[:, 0] == start]
        spans.append((start, min(limit, int(struck[:, 1].max())), name_block(struck[:, 2].tolist())))
    keys = tuple((tick, *read_key(key)) for tick, key in sorted(midi.keys))
    listed = row["keys"].split()
    if len(listed) == 1:
        keys = ((0, *read_key(listed[0])),)
    return Piece(row["song_id"], score, keys, on_beats(score.grid.beats, spans), row["n_keys"] == "1")


def two_opinions(folder: Path, ids: Collection[str]) -> dict[str, tuple[tuple[int, int], tuple[int, int]]]:
    """The songs of POP909 for which both of its annotations list a single key: POP909-CL's, the structure analysis's.

    POP909-CL goes back to keys that a program read from the recordings (Wang et al., 2020), with changes put right.
    """
    out = {}
    with zipfile.ZipFile(folder / "pop909.zip") as archive:
        members = {Path(name).parts[-2:]: name for name in archive.namelist()}
        table = archive.read(next(name for key, name in members.items() if key[-1] == "meta.csv")).decode("utf-8-sig")
        for row in csv.DictReader(io.StringIO(table)):
            if row["song_id"] not in ids or row["n_keys"] != "1":
                continue
            second = archive.read(members[row["song_id"], "analyzed_key.txt"]).decode().split()
            if len(second) == 1:
                out[row["song_id"]] = (read_key(row["keys"]), read_key(second[0]))
    return out


@dataclass(frozen=True)
class Progression:
    """A song's chords by the beat, without notes."""

    id: str
    beats_per_bar: int
    chords: tuple[tuple[int, Chord], ...]
    """Beats and chord, in order."""


_METER = re.compile(r"# metre: (\d+)/(\d+)")


def billboard(folder: Path, ids: Collection[str]) -> Iterator[Progression]:
    """The McGill Billboard songs that have one meter throughout."""
    with zipfile.ZipFile(folder / "mcgill_billboard.zip") as archive:
        for name in sorted(archive.namelist()):
            if Path(name).parent.name == "salami_chords" and Path(name).stem in ids:
                song = _progression(Path(name).stem, archive.read(name).decode("utf-8"))
                if song is not None:
                    yield song


def _progression(id_: str, text: str) -> Progression | None:
    meters = set(_METER.findall(text))
    if len(meters) != 1:
        return None
    above, below = (int(part) for part in meters.pop())
    per_bar = above // 3 if below == 8 and above % 3 == 0 else above
    chords: list[tuple[int, Chord]] = []
    for line in text.splitlines():
        if line.startswith("#") or "|" not in line:
            continue
        inner = line[line.index("|") + 1 : line.rindex("|")]
        for bar in inner.split("|"):
            chords += _bar_of(bar.split(), per_bar, chords[-1][1] if chords else None)
    return Progression(id_, per_bar, tuple(chords))


def _bar_of(words: list[str], per_bar: int, last: Chord | None) -> list[tuple[int, Chord]]:
    """The chords of one bar; a dot holds on, and what does not divide evenly is taken as whole bars."""
    words = [word for word in words if not word.startswith(("(", "x"))]
    out: list[tuple[int, Chord]] = []
    for word in words:
        if word == "." and last is not None:
            chord: Chord | None = last
        else:
            try:
                chord = Chord.parse(word)
            except UnknownChord:
                chord = last
        if chord is not None:
            last = chord
            out.append((max(1, per_bar // max(1, len(words))), chord))
    return out


@dataclass(frozen=True)
class Tune:
    """A lead sheet's melody and its key signature."""

    id: str
    score: Score
    signature: int
    """The major tonic of the signature: the source does not say whether the key is that or the relative minor."""


def openewld(folder: Path, ids: Collection[str]) -> Iterator[Tune]:
    """Lead-sheet melodies with a single key signature."""
    with zipfile.ZipFile(folder / "openewld.zip") as archive:
        members = {Path(name).parts[-2:]: name for name in archive.namelist()}
        table = archive.read(next(name for key, name in members.items() if key[-1] == "index.csv")).decode("utf-8-sig")
        for row in csv.DictReader(io.StringIO(table)):
            if row["id"] not in ids or len(row["key"].split()) != 1:
                continue
            midi = read_midi(archive.read(members["midi", f"{row['id']}.mid"]))
            meter = _with_pickup(midi.meters, float(row["pickup_quarters"]))
            if "MELODY" in midi.rows:
                yield Tune(row["id"], score_of([midi.rows["MELODY"]], meter), read_key(row["key"])[0])


def _with_pickup(meters: dict[int, str], quarters: float) -> MeterMap:
    """Bar lines shifted so that the upbeat is a short first bar."""
    upbeat = round(quarters * PPQ)
    shifted = {tick + upbeat if tick else 0: text for tick, text in meters.items()}
    if upbeat:
        shifted.setdefault(upbeat, meters[0])
    return MeterMap.of(*sorted(shifted.items()))
