"""Chord symbols and keys as MusicXML states them."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from bridge.files.musicxml.text import first_text
from engines.errors import InvalidMusic
from engines.music.harmony import NO_CHORD, Chord, Degree, Key, Mode, Spelling, find_chord

# What each kind is called on a lead sheet.
KINDS = {
    "major": "",
    "minor": "m",
    "augmented": "aug",
    "diminished": "dim",
    "dominant": "7",
    "major-seventh": "maj7",
    "minor-seventh": "m7",
    "diminished-seventh": "dim7",
    "augmented-seventh": "7#5",
    "half-diminished": "m7b5",
    "major-minor": "mMaj7",
    "major-sixth": "6",
    "minor-sixth": "m6",
    "dominant-ninth": "9",
    "major-ninth": "maj9",
    "minor-ninth": "m9",
    "dominant-11th": "11",
    "major-11th": "maj11",
    "minor-11th": "m11",
    "dominant-13th": "13",
    "major-13th": "maj13",
    "minor-13th": "m13",
    "suspended-second": "sus2",
    "suspended-fourth": "sus4",
    "power": "5",
    "pedal": "no3no5",
    "Neapolitan": "",
    "Italian": "7no5",
    "French": "7b5",
    "German": "7",
    "Tristan": "m7b5",
}

_SIGNS = {-2: "bb", -1: "b", 0: "", 1: "#", 2: "##"}
_MINOR_LIKE = {"minor": 3, "aeolian": 3, "dorian": 2, "phrygian": 4, "locrian": 5, "lydian": -1, "mixolydian": 1}
"""How far a mode's tonic lies above the major tonic of the same signature, in fifths."""


def read_harmony(harmony: Element) -> Chord | None:
    """The chord of a `<harmony>`; None where it is none that we know."""
    kind = harmony.find("kind")
    name = (kind.text or "").strip() if kind is not None else ""
    shown = (kind.get("text") or "").strip() if kind is not None else ""
    if name == "none":
        return NO_CHORD
    root = _spelling(harmony, "root")
    if root is None:
        return None
    chord = find_chord(f"{root}{KINDS[name]}") if name in KINDS else find_chord(f"{root}{shown}")
    if chord is None or chord.root is None:
        return None
    try:
        altered = Chord(chord.root, _with_degrees(chord, harmony), chord.bass)
        bass = _spelling(harmony, "bass")
        return altered if bass is None else Chord(altered.root, altered.degrees, bass)
    except InvalidMusic:
        return None  # degrees that no chord can have


def _spelling(harmony: Element, what: str) -> Spelling | None:
    """Root or bass."""
    step, alter = first_text(harmony, f"{what}/{what}-step"), whole(first_text(harmony, f"{what}/{what}-alter"), 0)
    return Spelling(step, alter) if step in tuple("CDEFGAB") and alter in _SIGNS else None


def _with_degrees(chord: Chord, harmony: Element) -> tuple[Degree, ...]:
    """The chord's degrees after the `<degree>` elements have added, altered and taken away."""
    degrees = set(chord.degrees)
    for element in harmony.findall("degree"):
        number = whole(first_text(element, "degree-value"), 0)
        alter = whole(first_text(element, "degree-alter"), 0)
        here = {one for one in degrees if one.number == number}
        match first_text(element, "degree-type"):
            case "subtract":
                degrees -= here
            case "alter":
                usual = next(iter(here), _plain(number))
                degrees = (degrees - here) | {Degree(number, usual.alter + alter)}
            case _:
                degrees |= {Degree(number, _plain(number).alter + alter)}
    return tuple(degrees)


def _plain(number: int) -> Degree:
    """An unaltered degree, counted as in a dominant seventh chord: its seventh is minor."""
    return Degree(number, -1 if number == 7 else 0)


def read_key(key: Element) -> Key | None:
    """The key of a `<key>`; None where it is no ordinary signature."""
    words = first_text(key, "fifths")
    fifths, mode = whole(words, 99), first_text(key, "mode").lower()
    if abs(fifths) > 7:
        return None
    known = mode if mode in tuple(Mode) else "major"
    return Key(Spelling.from_fifths(fifths + _MINOR_LIKE.get(known, 0)), Mode(known))


def whole(words: str, otherwise: int) -> int:
    """A whole number, written with or without a point."""
    try:
        value = float(words[:16])
    except ValueError:
        return otherwise
    return int(value) if abs(value) < 1e9 else otherwise
