"""Melodies with a person's chords: what the harmoniser learns from and is measured on.

OpenEWLD (lead sheets, MIT), POP909 (melody and reviewed chords, MIT) and the McGill Billboard annotations (chords alone,
CC0). Everything is read straight from the zip archives and laid on a grid of felt beats.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import mido
import numpy as np

from engines.analysis.score import Grid, Ints, Notes
from engines.music.notes import Note
from engines.music.time import Meter, MeterChange, MeterMap, Ticks
from training.analysis.harmonise_roman import read_analysis

LETTERS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}

SHAPES: dict[str, tuple[int, ...]] = {
    "maj": (0, 4, 7),
    "min": (0, 3, 7),
    "7": (0, 4, 7, 10),
    "min7": (0, 3, 7, 10),
    "maj7": (0, 4, 7, 11),
    "dim": (0, 3, 6),
    "hdim7": (0, 3, 6, 10),
    "dim7": (0, 3, 6, 9),
    "aug": (0, 4, 8),
    "sus4": (0, 5, 7),
    "6": (0, 4, 7, 9),
    "min6": (0, 3, 7, 9),
}
"""Qualities that are told apart, as intervals above the root."""

SPELLINGS = {
    "": "maj", "5": "maj", "1": "maj", "maj9": "maj7", "maj13": "maj7", "maj11": "maj7", "9": "7", "11": "7", "13": "7",
    "aug7": "aug", "augmented-ninth": "aug", "min9": "min7", "min11": "min7", "min13": "min7", "sus2": "sus4", "sus": "sus4",
    "minor-major": "min", "minmaj7": "min", "maj6": "6", "7sus4": "sus4", "dom": "7", "major-sixth": "6", "maj(9)": "maj",
    "maj6(9)": "6", "sus4(b7)": "sus4", "sus4(b7,9)": "sus4", "7(#9)": "7", "min(9)": "min",
}  # fmt: skip
"""Other names in the annotations, by what they count as here."""


@dataclass(frozen=True)
class Tune:
    """A melody and the chords that a person set to it."""

    id: str
    source: str
    """The archive it is from."""
    melody: Notes
    meter: MeterMap
    grid: Grid
    root: Ints
    """The chord's root on every beat, -1 where there is none."""
    quality: tuple[str, ...]
    """The chord's quality on every beat, empty where there is none."""
    tonic: Ints
    """The key's tonic on every beat."""
    minor: Ints
    """1 on beats of a minor key."""
    phrases: tuple[tuple[str, int, int], ...] = ()
    """Letter, first bar (from 0) and number of bars, where annotated."""


def pitch_class(name: str) -> int:
    """The pitch class of a letter with its accidentals."""
    return (LETTERS[name[0]] + name.count("#") - name.count("b")) % 12


def parse_label(label: str) -> tuple[int, str]:
    """Root and quality of `C:min7/Eb` or `C:maj/3`; (-1, "") for no chord."""
    match = re.match(r"([A-G][#b]*)(?::([^/]*))?(?:/.*)?$", label.strip())
    if match is None:
        return -1, ""
    quality = match.group(2) or ""
    quality = SPELLINGS.get(quality, quality)
    if quality not in SHAPES:
        quality = SPELLINGS.get(quality.split("(")[0], quality.split("(")[0])
    if quality not in SHAPES:
        third = "min" if quality.startswith(("min", "m")) and not quality.startswith("maj") else "maj"
        quality = "dim" if quality.startswith("dim") else third
    return pitch_class(match.group(1)), quality


_SHAPE_OF = {frozenset(shape): name for name, shape in reversed(SHAPES.items())}
_SHAPE_OF.update({frozenset((0, 2, 7)): "sus4", frozenset((0, 3, 7, 11)): "min", frozenset((0, 4, 7, 2)): "maj"})
_SHAPE_OF.update({frozenset((0, 3, 7, 2)): "min", frozenset((0, 5, 7, 10)): "sus4", frozenset((0, 2, 7, 10)): "7"})
_SHAPE_OF.update({frozenset((0, 7)): "maj", frozenset((0, 4)): "maj", frozenset((0, 3)): "min", frozenset((0,)): "maj"})


