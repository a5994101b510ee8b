"""The accompaniment follows the chords: nothing sounds on into a chord it does not belong to, every change is heard, and what
makes a chord what it is is there.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from engines.accompaniment.donors import LEFT, RIGHT, Harmony
from engines.accompaniment.sheet import Sheet
from engines.accompaniment.tones import FIFTH, ROOT, SEVENTH, THIRD, functions, near
from engines.accompaniment.transfer import HIGHEST, LOWEST, Touch
from engines.music.time import PPQ

NEARBY = PPQ // 4
"""How far from a change a stroke counts as being on it."""
SHORTEST = PPQ // 2
"""A chord that sounds for less is passed over."""
HOME = 43
"""Where a bass is that nothing was before."""


def follow(sheet: Sheet, touches: Sequence[Touch]) -> list[Touch]:
    """With every change of chord made audible."""
    out = sorted(touches, key=_place)
    ringing, seen = list[Touch](), 0
    for chord, end in spans(sheet):
        if chord.root < 0 or end - chord.tick < SHORTEST:
            continue
        first = bisect_left(out, chord.tick - NEARBY, key=_tick)
        last = bisect_right(out, chord.tick + NEARBY, key=_tick)
        ringing = [t for t in (*ringing, *out[seen:first]) if t.end > chord.tick + NEARBY]
        for touch in _struck(ringing, {t.hand for t in out[first:last]}, chord, end):
            insort(out, touch, key=_place)
        seen = first
    return [cut for touch in out for cut in _cut(sheet, touch)]


def _place(touch: Touch) -> tuple[int, int]:
    return touch.tick, touch.pitch


def _tick(touch: Touch) -> int:
    return touch.tick


def spans(sheet: Sheet) -> Iterator[tuple[Harmony, int]]:
    """Every chord with where it ends."""
    for i, chord in enumerate(sheet.harmony):
        end = sheet.harmony[i + 1].tick if i + 1 < len(sheet.harmony) else sheet.lines[-1]
        if end > chord.tick:
            yield chord, end


def _struck(ringing: Sequence[Touch], busy: Collection[int], chord: Harmony, end: int) -> Iterator[Touch]:
    """Where notes ring over a change and their hand strikes nothing on it, they are struck again on the new chord."""
    begin = chord.tick
    for hand in (LEFT, RIGHT):
        old = [t for t in ringing if t.hand == hand and not _fits(t.pitch, chord, hand)]
        if hand in busy or not old:
            continue
        used: set[int] = set()
        lowest = min(old, key=lambda t: t.pitch)
        for touch in sorted(old, key=lambda t: t.pitch):
            pitch = _voiced(touch, chord, used)
            if pitch is None:
                continue
            used.add(pitch)
            length = max(1, min(touch.end, end) - begin)
            bass = hand == LEFT and touch is lowest
            yield replace(touch, tick=begin, length=length, pitch=pitch, late=0, bass=bass)


def _fits(pitch: int, chord: Harmony, hand: int) -> bool:
    return bool(chord.tones >> pitch % 12 & 1) and not (hand == LEFT and pitch % 12 != chord.bass)


def _voiced(touch: Touch, chord: Harmony, used: set[int]) -> int | None:
    if touch.hand == LEFT:
        pitch = near(chord.bass, touch.pitch)
        return pitch if pitch not in used and LOWEST[LEFT] <= pitch <= HIGHEST[LEFT] else None
    for away in range(7):
        for pitch in (touch.pitch - away, touch.pitch + away):
            if chord.tones >> pitch % 12 & 1 and pitch not in used:
                return pitch
    return None


def _cut(sheet: Sheet, touch: Touch) -> Iterator[Touch]:
    """A note ends where a chord comes that it does not belong to."""
    change = sheet.next_change(touch.tick)
    while change < touch.end:
        chord = sheet.chord_at(change)
        if not chord.tones >> touch.pitch % 12 & 1:
            # A push belongs to the coming chord and rings into it; all else ends here.
            yield replace(touch, length=max(change - touch.tick, 1))
            return
        change = sheet.next_change(change)
    yield touch


def complete(sheet: Sheet, touches: Sequence[Touch]) -> list[Touch]:
    """Every chord that sounds long enough has its third, and its seventh where it has one: a doubled root or fifth of the
    right hand gives way to it.
    """
    out = sorted(touches, key=_place)
    ticks = [t.tick for t in out]
    for chord, end in spans(sheet):
        if chord.root < 0 or end - chord.tick < PPQ:
            continue
        what = functions(chord.root, chord.tones)
        inside = range(bisect_left(ticks, chord.tick - NEARBY), bisect_left(ticks, end - NEARBY))
        for wanted in (THIRD, SEVENTH):
            pc = next((p for p, w in what.items() if w == wanted), None)
            if pc is not None and not any(out[i].pitch % 12 == pc for i in inside):
                _give_way(out, inside, what, pc)
    return out


def ground(sheet: Sheet, touches: Sequence[Touch]) -> list[Touch]:
    """Every new chord that lasts a beat or more begins on its bass, if anything is struck there."""
    at: dict[int, list[Touch]] = {}
    for touch in sorted(touches, key=_place):
        at.setdefault(touch.tick, []).append(touch)
    left = [t for struck in at.values() for t in struck if t.hand == LEFT]
    ticks = [t.tick for t in left]
    before: Harmony | None = None
    for chord, end in spans(sheet):
        struck, new = at.get(chord.tick, []), before is None or before[1:] != chord[1:]
        before = chord
        if not new or chord.root < 0 or end - chord.tick < PPQ or not struck or struck[0].pitch % 12 == chord.bass:
            continue
        if struck[0].hand == LEFT:
            at[chord.tick] = _grounded(struck[0], struck[1:], chord.bass)
            continue
        place = bisect_left(ticks, chord.tick)
        around = left[max(place - 1, 0) : place + 1]
        if not any(t.pitch % 12 == chord.bass and t.end > chord.tick >= t.tick - NEARBY for t in around):
            coming = bisect_right(ticks, chord.tick)  # a left hand that plays above the right one strikes here, too
            until = min([end, *ticks[coming : coming + 1]])
            model = replace(struck[0], pitch=around[0].pitch if around else HOME, hand=LEFT, length=until - chord.tick)
            at[chord.tick] = _grounded(model, struck, chord.bass)
    return [touch for tick in sorted(at) for touch in at[tick]]


def _grounded(lowest: Touch, others: Sequence[Touch], bass: int) -> list[Touch]:
    """With the bass in the place of the lowest note, under all others; what stays below it gives way."""
    pitch = near(bass, lowest.pitch)
    while others and pitch >= min(t.pitch for t in others) and pitch - 12 >= LOWEST[LEFT]:
        pitch -= 12
    while pitch < LOWEST[LEFT]:
        pitch += 12
    return [replace(lowest, pitch=pitch, bass=True), *(t for t in others if t.pitch > pitch)]


def _give_way(out: list[Touch], inside: Sequence[int], what: dict[int, int], pc: int) -> None:
    """The spare tone nearest to the one that is missing becomes it, each time that it is struck."""
    spare = [
        i for i in inside if out[i].hand == RIGHT and what.get(out[i].pitch % 12) in (ROOT, FIFTH) and not out[i].bass
    ]
    if len(spare) < 2 and len(inside) < 3:
        return
    spare.sort(key=lambda i: (abs(near(pc, out[i].pitch) - out[i].pitch), -out[i].length, i))
    if not spare:
        return
    model = out[spare[0]].pitch
    for i in spare:
        if out[i].pitch == model and not any(
            out[j].tick == out[i].tick and out[j].pitch == near(pc, model) for j in inside
        ):
            out[i] = replace(out[i], pitch=near(pc, model))
