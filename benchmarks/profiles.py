"""Real music's own rows: the ceiling that a system is measured against, and what shuffling makes of it, the floor.

Ceiling: validation and test songs as they are. Floor: the bars of every part dealt anew, each part by itself, under the same
chords and labels. Phrases and chords of POP909 are annotations (first annotator; the block-chord track); Slakh and Lieder
have no phrases, and chords that the recogniser hears in all notes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from benchmarks.corpus import ONSET, PART, columns, grid_of, harmony_of, role_of
from benchmarks.metrics.harmony import Harmony, chord_acc
from benchmarks.metrics.profile import profile
from benchmarks.metrics.structure import shuffled as relabelled
from engines.analysis.chord_tables import ChordTables
from engines.analysis.score import Grid, Ints, Notes, Score
from engines.api import Phrase
from engines.music.time import MeterMap
from training.analysis.harmony_corpus import SHAPES, Reference
from training.analysis.harmony_corpus import pop909 as annotated_chords
from training.analysis.phrase_corpus import Annotated, read_songs
from training.notes.pieces import Piece

BLOCK_OCTAVE, BLOCK_VELOCITY = 48, 70


@dataclass(frozen=True)
class Known:
    """What people wrote about songs of POP909."""

    phrases: dict[str, list[Phrase]]
    chords: dict[str, tuple[Harmony, Notes]]
    """As pitch classes, and as block chords."""

    @classmethod
    def of(cls, data: Path, ids: Sequence[str]) -> Known:
        """Read the annotations of some songs."""
        return cls(
            {song.id: _phrases(song) for song in read_songs(data, ids) if song.teaches},
            {
                piece.id: _chords(piece.reference, piece.score.grid)
                for piece in annotated_chords(data, ids)
                if piece.reference is not None
            },
        )


def _phrases(song: Annotated) -> list[Phrase]:
    bar = round(song.offset / song.bar) + 1
    out = []
    for label, bars in song.forms[0]:
        out.append(Phrase(bar, bars, label))
        bar += bars
    return out


def _chords(reference: Reference, grid: Grid) -> tuple[Harmony, Notes]:
    """The chord of each beat as pitch classes, and played in whole blocks."""
    shapes = [*SHAPES.values(), ()]
    rows, masks = [], []
    state = np.where(reference.root < 0, -1, reference.root * 100 + reference.quality)
    new = np.flatnonzero(np.concatenate([[True], np.diff(state) != 0]))
    ends = [*new[1:].tolist(), len(state)]
    for first, end in zip(new.tolist(), ends, strict=True):
        root, quality = int(reference.root[first]), int(reference.quality[first])
        tones = [root + step for step in shapes[quality]] if root >= 0 else []
        masks.append(sum(1 << tone % 12 for tone in tones))
        span = int(grid.beats[first]), int(grid.beats[end])
        rows += [(*span, BLOCK_OCTAVE + tone, BLOCK_VELOCITY, 1) for tone in tones]
    table = np.array(rows, dtype=np.int64).reshape(-1, 5)
    start, stop, pitch, velocity, track = table.T
    blocks = Notes(start, stop, pitch, velocity, track, np.zeros(len(table), dtype=np.bool_))
    return Harmony(grid.beats[new], np.array(masks, dtype=np.int64)), blocks


def dealt_anew(piece: Piece, rng: np.random.Generator) -> Piece:
    """The floor: for each part its bars in another order; what a shorter bar has no room for is left out."""
    bar = np.searchsorted(piece.bars, piece.notes[:, ONSET], side="right") - 1
    order = np.stack([rng.permutation(len(piece.bars) - 1) for _ in piece.parts])
    into = order[piece.notes[:, PART], bar]
    notes = piece.notes.copy()
    notes[:, ONSET] += piece.bars[into] - piece.bars[bar]
    kept = notes[notes[:, ONSET] < piece.bars[into + 1]]
    return replace(piece, notes=kept[np.lexsort((kept[:, PART], kept[:, ONSET]))])


def row(
    piece: Piece, known: Known | None, tables: ChordTables, rng: np.random.Generator | None = None
) -> dict[str, float]:
    """A piece's measures; with a generator, those of its floor."""
    notes = columns(piece if rng is None else dealt_anew(piece, rng))
    grid, melody = grid_of(piece.bars), melody_of(piece)
    phrases = known.phrases.get(piece.id, []) if known else []
    if rng is not None:
        phrases = relabelled(phrases, rng)
    written = known.chords.get(piece.id) if known else None
    chords = harmony_of(piece.chords) if written is None else written[0]
    found = profile(notes, grid, melody=melody, chords=chords, phrases=phrases)
    if written is not None and melody is not None and (notes.track == melody).any():
        found |= _kept_chords(notes, written[1], melody, grid, tables)
    return found


def _kept_chords(notes: Notes, blocks: Notes, melody: int, grid: Grid, tables: ChordTables) -> dict[str, float]:
    """How far the recogniser hears the same in the performance as in melody and written chords."""
    tune = notes.of_track(melody)
    parts = (tune, blocks)
    order = np.argsort(np.concatenate([part.start for part in parts]), kind="stable")
    lead = Notes(*(np.concatenate([getattr(part, name) for part in parts])[order] for name in _COLUMNS))
    meter = MeterMap()
    found = chord_acc(Score(lead, grid, meter), Score(notes, grid, meter), tables)
    return {"chord_acc": found.root_quality, "chord_acc_quality": found.quality, "chord_acc_root": found.root}


_COLUMNS = ("start", "end", "pitch", "velocity", "track", "drum")


def melody_of(piece: Piece) -> int | None:
    """The part that sings: MELODY of POP909, the first voice of a Lied; Slakh does not say."""
    roles = [role_of(piece.archive, part) for part in piece.parts]
    return next((i for i, role in enumerate(roles) if role in ("melody", "voice")), None)


def alone(piece: Piece, role: str) -> Piece:
    """One role of a piece."""
    wanted: Ints = np.flatnonzero([role_of(piece.archive, part) == role for part in piece.parts])
    return replace(piece, notes=piece.notes[np.isin(piece.notes[:, PART], wanted)])
