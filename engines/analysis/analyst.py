"""The analysis engine: everything that listening finds out about a song, in the order in which it can be found out.

Roles come first, since they say which notes are melody; then keys and chords, which help each other; then phrases.
Chords that the musician or the file states are believed; only where there are none are they recognised, and where nothing
but a melody plays they are made for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engines.analysis.chords import ChordTables, recognise_chords
from engines.analysis.harmonise import HarmonyTables, harmonise
from engines.analysis.keys import KeyReading, KeyTables, find_keys
from engines.analysis.lead_sheet import extract_lead_sheet
from engines.analysis.lead_sheet_chords import StatedChords, stated_chords
from engines.analysis.melody import Melody, find_melody
from engines.analysis.phrases import PhraseReading, PhraseTables, segment
from engines.analysis.roles import RoleGuess, guess_roles
from engines.analysis.roles_tables import RoleTables
from engines.analysis.score import Score
from engines.api import Analysis, AnalyzeRequest, KeySpan, PartSeen, Phrase, Reporter, Resources, Result
from engines.errors import Notice
from engines.music.chance import Chance
from engines.music.harmony import ChordTrack, Key, KeyTrack
from engines.music.song import Song

GIVEN, RECOGNITION, HARMONISATION = "given", "recognition", "harmonisation"
"""Sources of chords, beside those that a file states itself."""


@dataclass(frozen=True)
class Tables:
    """Everything that was learnt."""

    roles: RoleTables
    keys: KeyTables
    chords: ChordTables
    phrases: PhraseTables
    harmonise: HarmonyTables

    @classmethod
    def of(cls, resources: Resources) -> Tables:
        """The tables as they are shipped."""

        def text(name: str) -> str:
            return resources.analysis.read(name).decode()

        return cls(
            RoleTables.parse(text("roles.json")),
            KeyTables.from_json(text("keys.json")),
            ChordTables.from_json(text("chords.json")),
            PhraseTables.from_json(text("phrases.json")),
            HarmonyTables.from_json(text("harmonise.json")),
        )


class Analyst:
    """Hears what a song is made of."""

    task: ClassVar[str] = "analyze"

    def __init__(self, resources: Resources) -> None:
        self._resources = resources
        self._tables: Tables | None = None

    @property
    def tables(self) -> Tables:
        """Read when they are first needed."""
        if self._tables is None:
            self._tables = Tables.of(self._resources)
        return self._tables

    def run(self, request: AnalyzeRequest, chance: Chance, report: Reporter) -> Result:
        """Listen. Nothing here is left to chance."""
        heard = listen(request.song, self.tables, request.chords, request.key, report)
        return Result(takes=(), analysis=heard)


def listen(song: Song, tables: Tables, chords: ChordTrack | None, key: Key | None, report: Reporter) -> Analysis:
    """What a song is made of; `chords` and `key` are what the musician states."""
    report(0.0, "listening to the players")
    score = Score.of(song)
    roles = guess_roles(score, tables.roles, stated=[track.role for track in song.tracks])
    melody = find_melody(score, roles, tables.roles)
    report(0.3, "finding the key")
    keys = _keys(score, tables, key, song.keys)
    report(0.5, "finding the chords")
    stated = None if chords is not None else stated_chords(song)
    phrases = segment(score, tables.phrases, melody.track)
    if chords is not None:
        harmony, source = chords, GIVEN
    elif stated is not None:
        harmony, source = stated.chords, stated.source
    elif _is_bare(roles, melody):
        harmony, source = _harmonised(score, melody, keys, phrases, tables), HARMONISATION
    else:
        harmony, source = recognise_chords(score, tables.chords).track(keys.track()), RECOGNITION
    report(1.0, "done")
    lead_sheet = extract_lead_sheet(song, melody, harmony, keys.track())
    return Analysis(
        song=song,
        keys=keys.spans,
        chords=harmony,
        chords_from=source,
        phrases=phrases.phrases,
        tracks=_parts(song, score, roles),
        melody=melody.notes,
        lead_sheet=lead_sheet,
        notices=tuple(_notices(stated, source)),
    )


def _is_bare(roles: Sequence[RoleGuess], melody: Melody) -> bool:
    """Whether nothing but a tune (and perhaps drums) plays, so that there is no harmony to hear."""
    others = [g for i, g in enumerate(roles) if i != melody.track and g.role not in ("none", "drums", "perc", "double")]
    return melody.track is not None and not others


def _parts(song: Song, score: Score, roles: Sequence[RoleGuess]) -> tuple[PartSeen, ...]:
    counts = np.bincount(score.notes.track, minlength=len(song.tracks)).tolist()
    return tuple(
        PartSeen(track.name, guess.role, guess.confidence, guess.reason, track.program, notes)
        for track, guess, notes in zip(song.tracks, roles, counts, strict=True)
    )


def _notices(stated: StatedChords | None, source: str) -> list[Notice]:
    notices = []
    if stated is not None and stated.unread:
        shown = ", ".join(repr(text) for text in stated.unread[:5])
        notices.append(
            Notice("W_CHORD_SYMBOL", f"Among the chords stand words that name none: {shown}.", "Correct or remove them.")
        )
    if source == HARMONISATION:
        notices.append(
            Notice("W_HARMONISED", "There are no chords to hear, so they were made for the melody.", "Give --chords.")
        )
    return notices


def _harmonised(score: Score, melody: Melody, keys: KeyTrack, phrases: PhraseReading, tables: Tables) -> ChordTrack:
    notes = Notes.of([melody.notes])
    return harmonise(notes, score.grid, keys, tables.harmonise, phrases=phrases.phrases)
