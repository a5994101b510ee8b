"""Boosted decision trees as arrays: every bar line goes down all trees at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engines.analysis.score import Floats, Ints
from engines.errors import SchemaError

LEAF_UNIT = 1000
"""Leaves are stored in thousandths of a log-odd, as whole numbers: their sum does not depend on the order."""
_BLOCK = 1024
"""Rows that go down together, so that a very long piece stays within memory."""


@dataclass(frozen=True)
class Trees:
    """Complete binary trees of one depth. A row goes right where its cue exceeds the threshold."""

    cue: Ints
    """Tree × inner node: the column that is asked."""
    threshold: npt.NDArray[np.float32]
    """Tree × inner node."""
    leaf: Ints
    """Tree × leaf, in thousandths of a log-odd."""
    base: int
    """What every row starts from, in the same unit."""

    @property
    def depth(self) -> int:
        """How many questions a row is asked."""
        return int(self.leaf.shape[1]).bit_length() - 1

    def log_odds(self, rows: npt.NDArray[np.float32]) -> Floats:
        """The sum of the leaves that each row falls into."""
        blocks = [self._fall(rows[i : i + _BLOCK]) for i in range(0, len(rows), _BLOCK)]
        return np.concatenate(blocks) / LEAF_UNIT if blocks else np.zeros(0)

    def _fall(self, rows: npt.NDArray[np.float32]) -> Ints:
        tree, row = np.arange(len(self.leaf))[None, :], np.arange(len(rows))[:, None]
        node = np.zeros((len(rows), len(self.leaf)), dtype=np.int64)
        for level in range(self.depth):
            at = 2**level - 1 + node
            node = 2 * node + (rows[row, self.cue[tree, at]] > self.threshold[tree, at])
        total: Ints = self.base + self.leaf[tree, node].sum(axis=1)
        return total

    @classmethod
    def from_dict(cls, stored: Mapping[str, object], n_cues: int) -> Trees:
        """Read what `to_dict` wrote, for rows of `n_cues` columns."""
        try:
            trees = cls(
                np.array(stored["cue"], dtype=np.int64),
                np.array(stored["threshold"], dtype=np.float32),
                np.array(stored["leaf"], dtype=np.int64),
                int(str(stored["base"])),
            )
        except (KeyError, ValueError, TypeError) as error:
            raise SchemaError("The phrase tables hold damaged trees.", "Restore the shipped file.") from error
        count, leaves = trees.leaf.shape if trees.leaf.ndim == 2 else (0, 0)
        fits = trees.cue.shape == (count, leaves - 1) == trees.threshold.shape
        fits = fits and leaves >= 2 and leaves & (leaves - 1) == 0
        if not fits or trees.cue.min(initial=0) < 0 or trees.cue.max(initial=0) >= n_cues:
            raise SchemaError("The trees of the phrase tables do not fit together.", "Restore the shipped file.")
        return trees

    def to_dict(self) -> dict[str, object]:
        """A form that JSON can hold; thresholds keep five digits."""
        return {
            "base": self.base,
            "cue": self.cue.tolist(),
            "threshold": [[float(f"{value:.5g}") for value in row] for row in self.threshold.tolist()],
            "leaf": self.leaf.tolist(),
        }
