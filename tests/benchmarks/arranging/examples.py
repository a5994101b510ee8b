"""House songs as lead sheets."""

from __future__ import annotations

from pathlib import Path

from benchmarks.arranging.leads import Lead, lead_of
from bridge.files.loading import load
from engines.analysis.lead_sheet_chords import stated_chords
from engines.music.song import Song

SONGS = Path(__file__).parents[3] / "presets" / "songs"


def house(name: str) -> Lead:
    """One that is shipped."""
    song: Song = load(SONGS / f"{name}.mid").song
    stated = stated_chords(song)
    assert stated is not None
    return lead_of("house", name, song, song.tracks[0], stated.chords)
