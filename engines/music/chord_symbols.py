"""Reading chord symbols as musicians write them.

A symbol is a root, a quality and perhaps a bass. Harte's research syntax (`C:maj7`, `A:min7/b7`, `G:(1,b3,5)`) is read
too; there a colon follows the root. So are the words of MusicXML (`G minor-seventh`).

Where practice differs, this is how a symbol is taken:

- `C2` and `C4` are suspensions; `Cadd2` and `Cadd4` keep the third.
- `C11` has no third (it would clash with the eleventh); `Cm11` has one. `C13` has no eleventh; `Cm13` has one.
- `C7alt` is the altered scale: b9, #9, #11 and b13, and no fifth.
- A triangle means the major seventh, with or without the 7.
- `C-7` is minor and `C+7` augmented; `C-5`, `C7-9` and `C7+9` are alterations.
- An altered degree takes the place of the plain one where the chord has that, and is added where it has not.
- Accidentals after the letter belong to the root: `Bb5` is B flat's power chord, `B(b5)` is B with a flat fifth.
- A root in lower case is read when a quality follows (`am7`, `f#dim`), because alone it means minor to some and major
  to others; `b7` and its like are degrees, not chords.
- A number alone in a list adds that tone: `C7(13)`, `C6/9`, `Cm(9)`. There, too, 7 means the minor seventh.
- `X`, Harte's mark for a chord nobody could name, is read as no chord.
"""

from __future__ import annotations

import re

from engines.music.chord_qualities import ALTER, read_quality
from engines.music.degrees import Degree, Degrees, degree, in_order
from engines.music.spelling import Spelling, plain, read_spelling

LONGEST = 64
"""Symbols longer than this are not looked at."""

_WORDS = {
    "major-seventh": "maj7",
    "major-sixth": "6",
    "major-ninth": "maj9",
    "major-11th": "maj11",
    "major-13th": "maj13",
    "major-minor": "mMaj7",
    "minor-major": "mMaj7",
    "minor-seventh": "m7",
    "minor-sixth": "m6",
    "minor-ninth": "m9",
    "minor-11th": "m11",
    "minor-13th": "m13",
    "dominant-seventh": "7",
    "dominant-ninth": "9",
    "dominant-11th": "11",
    "dominant-13th": "13",
    "augmented-seventh": "7#5",
    "augmented-ninth": "9#5",
    "diminished-seventh": "dim7",
    "half-diminished-seventh": "m7b5",
    "suspended-second": "sus2",
    "suspended-fourth": "sus4",
    "power": "5",
}
"""Kinds of chord as MusicXML names them, where the grammar does not read them anyway."""

_NO_CHORD = re.compile(r"(?i:n\.?c\.?|nochord)|N|X")
_BASS = re.compile(r"/([A-Ga-g](?:bb|##|b|#|x)?)$")
_INVERSION = re.compile(r"/(bb|b|#|)([2-7])$")
_HARTE = re.compile(r"([^(/]*)(?:\(([^()]*)\))?(?:/(.+))?")
_HARTE_DEGREE = re.compile(r"(\*?)(bb|##|b|#|)(1[0-3]|[1-9])")

Symbol = tuple[Spelling | None, Degrees, Spelling | None]
"""Root, degrees and bass; all empty for no chord."""


def read_symbol(text: str) -> Symbol | None:
    """A chord symbol; None where it is not one."""
    if len(text) > LONGEST:
        return None
    symbol = "".join(plain(text).split()).replace("[", "(").replace("]", ")")
    if _NO_CHORD.fullmatch(symbol):
        return None, (), None
    read = read_spelling(symbol[:1].upper() + symbol[1:], 0)
    if read is None:
        return None
    root, end = read
    rest = symbol[end:]
    if symbol[0].islower() and (rest[:1] in ("", "/") or (symbol[0] == "b" and rest[:1].isdigit())):
        return None
    if rest[:1] == ":":
        return _read_harte(root, rest[1:])
    if inversion := _INVERSION.fullmatch(rest):
        step = degree(int(inversion[2]), ALTER[inversion[1]])
        return root, read_quality("") or (), root.up(step.fifths)
    bass: Spelling | None = None
    if found := _BASS.search(rest):
        bass, rest = Spelling.parse(found[1].capitalize()), rest[: found.start()]
    degrees = read_quality(_WORDS.get(rest, rest))
    return None if degrees is None else (root, degrees, bass)


def _read_harte(root: Spelling, text: str) -> Symbol | None:
    """What follows the colon: a shorthand, exact degrees in parentheses, a bass as a degree (or as a note)."""
    match = _HARTE.fullmatch(text)
    if match is None or not text:
        return None
    kind, listed, below = match.groups()
    added, omitted = [], set()
    for item in (listed or "").split(",") if listed is not None else ():
        found = _HARTE_DEGREE.fullmatch(item)
        if found is None or not (one := degree(int(found[3]), ALTER[found[2]])).is_possible:
            return None
        if found[1]:
            omitted.add(one)
        else:
            added.append(one)
    # A list of tones alone is the whole chord; with nothing but omissions there is a major triad to take them from.
    base = (Degree(1),) if (kind == "" and added) or kind == "1" else read_quality(_WORDS.get(kind, kind))
    bass = _harte_bass(root, below) if below is not None else None
    if base is None or (below is not None and bass is None):
        return None
    degrees = in_order(one for one in (*base, *added) if one not in omitted)
    return (root, degrees, bass) if degrees else None


def _harte_bass(root: Spelling, text: str) -> Spelling | None:
    found = _HARTE_DEGREE.fullmatch(text)
    if found and not found[1]:
        one = degree(int(found[3]), ALTER[found[2]])
        return root.up(one.fifths) if one.is_possible else None
    read = read_spelling(text, 0)
    return read[0] if read and read[1] == len(text) else None
