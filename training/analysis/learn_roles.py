"""Learns `presets/analysis/roles.json`: what tells roles apart, and what makes a note sound like the tune.

    python -m training.analysis.learn_roles DATA_FOLDER [--splits benchmarks/splits] [--out presets/analysis/roles.json]
        [--green] [--keep-melody] [--seed 1]

DATA_FOLDER holds the zip archives. Only training pieces are learnt from; validation pieces set the caution and nothing
else. Archives: POP909 and OpenEWLD (MIT), OpenScore Lieder and Quartets (CC0), Mutopia (public domain and CC BY), Freedoom
(BSD) and popular_extra, whose amber items `--green` leaves out. Takes numpy and about ten minutes on one core.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from engines.analysis.melody_features import FIRST_LOOK, SECOND_LOOK, Around, first_look, second_look
from engines.analysis.roles_features import FEATURES, TrackFeatures
from engines.analysis.roles_tables import PLAIN_ROLES, REACH, SCHEMA, Scorer
from engines.analysis.score import Bools, Floats
from training.analysis.learn_roles_corpus import Piece, Texture, pieces, textures

WEIGHTS = {
    ("pop909", "parts"): 1.0,
    ("pop909", "two"): 0.7,
    ("pop909", "one"): 0.3,
    ("openscore_lieder", "parts"): 0.7,
    ("openscore_lieder", "two"): 0.5,
    ("openscore_lieder", "one"): 0.3,
    ("openscore_quartets", "parts"): 1.0,
    ("openewld", "one"): 0.3,
    ("mutopia_pd", "parts"): 2.0,
    ("freedoom_music", "band"): 3.0,
    ("freedoom_music", "octave"): 2.0,
    ("popular_extra", "band"): 3.0,
    ("popular_extra", "octave"): 2.0,
}
"""How much a piece counts, by archive and layout: bands are what people arrange, and there are few of them."""

SQUARED_TRACK = ("density", "length", "coverage", "rank", "variety", "spread", "above others", "presence")
SQUARED_NOTE = ("length", "register", "near top", "near all", "density", "longer", "gap above", "gap below", "from")
TEXTURES = {
    ("pop909", "all"): 1.0,
    ("pop909", "all, flat"): 0.5,
    ("pop909", "tune and piano"): 0.7,
    ("pop909", "tune and piano, flat"): 0.5,
    ("openscore_lieder", "all, flat"): 1.0,
}
CREDIT = {
    "source": "POP909 (Wang et al., ISMIR 2020) and POP909-CL (Yao et al., 2026); OpenEWLD (Simonetta et al., 2018); OpenScore "
    "Lieder; OpenScore String Quartets (Gotham et al., 2023); Mutopia Project; Freedoom contributors; Blasphemer contributors "
    "(music: Jute Gyte); Farbro, Greippi and Saber (LMMS demo projects); Seth A. Robinson; Simutrans team and shunter",
    "licence": "MIT (POP909, OpenEWLD), CC0 (OpenScore), public domain and CC BY (Mutopia), BSD-3-Clause (Freedoom), and per "
    "item BSD, zlib, CC BY and, unless learnt with --green, Artistic (the other band pieces)",
    "holds": "weights learned from the training pieces alone; no notes",
}
HIDDEN, EPOCHS, BATCH, RATE = 32, 6, 2048, 3e-3
FEWEST_NOTES = 200
"""A texture with fewer notes counts for less than a whole piece."""


def standard(table: Floats) -> tuple[Floats, Floats]:
    """Mean and scale of every column."""
    return table.mean(axis=0), table.std(axis=0) + 1e-6


def track_rows(found: Sequence[Piece]) -> tuple[Floats, Bools, Floats]:
    """Figures, allowed roles and weight of every track with notes."""
    figures, allowed, weights = [], [], []
    for piece in found:
        seen = TrackFeatures.of(piece.score)
        for i in np.flatnonzero(seen.notes):
            figures.append(seen.table[i])
            allowed.append([role in piece.labels[i] for role in PLAIN_ROLES])
            weights.append(WEIGHTS[piece.archive, piece.variant] / len(piece.labels) ** 0.5)
    return np.array(figures), np.array(allowed), np.array(weights)


def learn_tracks(found: Sequence[Piece], decay: float = 3e-4, steps: int = 1500, rate: float = 0.05) -> Scorer:
    """Weights by maximum likelihood of the allowed roles (Adam, whole batch)."""
    figures, allowed, weights = track_rows([piece for piece in found if piece.fold == "train"])
    squares = tuple(FEATURES.index(name) for name in SQUARED_TRACK)
    scorer = Scorer(*standard(figures), squares, np.zeros((len(FEATURES) + len(squares) + 1, len(PLAIN_ROLES))))
    table = scorer.expand(figures)
    w = scorer.weights
    first, second = np.zeros_like(w), np.zeros_like(w)
    for step in range(1, steps + 1):
        odds = softmax(table @ w)
        target = odds * allowed
        target /= target.sum(axis=1, keepdims=True)
        slope = table.T @ ((odds - target) * weights[:, None]) / weights.sum() + decay * w
        first, second = 0.9 * first + 0.1 * slope, 0.999 * second + 0.001 * slope**2
        w = w - rate * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
    return Scorer(scorer.mean, scorer.scale, squares, w)


def softmax(scores: Floats) -> Floats:
    """Row-wise probabilities."""
    odds = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(odds / odds.sum(axis=1, keepdims=True))


def learn_caution(scorer: Scorer, found: Sequence[Piece]) -> float:
    """The divisor of the scores under which validation labels are most likely."""
    figures, allowed, weights = track_rows([piece for piece in found if piece.fold == "validation"])
    scores = scorer(figures)

    def surprise(caution: float) -> float:
        right = (softmax(scores / caution) * allowed).sum(axis=1)
        return float(-(np.log(np.maximum(right, 1e-9)) * weights).sum())

    return min((round(1 + 0.1 * k, 1) for k in range(31)), key=surprise)


def learn_impression(found: Sequence[Texture], looks: Sequence[Floats], weights: Floats) -> Scorer:
    """The first impression of a note: logistic regression by Newton's method."""
    table = np.concatenate(looks)
    squares = tuple(FIRST_LOOK.index(name) for name in SQUARED_NOTE)
    scorer = Scorer(*standard(table), squares, np.zeros((len(FIRST_LOOK) + len(squares) + 1, 1)))
    rows, sung = scorer.expand(table), np.concatenate([texture.sung for texture in found]).astype(np.float64)
    w = np.zeros(rows.shape[1])
    for _ in range(8):
        chance = 1 / (1 + np.exp(-rows @ w))
        slope = rows.T @ ((chance - sung) * weights) / weights.sum() + 1e-4 * w
        bend = (rows * (chance * (1 - chance) * weights)[:, None]).T @ rows / weights.sum()
        w = w - np.linalg.solve(bend + 1e-4 * np.eye(len(w)), slope)
    return Scorer(scorer.mean, scorer.scale, squares, w[:, None])


