"""Training of the chord recogniser, in numpy: a small network that is the same for every root, in a chain of beats.

The network scores every quality on every root; the chain adds what moves from beat to beat cost. First the network
learns beats one by one, then both learn whole stretches together (a conditional random field).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from engines.analysis.chord_columns import BeatColumns
from engines.analysis.chord_context import PITCH_ROWS, PLAIN_ROWS, metric_class, pitch_rows, plain_rows
from engines.analysis.score import Ints
from training.analysis.harmony_corpus import QUALITIES, SILENT, UNSURE, Piece

Singles = npt.NDArray[np.float32]
Arrays = dict[str, npt.NDArray[np.float32]]

Q = len(QUALITIES)
STATES = 12 * Q + 1
ABOVE = (np.arange(12)[None, :] - np.arange(12)[:, None]) % 12
"""[root, pitch class]: how far the pitch class lies above the root."""
NEVER = -30.0
STRETCH = 64
"""Beats that are learned as one stretch."""


@dataclass(frozen=True)
class Lesson:
    """A piece as the network sees it."""

    pitch: Singles
    plain: Singles
    place: Ints
    """Metric class of each beat."""
    state: Ints
    """The right state of each beat, -1 where the annotation is unsure."""
    weight: float = 1.0

    @cached_property
    def flat(self) -> Singles:
        """The pitch rows in one row."""
        return self.pitch.reshape(len(self.pitch), -1)


def lesson_of(piece: Piece, weights: Sequence[float] | None = None) -> Lesson:
    """Prepare a piece; `weights` as `BeatColumns.of` takes them."""
    assert piece.reference is not None
    columns, grid = BeatColumns.of(piece.score, weights), piece.score.grid
    root, quality = piece.reference.root, piece.reference.quality
    state = np.where(root == SILENT, 12 * Q, root * Q + quality)
    state = np.where((root == UNSURE) | ((root >= 0) & (quality < 0)), -1, state)
    return Lesson(pitch_rows(columns, grid), plain_rows(columns, grid), metric_class(grid), state)


def start(hidden: int, rng: np.random.Generator) -> Arrays:
    """Random weights."""
    rows = PITCH_ROWS * 12

    def normal(*shape: int) -> Singles:
        return rng.standard_normal(shape).astype(np.float32)

    return {
        "hidden": normal(PITCH_ROWS, 12, hidden) / np.float32(np.sqrt(rows)),
        "hidden_plain": normal(PLAIN_ROWS, hidden) * np.float32(0.01),
        "output": normal(hidden, Q) * np.float32(0.5 / np.sqrt(hidden)),
        "output_base": np.zeros(Q, np.float32),
        "silence": np.zeros(PLAIN_ROWS, np.float32),
        "change": np.array([-1.0, -1.5, -2.5], np.float32),
        "moves": np.zeros((Q, 12, Q), np.float32),
        "to_silence": np.full(Q, -3.0, np.float32),
        "from_silence": np.zeros(Q, np.float32),
    }


class Optimiser:
    """Adam."""

    def __init__(self, weights: Arrays) -> None:
        self.weights = weights
        self.mean = {name: np.zeros_like(value) for name, value in weights.items()}
        self.square = {name: np.zeros_like(value) for name, value in weights.items()}
        self.steps = 0

    def step(self, slopes: Arrays, rate: float, decay: float = 1e-4) -> None:
        """One step down; weights decay by `decay` times the rate."""
        self.steps += 1
        for name, slope in slopes.items():
            mean, square = self.mean[name], self.square[name]
            mean += 0.1 * (slope - mean)
            square += 0.001 * (slope * slope - square)
            way = (mean / (1 - 0.9**self.steps)) / (np.sqrt(square / (1 - 0.999**self.steps)) + 1e-8)
            self.weights[name] -= np.float32(rate) * (way + np.float32(decay) * self.weights[name])


def turned(hidden: Singles) -> Singles:
    """The hidden weights once for every root: [rows × 12, 12 × n]."""
    rows, _, n = hidden.shape
    wide: Singles = np.take(hidden, ABOVE.T, axis=1).reshape(rows * 12, 12 * n)
    return wide


def forward(weights: Arrays, flat: Singles, plain: Singles) -> tuple[Singles, Singles]:
    """Scores [beats, STATES] and the hidden figures."""
    n = weights["output"].shape[0]
    figures = (flat @ turned(weights["hidden"])).reshape(-1, 12, n) + (plain @ weights["hidden_plain"])[:, None, :]
    np.maximum(figures, 0, out=figures)
    scores = figures @ weights["output"] + weights["output_base"]
    silence = plain @ weights["silence"]
    return np.concatenate([scores.reshape(len(flat), -1), silence[:, None]], axis=1), figures


def backward(weights: Arrays, flat: Singles, plain: Singles, figures: Singles, slope: Singles) -> Arrays:
    """Slopes of the weights from slopes of the scores."""
    n = weights["output"].shape[0]
    rows = weights["hidden"].shape[0]
    per_root = np.ascontiguousarray(slope[:, :-1]).reshape(-1, Q)
    deep = (per_root @ weights["output"].T).reshape(-1, 12, n) * (figures > 0)
    wide = (flat.T @ deep.reshape(len(flat), -1)).reshape(rows, 12, 12, n)
    hidden = np.zeros_like(weights["hidden"])
    for root in range(12):
        hidden[:, ABOVE[root]] += wide[:, :, root]
    return {
        "hidden": hidden,
        "hidden_plain": plain.T @ deep.sum(axis=1),
        "output": figures.reshape(-1, n).T @ per_root,
        "output_base": per_root.sum(axis=0),
        "silence": plain.T @ slope[:, -1],
    }


def learn_beats(weights: Arrays, lessons: Sequence[Lesson], rounds: int, rate: float, rng: np.random.Generator) -> None:
    """Learn every beat by itself."""
    flat = np.concatenate([one.flat for one in lessons])
    plain = np.concatenate([one.plain for one in lessons])
    state = np.concatenate([one.state for one in lessons])
    heavy = np.concatenate([np.full(len(one.state), one.weight, np.float32) for one in lessons])
    known = np.flatnonzero(state >= 0)
    optimiser, size, done = Optimiser(weights), 512, 0
    total = rounds * (len(known) // size)
    for _ in range(rounds):
        order = rng.permutation(known)
        for at in range(0, len(order) - size + 1, size):
            pick = order[at : at + size]
            scores, figures = forward(weights, flat[pick], plain[pick])
            chance = np.exp(scores - scores.max(axis=1, keepdims=True))
            chance /= chance.sum(axis=1, keepdims=True)
            chance[np.arange(size), state[pick]] -= 1
            slope = chance * (heavy[pick] / size)[:, None]
            optimiser.step(backward(weights, flat[pick], plain[pick], figures, slope), rate * (1 - done / total) + 1e-5)
            done += 1


def moves_matrix(weights: Arrays) -> npt.NDArray[np.float64]:
    """[STATES, STATES]: how one state likes to follow another; staying is not among it."""
    out = np.full((STATES, STATES), NEVER)
    by_root = weights["moves"][:, ABOVE, :]
    out[:-1, :-1] = by_root.transpose(1, 0, 2, 3).reshape(12 * Q, 12 * Q)
    out[:-1, -1] = np.tile(weights["to_silence"], 12)
    out[-1, :-1] = np.tile(weights["from_silence"], 12)
    np.fill_diagonal(out, NEVER)
    return out


def _fold_moves(flow: npt.NDArray[np.float64]) -> Arrays:
    by_root = flow[:-1, :-1].reshape(12, Q, 12, Q)
    moves = np.zeros((Q, 12, Q))
    for root in range(12):
        moves[:, ABOVE[root]] += by_root[root]
    return {
        "moves": moves.astype(np.float32),
        "to_silence": flow[:-1, -1].reshape(12, Q).sum(axis=0).astype(np.float32),
        "from_silence": flow[-1, :-1].reshape(12, Q).sum(axis=0).astype(np.float32),
    }


def chain_slopes(
    weights: Arrays, scores: npt.NDArray[np.float64], place: Ints, state: Ints
) -> tuple[float, Singles, Arrays]:
    """Loss per beat, slopes of the scores and of the chain's weights, for stretches [batch, beats]."""
    batch, beats, _ = scores.shape
    likes = moves_matrix(weights)
    odds, cost = np.exp(likes), np.exp(weights["change"].astype(np.float64))
    top = scores.max(axis=2, keepdims=True)
    heard = np.exp(scores - top)
    ahead, scale = np.zeros_like(heard), np.zeros((batch, beats))
    for t in range(beats):
        now = heard[:, t] / STATES
        if t:
            now = (ahead[:, t - 1] + cost[place[:, t], None] * (ahead[:, t - 1] @ odds)) * heard[:, t]
        scale[:, t] = now.sum(axis=1)
        ahead[:, t] = now / scale[:, t, None]
    back, post = np.ones((batch, STATES)), np.zeros_like(heard)
    post[:, -1] = ahead[:, -1]
    flow, changes = np.zeros((STATES, STATES)), np.zeros(3)
    for t in range(beats - 1, 0, -1):
        arriving = heard[:, t] * back / scale[:, t, None]
        dear = cost[place[:, t], None]
        flow += (ahead[:, t - 1] * dear).T @ arriving
        leaving = arriving @ odds.T
        np.add.at(changes, place[:, t], (ahead[:, t - 1] * leaving).sum(axis=1) * dear[:, 0])
        back = arriving + dear * leaving
        post[:, t - 1] = ahead[:, t - 1] * back
    flow *= odds
    right = np.take_along_axis(scores, state[:, :, None], 2)[:, :, 0].sum()
    moved = state[:, 1:] != state[:, :-1]
    was, then, where = state[:, :-1][moved], state[:, 1:][moved], place[:, 1:][moved]
    right += likes[was, then].sum() + weights["change"][where].sum() - batch * np.log(STATES)
    np.add.at(flow, (was, then), -1.0)
    np.add.at(changes, where, -1.0)
    np.put_along_axis(post, state[:, :, None], np.take_along_axis(post, state[:, :, None], 2) - 1, 2)
    loss = np.log(scale).sum() + top.sum() - right
    count = batch * beats
    slopes = {name: value / count for name, value in _fold_moves(flow).items()}
    slopes["change"] = (changes / count).astype(np.float32)
    return float(loss / count), (post / count).astype(np.float32).reshape(count, -1), slopes


