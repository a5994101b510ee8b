"""The learnt weights behind role guessing and melody finding, as a frozen object made from one small JSON file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from engines.analysis.melody_features import FIRST_LOOK, SECOND_LOOK
from engines.analysis.roles_features import FEATURES
from engines.analysis.score import Floats
from engines.errors import SchemaError

PLAIN_ROLES = ("melody", "bass", "chords", "counter")
"""The roles that are told apart by weights; finer ones (pad, arp, fill …) follow from them by rules."""

SCHEMA = "roles/1"
REACH = 4.0
"""A figure counts as at most this many standard deviations from the usual."""


@dataclass(frozen=True)
class Scorer:
    """A linear score over standardised figures and some of their squares."""

    mean: Floats
    scale: Floats
    squares: tuple[int, ...]
    """Columns whose square counts too: for these, neither little nor much is best."""
    weights: Floats
    """(figures + squares + 1) × outcomes; the last row is the constant."""

    def __call__(self, table: Floats) -> Floats:
        """Rows × outcomes."""
        return self.expand(table) @ self.weights

    def expand(self, table: Floats) -> Floats:
        """The standardised figures, the squares, and a one."""
        z = np.clip((table - self.mean) / self.scale, -REACH, REACH)
        return np.concatenate([z, z[:, list(self.squares)] ** 2 - 1, np.ones((len(z), 1))], axis=1)

    @classmethod
    def of(cls, data: Mapping[str, Any], names: tuple[str, ...], outcomes: int) -> Scorer:
        """Read one, and check that it was learnt on the figures that this version computes."""
        _check_names(data, names)
        squares = tuple(names.index(name) for name in data["squares"])
        weights = np.array(data["weights"], dtype=np.float64)
        if weights.shape != (len(names) + len(squares) + 1, outcomes):
            raise SchemaError("The role table has the wrong size.", "Use the table that came with this version.")
        return cls(np.array(data["mean"], np.float64), np.array(data["scale"], np.float64), squares, weights)


@dataclass(frozen=True)
class Net:
    """A small network over standardised figures: one hidden layer that cuts off below zero, one outcome."""

    mean: Floats
    scale: Floats
    inner: Floats
    """(figures + 1) × hidden; the last row is the constant."""
    outer: Floats
    """Hidden + 1."""

    def __call__(self, table: Floats) -> Floats:
        """One score a row."""
        z = np.clip((table - self.mean) / self.scale, -REACH, REACH)
        hidden = z @ self.inner[:-1]
        hidden += self.inner[-1]
        np.maximum(hidden, 0, out=hidden)
        return np.asarray(hidden @ self.outer[:-1] + self.outer[-1], dtype=np.float64)

    @classmethod
    def of(cls, data: Mapping[str, Any], names: tuple[str, ...]) -> Net:
        """Read one, and check that it fits."""
        _check_names(data, names)
        inner, outer = np.array(data["inner"], np.float64), np.array(data["outer"], np.float64)
        if inner.shape != (len(names) + 1, len(outer) - 1):
            raise SchemaError("The role table has the wrong size.", "Use the table that came with this version.")
        return cls(np.array(data["mean"], np.float64), np.array(data["scale"], np.float64), inner, outer)


def _check_names(data: Mapping[str, Any], names: tuple[str, ...]) -> None:
    if tuple(data["features"]) != names:
        raise SchemaError(
            "The role table was learnt on other figures than this version computes.",
            "Use the table that came with this version, or learn it again with training/analysis/learn_roles.py.",
        )


@dataclass(frozen=True)
class RoleTables:
    """Everything that was learnt about roles and tunes."""

    roles: Scorer
    """From a track's figures to a score for each of PLAIN_ROLES."""
    caution: float
    """What track scores are divided by, so that a probability of 0.9 is right about nine times in ten."""
    impression: Scorer
    """From the first look at a note to how much it seems to be melody, as log odds."""
    melody: Net
    """From both looks to the same, better."""

    @classmethod
    def parse(cls, text: str | bytes) -> RoleTables:
        """Read `presets/analysis/roles.json`."""
        try:
            data = json.loads(text)
            if data["schema"] != SCHEMA:
                raise SchemaError(f"This role table is {data['schema']!r}, not {SCHEMA}.", "Use the shipped table.")
            return cls(
                Scorer.of(data["tracks"], FEATURES, len(PLAIN_ROLES)),
                float(data["tracks"]["caution"]),
                Scorer.of(data["impression"], FIRST_LOOK, 1),
                Net.of(data["melody"], FIRST_LOOK + SECOND_LOOK),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise SchemaError("The role table is damaged.", "Use presets/analysis/roles.json as shipped.") from error