def learn_melody(table: Any, sung: Any, weights: Any, seed: int) -> list[Any]:
    """The second look: a network with one hidden layer (Adam, falling rate)."""
    luck = np.random.Generator(np.random.PCG64(seed))
    width = table.shape[1]
    net = [
        luck.normal(0, width**-0.5, (width, HIDDEN)),
        np.zeros(HIDDEN),
        luck.normal(0, HIDDEN**-0.5, HIDDEN),
        np.zeros(1),
    ]
    net = [part.astype(np.float32) for part in net]
    first, second, step = [np.zeros_like(p) for p in net], [np.zeros_like(p) for p in net], 0
    for epoch in range(EPOCHS):
        order = luck.permutation(len(table))
        for begin in range(0, len(order), BATCH):
            rows = order[begin : begin + BATCH]
            step += 1
            slopes = _slopes(net, table[rows], sung[rows], weights[rows])
            rate = RATE * (1 - epoch / EPOCHS)
            for k, slope in enumerate(slopes):
                first[k] = 0.9 * first[k] + 0.1 * slope
                second[k] = 0.999 * second[k] + 0.001 * slope**2
                net[k] = net[k] - rate * (first[k] / (1 - 0.9**step)) / (np.sqrt(second[k] / (1 - 0.999**step)) + 1e-8)
        print(f"melody: {epoch + 1} of {EPOCHS} rounds", flush=True)
    return net


