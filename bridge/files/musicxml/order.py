"""In which order the bars of a score are played: repeats, endings, da capo, dal segno, coda, fine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

MAX_PLAYED = 20_000
"""Bars that are played at most, however the signs multiply them."""
_MOST_TIMES = 64


@dataclass
class Signs:
    """The road signs of one bar."""

    forward: bool = False
    """A repeat begins here."""
    times: int = 0
    """How often a repeat that ends here is played in all; 0 where none ends."""
    ending: tuple[int, ...] = ()
    """The passes that play the ending which begins here."""
    ending_stops: bool = False
    segno: bool = False
    coda: bool = False
    to_coda: bool = False
    dal_segno: bool = False
    da_capo: bool = False
    fine: bool = False

    def take_barline(self, barline: Element) -> None:
        """What a bar line says."""
        repeat, ending = barline.find("repeat"), barline.find("ending")
        if repeat is not None and repeat.get("direction") == "forward":
            self.forward = True
        elif repeat is not None and repeat.get("direction") == "backward":
            times = repeat.get("times") or ""
            self.times = min(_MOST_TIMES, max(2, int(times))) if times.isdecimal() and len(times) < 4 else 2
        if ending is not None and ending.get("type") == "start":
            numbers = (ending.get("number") or "").replace(",", " ").split()
            self.ending = tuple(sorted({int(n) for n in numbers if n.isdecimal() and 0 < len(n) < 3 and int(n) > 0}))
        elif ending is not None:
            self.ending_stops = True

    def take_sound(self, sound: Element) -> None:
        """What a `<sound>` says."""
        self.segno |= bool(sound.get("segno"))
        self.coda |= bool(sound.get("coda"))
        self.to_coda |= bool(sound.get("tocoda"))
        self.dal_segno |= bool(sound.get("dalsegno"))
        self.da_capo |= sound.get("dacapo") == "yes"
        self.fine |= bool(sound.get("fine"))


def played_order(signs: Sequence[Signs]) -> list[int]:
    """The bars (from 0) in the order in which they are heard.

    After a jump repeats are not taken again, and of several endings the last is played.
    """
    order: list[int] = []
    at = start = 0
    turn, jumped = 1, False
    while at < len(signs) and len(order) < MAX_PLAYED:
        sign = signs[at]
        if sign.forward and at != start:
            start, turn = at, 1
        if sign.ending:
            last = _last_turn(signs, at, start)
            if (last if jumped else turn) not in sign.ending:
                at = _stop_of(signs, at) + 1
                continue
        order.append(at)
        if sign.times and not jumped and turn < max(sign.times, _last_turn(signs, at, start)):
            at, turn = start, turn + 1
            continue
        if sign.times or (sign.ending_stops and turn >= _last_turn(signs, at, start)):
            start, turn = at + 1, 1
        if jumped and sign.fine:
            break
        target = _jump(signs, at, jumped)
        if target is not None:
            jumped = True
            at, start, turn = target, target, 1
            continue
        at += 1
    return order


def _jump(signs: Sequence[Signs], at: int, jumped: bool) -> int | None:
    """Where the signs of a bar lead after it has been played; None when simply on."""
    sign = signs[at]
    if jumped:
        return next((i for i, other in enumerate(signs) if other.coda and i > at), None) if sign.to_coda else None
    if sign.da_capo:
        return 0
    if sign.dal_segno:
        return next((i for i, other in enumerate(signs) if other.segno), 0)
    return None


def _stop_of(signs: Sequence[Signs], at: int) -> int:
    """The last bar of the ending that begins here; where no sign closes it, the bar before the next ending or repeat."""
    for i in range(at, len(signs)):
        if signs[i].ending_stops or signs[i].times:
            return i
        if i + 1 < len(signs) and (signs[i + 1].ending or signs[i + 1].forward):
            return i
    return len(signs) - 1


def _last_turn(signs: Sequence[Signs], at: int, start: int) -> int:
    """The highest pass that an ending of this repeat names; 1 where it has no endings."""
    first = next((i for i in range(start, min(at + 1, len(signs))) if signs[i].ending), None)
    if first is None:
        return 1
    last, here = 1, first
    while here < len(signs) and signs[here].ending:
        last = max(last, *signs[here].ending)
        here = _stop_of(signs, here) + 1
    return last
