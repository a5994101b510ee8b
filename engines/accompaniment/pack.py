"""A style pack: an immutable database of phrases, read where it lies on the disk.

A folder with `pack.json` (what is in it, from whom, under which licence) and `tape.bin` (columns of numbers, one after the
other, mapped and not read). All donors lie on one tape, bar after bar; a phrase is a stretch of it. A pack is checked in
size, checksum and structure before a note of it is used.
"""

from __future__ import annotations

import math
import os
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, Literal

import msgspec
import numpy as np
import numpy.typing as npt

from engines.accompaniment.donors import LEFT, RIGHT, Harmony, Stroke
from engines.accompaniment.features import CHORD, TEXTURE, beats_of, steps_of
from engines.api import Shelf
from engines.errors import EngineError, NotThere
from engines.models.card import Count, Name, Text, Word, strictly
from engines.music.time import Meter, Ticks

MAX_CARD, MAX_TAPE = 4 * 1024 * 1024, 512 * 1024 * 1024
"""The longest card and tape that are read."""
AGAIN = "Build it again with `partimento style build`, or install partimento again if it came with it."

COLUMNS: dict[str, tuple[str, str]] = {
    "donor_bar": ("<u4", "donors+1"),
    "bar_numerator": ("<u1", "bars"),
    "bar_denominator": ("<u1", "bars"),
    "bar_stroke": ("<u4", "bars+1"),
    "bar_chord": ("<u4", "bars+1"),
    "bar_step": ("<u4", "bars+1"),
    "bar_beat": ("<u4", "bars+1"),
    "bar_texture": ("<i1", "bars*texture"),
    "beat_chord": ("<i1", "beats*width"),
    "stroke_at": ("<u2", "strokes"),
    "stroke_length": ("<u2", "strokes"),
    "stroke_pitch": ("<u1", "strokes"),
    "stroke_velocity": ("<u1", "strokes"),
    "stroke_hand": ("<u1", "strokes"),
    "stroke_late": ("<i1", "strokes"),
    "chord_at": ("<u2", "chords"),
    "chord_root": ("<i1", "chords"),
    "chord_tones": ("<u2", "chords"),
    "chord_bass": ("<i1", "chords"),
    "tune_step": ("<u1", "steps"),
    "span_bar": ("<u4", "spans"),
    "span_bars": ("<u1", "spans"),
}
"""Every column with its type and how many numbers it has. Strokes and chords count ticks from their bar line; every bar
begins with the chord that sounds there. Textures and the chords of beats are for comparing: parts of LOUDEST."""
LOUDEST = {"bar_texture": 32.0, "beat_chord": 127.0}
"""What a 1 is in columns of small whole numbers."""
INDICES = {
    "donor_bar": "bars",
    "bar_stroke": "strokes",
    "bar_chord": "chords",
    "bar_step": "steps",
    "bar_beat": "beats",
}
"""Columns that point into others."""


Tag = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9:+/-]{0,63}\Z")]


class BadPack(EngineError):
    """A style pack that cannot be used."""

    code = "E_STYLE"


