"""Track 0 of a MIDI file that we write: what holds for everybody."""

from __future__ import annotations

from collections.abc import Iterator

from bridge.files.midi.keys import key_messages
from bridge.files.midi.maps import METER, TEMPO
from bridge.files.midi.parts import MARKER, NAME, TEXT, WORDS
from bridge.files.midi.raw import END_OF_TRACK, META, RawTrack
from bridge.files.midi.text import clean, encode
from engines.music.notes import Text
from engines.music.song import Song
from engines.music.time import PPQ, Meter, TempoMap

RAMP_STEP = PPQ // 4
"""A MIDI file knows no gliding tempo: a ramp becomes steps of a sixteenth."""
_SLOWEST = 0xFFFFFF
"""Microseconds per quarter note that still fit into a tempo event."""


def text_message(kind: int, text: str) -> bytes:
    """A meta event that holds words."""
    return bytes((META, kind)) + encode(text)


def conductor(song: Song, end: int) -> RawTrack:
    """Name, meter, key, tempo, then section, chord and other markers; at one tick in this order."""
    rows = list(_rows(song, end))
    rows.sort(key=lambda row: row[0])  # stable
    last = max(end, rows[-1][0])
    return RawTrack((*(row[0] for row in rows), last), (*(row[1] for row in rows), END_OF_TRACK))


def _rows(song: Song, end: int) -> Iterator[tuple[int, bytes]]:
    if clean(song.name):
        yield 0, text_message(NAME, clean(song.name))
    for meter in song.meter.changes:
        yield meter.tick, _meter_message(meter.meter)
    for key in song.keys.changes if song.keys else ():
        yield from ((key.tick, message) for message in key_messages(key.key))
    for tick, microseconds in tempo_steps(song.tempo):
        yield tick, bytes((META, TEMPO)) + microseconds.to_bytes(3, "big")
    for section in song.sections:
        yield section.start, text_message(MARKER, clean(section.name))
    if song.chords:
        for chord in song.chords.changes:
            yield chord.tick, text_message(MARKER, f"chord:{chord.chord}")
        if song.chords.changes and song.chords.end is not None and song.chords.end < end:
            yield song.chords.end, text_message(MARKER, "chord:N.C.")
    for marker in song.markers:
        yield marker.tick, text_message(MARKER, clean(marker.name))


def _meter_message(meter: Meter) -> bytes:
    """Numerator, power of two, MIDI clocks (24 a quarter) in a metronome click, 32nds in a quarter."""
    clocks = max(1, min(255, meter.pulse * 24 // PPQ))
    return bytes((META, METER, meter.numerator, meter.denominator.bit_length() - 1, clocks, 8))


def tempo_steps(tempo: TempoMap) -> Iterator[tuple[int, int]]:
    """(tick, microseconds per quarter note) of every tempo event.

    Each step of a ramp lasts as long as the ramp does there. The rounding of one step is made good by the next, so that
    no border of a step is more than a microsecond off.
    """
    changes = tempo.changes
    for i, change in enumerate(changes):
        after = changes[i + 1] if i + 1 < len(changes) else None
        if after is None or not change.linear or after.qpm == change.qpm:
            yield change.tick, change.midi_tempo
            continue
        begin = tempo.seconds_at(change.tick)
        spent = 0  # in microseconds times ticks per quarter note
        for tick in range(change.tick, after.tick, RAMP_STEP):
            stop = min(tick + RAMP_STEP, after.tick)
            due = (tempo.seconds_at(stop) - begin) * 1e6 * PPQ
            step = max(1, min(_SLOWEST, round((due - spent) / (stop - tick))))
            spent += step * (stop - tick)
            yield tick, step


def words_message(text: Text) -> bytes:
    """A text event of a clip."""
    return text_message(WORDS.get(text.kind, TEXT), text.text)
