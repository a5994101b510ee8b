"""What the model makes of figures that return over other chords, beside the rules that draft them for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

import numpy as np

from engines.accompaniment.grid import LOWEST_KEY, Cue, Register, Window, steps_of
from engines.accompaniment.texture import CONTEXT, Texture
from engines.accompaniment.voicing import voiced
from training.texture.exam import F1, Notes, Share, struck, window_at
from training.texture.returns import draft, pairs
from training.texture.windows import Table


@dataclass(frozen=True)
class Return:
    """A figure, where it returns, and what the rules make of it there."""

    donor: Window
    target: Window
    draft: Notes

    def cue(self, *, drafted: bool = True) -> Cue:
        """What is asked for: the register of the draft, and as many notes as the donor has."""
        bars = steps_of(self.target.bars)
        begins = [0, *accumulate(bars)]
        inside = [[p for s, p in self.draft if a <= s < b] for a, b in pairwise(begins)]
        counts = np.bincount([s for s, _ in struck(self.donor)], minlength=sum(bars))
        register = tuple(Register.of(each) for each in inside)
        return Cue(
            self.target.bars,
            self.target.harmony,
            register,
            tuple(counts.tolist()),
            tuple(self.draft) if drafted else (),
        )


def figures(table: Table, most: int, seed: int = 7) -> list[Return]:
    """Figures drawn from all over."""
    found = list(pairs(table, seed))
    chosen = np.sort(np.random.default_rng(seed).permutation(len(found))[:most])
    out = []
    for donor, target in (found[i] for i in chosen.tolist()):
        notes = [(step, key + LOWEST_KEY) for step, key in draft(table, donor, target)]
        out.append(Return(window_at(table, donor), window_at(table, target), notes))
    return out


def judged_returns(texture: Texture, exam: Sequence[Return]) -> dict[str, float]:
    """F1 of pitches against what people played, and shares on the chord."""
    f1 = {name: F1() for name in ("returns, pitch", "returns, pitch, no draft", "returns, pitch, rules")}
    share = {name: Share() for name in ("returns, on the chord", "returns, on the chord, rules", "returns, people")}
    for at in range(0, len(exam), CONTEXT):
        part = exam[at : at + CONTEXT]
        latents = texture.encode([each.donor for each in part])
        for drafted in (True, False):
            cues = [each.cue(drafted=drafted) for each in part]
            for each, cue, said in zip(part, cues, texture.decode(latents, cues), strict=True):
                played = struck(replace(each.target, strokes=voiced(each.donor, cue, said)))
                f1["returns, pitch" if drafted else "returns, pitch, no draft"].add(played, struck(each.target))
                if drafted:
                    share["returns, on the chord"].add(played, each.target.harmony)
        for each in part:
            f1["returns, pitch, rules"].add(each.draft, struck(each.target))
            share["returns, on the chord, rules"].add(each.draft, each.target.harmony)
            share["returns, people"].add(struck(each.target), each.target.harmony)
    return {name: round(each.value, 4) for name, each in (*f1.items(), *share.items())}
