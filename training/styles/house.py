"""The *house* pack: our own patterns.

python -m training.styles.house presets/styles/house
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bridge.files import atomic
from engines.accompaniment.donors import Donor
from engines.accompaniment.packing import packed
from engines.accompaniment.pool import ANY
from engines.accompaniment.tape import Origin
from training.house_patterns import donors
from training.styles.papers import cc0

LICENCE = "CC0-1.0"
ABOUT = """\
Accompaniment patterns for piano, written for partimento by its authors and given to everyone under CC0 1.0 (LICENSE). They are
written down in training/house_patterns."""
SUITS_ANY = {
    "ballad-1", "ballad-2", "ballad-3", "ballad-4", "ballad-6", "pop-1", "pop-3", "pop-6", "soul-1", "folk-1",
    "folk-2", "stage-1", "cinematic-1", "minimal-1", "hymn-1", "foxtrot-1", "waltz-1", "waltz-3", "waltz-7", "waltz-8",
    "sixeight-1", "sixeight-2", "sixeight-4", "twelve-1", "twelve-2", "twelve-4", "twofour-1", "march-1", "sixfour-1",
    "sixfour-2", "threeeight-1", "threetwo-1", "threetwo-2", "nine-1", "five-1", "five-2", "five-4", "seven-2",
    "seven-4",
}  # fmt: skip
"""Patterns that may be chosen for any song, where no style is asked for."""


def main(words: Sequence[str] | None = None) -> None:
    """Write the pack."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("out", type=Path)
    args = parser.parse_args(words)
    origin = Origin(name="house", licence=LICENCE, attribution="partimento contributors")
    files = packed(args.out.name, ((_tagged(donor), 0) for donor in donors()), (origin,), adapts=True)
    papers = cc0(ABOUT, "python -m training.styles.house presets/styles/house")
    atomic.write_files(args.out, {**files, **papers})
    print({name: len(data) for name, data in files.items()})


def _tagged(donor: Donor) -> Donor:
    suits = donor.name.rpartition("/")[2] in SUITS_ANY
    return replace(donor, tags=(*donor.tags, ANY)) if suits else donor


if __name__ == "__main__":
    main()
