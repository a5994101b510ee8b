"""Chords that a file states: in a chord track, in markers, or as block chords that a track plays.

Looked for in this order. A *chord track* is a track named Chords: empty items named by their symbol, texts, or block chords.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from engines.analysis.lead_sheet_names import name_chord
from engines.errors import UnknownChord
from engines.music.harmony import Chord, ChordChange, ChordTrack, Key, KeyTrack, is_chord_marker
from engines.music.notes import Note, Text
from engines.music.song import MidiClip, Song, Track
from engines.music.time import PPQ, MeterMap, Ticks

CHORD_TRACK, MARKERS, BLOCK_CHORDS = "chord track", "markers", "block chords"
"""What a report says of the source."""

TOGETHER = PPQ // 16
"""How far the onsets of one block may lie apart."""
ENDS_TOGETHER = PPQ // 8
"""Likewise its ends: fingers leave the keys less evenly than they strike them."""
MOSTLY = 0.8
"""The share of a track's notes that stand in blocks, for it to count as block chords."""
FEWEST = 2
"""Fewer blocks than these are no harmony."""


@dataclass(frozen=True, slots=True)
class StatedChords:
    """The chords that a file states, and where."""

    chords: ChordTrack
    source: str
    """`chord track`, `markers` or `block chords`."""
    track: int | None = None
    """The track that states them."""
    unread: tuple[str, ...] = ()
    """What stands among them and is no chord symbol: slips of the pen in a chord track, `chord:` before nonsense."""
    rehearsal: tuple[str, ...] = ()
    """Lone letters among chord markers, which were taken as rehearsal marks."""


def stated_chords(song: Song) -> StatedChords | None:
    """The chords that a song states, by the first of the three ways that it uses; None where it states none."""
    if song.chords is not None and len(song.chords):
        return StatedChords(song.chords, CHORD_TRACK)
    found = None
    for index, track in enumerate(song.tracks):
        if found is None and is_chord_track(track):
            found = _chord_track(song, index, track)
    return found or _markers(song) or _block_track(song)


def is_chord_track(track: Track) -> bool:
    """Whether a track is named *Chords*."""
    return track.name.strip().casefold() == "chords" and not track.muted


def read_symbols(
    rows: Iterable[tuple[int, str]], end: int, *, in_chord_track: bool, source: str, track: int | None = None
) -> StatedChords | None:
    """Chords from words and where they stand, such as the texts of a chord track that has no notes."""
    changes: dict[int, ChordChange] = {}
    unread, letters = [], []
    for tick, text in sorted(rows, key=lambda row: row[0]):
        try:
            chord = is_chord_marker(text, in_chord_track)
        except UnknownChord:  # `chord:` before something else; told with the result instead of ending the work
            unread.append(text.strip())
            continue
        if chord is not None:
            changes[max(0, tick)] = ChordChange(Ticks(max(0, tick)), chord)
        elif in_chord_track and text.strip():
            unread.append(text.strip())
        elif text.strip() in tuple("ABCDEFG"):
            letters.append(text.strip())
    if not changes:
        return None
    return StatedChords(_track_of(changes.values(), end), source, track, tuple(unread), tuple(letters))


def _track_of(changes: Iterable[ChordChange], end: int) -> ChordTrack:
    rows = tuple(changes)
    return ChordTrack(rows, Ticks(max(end, rows[-1].tick + 1))) if rows else ChordTrack()


def _chord_track(song: Song, index: int, track: Track) -> StatedChords | None:
    rows: list[tuple[int, str]] = []
    for place in track.placements:
        take, clip = place.takes[place.active], place.clip
        if place.muted or not isinstance(clip, MidiClip):
            continue
        rows += [(place.start + e.tick, e.text) for e in clip.events if isinstance(e, Text) and e.tick < place.length]
        name = (clip.name or take.name).strip()
        if not clip.notes and name:
            rows.append((place.start, name))
    said = read_symbols(rows, _end(song), in_chord_track=True, source=CHORD_TRACK, track=index)
    if said is not None:
        return said
    chords = block_chords(track.notes(), song.meter, song.keys, _end(song), mostly=0.0)
    return StatedChords(chords, CHORD_TRACK, index) if chords is not None else None


def _markers(song: Song) -> StatedChords | None:
    rows = [(int(marker.tick), marker.name) for marker in song.markers]
    return read_symbols(rows, _end(song), in_chord_track=False, source=MARKERS)


def _block_track(song: Song) -> StatedChords | None:
    """The track of block chords that says most; where several say the same much, the first."""
    best: StatedChords | None = None
    for index, track in enumerate(song.tracks):
        if track.muted:
            continue
        chords = block_chords(track.notes(), song.meter, song.keys, _end(song))
        if chords is not None and (best is None or len(chords) > len(best.chords)):
            best = StatedChords(chords, BLOCK_CHORDS, index)
    return best


def block_chords(
    notes: Sequence[Note], meter: MeterMap, keys: KeyTrack | None, end: int, *, mostly: float = MOSTLY
) -> ChordTrack | None:
    """The chords of a part that plays blocks: three notes or more that start and end together.

    None where fewer than `mostly` of its notes stand in blocks. A chord holds until the next; repeated ones are merged.
    """
    pitched = [note for note in notes if not note.is_drum]
    blocks = [block for block in _groups(pitched) if _is_block(block)]
    if len(blocks) < FEWEST or sum(map(len, blocks)) < mostly * len(pitched):
        return None
    changes: dict[int, ChordChange] = {}
    last: Chord | None = None
    for block in blocks:
        tick = _beat_near(block, meter)
        chord = name_block(block, None if keys is None else keys.at(tick))
        if chord != last:
            changes[tick] = ChordChange(Ticks(tick), chord)
        last = chord
    return _track_of((changes[tick] for tick in sorted(changes)), end)


def name_block(block: Sequence[Note], key: Key | None = None) -> Chord:
    """The chord of notes that sound together; the lowest is the bass."""
    return name_chord((note.pitch % 12 for note in block), min(note.pitch for note in block) % 12, key)


def _groups(notes: Sequence[Note]) -> list[list[Note]]:
    groups: list[list[Note]] = []
    for note in sorted(notes):
        if groups and note.start - groups[-1][0].start <= TOGETHER:
            groups[-1].append(note)
        else:
            groups.append([note])
    return groups


def _is_block(group: Sequence[Note]) -> bool:
    if len({note.pitch % 12 for note in group}) < 3:
        return False
    ends = Counter(round(note.end / ENDS_TOGETHER) for note in group)
    common = ends.most_common(1)[0][0]
    return all(abs(note.end - common * ENDS_TOGETHER) <= ENDS_TOGETHER for note in group)


def _beat_near(block: Sequence[Note], meter: MeterMap) -> int:
    """The earliest onset of a block, drawn to an eighth of the bar's grid where it is only played a little off it."""
    tick = max(0, min(note.start for note in block))
    step = min(meter.meter_at(tick).pulse, PPQ) // 2
    start = meter.bar_start(meter.bar_at(tick + TOGETHER))
    near = start + (2 * (tick - start) + step) // (2 * step) * step
    return int(near) if abs(near - tick) <= TOGETHER else tick


def _end(song: Song) -> int:
    """The bar line that closes the piece; chords may reach as far as the music does, and markers further."""
    last = max(song.end, max((section.end for section in song.sections), default=0))
    return int(song.meter.bar_end(song.meter.bars_until(last)))
