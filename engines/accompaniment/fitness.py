"""How well the phrases of a pack fit a phrase of the song.

The rhythm of the tunes and the chords beat by beat are compared as unit vectors. The song is turned to the twelve keys, not
the pack; the best turn is the donor's transposition.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from engines.accompaniment.features import CHORD, HOLD, ONSET, Floats
from engines.accompaniment.pace import likeness, pace_of, paces
from engines.accompaniment.pack import Pack
from engines.accompaniment.sheet import Sheet, Strain
from engines.accompaniment.tape import LOUDEST

Ints = npt.NDArray[np.int64]
RHYTHM, CHORDS = 0.3, 0.7
"""What the two weigh."""
ADAPTED = 0.62
"""What the fitness of a phrase is that was written for any tune and any chords."""
PACE = 0.1
"""What it is worth to such a phrase that its chords change where those of the song do."""
CROPPED = 0.06
"""What a donor loses that is longer than the phrase."""
_WEIGHTS = np.array([1, 2, 1], dtype=np.float32)
"""Of rest, onset and hold in a tune's rhythm: where it strikes says most."""
TURNS = np.array([k if k < 6 else k - 12 for k in range(12)], dtype=np.int64)
"""By how many semitones a donor moves when the song was turned by k."""


@dataclass(frozen=True)
class Fits:
    """Every phrase of a pack that is long enough, and how it fits."""

    bar: Ints
    """Its first bar in the pack."""
    fitness: Floats
    turn: Ints
    """Semitones by which the donor moves."""

    def best(self, count: int) -> Fits:
        """The best so many, in a fixed order."""
        if len(self.bar) <= count:
            return self
        top = np.sort(np.argsort(-self.fitness, kind="stable")[:count])
        return Fits(self.bar[top], self.fitness[top], self.turn[top])


