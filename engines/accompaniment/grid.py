"""Two bars of accompaniment on a grid of sixteenths, as the texture model reads and answers them.

A window is read from its own lowest note and answered in a frame whose first root is C. So a texture is the same in every key
and register, and pitch can come from nowhere but the chords and the register that are asked for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from engines.accompaniment.donors import Harmony, Stroke
from engines.errors import InvalidMusic
from engines.music.time import Ticks

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
Feeds = dict[str, npt.NDArray[Any]]

STEP: Final = 240
"""Ticks in a step."""
SHORTEST_BAR, LONGEST_BAR = 6, 24
"""Bars that are understood, in steps."""
BARS: Final = 2
PLACES: Final = BARS * LONGEST_BAR
"""Where in a window a step can stand; a second bar begins at the same place whatever the first one's length."""
KEYS, LOWEST_KEY = 88, 21
LATENT: Final = 64
"""Numbers in a texture."""
CHORD: Final = 36
"""Numbers in a chord: root, tones and bass, twelve each."""
REGISTER: Final = 4
"""Numbers in a register: lowest, mean and highest key, and whether they are known."""
MIDDLE, SPREAD = 40.0, 24.0
"""Keys of a register are told as distances from the middle one in units of two octaves."""
CROWD: Final = 8
"""As many keys at a step or more count as one case."""
UNSAID: Final = CROWD + 1
"""How many keys are struck is left open."""
DRAFT: Final = KEYS + 1
"""Numbers in a step of a draft: its keys, and whether there is one."""
LONGEST: Final = 64.0
"""Steps after which a length no longer grows."""


@dataclass(frozen=True)
class Window:
    """One bar or two of an accompaniment, to be read."""

    bars: tuple[Ticks, ...]
    """The length of each bar."""
    strokes: tuple[Stroke, ...]
    """Ticks count from the start of the window."""
    harmony: tuple[Harmony, ...]
    """The chords it was played over, by tick; the first at or before 0."""


@dataclass(frozen=True)
class Register:
    """Where on the keyboard a bar is to lie."""

    lowest: float
    """MIDI pitch; none of the three need be a tone of the chord."""
    mean: float
    highest: float

    @classmethod
    def of(cls, pitches: Sequence[int]) -> Register | None:
        """The register of some notes; None for no notes."""
        return cls(min(pitches), sum(pitches) / len(pitches), max(pitches)) if pitches else None


@dataclass(frozen=True)
class Cue:
    """What is to be played instead."""

    bars: tuple[Ticks, ...]
    harmony: tuple[Harmony, ...]
    """By tick from the start of the window; the first at or before 0."""
    register: tuple[Register | None, ...] = ()
    """Of each bar; None, or nothing at all, leaves it to the model."""
    counts: tuple[int, ...] = ()
    """How many keys are struck at each step; nothing at all leaves it to the model."""
    draft: tuple[tuple[int, int], ...] = ()
    """Steps and pitches that somebody would play: where the donor's notes are known, the model corrects what rules made of
    them. Nothing at all leaves it to the model.
    """


@dataclass(frozen=True)
class Scores:
    """What the model thinks of every key at every step of one window."""

    onsets: Floats
    """[steps, KEYS]: logits; key 0 is the lowest A."""
    lengths: Floats
    """[steps, KEYS]: how long it would sound if it were struck, in ticks."""


def vocabulary_hash() -> str:
    """What the numbers of this page mean, in short; a model that was trained with others does not fit."""
    said = (STEP, LONGEST_BAR, BARS, KEYS, LOWEST_KEY, LATENT, CHORD, REGISTER, MIDDLE, SPREAD, CROWD, DRAFT, LONGEST)
    return hashlib.sha256(f"texture/1 {said}".encode()).hexdigest()


