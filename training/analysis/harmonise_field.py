"""A chain of chords over beats as a log-linear model, and what its likelihood gains from every weight.

The score of a chord sequence is the sum, over beats, of what speaks for the chord of the beat and of what speaks for staying
or for the step from the last chord to this one. A beat whose chord is not known, or known in part (a suspended chord has no
third), counts with all chords that it may be.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Reals = npt.NDArray[np.float32]
Masks = npt.NDArray[np.bool_]
Counts = npt.NDArray[np.int64]

FORBIDDEN = np.float32(-60.0)
"""What a chord scores that a beat cannot have."""


@dataclass(frozen=True)
class Batch:
    """Stretches of music of one mode and one idiom, padded to one length."""

    layers: Reals
    """Which layers of the weights apply: 1 (always), minor, and one for each idiom."""
    columns: Reals
    """Stretches × beats × features."""
    rhythm: Reals
    """Stretches × beats × features of the change."""
    may_be: Masks
    """Stretches × beats × states: the chords that the annotation allows."""
    lengths: Counts
    """Beats of each stretch."""


@dataclass(frozen=True)
class Expectation:
    """What the model expects of a batch."""

    log_total: Reals
    """Log of the summed exponentiated scores of all sequences, one for each stretch."""
    state: Reals
    """Probability of each state on each beat."""
    step: Reals
    """Expected number of steps from one state to another."""
    stay: Reals
    """Probability that a beat keeps the chord of the beat before."""


def expect(unary: Reals, stay: Reals, change: Reals, lengths: Counts) -> Expectation:
    """Forward and backward over all stretches at once, rescaled on every beat."""
    step = np.exp(change).astype(np.float32)
    np.fill_diagonal(step, 0)
    back = np.ascontiguousarray(step.T)
    unary = np.ascontiguousarray(unary.transpose(1, 0, 2))
    keep = np.exp(stay).T.astype(np.float32)
    beats, stretches, states = unary.shape
    peak = unary.max(axis=2, keepdims=True)
    weight = np.exp(unary - peak)
    ahead = np.empty_like(weight)
    scale = np.empty((beats, stretches), np.float32)
    for t in range(beats):
        now = weight[t].copy() if t == 0 else (ahead[t - 1] @ step + ahead[t - 1] * keep[t][:, None]) * weight[t]
        scale[t] = now.sum(axis=1) + 1e-30
        np.divide(now, scale[t][:, None], out=ahead[t])
    behind = np.empty_like(weight)
    later = np.ones((stretches, states), np.float32)
    for t in range(beats - 1, -1, -1):
        later = np.where((lengths - 1 <= t)[:, None], np.float32(1), later)
        behind[t] = later
        inflow = weight[t] * later / scale[t][:, None]
        later = inflow @ back + inflow * keep[t][:, None]
    inside = np.arange(beats)[:, None] < lengths
    state = ahead * behind
    state *= (inside / (state.sum(axis=2) + 1e-30))[:, :, None]
    inflow = weight[1:] * behind[1:] * (inside[1:] / scale[1:])[:, :, None]
    kept = np.zeros((beats, stretches), np.float32)
    kept[1:] = (ahead[:-1] * inflow).sum(axis=2) * keep[1:]
    moved = (ahead[:-1].reshape(-1, states).T @ inflow.reshape(-1, states)) * step
    log_total = ((np.log(scale) + peak[:, :, 0]) * inside).sum(axis=0)
    return Expectation(log_total, state.transpose(1, 0, 2), moved, kept.T)


Weights = dict[str, Reals]
"""`chord` (layers × features × states), `change` (layers × states × states), `stay` (layers × features)."""


def blank(layers: int, features: int, rhythm: int, states: int) -> Weights:
    """Weights that know nothing."""
    return {
        "chord": np.zeros((layers, features, states), np.float32),
        "change": np.zeros((layers, states, states), np.float32),
        "stay": np.zeros((layers, rhythm), np.float32),
    }


def potentials(weights: Weights, batch: Batch) -> tuple[Reals, Reals, Reals]:
    """Scores of chords, of staying and of steps."""
    unary = batch.columns @ np.tensordot(batch.layers, weights["chord"], 1)
    stay = batch.rhythm @ (batch.layers @ weights["stay"])
    return unary, stay, np.tensordot(batch.layers, weights["change"], 1)


def gain(weights: Weights, batch: Batch) -> tuple[float, Weights]:
    """The log-likelihood of the annotated chords and its slope in every weight."""
    unary, stay, change = potentials(weights, batch)
    free = expect(unary, stay, change, batch.lengths)
    told = expect(np.where(batch.may_be, unary, unary + FORBIDDEN), stay, change, batch.lengths)
    surplus = told.state - free.state
    columns = batch.columns.reshape(-1, batch.columns.shape[2])
    rhythm = batch.rhythm.reshape(-1, batch.rhythm.shape[2])
    slope = {
        "chord": np.multiply.outer(batch.layers, columns.T @ surplus.reshape(len(columns), -1)),
        "change": np.multiply.outer(batch.layers, told.step - free.step),
        "stay": np.multiply.outer(batch.layers, rhythm.T @ (told.stay - free.stay).reshape(-1)),
    }
    return float((told.log_total - free.log_total).sum()), slope
