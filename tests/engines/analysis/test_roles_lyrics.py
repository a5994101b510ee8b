"""Lyrics make a track sung, where they are words and stand on its notes."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from engines.analysis.roles_lyrics import sung_tracks
from engines.music.notes import Note, Text
from engines.music.song import MidiClip, Placement, Song, Take, Track
from engines.music.time import PPQ, Ticks

WORDS = ("Shall", "I", "com", "pare", "thee", "to", "a", "day")


def track(
    words: Sequence[str] = (), *, late: int = 0, kind: str = "lyric", muted: bool = False, start: int = 0
) -> Track:
    """Eight quarter notes; a word on each as far as the words go, `late` ticks behind its note."""
    notes = tuple(Note(Ticks(i * PPQ), Ticks(PPQ), 60 + i) for i in range(8))
    said = tuple(Text(Ticks(i * PPQ + late), word, kind) for i, word in enumerate(words))
    clip = MidiClip(Ticks(8 * PPQ), notes, said)
    return Track("", (Placement(Ticks(start), clip.length, (Take(clip),), muted=muted),))


def test_the_track_with_words_is_sung() -> None:
    assert sung_tracks(Song((track(), track(WORDS), track()))) == {1}


def test_a_choir_is_sung_by_all() -> None:
    assert sung_tracks(Song((track(WORDS), track(WORDS)))) == {0, 1}


def test_words_are_found_wherever_the_clip_stands() -> None:
    assert sung_tracks(Song((track(WORDS, start=3 * PPQ),))) == {0}


def test_a_word_may_stand_a_little_beside_its_note() -> None:
    assert sung_tracks(Song((track(WORDS, late=30),))) == {0}


@pytest.mark.parametrize(
    "silent",
    [
        track(("Am", "F7", "C/E", "Gsus4", "Am", "F7", "C/E", "Gsus4")),
        track(("chord:Am", "chord:nonsense") * 4),
        track(("C", "by", "me")),
        track(("", " ", "", " ", "", " ", "", " ")),
        track(WORDS, kind="text"),
        track(WORDS, late=PPQ // 2),
        track(WORDS, muted=True),
    ],
    ids=["chord symbols", "chord markers", "a remark", "blanks", "texts", "another's words", "muted"],
)
def test_what_only_looks_like_lyrics_is_not_sung(silent: Track) -> None:
    assert sung_tracks(Song((silent,))) == frozenset()
