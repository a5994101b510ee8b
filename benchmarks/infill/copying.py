"""What copying needs: how alike the other parts of two bars are, which bars can be copied, and the copying itself."""

from __future__ import annotations

import numpy as np

from benchmarks.corpus import ONSET, PART, PITCH
from benchmarks.infill.tasks import Task
from engines.analysis.score import Floats, Ints
from engines.models.tokens import STEPS

GRID, CLASSES = 16, 12
"""Bars are compared as blocks of sixteenths by pitch classes; a longer bar up to here."""
SIXTEENTH = STEPS // 4
NOTHING: Ints = np.zeros((0, 6), dtype=np.int64)


def blocks(task: Task) -> Floats:
    """[bars, 16, 12]: where the parts that are not hidden begin which pitch classes. Drums speak through the rhythm of
    pitch class 0 only where nobody else is left.
    """
    window = task.window
    drums = np.array([part.drum for part in window.parts], dtype=np.bool_)
    others = window.notes[~np.isin(window.notes[:, PART], task.parts)]
    tones = others[~drums[others[:, PART]]]
    heard = tones if len(tones) else others
    bar = np.searchsorted(window.bars, heard[:, ONSET], side="right") - 1
    step = (heard[:, ONSET] - window.bars[bar]) // SIXTEENTH
    pc = heard[:, PITCH] % CLASSES if len(tones) else np.zeros(len(heard), dtype=np.int64)
    out = np.zeros((len(window.bars) - 1, GRID, CLASSES))
    inside = step < GRID
    out[bar[inside], step[inside], pc[inside]] = 1
    return out


def match(a: Floats, b: Floats) -> Floats:
    """Cosine of every bar in a with every bar in b; an empty bar matches nothing."""
    a, b = a.reshape(len(a), -1), b.reshape(len(b), -1)
    norms = np.linalg.norm(a, axis=1)[:, None] * np.linalg.norm(b, axis=1)[None, :]
    return np.asarray(a @ b.T / np.where(norms > 0, norms, 1))


def copied(task: Task, source: int, target: int, transpose: int = 0) -> Ints:
    """The hidden parts' notes of one bar, set into another. What the other bar has no room for is left out."""
    lines = task.window.bars
    notes = task.window.notes
    here = (
        (notes[:, ONSET] >= lines[source]) & (notes[:, ONSET] < lines[source + 1]) & np.isin(notes[:, PART], task.parts)
    )
    out = notes[here].copy()
    out[:, ONSET] += lines[target] - lines[source]
    drums = np.array([part.drum for part in task.window.parts], dtype=np.bool_)[out[:, PART]]
    out[:, PITCH] += np.where(drums, 0, transpose)
    return np.asarray(out[(out[:, ONSET] < lines[target + 1]) & (out[:, PITCH] >= 0) & (out[:, PITCH] < 128)])


def sources(task: Task) -> list[int]:
    """The bars to copy from: visible, and with a note of a hidden part, if there are such."""
    lines, notes = task.window.bars, task.window.notes
    bars = np.searchsorted(lines, notes[np.isin(notes[:, PART], task.parts), ONSET], side="right") - 1
    visible = [bar for bar in range(len(lines) - 1) if bar not in task.bars]
    return [bar for bar in visible if bar in set(bars.tolist())] or visible


def joined(rows: list[Ints]) -> Ints:
    """Several fills as one."""
    return np.concatenate(rows) if rows else NOTHING
