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
from engines.analysis.harmonise import HarmoniseTables, harmonise
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
    harmonise: HarmoniseTables

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
            HarmoniseTables.from_json(text("harmonise.json")),
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
