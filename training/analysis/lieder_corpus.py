"""OpenScore Lieder with their Roman-numeral analyses, as keys and chords on the beat grid.

The analyses in the archive are a program's (AugmentedNet), not a person's. They widen what is heard beyond pop piano,
and agreement with them is reported as such: agreement, not accuracy.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from engines.analysis.score import Score
from engines.music.time import PPQ, MeterMap
from training.analysis.harmony_corpus import (
    QUALITIES,
    SHAPES,
    Midi,
    Named,
    Piece,
    on_beats,
    read_key,
    read_midi,
    score_of,
)

_MAJOR, _MINOR = (0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10)
_ROMAN = {"i": 0, "ii": 1, "iii": 2, "iv": 3, "v": 4, "vi": 5, "vii": 6}
_NUMERAL = re.compile(r"([b#]*)([ivIV]+|Cad|Ger|It|Fr|N)([o+ø]?)([0-9]*)")
_FIGURES = {"": (0, False), "5": (0, False), "53": (0, False), "6": (1, False), "64": (2, False)}
_FIGURES |= {"7": (0, True), "65": (1, True), "43": (2, True), "2": (3, True), "42": (3, True)}
Key = tuple[int, int]


def read_numeral(text: str, key: Key) -> Named | None:
    """What a numeral such as `V65/ii` is in a key; None for what this reader does not know."""
    head, *within = text.split("/")
    for step in reversed(within):
        match = _NUMERAL.fullmatch(step)
        if match is None or match[2].lower() not in _ROMAN:
            return None
        root = (key[0] + _degree(match[2].lower(), key[1]) + _shift(match[1])) % 12
        key = root, int(match[2].islower())
    match = _NUMERAL.fullmatch(head)
    if match is None or match[4] not in _FIGURES:
        return None
    inversion, seventh = _FIGURES[match[4]]
    if match[2] in ("Cad", "Ger", "It", "Fr", "N"):
        return _special(match[2], inversion, key)
    numeral = match[2].lower()
    if numeral not in _ROMAN:
        return None
    step = 11 if numeral == "vii" and match[3] in ("o", "ø") and not match[1] else _degree(numeral, key[1])
    root = (key[0] + step + _shift(match[1])) % 12
    return _built(root, _quality(match[2], match[3], seventh, bool(within)), inversion)


def _degree(numeral: str, minor: int) -> int:
    return (_MINOR if minor else _MAJOR)[_ROMAN[numeral]]


def _shift(signs: str) -> int:
    return signs.count("#") - signs.count("b")


def _special(name: str, inversion: int, key: Key) -> Named:
    """The cadential six-four, the Neapolitan, augmented sixths (spelled as the seventh chords that they sound like)."""
    if name == "Cad":
        return _built(key[0], "m" if key[1] else "", 2)
    return _built((key[0] + 1) % 12, "", 1) if name == "N" else _built((key[0] + 8) % 12, "7", 0)


def _quality(numeral: str, sign: str, seventh: bool, applied: bool) -> str:
    if sign:
        return {"o": "dim7" if seventh else "dim", "ø": "m7b5", "+": "aug"}[sign]
    if numeral.islower():
        return "m7" if seventh else "m"
    dominant = applied or numeral in ("V", "VII")
    return ("7" if dominant else "maj7") if seventh else ""


def _built(root: int, quality: str, inversion: int) -> Named:
    shape = SHAPES[quality]
    return Named(root, QUALITIES.index(quality), (root + shape[min(inversion, len(shape) - 1)]) % 12)


@dataclass(frozen=True)
class Analysis:
    """A Roman-numeral file: what begins where, in bars and beats as it counts them."""

    events: tuple[tuple[int, float, Key, str], ...]
    """Bar, beat from 1, key, numeral."""


def read_analysis(text: str) -> Analysis:
    """Read a file; lines that are not measures are passed over."""
    events, key = [], None
    for line in text.splitlines():
        match = re.match(r"m(\d+)\s+(.*)", line)
        if match is None:
            continue
        beat = 1.0
        for word in match[2].split():
            if re.fullmatch(r"b[\d.]+", word):
                beat = float(word[1:])
            elif re.fullmatch(r"[A-Ga-g][b#-]*:", word):
                name = word[:-1].replace("-", "b")
                tonic = read_key(name[0].upper() + name[1:])[0]
                key = tonic, int(name[0].islower())
            elif key is not None:
                events.append((int(match[1]), beat, key, word))
    return Analysis(tuple(events))


def lieder(folder: Path, ids: Collection[str]) -> Iterator[Piece]:
    """The songs in one meter that have an analysis. Main key: the analysis's most frequent, where the signature agrees."""
    with zipfile.ZipFile(folder / "openscore_lieder.zip") as archive:
        members = {Path(name).parts[-2:]: name for name in archive.namelist()}
        table = archive.read(next(name for key, name in members.items() if key[-1] == "index.csv")).decode("utf-8-sig")
        for row in csv.DictReader(io.StringIO(table)):
            meters = row["meters"].split()
            if row["id"] not in ids or row["roman_analysis"] != "1" or len(meters) != 1:
                continue
            midi = read_midi(archive.read(members["midi", f"{row['id']}.mid"]))
            analysis = read_analysis(archive.read(members["roman", f"{row['id']}.rntxt"]).decode("utf-8"))
            if midi.rows and analysis.events:
                yield _song(row["id"], midi, analysis, meters[0], float(row["pickup_quarters"]), row["keys"].split())


