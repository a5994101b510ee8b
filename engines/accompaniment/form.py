"""The phrases of the song: as the musician gave them, or as they were heard; cut to what there are donors for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from engines.accompaniment.sheet import Strain
from engines.analysis.phrases import read_form
from engines.api import Phrase
from engines.errors import InvalidMusic
from engines.music.time import MeterMap


def phrases_from(text: str, meter: MeterMap, bars: int) -> tuple[Phrase, ...]:
    """`A8A8B8` from the first full bar on; together they must be as long as the song."""
    first = 2 if meter.has_pickup() and bars > 1 else 1
    parts, whole = read_form(text), bars - first + 1
    total = sum(length for _, length in parts)
    if total != whole:
        shown = text if len(text) <= 40 else f"{text[:40]}…"
        raise InvalidMusic(
            f"The phrases {shown} are {total} bars long; the song has {whole}"
            + (" after its pickup." if first == 2 else "."),
            "Let the lengths add up to the song's, such as A8A8B8 for 24 bars.",
            path="phrases",
        )
    out, at = [], first
    for letter, length in parts:
        out.append(Phrase(at, length, letter))
        at += length
    return tuple(out)


def within(strains: Sequence[Strain], longest: Callable[[Strain], int]) -> tuple[Strain, ...]:
    """Strains no longer than a donor can be; what is longer is cut in even parts of whole bars, fours where they fit."""
    return tuple(part for strain in strains for part in _parts(strain, longest(strain)))


def _parts(strain: Strain, longest: int) -> Iterator[Strain]:
    left, at = strain.bars, strain.bar
    size = longest if longest < 4 else longest // 4 * 4
    part = 0
    while left > longest:
        # Parts of one letter are kinds of their own, so that the second half of A returns with the second half of A.
        yield Strain(f"{strain.label}{part}", at, size, ends=False)
        left, at, part = left - size, at + size, part + 1
    yield Strain(f"{strain.label}{part}" if part else strain.label, at, left, strain.ends)
