"""Choosing from the engine's packs blindly: what choosing is worth."""

from __future__ import annotations

import numpy as np

from engines.accompaniment.accompanist import Accompanist
from engines.accompaniment.energy import PLAIN
from engines.accompaniment.noise import uniform
from engines.accompaniment.selection import Choice, Selector, Wishes
from engines.accompaniment.sheet import Sheet
from engines.accompaniment.styles import Styles
from engines.music.chance import Chance


class Blindfold(Selector):
    """Chooses any phrase that is long enough; what returns finds its donor again, as it does for the engine."""

    def choose(
        self, sheet: Sheet, wishes: Wishes, chance: Chance, takes: int, pool: int | None = None
    ) -> list[list[Choice]]:
        """Take by take, strain by strain."""
        return [self._drawn(sheet, chance.of("blind", take)) for take in range(takes)]

    def _drawn(self, sheet: Sheet, chance: Chance) -> list[Choice]:
        whole = self.fields(sheet, [PLAIN] * len(sheet.strains), Wishes())
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
