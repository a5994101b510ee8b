"""What a General MIDI program says about a track's role."""

from __future__ import annotations

_FAMILIES: tuple[tuple[range, dict[str, float], str], ...] = (
    (range(32, 40), {"bass": 2.5}, "a bass instrument"),
    (range(43, 44), {"bass": 2.0}, "a double bass"),
    (range(47, 48), {"bass": 0.5}, ""),
    (range(58, 59), {"bass": 1.0}, "a tuba"),
    (range(32), {"chords": 0.3}, ""),
    (range(48, 52), {"chords": 0.8}, "a string section"),
    (range(52, 55), {"chords": 0.3, "melody": 0.3}, ""),
    (range(56, 80), {"melody": 0.5, "counter": 0.5}, "a wind instrument"),
    (range(80, 88), {"melody": 0.5}, "a lead sound"),
    (range(88, 96), {"chords": 1.0}, "a pad sound"),
    (range(119, 128), {"melody": -3.0}, "a sound effect"),
)
"""Programs, what they speak for (in the units of the track scores), and what they are called."""

PADS = frozenset((*range(48, 55), *range(88, 96)))
"""Sounds that are made to be held."""
EFFECTS = frozenset(range(119, 128))
"""Reverse cymbals, birds, applause: sounds that accent and do not sing."""


def said_by_program(program: int | None) -> tuple[dict[str, float], str]:
    """Evidence for plain roles, and a name for the kind of instrument. Program 0 is often just a default: it says little."""
    for programs, evidence, words in _FAMILIES:
        if program is not None and program in programs:
            return evidence, words
    return {}, ""