class _Shape(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A piece of the card."""


class Origin(_Shape, frozen=True, kw_only=True):
    """Where donors come from."""

    name: Word
    licence: Word
    attribution: Text = ""


class Song(_Shape, frozen=True, kw_only=True):
    """One donor."""

    name: Word
    origin: Annotated[int, msgspec.Meta(ge=0, le=255)]
    """Its place among the origins."""
    tags: tuple[Tag, ...] = ()


class Column(_Shape, frozen=True, kw_only=True):
    """Where a column lies on the tape."""

    offset: Count
    count: Count


class PackCard(_Shape, frozen=True, kw_only=True):
    """`pack.json`."""

    schema: Literal["style/1"] = "style/1"
    id: Name
    kind: Literal["notes"] = "notes"
    adapts: bool = False
    """Its phrases were written for any tune and any chords, so that neither is compared."""
    texture: Annotated[int, msgspec.Meta(ge=1, le=1024)]
    """Numbers that describe a bar's texture."""
    bars: Annotated[int, msgspec.Meta(ge=0, le=2**24)]
    strokes: Annotated[int, msgspec.Meta(ge=0, le=2**26)]
    chords: Annotated[int, msgspec.Meta(ge=0, le=2**26)]
    steps: Annotated[int, msgspec.Meta(ge=0, le=2**28)]
    beats: Annotated[int, msgspec.Meta(ge=0, le=2**26)]
    spans: Annotated[int, msgspec.Meta(ge=0, le=2**22)]
    bytes: Count
    crc32: Count
    """Of the tape."""
    columns: dict[str, Column]
    origins: Annotated[tuple[Origin, ...], msgspec.Meta(min_length=1, max_length=256)]
    songs: Annotated[tuple[Song, ...], msgspec.Meta(max_length=2**20)]

    def size_of(self, column: str) -> int:
        """How many numbers a column must have."""
        said = COLUMNS[column][1]
        sizes = {"donors": len(self.songs), "bars": self.bars, "strokes": self.strokes, "chords": self.chords}
        sizes |= {
            "steps": self.steps,
            "spans": self.spans,
            "texture": self.texture,
            "beats": self.beats,
            "width": CHORD,
        }
        if said.endswith("+1"):
            return sizes[said[:-2]] + 1
        return math.prod(sizes[word] for word in said.split("*"))


@dataclass(frozen=True)
class Pack:
    """A pack that is open."""

    card: PackCard
    columns: dict[str, npt.NDArray[Any]]

    @property
    def id(self) -> str:
        """Its name."""
        return self.card.id

    def song_of(self, bar: int) -> int:
        """The donor that a bar belongs to."""
        return int(np.searchsorted(self.columns["donor_bar"], bar, side="right")) - 1

    def meter(self, bar: int) -> Meter:
        """The meter of a bar."""
        return Meter(int(self.columns["bar_numerator"][bar]), int(self.columns["bar_denominator"][bar]))

    @cached_property
    def meters(self) -> npt.NDArray[np.int64]:
        """Every bar's meter as one number."""
        return meter_number(self.columns["bar_numerator"], self.columns["bar_denominator"])

    @cached_property
    def texture(self) -> npt.NDArray[np.float32]:
        """[bars, texture], in whole numbers."""
        return self.columns["bar_texture"].reshape(-1, self.card.texture).astype(np.float32)

    def strokes(self, bar: int, bars: int) -> Iterator[Stroke]:
        """The notes of a stretch, in ticks from its beginning."""
        column, at = self.columns, 0
        for b in range(bar, bar + bars):
            mine = slice(int(column["bar_stroke"][b]), int(column["bar_stroke"][b + 1]))
            names = ("stroke_at", "stroke_length", "stroke_pitch", "stroke_velocity", "stroke_hand", "stroke_late")
            for tick, *rest in zip(*(column[name][mine].tolist() for name in names), strict=True):
                yield Stroke(Ticks(at + tick), *rest)
            at += self.meter(b).bar

    def harmony(self, bar: int, bars: int) -> Iterator[Harmony]:
        """The chords of a stretch; each bar begins with one."""
        column, at = self.columns, 0
        for b in range(bar, bar + bars):
            mine = slice(int(column["bar_chord"][b]), int(column["bar_chord"][b + 1]))
            names = ("chord_at", "chord_root", "chord_tones", "chord_bass")
            for tick, *rest in zip(*(column[name][mine].tolist() for name in names), strict=True):
                yield Harmony(Ticks(at + tick), *rest)
            at += self.meter(b).bar


def meter_number(numerator: npt.ArrayLike, denominator: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """Meters that are felt alike have one number: 2/2 is 4/4."""
    above, below = np.asarray(numerator, dtype=np.int64), np.asarray(denominator, dtype=np.int64)
    alike = (above == 2) & (below == 2)
    return np.where(alike, 4 * 256 + 4, above * 256 + below)


def open_pack(shelf: Shelf, name: str) -> Pack:
    """The pack of that name, checked."""
    folder = shelf.path(name)
    if not os.path.isdir(folder):
        raise NotThere(f"The style {name!r} is a file, not a folder.", "A style is a folder with a pack.json in it.")
    card = strictly(PackCard, _read(folder, "pack.json", MAX_CARD), f"{name}/pack.json", MAX_CARD, BadPack, AGAIN)
    if card.id != name:
        raise BadPack(f"The folder {name!r} holds the style {card.id!r}.", f"Rename the folder to {card.id}.")
    return Pack(card, _columns(card, _mapped(folder, card)))


def pack_of(files: Mapping[str, bytes]) -> Pack:
    """A pack that was made just now, without a folder."""
    card = strictly(PackCard, files["pack.json"], "pack.json", MAX_CARD, BadPack, AGAIN)
    return Pack(card, _columns(card, np.frombuffer(files["tape.bin"], dtype=np.uint8)))


def packs(shelf: Shelf) -> tuple[tuple[str, Pack | EngineError], ...]:
    """Every pack by name, or why it cannot be opened; a damaged one does not hide the others."""
    out: list[tuple[str, Pack | EngineError]] = []
    for name in shelf.ids():
        try:
            if os.path.isdir(shelf.path(name)):
                out.append((name, open_pack(shelf, name)))
        except EngineError as problem:
            out.append((name, problem))
    return tuple(out)


def _place(folder: str, name: str) -> str:
    inside, path = os.path.realpath(folder), os.path.realpath(os.path.join(folder, name))
    if os.path.dirname(path) != inside or not os.path.isfile(path):
        raise BadPack(f"The style {os.path.basename(folder)!r} has no {name}.", AGAIN)
    return path


def _read(folder: str, name: str, limit: int) -> bytes:
    try:
        with open(_place(folder, name), "rb") as file:
            return file.read(limit + 1)
    except OSError as problem:
        raise _unreadable(name, problem) from problem


def _unreadable(name: str, problem: OSError) -> BadPack:
    return BadPack(f"{name} cannot be read: {problem.strerror or problem}.", "Check the file's permissions.")


def _mapped(folder: str, card: PackCard) -> npt.NDArray[np.uint8]:
    path = _place(folder, "tape.bin")
    try:
        there = os.path.getsize(path)
        if there > MAX_TAPE:
            raise BadPack(f"{card.id}/tape.bin has {there:,} bytes, more than a style may have.", AGAIN)
        if there != card.bytes or not there:
            raise BadPack(f"{card.id}/tape.bin has {there:,} bytes; its card says {card.bytes:,}.", AGAIN)
        tape = np.memmap(path, dtype=np.uint8, mode="r")
    except OSError as problem:
        raise _unreadable("tape.bin", problem) from problem
    if zlib.crc32(tape.data) != card.crc32:
        raise BadPack(f"{card.id}/tape.bin is damaged: its checksum is not what its card says.", AGAIN)
    return tape


def _columns(card: PackCard, tape: npt.NDArray[np.uint8]) -> dict[str, npt.NDArray[Any]]:
    out: dict[str, npt.NDArray[Any]] = {}
    for name, (kind, _) in COLUMNS.items():
        column, dtype = card.columns.get(name), np.dtype(kind)
        if column is None or column.count != card.size_of(name):
            raise BadPack(f"The column {name!r} of the style {card.id!r} has the wrong length.", AGAIN)
        end = column.offset + column.count * dtype.itemsize
        if end > len(tape) or column.offset % dtype.itemsize:
            raise BadPack(f"The column {name!r} of the style {card.id!r} leads out of its tape.", AGAIN)
        out[name] = tape[column.offset : end].view(dtype)
    _sound(card, out)
    return out


RANGES = {
    "bar_numerator": (1, 255),
    "bar_denominator": (1, 128),
    "stroke_length": (1, 65535),
    "stroke_pitch": (0, 127),
    "stroke_velocity": (0, 127),
    "stroke_hand": (LEFT, RIGHT),
    "chord_root": (-1, 11),
    "chord_tones": (0, 0xFFF),
    "chord_bass": (-1, 11),
}
"""Columns whose numbers mean something, from the least to the greatest."""


def _sound(card: PackCard, column: dict[str, npt.NDArray[Any]]) -> None:
    """No number may lead out of its column or out of its bar, and every bar must have a meter and a chord."""
    wrong = [name for name, of in INDICES.items() if not _climbs(column[name], getattr(card, of))]
    wrong += [name for name, span in RANGES.items() if not _within(column[name], *span)]
    below = column["bar_denominator"].astype(np.int64)
    wrong += ["bar_denominator"] * bool((below & (below - 1)).any())
    wrong += ["bar_chord"] * bool((np.diff(column["bar_chord"].astype(np.int64)) < 1).any())
    wrong += ["bar_texture"] * (card.texture != TEXTURE)
    ends = column["span_bar"].astype(np.int64) + column["span_bars"]
    wrong += ["span_bars"] * bool((ends > card.bars).any() or (column["span_bars"] < 1).any())
    wrong += ["songs"] * any(song.origin >= len(card.origins) for song in card.songs)
    wrong = wrong or _out_of_bar(column)
    if wrong:
        raise BadPack(f"The column {wrong[0]!r} of the style {card.id!r} does not make sense.", AGAIN)


def _out_of_bar(column: dict[str, npt.NDArray[Any]]) -> list[str]:
    """Columns that do not have for every bar what its meter asks for, once meters and indices are sound."""
    number = column["bar_numerator"].astype(np.int64) * 256 + column["bar_denominator"]
    meters, which = np.unique(number, return_inverse=True)
    known = [Meter(*divmod(int(meter), 256)) for meter in meters]
    wrong = []
    for name, size in (("bar_step", steps_of), ("bar_beat", beats_of)):
        sizes = np.array([size(meter) for meter in known], dtype=np.int64)[which]
        wrong += [name] * bool((np.diff(column[name].astype(np.int64)) != sizes).any())
    lengths = np.array([meter.bar for meter in known], dtype=np.int64)[which]
    for name, index in (("stroke_at", "bar_stroke"), ("chord_at", "bar_chord")):
        limits = np.repeat(lengths, (column[index][1:] - column[index][:-1]).astype(np.int64))
        wrong += [name] * bool((column[name] >= limits).any())
    return wrong


def _within(values: npt.NDArray[Any], least: int, greatest: int) -> bool:
    return not len(values) or bool(values.min() >= least and values.max() <= greatest)


def _climbs(index: npt.NDArray[Any], top: int) -> bool:
    steps = np.diff(index.astype(np.int64))
    return bool(index[0] == 0 and index[-1] == top and (steps >= 0).all())
