"""A stretch of a song as a song of its own."""

from __future__ import annotations

import pytest

from bridge.handlers.excerpt import excerpt
from engines.music.harmony import ChordTrack
from engines.music.notes import Control, Note
from engines.music.song import AudioClip, Marker, MidiClip, Placement, Section, Song, Take, Track
from engines.music.time import PPQ, MeterMap, TempoChange, TempoMap, Ticks

BAR = 4 * PPQ
SONG = Song(
    tracks=(
        Track(
            "Keys",
            (
                Placement(
                    Ticks(0),
                    Ticks(4 * BAR),
                    (
                        Take(
                            MidiClip(
                                Ticks(4 * BAR),
                                tuple(Note(Ticks(i * BAR), Ticks(BAR), 60 + i) for i in range(4)),
                                (Control(Ticks(0), 64, 127),),
                            )
                        ),
                    ),
                ),
                Placement(Ticks(4 * BAR), Ticks(BAR), (Take(AudioClip(Ticks(BAR), "loop.wav")),)),
            ),
        ),
    ),
    tempo=TempoMap((TempoChange(Ticks(0), 60.0, True), TempoChange(Ticks(4 * BAR), 180.0))),
    meter=MeterMap.of((0, "4/4"), (2 * BAR, "2/4")),
    chords=ChordTrack.of((0, "Am"), (2 * BAR, "F"), end=4 * BAR),
    sections=(Section("Verse", Ticks(0), Ticks(2 * BAR)), Section("Chorus", Ticks(2 * BAR), Ticks(2 * BAR))),
    markers=(Marker(Ticks(0), "chord:Am"), Marker(Ticks(2 * BAR), "hit")),
)


def test_the_whole_is_the_whole() -> None:
    whole = excerpt(SONG, 0, 5 * BAR)
    assert whole.tracks == SONG.tracks
    assert (whole.meter, whole.sections, whole.markers) == (SONG.meter, SONG.sections, SONG.markers)


def test_what_holds_where_it_begins_goes_on_holding() -> None:
    part = excerpt(SONG, BAR, 3 * BAR)
    keys = part.tracks[0].placements[0].clip
    assert isinstance(keys, MidiClip)
    assert [(note.start, note.pitch) for note in keys.notes] == [(0, 61), (BAR, 62)]
    assert keys.events == (Control(Ticks(0), 64, 127),)
    assert [(change.tick, str(change.meter)) for change in part.meter.changes] == [(0, "4/4"), (BAR, "2/4")]
    assert [(c.tick, str(c.chord)) for c in part.chords.changes] == [(0, "Am"), (BAR, "F")]  # type: ignore[union-attr]
    assert [(s.name, s.start, s.end) for s in part.sections] == [("Verse", 0, BAR), ("Chorus", BAR, 2 * BAR)]
    assert part.markers == (Marker(Ticks(0), "chord:Am"), Marker(Ticks(BAR), "hit"))


@pytest.mark.parametrize("tick", [BAR, BAR + 77, 2 * BAR, 3 * BAR])
def test_a_gliding_tempo_glides_on(tick: int) -> None:
    part = excerpt(SONG, BAR, 3 * BAR)
    assert part.tempo.qpm_at(tick - BAR) == pytest.approx(SONG.tempo.qpm_at(tick), rel=1e-6)
    assert part.tempo.seconds_at(tick - BAR) == pytest.approx(
        SONG.tempo.seconds_at(tick) - SONG.tempo.seconds_at(BAR), abs=1e-5
    )


def test_audio_is_cut_to_its_place() -> None:
    part = excerpt(SONG, 3 * BAR, 4 * BAR + PPQ)
    assert [place.clip.length for place in part.tracks[0].placements] == [BAR, PPQ]


def test_where_no_chord_sounds_there_are_none() -> None:
    assert excerpt(SONG, 4 * BAR, 5 * BAR).chords is None