def steps_of(bars: Sequence[Ticks]) -> tuple[int, ...]:
    """The lengths of bars in steps; InvalidMusic for bars that the grid does not hold."""
    if not 1 <= len(bars) <= BARS:
        raise InvalidMusic(
            f"A window of {len(bars)} bars cannot be read.", f"Cut the music into windows of {BARS} bars."
        )
    for bar in bars:
        if bar % STEP or not SHORTEST_BAR <= bar // STEP <= LONGEST_BAR:
            raise InvalidMusic(
                f"A bar of {bar} ticks does not fit the grid of the texture model.",
                f"Bars have {SHORTEST_BAR} to {LONGEST_BAR} sixteenths: join shorter bars, divide longer ones.",
            )
    return tuple(bar // STEP for bar in bars)


def step_of(tick: int, steps: int) -> int:
    """The step that a tick belongs to."""
    return min(max((tick + STEP // 2) // STEP, 0), steps - 1)


def chord_of(harmony: Sequence[Harmony], tick: int) -> Harmony:
    """The chord at a tick; no chord where there is none."""
    found = Harmony(Ticks(0), -1, 0, -1)
    for chord in harmony:
        if chord.tick > tick:
            break
        found = chord
    return found


def frame_of(roots: Sequence[int]) -> int:
    """By how many semitones music moves so that its first root is C."""
    root = next((root for root in roots if root >= 0), 0)
    return -root if root <= 6 else 12 - root


def layout(windows: Sequence[Sequence[Ticks]]) -> Feeds:
    """Where the steps of windows stand: `place`, `bar_steps` and `there`, all [windows, steps]."""
    bars = [steps_of(each) for each in windows]
    longest = max(map(sum, bars))
    place, length = np.zeros((2, len(bars), longest), dtype=np.int64)
    there = np.zeros((len(bars), longest), dtype=np.float32)
    for i, steps in enumerate(bars):
        there[i, : sum(steps)] = 1
        place[i, : sum(steps)] = np.concatenate([bar * LONGEST_BAR + np.arange(n) for bar, n in enumerate(steps)])
        length[i, : sum(steps)] = np.repeat(steps, steps)
    return {"place": place, "bar_steps": length, "there": there}


def read_feeds(windows: Sequence[Window]) -> Feeds:
    """What the graph `encode` is fed: the roll of each window, counted from its lowest note."""
    feeds = layout([window.bars for window in windows])
    roll = np.zeros((*feeds["place"].shape, 2 * KEYS), dtype=np.float32)
    for i, window in enumerate(windows):
        steps = sum(steps_of(window.bars))
        low = min((stroke.pitch for stroke in window.strokes), default=0)
        for stroke in window.strokes:
            key = stroke.pitch - low
            if key < KEYS:
                at = step_of(stroke.tick, steps)
                roll[i, at, key] = 1
                roll[i, at, KEYS + key] = max(roll[i, at, KEYS + key], long(stroke.length / STEP))
    return feeds | {"roll": roll}


def long(steps: float) -> float:
    """A length as the model counts it: 0 for a step, 1 for two, 2 for four."""
    return float(np.log2(min(max(steps, 1.0), LONGEST)))


def ask_feeds(latents: Floats, cues: Sequence[Cue]) -> Feeds:
    """What the graph `decode` is fed."""
    feeds = layout([cue.bars for cue in cues])
    shape = feeds["place"].shape
    chords = np.zeros((*shape, CHORD), dtype=np.float32)
    register = np.zeros((*shape, REGISTER), dtype=np.float32)
    counts = np.full(shape, UNSAID, dtype=np.int64)
    draft = np.zeros((*shape, DRAFT), dtype=np.float32)
    for i, cue in enumerate(cues):
        bars = steps_of(cue.bars)
        at = [chord_of(cue.harmony, step * STEP) for step in range(sum(bars))]
        shift = frame_of([chord.root for chord in at])
        chords[i, : len(at)] = [_numbers(chord, shift) for chord in at]
        first = 0
        for steps, wanted in zip(bars, cue.register, strict=False):
            if wanted is not None:
                register[i, first : first + steps] = placed(wanted.lowest, wanted.mean, wanted.highest, shift)
            first += steps
        if cue.counts:
            counts[i, : len(at)] = np.minimum(cue.counts, CROWD)
        draft[i, : len(at), KEYS] = bool(cue.draft)
        for step, pitch in cue.draft:
            if 0 <= pitch + shift - LOWEST_KEY < KEYS:
                draft[i, step, pitch + shift - LOWEST_KEY] = 1
    return feeds | {"latent": latents, "chords": chords, "register": register, "counts": counts, "draft": draft}


def placed(lowest: float, mean: float, highest: float, shift: int) -> tuple[float, float, float, float]:
    """A register as the model is told it."""
    low, middle, high = ((pitch + shift - LOWEST_KEY - MIDDLE) / SPREAD for pitch in (lowest, mean, highest))
    return low, middle, high, 1.0


def unframed(cue: Cue, onsets: Floats, lengths: Floats) -> Scores:
    """What the graph `decode` answered for one window, moved back to where the music is."""
    steps = sum(steps_of(cue.bars))
    shift = frame_of([chord_of(cue.harmony, step * STEP).root for step in range(steps)])
    # A key that the frame has pushed off the keyboard is judged like the last one on it.
    keys = np.clip(np.arange(KEYS) + shift, 0, KEYS - 1)
    return Scores(onsets[:steps, keys], (STEP * np.exp2(np.clip(lengths[:steps, keys], 0, 6))).astype(np.float32))


def _numbers(chord: Harmony, shift: int) -> Floats:
    out = np.zeros(CHORD, dtype=np.float32)
    if chord.root >= 0:
        out[(chord.root + shift) % 12] = 1
        out[24 + (chord.bass + shift) % 12] = 1
        for pc in range(12):
            out[12 + (pc + shift) % 12] = chord.tones >> pc & 1
    return out
