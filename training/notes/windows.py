"""Lessons: windows of pieces as the decoder will meet them, with something hidden or something to be answered.

A lesson is a stream of events (engines/models/tokens.py) and, for every event and predicted field, how much it counts.
Everything that varies is drawn from the generator that is handed in.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engines.models import tokens as t
from engines.models.cells import Controls, controls_of
from engines.models.window import Cell, Window, bars_of, head, hidden_notes, merged, moved, opening, tail, window_of
from training.notes.pieces import Piece

Ints = npt.NDArray[np.int64]
Rng = np.random.Generator

PREDICTED = (*t.WHEN, *t.WHAT)
CONTEXT_COUNTS = 0.3
"""What standing notes count beside written ones: they teach too, but they are not the task."""
MOST_EVENTS = 512


@dataclass(frozen=True)
class Lesson:
    """A stream of events."""

    rows: Ints
    """[events, WIDTH]."""
    counts: npt.NDArray[np.float32]
    """[events, PREDICTED]: how much it counts to have foreseen each field of each event."""


def cut(piece: Piece, first: int, bars: int, rng: Rng | None, most: int = MOST_EVENTS) -> Window:
    """Bars `first` (from 0) to `first + bars` of a piece. With a generator slots are shuffled, music is transposed, and bars
    fall away at the end until what is left fits; without one the window is as the piece is.
    """
    onset = piece.notes[:, 1]
    lines = piece.bars[first : first + bars + 1]
    lo, hi = np.searchsorted(onset, [lines[0], lines[-1]])
    if rng is not None:
        while hi - lo > most and len(lines) > 2:
            lines = lines[:-1]
            hi = int(np.searchsorted(onset, lines[-1]))
    notes = piece.notes[lo:hi]
    present = np.unique(notes[:, 0])
    order = present if rng is None else rng.permutation(present)
    order = order[: t.SLOTS]
    slot_of = np.zeros(len(piece.parts), dtype=np.int64)
    slot_of[order] = np.arange(1, len(order) + 1)
    notes = notes[slot_of[notes[:, 0]] > 0]
    programs = np.array([t.program_class(piece.parts[i].program, piece.parts[i].drum) for i in order], dtype=np.int64)
    slot = slot_of[notes[:, 0]]
    pitched = programs[slot - 1] != t.DRUM_PROGRAM if len(notes) else np.zeros(0, dtype=bool)
    turn = 0 if rng is None else _turn(notes[pitched, 4], rng)
    table = notes[:, 1:].copy()
    table[:, 3] += turn * pitched
    key = _at(piece.keys, int(lines[0]))
    return window_of(
        table,
        slot,
        programs,
        lines,
        _turned(piece.chords, turn),
        (-1, 0) if key is None else ((int(key[1]) + turn) % 12, int(key[2])),
        _flat_parts(piece)[notes[:, 0]],
    )


@dataclass(frozen=True)
class Telling:
    """What a lesson gives away."""

    key: bool
    chords: bool
    controls: bool
    hints: float
    """The share of the hidden notes that is kept in mind."""

    @classmethod
    def drawn(cls, rng: Rng) -> Telling:
        """Sometimes much, sometimes little."""
        key, chords, controls, hints = rng.random(4) < (0.5, 0.6, 0.5, 0.35)
        return cls(bool(key), bool(chords), bool(controls), float(rng.random()) if hints else 0.0)


def fill_lesson(window: Window, rng: Rng) -> Lesson:
    """Some cells hidden."""
    return hidden_cells(window, _hide(window, rng), Telling.drawn(rng), rng)


def one_cell(window: Window, rng: Rng) -> Lesson | None:
    """One bar of one part hidden that is not empty; None where there is none. Chords and key are said."""
    places = np.unique(np.stack([bars_of(window.rows), window.rows[:, t.SLOT]], axis=1), axis=0)
    if not len(places):
        return None
    bar, slot = places[int(rng.integers(len(places)))].tolist()
    return hidden_cells(window, [(bar, slot)], Telling(key=True, chords=True, controls=False, hints=0.0), rng)


def hidden_cells(window: Window, cells: list[Cell], telling: Telling, rng: Rng) -> Lesson:
    """Context first, then every hidden cell in order."""
    context = window.rows[~hidden_notes(window, cells)]
    stream = [opening(window, say_key=telling.key), merged(window, context, say_chords=telling.chords)]
    counts = [np.zeros((len(stream[0]), 8)), _counts(stream[1], CONTEXT_COUNTS)]
    for cell in cells:
        notes = window.rows[hidden_notes(window, [cell])].copy()
        controls = controls_of(notes, int(window.bar_steps[cell[0]])) if telling.controls else Controls()
        first = head(window, cell, controls.dropped(rng.random(3) < 0.3), say_chords=telling.chords)
        hints = notes[rng.random(len(notes)) < telling.hints].copy()
        hints[:, t.KIND] = t.Kind.HINT
        notes[:, t.KIND] = t.Kind.FILL
        stream += [first[None], hints, notes, tail(window, cell)[None]]
        counts += [np.zeros((1 + len(hints), 8)), _counts(notes, 1.0), _end_counts()]
    rows = moved(np.concatenate(stream), min(bar for bar, _ in cells))
    return Lesson(rows, np.concatenate(counts).astype(np.float32))


def live_lesson(window: Window, rng: Rng) -> Lesson:
    """In order of time: what the player plays is heard, some of it held, late or wrong; the rest is our answer."""
    rows, answer = _shared_out(window, rng)
    rows[:, t.KIND] = np.where(answer, t.Kind.ANSWER, t.Kind.HEARD)
    counts = _counts(rows, 1.0)
    counts[~answer] *= CONTEXT_COUNTS
    if rng.random() < 0.7:
        rows[~answer, t.LENGTH] = t.OPEN
        counts[~answer, PREDICTED.index(t.LENGTH)] = 0
    wrong = (
        ~answer
        & (rng.random(len(rows)) < (0.03 if rng.random() < 0.2 else 0.0))
        & (rows[:, t.PITCH] < t.DRUM_PITCH - 2)
    )
    rows[wrong, t.PITCH] = np.clip(rows[wrong, t.PITCH] + rng.choice([-2, -1, 1, 2], int(wrong.sum())), 1, 128)
    counts[wrong] = 0
    place = _place(rows, window.bar_steps) + (~answer) * int(rng.integers(0, 7))
    order = np.lexsort((rows[:, t.PITCH], rows[:, t.SLOT], place))
    rows, counts, place = rows[order], counts[order], place[order]
    others = [window.meters] + ([window.chords] if rng.random() < 0.5 else [])
    rows, counts = _interleave(rows, counts, place, np.concatenate(others), window.bar_steps)
    first = opening(
        window, say_key=rng.random() < 0.5, ours=set(rows[rows[:, t.KIND] == t.Kind.ANSWER, t.SLOT].tolist())
    )
    if rng.random() < 0.5:
        _say_parts(first, window, rows, rng)
    rows = np.concatenate([first, rows])
    counts = np.concatenate([np.zeros((len(first), 8), dtype=np.float32), counts])
    rows[rows[:, t.BAR] > 0, t.BAR] += t.EARLIEST_BAR
    return Lesson(rows, counts.astype(np.float32))


def _hide(window: Window, rng: Rng) -> list[tuple[int, int]]:
    """(bar, slot) of hidden cells in order: a span of one part, a whole part, or cells here and there."""
    bars, slots = len(window.bar_steps), len(window.programs)
    draw = rng.random()
    if draw < 0.45:
        length = min(bars, int(rng.choice([1, 1, 2, 4])))
        first, slot = int(rng.integers(bars - length + 1)), int(rng.integers(1, slots + 1))
        return [(bar, slot) for bar in range(first, first + length)]
    if draw < 0.7:
        slot = int(rng.integers(1, slots + 1))
        return [(bar, slot) for bar in range(bars)]
    share = rng.uniform(0.15, 0.5)
    cells = [(b, s) for b in range(bars) for s in range(1, slots + 1) if rng.random() < share]
    return cells or [(int(rng.integers(bars)), int(rng.integers(1, slots + 1)))]


def _shared_out(window: Window, rng: Rng) -> tuple[Ints, npt.NDArray[np.bool_]]:
    """The window's notes, and which of them are ours: some parts, or one part's phrases by turns."""
    rows, slots = window.rows.copy(), len(window.programs)
    if slots > 1 and rng.random() < 0.7:
        count = 1 if rng.random() < 0.6 else int(rng.integers(1, slots))
        player = rng.permutation(np.arange(1, slots + 1))[:count]
        return rows, ~np.isin(rows[:, t.SLOT], player)
    turn = int(rng.choice([1, 2, 2, 4, 4]))
    return rows, (bars_of(rows) // turn) % 2 == 1


def _interleave(
    rows: Ints, counts: npt.NDArray[np.float32], place: Ints, others: Ints, bar_steps: Ints
) -> tuple[Ints, npt.NDArray[np.float32]]:
    if not len(others):
        return rows, counts
    meter = others[:, t.KIND] == t.Kind.METER
    when = _place(np.where((np.arange(t.WIDTH) == t.POSITION) & meter[:, None], 1, others), bar_steps)
    at = np.concatenate([place, when])
    rank = np.concatenate([np.full(len(rows), 2), np.where(meter, 0, 1)])
    order = np.lexsort((np.arange(len(at)), rank, at))
    return (
        np.concatenate([rows, others])[order],
        np.concatenate([counts, np.zeros((len(others), 8), dtype=np.float32)])[order],
    )


def _say_parts(first: Ints, window: Window, rows: Ints, rng: Rng) -> None:
    """Controls of the whole window on the rows of our parts."""
    steps = int(window.bar_steps.sum())
    for row in first:
        if row[t.KIND] == t.Kind.PARTNER:
            mine = rows[(rows[:, t.SLOT] == row[t.SLOT]) & (rows[:, t.KIND] == t.Kind.ANSWER)]
            controls_of(mine, steps).dropped(rng.random(3) < 0.3).write(row)


def _place(rows: Ints, bar_steps: Ints) -> Ints:
    starts = np.concatenate([[0], np.cumsum(bar_steps)])
    place: Ints = starts[bars_of(rows)] + rows[:, t.POSITION] - 1
    return place


def _counts(rows: Ints, worth: float) -> npt.NDArray[np.float32]:
    """Written notes: kind, position and all that sounds; standing ones: slot and bar too. What is not said does not count."""
    counts = np.full((len(rows), 8), worth, dtype=np.float32)
    counts[rows[:, list(PREDICTED)] == 0] = 0
    counts[rows[:, t.KIND] == t.Kind.FILL, 1:3] = 0
    return counts


def _end_counts() -> npt.NDArray[np.float32]:
    counts = np.zeros((1, 8), dtype=np.float32)
    counts[0, 0] = 1.0
    return counts


def _turned(chords: Ints, turn: int) -> Ints:
    out = chords.copy()
    out[:, 1] = np.where(chords[:, 1] >= 0, (chords[:, 1] + turn) % 12, -1)
    return out


def _turn(pitch: Ints, rng: Rng) -> int:
    turn = int(rng.integers(-5, 7))
    return turn if not len(pitch) or (pitch.min() + turn >= 0 and pitch.max() + turn <= 127) else 0


def _flat_parts(piece: Piece) -> npt.NDArray[np.bool_]:
    """Parts whose velocity is one value throughout: nothing is to be learned from it."""
    part, velocity = piece.notes[:, 0], piece.notes[:, 5]
    out = np.zeros(len(piece.parts), dtype=bool)
    for i in range(len(out)):
        mine = velocity[part == i]
        out[i] = len(mine) > 1 and int(mine.max()) == int(mine.min())
    return out


def _at(table: Ints, onset: int) -> Ints | None:
    return table[max(int(np.searchsorted(table[:, 0], onset, side="right")) - 1, 0)] if len(table) else None
