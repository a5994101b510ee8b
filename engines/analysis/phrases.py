"""Phrases: where they start, how long they are, and which of them share material, as in `i4A8A8B8A8o2`.

Two hearings judge every bar line (breaths in the melody, changes beneath it, repeats that begin or end there; then the
hypermeter and how copies of the same music are phrased), a search cuts the piece into lengths that phrases have, and
pairs of phrases are compared to give equal material equal letters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from engines.analysis.phrase_bars import Bars
from engines.analysis.phrase_context import chance, with_copies
from engines.analysis.phrase_cues import breaths
from engines.analysis.phrase_letters import letters
from engines.analysis.phrase_search import cut
from engines.analysis.phrase_tables import Hearing, PhraseTables, hear
from engines.analysis.score import Bools, Floats, Ints, Score
from engines.api import Phrase
from engines.errors import InvalidMusic
from engines.music.time import Ticks

__all__ = ["Phrase", "PhraseReading", "PhraseTables", "read_form", "segment", "settle"]

_SILENT = -6.0
"""Log-odds that a phrase starts inside a piece in which nothing sounds."""
_FORM = re.compile(r"([A-Za-z])([1-9][0-9]{0,4})")


@dataclass(frozen=True)
class PhraseReading:
    """The phrases of a piece, in order and without gaps, from its first full bar to its last."""

    phrases: tuple[Phrase, ...]

    @property
    def string(self) -> str:
        """`i4A8A8B8A8o2`."""
        return "".join(map(str, self.phrases))

    def phrase_at(self, bar: int) -> Phrase | None:
        """The phrase that a bar (from 1) belongs to; None before the first full bar and after the end."""
        return next((p for p in self.phrases if p.start_bar <= bar < p.start_bar + p.bars), None)


def read_form(text: str) -> tuple[tuple[str, int], ...]:
    """`A8A8B8` as letters and lengths."""
    parts = _FORM.findall(text)
    if not parts or "".join(letter + bars for letter, bars in parts) != text.strip():
        raise InvalidMusic(f"{text[:40]!r} is not a form.", "Write letters with lengths in bars, such as i4A8A8B8A8o2.")
    return tuple((letter, int(bars)) for letter, bars in parts)


def segment(score: Score, tables: PhraseTables, melody: int | None = None) -> PhraseReading:
    """Read the phrases of a piece. `melody` is the index of the melody track; without it the top line leads."""
    heard = hear(score, melody)
    return settle(heard, tables.evidence(heard), tables)


def settle(heard: Hearing, evidence: Floats, tables: PhraseTables) -> PhraseReading:
    """The phrases that follow from log-odds that one starts at each bar line."""
    bars = heard.bars
    if heard.material.silent:
        evidence = np.full(bars.n, _SILENT)
    evidence = with_copies(evidence, heard.echo)
    meters = np.flatnonzero(np.diff(bars.kind)) + 1
    borders = np.concatenate([[0], meters, [bars.n]])
    start = cut(evidence + tables.readiness, borders, tables.lengths)
    length = np.diff(np.append(start, bars.n))
    pickup = _pickups(bars, start)
    labels, sung = letters(heard.material, _own_melody(heard, start, pickup), start, length, tables.kinship)
    sure = chance(evidence)
    sure[borders[:-1]] = 1.0
    pickup = np.where(sung, pickup, 0)
    rows = zip((start + bars.first + 1).tolist(), length.tolist(), labels, sure[start], pickup.tolist(), strict=True)
    return PhraseReading(
        tuple(Phrase(bar, n, label, round(float(c), 3), Ticks(ticks)) for bar, n, label, c, ticks in rows)
    )


def _own_melody(heard: Hearing, start: Ints, pickup: Ints) -> Bools:
    """Bars in which melody plays that is not just the pickup to the next phrase."""
    own = heard.material.sung.copy()
    led = start[1:][pickup[1:] > 0]
    entry = heard.bars.lines[led] - pickup[1:][pickup[1:] > 0]
    notes = heard.bars.melody.notes.start
    own[led - 1] &= np.searchsorted(notes, heard.bars.lines[led - 1]) < np.searchsorted(notes, entry)
    return own


def _pickups(bars: Bars, start: Ints) -> Ints:
    """Ticks from the note after the longest breath near each phrase's bar line to that line, where it comes before."""
    _, at, _ = breaths(bars)
    length = bars.length[np.maximum(start - 1, 0)]
    ahead = np.where((at[start] < 0) & (at[start] > -1), np.rint(-at[start] * length), 0).astype(np.int64)
    ahead[0] = bars.pickup
    return ahead
