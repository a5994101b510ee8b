"""What lies on the tape of a style pack: columns of numbers, the card that says where, and whether they make sense."""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal

import msgspec
import numpy as np
import numpy.typing as npt

from engines.accompaniment.donors import LEFT, RIGHT
from engines.accompaniment.features import CHORD, TEXTURE, beats_of, steps_of
from engines.accompaniment.grid import LATENT
from engines.errors import EngineError
from engines.models.card import Count, Name, Sha256, Text, Word
from engines.music.time import Meter

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
    "bar_latent": ("<i1", "bars*latent"),
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
begins with the chord that sounds there. Textures and the chords of beats are for comparing, latents (of the two bars that begin
there) for the texture model: parts of LOUDEST."""
LACKS = {"notes": {"bar_latent"}, "latents": {"tune_step", "beat_chord"}}
"""Columns that a kind of pack does not have."""
LOUDEST = {"bar_texture": 32.0, "beat_chord": 127.0, "bar_latent": 32.0}
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


class Ear(_Shape, frozen=True, kw_only=True):
    """The texture model that a pack was learned with."""

    id: Name
    sha256: Sha256
    """What its latents mean: `engines.accompaniment.texture`."""


class Column(_Shape, frozen=True, kw_only=True):
    """Where a column lies on the tape."""

    offset: Count
    count: Count


class PackCard(_Shape, frozen=True, kw_only=True):
    """`pack.json`."""

    schema: Literal["style/1"] = "style/1"
    id: Name
    kind: Literal["notes", "latents"] = "notes"
    """Whether it has the notes of its donors, or what the texture model heard in them over a skeleton: rhythm, hands, dynamics
    and rough register, with stand-ins for pitches and chords."""
    ear: Ear | None = None
    """Who heard them, where it has latents."""
    adapts: bool = False
    """Its phrases suit any tune and any chords, so that neither is compared."""
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

    @property
    def has(self) -> tuple[str, ...]:
        """The columns of its kind."""
        return tuple(name for name in COLUMNS if name not in LACKS[self.kind])

    def size_of(self, column: str) -> int:
        """How many numbers a column must have."""
        said = COLUMNS[column][1]
        sizes = {"donors": len(self.songs), "bars": self.bars, "strokes": self.strokes, "chords": self.chords}
        sizes |= {
            "latent": LATENT,
            "steps": self.steps,
            "spans": self.spans,
            "texture": self.texture,
            "beats": self.beats,
            "width": CHORD,
        }
        if said.endswith("+1"):
            return sizes[said[:-2]] + 1
        return math.prod(sizes[word] for word in said.split("*"))


def columns_of(card: PackCard, tape: npt.NDArray[np.uint8]) -> dict[str, npt.NDArray[Any]]:
    """The columns on a tape, once every number in them makes sense."""
    out: dict[str, npt.NDArray[Any]] = {}
    if (card.kind == "latents") != (card.ear is not None) or (card.kind == "latents" and not card.adapts):
        raise BadPack(f"The style {card.id!r} does not say which model heard it.", AGAIN)
    for name in card.has:
        column, dtype = card.columns.get(name), np.dtype(COLUMNS[name][0])
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
