"""The engine's packs as the benchmark sees them: what could be quoted from them, and choosing from them blindly."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np

from benchmarks.metrics.novelty import TrainingRuns
from bridge import app
from engines.accompaniment.accompanist import Accompanist
from engines.accompaniment.energy import PLAIN
from engines.accompaniment.noise import uniform
from engines.accompaniment.pack import Pack
from engines.accompaniment.selection import Choice, Selector, Wishes
from engines.accompaniment.sheet import Sheet
from engines.accompaniment.styles import Styles, all_packs
from engines.analysis.score import Grid, Notes
from engines.music.chance import Chance
from engines.music.notes import Note
from engines.music.time import MeterChange, MeterMap, Ticks


@cache
def pack_runs(data: Path) -> TrainingRuns:
    """Every run of bars in every pack of this installation; `data` is not asked."""
    packs, _ = all_packs(app.shelves().styles)
    return TrainingRuns.of(part for pack in packs for part in _parts(pack))


def _parts(pack: Pack) -> Iterable[tuple[Notes, Grid]]:
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


class Blindfold(Selector):
    """Chooses any phrase that is long enough; what returns finds its donor again, as it does for the engine."""

    def choose(
        self, sheet: Sheet, wishes: Wishes, chance: Chance, takes: int, pool: int | None = None
    ) -> list[list[Choice]]:
        """Take by take, strain by strain."""
        return [self._drawn(sheet, chance.of("blind", take)) for take in range(takes)]

    def _drawn(self, sheet: Sheet, chance: Chance) -> list[Choice]:
        whole = self._pools(sheet, [PLAIN] * len(sheet.strains), Wishes())
        out, known = list[Choice](), dict[tuple[object, ...], int]()
        for strain, one in zip(sheet.strains, whole, strict=True):
            luck = uniform(chance.of(strain.label, strain.bars), np.arange(len(one.bar)))
            at = known.setdefault((strain.kind, len(one.bar)), int(luck.argmax()))
            place = int(one.bar[at]), int(one.turn[at])
            out.append(Choice(strain, self.packs[int(one.pack[at])], *place, float(one.fitness[at]), PLAIN))
        return out


class BlindAccompanist(Accompanist):
    """The engine with donors drawn blindly."""

    def _of(self, style: str | None) -> tuple[Styles, Selector]:
        found, selector = super()._of(style)
        return found, Blindfold(selector.packs)
