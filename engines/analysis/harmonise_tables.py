"""What the harmoniser has learned, and how it is stored."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from engines.analysis import harmonise_colour, harmonise_echo, harmonise_features
from engines.analysis.harmonise_path import N_STATES
from engines.analysis.score import Floats
from engines.errors import SchemaError

SCHEMA = "harmonise/1"
SCALE = 50
"""Weights are stored as whole fiftieths."""


class Idiom(StrEnum):
    """Whose chords to learn from."""

    SONGBOOK = "songbook"
    """Lead sheets up to 1930: dominant sevenths, chains of fifths."""
    POP = "pop"
    """Pop songs: triads, loops, the sixth degree."""
    ART = "art"
    """Songs with piano of the nineteenth century."""


LAYERS = ("always", "minor", "pop", "art")
"""What a weight may depend on; the songbook is what is always there."""


@dataclass(frozen=True)
class Hearing:
    """Weights of one pass over the melody, each in `LAYERS` layers that add up."""

    chord: Floats
    """Layers × columns × states."""
    change: Floats
    """Layers × states × states."""
    stay: Floats
    """Layers × columns of the rhythm."""


@dataclass(frozen=True)
class HarmonyTables:
    """Learned weights; statistics of chord annotations, no melodies."""

    first: Hearing
    """Hears the melody alone."""
    second: Hearing
    """Hears what the first expects elsewhere, too."""
    colour: Floats
    """Layers × columns × qualities: sevenths and sixths."""
    readiness: float
    """What every change gains, so that as many happen as in the music learned from."""
    sources: tuple[str, ...]
    """What it was learned from, with licences."""

    @classmethod
    def from_json(cls, text: str) -> HarmonyTables:
        """Read the shipped file; a file of another version is refused."""
        try:
            stored = json.loads(text)
        except ValueError as error:
            raise SchemaError("The harmony tables are not JSON.", "Restore the shipped file.") from error
        if not isinstance(stored, dict) or stored.get("schema") != SCHEMA:
            raise SchemaError(f"The harmony tables are not {SCHEMA}.", "Restore the file shipped with this version.")
        try:
            return cls._read(stored)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise SchemaError("The harmony tables lack a part.", "Restore the shipped file.") from error

    @classmethod
    def _read(cls, stored: Mapping[str, Mapping[str, object]]) -> HarmonyTables:
        names = columns()
        if stored["columns"] != {part: list(columns) for part, columns in names.items()}:
            raise SchemaError("The harmony tables weigh other things than this version hears.", "Restore the file.")
        hearings = [
            Hearing(
                _unpack(stored[part]["chord"], len(names[part]), N_STATES),
                _unpack(stored[part]["change"], N_STATES, N_STATES),
                _unpack(stored[part]["stay"], 1, len(names["rhythm"]))[:, 0],
            )
            for part in ("first", "second")
        ]
        colour = _unpack(stored["colour"], len(names["colour"]), len(harmonise_colour.QUALITIES))
        sources = tuple(str(line) for line in stored["sources"])
        return cls(hearings[0], hearings[1], colour, float(str(stored["readiness"])), sources)

    def to_dict(self) -> dict[str, object]:
        """A form that JSON can hold."""
        return {
            "schema": SCHEMA,
            "sources": list(self.sources),
            "columns": {part: list(names) for part, names in columns().items()},
            "readiness": self.readiness,
            "colour": _pack(self.colour),
            **{
                part: {"chord": _pack(h.chord), "change": _pack(h.change), "stay": _pack(h.stay[:, None])}
                for part, h in (("first", self.first), ("second", self.second))
            },
        }


def columns() -> dict[str, tuple[str, ...]]:
    """The names of everything that is weighed."""
    echoes = tuple(f"{echo}: {state}" for echo in harmonise_echo.NAMES for state in range(N_STATES))
    return {
        "first": harmonise_features.NAMES,
        "second": (*harmonise_features.NAMES, *echoes),
        "rhythm": harmonise_features.RHYTHM_NAMES,
        "colour": harmonise_colour.NAMES,
    }


def _pack(weights: Floats) -> dict[str, list[str]]:
    """Layer → one line of whole numbers for each row."""
    whole = np.rint(weights * SCALE).astype(int)
    return {
        layer: [" ".join(map(str, row)) for row in rows] for layer, rows in zip(LAYERS, whole.tolist(), strict=True)
    }


def _unpack(stored: object, rows: int, row_length: int) -> Floats:
    if not isinstance(stored, Mapping):
        raise TypeError(stored)
    out = np.array([[line.split() for line in stored[layer]] for layer in LAYERS], dtype=np.float64) / SCALE
    if out.shape != (len(LAYERS), rows, row_length) or not np.isfinite(out).all():
        raise ValueError(out.shape)
    return out


def layers(minor: bool, idiom: Idiom) -> Floats:
    """How much each layer counts."""
    return np.array([1.0, minor, idiom is Idiom.POP, idiom is Idiom.ART])
