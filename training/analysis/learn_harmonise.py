"""Learn the harmoniser's tables from people's chords, with numpy alone.

    OPENBLAS_NUM_THREADS=1 python -m training.analysis.learn_harmonise DATA_FOLDER [--check]

Two hearings are trained, each as a log-linear chain (training/analysis/harmonise_field.py), then the colours of chords as
a log-linear choice. Only the training lists of benchmarks/splits are read; presets/analysis/harmonise.json is written.
`--check` holds a sixth of those lists back, prints how well their chords are found, and writes nothing: the settings below
were chosen by it. With one thread the same processor writes the same bytes; takes about five minutes and 2 GB.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from engines.analysis.harmonise_colour import KIND_OF, QUALITIES, colour_columns, spans_of
from engines.analysis.harmonise_colour import NAMES as COLOUR_NAMES
from engines.analysis.harmonise_echo import echoes
from engines.analysis.harmonise_features import NAMES, Phrase, Reading, read_melody
from engines.analysis.harmonise_hearing import Keys, weigh
from engines.analysis.harmonise_path import KINDS, N_STATES, best_path, chances, turn_back
from engines.analysis.harmonise_tables import LAYERS, HarmonyTables, Hearing, Idiom, layers
from training.analysis.harmonise_corpus import Tune, lieder, openewld, pop909
from training.analysis.harmonise_field import Batch, Masks, Reals, Weights, blank, gain

ROOT = Path(__file__).parents[2]

IDIOM = {"openewld": Idiom.SONGBOOK, "pop909": Idiom.POP, "openscore_lieder": Idiom.ART}
WEIGHT = {Idiom.SONGBOOK: 3.0, Idiom.POP: 1.0, Idiom.ART: 1.0}
"""Lead sheets are few, and the nearest to what is asked for."""
EPOCHS = (40, 30)
"""Passes over the music for each hearing."""
RATE = 0.04
PENALTY = {"chord": (5.0, 20.0, 20.0, 20.0), "change": (2.0, 10.0, 10.0, 10.0), "stay": (0.1, 1.0, 1.0, 1.0)}
"""Ridge penalty of each layer."""
ECHO_PENALTY = 4.0
"""How much more an echo is held back: it says again what the melody said."""
STRETCH, TOGETHER = 112, 64
"""Beats of a stretch, stretches of a batch."""
READINESS = 0.4
"""The search takes the one best path, which changes less often than people do; this brings some of it back."""
KIND_OF_QUALITY = {
    "maj": (0,), "7": (0,), "maj7": (0,), "6": (0,), "aug": (0,), "sus4": (0, 1), "min": (1,), "min7": (1,),
    "min6": (1,), "dim": (2,), "hdim7": (2,), "dim7": (2,),
}  # fmt: skip
SOURCES = (
    "OpenEWLD (Simonetta et al. 2018), training list: MIT licence",
    "POP909 (Wang et al. 2020) with POP909-CL chord review (Yao et al. 2026) and phrases (Dai et al. 2020): MIT licence",
    "OpenScore Lieder Corpus with Roman-numeral analyses: CC0 1.0",
)


@dataclass(frozen=True)
class BarPhrase:
    """A phrase as the harmoniser takes it."""

    label: str
    start_bar: int
    bars: int


@dataclass(frozen=True)
class Lesson:
    """A tune, read."""

    tune: Tune
    idiom: Idiom
    keys: Keys
    reading: Reading
    may_be: Masks
    """Beats × states above the tonic: what the annotation allows."""


def phrases_of(tune: Tune) -> list[Phrase]:
    """The tune's phrases, if they are known."""
    return [BarPhrase(label, start + 1, bars) for label, start, bars in tune.phrases]


def read_lesson(tune: Tune, with_phrases: bool) -> Lesson:
    """Lay a tune out; half of the music is learned without its phrases, so that both cases are known."""
    keys = Keys((tune.tonic + 3 * tune.minor) % 12, tune.minor)
    reading = read_melody(tune.melody, tune.grid, keys.tonic, phrases_of(tune) if with_phrases else ())
    may_be = np.ones((len(tune.root), N_STATES), dtype=np.bool_)
    for i, (root, quality) in enumerate(zip(tune.root.tolist(), tune.quality, strict=True)):
        if root >= 0:
            may_be[i] = False
            may_be[i, [(root - int(keys.tonic[i])) % 12 * len(KINDS) + kind for kind in KIND_OF_QUALITY[quality]]] = (
                True
            )
    return Lesson(tune, IDIOM[tune.source], keys, reading, may_be)


