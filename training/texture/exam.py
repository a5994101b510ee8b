"""Windows that a texture model has not seen, and what its answers are worth.

Over its own chords a texture should come back as it was; over the chords of another window it should belong to these, in its
own rhythm. Figures are shares and F1 over all notes of all windows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

import numpy as np

from engines.accompaniment.donors import Harmony, Stroke
from engines.accompaniment.grid import (
    LOWEST_KEY,
    STEP,
    Cue,
    Register,
    Scores,
    Window,
    chord_of,
    step_of,
    steps_of,
)
from engines.accompaniment.keys import belongs
from engines.accompaniment.texture import CONTEXT, Texture
from engines.accompaniment.voicing import voiced
from engines.music.time import Ticks
from training.texture.windows import Table, apart

Notes = Sequence[tuple[int, int]]
"""Step and pitch."""


@dataclass(frozen=True)
class Case:
    """A window, and other chords for it."""

    archive: str
    window: Window
    other: tuple[Harmony, ...]
    """Those of another window of the same metre."""

    def cue(self, harmony: tuple[Harmony, ...] = (), *, register: bool = True, counts: bool = True) -> Cue:
        """What is asked for: the window's own register and numbers of notes."""
        bars, notes = steps_of(self.window.bars), struck(self.window)
        begins = [0, *accumulate(bars)]
        inside = [[p for s, p in notes if a <= s < b] for a, b in pairwise(begins)]
        number = np.bincount([s for s, _ in notes], minlength=sum(bars))
        return Cue(
            self.window.bars,
            harmony or self.window.harmony,
            tuple(Register.of(each) for each in inside) if register else (),
            tuple(number.tolist()) if counts else (),
        )


def window_at(table: Table, first: int) -> Window:
    """A window of the tables."""
    bars = table.steps[first : first + 2]
    strokes = []
    for bar in (0, 1):
        for step, key, length, hand in table.notes[
            table.note_end[first + bar] : table.note_end[first + bar + 1]
        ].tolist():
            tick = STEP * (step + bar * int(bars[0]))
            strokes.append(Stroke(Ticks(tick), Ticks(STEP * length), key + LOWEST_KEY, 64, hand))
    begin = int(table.step_end[first])
    columns = (column[begin : begin + int(bars.sum())].tolist() for column in (table.roots, table.tones, table.basses))
    rows = list(zip(*columns, strict=True))
    chords = [Harmony(Ticks(STEP * i), *row) for i, row in enumerate(rows) if i == 0 or row != rows[i - 1]]
    return Window(tuple(Ticks(STEP * int(n)) for n in bars), tuple(strokes), tuple(chords))


def cases(table: Table, most: int, seed: int = 7) -> list[Case]:
    """Windows that do not overlap, drawn from all over, each with the chords of another."""
    rng = np.random.default_rng(seed)
    firsts = np.array(list(apart(table)))
    firsts = np.sort(rng.permutation(firsts)[:most])
    windows = [window_at(table, first) for first in firsts.tolist()]
    archives = [table.origins[table.piece[first]].split("/")[0] for first in firsts.tolist()]
    order = rng.permutation(len(windows)).tolist()
    out = []
    for i, window in enumerate(windows):
        others = (windows[j] for j in order[i:] + order[:i] if j != i and windows[j].bars == window.bars)
        other = next(others, window)
        out.append(Case(archives[i], window, other.harmony))
    return out


def struck(window: Window) -> Notes:
    """Steps and pitches, each once."""
    total = sum(steps_of(window.bars))
    return sorted({(step_of(stroke.tick, total), stroke.pitch) for stroke in window.strokes})


@dataclass
class F1:
    """Counts on the way to an F1."""

    hits: int = 0
    said: int = 0
    due: int = 0

    def add(self, said: Iterable[object], due: Iterable[object]) -> None:
        """One more window."""
        mine, wanted = set(said), set(due)
        self.hits, self.said, self.due = self.hits + len(mine & wanted), self.said + len(mine), self.due + len(wanted)

    @property
    def value(self) -> float:
        """2 hits / (said + due)."""
        return 2 * self.hits / max(self.said + self.due, 1)


