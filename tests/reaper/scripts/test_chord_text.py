"""Chords as one line of text, and what counts as a chord there."""

from __future__ import annotations

import pytest

from tests.engines.music.test_chord_symbols import AS_WRITTEN, NO_SYMBOLS, pairs
from tests.reaper.scripts.lua import Library

LIBRARY = Library()
WRITTEN = sorted({symbol for symbol, _ in pairs(AS_WRITTEN) if " " not in symbol})
SONG_WORDS = (
    "Verse Chorus Bridge Bass Drop Break Ending Fill Groove Coda Fade Again Drums Guitar Foo Double Cello".split()
)


def refused(text: str) -> str | None:
    """The word that is no chord; None where all are."""
    parsed = LIBRARY.run("return require('lib.chord_text').parse(...)", text)
    return parsed[1] if isinstance(parsed, tuple) else None


@pytest.mark.parametrize("symbol", [*WRITTEN, "Bb13(#9)", "F♯ø7", "E♭△7", "C/E", "Ab/Cb", "N.C.", "NC", "n.c."])
def test_what_the_bridge_reads_is_taken(symbol: str) -> None:
    assert refused(f"| {symbol} |") is None


@pytest.mark.parametrize("word", [*SONG_WORDS, "H7", "b7", "c", "c/e", "Hm", "%%", "7", "-7", "Cxyz", "C♥"])
def test_words_of_a_song_are_no_chords(word: str) -> None:
    assert refused(f"| C | {word} |") == word
