"""Who does what: a role for every track of a piece, how sure that is, and why, in words.

What is heard counts first: learnt weights over figures such as thickness, register against the others, pace. Names and
programs add to that, and channel 10 settles it. A role that the musician stated is never second-guessed.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from engines.analysis.roles_drums import find_drums, without_drums
from engines.analysis.roles_features import TrackFeatures
from engines.analysis.roles_kinds import FINER, Kind, finer
from engines.analysis.roles_programs import said_by_program
from engines.analysis.roles_tables import PLAIN_ROLES, RoleTables
from engines.analysis.roles_words import PITCHED, PLAIN_WORD, said_by_name
from engines.analysis.score import Bools, Floats, Score

MELODY, BASS, CHORDS, COUNTER = range(4)
SUNG = 5.0
"""What lyrics add to the case for the melody."""
ENOUGH = 0.35
"""How likely the best candidate must be the melody, for a piece to have one …"""
HARDLY = 0.1
"""… or, for want of better, how likely a line that is there for much of the piece must be the melody …"""
ENOUGH_OF_A_LINE = 0.6
"""… while it is at least this likely to be an upper line of some kind."""
_NEVER = -1e3


@dataclass(frozen=True, slots=True)
class RoleGuess:
    """What a track seems to do."""

    role: str
    """melody, chords, bass, drums, perc, pad, arp, counter, double, fill, stab; `none` for a track without notes."""
    confidence: float
    """0 to 1."""
    reason: str
    """Why, in words."""


def guess_roles(
    score: Score,
    tables: RoleTables,
    *,
    stated: Sequence[str | None] = (),
    sung: Collection[int] = (),
) -> tuple[RoleGuess, ...]:
    """One guess for each track. At most one track is the melody unless more are stated.

    `stated` holds the roles that the musician has set, `sung` the tracks that carry lyrics.
    """
    given = {i: role for i, role in enumerate(stated) if role}
    drums = {i: guess for i, guess in find_drums(score).items() if i not in given}
    struck = [*drums, *(i for i, role in given.items() if role in ("drums", "perc"))]
    pitched = without_drums(score, np.array(struck, dtype=np.int64))
    features = TrackFeatures.of(pitched)
    likely = _likely(pitched, features, tables, sung)
    melody = _melody(likely, features, given, sung)
    out = []
    for i in range(len(score.names)):
        if i in given:
            out.append(RoleGuess(given[i], 1.0, "as stated"))
        elif i in drums:
            out.append(RoleGuess(drums[i].role, drums[i].confidence, drums[i].reason))
        elif i >= len(features.notes) or features.notes[i] == 0:
            out.append(RoleGuess("none", 1.0, "no notes"))
        else:
            out.append(_guess(pitched, i, features, likely[i], melody, i in sung))
    return tuple(out)


def _likely(score: Score, features: TrackFeatures, tables: RoleTables, sung: Collection[int]) -> Floats:
    """How likely each plain role is for each track: what is heard, what the name says, what the program says."""
    case = tables.roles(features.table) / tables.caution
    for i, (name, program) in enumerate(zip(score.names, score.programs, strict=True)):
        for role, weight in said_by_program(program)[0].items():
            case[i, PLAIN_ROLES.index(role)] += weight
        said = said_by_name(name, PITCHED)
        if said:
            case[i, _plain(said[0])] += said[1]
        if i in sung:
            case[i, MELODY] += SUNG
    thick, chordal = _is_thick(features)
    case[thick, MELODY] = _NEVER
    case[chordal, COUNTER] = _NEVER
    case[(features.get("lowest") < 0.25) & (features.get("rank") >= 0.5), BASS] = _NEVER
    case -= case.max(axis=1, keepdims=True)
    odds = np.exp(case)
    return np.asarray(odds / odds.sum(axis=1, keepdims=True), dtype=np.float64)


def _is_thick(features: TrackFeatures) -> tuple[Bools, Bools]:
    """What is more than a melody, chords or two hands at once, though one may lie inside; and which of that is chords."""
    both_hands = (features.get("single") < 0.6) & (features.get("spread") > 1.5)
    chordal = (features.get("chord size") > 0.75) | (features.get("overlap") > 0.9)
    return chordal | both_hands, chordal


def _plain(role: str) -> int:
    """The plain role that a fine one belongs to."""
    if role in PLAIN_ROLES:
        return PLAIN_ROLES.index(role)
    return COUNTER if role in ("double", "fill") else CHORDS


def _melody(likely: Floats, features: TrackFeatures, given: dict[int, str], sung: Collection[int]) -> int | None:
    """The track that carries the tune, if any does. What is sung goes before what is only played."""
    for i, role in given.items():
        if role == "melody":
            return i
    free = [i for i in np.flatnonzero(features.notes).tolist() if i not in given]
    if not free:
        return None
    voices = [i for i in free if i in sung and likely[i, MELODY] >= ENOUGH]
    best = max(voices or free, key=lambda i: float(likely[i, MELODY]))
    if likely[best, MELODY] >= ENOUGH:
        return int(best)
    # Nothing sings out, but one line may still lead.
    present, single = features.get("presence"), features.get("single")
    lines = [i for i in free if present[i] > 0.4 and single[i] > 0.7 and likely[i, MELODY] >= HARDLY]
    lines = [i for i in lines if likely[i, MELODY] + likely[i, COUNTER] >= ENOUGH_OF_A_LINE]
    return max(lines, key=lambda i: float(likely[i, MELODY])) if lines else None


def _guess(
    score: Score, track: int, features: TrackFeatures, likely: Floats, melody: int | None, sung: bool
) -> RoleGuess:
    """Put one track's guess together."""
    plain = MELODY if track == melody else int(likely.argmax())
    sure = float(likely[plain])
    if plain == MELODY and track != melody:
        plain, sure = COUNTER, float(likely[MELODY] + likely[COUNTER])
    said = said_by_name(score.names[track], PITCHED)
    word = said[0] if said else None
    kind = None if track == melody else finer(PLAIN_ROLES[plain], track, score, features, melody, word)
    if kind is None and track != melody and word in FINER.get(PLAIN_ROLES[plain], ()):
        kind = Kind(str(word), _heard(plain, track, features))
    role = kind.role if kind else PLAIN_ROLES[plain]
    why = [kind.reason if kind else _heard(plain, track, features)]
    if sung and plain == MELODY:
        why.append("with lyrics")
    if said and (said[0] == role or (_plain(said[0]) == plain and said[0] in PLAIN_ROLES)):
        why.append(f"called “{said[2]}”")
    elif said and said[1] > PLAIN_WORD:
        why.append(f"although it is called “{said[2]}”")
    evidence, instrument = said_by_program(score.programs[track])
    if instrument and evidence.get(PLAIN_ROLES[plain], 0) > 0:
        why.append(instrument)
    # A finer role is one more step of guessing, unless the name says the same.
    doubt = 0.8 if kind and word != kind.role else 1.0
    return RoleGuess(role, round(sure * doubt, 3), ", ".join(why))


def _heard(plain: int, track: int, features: TrackFeatures) -> str:
    """What the notes themselves say, in a few words."""
    look = {name: float(features.get(name)[track]) for name in ("single", "chord size", "lowest", "highest", "alone")}
    one = "one note at a time" if look["single"] > 0.85 else "mostly one note at a time"
    if look["single"] < 0.6:
        one = f"about {round(look['chord size'] * 2 + 1, 1):g} notes at a time"
    if look["alone"]:
        return one
    if plain == BASS:
        return f"{'lowest' if look['lowest'] > 0.5 else 'low'} line, {one}"
    place = "highest line" if look["highest"] > 0.6 else "lowest line" if look["lowest"] > 0.6 else "middle line"
    if plain == MELODY:
        return f"{place}, {one}, moves like a tune"
    return f"a second line, {one}" if plain == COUNTER else one
