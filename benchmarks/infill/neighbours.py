"""The kNN baseline: the bar of the training songs, in any key, whose other parts match best."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from benchmarks.corpus import ONSET, PART, PITCH, role_of
from benchmarks.infill.copying import CLASSES, GRID, NOTHING, SIXTEENTH, blocks, joined
from benchmarks.infill.tasks import Task
from engines.analysis.score import Ints
from training.notes.pieces import Piece

MOST = 10_000
"""Bars kept for each role, drawn at random."""
Singles = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Shelf:
    """The training bars of one role."""

    blocks: Singles
    """[bars, 16·12]: the other parts, length 1."""
    notes: tuple[Ints, ...]
    """What the part plays in each: columns of a piece, onsets from the bar line."""


class NearestBar:
    """Copies the training bar, transposed by -6 to 5 semitones, whose other parts match best."""

    name = "kNN training bars"

    def __init__(self, shelves: dict[str, Shelf]) -> None:
        self._shelves = shelves

    @classmethod
    def of(cls, pieces: Iterable[Piece], most: int = MOST, seed: int = 1) -> NearestBar:
        """Keep bars of training pieces."""
        found: dict[str, list[tuple[Singles, Ints]]] = {}
        seen: dict[str, int] = {}
        rng = np.random.default_rng(seed)
        for piece in pieces:
            for role, block, notes in _bars(piece):
                rows = found.setdefault(role, [])
                seen[role] = seen.get(role, 0) + 1
                if len(rows) < most:
                    rows.append((block, notes))
                elif (place := int(rng.integers(seen[role]))) < most:
                    # A reservoir: all that came so far is kept with equal chance, and memory stays small.
                    rows[place] = (block, notes)
        return cls(
            {role: Shelf(np.stack([b for b, _ in rows]), tuple(n for _, n in rows)) for role, rows in found.items()}
        )

    def fill(self, task: Task) -> Ints:
        """Copy; nothing where no other part plays, or for a role that training does not have."""
        shelf = self._shelves.get(task.role)
        if shelf is None:
            return NOTHING
        table, lines, rows = blocks(task), task.window.bars, []
        for bar in task.bars:
            if table[bar].any():
                # The query turned down finds a bar that is to be turned up.
                asked = np.stack([np.roll(table[bar], -t, axis=1).ravel() for t in range(CLASSES)])
                scores = shelf.blocks @ asked.T.astype(np.float32)
                best, t = np.unravel_index(int(scores.argmax()), scores.shape)
                out = shelf.notes[int(best)].copy()
                out = out[out[:, ONSET] < lines[bar + 1] - lines[bar]]
                out[:, PART] = task.parts[0]
                out[:, ONSET] += lines[bar]
                out[:, PITCH] = np.clip(out[:, PITCH] + (int(t) if t < 6 else int(t) - CLASSES), 0, 127)
                rows.append(out)
        return joined(rows)


def _bars(piece: Piece) -> Iterator[tuple[str, Singles, Ints]]:
    """Role, the others' block, and the notes of every bar in which a pitched part and another one play."""
    notes, n = piece.notes, len(piece.bars) - 1
    bar = np.searchsorted(piece.bars, notes[:, ONSET], side="right") - 1
    step = (notes[:, ONSET] - piece.bars[bar]) // SIXTEENTH
    drums = np.array([part.drum for part in piece.parts], dtype=np.bool_)
    heard = ~drums[notes[:, PART]] & (step < GRID)
    counts = np.zeros((len(piece.parts), n, GRID, CLASSES), dtype=np.int16)
    np.add.at(counts, (notes[heard, PART], bar[heard], step[heard], notes[heard, PITCH] % CLASSES), 1)
    everyone = counts.sum(axis=0)
    for number, part in enumerate(piece.parts):
        if part.drum:
            continue
        others = ((everyone - counts[number]) > 0).reshape(n, -1).astype(np.float32)
        norm = np.linalg.norm(others, axis=1)
        own = np.flatnonzero(notes[:, PART] == number)
        edges = np.searchsorted(bar[own], np.arange(n + 1))
        for b in np.flatnonzero((np.diff(edges) > 0) & (norm > 0)).tolist():
            rows = notes[own[edges[b] : edges[b + 1]]].copy()
            rows[:, ONSET] -= piece.bars[b]
            yield role_of(piece.archive, part), others[b] / norm[b], rows
