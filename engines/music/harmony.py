"""Harmony: keys and chords, as lead sheets name them and in time.

`Spelling` names a note, `Key` and `Mode` a key, `Chord` a chord; `KeyTrack` and `ChordTrack` place them in a piece.
"""

from __future__ import annotations

from engines.music.chord_markers import is_chord_marker
from engines.music.chord_track import ChordChange, ChordSpan, ChordTrack
from engines.music.chords import NO_CHORD, Chord, find_chord
from engines.music.degrees import Degree
from engines.music.keys import Key, KeyChange, KeyTrack, Mode
from engines.music.spelling import Spelling

__all__ = [
    "NO_CHORD",
    "Chord",
    "ChordChange",
    "ChordSpan",
    "ChordTrack",
    "Degree",
    "Key",
    "KeyChange",
    "KeyTrack",
    "Mode",
    "Spelling",
    "find_chord",
    "is_chord_marker",
]
