"""Placements sound as REAPER's items do: looped, cut, muted, one take at a time."""

from __future__ import annotations

import pytest

from engines.errors import InvalidMusic
from engines.music.notes import Note
from engines.music.song import AudioClip, MidiClip, Placement, Song, Take, Track
from engines.music.time import Ticks

BAR = MidiClip(Ticks(3840), (Note(Ticks(0), Ticks(960), 60), Note(Ticks(1920), Ticks(3000), 64)), name="bar")


def place(clip: MidiClip | AudioClip, start: int, length: int, looped: bool = False) -> Placement:
    return Placement(Ticks(start), Ticks(length), (Take(clip),), looped=looped)


def test_a_placement_sounds_where_it_stands_and_no_longer() -> None:
    sounding = list(place(BAR, 3840, 3840).sounding_notes())
    assert [(n.start, n.end) for n in sounding] == [(3840, 4800), (5760, 7680)]


def test_a_loop_repeats_until_its_place_ends() -> None:
    sounding = list(place(BAR, 0, 2 * 3840 + 960, looped=True).sounding_notes())
    assert [n.start for n in sounding] == [0, 1920, 3840, 5760, 7680]
    assert sounding[-1].end == 8640


def test_an_empty_loop_does_not_hang() -> None:
    assert list(place(MidiClip(Ticks(0)), 0, 9600, looped=True).sounding_notes()) == []


def test_audio_and_muted_places_have_no_notes() -> None:
    assert list(place(AudioClip(Ticks(960), "take.wav"), 0, 960).sounding_notes()) == []
    assert list(Placement(Ticks(0), Ticks(960), (Take(BAR),), muted=True).sounding_notes()) == []


def test_only_the_active_take_sounds() -> None:
    other = MidiClip(Ticks(3840), (Note(Ticks(0), Ticks(960), 72),))
    chosen = Placement(Ticks(0), Ticks(3840), (Take(BAR), Take(other)), active=1)
    assert [n.pitch for n in chosen.sounding_notes()] == [72]
    with pytest.raises(InvalidMusic):
        Placement(Ticks(0), Ticks(1), (Take(BAR),), active=1)
    with pytest.raises(InvalidMusic):
        Placement(Ticks(0), Ticks(1), ())


def test_a_song_finds_its_tracks_and_its_end() -> None:
    song = Song((Track("Bass", (place(BAR, 3840, 3840), place(BAR, 0, 3840))), Track("Empty")))
    assert song.end == 7680
    assert song.bars == 2
    bass = song.track("BASS")
    assert bass is not None
    assert [n.start for n in bass.notes()] == [0, 1920, 3840, 5760]
    assert song.track("Oboe") is None
    assert Song().bars == 1
