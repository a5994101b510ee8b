"""What an arrangement could quote: runs of bars that are known, from packs and from songs that were learned from."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from functools import cache
from itertools import chain, pairwise
from pathlib import Path

from benchmarks.arranging.leads import fold
from benchmarks.metrics.keyboard import snapped
from benchmarks.metrics.novelty import TrainingRuns
from bridge import app
from bridge.files.midi import read_song
from engines.accompaniment.pack import Pack
from engines.accompaniment.styles import all_packs
from engines.analysis.score import Grid, Notes
from engines.music.notes import Note
from engines.music.time import MeterChange, MeterMap, Ticks


@cache
def pack_runs(data: Path) -> TrainingRuns:
    """Every run of bars in every pack of notes of this installation, and in the training songs of POP909, of which a pack of
    latents was learned.
    """
    packs, _ = all_packs(app.shelves().styles)
    borrowed = (part for pack in packs if pack.card.ear is None for part in _of_pack(pack))
    return TrainingRuns.of(chain(borrowed, _of_pop909(data)))


def _of_pack(pack: Pack) -> Iterable[tuple[Notes, Grid]]:
    edges = pack.columns["donor_bar"].astype(int).tolist()
    for first, end in pairwise(edges):
        strokes = list(pack.strokes(first, end - first))
        if strokes:
            notes = [Note(s.tick, s.length, s.pitch, max(s.velocity, 1)) for s in strokes]
            yield Notes.of([sorted(notes)]), _grid(pack, first, end)


def _grid(pack: Pack, first: int, end: int) -> Grid:
    at, changes = 0, list[MeterChange]()
    for bar in range(first, end):
        meter = pack.meter(bar)
        if not changes or changes[-1].meter != meter:
            changes.append(MeterChange(Ticks(at), meter))
        at += meter.bar
    return Grid.of(MeterMap(tuple(changes)), Ticks(at))


@cache
def pop909_runs(data: Path) -> TrainingRuns:
    """Every run of bars in the training songs of POP909: piano, bridge, and the two as one part."""
    return TrainingRuns.of(_of_pop909(data))


def _of_pop909(data: Path) -> Iterable[tuple[Notes, Grid]]:
    with zipfile.ZipFile(data / "pop909.zip") as box:
        there = set(box.namelist())
        for id_ in fold("pop909", "train"):
            if f"aligned/{id_}.mid" not in there:
                continue
            song = read_song(box.read(f"aligned/{id_}.mid")).song
            hands = [track.notes() for track in song.tracks if track.name in ("BRIDGE", "PIANO")]
            grid = Grid.of(song.meter, song.end)
            for part in (*hands, [note for hand in hands for note in hand]):
                notes = snapped(Notes.of([part]))
                if len(notes):
                    yield notes, grid
