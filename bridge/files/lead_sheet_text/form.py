"""Repeats and endings: the order in which the bars on paper are played."""

from __future__ import annotations

from collections.abc import Sequence

from bridge.files.lead_sheet_text.bars import WrittenBar
from bridge.files.lead_sheet_text.paper import MOST_BARS


def play_order(bars: Sequence[WrittenBar]) -> list[int]:
    """Indices into `bars`, every repeat written out."""
    order: list[int] = []
    home, opened, i = 0, False, 0
    while i < len(bars):
        bar = bars[i]
        if bar.opens_repeat:
            if opened:
                bar.place.reject("A repeat begins inside a repeat.", "End the first one with :|, or write it out.")
            home, opened = i, True
        if bar.ending:
            i = _play_endings(bars, home, i, order)
            home, opened = i, False
            continue
        order.append(i)
        i += 1
        if bar.times:
            for _ in range(bar.times - 1):
                _extend(order, range(home, i), bar)
            home, opened = i, False
    if opened:
        bars[home].place.reject("A repeat begins here that does not end.", "End it with :|.")
    return order


def _play_endings(bars: Sequence[WrittenBar], home: int, first: int, order: list[int]) -> int:
    """Play the endings that begin at a bar, the body before the first of them once already; where to go on."""
    endings: dict[int, range] = {}
    last: frozenset[int] = frozenset()
    i = first
    while i < len(bars) and bars[i].ending:
        start, last = i, bars[i].ending or frozenset()
        i = _end_of(bars, start)
        for one in last:
            if one in endings:
                bars[start].place.reject(f"Pass {one} has two endings.", "Give each pass one ending.")
            endings[one] = range(start, i)
        if not bars[i - 1].times:
            break
    passes = max(endings)
    if (missing := sorted({*range(1, passes + 1)} - {*endings})) or passes == 1:
        number = missing[0] if missing else 2
        bars[first].place.reject(f"Pass {number} of this repeat has no ending.", f"Write one: :|[{number} … .")
    if passes not in last and not bars[i - 1].times:
        bars[i - 1].place.reject("The repeat goes on after this ending.", "End it with :|.")
    for one in range(1, passes + 1):
        if one > 1:
            _extend(order, range(home, first), bars[first])
        _extend(order, endings[one], bars[first])
    return i


def _end_of(bars: Sequence[WrittenBar], start: int) -> int:
    """The bar after an ending: it lasts to a repeat sign, a double bar, a heading, or the next repeat or ending."""
    i = start + 1
    while i < len(bars) and not (bars[i - 1].times or bars[i - 1].closes or bars[i].opens_repeat or bars[i].ending):
        i += 1
    return i


def _extend(order: list[int], played: range, bar: WrittenBar) -> None:
    if len(order) + len(played) > MOST_BARS:
        bar.place.reject(f"The repeats make more than {MOST_BARS} bars.", "Repeat less often, or divide the piece.")
    order.extend(played)
