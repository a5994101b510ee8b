"""What ILS can listen with. Figures of different encoders are not comparable."""

from __future__ import annotations

from functools import cache

import numpy as np

from benchmarks.metrics.columns import BAR_STEPS
from benchmarks.metrics.structure import Encoder, encode_onset_pc
from bridge import app
from engines.accompaniment.donors import LEFT, RIGHT, Stroke
from engines.accompaniment.grid import KEYS, LOWEST_KEY, STEP, Window
from engines.accompaniment.texture import MODEL, Texture
from engines.analysis.score import Floats
from engines.music.time import Ticks

THREE = 3 * BAR_STEPS // 4
VELOCITY, RIGHT_FROM = 64, 60


@cache
def _model() -> Texture:
    return Texture.open(app.shelves())


def encode_texture(rolls: Floats) -> Floats:
    """The texture model's own encoder: the same in every key and register, so that a texture over other chords is near."""
    bars = rolls.reshape(-1, BAR_STEPS, 128)
    steps = BAR_STEPS if bars[:, THREE:].any() else THREE  # bars of three quarters leave the rest of a roll empty
    lengths = (Ticks(STEP * steps),) * 2
    return np.asarray(_model().encode([Window(lengths, _strokes(roll, steps), ()) for roll in rolls]), dtype=np.float64)


def _strokes(roll: Floats, steps: int) -> tuple[Stroke, ...]:
    out = []
    for row, pitch in np.argwhere(roll > 0).tolist():
        bar, step = divmod(row, BAR_STEPS)
        if step < steps and LOWEST_KEY <= pitch < LOWEST_KEY + KEYS:
            tick, length = Ticks(STEP * (bar * steps + step)), Ticks(STEP * int(roll[row, pitch]))
            out.append(Stroke(tick, length, pitch, VELOCITY, RIGHT if pitch >= RIGHT_FROM else LEFT))
    return tuple(out)


ENCODERS: dict[str, Encoder] = {MODEL: encode_texture, "onset_pc": encode_onset_pc}
"""By name; the first is asked when none is named."""
