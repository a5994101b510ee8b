"""Learns the phrase tables from POP909's training songs.

    python -m training.analysis.learn_phrases DATA_FOLDER              writes presets/analysis/phrases.json
    python -m training.analysis.learn_phrases DATA_FOLDER --validate   five-fold cross-validation, writes nothing

DATA_FOLDER holds pop909.zip. Only the ids under `train` in benchmarks/splits/pop909.json are read. Every song is heard four
ways: whole with its melody told, whole with the melody not told, the melody alone, and an excerpt of a few phrases, so
that lead sheets, unknown files and short pieces are read too. The second trees learn from first impressions of songs that
the first trees had not seen.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from benchmarks.analysis_phrases import SPLIT, TABLES, agreement, boundary_f1
from engines.analysis.phrase_context import context_cues
from engines.analysis.phrase_letters import PAIR_CUES, Kinship, pair_cues
from engines.analysis.phrase_tables import Hearing, PhraseTables, cue_names, hear
from engines.analysis.phrase_trees import Trees
from engines.analysis.phrases import PhraseReading, settle
from engines.analysis.score import Floats, Score
from training.analysis.phrase_boosting import Recipe, Rows, grow
from training.analysis.phrase_corpus import MELODY, Annotated, excerpt, lead_alone, read_songs
from training.splits import POP909_TWINS

FOLDS = 5
WEIGHTS = {"band": 1.0, "alone": 0.5, "untold": 0.5, "excerpt": 0.5}
"""The ways a song is heard, and how much each counts."""
FIRST = Recipe(trees=300)
SECOND = Recipe(trees=400, rate=0.05)
LONGEST = 16
"""The longest phrase in bars."""
LENGTH_SHARE = 0.2
"""How much of the logarithm of a length's frequency counts: the trees have heard the lengths already."""
READINESS = 0.6
THRESHOLD = -0.5
"""Log-odds above which phrases are one family; both were chosen by cross-validation within the training songs."""
CREDIT = {
    "source": "POP909 (Wang et al., ISMIR 2020) with the phrase annotations of Dai, Zhang and Dannenberg (2020)",
    "licence": "MIT (POP909; its phrase annotations)",
    "holds": "weights learned from the training songs alone; no notes",
}


@dataclass
class Heard:
    """A piece as it is learned from."""

    song: Annotated
    way: str
    fold: int
    hearing: Hearing
    marks: Floats
    """The share of annotators who start a phrase at each line; nan where nothing is known."""
    first: Rows
    second: Rows
    evidence: Floats


def fold_of(id_: str) -> int:
    """Near-duplicates share a fold."""
    name = POP909_TWINS.get(id_, id_)
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big") % FOLDS


def take_in(song: Annotated) -> list[Heard]:
    """A song in every way that it is heard."""
    marks = song.marks()
    ways: list[tuple[str, Score, int | None, Floats]] = [
        ("band", song.score, MELODY, marks),
        ("alone", lead_alone(song).score, MELODY, marks),
        ("untold", song.score, None, marks),
    ]
    part = _some_phrases(song)
    if part is not None:
        score, bars = excerpt(song, *part)
        inside = marks[bars].copy()
        inside[:1] = np.nan
        ways.append(("excerpt", score, MELODY, inside))
    return [_heard(song, way, score, melody, known) for way, score, melody, known in ways]


def _some_phrases(song: Annotated) -> tuple[int, int] | None:
    """First and last bar of two to eight neighbouring phrases."""
    lines = song.to_file_bar(song.lines(0))
    lines = lines[(lines >= 0) & (lines <= song.score.grid.n_bars)]
    rng = np.random.default_rng(int(song.id))
    count = int(rng.integers(2, 9))
    if len(lines) <= count:
        return None
    first = int(rng.integers(0, len(lines) - count))
    return int(lines[first]), int(lines[first + count])


def _heard(song: Annotated, way: str, score: Score, melody: int | None, marks: Floats) -> Heard:
    hearing = hear(score, melody)
    rows = np.stack([hearing.cues[name] for name in cue_names()[0]], axis=1).astype(np.float32)
    # The second hearing needs the whole likeness alone; the rest would fill the memory.
    nothing = np.zeros((0, 0), dtype=np.float32)
    echo = replace(hearing.echo, tune=nothing, rhythm=nothing, texture=nothing)
    hearing = replace(hearing, echo=echo, cues={})
    return Heard(song, way, fold_of(song.id), hearing, marks, rows, rows, np.zeros(len(marks)))


