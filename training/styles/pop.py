"""The style *pop*: what the texture model heard in the accompaniments of POP909.

    python -m training.styles.pop DATA presets/styles/pop

The licence of POP909 covers its transcriptions, not the songs. So nothing of it is kept that a song could be told by: phrases
stand alone, in an order that is drawn, without names; instead of their notes there are latents and skeletons.
Only what the split calls train is heard.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np

from bridge import app
from bridge.files import atomic
from engines.accompaniment.donors import Donor
from engines.accompaniment.features import Floats
from engines.accompaniment.grid import LATENT, LONGEST_BAR, SHORTEST_BAR, STEP, Window
from engines.accompaniment.packing import Learned, packed
from engines.accompaniment.pool import ANY
from engines.accompaniment.tape import Ear, Origin
from engines.accompaniment.texture import MODEL, Texture
from engines.music.time import Meter, Ticks
from training.notes.pieces import SOURCES
from training.styles.archives import Recipe, donors
from training.styles.papers import learned
from training.styles.skeletons import excerpt, skeleton

RECIPE = Recipe(
    "pop909",
    ("PIANO",),
    "What the texture model heard in the piano parts of POP909 (MIT), the train part of the split in benchmarks/splits:\n"
    "rhythm skeletons, dynamics and latents of single phrases, without pitches, melodies and names.",
    lead=("MELODY", "CHORDS"),
)
SHORTEST, LONGEST = 2, 16
"""Bars of a phrase that is taken."""
FEWEST = 3.0
"""Notes a bar that a phrase has at least."""
ALIKE = 0.92
"""Of phrases of one song whose textures are closer than this, one is taken."""


class Heard:
    """Latents of donors, and of whom they are."""

    def __init__(self, texture: Texture) -> None:
        self._texture = texture
        self._known: dict[str, Floats] = {}
        self.ear = Ear(id=MODEL, sha256=texture.ear)

    def listen(self, donor: Donor) -> Floats:
        """[bars, latent]: every two bars; the last bar twice."""
        return self._texture.encode([window(donor, bar) for bar in range(len(donor.bars))])

    def keep(self, name: str, latents: Floats) -> None:
        """What was heard in the donor that is called so from now on."""
        self._known[name] = latents

    def of(self, donor: Donor) -> Floats:
        """What was kept."""
        return self._known[donor.name]


def window(donor: Donor, bar: int) -> Window:
    """Two bars from there on, or the last one twice."""
    parts = [excerpt(donor, b, 1) for b in (bar, min(bar + 1, len(donor.bars) - 1))]
    at = parts[0].lines[-1]
    strokes = (*parts[0].strokes, *(s._replace(tick=Ticks(s.tick + at)) for s in parts[1].strokes))
    return Window((parts[0].bars[0].bar, parts[1].bars[0].bar), strokes, parts[0].harmony)


def phrases(song: Donor, heard: Heard) -> Iterator[tuple[Donor, Floats]]:
    """The phrases of a song that can be read, are not nearly empty, and are unlike those before."""
    taken: list[Floats] = []
    for span in sorted(song.spans, key=lambda span: (-span.bars, span.bar)):
        mine = excerpt(song, span.bar, span.bars)
        if not SHORTEST <= span.bars <= LONGEST or len(mine.strokes) < FEWEST * span.bars or not readable(mine):
            continue
        latents = heard.listen(mine)
        if all(likeness(latents, other) < ALIKE for other in taken):
            taken.append(latents)
            yield mine, latents


def readable(donor: Donor) -> bool:
    """Whether its bars fit the grid, and its meter stays."""
    return all(map(fits, donor.bars)) and all(a == b for a, b in pairwise(donor.bars))


def fits(meter: Meter) -> bool:
    """Whether a bar fits the grid."""
    return meter.bar % STEP == 0 and SHORTEST_BAR <= meter.bar // STEP <= LONGEST_BAR


def likeness(one: Floats, other: Floats) -> float:
    """The mean cosine of what two phrases do bar by bar, as far as the shorter goes."""
    n = min(len(one), len(other))
    return float((one[:n] * other[:n]).sum() / (n * LATENT))


def shuffled(found: Sequence[tuple[Donor, Floats]]) -> list[tuple[Donor, Floats]]:
    """In an order that says nothing about where they are from, and is the same every time."""

    def key(pair: tuple[Donor, Floats]) -> bytes:
        return hashlib.sha256(np.round(pair[1], 2).tobytes()).digest()

    return sorted(found, key=key)


def main(words: Sequence[str] | None = None) -> None:
    """Write the pack."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--most", type=int)
    args = parser.parse_args(words)
    heard = Heard(Texture.open(app.shelves()))
    found = [pair for song in donors(args.data, RECIPE, args.most) for pair in phrases(song, heard)]
    made = []
    for number, (phrase, latents) in enumerate(shuffled(found)):
        name = f"pop/{number:04}"
        heard.keep(name, latents)
        made.append((replace(skeleton(phrase, name), tags=(ANY, "pop")), 0))
    source = next(one for one in SOURCES if one.archive == RECIPE.archive)
    origin = Origin(name=source.archive, licence=source.licence, attribution=source.attribution)
    files = packed(args.out.name, made, (origin,), learned=Learned(heard.ear, heard.of))
    papers = learned(RECIPE.about, source.archive, "python -m training.styles.pop DATA presets/styles/pop")
    atomic.write_files(args.out, {**files, **papers})
    print({name: len(data) for name, data in files.items()}, len(made), "phrases")


if __name__ == "__main__":
    main()