def coin(tune: Tune, sides: int, purpose: str) -> int:
    """A number below `sides` that follows from the tune's name."""
    return int(hashlib.sha256(f"{purpose}:{tune.source}:{tune.id}".encode()).hexdigest(), 16) % sides


def stretches(lesson: Lesson) -> Iterator[tuple[int, int]]:
    """Cut a tune where its key changes, and at bar lines where it is long."""
    keys = lesson.keys
    cuts = np.flatnonzero((np.diff(keys.tonic) != 0) | (np.diff(keys.minor) != 0)) + 1
    lines = np.flatnonzero(lesson.reading.level == 2)
    for start, stop in zip([0, *cuts.tolist()], [*cuts.tolist(), len(keys.tonic)], strict=True):
        a = start
        while a < stop:
            fits = lines[(lines > a) & (lines <= a + STRETCH)]
            b = stop if stop - a <= STRETCH + 16 or len(fits) == 0 else int(fits[-1])
            yield a, b
            a = b


def batches(lessons: Sequence[Lesson], columns: Sequence[Reals]) -> list[Batch]:
    """All stretches, those of one mode and idiom and of similar length together."""
    groups: dict[tuple[int, Idiom], list[tuple[int, int, int]]] = {}
    for i, lesson in enumerate(lessons):
        for a, b in stretches(lesson):
            groups.setdefault((int(lesson.keys.minor[a]), lesson.idiom), []).append((i, a, b))
    out: list[Batch] = []
    for (minor, idiom), found in sorted(groups.items()):
        found.sort(key=lambda cut: cut[2] - cut[1])
        packs = [found[k : k + TOGETHER] for k in range(0, len(found), TOGETHER)]
        out.extend(_batch(lessons, columns, pack, layers(bool(minor), idiom)) for pack in packs)
    return out


def _batch(
    lessons: Sequence[Lesson], columns: Sequence[Reals], cuts: Sequence[tuple[int, int, int]], weight: np.ndarray
) -> Batch:
    longest = max(b - a for _, a, b in cuts)
    wide = np.zeros((len(cuts), longest, columns[0].shape[1]), np.float32)
    rhythm = np.zeros((len(cuts), longest, lessons[0].reading.rhythm.shape[1]), np.float32)
    may_be = np.ones((len(cuts), longest, N_STATES), np.bool_)
    for row, (i, a, b) in enumerate(cuts):
        wide[row, : b - a] = columns[i][a:b]
        rhythm[row, : b - a] = lessons[i].reading.rhythm[a:b]
        may_be[row, : b - a] = lessons[i].may_be[a:b]
    return Batch(weight.astype(np.float32), wide, rhythm, may_be, np.array([b - a for _, a, b in cuts]))


def fit(music: Sequence[Batch], epochs: int) -> Weights:
    """Adam with a cosine rate, on the penalised likelihood per beat."""
    names = LAYERS
    weights = blank(len(names), music[0].columns.shape[2], music[0].rhythm.shape[2], N_STATES)
    worth = [WEIGHT[_idiom(batch)] for batch in music]
    beats = sum(float(batch.lengths.sum()) * w for batch, w in zip(music, worth, strict=True))
    penalty = {k: np.reshape(PENALTY[k], (-1,) + (1,) * (v.ndim - 1)).astype(np.float32) for k, v in weights.items()}
    echo = np.arange(weights["chord"].shape[1]) >= len(NAMES)
    penalty["chord"] = penalty["chord"] * np.where(echo, ECHO_PENALTY, 1.0).astype(np.float32)[None, :, None]
    mean = {k: np.zeros_like(v) for k, v in weights.items()}
    square = {k: np.zeros_like(v) for k, v in weights.items()}
    rng, step, total = np.random.default_rng(0), 0, epochs * len(music)
    for epoch in range(epochs):
        likelihood = 0.0
        for i in rng.permutation(len(music)):
            gained, slope = gain(weights, music[i])
            likelihood += gained * worth[i]
            step += 1
            scale = np.float32(beats / float(music[i].lengths.sum()))
            rate = RATE * min(1.0, step / 20) * (0.5 * (1 + np.cos(np.pi * step / total)) + 0.01)
            for k, v in weights.items():
                way = (slope[k] * scale - penalty[k] * v) / np.float32(beats)
                mean[k] += np.float32(0.1) * (way - mean[k])
                square[k] += np.float32(0.02) * (way * way - square[k])
                size = np.sqrt(square[k] / np.float32(1 - 0.98**step)) + np.float32(1e-8)
                v += np.float32(rate / (1 - 0.9**step)) * mean[k] / size
        if epoch % 10 == 9:
            print(f"  epoch {epoch + 1}: {likelihood / beats:.4f} nats a beat", file=sys.stderr)
    return weights