def grow_from(pieces: Sequence[Heard], column: str, recipe: Recipe, seed: int) -> tuple[Trees, Floats]:
    """Trees from every known line of some pieces."""
    known = [~np.isnan(piece.marks) for piece in pieces]
    rows = np.concatenate([getattr(piece, column)[k] for piece, k in zip(pieces, known, strict=True)])
    target = np.concatenate([piece.marks[k] for piece, k in zip(pieces, known, strict=True)])
    weight = np.concatenate([np.full(int(k.sum()), WEIGHTS[p.way]) for p, k in zip(pieces, known, strict=True)])
    return grow(rows, target, weight, recipe, seed)


def second_rows(piece: Heard, impression: Floats) -> Rows:
    """The columns of the second trees."""
    context = context_cues(impression, piece.hearing.echo)
    return np.concatenate([piece.first, np.stack(list(context.values()), axis=1).astype(np.float32)], axis=1)


def length_gains(songs: Sequence[Annotated]) -> Floats:
    """What a phrase of each length gains."""
    counts = np.full(LONGEST, 5.0)
    for song in songs:
        for form in song.forms:
            for _, bars in form:
                if bars <= LONGEST:
                    counts[bars - 1] += 1
    gains: Floats = LENGTH_SHARE * np.log(counts / counts.sum())
    return gains


def pairs(song: Annotated) -> tuple[Rows, Floats]:
    """Cues of every pair of phrases of equal case, and whether the annotator gave them one letter.

    Intro and outro are told by their place, and two phrases called X are not the same material: these are left out.
    """
    described = hear(song.score, MELODY).material
    rows, same = [], []
    for annotator in (0, 1):
        lines = song.to_file_bar(song.lines(annotator))
        label = np.array([letter for letter, _ in song.forms[annotator]])
        use = (lines[:-1] >= 0) & (lines[1:] <= song.score.grid.n_bars + 1) & ~np.isin(label, ["i", "o"])
        start, bars, label = lines[:-1][use], np.diff(lines)[use], label[use]
        cues = pair_cues(described, start, bars)
        upper = np.char.isupper(label)
        one, other = np.tril_indices(len(start), -1)
        fair = (upper[one] == upper[other]) & ~((label[one] == label[other]) & np.isin(label[one], ["X", "x"]))
        one, other = one[fair], other[fair]
        rows.append(np.stack([cues[name][one, other] for name in PAIR_CUES], axis=1))
        same.append((label[one] == label[other]).astype(np.float64))
    return np.concatenate(rows).astype(np.float32), np.concatenate(same)


def kinship_from(learned: Sequence[tuple[Rows, Floats]]) -> Kinship:
    """Logistic regression by Newton's method, slightly held back."""
    rows = np.concatenate([rows for rows, _ in learned]).astype(np.float64)
    same = np.concatenate([same for _, same in learned])
    middle, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-6
    table = np.concatenate([(rows - middle) / spread, np.ones((len(rows), 1))], axis=1)
    weight = np.zeros(table.shape[1])
    for _ in range(20):
        chance = 1 / (1 + np.exp(-table @ weight))
        slope = table.T @ (chance - same) + weight
        bend = (table * (chance * (1 - chance))[:, None]).T @ table + np.eye(len(weight))
        weight -= np.linalg.solve(bend, slope)
    plain = weight[:-1] / spread
    return Kinship(np.round(plain, 4), round(float(weight[-1] - plain @ middle), 4), THRESHOLD)


def out_of_fold(pieces: Sequence[Heard], column: str, recipe: Recipe) -> tuple[list[Floats], Floats]:
    """Log-odds of every piece from trees that have not seen its song, and how much each cue helped."""
    odds: list[Floats] = [np.zeros(0)] * len(pieces)
    total = np.zeros(getattr(pieces[0], column).shape[1])
    for fold in range(FOLDS):
        trees, helped = grow_from([p for p in pieces if p.fold != fold and p.song.teaches], column, recipe, fold)
        total += helped
        for i, piece in enumerate(pieces):
            if piece.fold == fold:
                odds[i] = trees.log_odds(getattr(piece, column))
        print(f"  {column} trees, fold {fold + 1} of {FOLDS}", flush=True)
    return odds, total


def learn(songs: Sequence[Annotated]) -> PhraseTables:
    """Tables from all songs."""
    pieces = [piece for song in songs for piece in take_in(song)]
    impressions, _ = out_of_fold(pieces, "first", FIRST)
    for piece, impression in zip(pieces, impressions, strict=True):
        piece.second = second_rows(piece, impression)
    teaching = [piece for piece in pieces if piece.song.teaches]
    first, _ = grow_from(teaching, "first", FIRST, FOLDS)
    second, _ = grow_from(teaching, "second", SECOND, FOLDS)
    taught = [song for song in songs if song.teaches]
    kinship = kinship_from([pairs(song) for song in taught])
    cues, context = cue_names()
    return PhraseTables(cues, context, first, second, np.round(length_gains(taught), 4), READINESS, kinship)


