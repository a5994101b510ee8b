"""Chords as one line of text, and what counts as a chord there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engines.music.test_chord_symbols import AS_WRITTEN, pairs
from tests.reaper.scripts.lua import Library

LIBRARY = Library()
WRITTEN = sorted({symbol for symbol, _ in pairs(AS_WRITTEN) if " " not in symbol})
SONG_WORDS = [
    "Verse", "Chorus", "Bridge", "Bass", "Drop", "Break", "Ending", "Fill", "Coda", "Fade", "Again", "Drums", "Guitar", "Foo",
    "Double", "Cello",
]  # fmt: skip


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


@given(st.sets(st.integers(0, 47), min_size=1, max_size=6), st.sampled_from([2, 3, 4, 6]))
def test_what_is_shown_reads_back_as_it_stood(places: set[int], beats: int) -> None:
    bar = [{"at": place / (12 * beats), "symbol": "Am7"} for place in sorted(places) if place < 12 * beats]
    code = """
    local text = require('lib.chord_text')
    local bars, beats = ...
    return text.parse(text.write(bars, beats))
    """
    (again,) = LIBRARY.run(code, [bar], [beats])
    assert [chord["at"] for chord in again] == pytest.approx([chord["at"] for chord in bar])