def _song(id_: str, midi: Midi, analysis: Analysis, meter: str, pickup: float, signatures: list[str]) -> Piece:
    upbeat = round(pickup * PPQ)
    changes = [(0, meter), (upbeat, meter)] if upbeat else [(0, meter)]
    score = score_of(list(midi.rows.values()), MeterMap.of(*changes))
    options = [_placed(id_, score, analysis, first, signatures) for first in ((0, 1) if upbeat else (1,))]
    return max(options, key=_fit)


def _placed(id_: str, score: Score, analysis: Analysis, first: int, signatures: list[str]) -> Piece:
    """The analysis laid on the score, if the file's first bar has this number."""
    upbeat = score.meter.has_pickup() or len(score.meter.changes) > 1
    full, unit = score.meter.bar_end(1) - score.meter.bar_start(1), score.meter.meter_at(0)
    missing = unit.bar - full if upbeat else 0
    beat = unit.pulse if unit.is_compound else unit.unit
    at, numerals = [], []
    for bar, position, key, numeral in analysis.events:
        start = score.meter.bar_start(bar - first + 1) - (missing if bar == first else 0)
        at.append(max(0, int(start + (position - 1) * beat)))
        numerals.append((key, read_numeral(numeral, key)))
    ends = [*at[1:], int(score.grid.beats[-1])]
    spans = [(a, b, named) for a, b, (_, named) in zip(at, ends, numerals, strict=True) if named and b > a]
    weight: dict[Key, int] = {}
    for a, b, (key, _) in zip(at, ends, numerals, strict=True):
        weight[key] = weight.get(key, 0) + b - a
    main = max(weight, key=lambda key: weight[key])
    written = {read_key(name)[0] for name in signatures}
    keys = ((0, *main),) if len(written) == 1 and (main[0] + 3 * main[1]) % 12 in written else ()
    return replace(Piece(id_, score, keys, on_beats(score.grid.beats, spans), one_key=bool(keys)))


def _fit(piece: Piece) -> float:
    """The share of what sounds that lies in the chords of the analysis: right bar numbers fit best."""
    assert piece.reference is not None
    notes, grid = piece.score.notes, piece.score.grid
    beat = np.clip(np.searchsorted(grid.beats, notes.start, side="right") - 1, 0, grid.n_beats - 1)
    root, quality = piece.reference.root[beat], piece.reference.quality[beat]
    tones = np.array([[(step in shape) for step in range(12)] for shape in SHAPES.values()])
    return float(np.mean(tones[quality, (notes.pitch - root) % 12] & (root >= 0))) if len(notes) else 0.0