def learn_stretches(
    weights: Arrays, lessons: Sequence[Lesson], rounds: int, rate: float, rng: np.random.Generator, batch: int = 8
) -> float:
    """Learn stretches of beats, network and chain together; the mean loss per beat of the last round."""
    optimiser, done, losses = Optimiser(weights), 0, [0.0]
    for turn in range(rounds):
        places = [
            (i, at)
            for i, one in enumerate(lessons)
            for at in range(int(rng.integers(0, STRETCH)), len(one.state) - STRETCH + 1, STRETCH)
            if (one.state[at : at + STRETCH] >= 0).all() and rng.random() < one.weight
        ]
        order, losses = rng.permutation(len(places)), []
        for first in range(0, len(order) - batch + 1, batch):
            picked = [places[i] for i in order[first : first + batch]]
            flat, plain, place, state = (
                np.stack([getattr(lessons[i], name)[at : at + STRETCH] for i, at in picked])
                for name in ("flat", "plain", "place", "state")
            )
            flat, plain = flat.reshape(-1, flat.shape[2]), plain.reshape(-1, plain.shape[2])
            scores, figures = forward(weights, flat, plain)
            loss, slope, slopes = chain_slopes(
                weights, scores.reshape(batch, STRETCH, -1).astype(np.float64), place, state
            )
            losses.append(loss)
            now = rate * (1 - (turn + first / len(order)) / rounds) + 1e-5
            optimiser.step({**backward(weights, flat, plain, figures, slope), **slopes}, now)
            done += 1
    return float(np.mean(losses))