def _idiom(batch: Batch) -> Idiom:
    return next(idiom for idiom in Idiom if np.array_equal(layers(bool(batch.layers[1]), idiom), batch.layers))


def hearing(weights: Weights) -> Hearing:
    """Weights as the product holds them."""
    return Hearing(*(weights[k].astype(np.float64) for k in ("chord", "change", "stay")))


def hear_again(lesson: Lesson, first: Hearing) -> Reals:
    """The columns of the second hearing."""
    field = weigh(first, lesson.reading.columns, lesson.reading, lesson.keys, lesson.idiom)
    expected = turn_back(chances(field), lesson.keys.tonic)
    echo = echoes(expected, lesson.reading.sounding, lesson.tune.grid)
    return np.concatenate([lesson.reading.columns, echo], axis=1).astype(np.float32)


def learn_colour(lessons: Sequence[Lesson]) -> np.ndarray:
    """A log-linear choice among the qualities that contain the triad, all spans at once."""
    rows, chosen, worth = [], [], []
    for lesson in lessons:
        for columns, quality in _coloured(lesson):
            minor = bool(lesson.keys.minor[0])
            rows.append(np.multiply.outer(layers(minor, lesson.idiom), columns).astype(np.float32))
            chosen.append(quality)
            worth.append(WEIGHT[lesson.idiom])
    x = np.stack(rows).reshape(len(rows), -1)
    y, w = np.array(chosen), np.array(worth, np.float32)[:, None]
    allowed = KIND_OF[None, :] == KIND_OF[y][:, None]
    told = np.eye(len(QUALITIES), dtype=np.float32)[y]
    weights = np.zeros((x.shape[1], len(QUALITIES)), np.float32)
    penalty = np.repeat(np.array([2, 10, 10, 10], np.float32), len(COLOUR_NAMES))[:, None]
    mean, square = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, 301):
        scores = np.where(allowed, x @ weights, -1e9)
        share = np.exp(scores - scores.max(axis=1, keepdims=True))
        share /= share.sum(axis=1, keepdims=True)
        way = (x.T @ ((told - share) * w) - penalty * weights) / float(w.sum())
        mean += 0.1 * (way - mean)
        square += 0.02 * (way * way - square)
        rate = 0.05 * (0.5 * (1 + np.cos(np.pi * step / 300)) + 0.01)
        weights += rate * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.98**step)) + 1e-8)
    right = (np.where(allowed, x @ weights, -1e9).argmax(axis=1) == y).mean()
    print(f"  colours: {len(y)} spans, {right:.3f} as annotated", file=sys.stderr)
    return weights.reshape(len(LAYERS), len(COLOUR_NAMES), len(QUALITIES)).astype(np.float64)


def _coloured(lesson: Lesson) -> Iterator[tuple[np.ndarray, int]]:
    """The spans of a tune whose quality is one that the product uses."""
    tune = lesson.tune
    pairs = list(zip(tune.root.tolist(), tune.quality, strict=True))
    starts = spans_of(pairs)
    state = np.array(
        [0 if r < 0 else r * len(KINDS) + KIND_OF_QUALITY[q][0] for r, q in (pairs[i] for i in starts[:-1])]
    )
    columns = colour_columns(starts, state, lesson.keys.tonic[starts[:-1]], lesson.reading, tune.grid)
    for row, i in zip(columns, starts[:-1], strict=True):
        if pairs[i][0] >= 0 and pairs[i][1] in QUALITIES and lesson.reading.sung[i]:
            yield row, QUALITIES.index(pairs[i][1])