class Catalogue:
    """The bars of a pack that have one meter, ready to be compared."""

    def __init__(self, pack: Pack, meter: int) -> None:
        self._pack = pack
        self._cosines: dict[tuple[object, ...], Floats] = {}
        self._bars = np.flatnonzero(pack.meters == meter)
        self._row = np.full(pack.card.bars + 1, -1, dtype=np.int64)
        self._row[self._bars] = np.arange(len(self._bars))
        starts = pack.columns["span_bar"].astype(np.int64)
        lengths = pack.columns["span_bars"].astype(np.int64)
        whole = self._whole(starts, lengths)
        self.starts, self.lengths = starts[whole], lengths[whole]

    def _whole(self, starts: Ints, lengths: Ints) -> npt.NDArray[np.bool_]:
        """The spans all of whose bars have this meter."""
        mine = np.concatenate([[0], np.cumsum(self._row[:-1] >= 0)])
        found: npt.NDArray[np.bool_] = mine[starts + lengths] - mine[starts] == lengths
        return found

    @cached_property
    def _tunes(self) -> Floats:
        """[bars, steps × 3]."""
        column = self._pack.columns
        if not len(self._bars):
            return np.zeros((0, 0), dtype=np.float32)
        first = column["bar_step"][self._bars].astype(np.int64)
        size = int(column["bar_step"][self._bars[0] + 1]) - int(first[0])
        return one_hot(np.asarray(column["tune_step"])[first[:, None] + np.arange(size)])

    @cached_property
    def _chords(self) -> Floats:
        """[bars, beats × 24]."""
        column = self._pack.columns
        if not len(self._bars):
            return np.zeros((0, 0), dtype=np.float32)
        first = column["bar_beat"][self._bars].astype(np.int64)
        size = int(column["bar_beat"][self._bars[0] + 1]) - int(first[0])
        rows = column["beat_chord"].reshape(-1, CHORD)[first[:, None] + np.arange(size)]
        return np.asarray(rows.reshape(len(first), -1), dtype=np.float32)

    @cached_property
    def _paces(self) -> Floats:
        """[bars, beats]."""
        first = int(self._bars[0])
        return paces(self._pack, self._bars, self._pack.meter(first))

    def fits(self, sheet: Sheet, strain: Strain) -> Fits:
        """How every phrase that is long enough fits."""
        enough = self.lengths >= strain.bars
        starts, bars = self.starts[enough], strain.bars
        if not len(starts):
            nothing = np.zeros(0, dtype=np.int64)
            return Fits(nothing, np.zeros(0, dtype=np.float32), nothing)
        crop = np.where(self.lengths[enough] > bars, np.float32(CROPPED), np.float32(0))
        rows = self._row[starts]
        if self._pack.card.adapts:
            root = self._home(sheet, strain, starts)
            paced = PACE * (likeness(rows, self._paces, pace_of(sheet, strain)) - np.float32(0.5))
            return Fits(starts, (ADAPTED + paced - crop).astype(np.float32), root)
        tune = self._known("tune", rows, bars_of_steps(sheet, strain))[:, 0]
        turned = self._known("chords", rows, np.stack(sheet.chords[strain.bar : strain.bar + bars]))
        turn = turned.argmax(axis=1)
        fitness = RHYTHM * tune + CHORDS * turned[np.arange(len(rows)), turn] - crop
        return Fits(starts, fitness.astype(np.float32), TURNS[turn])

    def _known(self, what: str, rows: Ints, asked: npt.NDArray[Any]) -> Floats:
        """Cosines of tunes or of chords; what returns in a song is compared once."""
        key = what, asked.shape, asked.tobytes()
        if key not in self._cosines:
            if what == "tune":
                self._cosines[key] = self._cosine(rows, self._tunes, one_hot(asked))
            else:
                whole = np.rint(asked * np.float32(LOUDEST["beat_chord"]))
                self._cosines[key] = self._cosine(rows, self._chords, turns(whole))
        return self._cosines[key]

    def forget(self) -> None:
        """Another song comes."""
        self._cosines.clear()

    def _home(self, sheet: Sheet, strain: Strain, starts: Ints) -> Ints:
        """What brings the first chord of a donor to that of the strain."""
        column = self._pack.columns
        donor = column["chord_root"][column["bar_chord"][starts].astype(np.int64)].astype(np.int64)
        root = sheet.chord_at(sheet.lines[strain.bar]).root
        return np.where((donor < 0) | (root < 0), 0, TURNS[(root - donor) % 12])

    def _cosine(self, rows: Ints, mine: Floats, asked: Floats) -> Floats:
        """[phrases, turns]: cosine of whole phrases. `mine` [bars, n]; `asked` [bars, n] or [turns, bars, n]."""
        asked = asked if asked.ndim == 3 else asked[None]
        n_turns, bars = asked.shape[:2]
        # Bar by bar, so that only the bars that phrases have are multiplied. All numbers are whole and every product stays
        # below 2^24, so that the sums are exact and the same choice is made on every machine.
        top, own = np.zeros((len(rows), n_turns)), np.zeros(len(rows))
        squares = np.square(mine).sum(axis=1)
        for bar in range(bars):
            top += mine[rows + bar] @ asked[:, bar].T
            own += squares[rows + bar]
        length = np.sqrt(own)[:, None] * np.sqrt(np.square(asked, dtype=np.float64).sum(axis=(1, 2)))[None, :]
        return np.asarray(top / np.maximum(length, 1e-6), dtype=np.float32)


def one_hot(steps: npt.NDArray[np.uint8]) -> Floats:
    """[bars, steps × 3] of a tune's rhythm."""
    flags = np.stack(
        [(steps == what) * weight for what, weight in zip((0, ONSET, HOLD), _WEIGHTS, strict=True)], axis=-1
    )
    return flags.reshape(len(steps), -1).astype(np.float32)


def bars_of_steps(sheet: Sheet, strain: Strain) -> npt.NDArray[np.uint8]:
    """[bars, steps] of the song's tune."""
    size = -(-sheet.meters[strain.bar].bar // 240)
    first = sum(-(-meter.bar // 240) for meter in sheet.meters[: strain.bar])
    return sheet.steps[first : first + size * strain.bars].reshape(strain.bars, size)


def turns(chords: Floats) -> Floats:
    """[12, bars, beats × 24]: chords turned down by 0 to 11 semitones."""
    parts = chords.reshape(len(chords), -1, 2, 12)
    return np.stack([np.roll(parts, -k, axis=-1).reshape(chords.shape) for k in range(12)])
