"""Pieces whose parts are known, read straight from the zip archives: what role guessing and melody finding learn from.

The score editions say which part is the voice; POP909 says which track is the melody; band pieces say it by program and by
what their makers called their tracks. Where a label leaves several roles open, all of them are kept.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from bridge.files.midi import read_song
from engines.analysis.melody import once
from engines.analysis.score import Bools, Ints, Notes, Score
from engines.errors import EngineError

Roles = frozenset[str]
ANY: Roles = frozenset(("melody", "bass", "chords", "counter"))
TUNE, BASS, CHORDS = frozenset(("melody",)), frozenset(("bass",)), frozenset(("chords",))
INNER, LEFT_HAND = frozenset(("chords", "counter")), frozenset(("chords", "bass"))
NO_BASS = ANY - BASS

BASS_PROGRAMS = range(32, 40)
NAMED_TUNE = re.compile(
    r"\b(melody|melodia|mel|solo|soloist|lead2?|voice 1|singer|chant|voz|vocal|canto|cantus|gesang|discant)\b|^voice$"
    r"|melstaff|melody|^soprano?$",
    re.IGNORECASE,
)
NAMED_BASS = re.compile(
    r"\bbass|\bbas\b|basso|baixo|\bbase\b|contrabass|continuo|violoncello|violincello|^cello$|^vc$|fagott",
    re.IGNORECASE,
)
NAMED_CHORDS = re.compile(r"chord|\bcomp\b|rhythm g|rythm|piano|keys|pad\b|strings$", re.IGNORECASE)
NAMED_SECOND = re.compile(r"^(violinii|viola|violin_?two|two|ii)\b", re.IGNORECASE)
NAMED_LEFT_HAND = re.compile(r"^(lower|down|lh|left|pianodown)", re.IGNORECASE)
BESIDE_THE_TUNE = re.compile(r"voice|doubl|harm|support", re.IGNORECASE)
LEAD_SOUND = re.compile(r"square|sawtooth|bass lead|calliope|charang|fifths|lead 2 \(", re.IGNORECASE)
"""General MIDI's names of lead sounds, which are not said of a part."""


@dataclass(frozen=True)
class Piece:
    """A piece and what its tracks may be called."""

    archive: str
    id: str
    variant: str
    """Which of the ways to lay out its tracks: `parts`, `two` (tune and accompaniment), `one`, `octave` …"""
    fold: str
    score: Score
    """Without names and programs that would give the answer away."""
    labels: tuple[Roles, ...]
    """Roles that are right for each track."""


@dataclass(frozen=True)
class Texture:
    """All parts of a piece in one, and which of its notes are the tune."""

    archive: str
    id: str
    variant: str
    fold: str
    notes: Notes
    beats: Ints
    sung: Bools


def folds(splits: Path, archive: str) -> dict[str, str]:
    """The fold of every piece of an archive."""
    table = json.loads((splits / f"{archive}.json").read_text(encoding="utf-8"))
    return {piece: fold for fold in ("train", "validation", "test") for piece in table[fold]}


def scores(
    data: Path, splits: Path, archive: str, keep: Callable[[str], bool] = bool
) -> Iterator[tuple[str, str, Score]]:
    """(id, fold, score) of every piece of an archive whose id is wanted, in order of name."""
    fold = folds(splits, archive)
    inside = "aligned/" if archive == "pop909" else "midi/"
    with zipfile.ZipFile(data / f"{archive}.zip") as box:
        for name in sorted(box.namelist()):
            piece = Path(name).stem
            if name.endswith(".mid") and name.startswith(inside) and piece in fold and keep(piece):
                try:
                    yield piece, fold[piece], Score.of(read_song(box.read(name)).song)
                except EngineError as error:
                    print(f"{archive}/{name} is left out: {error.message}")


