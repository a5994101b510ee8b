"""Standard MIDI Files, 0 and 1: read and written without losing an event."""

from bridge.files.midi.edit import NoteEdit, add_track, edit_notes, replace_notes
from bridge.files.midi.reading import MidiReading, load, read_bytes, read_song
from bridge.files.midi.write import write_song

__all__ = [
    "MidiReading",
    "NoteEdit",
    "add_track",
    "edit_notes",
    "load",
    "read_bytes",
    "read_song",
    "replace_notes",
    "write_song",
]
