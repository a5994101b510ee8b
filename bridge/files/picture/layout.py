"""Where everything in a picture of a song stands: which bars share a row, which tracks get a lane, how tall it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from bridge.files.picture.svg import DRUM_COLOUR, TRACK_COLOURS, colour_or
from engines.music.notes import Note
from engines.music.song import Section, Song
from engines.music.time import PPQ, MeterMap, Ticks

QUARTER_WIDTH = 17.5
"""A quarter note is about this wide, so that chord symbols and sixteenths can be read."""
NARROWEST_QUARTER = 6.0
"""Long songs are drawn closer, down to this."""
MOST_ROWS = 24
"""Beyond this many rows bars are drawn closer, and then the picture ends and says so."""
MOST_LANES = 16
"""Tracks beyond this many share a lane."""
MOST_KITS = 2
"""More drum tracks than these share one lane."""

_BREAK_ANYWHERE, _BREAK_BY_FOUR = 0.35, 0.1
"""What it costs to end a row inside a section; between the bars of a group of four it disturbs less."""


@dataclass(frozen=True, slots=True)
class Row:
    """Bars that stand side by side."""

    first: int
    """Number of the first bar."""
    last: int
    start: Ticks
    end: Ticks


@dataclass(frozen=True, slots=True)
class Lane:
    """One track's strip, in every row."""

    name: str
    notes: tuple[Note, ...]
    """In order of onset."""
    colour: str
    low: int
    """Lowest pitch that has a place (a drum lane: 0)."""
    high: int
    height: float
    strokes: tuple[int, ...] = ()
    """The rows of a drum lane, from below, as the place of each in the kit; empty for a pitched lane."""
    tune: bool = False
    """Whether it carries the melody."""

    @property
    def step(self) -> float:
        """Pixels to a semitone, or to a row of the kit."""
        return self.height / (self.high - self.low + 1)

    def y(self, place: int) -> float:
        """The middle of a pitch's place, from the top of the lane."""
        return (self.high - place + 0.5) * self.step