def grouped(score: Score, groups: Sequence[Sequence[int]]) -> Score:
    """The same notes in other tracks: one track for each group of old ones. Other tracks fall away."""
    to = np.full(len(score.names), -1, dtype=np.int64)
    for new, group in enumerate(groups):
        to[list(group)] = new
    notes = score.notes.where(to[score.notes.track] >= 0)
    notes = replace(notes, track=to[notes.track])
    names = tuple(score.names[group[0]] for group in groups)
    return replace(score, notes=notes, names=names, programs=tuple(score.programs[group[0]] for group in groups))


def pieces(data: Path, splits: Path, archive: str, *, green: bool = False) -> Iterator[Piece]:
    """The labelled pieces of an archive. `green` leaves out works whose licence sets conditions on what is made of them."""
    allowed = _green(data) if green and archive == "popular_extra" else None
    for id_, fold, score in scores(data, splits, archive, lambda piece: allowed is None or piece in allowed):
        for variant, groups, labels in LAYOUTS[archive](score):
            yield Piece(archive, id_, variant, fold, grouped(score, groups), labels)
            if variant == "band" and BASS in labels:
                yield Piece(archive, id_, "octave", fold, _bass_written_high(grouped(score, groups), labels), labels)


def _green(data: Path) -> set[str]:
    with zipfile.ZipFile(data / "popular_extra.zip") as box:
        rows = csv.DictReader(io.StringIO(box.read("index.csv").decode("utf-8")))
        return {Path(row["file"]).stem for row in rows if row["grade"] == "green"}


def _bass_written_high(score: Score, labels: Sequence[Roles]) -> Score:
    """Basses an octave up, as many programs write them."""
    bass = np.array([label == BASS for label in labels])
    notes = score.notes
    return replace(score, notes=replace(notes, pitch=np.minimum(notes.pitch + 12 * bass[notes.track], 127)))


Layout = tuple[str, list[list[int]], tuple[Roles, ...]]


def _pop909(score: Score) -> Iterator[Layout]:
    place = {name: i for i, name in enumerate(score.names)}
    if all(name in place for name in ("MELODY", "BRIDGE", "PIANO")):
        tune, bridge, piano = place["MELODY"], place["BRIDGE"], place["PIANO"]
        yield "parts", [[tune], [bridge], [piano]], (TUNE, frozenset(("counter",)), CHORDS)
        yield "two", [[tune], [bridge, piano]], (TUNE, CHORDS)
        yield "one", [[tune, bridge, piano]], (CHORDS,)


def _lieder(score: Score) -> Iterator[Layout]:
    voice = [i for i, name in enumerate(score.names) if name.startswith(("VOICE", "PART"))]
    right = [i for i, name in enumerate(score.names) if name.startswith("PIANO_RH")]
    left = [i for i, name in enumerate(score.names) if name.startswith("PIANO_LH")]
    if len(voice) == len(right) == len(left) == 1:
        yield "parts", [voice, right, left], (TUNE, INNER, LEFT_HAND)
        yield "two", [voice, right + left], (TUNE, CHORDS)
        yield "one", [right + left], (CHORDS,)


def _quartets(score: Score) -> Iterator[Layout]:
    place = {name: i for i, name in enumerate(score.names)}
    names = ("VIOLIN1", "VIOLIN2", "VIOLA", "CELLO")
    if all(name in place for name in names):
        yield "parts", [[place[name]] for name in names], (TUNE, INNER, INNER, BASS)


def _single(score: Score) -> Iterator[Layout]:
    heard = _heard(score)
    if len(heard) == 1:
        yield "one", [heard], (TUNE,)


def _tune_and_chords(score: Score) -> Iterator[Layout]:
    heard = _heard(score)
    if len(heard) == 2:
        yield "parts", [[heard[0]], [heard[1]]], (TUNE, CHORDS)


def _editions(score: Score) -> Iterator[Layout]:
    heard = _heard(score)
    labels = [_label_of_edition(score.names[i]) for i in heard]
    if len(heard) > 1 and (TUNE in labels or (len(heard) > 2 and any(label != ANY for label in labels))):
        yield "parts", [[i] for i in heard], tuple(labels)


def _label_of_edition(name: str) -> Roles:
    for pattern, label in ((NAMED_BASS, BASS), (NAMED_TUNE, TUNE), (NAMED_SECOND, INNER), (NAMED_LEFT_HAND, LEFT_HAND)):
        if pattern.search(name):
            return label
    return ANY


