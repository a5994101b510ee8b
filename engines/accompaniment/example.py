"""Like this clip of mine: what the musician plays is the donor."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from engines.accompaniment.borrowing import LONGEST, donor_of
from engines.accompaniment.donors import Donor, Span
from engines.accompaniment.pack import Pack, pack_of
from engines.accompaniment.packing import packed
from engines.accompaniment.tape import Origin
from engines.analysis.analyst import Tables, listen
from engines.api import Analysis, unheard
from engines.errors import EngineError, InvalidMusic
from engines.music.song import Song
from engines.music.time import Meter

NAME, LICENCE = "yours", "yours"
LIKE = "like:yours"
"""The word that its donor carries."""


def pack_like(clip: Song, tables: Tables) -> Pack:
    """A pack of one donor: the accompaniment in a clip, or all of it where it is nothing else."""
    heard = listen(clip, tables, None, None, unheard)
    donor = _donor(heard)
    spans = (*dict.fromkeys((*_runs(donor.bars), *donor.spans)),)
    donor = replace(donor, spans=spans, tune=(), tags=(LIKE,))
    return pack_of(packed(NAME, [(donor, 0)], (Origin(name=NAME, licence=LICENCE),), adapts=True))


def _donor(heard: Analysis) -> Donor:
    name, everybody = heard.song.name or NAME, {track.name for track in heard.song.tracks}
    for tracks in (None, everybody):
        try:
            return donor_of(heard, name, LICENCE, tracks=tracks)
        except EngineError:
            continue
    raise InvalidMusic(
        "There is nothing in the clip to play like.", "Give one with a bar of piano, guitar or the like."
    )


def _runs(bars: Sequence[Meter]) -> Iterator[Span]:
    """Bars of one meter in a row, as far as a phrase goes."""
    begin = 0
    for bar in range(1, len(bars) + 1):
        if bar == len(bars) or bars[bar] != bars[begin] or bar - begin == LONGEST:
            yield Span(begin, bar - begin)
            begin = bar
