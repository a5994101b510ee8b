"""Randomness that is keyed, not drawn from one stream.

Every decision takes its luck from (seed, entity, purpose). The same request gives the same music on every platform, and a
change in one place moves nothing elsewhere.
"""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Chance:
    """The source of luck that an engine is given."""

    seed: int
    path: tuple[str, ...] = ()
    """What it is for, from the whole to the part."""

    def of(self, *names: object) -> Chance:
        """The luck of one part of this: `chance.of("verse#2", "bass", "fill")`."""
        return Chance(self.seed, (*self.path, *(str(name) for name in names)))

    @property
    def key(self) -> int:
        """A 128-bit number that stands for seed and path, for generators that take a key (such as Philox)."""
        # Lengths go in beside the names, so that ("ab", "c") and ("a", "bc") differ.
        text = f"{self.seed}|" + "|".join(f"{len(name)}:{name}" for name in self.path)
        return int.from_bytes(hashlib.sha256(text.encode()).digest()[:16], "big")

    def random(self) -> random.Random:
        """A generator of its own; two calls give two generators in the same state."""
        return random.Random(self.key)
