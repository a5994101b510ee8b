"""The arrangement as REAPER shows it: tracks with their panels, items with notes and take lanes, regions, the line below."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bridge.files.picture.svg import box, document, fitted, uprights, words
from tests.reaper.double import Item, Project, Take, Track

WIDTH, PANEL, TOP, BELOW = 900.0, 176.0, 44.0, 26.0
LANE, WORDS, FOLDER = 46.0, 26.0, 26.0
"""How high a take is drawn, an item of words, a folder without items."""
PAPER, PANELS, LINE, INK, FAINT = "#2b2e33", "#3b3f46", "#454a52", "#f1f2f4", "#b9bec8"
PLAIN, BRIGHT = "#6b7280", "#ffffff"


@dataclass(frozen=True)
class View:
    """Where quarter notes lie."""

    project: Project
    bars: int

    @property
    def end_qn(self) -> float:
        return self.project.time.measure(self.bars).start_qn

    def x(self, qn: float) -> float:
        return PANEL + (WIDTH - PANEL) * qn / self.end_qn


def arrangement(project: Project, bars: int, line: str) -> str:
    """The first bars of a project; `line` is what stands below the track panels, if anything."""
    view = View(project, bars)
    heights = [_height(track) for track in project.tracks]
    bottom = TOP + sum(heights) + 8
    whole = bottom + (BELOW if line else 0)
    starts = [view.x(project.time.measure(bar).start_qn) for bar in range(bars)]
    body = [
        box(0, 0, WIDTH, whole, PAPER),
        uprights(starts, TOP - 18, bottom, LINE, 1),
        *(words(x + 4, TOP - 6, str(bar), 10, fill=FAINT) for bar, x in enumerate(starts, 1)),
        *_regions(view),
    ]
    y, depth = TOP, 0
    for track, height in zip(project.tracks, heights, strict=True):
        body += _track(view, track, y, height, depth)
        y, depth = y + height, depth + int(track.values.get("I_FOLDERDEPTH", 0))
    if line:
        body.append(box(0, bottom, WIDTH, BELOW, PANELS))
        body.append(words(10, bottom + 17, fitted(line, 12, WIDTH - 20), 12, fill=INK))
    return document(WIDTH, whole, project.name or "REAPER", "Tracks with their items.", body)


def _height(track: Track) -> float:
    if not track.items:
        return FOLDER
    takes = max(len(item.takes) for item in track.items)
    return max(1, takes) * (LANE if takes else WORDS)


def _regions(view: View) -> Iterator[str]:
    for region in view.project.state.markers:
        if region.end is None:
            continue
        left, right = (view.x(view.project.time.to_qn(s)) for s in (region.seconds, region.end))
        right = min(right, WIDTH)
        if left < WIDTH:
            yield box(left + 0.5, 5, right - left - 1, 17, _colour(region.colour, "#4f6b8a"), radius=2)
            yield words(left + 6, 17.5, fitted(region.name, 11, right - left - 12), 11, fill=INK)


def _track(view: View, track: Track, y: float, height: float, depth: int) -> Iterator[str]:
    colour, indent = _colour(int(track.values.get("I_CUSTOMCOLOR", 0)), PLAIN), 14.0 * depth
    yield box(indent, y, PANEL - indent - 1, height - 1, "#565c66" if track.selected else PANELS)
    yield box(indent, y, 5, height - 1, colour)
    yield words(indent + 13, y + 17, fitted(track.name, 12, PANEL - indent - 20), 12, fill=INK)
    for fx in track.fx[:1]:
        if height > FOLDER:
            yield words(indent + 13, y + 33, fitted(f"FX: {fx.name}", 10, PANEL - indent - 20), 10, fill=FAINT)
    yield box(PANEL, y + height - 1, WIDTH - PANEL, 1, LINE)
    for item in track.items:
        if view.x(item.from_qn) < WIDTH:
            yield from _item(view, item, y, height - 2, colour)


def _item(view: View, item: Item, y: float, height: float, colour: str) -> Iterator[str]:
    left, right = view.x(item.from_qn), min(view.x(item.to_qn), WIDTH)
    edge = f' stroke="{BRIGHT if item.selected else PAPER}" stroke-width="{1.5 if item.selected else 1}"'
    if not item.takes:
        yield box(left, y, right - left - 1, height, colour, radius=2, attributes=edge)
        yield words(left + 4, y + height / 2 + 4, fitted(item.notes, 11, right - left - 6), 11, fill=INK)
        return
    lane = height / len(item.takes)
    for number, take in enumerate(item.takes):
        top, plays = y + number * lane, number == item.active
        see = "" if plays else ' fill-opacity="0.35"'
        yield box(left, top, right - left - 1, lane - 1, colour, radius=2, attributes=see + (edge if plays else ""))
        yield from _notes(view, take, (left, top + 14, right, top + lane - 4), 1.0 if plays else 0.4)
        name = fitted(take.name, 10, right - left - 10)
        yield words(left + 4, top + 11, name, 10, fill=INK if plays else FAINT)


def _notes(view: View, take: Take, room: tuple[float, float, float, float], opacity: float) -> Iterator[str]:
    pool = take.pool
    if pool is None or not pool.notes():
        return
    left, top, right, bottom = room
    pitches = [pool.events[note.on].message[1] for note in pool.notes()]
    step = (bottom - top) / (max(pitches) - min(pitches) + 1)
    for note, pitch in zip(pool.notes(), pitches, strict=True):
        start = pool.events[note.on].ppq / pool.ppq
        end = pool.events[note.off].ppq / pool.ppq if note.off is not None else start
        x, x2 = (min(view.x(take.item.from_qn + qn), right - 1) for qn in (start, end))
        if x < x2:
            y = bottom - (pitch - min(pitches) + 1) * step
            see = f' fill-opacity="{opacity:g}"'
            yield box(max(x, left), y, max(1.5, x2 - x - 0.5), min(max(1.5, step), 4), INK, attributes=see)


def _colour(native: int, otherwise: str) -> str:
    """REAPER keeps red in the lowest byte where this double runs, and a flag above that says there is a colour."""
    if not native & 0x1000000:
        return otherwise
    return f"#{native & 255:02x}{native >> 8 & 255:02x}{native >> 16 & 255:02x}"
