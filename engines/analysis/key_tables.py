"""What the key finder has learned, and how it is stored."""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np

from engines.analysis.key_rows import ROWS
from engines.analysis.score import Floats
from engines.errors import SchemaError

SCHEMA = "keys/1"
HINT = "Use the shipped tables."


@dataclass(frozen=True)
class KeyTables:
    """Learned weights; statistics of key annotations, no notes."""

    weights: Floats
    """[ROWS * 12, 2]: from what is heard above a candidate tonic to a score for major and for minor."""
    base: Floats
    """[2]: what both start from."""
    trust: float
    """What one bar counts: neighbouring bars say nearly the same."""
    move: float
    """What a change of key costs …"""
    relative: float
    """… and one to the relative key, which is mostly a mistake."""
    surety: tuple[float, float]
    """How the lead over the second-best key becomes a confidence: log-odds at no lead, and for each unit of log(1 + lead)."""

    @classmethod
    def from_json(cls, text: str) -> KeyTables:
        """Read a table file."""
        try:
            data = json.loads(text)
            if data["schema"] != SCHEMA:
                raise SchemaError(f"Key tables of schema {data['schema']!r} cannot be used.", HINT)
            weights = np.array(data["weights"], dtype=np.float64).reshape(ROWS * 12, 2)
            base = np.array(data["base"], dtype=np.float64).reshape(2)
            start, slope = (float(value) for value in data["surety"])
            trust, move, relative = (float(data[name]) for name in ("trust", "move", "relative"))
            return cls(weights, base, trust, move, relative, (start, slope))
        except (KeyError, TypeError, ValueError) as error:
            raise SchemaError(f"The key tables are damaged: {error}.", HINT) from error

    def confidence(self, lead: float) -> float:
        """How likely a key is right that leads the others by so much; one that is behind another is unlikely."""
        start, slope = self.surety
        odds = start + slope * float(np.copysign(np.log1p(abs(lead)), lead))
        return float(1 / (1 + np.exp(-odds)))
