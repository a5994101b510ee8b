"""The chords and keys of a training piece, heard by the same recogniser that listens for the musician.

What people annotated is not used even where it is there: at play time the model gets recognised chords too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from engines.analysis.chord_bass import WITH_NINTH
from engines.analysis.chord_columns import BeatColumns
from engines.analysis.chord_tables import ChordTables
from engines.analysis.chords import read_chords
from engines.analysis.keys import KeyTables, find_keys
from engines.analysis.score import Score
from engines.models.tokens import QUALITIES, STEP
from engines.music.song import Song

TABLES = Path(__file__).parents[2] / "presets" / "analysis"
Ints = npt.NDArray[np.int64]
_PLAIN = {ninth: plain for plain, ninth in WITH_NINTH.items()}


@dataclass(frozen=True)
class Harmony:
    """What is heard, in grid steps."""

    chords: Ints
    """[changes, (onset, root, quality)]; root and quality -1 for no chord."""
    keys: Ints
    """[changes, (onset, tonic, minor)]."""


class Listener:
    """Hears chords and keys."""

    def __init__(self) -> None:
        self._chords = ChordTables.from_json((TABLES / "chords.json").read_text(encoding="utf-8"))
        self._keys = KeyTables.from_json((TABLES / "keys.json").read_text(encoding="utf-8"))

    def hear(self, song: Song, leave_out: tuple[str, ...] | list[str] = ()) -> Harmony:
        """The harmony of the pitched tracks; nothing where only drums play."""
        score = Score.of(replace(song, tracks=tuple(t for t in song.tracks if t.name not in leave_out)))
        if not len(score.notes.pitched):
            return Harmony(np.zeros((0, 3), dtype=np.int64), np.zeros((0, 3), dtype=np.int64))
        columns = BeatColumns.of(score)
        heard = read_chords(columns, score.grid, self._chords)
        quality = [
            QUALITIES.index(_PLAIN.get(name, name)) if root >= 0 else -1
            for root, name in zip(heard.root, heard.quality, strict=True)
        ]
        table = np.stack([np.rint(heard.beats[:-1] / STEP).astype(np.int64), heard.root, quality], axis=1)
        new = np.concatenate([[True], (np.diff(table[:, 1:], axis=0) != 0).any(axis=1)])
        spans = find_keys(columns, heard, score.grid, self._keys).spans
        keys = [(round(s.tick / STEP), s.key.tonic.pc, int(not s.key.is_major_like)) for s in spans]
        return Harmony(table[new], np.array(keys, dtype=np.int64).reshape(-1, 3))
