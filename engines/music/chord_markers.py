"""Telling chord symbols from the other words that stand on a timeline."""

from __future__ import annotations

import re

from engines.music.chords import Chord, find_chord

_PREFIX = re.compile(r"chord\s*:", re.IGNORECASE)
_REHEARSAL = re.compile(r"[A-Z][1-4ox]?")
"""A lone letter, or one with a small number: `A`, `B2`; and words such as `Go` and `Fx`. No chord is meant."""


def is_chord_marker(text: str, in_chord_track: bool = False) -> Chord | None:
    """The chord that a marker or text event names; None where it names none.

    `chord:Am7` is a chord whatever follows, and an error where that is no symbol. Without the prefix a chord needs a
    quality, a bass or an accidental (`Am`, `G7`, `C/E`, `Bb`, `N.C.`): a lone letter, and a letter with a number up to
    4, is a rehearsal mark. In a chord track every symbol counts.
    """
    words = text.strip()
    if prefix := _PREFIX.match(words):
        return Chord.parse(words[prefix.end() :].strip(), where=f"marker {words[:32]!r}")
    if in_chord_track:
        return find_chord(words)
    if not words[:1].isupper() or _REHEARSAL.fullmatch(words) or re.search(r"\s", words):
        return None
    return find_chord(words)
