"""How well a decoder foresees pieces that it has not seen: nats a note, by archive and field.

Each lesson hides one bar of one part in a window of eight bars; chords are said, controls are not. The lessons are the same
for every model.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from engines.models import tokens as t
from training.notes.batches import padded
from training.notes.model import PREDICTED, NoteDecoder, loss
from training.notes.pieces import Piece
from training.notes.windows import MOST_EVENTS, Lesson, cut, one_cell

BARS, LESSONS = 8, 48


def exam(pieces: Sequence[Piece], lessons: int = LESSONS, seed: int = 7) -> dict[str, list[Lesson]]:
    """The lessons for each archive."""
    out: dict[str, list[Lesson]] = {}
    for archive in sorted({piece.archive for piece in pieces}):
        rng = np.random.default_rng([seed, *archive.encode()])
        mine = [p for p in pieces if p.archive == archive and len(p.bars) > 2]
        made: list[Lesson] = []
        for _ in range(20 * lessons):
            if len(made) == lessons or not mine:
                break
            piece = mine[int(rng.integers(len(mine)))]
            bars = min(BARS, len(piece.bars) - 1)
            window = cut(piece, int(rng.integers(len(piece.bars) - bars)), bars, None)
            lesson = one_cell(window, rng)
            if lesson is not None and len(lesson.rows) <= MOST_EVENTS:
                made.append(lesson)
        out[archive] = made
    return out


@torch.no_grad()
def held_out(model: NoteDecoder, pieces: Sequence[Piece]) -> dict[str, dict[str, float]]:
    """Nats a written note: position, pitch, length, their sum as `note`, and the other fields."""
    device = next(model.parameters()).device
    out = {}
    for archive, lessons in exam(pieces).items():
        table = torch.zeros(len(PREDICTED), 2)
        for lesson in lessons:
            batch = padded([lesson], len(lesson.rows) - 1)
            rows = torch.from_numpy(batch.rows).to(device)
            counts = torch.from_numpy(batch.counts).to(device)
            table += loss(model(rows[:, :-1], rows[:, 1:]), rows[:, 1:], counts)[1].cpu()
        nats = dict(
            zip((t.FIELDS[f].name for f in PREDICTED), (table[:, 0] / table[:, 1].clamp(min=1)).tolist(), strict=True)
        )
        row = {"note": nats["position"] + nats["pitch"] + nats["length"], **nats}
        out[archive] = {name: round(value, 4) for name, value in row.items() if name not in ("slot", "bar")}
    return out