def name_block(pitches: Sequence[int]) -> tuple[int, str]:
    """Root and quality of a block chord; the bass is the root where it can be."""
    bass = min(pitches) % 12
    classes = {p % 12 for p in pitches}
    for root in (bass, *sorted(classes - {bass})):
        found = _SHAPE_OF.get(frozenset((p - root) % 12 for p in classes))
        if found is not None:
            return root, found
    upper = classes - {bass}
    for root in sorted(upper):
        found = _SHAPE_OF.get(frozenset((p - root) % 12 for p in upper))
        if found is not None and len(upper) >= 3:
            return root, found
    third = "min" if (bass + 3) % 12 in classes and (bass + 4) % 12 not in classes else "maj"
    return bass, third


def _on_beats(beats: Ints, spans: Sequence[tuple[int, int, int, str]]) -> tuple[Ints, tuple[str, ...]]:
    """The chord that fills most of each beat, from (start, end, root, quality)."""
    length = np.diff(beats)
    best = np.zeros(len(length))
    root = np.full(len(length), -1, dtype=np.int64)
    quality = [""] * len(length)
    for start, end, r, q in spans:
        first = max(0, int(np.searchsorted(beats, start, side="right")) - 1)
        last = min(len(length), int(np.searchsorted(beats, end, side="left")))
        for i in range(first, last):
            overlap = min(end, int(beats[i + 1])) - max(start, int(beats[i]))
            if overlap > best[i] and overlap * 4 >= length[i]:
                best[i], root[i], quality[i] = overlap, r, q
    return root, tuple(quality)


def _read_key(text: str) -> tuple[int, int]:
    return pitch_class(text.removesuffix("m")), int(text.endswith("m"))


@dataclass(frozen=True)
class _File:
    meters: dict[int, Meter]
    keys: list[tuple[int, str]]
    markers: list[tuple[int, str]]
    notes: dict[str, list[Note]]


def _read_midi(data: bytes) -> _File:
    file = mido.MidiFile(file=io.BytesIO(data), clip=True)
    scale = 960 // file.ticks_per_beat
    meters: dict[int, Meter] = {}
    keys: list[tuple[int, str]] = []
    markers: list[tuple[int, str]] = []
    notes: dict[str, list[Note]] = {}
    for track in file.tracks:
        tick, open_notes = 0, {}  # type: int, dict[int, tuple[int, int]]
        for message in track:
            tick += message.time
            at = tick * scale
            if message.type == "time_signature":
                meters[at] = Meter(message.numerator, message.denominator)
            elif message.type == "key_signature":
                keys.append((at, message.key))
            elif message.type in ("marker", "text"):
                markers.append((at, message.text))
            elif message.type in ("note_on", "note_off"):
                if message.note in open_notes:
                    start, velocity = open_notes.pop(message.note)
                    if at > start:
                        note = Note(Ticks(start), Ticks(at - start), message.note, velocity)
                        notes.setdefault(track.name, []).append(note)
                if message.type == "note_on" and message.velocity > 0:
                    open_notes[message.note] = at, message.velocity
    return _File(meters, keys, markers, notes)


def _meter_map(meters: dict[int, Meter]) -> MeterMap:
    first = meters.get(0, Meter(4, 4))
    changes = [MeterChange(Ticks(0), first)]
    changes += [MeterChange(Ticks(tick), meter) for tick, meter in sorted(meters.items()) if tick > 0]
    return MeterMap(tuple(changes))


def load_folds(splits: Path, archive: str) -> dict[str, str]:
    """Id → fold."""
    folds = json.loads((splits / f"{archive}.json").read_text(encoding="utf-8"))
    return {id_: fold for fold, ids in folds.items() for id_ in ids}


def _key_of(signature: int, spans: Sequence[tuple[int, int, int, str]]) -> tuple[int, int]:
    """The key of a lead sheet: its signature where the chords bear it out, else the major key that they fit best."""
    held: Counter[tuple[int, bool]] = Counter()
    for i, (start, end, root, quality) in enumerate(spans):
        # The first and the last chord tell more than the others.
        extra = 4 if i == len(spans) - 1 else 2 if i == 0 else 1
        held[root, quality.startswith("min")] += (end - start) * extra
    total = max(1, sum(held.values()))
    fit = [sum(n for (root, _), n in held.items() if (root - tonic) % 12 in (0, 2, 4, 5, 7, 9)) for tonic in range(12)]
    if fit[signature] < 0.8 * total and max(fit) > fit[signature] + 0.1 * total:
        return max(range(12), key=lambda tonic: fit[tonic] + held[tonic, False]), 0
    relative = (signature + 9) % 12
    return (relative, 1) if held[relative, True] > held[signature, False] else (signature, 0)


