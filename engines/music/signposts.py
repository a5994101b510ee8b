"""Markers read as a musician reads them: what names a section, what names a chord."""

from __future__ import annotations

from collections.abc import Sequence

from engines.music.chord_markers import is_chord_marker
from engines.music.song import Marker, Section
from engines.music.time import MeterMap, Ticks


def without_chords(markers: Sequence[Marker]) -> tuple[Marker, ...]:
    """The markers that name no chord."""
    return tuple(marker for marker in markers if is_chord_marker(marker.name) is None)


def sections_of(markers: Sequence[Marker], meter: MeterMap, end: int) -> tuple[Section, ...]:
    """The sections that markers name: each from a marker on a bar line to the next of its kind.

    Two of one name share material, so the name without its number is the label.
    """
    named = [
        marker
        for marker in without_chords(markers)
        if marker.name.strip() and marker.tick < end and meter.bar_start(meter.bar_at(marker.tick)) == marker.tick
    ]
    stops = [*(marker.tick for marker in named[1:]), Ticks(end)]
    return tuple(
        Section(marker.name.strip(), marker.tick, Ticks(stop - marker.tick), marker.name.rstrip(" 0123456789").strip())
        for marker, stop in zip(named, stops, strict=False)
        if stop > marker.tick
    )
