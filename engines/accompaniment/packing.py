"""Donors onto a tape: how a style pack is made."""

from __future__ import annotations

import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec
import numpy as np
import numpy.typing as npt

from engines.accompaniment.donors import Donor, Harmony, Stroke
from engines.accompaniment.features import (
    TEXTURE,
    Floats,
    beat_chords,
    beat_edges,
    beats_of,
    steps_of,
    texture,
    tune_steps,
)
from engines.accompaniment.pack import pack_of
from engines.accompaniment.tape import COLUMNS, LACKS, LOUDEST, BadPack, Column, Ear, Origin, PackCard, Song
from engines.music.time import Meter, Ticks

_ALIGNED = 8
NO_CHORD = Harmony(Ticks(0), -1, 0, -1)


@dataclass
class Tape:
    """Columns in the making."""

    columns: dict[str, list[Any]] = field(default_factory=lambda: {name: [] for name in COLUMNS})
    songs: list[Song] = field(default_factory=list)

    def __post_init__(self) -> None:
        for name in ("donor_bar", "bar_stroke", "bar_chord", "bar_step", "bar_beat"):
            self.columns[name].append(0)

    def add(self, donor: Donor, origin: int, latents: Floats | None = None) -> None:
        """One more donor at the end, with the texture of every two bars where there are such."""
        if latents is not None:
            self.columns["bar_latent"].append(_small("bar_latent", latents))
        column, lines, first = self.columns, donor.lines, len(self.columns["bar_numerator"])
        column["tune_step"].append(tune_steps(donor.tune, lines, donor.bars))
        column["beat_chord"].append(_small("beat_chord", _beats(donor)))
        strokes = _by_bar(donor, lines)
        for bar, meter in enumerate(donor.bars):
            self._bar(meter, lines[bar], strokes[bar], list(_chords_of(donor, lines[bar], lines[bar + 1])))
        column["donor_bar"].append(first + len(donor.bars))
        for span in donor.spans:
            column["span_bar"].append(first + span.bar)
            column["span_bars"].append(span.bars)
        self.songs.append(Song(name=donor.name, origin=origin, tags=donor.tags))

    def _bar(self, meter: Meter, begin: Ticks, strokes: list[Stroke], chords: list[Harmony]) -> None:
        column = self.columns
        column["bar_numerator"].append(meter.numerator)
        column["bar_denominator"].append(meter.denominator)
        column["bar_texture"].append(_small("bar_texture", texture(strokes, begin, meter)))
        for stroke in strokes:
            column["stroke_at"].append(stroke.tick - begin)
            column["stroke_length"].append(max(1, min(stroke.length, 65535)))
            column["stroke_pitch"].append(stroke.pitch)
            column["stroke_velocity"].append(stroke.velocity)
            column["stroke_hand"].append(stroke.hand)
            column["stroke_late"].append(max(-127, min(stroke.late, 127)))
        for chord in chords:
            column["chord_at"].append(chord.tick)
            column["chord_root"].append(chord.root)
            column["chord_tones"].append(chord.tones)
            column["chord_bass"].append(chord.bass)
        column["bar_stroke"].append(column["bar_stroke"][-1] + len(strokes))
        column["bar_chord"].append(column["bar_chord"][-1] + len(chords))
        column["bar_step"].append(column["bar_step"][-1] + steps_of(meter))
        column["bar_beat"].append(column["bar_beat"][-1] + beats_of(meter))

    def arrays(self, names: Iterable[str]) -> Iterator[tuple[str, npt.NDArray[Any]]]:
        """The columns as they lie on the tape."""
        for name in names:
            kind, values = COLUMNS[name][0], self.columns[name]
            nested = name in ("tune_step", "bar_texture", "bar_latent", "beat_chord")
            flat = np.concatenate(values) if nested and values else np.array([] if nested else values)
            yield name, flat.astype(kind)


def _small(column: str, values: Floats) -> npt.NDArray[np.int8]:
    scaled = np.clip(np.rint(values * LOUDEST[column]), -127, 127)
    return np.asarray(scaled, dtype=np.int8).ravel()


def _beats(donor: Donor) -> Floats:
    table = np.array([(h.tick, h.tones, h.bass) for h in donor.harmony], dtype=np.int64).reshape(-1, 3)
    return beat_chords(table[:, 0], table[:, 1], table[:, 2], beat_edges(donor.lines, donor.bars))


def _by_bar(donor: Donor, lines: tuple[Ticks, ...]) -> list[list[Stroke]]:
    out: list[list[Stroke]] = [[] for _ in donor.bars]
    for stroke in donor.strokes:
        bar = bisect_right(lines, stroke.tick) - 1
        if not 0 <= bar < len(out):
            raise BadPack(f"The donor {donor.name!r} has a note outside its bars.", "Leave pickups out.")
        out[bar].append(stroke)
    return out


def _chords_of(donor: Donor, begin: Ticks, end: Ticks) -> Iterator[Harmony]:
    """The chords of a bar in ticks from its line, the one that sounds there first."""
    first = bisect_right(donor.harmony, begin, key=lambda h: h.tick)
    yield (donor.harmony[first - 1] if first else NO_CHORD)._replace(tick=Ticks(0))
    for chord in donor.harmony[first : bisect_left(donor.harmony, end, key=lambda h: h.tick)]:
        yield chord._replace(tick=Ticks(chord.tick - begin))


@dataclass(frozen=True)
class Learned:
    """What a texture model heard in donors."""

    ear: Ear
    latents: Callable[[Donor], Floats]
    """[bars, latent] of a donor: of every two bars by the first of them."""


def packed(
    name: str,
    donors: Iterable[tuple[Donor, int]],
    origins: tuple[Origin, ...],
    *,
    adapts: bool = False,
    learned: Learned | None = None,
) -> dict[str, bytes]:
    """The files of a pack: donors, each with the place of its origin."""
    tape = Tape()
    for donor, origin in donors:
        tape.add(donor, origin, learned.latents(donor) if learned else None)
    if not tape.songs:
        raise BadPack(f"The style {name!r} would be empty.", "Give it music with an accompaniment in it.")
    kind: Literal["notes", "latents"] = "latents" if learned else "notes"
    data, places = bytearray(), {}
    for name_, array in tape.arrays(one for one in COLUMNS if one not in LACKS[kind]):
        data += bytes(-len(data) % _ALIGNED)
        places[name_] = Column(offset=len(data), count=len(array))
        data += array.tobytes()
    column = tape.columns
    card = PackCard(
        id=name,
        kind=kind,
        ear=learned.ear if learned else None,
        adapts=adapts or learned is not None,
        texture=TEXTURE,
        bars=len(column["bar_numerator"]),
        strokes=len(column["stroke_at"]),
        chords=len(column["chord_at"]),
        steps=int(column["bar_step"][-1]),
        beats=int(column["bar_beat"][-1]),
        spans=len(column["span_bar"]),
        bytes=len(data),
        crc32=zlib.crc32(data),
        columns=places,
        origins=origins,
        songs=tuple(tape.songs),
    )
    files = {"pack.json": msgspec.json.format(msgspec.json.encode(card), indent=1) + b"\n", "tape.bin": bytes(data)}
    pack_of(files)  # what could not be opened is not written
    return files