def _slopes(net: list[Any], table: Any, sung: Any, weights: Any) -> list[Any]:
    inner, inner_constant, outer, constant = net
    before = table @ inner + inner_constant
    hidden = np.maximum(before, 0)
    error = (1 / (1 + np.exp(-(hidden @ outer + constant))) - sung) * weights / len(table)
    back = (error[:, None] * outer) * (before > 0)
    return [table.T @ back + 1e-5 * inner, back.sum(axis=0), hidden.T @ error + 1e-5 * outer, error.sum(keepdims=True)]


def short(values: Floats) -> list[Any]:
    """Numbers as they are stored: five significant digits say all that was learnt."""
    return json.loads(json.dumps(values.tolist()), parse_float=lambda text: float(f"{float(text):.5g}"))


def stored(scorer: Scorer, names: tuple[str, ...]) -> dict[str, Any]:
    """A scorer as JSON."""
    return {
        "features": list(names),
        "squares": [names[i] for i in scorer.squares],
        "mean": short(scorer.mean),
        "scale": short(scorer.scale),
        "weights": short(scorer.weights),
    }


def learn_notes(data: Path, splits: Path, seed: int) -> dict[str, Any]:
    """Both looks at the notes of the training textures, as JSON."""
    found = [
        texture
        for archive in sorted({archive for archive, _ in TEXTURES})
        for texture in textures(data, splits, archive)
        if texture.fold == "train" and (texture.archive, texture.variant) in TEXTURES and texture.sung.any()
    ]
    print(f"melody: {len(found)} textures", flush=True)
    looks = [first_look(Around(texture.notes), texture.beats).astype(np.float32) for texture in found]
    weights = np.concatenate(
        [
            np.full(
                len(t.notes), 800 * TEXTURES[t.archive, t.variant] / max(len(t.notes), FEWEST_NOTES), dtype=np.float32
            )
            for t in found
        ]
    )
    impression = learn_impression(found[::3], looks[::3], np.concatenate(_parts(weights, found)[::3]))
    table = np.concatenate(
        [
            np.concatenate([look, second_look(Around(t.notes), impression(look)[:, 0])], axis=1).astype(np.float32)
            for t, look in zip(found, looks, strict=True)
        ]
    )
    mean, scale = standard(table)
    table = np.clip((table - mean) / scale, -REACH, REACH)
    sung = np.concatenate([texture.sung for texture in found]).astype(np.float32)
    inner, inner_constant, outer, constant = learn_melody(table, sung, weights, seed)
    melody = {
        "features": [*FIRST_LOOK, *SECOND_LOOK],
        "mean": short(mean),
        "scale": short(scale),
        "inner": short(np.vstack([inner, inner_constant])),
        "outer": short(np.concatenate([outer, constant])),
    }
    return {"impression": stored(impression, FIRST_LOOK), "melody": melody}


def _parts(values: Any, found: Sequence[Texture]) -> list[Any]:
    return np.split(values, np.cumsum([len(texture.notes) for texture in found])[:-1])


def main() -> None:
    """Learn everything and write the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path, help="folder with the zip archives")
    parser.add_argument("--splits", type=Path, default=Path("benchmarks/splits"))
    parser.add_argument("--out", type=Path, default=Path("presets/analysis/roles.json"))
    parser.add_argument("--green", action="store_true", help="leave out works with conditions on what is made of them")
    parser.add_argument(
        "--keep-melody", action="store_true", help="learn the roles anew and keep what is known of notes"
    )
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    archives = list(dict.fromkeys(archive for archive, _ in WEIGHTS))
    found = [p for archive in archives for p in pieces(chosen.data, chosen.splits, archive, green=chosen.green)]
    print(f"tracks: {len(found)} pieces", flush=True)
    tracks = learn_tracks(found)
    caution = learn_caution(tracks, found)
    print(f"tracks: caution {caution}", flush=True)
    if chosen.keep_melody:
        notes = {key: json.loads(chosen.out.read_bytes())[key] for key in ("impression", "melody")}
    else:
        notes = learn_notes(chosen.data, chosen.splits, chosen.seed)
    table = {
        "schema": SCHEMA,
        "about": CREDIT | {"green": chosen.green},
        "tracks": {"caution": caution, **stored(tracks, FEATURES)},
        **notes,
    }
    chosen.out.parent.mkdir(parents=True, exist_ok=True)
    chosen.out.write_text(json.dumps(table, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
