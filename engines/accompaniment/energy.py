"""How full a phrase should be: a curve over the song, in words a musician would use from sparse (0) to full (1)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engines.accompaniment.sheet import Sheet, Strain

QUIET, PLAIN = 0.45, 0.62
"""What an intro and what a plain verse ask for: people play sixteen notes in a bar of four."""
_RISE = 0.12
"""How much fuller the last return of a letter is than its first."""


def energies(sheet: Sheet, density: float) -> list[float]:
    """The energy of every strain. A tune that sits high and moves asks for more; intros and outros ask for less; what
    returns comes back a little fuller. `density` moves the whole.
    """
    rows = [_tune(sheet, strain) for strain in sheet.strains]
    known = np.array([row for row in rows if row is not None]).reshape(-1, 2)
    mean, spread = known.mean(axis=0) if len(known) else 0, (known.std(axis=0) if len(known) else 0) + 1e-6
    out, seen, total = [], dict[str, int](), _counts(sheet.strains)
    for strain, row in zip(sheet.strains, rows, strict=True):
        energy = (
            QUIET if row is None else PLAIN + 0.15 * float(np.clip((np.array(row) - mean) / spread, -1.5, 1.5).mean())
        )
        nth = seen.get(strain.label, 0)
        energy += _RISE * nth / max(total[strain.label] - 1, 1)
        seen[strain.label] = nth + 1
        out.append(round(float(np.clip(energy + (density - 0.5), 0.0, 1.0)), 3))
    return out


def _tune(sheet: Sheet, strain: Strain) -> tuple[float, float] | None:
    """Mean pitch and notes a quarter of the tune; None where it is silent."""
    begin, end = sheet.lines[strain.bar], sheet.lines[strain.bar + strain.bars]
    notes = [note for note in sheet.tune if begin <= note.start < end]
    if len(notes) < 2:
        return None
    return sum(n.pitch for n in notes) / len(notes), len(notes) * 960 / (end - begin)


def _counts(strains: Sequence[Strain]) -> dict[str, int]:
    out: dict[str, int] = {}
    for strain in strains:
        out[strain.label] = out.get(strain.label, 0) + 1
    return out
