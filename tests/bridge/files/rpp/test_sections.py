"""One item per part and section."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bridge.files.rpp.sections import split_by_sections
from engines.music.notes import Control, Note, Program
from engines.music.song import AudioClip, MidiClip, Placement, Section, Song, Take, Track
from engines.music.time import Ticks

BAR = 3840


def note(start: int, length: int, pitch: int = 60) -> Note:
    return Note(Ticks(start), Ticks(length), pitch)


def section(name: str, start: int, length: int) -> Section:
    return Section(name, Ticks(start), Ticks(length))


def song_of(placement: Placement, *sections: Section) -> Song:
    return Song((Track("Piano", (placement,)),), sections=sections)


def whole(length: int, *notes: Note, start: int = 0, clip: MidiClip | None = None) -> Placement:
    return Placement(Ticks(start), Ticks(length), (Take(clip or MidiClip(Ticks(length), notes)),))


VERSE, CHORUS = section("Verse", 0, 4 * BAR), section("Chorus", 4 * BAR, 4 * BAR)


def test_a_long_item_is_cut_where_the_form_turns() -> None:
    song = song_of(whole(8 * BAR, note(0, 960), note(4 * BAR, 960, 62)), VERSE, CHORUS)
    verse, chorus = split_by_sections(song).tracks[0].placements
    assert (verse.start, verse.length, verse.clip.name) == (0, 4 * BAR, "Piano Verse")
    assert (chorus.start, chorus.length, chorus.clip.name) == (4 * BAR, 4 * BAR, "Piano Chorus")
    assert isinstance(chorus.clip, MidiClip)
    assert chorus.clip.notes == (note(0, 960, 62),)


def test_a_note_over_the_edge_stays_whole_in_a_longer_item() -> None:
    song = song_of(whole(8 * BAR, note(4 * BAR - 480, 1920)), VERSE, CHORUS)
    placements = split_by_sections(song).tracks[0].placements
    assert [(p.start, p.length) for p in placements] == [(0, 4 * BAR + 1440)]
    assert list(placements[0].sounding_notes()) == [note(4 * BAR - 480, 1920)]


def test_a_new_item_begins_with_what_is_in_force() -> None:
    events = (Program(Ticks(0), 4), Control(Ticks(960), 64, 127), Control(Ticks(5 * BAR), 64, 0))
    clip = MidiClip(Ticks(8 * BAR), (note(0, 960),), events)
    _, chorus = split_by_sections(song_of(whole(8 * BAR, clip=clip), VERSE, CHORUS)).tracks[0].placements
    assert isinstance(chorus.clip, MidiClip)
    assert chorus.clip.events == (Program(Ticks(0), 4), Control(Ticks(0), 64, 127), Control(Ticks(BAR), 64, 0))


def test_every_take_is_cut_alike() -> None:
    takes = (
        Take(MidiClip(Ticks(8 * BAR), (note(0, 960),)), "plain", {"seed": "1"}),
        Take(MidiClip(Ticks(8 * BAR), (note(4 * BAR, 960),)), "busy"),
    )
    song = song_of(Placement(Ticks(0), Ticks(8 * BAR), takes, 1), VERSE, CHORUS)
    verse, chorus = split_by_sections(song).tracks[0].placements
    assert [take.name for take in verse.takes] == ["plain Verse", "busy Verse"]
    assert (verse.active, chorus.active, verse.takes[0].provenance) == (1, 1, {"seed": "1"})


def test_loops_audio_words_and_songs_without_sections_stay_as_they_are() -> None:
    looped = Placement(Ticks(0), Ticks(8 * BAR), (Take(MidiClip(Ticks(BAR), (note(0, 960),))),), looped=True)
    audio = Placement(Ticks(0), Ticks(8 * BAR), (Take(AudioClip(Ticks(8 * BAR), "a.wav")),))
    words = Placement(Ticks(0), Ticks(8 * BAR), (Take(MidiClip(Ticks(8 * BAR), name="Am7")),))
    for placement in (looped, audio, words):
        assert split_by_sections(song_of(placement, VERSE, CHORUS)).tracks[0].placements == (placement,)
    song = song_of(whole(8 * BAR, note(0, 960)))
    assert split_by_sections(song) is song


@given(
    st.lists(st.tuples(st.integers(0, 9000), st.integers(1, 4000), st.integers(40, 50)), max_size=20),
    st.lists(st.tuples(st.integers(0, 9000), st.integers(0, 5000)), max_size=5),
    st.integers(0, 2000),
    st.integers(1, 10_000),
    st.integers(1, 10_000),
)
def test_nothing_that_sounds_changes(
    notes: list[tuple[int, int, int]], spans: list[tuple[int, int]], start: int, length: int, clip_length: int
) -> None:
    clip = MidiClip(Ticks(clip_length), tuple(note(*n) for n in sorted(notes)))
    placement = Placement(Ticks(start), Ticks(length), (Take(clip),))
    song = song_of(placement, *(section(f"s{i}", *span) for i, span in enumerate(sorted(spans))))
    cut = split_by_sections(song)
    assert sorted(cut.tracks[0].notes()) == sorted(song.tracks[0].notes())
    assert split_by_sections(cut).tracks[0].notes() == cut.tracks[0].notes()
