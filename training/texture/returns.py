"""Figures that return over other chords: what rules make of them, and what people played there.

Two windows of one piece whose hands strike at the same steps are a lesson: the rules put the first on the chords of the second,
and the second says what a pianist does. That is what the model gets at play time as a draft.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engines.accompaniment.donors import LEFT, RIGHT, Stroke
from engines.accompaniment.grid import KEYS, LOWEST_KEY, STEP, Window, step_of
from engines.accompaniment.loan import Loan
from engines.accompaniment.sheet import Sheet
from engines.accompaniment.transfer import Touch, transfer
from engines.api import KeySpan
from engines.music.harmony import Key
from engines.music.time import Meter, Ticks
from training.texture.exam import window_at
from training.texture.windows import Ints, Table

NAMES = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
FEWEST = 6
"""Notes that a figure has at least."""
OFF = 2
"""By how many notes the two may differ."""
EACH, PIECE = 6, 240
"""Earlier windows for each later one, and lessons of one piece, at most."""


@dataclass(frozen=True)
class Returns:
    """Lessons in columns."""

    donor: Ints
    """[lessons]: the window that is borrowed."""
    target: Ints
    """[lessons]: the window that it comes back in."""
    ends: Ints
    """[lessons + 1]: where the notes of each draft begin, and the end of all."""
    notes: np.ndarray
    """[notes, (step in the window, key)]: the drafts."""

    def save(self, file: Path) -> None:
        """Write it aside, then put it in place."""
        aside = file.with_name("part-" + file.name)
        np.savez_compressed(aside, **self.__dict__)
        aside.rename(file)

    @classmethod
    def read(cls, file: Path) -> Returns:
        """What was saved."""
        with np.load(file) as box:
            return cls(**{name: box[name] for name in cls.__dataclass_fields__})


def returns_of(table: Table, seed: int = 7) -> Returns:
    """All lessons of a table."""
    donors, targets, ends, notes = list[int](), list[int](), [0], list[tuple[int, int]]()
    for donor, target in pairs(table, seed):
        drafted = draft(table, donor, target)
        donors.append(donor)
        targets.append(target)
        notes += drafted
        ends.append(len(notes))
    rows = np.array(notes, dtype=np.uint8).reshape(-1, 2)
    return Returns(np.array(donors), np.array(targets), np.array(ends), rows)


def pairs(table: Table, seed: int) -> Iterator[tuple[int, int]]:
    """Windows of one piece whose hands strike at the same steps over other chords, hardly more or fewer notes, and which do not
    overlap.
    """
    rng = np.random.default_rng(seed)
    alike: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for window in table.windows.tolist():
        counts = struck(table, window)
        if counts.sum() >= FEWEST:
            kind = int(table.piece[window]), *table.steps[window : window + 2].tolist(), (counts > 0).tobytes()
            alike[kind].append(window)
    left: dict[object, int] = defaultdict(lambda: PIECE)
    for kind in sorted(alike, key=lambda kind: alike[kind][0]):
        for target in alike[kind]:
            others = [w for w in alike[kind] if abs(w - target) > 1 and harmony(table, w) != harmony(table, target)]
            others = [w for w in others if np.abs(struck(table, w) - struck(table, target)).sum() <= OFF]
            for donor in rng.permutation(others).tolist()[: min(EACH, left[kind[0]])]:
                left[kind[0]] -= 1
                yield donor, target


def struck(table: Table, window: int) -> Ints:
    """[steps, hands]: how many notes each hand has at each step of a window."""
    begin, middle, end = table.note_end[window : window + 3].tolist()
    steps = table.notes[begin:end, 0].astype(np.int64)
    steps[middle - begin :] += table.steps[window]
    total = int(table.steps[window : window + 2].sum())
    return np.bincount(2 * steps + table.notes[begin:end, 3], minlength=2 * total).reshape(total, 2)


def harmony(table: Table, window: int) -> bytes:
    """The chords of a window, to be compared."""
    begin, end = table.step_end[window], table.step_end[window + 2]
    return b"".join(column[begin:end].tobytes() for column in (table.roots, table.tones, table.basses))


def draft(table: Table, donor: int, target: int) -> list[tuple[int, int]]:
    """What the rules make of one window on the chords of another, each hand in the octave that people took: steps and keys."""
    mine, theirs = window_at(table, donor), window_at(table, target)
    lines = (Ticks(0), theirs.bars[0], Ticks(sum(theirs.bars)))
    meters = tuple(Meter(bar // STEP, 16) for bar in theirs.bars)
    sheet = Sheet(lines, meters, (), theirs.harmony, key_at(table, target), ())
    touches = transfer(sheet, Loan(Ticks(0), lines, mine.strokes, mine.harmony))
    return sorted({(step, key) for step, key in _placed(touches, theirs) if 0 <= key < KEYS})


def key_at(table: Table, window: int) -> tuple[KeySpan, ...]:
    """The key of a window, as a lead sheet has it."""
    number = int(table.keys[window])
    if number < 0:
        return ()
    name = f"{NAMES[number % 12]} {'minor' if number >= 12 else 'major'}"
    return (KeySpan(Ticks(0), Key.parse(name), 1.0),)


def _placed(touches: Sequence[Touch], theirs: Window) -> Iterator[tuple[int, int]]:
    steps = sum(theirs.bars) // STEP
    for hand in (LEFT, RIGHT):
        played = [touch for touch in touches if touch.hand == hand]
        away = _octave([touch.pitch for touch in played], theirs.strokes, hand)
        yield from ((step_of(touch.tick, steps), touch.pitch + away - LOWEST_KEY) for touch in played)


def _octave(pitches: Sequence[int], strokes: Sequence[Stroke], hand: int) -> int:
    theirs = [stroke.pitch for stroke in strokes if stroke.hand == hand]
    return 12 * round((np.mean(theirs) - np.mean(pitches)) / 12) if theirs and pitches else 0
