"""What the key finder has learned, and how it is stored."""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np

from engines.analysis.key_rows import KEY_ROWS
from engines.analysis.score import Floats
from engines.errors import SchemaError

SCHEMA = "keys/1"
HINT = "Use the tables that ship with this version, or learn them again."


@dataclass(frozen=True)
class KeyTables:
    """Learned weights; statistics of key annotations, no notes."""

    weights: Floats
    """[KEY_ROWS, 12, 2]: what is heard on each step above a candidate tonic says this much for major and for minor."""
    base: Floats
    """[2]: what major and minor start from."""
    trust: float
    """How far a bar's judgement counts: neighbouring bars repeat one another."""
    change: Floats
    """[3]: what it costs to change the key and keep the mode, to go to the relative key, and to change otherwise."""
    surety: Floats
    """[2]: how the lead over the second-best key becomes a confidence."""

    @classmethod
    def from_json(cls, text: str) -> KeyTables:
        """Read a table file."""
        try:
            data = json.loads(text)
            if data["schema"] != SCHEMA:
                raise SchemaError(f"Key tables of schema {data['schema']!r} cannot be used.", HINT)
            named = {name: np.array(data[name], dtype=np.float64) for name in ("weights", "base", "change", "surety")}
            trust = float(data["trust"])
        except (KeyError, TypeError, ValueError) as error:
            raise SchemaError(f"The key tables are damaged: {error}.", HINT) from error
        shapes = {"weights": (KEY_ROWS, 12, 2), "base": (2,), "change": (3,), "surety": (2,)}
        for name, shape in shapes.items():
            if named[name].shape != shape:
                raise SchemaError(f"The key tables are damaged: {name} has the wrong size.", HINT)
        return cls(named["weights"], named["base"], trust, named["change"], named["surety"])

    def to_json(self) -> str:
        """Write a table file; four digits are enough."""
        arrays = {name: getattr(self, name) for name in ("weights", "base", "change", "surety")}
        short = {name: np.vectorize(lambda v: float(f"{v:.4g}"))(value).tolist() for name, value in arrays.items()}
        return json.dumps({"schema": SCHEMA, "trust": self.trust, **short}, separators=(",", ":"))
