"""A piece of a given size, made by rule, for measuring speed: 200 bars, 10 tracks, 10,000 notes unless told otherwise."""

from __future__ import annotations

from engines.music.chance import Chance
from engines.music.harmony import ChordTrack
from engines.music.notes import Control, Note
from engines.music.song import MidiClip, Placement, Section, Song, Take, Track
from engines.music.time import MeterMap, TempoMap, Ticks

BAR = 3840
PROGRESSION = ((0, 4, 7), (9, 12, 16), (5, 9, 12), (7, 11, 14))
CHORDS_A = ("C", "Am7", "Dm7", "G7", "Em7", "A7", "Dm7", "G7")
CHORDS_B = ("F", "Fm6", "C/E", "A7", "Dm7", "D7", "G7sus4", "G7")
PLAYERS = (
    ("Vocals", 54), ("Piano", 0), ("Guitar", 25), ("Bass", 33), ("Strings", 48),
    ("Pad", 89), ("Arp", 81), ("Brass", 61), ("Counter", 68), ("Drums", 0),
)  # fmt: skip


def piece(bars: int = 200, tracks: int = 10, notes: int = 10_000) -> Song:
    """Verses and choruses of eight bars over four chords, every track with its share of the notes."""
    share = notes // tracks
    lanes = [_track(index, bars, share + (notes - share * tracks if index == 0 else 0)) for index in range(tracks)]
    sections = tuple(
        Section("Chorus" if i % 2 else "Verse", Ticks(8 * i * BAR), Ticks(min(8, bars - 8 * i) * BAR), "AB"[i % 2])
        for i in range((bars + 7) // 8)
    )
    return Song(tuple(lanes), TempoMap.constant(112), MeterMap(), sections=sections, name="House piece")


def lead_sheet(bars: int) -> Song:
    """A tune with chords: phrases of eight bars, A A B A, over two progressions; no two phrases are sung quite alike."""
    changes, notes = [], []
    for bar in range(bars):
        phrase = bar // 8
        letter = "AABA"[phrase % 4]
        changes.append((bar * BAR, (CHORDS_B if letter == "B" else CHORDS_A)[bar % 8]))
        luck = Chance(1).of("tune", letter, bar % 8).random()
        at = bar * BAR
        while at < (bar + 1) * BAR - (BAR // 4 if bar % 4 == 3 else 0):
            length = luck.choice((480, 480, 960, 1440))
            pitch = 67 + luck.choice((0, 2, 4, 5, 7)) + (2 if letter == "B" else 0) - (phrase % 3 == 2)
            notes.append(Note(Ticks(at), Ticks(min(length, (bar + 1) * BAR - at)), pitch, 84))
            at += length
    clip = MidiClip(Ticks(bars * BAR), tuple(notes))
    track = Track("MELODY", (Placement(Ticks(0), clip.length, (Take(clip),)),), "melody", 73)
    return Song((track,), TempoMap.constant(104), chords=ChordTrack.of(*changes, end=bars * BAR), name="House lead")


def _track(index: int, bars: int, count: int) -> Track:
    name, program = PLAYERS[index % len(PLAYERS)]
    drums = name == "Drums"
    luck = Chance(1).of(name, index).random()
    length = Ticks(bars * BAR)
    notes = []
    for i in range(count):
        start = i * bars * BAR // count // 240 * 240
        chord = PROGRESSION[start // BAR % 4]
        pitch = luck.choice((36, 38, 42, 46)) if drums else 36 + 12 * (index % 4) + luck.choice(chord)
        channel = 9 if drums else index if index < 9 else (index + 1) % 16
        notes.append(Note(Ticks(start), Ticks(luck.choice((230, 470, 900))), pitch, luck.randint(50, 110), channel))
    controls = tuple(Control(Ticks(bar * BAR), 11, 64 + bar % 60, notes[0].channel) for bar in range(0, bars, 4))
    clip = MidiClip(length, tuple(sorted(notes)), controls)
    return Track(name, (Placement(Ticks(0), length, (Take(clip),)),), program=program, channel=notes[0].channel)
