"""The analysis engine: everything that listening finds out about a song, in the order in which it can be found out.

Roles come first, since they say which notes are melody; then keys and chords, which help each other; then phrases.
Chords that the musician or the file states are believed, and heard along where nobody plays them; only where there are none
are they recognised, and where nothing but a melody plays they are made for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import ClassVar

import numpy as np

from engines.analysis.chord_columns import BeatColumns
from engines.analysis.chord_playing import with_chords
from engines.analysis.chord_tables import ChordTables
from engines.analysis.chords import read_chords
from engines.analysis.harmonise import HarmonyTables, harmonise
from engines.analysis.keys import KeyTables, find_keys
from engines.analysis.lead_sheet import extract_lead_sheet
from engines.analysis.lead_sheet_chords import StatedChords, stated_chords
from engines.analysis.melody import Melody, find_melody
from engines.analysis.phrases import PhraseReading, PhraseTables, segment
from engines.analysis.roles import RoleGuess, guess_roles
from engines.analysis.roles_drums import without_drums
from engines.analysis.roles_lyrics import sung_tracks
from engines.analysis.roles_tables import RoleTables
from engines.analysis.score import Notes, Score
from engines.api import Analysis, AnalyzeRequest, KeySpan, PartSeen, Reporter, Resources, Result, Shelf
from engines.errors import Notice
from engines.music.chance import Chance
from engines.music.harmony import ChordTrack, Key, KeyChange, KeyTrack
from engines.music.song import Song
from engines.music.time import Ticks

GIVEN, RECOGNITION, HARMONISATION = "given", "recognition", "harmonisation"
"""Sources of chords, beside those that a file states itself."""


class Tables:
    """Everything that was learnt, each table read when it is first needed."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def _text(self, name: str) -> str:
        return self._shelf.read(name).decode()

    @cached_property
    def roles(self) -> RoleTables:
        """Who does what, and which notes are the tune."""
        return RoleTables.parse(self._text("roles.json"))

    @cached_property
    def keys(self) -> KeyTables:
        """What speaks for a key."""
        return KeyTables.from_json(self._text("keys.json"))

    @cached_property
    def chords(self) -> ChordTables:
        """What speaks for a chord."""
        return ChordTables.from_json(self._text("chords.json"))

    @cached_property
    def phrases(self) -> PhraseTables:
        """Where phrases begin, and which are alike."""
        return PhraseTables.from_json(self._text("phrases.json"))

    @cached_property
    def harmony(self) -> HarmonyTables:
        """Which chords suit a melody."""
        return HarmonyTables.from_json(self._text("harmonise.json"))


class Analyst:
    """Hears what a song is made of."""

    task: ClassVar[str] = "analyze"

    def __init__(self, resources: Resources) -> None:
        self._tables = Tables(resources.analysis)

    def run(self, request: AnalyzeRequest, chance: Chance, report: Reporter) -> Result:
        """Listen. Nothing here is left to chance."""
        heard = listen(request.song, self._tables, request.chords, request.key, report)
        return Result(takes=(), analysis=heard)


def listen(song: Song, tables: Tables, chords: ChordTrack | None, key: Key | None, report: Reporter) -> Analysis:
    """What a song is made of; `chords` and `key` are what the musician states."""
    report(0.0, "listening to the players")
    score = Score.of(song)
    roles = guess_roles(score, tables.roles, stated=[track.role for track in song.tracks], sung=sung_tracks(song))
    struck = [i for i, guess in enumerate(roles) if guess.role in ("drums", "perc")]
    score = without_drums(score, np.array(struck, dtype=np.int64))  # a kit may play on any channel
    melody = find_melody(score, roles, tables.roles)
    report(0.3, "finding the key")
    stated = None if chords is not None else stated_chords(song)
    columns = BeatColumns.of(_heard_along(score, chords if stated is None else stated.chords))
    recognised = read_chords(columns, score.grid, tables.chords)
    heard_keys = find_keys(columns, recognised, score.grid, tables.keys, song.keys).spans
    spans = (KeySpan(Ticks(0), key, 1.0),) if key is not None else heard_keys
    keys = KeyTrack(tuple(KeyChange(span.tick, span.key) for span in spans))
    report(0.5, "finding the chords")
    phrases = segment(score, tables.phrases, melody.track)
    if chords is not None:
        harmony, source = chords, GIVEN
    elif stated is not None:
        harmony, source = stated.chords, stated.source
    elif _is_bare(roles, melody):
        harmony, source = _harmonised(score, melody, keys, phrases, tables), HARMONISATION
    else:
        harmony, source = recognised.track(keys), RECOGNITION
    report(1.0, "done")
    lead_sheet = extract_lead_sheet(song, melody, harmony, keys)
    return Analysis(
        song=song,
        keys=spans,
        chords=harmony,
        chords_from=source,
        phrases=phrases.phrases,
        tracks=_parts(song, score, roles),
        melody=melody.notes,
        lead_sheet=lead_sheet,
        notices=tuple(_notices(stated, source)),
    )


def _heard_along(score: Score, chords: ChordTrack | None) -> Score:
    """What the key is heard from: a tune with the chords that are written for it, as nobody else plays them."""
    players = len(set(score.notes.pitched.track.tolist()))
    return score if chords is None or players > 1 else with_chords(score, chords)


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
            Notice(
                "W_CHORD_SYMBOL", f"Among the chords stand words that name none: {shown}.", "Correct or remove them."
            )
        )
    if source == HARMONISATION:
        notices.append(
            Notice("W_HARMONISED", "There are no chords to hear, so they were made for the melody.", "Give --chords.")
        )
    return notices


def _harmonised(score: Score, melody: Melody, keys: KeyTrack, phrases: PhraseReading, tables: Tables) -> ChordTrack:
    notes = Notes.of([melody.notes])
    return harmonise(notes, score.grid, keys, tables.harmony, phrases=phrases.phrases)