def rows_of(meter: MeterMap, bars: range, sections: Sequence[Section], width: float) -> tuple[list[Row], int]:
    """Divide bars into rows of about equal length that end with sections where they can.

    The second result is the last bar that has a place: the last of `bars`, unless the song is too long for one picture.
    """
    starts = [int(meter.bar_start(bar)) for bar in (*bars, bars.stop)]
    most = max(width / QUARTER_WIDTH, (starts[-1] - starts[0]) / PPQ / MOST_ROWS) * PPQ
    most = min(most, width / NARROWEST_QUARTER * PPQ)
    fits = [i for i in range(1, len(starts)) if starts[i] - starts[0] <= most * MOST_ROWS]
    starts = starts[: (fits[-1] if fits else 1) + 1]
    total = starts[-1] - starts[0]
    fewest = max(1, -int(-total // most))
    dear = _break_costs(starts, sections)
    divisions = [_divide(starts, dear, total / count, most) for count in range(fewest, fewest + 4)]
    _, ends = min(divisions, key=lambda found: found[0])
    rows = [
        Row(bars.start + a, bars.start + b - 1, Ticks(starts[a]), Ticks(starts[b]))
        for a, b in zip([0, *ends], ends, strict=False)
    ]
    return rows, bars.start + len(starts) - 2


def _break_costs(starts: Sequence[int], sections: Sequence[Section]) -> list[float]:
    """What a row's end at each bar line costs."""
    fresh = {int(section.start) for section in sections}
    costs, since = [], 0
    for start in starts:
        since = 0 if start in fresh else since + 1
        costs.append(0.0 if start in fresh else _BREAK_BY_FOUR if since % 4 == 0 else _BREAK_ANYWHERE)
    costs[-1] = 0.0
    return costs


def _divide(starts: Sequence[int], dear: Sequence[float], wanted: float, most: float) -> tuple[float, list[int]]:
    """(cost, the index of each row's end): rows near the wanted length, none over `most` unless one bar alone is.

    The cost of the whole is that of a mean row and the share of paper that stays blank beside the shorter ones.
    """
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(starts)):
        found = (float("inf"), end - 1)
        for begin in range(end - 1, -1, -1):
            length = starts[end] - starts[begin]
            if length > most and begin < end - 1:
                break
            cost = best[begin][0] + dear[end] + ((length - wanted) / wanted) ** 2
            if cost < found[0]:
                found = (cost, begin)
        best.append(found)
    ends, at = [], len(starts) - 1
    while at > 0:
        ends.append(at)
        at = best[at][1]
    ends.reverse()
    longest = max(starts[b] - starts[a] for a, b in zip([0, *ends], ends, strict=False))
    blank = 1 - (starts[-1] - starts[0]) / (longest * len(ends))
    return best[-1][0] / len(ends) + blank, ends


def lanes_of(song: Song, melody: str | None) -> tuple[list[Lane], int]:
    """A lane for every track that sounds, the melody first and drums last, and how many tracks share the last pitched one.

    Strokes on the kit and pitched notes never share a lane, whatever the track; several kits share one when there are many.
    """
    tune = _tune(song, melody)
    heard = [(track, track.notes()) for track in song.tracks if not track.muted]
    pitched = [(track, own) for track, notes in heard if (own := tuple(n for n in notes if not n.is_drum))]
    kits = [(track.name, own) for track, notes in heard if (own := tuple(n for n in notes if n.is_drum))]
    if len(kits) > MOST_KITS:
        kits = [(f"{len(kits)} kits", tuple(sorted(note for _, notes in kits for note in notes)))]
    pitched.sort(key=lambda one: one[0].name.casefold() != tune)
    room = MOST_LANES - len(kits)
    shared = pitched[room - 1 :] if len(pitched) > room else []
    own_lane = pitched[: len(pitched) - len(shared)]
    count = len(own_lane) + bool(shared) + len(kits)
    lanes = []
    for i, (track, notes) in enumerate(own_lane):
        colour = colour_or(track.colour, TRACK_COLOURS[i % len(TRACK_COLOURS)])
        lanes.append(_pitched_lane(track.name, notes, colour, count, track.name.casefold() == tune))
    if shared:
        together = tuple(sorted(note for _, notes in shared for note in notes))
        lanes.append(_pitched_lane(f"{len(shared)} more", together, DRUM_COLOUR, count, False))
    return [*lanes, *(_drum_lane(name, notes, count) for name, notes in kits)], len(shared)


def _tune(song: Song, melody: str | None) -> str | None:
    if melody is not None:
        return melody.casefold()
    by_role = next((track.name for track in song.tracks if track.role == "melody"), None)
    return (by_role or "melody").casefold()


_LOOKS = ((1, (7.0, 190.0)), (4, (5.0, 120.0)), (8, (4.0, 96.0)), (MOST_LANES + MOST_KITS, (2.8, 62.0)))
"""Up to so many lanes, pixels to a semitone and the tallest a lane may get."""


def _pitched_lane(name: str, notes: tuple[Note, ...], colour: str, lanes: int, tune: bool) -> Lane:
    low, high = min(n.pitch for n in notes) - 1, max(n.pitch for n in notes) + 1
    short = max(0, 13 - (high - low + 1))
    low, high = low - short // 2, high + short - short // 2
    step, tallest = next(look for most, look in _LOOKS if lanes <= most)
    if tune and lanes > 1:
        step, tallest = step * 1.25, tallest * 1.25
    return Lane(name, notes, colour, low, high, min(tallest, max(30.0, step * (high - low + 1))), tune=tune)


# The kit as a drummer reads it, from below: what General MIDI strokes belong to each row.
KIT: tuple[tuple[str, frozenset[int]], ...] = (
    ("kick", frozenset((35, 36))),
    ("snare", frozenset((37, 38, 39, 40))),
    ("toms", frozenset((41, 43, 45, 47, 48, 50))),
    ("perc", frozenset()),
    ("hat", frozenset((42, 44, 46))),
    ("cymbal", frozenset((49, 51, 52, 53, 55, 57, 59))),
)
_PERCUSSION = 3


def kit_place(pitch: int) -> int:
    """Which row of the kit a stroke belongs to."""
    return next((i for i, (_, pitches) in enumerate(KIT) if pitch in pitches), _PERCUSSION)


def _drum_lane(name: str, notes: tuple[Note, ...], lanes: int) -> Lane:
    used = tuple(sorted({kit_place(note.pitch) for note in notes}))
    step = 12.0 if lanes <= 8 else 9.0
    return Lane(name, notes, DRUM_COLOUR, 0, len(used) - 1, max(24.0, step * len(used)), strokes=used)


def tops(heights: Sequence[float], gap: float) -> list[float]:
    """The top of each of several strips that stand under each other."""
    return [0.0, *accumulate(height + gap for height in heights)]
