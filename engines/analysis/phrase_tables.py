"""What the phrase reader has learned, and how it is stored."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from engines.analysis.phrase_bars import Bars, lay_out
from engines.analysis.phrase_context import context_cues
from engines.analysis.phrase_cues import line_cues
from engines.analysis.phrase_echo import Echo, echo_cues, listen
from engines.analysis.phrase_letters import PAIR_CUES, Kinship
from engines.analysis.phrase_material import Material, Rows, material
from engines.analysis.phrase_trees import Trees
from engines.analysis.score import Floats, Grid, Notes, Score
from engines.errors import SchemaError
from engines.music.time import MeterMap

SCHEMA = "phrases/1"


@dataclass(frozen=True)
class Hearing:
    """Everything about a piece that does not depend on what was learned."""

    bars: Bars
    material: Material
    echo: Echo
    cues: Mapping[str, Floats]
    """One value for each bar line."""


def hear(score: Score, melody: int | None = None) -> Hearing:
    """Take a piece in; `melody` is the index of the melody track."""
    bars = lay_out(score, melody)
    described = material(bars)
    echo = listen(described, bars.kind)
    return Hearing(bars, described, echo, {**echo_cues(echo), **line_cues(bars, described)})


@cache
def cue_names() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of all cues: of the first hearing, and those that the second adds."""
    silence = Score(Notes.of([]), Grid.of(MeterMap(), 1), MeterMap())
    heard = hear(silence)
    return tuple(heard.cues), tuple(context_cues(np.zeros(heard.bars.n), heard.echo))


@dataclass(frozen=True)
class PhraseTables:
    """Learned weights; statistics of phrase annotations, no notes."""

    cues: tuple[str, ...]
    """The cues of the first hearing that the trees ask for, in the order of their columns."""
    context: tuple[str, ...]
    """The cues that the second hearing adds, after the columns of the first."""
    first: Trees
    """The first impression of a bar line."""
    second: Trees
    """The judgement, in view of the first impressions all around."""
    lengths: Floats
    """What a phrase of 1, 2, … bars gains, in log-odds; no phrase is longer than this table."""
    readiness: float
    """What every phrase gains: more makes shorter phrases."""
    kinship: Kinship
    """When two phrases are the same material."""

    def first_rows(self, heard: Hearing) -> Rows:
        """The columns that the first trees ask for."""
        return _columns(heard.cues, self.cues)

    def rows(self, heard: Hearing, impression: Floats) -> Rows:
        """The columns that the second trees ask for."""
        context = _columns(context_cues(impression, heard.echo), self.context)
        return np.concatenate([self.first_rows(heard), context], axis=1)

    def evidence(self, heard: Hearing) -> Floats:
        """Log-odds that a phrase starts at each bar line."""
        return self.second.log_odds(self.rows(heard, self.first.log_odds(self.first_rows(heard))))

    @classmethod
    def from_json(cls, text: str) -> PhraseTables:
        """Read the shipped file; a file of another version is refused."""
        try:
            stored = json.loads(text)
        except ValueError as error:
            raise SchemaError("The phrase tables are not JSON.", "Restore the shipped file.") from error
        if not isinstance(stored, dict) or stored.get("schema") != SCHEMA:
            raise SchemaError(f"The phrase tables are not {SCHEMA}.", "Restore the file shipped with this version.")
        try:
            tables = cls._read(stored)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise SchemaError("The phrase tables lack a part.", "Restore the shipped file.") from error
        known, context = cue_names()
        missing = sorted({*tables.cues} - {*known}) + sorted({*tables.context} - {*context})
        if missing:
            raise SchemaError(
                f"The phrase tables ask for {missing[0]!r}, which is unknown.", "Restore the shipped file."
            )
        if tables.lengths.ndim != 1 or not len(tables.lengths):
            raise SchemaError("The phrase tables allow no phrase length.", "Restore the shipped file.")
        return tables

    @classmethod
    def _read(cls, stored: Mapping[str, dict[str, object]]) -> PhraseTables:
        lines, kinship = stored["lines"], stored["kinship"]
        cues, context = _names(lines["cues"]), _names(lines["context"])
        if tuple(_names(kinship["cues"])) != PAIR_CUES:
            raise SchemaError(
                "The phrase tables weigh other cues than this version knows.", "Restore the shipped file."
            )
        return cls(
            cues,
            context,
            Trees.from_dict(_part(lines["first"]), len(cues)),
            Trees.from_dict(_part(lines["second"]), len(cues) + len(context)),
            np.array(stored["search"]["lengths"], dtype=np.float64),
            float(str(stored["search"]["readiness"])),
            Kinship(
                np.array(kinship["weight"], dtype=np.float64),
                float(str(kinship["base"])),
                float(str(kinship["threshold"])),
            ),
        )

    def to_dict(self) -> dict[str, object]:
        """A form that JSON can hold."""
        return {
            "schema": SCHEMA,
            "lines": {
                "cues": list(self.cues),
                "context": list(self.context),
                "first": self.first.to_dict(),
                "second": self.second.to_dict(),
            },
            "search": {"lengths": [round(x, 4) for x in self.lengths.tolist()], "readiness": self.readiness},
            "kinship": {
                "cues": list(PAIR_CUES),
                "weight": [round(x, 4) for x in self.kinship.weight.tolist()],
                "base": round(self.kinship.base, 4),
                "threshold": self.kinship.threshold,
            },
        }


def _columns(cues: Mapping[str, Floats], names: tuple[str, ...]) -> Rows:
    return np.stack([cues[name] for name in names], axis=1).astype(np.float32)


def _names(stored: object) -> tuple[str, ...]:
    if not isinstance(stored, list) or not stored or not all(isinstance(name, str) for name in stored):
        raise TypeError(stored)
    return tuple(stored)


def _part(stored: object) -> dict[str, object]:
    if not isinstance(stored, dict):
        raise TypeError(stored)
    return stored
