"""From a melody to the scores that a chord path collects: two hearings, and the manner that was asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from engines.analysis.harmonise_echo import echoes
from engines.analysis.harmonise_features import Phrase, Reading, read_melody
from engines.analysis.harmonise_path import KINDS, N_STATES, Field, chances, turn_back, turn_out
from engines.analysis.harmonise_tables import HarmonyTables, Hearing, Idiom, layers
from engines.analysis.score import Floats, Grid, Ints, Notes
from engines.errors import InvalidMusic
from engines.music.harmony import KeyTrack

HOLD = 50.0
"""What staying gains where a change is out of the question."""
HOME = (("maj 0", "min 2", "min 4", "maj 5", "maj 7", "min 9", "dim 11"), ("dim 2", "maj 4"))
"""Triads of the key, above the tonic of its signature; the last two in minor (its diminished second, its dominant)."""


@dataclass(frozen=True)
class Manner:
    """How to harmonise."""

    richness: float = 0.5
    """0: plain triads of the key, one a bar (the last may have two); 0.5: as people do; 1: sevenths, borrowed chords."""
    idiom: Idiom = Idiom.POP
    """Whose habits to follow."""

    def __post_init__(self) -> None:
        if not 0.0 <= self.richness <= 1.0:
            raise InvalidMusic(f"A richness of {self.richness} is out of range.", "Use 0 to 1.")

    @property
    def boldness(self) -> float:
        """-1 to 1."""
        return 2.0 * self.richness - 1.0


@dataclass(frozen=True)
class Keys:
    """The key of every beat."""

    tonic: Ints
    """The tonic of the major key with the same signature."""
    minor: Ints
    """1 in minor."""

    @classmethod
    def of(cls, keys: KeyTrack, grid: Grid) -> Keys:
        """Other modes count as the major or minor on their tonic."""
        found = [keys.at(int(tick)) for tick in grid.beats[:-1]]
        minor = np.array([not key.is_major_like for key in found], dtype=np.int64)
        tonic = np.array([key.tonic.pc for key in found], dtype=np.int64)
        return cls((tonic + 3 * minor) % 12, minor)


@dataclass(frozen=True)
class Heard:
    """A melody with all that speaks for its chords."""

    reading: Reading
    keys: Keys
    field: Field


def hear(
    melody: Notes, grid: Grid, keys: Keys, tables: HarmonyTables, phrases: Sequence[Phrase], manner: Manner
) -> Heard:
    """Both hearings, in the manner asked for."""
    reading = read_melody(melody, grid, keys.tonic, phrases)
    first = weigh(tables.first, reading.columns, reading, keys, manner.idiom)
    expected = turn_back(chances(first), keys.tonic)
    columns = np.concatenate([reading.columns, echoes(expected, reading.sounding, grid)], axis=1)
    field = weigh(tables.second, columns, reading, keys, manner.idiom)
    return Heard(reading, keys, _in_manner(field, reading, keys, manner.boldness, tables.readiness))


def weigh(hearing: Hearing, columns: Floats, reading: Reading, keys: Keys, idiom: Idiom) -> Field:
    """The scores of one hearing, in pitch classes."""
    found, region = np.unique(12 * keys.minor + keys.tonic, return_inverse=True)
    chord = np.empty((len(columns), N_STATES))
    stay = np.empty(len(columns))
    steps = []
    for i, name in enumerate(found.tolist()):
        minor, tonic = divmod(name, 12)
        weight = layers(bool(minor), idiom)
        here = region == i
        chord[here] = columns[here] @ np.tensordot(weight, hearing.chord, 1)
        stay[here] = reading.rhythm[here] @ (weight @ hearing.stay)
        steps.append(np.roll(np.tensordot(weight, hearing.change, 1), (tonic * len(KINDS),) * 2, axis=(0, 1)))
    return Field(turn_out(chord, keys.tonic), stay, np.array(steps), region.astype(np.int64))


def _in_manner(field: Field, reading: Reading, keys: Keys, boldness: float, readiness: float) -> Field:
    """Plain settings keep to the key and to bar lines, rich ones leave them more readily."""
    plain, rich = max(0.0, -boldness), max(0.0, boldness)
    away = turn_out(np.where(keys.minor[:, None] == 1, _AWAY[1], _AWAY[0]), keys.tonic)
    stay = field.stay - readiness - 0.5 * rich
    # The closing bar stays free, so that the last note can have its tonic even where the dominant fills the bar's first half.
    inside = (reading.level < 2) & ~reading.closing
    stay = stay + np.where(inside, 6.0 * plain**2 + HOLD * (plain == 1.0), 0.0)
    # After the melody's last bar the last chord rests.
    stay[np.flatnonzero(reading.closing)[-1] + 1 :] = HOLD
    return replace(field, chord=field.chord + (0.5 * rich - 4.0 * plain) * away, stay=stay)


def _away() -> Floats:
    """Modes × states: 1 for triads outside the key."""
    out = np.ones((2, N_STATES))
    for mode, names in ((0, HOME[0]), (1, HOME[0] + HOME[1])):
        for name in names:
            kind, root = name.split()
            out[mode, int(root) * len(KINDS) + KINDS.index(kind)] = 0.0
    return out


_AWAY = _away()
