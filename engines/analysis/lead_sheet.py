"""From an arrangement to its lead sheet: the tune, the chords, the keys, and the form."""

from __future__ import annotations

from engines.analysis.melody import Melody
from engines.errors import UnknownChord
from engines.music.harmony import ChordTrack, KeyTrack, is_chord_marker
from engines.music.notes import Note
from engines.music.song import Marker, MidiClip, Placement, Section, Song, Take, Track
from engines.music.time import Ticks

MELODY_TRACK = "MELODY"


def extract_lead_sheet(
    song: Song,
    melody: Melody,
    chords: ChordTrack | None = None,
    keys: KeyTrack | None = None,
    sections: tuple[Section, ...] = (),
) -> Song:
    """The lead sheet of a song: one track with its melody; chords, keys and sections beside it; tempo and meter as they were.

    What is not given is taken from the song. Markers that only name chords are left out: the chords say the same.
    """
    end = max(int(song.end), max((int(note.end) for note in melody.notes), default=0))
    length = song.meter.bar_end(song.meter.bars_until(end))
    clip = MidiClip(length, tuple(_on_one_channel(note) for note in melody.notes), name=MELODY_TRACK)
    track = Track(
        MELODY_TRACK,
        (Placement(Ticks(0), length, (Take(clip, MELODY_TRACK),)),),
        role="melody",
        program=None if melody.track is None else song.tracks[melody.track].program,
    )
    return Song(
        (track,),
        song.tempo,
        song.meter,
        keys if keys is not None else song.keys,
        chords if chords is not None else song.chords,
        sections or song.sections,
        tuple(marker for marker in song.markers if not _names_a_chord(marker)),
        song.name,
    )


def _on_one_channel(note: Note) -> Note:
    return note if note.channel == 0 else Note(note.start, note.length, note.pitch, note.velocity, 0, note.release)


def _names_a_chord(marker: Marker) -> bool:
    try:
        return is_chord_marker(marker.name) is not None
    except UnknownChord:  # a slip after `chord:` stays where the musician can see it
        return False