def openewld(folder: Path, splits: Path, folds: Sequence[str]) -> Iterator[Tune]:
    """Lead sheets with chord symbols."""
    fold = load_folds(splits, "openewld")
    with zipfile.ZipFile(folder / "openewld.zip") as archive:
        table = csv.DictReader(io.StringIO(archive.read("index.csv").decode("utf-8-sig")))
        for row in table:
            if fold[row["id"]] not in folds:
                continue
            file = _read_midi(archive.read(f"midi/{row['id']}.mid"))
            pickup = round(float(row["pickup_quarters"]) * 960)
            meter = _meter_map(_after_upbeat(file.meters, pickup))
            melody = Notes.of([file.notes.get("MELODY", [])])
            if len(melody) == 0:
                continue
            grid = Grid.of(meter, int(melody.end.max()))
            rows = list(csv.DictReader(io.StringIO(archive.read(f"chords/{row['id']}.tsv").decode()), delimiter="\t"))
            onsets = [round(float(r["onset_quarters"]) * 960) for r in rows] + [int(grid.beats[-1])]
            labels = [parse_label(r["chord"]) for r in rows]
            spans = [(a, b, *label) for a, b, label in zip(onsets, onsets[1:], labels, strict=False) if b > a]
            signature = pitch_class(file.keys[0][1]) if file.keys else 0
            tonic, minor = _key_of(signature, spans)
            root, quality = _on_beats(grid.beats, spans)
            yield _tune(row["id"], "openewld", melody, meter, grid, root, quality, [(0, tonic, minor)], ())


def _tune(
    id_: str, source: str, melody: Notes, meter: MeterMap, grid: Grid, root: Ints, quality: tuple[str, ...],
    keys: Sequence[tuple[int, int, int]], phrases: tuple[tuple[str, int, int], ...],
) -> Tune:  # fmt: skip
    starts = np.array([tick for tick, _, _ in keys])
    at = np.maximum(0, np.searchsorted(starts, grid.beats[:-1], side="right") - 1)
    tonic = np.array([t for _, t, _ in keys], dtype=np.int64)[at]
    minor = np.array([m for _, _, m in keys], dtype=np.int64)[at]
    return Tune(id_, source, melody, meter, grid, root, quality, tonic, minor, phrases)


def pop909(folder: Path, splits: Path, folds: Sequence[str]) -> Iterator[Tune]:
    """Pop songs with reviewed chords; only those whose bar lines are trusted."""
    fold = load_folds(splits, "pop909")
    with zipfile.ZipFile(folder / "pop909.zip") as archive:
        for row in csv.DictReader(io.StringIO(archive.read("meta.csv").decode("utf-8-sig"))):
            if fold[row["song_id"]] not in folds or row["aligned"] != "1" or row["chord_track"] != "1":
                continue
            if row["downbeat_source"] != "phrase_labels" and float(row["downbeat_conf"] or 0) < 0.5:
                continue
            file = _read_midi(archive.read(f"aligned/{row['song_id']}.mid"))
            melody = Notes.of([file.notes.get("MELODY", [])])
            if len(melody) == 0 or "CHORDS" not in file.notes:
                continue
            meter = _meter_map(file.meters)
            blocks: dict[int, list[Note]] = {}
            for note in file.notes["CHORDS"]:
                blocks.setdefault(note.start, []).append(note)
            end = max(int(melody.end.max()), max(note.end for note in file.notes["CHORDS"]))
            grid = Grid.of(meter, end)
            spans = [
                (start, max(n.end for n in notes), *name_block([n.pitch for n in notes]))
                for start, notes in sorted(blocks.items())
            ]
            root, quality = _on_beats(grid.beats, spans)
            keys = [(tick, *_read_key(key)) for tick, key in file.keys] or [(0, 0, 0)]
            phrases = _pop_phrases(row, meter)
            yield _tune(row["song_id"], "pop909", melody, meter, grid, root, quality, keys, phrases)


