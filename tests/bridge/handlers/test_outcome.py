"""Names and files of what a result writes."""

from __future__ import annotations

import io

import mido
import pytest

from bridge.handlers.outcome import clip_file, track_key
from engines.music.notes import Control, Note, Program
from engines.music.song import MidiClip, Track
from engines.music.time import PPQ, Ticks


@pytest.mark.parametrize(
    ("name", "key"),
    [("Piano", "2-piano"), ("Strings & Pad 1", "2-strings-pad-1"), ("Größe", "2-gr-e"), ("弦", "2-part")],
)
def test_a_key_is_plain_letters(name: str, key: str) -> None:
    assert track_key(name, 2) == key


def read(clip: MidiClip, track: Track) -> mido.MidiTrack:
    (only,) = mido.MidiFile(file=io.BytesIO(clip_file(clip, track))).tracks
    return only


def test_a_clip_keeps_its_notes_controllers_channel_and_length() -> None:
    notes = (Note(Ticks(0), Ticks(PPQ), 60, 90), Note(Ticks(PPQ), Ticks(3 * PPQ), 64, 80))
    clip = MidiClip(Ticks(4 * PPQ), notes, (Control(Ticks(10), 64, 127),))
    messages = [message for message in read(clip, Track("Piano", program=0, channel=1)) if not message.is_meta]
    assert [m.type for m in messages] == ["note_on", "control_change", "note_off", "note_on", "note_off"]
    assert {m.channel for m in messages} == {1}
    assert sum(message.time for message in read(clip, Track("Piano"))) == 4 * PPQ


def test_drums_are_on_their_channel_and_an_empty_clip_is_as_long_as_it_is() -> None:
    hit = MidiClip(Ticks(PPQ), (Note(Ticks(0), Ticks(10), 36, 90, 9),))
    assert {m.channel for m in read(hit, Track("Drums", channel=9)) if not m.is_meta} == {9}
    assert sum(message.time for message in read(MidiClip(Ticks(7 * PPQ)), Track("Rest"))) == 7 * PPQ


def test_a_track_that_is_muted_or_has_a_program_writes_the_same_clip() -> None:
    clip = MidiClip(Ticks(PPQ), (Note(Ticks(0), Ticks(10), 60),), (Program(Ticks(0), 5),))
    assert clip_file(clip, Track("A", program=9, muted=True)) == clip_file(clip, Track("A"))
