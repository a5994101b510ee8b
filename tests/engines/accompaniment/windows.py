"""Windows, chords and a texture model by hand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import strategies as st

from engines.accompaniment.donors import LEFT, RIGHT, Harmony, Stroke
from engines.accompaniment.grid import KEYS, LOWEST_KEY, STEP, Cue, Feeds, Scores, Window, step_of, steps_of
from engines.accompaniment.voicing import voiced
from engines.music.chords import Chord
from engines.music.time import Ticks

FOUR_FOUR, THREE_FOUR, TWELVE_EIGHT = Ticks(16 * STEP), Ticks(12 * STEP), Ticks(24 * STEP)
SYMBOLS = ("C", "Dm", "Em7", "F", "G7", "Am", "Bm7b5", "Eb", "F#m", "Bb/D", "C/G", "F/G")


def harmony(*symbols: str, every: int = 16) -> tuple[Harmony, ...]:
    """Chords, one after so many steps; `-` for no chord."""
    return tuple(chord(symbol, Ticks(i * every * STEP)) for i, symbol in enumerate(symbols))


def chord(symbol: str, tick: Ticks = Ticks(0)) -> Harmony:
    if symbol == "-":
        return Harmony(tick, -1, 0, -1)
    found = Chord.parse(symbol)
    assert found.root_pc is not None
    assert found.bass_pc is not None
    return Harmony(tick, found.root_pc, found.chroma, found.bass_pc)


def stroke(step: int, pitch: int, steps: int = 4, late: int = 0) -> Stroke:
    """Below middle C the left hand plays."""
    hand = LEFT if pitch < 60 else RIGHT
    return Stroke(Ticks(step * STEP), Ticks(steps * STEP), pitch, 64 + step, hand, late)


def alberti(*symbols: str) -> Window:
    """Two bars of 4/4: a bass, and its chord broken in eighths above middle C."""
    bars = (FOUR_FOUR, FOUR_FOUR)
    chords = harmony(*symbols) if symbols else harmony("C", "F")
    strokes = []
    for bar, over in enumerate(chords):
        tones = [pitch for pitch in range(60, 84) if over.tones >> pitch % 12 & 1][:3]
        strokes.append(stroke(16 * bar, 36 + over.bass, 16))
        strokes += [stroke(16 * bar + 2 * i, tones[(0, 2, 1, 2)[i % 4]], 2) for i in range(8)]
    return Window(bars, tuple(sorted(strokes)), chords)


def wishes(window: Window, pitches: Sequence[tuple[int, int]], size: float = 6.0, lengths: int = STEP) -> Scores:
    """A model that wants these steps and pitches, and other keys the less the farther they lie from them."""
    total = sum(steps_of(window.bars))
    onsets = np.full((total, KEYS), -9.0, dtype=np.float32)
    for step, pitch in pitches:
        away = np.abs(np.arange(KEYS) - (pitch - LOWEST_KEY))
        onsets[step] = np.maximum(onsets[step], size - away)
    return Scores(onsets, np.full((total, KEYS), lengths, dtype=np.float32))


def own_wishes(window: Window) -> Scores:
    """A model that wants what the donor plays."""
    total = sum(steps_of(window.bars))
    return wishes(window, [(step_of(s.tick, total), s.pitch) for s in window.strokes])


def noise(window: Window, seed: int) -> Scores:
    """A model that wants anything."""
    rng = np.random.default_rng(seed)
    shape = (sum(steps_of(window.bars)), KEYS)
    return Scores(rng.normal(0, 3, shape).astype(np.float32), rng.integers(60, 4000, shape).astype(np.float32))


def played(window: Window, symbols: Sequence[str], scores: Scores, every: int = 16) -> tuple[Stroke, ...]:
    return voiced(window, Cue(window.bars, harmony(*symbols, every=every)), scores)


class Hand:
    """Two graphs that can be worked out by hand. A texture is its roll's number of notes; keys are wanted by their distance
    from the root of the frame, and the third number of the register pushes them all.
    """

    def __init__(self) -> None:
        self.calls: list[int] = []

    def encode(self, feeds: Feeds) -> Feeds:
        self.calls.append(len(feeds["roll"]))
        latent = np.zeros((len(feeds["roll"]), 64), dtype=np.float32)
        latent[:, 0] = feeds["roll"][..., :KEYS].sum(axis=(1, 2))
        return {"latent": latent}

    def decode(self, feeds: Feeds) -> Feeds:
        self.calls.append(len(feeds["latent"]))
        shape = (*feeds["place"].shape, KEYS)
        onsets = np.broadcast_to(np.arange(KEYS, dtype=np.float32), shape) + feeds["latent"][:, :1, None]
        return {
            "onsets": onsets + 100 * feeds["register"][..., 2:3],
            "lengths": np.broadcast_to(feeds["place"][..., None] / 8, shape).astype(np.float32),
        }


@st.composite
def windows(draw: st.DrawFn) -> Window:
    """Any window that two hands may play: each at most five notes at a time, within a tenth."""
    bars = tuple(draw(st.sampled_from([(FOUR_FOUR,) * 2, (THREE_FOUR,) * 2, (TWELVE_EIGHT,), (FOUR_FOUR, THREE_FOUR)])))
    total = sum(steps_of(bars))
    strokes = []
    for step in draw(st.lists(st.integers(0, total - 1), min_size=1, max_size=10, unique=True)):
        for hand, lowest in ((LEFT, st.integers(24, 43)), (RIGHT, st.integers(60, 80))):
            base = draw(lowest)
            for above in draw(st.sets(st.integers(0, 16), max_size=4)):
                length = Ticks(STEP * draw(st.integers(1, 16)))
                strokes.append(Stroke(Ticks(step * STEP), length, base + above, 70, hand))
    chords = harmony(*draw(st.lists(st.sampled_from(SYMBOLS), min_size=1, max_size=4)), every=8)
    return Window(bars, tuple(sorted(strokes)), chords)
