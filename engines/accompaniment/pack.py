"""A style pack: an immutable database of phrases, read where it lies on the disk.

A folder with `pack.json` (what is in it, from whom, under which licence) and `tape.bin` (columns of numbers, one after the
other, mapped and not read). All donors lie on one tape, bar after bar; a phrase is a stretch of it. A pack is checked in
size, checksum and structure before a note of it is used.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from engines.accompaniment.donors import Harmony, Stroke
from engines.accompaniment.grid import LATENT
from engines.accompaniment.tape import AGAIN, BadPack, PackCard, columns_of
from engines.api import Shelf
from engines.errors import EngineError, NotThere
from engines.models.card import strictly
from engines.music.time import Meter, Ticks

MAX_CARD, MAX_TAPE = 4 * 1024 * 1024, 512 * 1024 * 1024
"""The longest card and tape that are read."""


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

    def latent(self, bar: int) -> bytes:
        """What the texture model heard in the two bars from there, as it lies on the tape of a pack of latents."""
        return bytes(self.columns["bar_latent"][bar * LATENT : (bar + 1) * LATENT])

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
    return Pack(card, columns_of(card, _mapped(folder, card)))


def pack_of(files: Mapping[str, bytes]) -> Pack:
    """A pack that was made just now, without a folder."""
    card = strictly(PackCard, files["pack.json"], "pack.json", MAX_CARD, BadPack, AGAIN)
    return Pack(card, columns_of(card, np.frombuffer(files["tape.bin"], dtype=np.uint8)))


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
