"""What the chord recogniser has learned, and how it is stored."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engines.analysis.chord_context import PITCH_ROWS, PLAIN_ROWS
from engines.errors import SchemaError

Singles = npt.NDArray[np.float32]

SCHEMA = "chords/1"
HINT = "Use the tables that ship with this version, or learn them again."


@dataclass(frozen=True)
class ChordTables:
    """Learned weights; statistics of chord annotations, no notes. In the shapes below, n is hidden figures and q qualities."""

    qualities: tuple[str, ...]
    """The q qualities, as chord symbols write them after the root."""
    hidden: Singles
    """[PITCH_ROWS, 12, n]: from what is heard above a candidate root to the hidden figures."""
    hidden_plain: Singles
    """[PLAIN_ROWS, n]: the same from figures without pitch."""
    output: Singles
    """[n, q]: from the hidden figures to a score for each quality on that root."""
    output_base: Singles
    """[q]: what each quality starts from."""
    silence: Singles
    """[PLAIN_ROWS]: the score of no chord."""
    change: Singles
    """[3]: what a change costs on a downbeat, in the middle of a bar, and elsewhere."""
    moves: Singles
    """[q, 12, q]: how one chord likes to follow another, by both qualities and the interval between the roots."""
    to_silence: Singles
    """[q]: the same into no chord …"""
    from_silence: Singles
    """[q]: … and out of it."""
    bass: Singles
    """[q, 12]: how each step above the root likes to be the bass of a chord."""
    bass_heard: Singles
    """[2]: what it counts that a tone is the lowest during the chord, and that it is so on its first beat."""

    @property
    def states(self) -> int:
        """Every quality on every root, and no chord."""
        return 12 * len(self.qualities) + 1

    @classmethod
    def from_json(cls, text: str) -> ChordTables:
        """Read a table file."""
        try:
            data = json.loads(text)
            if data["schema"] != SCHEMA:
                raise SchemaError(f"Chord tables of schema {data['schema']!r} cannot be used.", HINT)
            arrays = {name: np.array(data[name], dtype=np.float32) for name in _shapes(0, 0)}
            tables = cls(tuple(str(name) for name in data["qualities"]), **arrays)
        except (KeyError, TypeError, ValueError) as error:
            raise SchemaError(f"The chord tables are damaged: {error}.", HINT) from error
        tables.check()
        return tables

    def check(self) -> None:
        """Refuse tables whose parts do not fit together."""
        for name, shape in _shapes(self.output.shape[0], len(self.qualities)).items():
            if getattr(self, name).shape != shape:
                raise SchemaError(f"The chord tables are damaged: {name} has the wrong size.", HINT)

    def to_json(self) -> str:
        """Write a table file; four digits are enough."""
        data: Mapping[str, object] = {
            "schema": SCHEMA,
            "qualities": list(self.qualities),
            **{name: _rounded(getattr(self, name).tolist()) for name in _shapes(0, 0)},
        }
        return json.dumps(data, separators=(",", ":"))


def _shapes(n: int, q: int) -> dict[str, tuple[int, ...]]:
    return {
        "hidden": (PITCH_ROWS, 12, n),
        "hidden_plain": (PLAIN_ROWS, n),
        "output": (n, q),
        "output_base": (q,),
        "silence": (PLAIN_ROWS,),
        "change": (3,),
        "moves": (q, 12, q),
        "to_silence": (q,),
        "from_silence": (q,),
        "bass": (q, 12),
        "bass_heard": (2,),
    }


def _rounded(value: object) -> object:
    if isinstance(value, list):
        return [_rounded(one) for one in value]
    return float(f"{value:.4g}")