def _pop_phrases(row: dict[str, str], meter: MeterMap) -> tuple[tuple[str, int, int], ...]:
    if float(row["phrase_match"] or 0) <= 0.9 or not row["phrase1"] or len(meter.changes) > 1:
        return ()
    offset = int(row["phrase_offset_16th"]) * 240
    if offset % meter.changes[0].meter.bar:
        return ()
    bar = offset // meter.changes[0].meter.bar
    out = []
    for letter, bars in re.findall(r"([A-Za-z])(\d+)", row["phrase1"]):
        out.append((letter, bar, int(bars)))
        bar += int(bars)
    return tuple(out)


def lieder(folder: Path, splits: Path, folds: Sequence[str]) -> Iterator[Tune]:
    """Songs with an analysis in Roman numerals; only those where the analysis fits the piano bar by bar."""
    fold = load_folds(splits, "openscore_lieder")
    with zipfile.ZipFile(folder / "openscore_lieder.zip") as archive:
        for row in csv.DictReader(io.StringIO(archive.read("index.csv").decode("utf-8-sig"))):
            if fold[row["id"]] not in folds or row["roman_analysis"] != "1":
                continue
            file = _read_midi(archive.read(f"midi/{row['id']}.mid"))
            voice = next((notes for name, notes in file.notes.items() if name.startswith("VOICE")), [])
            piano = [n for name, notes in file.notes.items() if name.startswith("PIANO") for n in notes]
            if not voice or not piano:
                continue
            meter = _meter_map(_after_upbeat(file.meters, round(float(row["pickup_quarters"]) * 960)))
            melody = Notes.of([voice])
            grid = Grid.of(meter, max(int(melody.end.max()), max(n.end for n in piano)))
            text = archive.read(f"roman/{row['id']}.rntxt").decode("utf-8", "replace")
            spans, keys = _analysed(text, meter, int(grid.beats[-1]))
            if not spans or _agreement(spans, piano) < 0.75:
                continue
            root, quality = _on_beats(grid.beats, spans)
            yield _tune(row["id"], "openscore_lieder", melody, meter, grid, root, quality, keys, ())


def _after_upbeat(meters: dict[int, Meter], upbeat: int) -> dict[int, Meter]:
    """A meter map whose first bar is as long as the upbeat."""
    if upbeat <= 0:
        return meters
    first = meters.get(0, Meter(4, 4))
    return {0: first, upbeat: first, **{tick: meter for tick, meter in meters.items() if tick >= upbeat}}


def _analysed(
    text: str, meter: MeterMap, end: int
) -> tuple[list[tuple[int, int, int, str]], list[tuple[int, int, int]]]:
    found = list(read_analysis(text))
    if not found:
        return [], []
    # An upbeat is measure 0 or, where the editor counts it, measure 1; its beats count as in a full bar.
    shift = 1 - found[0][0] if meter.has_pickup() else 0
    ticks: list[int] = []
    chords: list[tuple[int, str]] = []
    keys: list[tuple[int, int, int]] = []
    for measure, beat, key, chord in found:
        bar = measure + shift
        unit = meter.meter_of(bar)
        step = unit.pulse if unit.is_compound else unit.unit
        late = unit.bar - (meter.bar_end(bar) - meter.bar_start(bar)) if bar == 1 else 0
        tick = max(0, meter.bar_start(bar) + round((beat - 1) * step) - late)
        if tick >= end or (ticks and tick <= ticks[-1]):
            continue
        ticks.append(tick)
        chords.append(chord or (-1, ""))
        if not keys or keys[-1][1:] != key:
            keys.append((tick if keys else 0, *key))
    stops = [*ticks[1:], end]
    return [(a, b, *chord) for a, b, chord in zip(ticks, stops, chords, strict=True) if chord[0] >= 0], keys


def _agreement(spans: Sequence[tuple[int, int, int, str]], notes: Sequence[Note]) -> float:
    """The share of sounding time for which notes belong to the chord."""
    starts = np.array([span[0] for span in spans])
    inside = total = 0
    for note in notes:
        i = int(np.searchsorted(starts, note.start, side="right")) - 1
        if i < 0:
            continue
        _, end, root, quality = spans[i]
        length = min(end, note.end) - note.start
        total += max(0, length)
        inside += max(0, length) * ((note.pitch - root) % 12 in SHAPES[quality])
    return inside / max(1, total)