def _band(score: Score) -> Iterator[Layout]:
    drums = np.bincount(score.notes.track, weights=score.notes.drum, minlength=len(score.names)) > 0
    heard = [i for i in _heard(score) if not drums[i]]
    labels = [_label_in_band(score.names[i], score.programs[i]) for i in heard]
    named = [k for k, i in enumerate(heard) if labels[k] == TUNE and "melody" in score.names[i].casefold()]
    tunes = named or [k for k, label in enumerate(labels) if label == TUNE]
    for k, i in enumerate(heard):
        if k in tunes:
            labels[k] = TUNE if len(tunes) == 1 else frozenset(("melody", "counter"))
        elif labels[k] == TUNE:
            labels[k] = frozenset(("melody", "counter"))
        elif tunes and not BESIDE_THE_TUNE.search(score.names[i]):
            labels[k] = labels[k] - TUNE
    if len(heard) > 1:
        yield "band", [[i] for i in heard], tuple(labels)


def _label_in_band(name: str, program: int | None) -> Roles:
    if program in BASS_PROGRAMS or NAMED_BASS.search(name):
        return BASS
    if NAMED_TUNE.search(name) and not LEAD_SOUND.search(name):
        return TUNE
    if NAMED_CHORDS.search(name) or (program is not None and (program in range(88, 96) or program in range(48, 52))):
        return INNER
    return NO_BASS


def _by_program(score: Score) -> Iterator[Layout]:
    heard = _heard(score)
    labels = tuple(BASS if score.programs[i] in BASS_PROGRAMS else NO_BASS for i in heard)
    if BASS in labels:
        yield "parts", [[i] for i in heard], labels


def _heard(score: Score) -> list[int]:
    counted = np.bincount(score.notes.track, minlength=len(score.names))
    return [int(i) for i in np.flatnonzero(counted)]


LAYOUTS: dict[str, Callable[[Score], Iterator[Layout]]] = {
    "pop909": _pop909,
    "openscore_lieder": _lieder,
    "openscore_quartets": _quartets,
    "openewld": _single,
    "mutopia_pd": _editions,
    "freedoom_music": _band,
    "popular_extra": _band,
    "nottingham": _tune_and_chords,
    "slakh2100_q16": _by_program,
}
"""How each archive names its parts. Nottingham and Slakh are only measured on."""


def textures(data: Path, splits: Path, archive: str) -> Iterator[Texture]:
    """Whole textures with the tune marked, in several variants: with and without bridge, with and without dynamics."""
    for id_, fold, score in scores(data, splits, archive):
        for variant, groups, labels in LAYOUTS[archive](score):
            if variant != "parts" or labels[0] != TUNE or len(groups) < 2:
                continue
            everything = [i for group in groups for i in group]
            choices = {"all": everything}
            if archive == "pop909":
                choices["tune and piano"] = [groups[0][0], groups[2][0]]
            for name, tracks in choices.items():
                texture = _texture(score, tracks, groups[0])
                # In editions the loudness of a note is the converter's, one value for the voice and one for the piano.
                if archive == "pop909":
                    yield Texture(archive, id_, name, fold, texture[0], score.grid.beats, texture[1])
                flat = replace(texture[0], velocity=np.full(len(texture[0]), 80))
                yield Texture(archive, id_, f"{name}, flat", fold, flat, score.grid.beats, texture[1])


def _texture(score: Score, tracks: Sequence[int], tune: Sequence[int]) -> tuple[Notes, Bools]:
    heard = score.notes.where(np.isin(score.notes.track, list(tracks))).pitched
    notes = once(heard)
    mine = np.isin(heard.track, list(tune))
    sung = set(zip(heard.start[mine].tolist(), heard.pitch[mine].tolist(), strict=True))
    at = zip(notes.start.tolist(), notes.pitch.tolist(), strict=True)
    return replace(notes, track=np.zeros_like(notes.track)), np.array([place in sung for place in at], dtype=bool)