def learn(lessons: Sequence[Lesson]) -> HarmonyTables:
    """Both hearings and the colours."""
    once = [lesson.reading.columns.astype(np.float32) for lesson in lessons]
    first = hearing(fit(batches(lessons, once), EPOCHS[0]))
    second = hearing(fit(batches(lessons, crosswise(lessons, once)), EPOCHS[1]))
    return HarmonyTables(first, second, learn_colour(lessons), READINESS, SOURCES)


def crosswise(lessons: Sequence[Lesson], once: Sequence[Reals]) -> list[Reals]:
    """The second hearing's columns, each half of the tunes heard by what the other half teaches.

    A hearing is surer of the tunes that it learned from than it will be of new ones.
    """
    side = [coin(lesson.tune, 2, "half") for lesson in lessons]
    out: dict[int, Reals] = {}
    for half in (0, 1):
        known = [i for i, s in enumerate(side) if s != half]
        taught = hearing(fit(batches([lessons[i] for i in known], [once[i] for i in known]), EPOCHS[0] // 2))
        out.update({i: hear_again(lessons[i], taught) for i, s in enumerate(side) if s == half})
    return [out[i] for i in range(len(lessons))]


def check(tables: HarmonyTables, lessons: Sequence[Lesson]) -> None:
    """Print the share of beats whose triad is found, by archive and hearing, for a few degrees of readiness."""
    for archive, idiom in IDIOM.items():
        mine = [lesson for lesson in lessons if lesson.idiom is idiom]
        for name, heard in (("first", tables.first), ("second", tables.second)):
            for readiness in (0.0, 0.2, 0.4, 0.6):
                print(archive, name, readiness, *_found(mine, tables, heard, readiness))


def _found(lessons: Sequence[Lesson], tables: HarmonyTables, heard: Hearing, readiness: float) -> tuple[str, ...]:
    right = total = changes = human = bars = 0.0
    for lesson in lessons:
        columns = lesson.reading.columns if heard is tables.first else hear_again(lesson, tables.first).astype(float)
        field = weigh(heard, columns, lesson.reading, lesson.keys, lesson.idiom)
        path = best_path(replace(field, stay=field.stay - readiness))
        sung = lesson.reading.sung
        known = sung & ~lesson.may_be.all(axis=1)
        length = np.diff(lesson.tune.grid.beats) * known
        place = (path - len(KINDS) * lesson.keys.tonic) % N_STATES
        right += float(length @ lesson.may_be[np.arange(len(place)), place])
        total += float(length.sum())
        changes += float(((np.diff(path) != 0) & sung[1:]).sum())
        labels = list(zip(lesson.tune.root.tolist(), lesson.tune.quality, strict=True))
        human += sum(a != b and s for a, b, s in zip(labels, labels[1:], sung[1:], strict=False))
        bars += float((sung & (lesson.reading.level == 2)).sum())
    return f"triads {right / total:.3f}", f"changes a bar {changes / bars:.2f}", f"(people {human / bars:.2f})"


def main() -> None:
    """Learn and write, or check."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="the folder that holds the archives")
    parser.add_argument("--splits", type=Path, default=ROOT / "benchmarks" / "splits", help="the folder of the lists")
    parser.add_argument("--out", type=Path, default=ROOT / "presets" / "analysis" / "harmonise.json")
    parser.add_argument("--check", action="store_true", help="hold a sixth back and print how it goes; write nothing")
    args = parser.parse_args()
    tunes = [tune for read in (openewld, pop909, lieder) for tune in read(args.data, args.splits, ["train"])]
    lessons = [read_lesson(tune, coin(tune, 2, "phrases") == 0) for tune in tunes]
    print(f"{len(lessons)} tunes, {sum(len(lesson.tune.root) for lesson in lessons)} beats", file=sys.stderr)
    if args.check:
        held = [lesson for lesson in lessons if coin(lesson.tune, 6, "held back") == 0]
        check(learn([lesson for lesson in lessons if coin(lesson.tune, 6, "held back") != 0]), held)
        return
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(json.dumps(learn(lessons).to_dict(), indent=0) + "\n", encoding="utf-8")
    print(f"{args.out}: {args.out.stat().st_size} bytes", file=sys.stderr)


if __name__ == "__main__":
    main()
