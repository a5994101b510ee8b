"""Naming a chord that is played: from the notes that sound together to the symbol a lead sheet would have."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from engines.music.harmony import NO_CHORD, Chord, Degree, Key, Spelling

_QUALITIES = {
    "": "5",
    "m": "5",
    "7": "5",
    "maj7": "5",
    "m7": "5",
    "sus4": "",
    "dim": "",
    "m7b5": "",
    "6": "5",
    "m6": "5",
    "dim7": "",
    "aug": "",
    "7sus4": "5",
    "sus2": "",
    "9": "5",
    "maj9": "5",
    "m9": "5",
    "add9": "5",
    "madd9": "5",
    "69": "5",
    "m69": "5",
    "mMaj7": "5",
    "7b9": "5",
    "7#9": "5",
    "7#5": "",
    "7b5": "",
    "maj7#11": "5",
    "7#11": "5",
    "maj7#5": "",
    "9sus4": "5",
    "13": "5 9",
    "maj13": "5 9",
    "m11": "5 9",
    "m13": "5 9 11",
    "7b13": "5",
    "7b9b13": "5",
    "13b9": "5",
    "13sus4": "5 9",
    "mMaj9": "5",
    "9#11": "5",
    "5": "",
}
"""Qualities, the more usual first, and the degrees that players leave out of them."""

_EXTRA = {
    1: Degree(9, -1),
    2: Degree(9),
    3: Degree(9, 1),
    4: Degree(3),
    5: Degree(11),
    6: Degree(11, 1),
    7: Degree(5),
    8: Degree(13, -1),
    9: Degree(13),
    10: Degree(7, -1),
    11: Degree(7),
}
"""What a tone is called that no quality explains, by its distance above the root."""

_MISSING, _OMITTED, _ADDED, _UNUSUAL = 3.0, 0.3, 1.6, 0.04
_TURNED, _FOREIGN_BASS = 0.9, 1.2
_MINOR_ROOTS = {1: Spelling("C", 1), 8: Spelling("G", 1)}
"""C sharp and G sharp minor are written so; with a major third they are D flat and A flat."""


@dataclass(frozen=True)
class _Quality:
    chord: Chord
    """On C."""
    needed: frozenset[int]
    optional: frozenset[int]
    cost: float


@lru_cache(maxsize=1)
def _qualities() -> tuple[_Quality, ...]:
    out = []
    for rank, (text, left_out) in enumerate(_QUALITIES.items()):
        chord = Chord.parse(f"C{text}")
        numbers = {int(number) for number in left_out.split()}
        optional = frozenset(one.semitones % 12 for one in chord.degrees if one.number in numbers)
        out.append(_Quality(chord, frozenset(chord.tones) - optional, optional, rank * _UNUSUAL))
    return tuple(out)


def name_chord(pitch_classes: Iterable[int], bass_pc: int, key: Key | None = None) -> Chord:
    """The chord that these pitch classes make over this bass, spelled as the key would have it.

    Nothing that sounds is dropped: what no usual quality explains is added by name. Fifths, and ninths below a thirteenth,
    are taken as meant when they are missing. Fewer than two pitch classes are no chord.
    """
    sounding = frozenset(pc % 12 for pc in pitch_classes) | {bass_pc % 12}
    return _name(sounding, bass_pc % 12, key)


@lru_cache(maxsize=4096)
def _name(sounding: frozenset[int], bass: int, key: Key | None) -> Chord:
    if len(sounding) < 2:
        return NO_CHORD
    best: tuple[float, int, _Quality] | None = None
    for root in sorted(sounding, key=lambda pc: (pc - bass) % 12):
        above = frozenset((pc - root) % 12 for pc in sounding)
        for quality in _qualities():
            cost = _cost(above, (bass - root) % 12, quality)
            if best is None or cost < best[0] - 1e-9:
                best = cost, root, quality
    assert best is not None  # the bass itself is always tried as a root
    _, root, quality = best
    return _spelled(sounding, bass, root, quality.chord, key)


def _cost(above: frozenset[int], bass: int, quality: _Quality) -> float:
    tones = quality.needed | quality.optional
    foreign = bass not in tones
    extra = len(above - tones - {bass}) if foreign else len(above - tones)
    cost = quality.cost + _MISSING * len(quality.needed - above) + _OMITTED * len(quality.optional - above)
    return cost + _ADDED * extra + (_FOREIGN_BASS if foreign else _TURNED if bass else 0.0)


def _spelled(sounding: frozenset[int], bass: int, root_pc: int, on_c: Chord, key: Key | None) -> Chord:
    degrees = list(on_c.degrees)
    tones = {one.semitones % 12 for one in degrees}
    for pc in sorted(sounding, key=lambda pc: (pc - root_pc) % 12):
        above = (pc - root_pc) % 12
        if above not in tones and pc != bass:
            degrees.append(_EXTRA[above])
    root = _root(root_pc, on_c, key)
    by_interval = {one.semitones % 12: one for one in (*_EXTRA.values(), *degrees)}
    low = None if bass == root_pc else root.up(by_interval[(bass - root_pc) % 12].fifths)
    if low is not None and abs(low.accidental) > 1:
        low = Key(Spelling("C")).spell(bass)
    return Chord(root, tuple(degrees), low)


def _root(pc: int, on_c: Chord, key: Key | None) -> Spelling:
    if key is not None:
        return key.spell(pc)
    if on_c.third == 3 and pc in _MINOR_ROOTS:
        return _MINOR_ROOTS[pc]
    return Key(Spelling("C")).spell(pc)