@dataclass
class Share:
    """Counts on the way to a share."""

    hits: int = 0
    of: int = 0

    def add(self, notes: Notes, harmony: Sequence[Harmony]) -> None:
        """The notes that belong to the chord they begin over, among those that have one."""
        known = [(pitch, chord) for step, pitch in notes if (chord := chord_of(harmony, step * STEP)).root >= 0]
        self.hits, self.of = self.hits + sum(belongs(*each) for each in known), self.of + len(known)

    @property
    def value(self) -> float:
        """Hits in all."""
        return self.hits / max(self.of, 1)


@dataclass
class Distance:
    """Semitones on the way to a mean."""

    total: float = 0.0
    of: int = 0

    def add(self, notes: Notes, cue: Cue) -> None:
        """How far the mean pitch of each bar lies from the one that was asked for."""
        begins = [0, *accumulate(steps_of(cue.bars))]
        for (begin, end), asked in zip(pairwise(begins), cue.register, strict=True):
            played = Register.of([pitch for step, pitch in notes if begin <= step < end])
            if asked is not None and played is not None:
                self.total, self.of = self.total + abs(played.mean - asked.mean), self.of + 1

    @property
    def value(self) -> float:
        """The mean."""
        return self.total / max(self.of, 1)


def loudest(scores: Scores, number: int) -> Notes:
    """So many cells with the highest scores, as steps and pitches: what the model says by itself."""
    flat = np.argsort(-scores.onsets, axis=None, kind="stable")[:number]
    steps, keys = np.unravel_index(flat, scores.onsets.shape)
    return [(step, key + LOWEST_KEY) for step, key in zip(steps.tolist(), keys.tolist(), strict=True)]


def judged(texture: Texture, exam: Sequence[Case]) -> dict[str, float]:
    """All gates."""
    f1 = {
        name: F1()
        for name in ("rhythm", "rhythm, free", "pitch", "pitch, free", "pitch, register hidden", "swapped, rhythm")
    }
    share = {
        name: Share()
        for name in ("on the chord, people", "on the chord", "swapped, on the chord", "swapped, donor unchanged")
    }
    off = {name: Distance() for name in ("register off by", "swapped, register off by")}
    for at in range(0, len(exam), CONTEXT):
        part = exam[at : at + CONTEXT]
        latents = texture.encode([case.window for case in part])
        own, swapped = [case.cue() for case in part], [case.cue(case.other) for case in part]
        same = texture.decode(latents, own)
        free = texture.decode(latents, [case.cue(counts=False) for case in part])
        blind = texture.decode(latents, [case.cue(register=False) for case in part])
        other = texture.decode(latents, swapped)
        for i, case in enumerate(part):
            window, due = case.window, struck(case.window)
            again = struck(replace(window, strokes=voiced(window, own[i], same[i])))
            moved = struck(replace(window, strokes=voiced(window, swapped[i], other[i])))
            alone = loudest(free[i], len(due))
            f1["rhythm"].add((s for s, _ in again), (s for s, _ in due))
            f1["rhythm, free"].add((s for s, _ in alone), (s for s, _ in due))
            f1["pitch"].add(again, due)
            f1["pitch, free"].add(alone, due)
            f1["pitch, register hidden"].add(struck(replace(window, strokes=voiced(window, own[i], blind[i]))), due)
            f1["swapped, rhythm"].add((s for s, _ in moved), (s for s, _ in due))
            off["register off by"].add(again, own[i])
            off["swapped, register off by"].add(moved, swapped[i])
            share["on the chord, people"].add(due, window.harmony)
            share["on the chord"].add(again, window.harmony)
            share["swapped, on the chord"].add(moved, case.other)
            share["swapped, donor unchanged"].add(due, case.other)
    return {name: round(each.value, 4) for name, each in (*f1.items(), *share.items(), *off.items())}


def by_archive(texture: Texture, exam: Sequence[Case]) -> dict[str, dict[str, float]]:
    """The gates for each archive and for all."""
    names = sorted({case.archive for case in exam})
    groups = {name: [case for case in exam if case.archive == name] for name in names}
    return {
        name: judged(texture, group) | {"windows": len(group)} for name, group in (("all", list(exam)), *groups.items())
    }
