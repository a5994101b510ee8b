"""Writing a song as a MIDI file: type 1, 960 ticks per quarter note; the same song gives the same bytes.

Notes that overlap on one key of one channel in one track are stored as they are. A reader that lets the first end
first, as ours does, exchanges their ends where one lies wholly inside the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bridge.files.midi.bytes import write_midi
from bridge.files.midi.conductor import conductor, text_message, words_message
from bridge.files.midi.notes import event_message
from bridge.files.midi.parts import NAME
from bridge.files.midi.raw import END_OF_TRACK, MAX_TRACKS, META, RawMidi, RawTrack
from bridge.files.midi.seats import Player, Seat, seats
from bridge.files.midi.text import clean
from engines.errors import InvalidMusic
from engines.music.notes import Control, Event, Note, Program, Text
from engines.music.song import MidiClip, Placement, Song, Track
from engines.music.time import PPQ

_HEAD, _OFF, _EVENT, _ON = range(4)
"""At one tick: names, then what ends, then what shapes the sound, then what begins."""
_PORT = 0x21
_BANK = (0, 32)


def write_song(song: Song) -> bytes:
    """The song as a file. Muted tracks and places are silent in it; audio has no place in it."""
    return write_midi(raw_song(song))


def raw_song(song: Song) -> RawMidi:
    """The song as raw events: the conductor's track, then one for each track of the song, all ending with a bar."""
    if len(song.tracks) >= MAX_TRACKS:
        raise InvalidMusic(f"The song has {len(song.tracks)} tracks.", f"A MIDI file has room for {MAX_TRACKS - 1}.")
    end = song.meter.bar_end(song.bars)
    music = [(_notes(track), _events(track)) for track in song.tracks]
    places = seats([_player(track, *each) for track, each in zip(song.tracks, music, strict=True)])
    tracks = [
        _track(track, notes, events, seat, end)
        for track, (notes, events), seat in zip(song.tracks, music, places, strict=True)
    ]
    return RawMidi(1, PPQ, (conductor(song, end), *tracks))


def _notes(track: Track) -> Sequence[Note]:
    """What is heard, in song ticks. Of notes that begin together on a key the shorter comes first, as it ends first."""
    if track.muted:
        return ()
    notes = _untouched(track)
    if notes is None:
        notes = track.notes()
    keys = {(note.start, note.pitch, note.channel) for note in notes}
    return notes if len(keys) == len(notes) else sorted(notes, key=lambda note: (note.start, note.length))


def _untouched(track: Track) -> tuple[Note, ...] | None:
    """The notes of a single clip that sounds whole from tick 0: most tracks of a file that was read."""
    if len(track.placements) != 1:
        return None
    place = track.placements[0]
    clip = place.clip
    if place.start or place.looped or place.muted or not isinstance(clip, MidiClip):
        return None
    last = min(clip.length, place.end)
    whole = all(note.start < last and note.start + note.length <= place.end for note in clip.notes)
    return clip.notes if whole else None


def _events(track: Track) -> list[tuple[int, Event]]:
    """Everything that is not a note, with its song tick; one at the very end of a place still takes effect."""
    rows = [row for place in track.placements for row in _events_of(place) if not track.muted]
    if len(track.placements) > 1:
        rows.sort(key=lambda row: row[0])
    return rows


def _events_of(place: Placement) -> Iterator[tuple[int, Event]]:
    clip = place.clip
    if place.muted or not isinstance(clip, MidiClip):
        return
    origin = int(place.start)
    while origin < place.end:
        for event in clip.events:
            tick = origin + event.tick
            if tick > place.end or event.tick > clip.length or (place.looped and event.tick == clip.length):
                break
            yield tick, event
        if not place.looped or clip.length <= 0:
            return
        origin += clip.length


def _player(track: Track, notes: Sequence[Note], events: Sequence[tuple[int, Event]]) -> Player:
    """Which channels a track wants. A track on channel 0 throughout is taken to leave the choice to `Track.channel`."""
    program = track.program
    used = {note.channel for note in notes}
    for _, event in events:
        if not isinstance(event, Text):
            used.add(event.channel)
            if program is None and isinstance(event, Program):
                program = event.program
    return Player(tuple(sorted(used)) if len(used) > 1 or used - {0} else (track.channel,), program)


def _track(track: Track, notes: Sequence[Note], events: Sequence[tuple[int, Event]], seat: Seat, end: int) -> RawTrack:
    rows: list[tuple[int, int, int, bytes]] = []
    add = rows.append
    if clean(track.name):
        add((0, _HEAD, 0, text_message(NAME, clean(track.name))))
    if seat.port:
        add((0, _HEAD, 1, bytes((META, _PORT, seat.port))))
    for order, (tick, message) in enumerate(_messages(track, events, seat)):
        add((tick, _EVENT, order, message))
    places = [_channel(seat, channel) for channel in range(16)]
    for order, note in enumerate(notes):
        tick, channel, pitch = note.start, places[note.channel], note.pitch
        add((tick, _ON, order, bytes((0x90 | channel, pitch, note.velocity))))
        add((tick + note.length, _OFF, order, bytes((0x80 | channel, pitch, note.release))))
    rows.sort()
    ticks, messages = [row[0] for row in rows], [row[3] for row in rows]
    return RawTrack((*ticks, max(end, ticks[-1]) if ticks else end), (*messages, END_OF_TRACK))


def _channel(seat: Seat, channel: int) -> int:
    """Where music on a channel goes: a track with a single channel goes where its seat is, whatever its notes say."""
    return seat.channels[channel] if channel in seat.channels else next(iter(seat.channels.values()))


def _messages(track: Track, events: Sequence[tuple[int, Event]], seat: Seat) -> list[tuple[int, bytes]]:
    """The events as they are stored, and the track's program where its events do not begin with it."""
    rows = [
        (tick, words_message(event) if isinstance(event, Text) else event_message(event, _channel(seat, event.channel)))
        for tick, event in events
    ]
    stated = next((event.program for _, event in events if isinstance(event, Program)), None)
    if track.program is not None and track.program != stated:
        banks = 0  # a program takes the bank that was chosen before it
        while banks < len(events) and _chooses_bank(*events[banks]):
            banks += 1
        rows.insert(banks, (0, bytes((0xC0 | next(iter(seat.channels.values())), track.program))))
    return rows


def _chooses_bank(tick: int, event: Event) -> bool:
    return tick == 0 and isinstance(event, Control) and event.controller in _BANK
