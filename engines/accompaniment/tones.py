"""Which tone of one chord becomes which tone of another, and which scale a chord stands in."""

from __future__ import annotations

from functools import lru_cache
from itertools import product

from engines.music.harmony import Key

ROOT, THIRD, FIFTH, SEVENTH, COLOUR = range(5)
"""What a tone does in its chord."""
_MISSING = {THIRD: 6.0, SEVENTH: 2.5, ROOT: 1.0, FIFTH: 0.0, COLOUR: 0.5}
"""What it costs when a new chord's tone is heard nowhere."""
MANY = 5
"""Tones of a chord whose ways into another are all tried."""
_OTHER = 0.6
"""What it costs when a tone does something else than before."""


@lru_cache(maxsize=4096)
def functions(root: int, tones: int) -> dict[int, int]:
    """What every pitch class of a chord does in it. A fourth or second without a third stands for the third."""
    rel = [i for i in range(12) if tones >> (root + i) % 12 & 1]
    out: dict[int, int] = {}

    def take(what: int, *steps: int) -> None:
        for step in steps:
            if step in rel and step not in out:
                out[step] = what
                return

    take(ROOT, 0)
    take(THIRD, 4, 3, 5, 2)
    take(FIFTH, 7, 6, 8)
    take(SEVENTH, 10, 11, 9)
    return {(root + step) % 12: out.get(step, COLOUR) for step in rel}


def near(pc: int, pitch: float) -> int:
    """The pitch of that class nearest to another; the lower of two."""
    below = int(pitch) - (int(pitch) - pc) % 12
    return below if pitch - below <= 6 else below + 12


def signed(semitones: int) -> int:
    """-6 to 5."""
    return (semitones + 6) % 12 - 6


@lru_cache(maxsize=8192)
def moves(old_root: int, old: int, new_root: int, new: int) -> dict[int, int]:
    """For every pitch class of the old chord, by how many semitones it moves into the new one: the nearest way that keeps the
    order of the tones and leaves out nothing that makes the new chord what it is.
    """
    was, will = functions(old_root, old), functions(new_root, new)
    froms, tos = sorted(was), sorted(will)
    if len(froms) > MANY or len(tos) > MANY:  # every note of a scale, as in a thirteenth: too many ways to try
        return {pc: signed(to - pc) for pc, to in same_function(old_root, old, new_root, new).items()}
    best, found = float("inf"), dict[int, int]()
    for picks in product(tos, repeat=len(froms)):
        steps = [signed(to - start) for start, to in zip(froms, picks, strict=True)]
        landed = [start + step for start, step in zip(froms, steps, strict=True)]
        if any(a > b for a, b in zip(landed, [*landed[1:], landed[0] + 12], strict=True)):
            continue
        cost = sum(abs(step) for step in steps) / 2
        cost += sum(_OTHER for a, b in zip(froms, picks, strict=True) if was[a] != will[b])
        cost += sum(_MISSING[will[to]] for to in tos if to not in picks)
        cost += 1.5 * (len(picks) - len(set(picks)))
        if cost < best:
            best, found = cost, dict(zip(froms, steps, strict=True))
    return found


@lru_cache(maxsize=8192)
def same_function(old_root: int, old: int, new_root: int, new: int) -> dict[int, int]:
    """For every pitch class of the old chord, the class that does the same in the new one."""
    will = {what: pc for pc, what in reversed(functions(new_root, new).items())}
    instead = {
        SEVENTH: (ROOT, FIFTH),
        COLOUR: (FIFTH, ROOT),
        THIRD: (FIFTH, ROOT),
        FIFTH: (ROOT, THIRD),
        ROOT: (THIRD,),
    }
    return {
        pc: next((will[w] for w in (what, *instead[what]) if w in will), new_root)
        for pc, what in functions(old_root, old).items()
    }


@lru_cache(maxsize=4096)
def scale(tonic: int, minor: bool, root: int, tones: int) -> int:
    """The scale over a chord, as 12 bits: the key's, with the chord's own tones in the place of those they rub against."""
    steps = (0, 2, 3, 5, 7, 8, 10) if minor else (0, 2, 4, 5, 7, 9, 11)
    bits = sum(1 << (tonic + step) % 12 for step in steps)
    for pc in range(12):
        if tones >> pc & 1 and not bits >> pc & 1:
            bits |= 1 << pc
            # A raised tone (a major third, an augmented fifth) stands for the one below it, a lowered one for the one above.
            side = (pc + (11 if (pc - root) % 12 in (4, 8, 11) else 1)) % 12
            if not tones >> side & 1:
                bits &= ~(1 << side)
    return bits


def scale_of(key: Key | None, root: int, tones: int) -> int:
    """The same for a key that may be unknown: then of the chord's root."""
    if key is None:
        return scale(root, bool(tones >> (root + 3) % 12 & 1) and not tones >> (root + 4) % 12 & 1, root, tones)
    return scale(key.tonic.pc, not key.is_major_like, root, tones)


def step_from(pitch: int, up: bool, bits: int) -> int:
    """The next tone of a scale above or below a pitch."""
    at = pitch + (1 if up else -1)
    while not bits >> at % 12 & 1:
        at += 1 if up else -1
    return at
