"""The tune of a piece: from the track that carries it, or picked out of the whole texture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engines.analysis.melody_features import Around, first_look, second_look
from engines.analysis.melody_line import best_line
from engines.analysis.roles import RoleGuess
from engines.analysis.roles_tables import RoleTables
from engines.analysis.score import Floats, Ints, Notes, Score
from engines.music.notes import Note
from engines.music.time import PPQ, Ticks

TOGETHER = PPQ // 16
"""Onsets this close are one stroke, of which a melody keeps the highest note."""
INSIDE = 0.5
"""A lower note that lies under a held one for this share of its length is an inner voice, not the next melody note."""
HOPELESS = -5.0
"""Notes whose first impression is below this get no second look."""
FROM_TRACK, FROM_TEXTURE, NOWHERE = "track", "texture", "nowhere"
NOT_THE_TUNE = ("drums", "perc", "bass", "none")
"""Roles that are not searched for a hidden melody, as long as others play."""


@dataclass(frozen=True, slots=True)
class Melody:
    """A tune, one note at a time."""

    notes: tuple[Note, ...]
    """In song ticks."""
    found_in: str
    """`track`, `texture` (picked out of everything that plays) or `nowhere`."""
    track: int | None = None
    """The track that carries it, where it is one."""


def find_melody(score: Score, roles: Sequence[RoleGuess], tables: RoleTables) -> Melody:
    """The tune of a piece, by the roles of its tracks."""
    carriers = [i for i, guess in enumerate(roles) if guess.role == "melody"]
    if carriers:
        sung = score.notes.where(np.isin(score.notes.track, carriers))
        return Melody(one_line(sung), FROM_TRACK, carriers[0])
    return find_in_texture(score, roles, tables)


def find_in_texture(score: Score, roles: Sequence[RoleGuess], tables: RoleTables) -> Melody:
    """The tune that a texture holds, such as a piano piece for two hands."""
    pitched = [i for i, guess in enumerate(roles) if guess.role not in ("drums", "perc")]
    likely = [i for i in pitched if roles[i].role not in NOT_THE_TUNE]
    notes = once(score.notes.where(np.isin(score.notes.track, likely or pitched)))
    if not len(notes):
        return Melody((), NOWHERE)
    line = best_line(notes, sing(notes, score.grid.beats, tables))
    return Melody(_trimmed(notes.where(line)), FROM_TEXTURE if line.any() else NOWHERE)


def sing(notes: Notes, beats: Ints, tables: RoleTables) -> Floats:
    """How much each note looks like melody, as log odds."""
    around = Around(notes)
    first = first_look(around, beats)
    impression = tables.impression(first)[:, 0]
    hopeful = np.flatnonzero(impression > HOPELESS)
    second = second_look(around, impression)
    odds = impression.copy()
    odds[hopeful] = tables.melody(np.concatenate([first[hopeful], second[hopeful]], axis=1))
    return odds


def once(notes: Notes) -> Notes:
    """Without drums, and each note once where several parts strike the same key: the longest of them."""
    heard = notes.pitched
    order = np.lexsort((-heard.end, heard.pitch, heard.start))
    start, pitch = heard.start[order], heard.pitch[order]
    new = np.ones(len(order), dtype=bool)
    new[1:] = (np.diff(start) != 0) | (np.diff(pitch) != 0)
    keep = order[new]
    return Notes(
        heard.start[keep], heard.end[keep], heard.pitch[keep], heard.velocity[keep], heard.track[keep], heard.drum[keep]
    )


def one_line(notes: Notes) -> tuple[Note, ...]:
    """A part as a single line: the top of each stroke, without what lies under a held note, overlaps trimmed."""
    heard = once(notes)
    start, end, pitch = heard.start.tolist(), heard.end.tolist(), heard.pitch.tolist()
    kept: list[int] = []
    for i in range(len(heard)):
        before = kept[-1] if kept else None
        if before is None or start[i] >= end[before]:
            kept.append(i)
        elif start[i] - start[before] <= TOGETHER:
            if pitch[i] > pitch[before]:
                kept[-1] = i
        elif pitch[i] > pitch[before] or min(end[i], end[before]) - start[i] < INSIDE * (end[i] - start[i]):
            kept.append(i)
    return _trimmed(heard.where(np.isin(np.arange(len(heard)), kept)))


def _trimmed(line: Notes) -> tuple[Note, ...]:
    """Notes of a line, each cut where the next begins."""
    end = line.end.copy()
    end[:-1] = np.minimum(end[:-1], line.start[1:])
    length = np.maximum(end - line.start, 1)
    rows = zip(line.start.tolist(), length.tolist(), line.pitch.tolist(), line.velocity.tolist(), strict=True)
    return tuple(Note(Ticks(begin), Ticks(ticks), pitch, velocity) for begin, ticks, pitch, velocity in rows)