def validate(songs: Sequence[Annotated]) -> None:
    """Print what five-fold cross-validation gives, for each way of hearing."""
    pieces = [piece for song in songs for piece in take_in(song)]
    impressions, helped = out_of_fold(pieces, "first", FIRST)
    for piece, impression in zip(pieces, impressions, strict=True):
        piece.second = second_rows(piece, impression)
    evidence, helped_second = out_of_fold(pieces, "second", SECOND)
    names = [*cue_names()[0], *cue_names()[1]]
    for title, values in (("first", helped), ("second", helped_second)):
        ranked = sorted(zip(values.tolist(), names[: len(values)], strict=True), reverse=True)
        print(f"most helpful, {title}:", ", ".join(name for _, name in ranked[:25]))
    learned = {song.id: pairs(song) for song in songs if song.teaches}
    kin = [kinship_from([p for id_, p in learned.items() if fold_of(id_) != fold]) for fold in range(FOLDS)]
    gains = length_gains([song for song in songs if song.teaches])
    cues, context = cue_names()
    nothing = Trees(np.zeros((1, 1), np.int64), np.zeros((1, 1), np.float32), np.zeros((1, 2), np.int64), 0)
    for way in WEIGHTS:
        found = [(piece, odds) for piece, odds in zip(pieces, evidence, strict=True) if piece.way == way]
        print(f"{way}: loss {_loss(found):.4f}")
        for share, readiness in ((0.1, 0.3), (0.2, 0.3), (0.2, 0.5), (0.2, 0.7), (0.3, 0.7)):
            tables = [
                PhraseTables(cues, context, nothing, nothing, gains * (share / LENGTH_SHARE), readiness, k) for k in kin
            ]
            scores = [_score(piece, settle(piece.hearing, odds, tables[piece.fold])) for piece, odds in found]
            print(f"  {share} {readiness}", np.round(np.mean(scores, axis=0), 4), flush=True)


def _loss(found: Sequence[tuple[Heard, Floats]]) -> float:
    taught = [(p.marks, odds) for p, odds in found if p.song.teaches]
    marks, odds = (np.concatenate(column) for column in zip(*taught, strict=True))
    known = ~np.isnan(marks)
    marks, odds = marks[known], odds[known]
    return float(np.mean(np.logaddexp(0, odds) - marks * odds))


def _score(piece: Heard, reading: PhraseReading) -> list[float]:
    """Within one bar, exact, labels: best and mean of both annotators. An excerpt: against lines that either has."""
    if piece.way == "excerpt":
        found = [phrase.start_bar - 1 for phrase in reading.phrases[1:]]
        wanted = np.flatnonzero(np.nan_to_num(piece.marks) > 0).tolist()
        return [boundary_f1(found, wanted, tolerance) for tolerance in (1, 0)]
    both = agreement(piece.song, reading).values()
    return [value for pair in both for value in (max(pair), sum(pair) / 2)]


def write(tables: PhraseTables, songs: int, path: Path) -> None:
    """One line a part, so that a change can be read."""
    stored = tables.to_dict()
    stored = {"schema": stored.pop("schema"), "about": {**CREDIT, "songs": songs}, **stored}
    parts = ",\n".join(f"{json.dumps(k)}: {json.dumps(v, separators=(',', ':'))}" for k, v in stored.items())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("{\n" + parts + "\n}\n", encoding="utf-8")


def training_ids() -> list[str]:
    """What may be learned from."""
    ids: list[str] = json.loads(SPLIT.read_text(encoding="utf-8"))["train"]
    return ids


def main(arguments: Sequence[str]) -> int:
    """Learn and write, or cross-validate."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folder", type=Path, help="the folder that holds pop909.zip")
    parser.add_argument("--validate", action="store_true")
    parser.add_argument("--out", type=Path, default=TABLES)
    args = parser.parse_args(arguments)
    songs = list(read_songs(args.folder, training_ids()))
    print(f"{len(songs)} songs, {sum(song.teaches for song in songs)} teach")
    if args.validate:
        validate(songs)
        return 0
    write(learn(songs), sum(song.teaches for song in songs), args.out)
    print(f"{args.out}: {args.out.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
