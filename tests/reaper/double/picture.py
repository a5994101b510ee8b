"""A finished frame of `gfx` as a picture: SVG, and PNG where `rsvg-convert` is there."""

from __future__ import annotations

import math
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from xml.sax.saxutils import escape

from tests.reaper.double.gfx import Drawn

CENTRE, RIGHT, MIDDLE, BOTTOM = 1, 2, 4, 8
"""Flags of `gfx.drawstr`."""


def svg(frame: Iterable[Drawn], width: float, height: float, background: int = 0) -> str:
    """The frame as SVG text."""
    red, green, blue = background & 255, background >> 8 & 255, background >> 16 & 255
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" viewBox="0 0 {width:g} {height:g}">'
    back = f'<rect width="100%" height="100%" fill="rgb({red},{green},{blue})"/>'
    return "\n".join([head, back, *shapes(frame), "</svg>", ""])


def shapes(frame: Iterable[Drawn]) -> list[str]:
    """What the frame shows, without a picture around it."""
    return [shape for drawn in frame for shape in _shapes(drawn)]


def save(frame: Iterable[Drawn], width: float, height: float, path: Path, background: int = 0) -> None:
    """Write `.svg` or `.png`."""
    text = svg(frame, width, height, background)
    if path.suffix == ".svg":
        path.write_text(text, encoding="utf-8")
        return
    subprocess.run(["rsvg-convert", "-o", str(path)], input=text.encode(), check=True)


def _shapes(drawn: Drawn) -> Iterator[str]:
    arguments = [0.0 if a is None else a for a in drawn.arguments]
    line, fill = _paint(drawn, filled=False), _paint(drawn, filled=True)
    match drawn.function:
        case "rect":
            x, y, w, h = arguments[:4]
            filled = drawn.arguments[4] is None or drawn.arguments[4] != 0
            yield f'<rect x="{x:g}" y="{y:g}" width="{max(0, w):g}" height="{max(0, h):g}" {fill if filled else line}/>'
        case "roundrect":
            x, y, w, h, radius = arguments[:5]
            yield f'<rect x="{x:g}" y="{y:g}" width="{w:g}" height="{h:g}" rx="{radius:g}" {line}/>'
        case "gradrect":
            x, y, w, h, r, g, b, a = arguments[:8]
            yield f'<rect x="{x:g}" y="{y:g}" width="{w:g}" height="{h:g}" fill="{_rgb(r, g, b)}" fill-opacity="{a:g}"/>'
        case "rectto":
            (x, y), (right, bottom) = drawn.pen, arguments[:2]
            yield f'<rect x="{x:g}" y="{y:g}" width="{right - x:g}" height="{bottom - y:g}" {fill}/>'
        case "line":
            x, y, x2, y2 = arguments[:4]
            yield f'<line x1="{x:g}" y1="{y:g}" x2="{x2:g}" y2="{y2:g}" {line}/>'
        case "lineto":
            (x, y), (x2, y2) = drawn.pen, arguments[:2]
            yield f'<line x1="{x:g}" y1="{y:g}" x2="{x2:g}" y2="{y2:g}" {line}/>'
        case "circle":
            x, y, radius, filled = arguments[:4]
            yield f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}" {fill if filled else line}/>'
        case "arc":
            yield _arc(line, *arguments[:5])
        case "triangle":
            pairs = [f"{arguments[i]:g},{arguments[i + 1]:g}" for i in range(0, len(arguments) - 1, 2)]
            yield f'<polygon points="{" ".join(pairs)}" {fill}/>'
        case "setpixel":
            (x, y), (r, g, b) = drawn.pen, arguments[:3]
            yield f'<rect x="{x:g}" y="{y:g}" width="1" height="1" fill="{_rgb(r, g, b)}"/>'
        case "drawstr":
            yield from _words(drawn)
        case other:
            raise AssertionError(f"the double has no picture of gfx.{other}")


def _rgb(r: float, g: float, b: float) -> str:
    return "rgb({},{},{})".format(*(round(255 * min(1.0, max(0.0, part))) for part in (r, g, b)))


def _paint(drawn: Drawn, *, filled: bool) -> str:
    r, g, b, a = drawn.colour
    if filled:
        return f'fill="{_rgb(r, g, b)}" fill-opacity="{a:g}"'
    return f'fill="none" stroke="{_rgb(r, g, b)}" stroke-opacity="{a:g}"'


def _arc(paint: str, x: float, y: float, radius: float, start: float, end: float) -> str:
    """Angles count from the top, clockwise."""
    x1, y1 = x + radius * math.sin(start), y - radius * math.cos(start)
    x2, y2 = x + radius * math.sin(end), y - radius * math.cos(end)
    large = int(abs(end - start) > math.pi)
    return f'<path d="M {x1:g} {y1:g} A {radius:g} {radius:g} 0 {large} {int(end > start)} {x2:g} {y2:g}" {paint}/>'


def _words(drawn: Drawn) -> Iterator[str]:
    """Each line as wide as `gfx.measurestr` said, so that the picture keeps the script's layout."""
    text, flags, right, bottom = drawn.arguments
    (x, y), flag, size = drawn.pen, int(flags or 0), drawn.size
    lines = text.split("\n")
    if right is not None and bottom is not None:
        height = size * len(lines)
        y += (bottom - y - height) / 2 if flag & MIDDLE else bottom - y - height if flag & BOTTOM else 0
    for i, line in enumerate(lines):
        width = len(line) * drawn.advance
        space = 0.0 if right is None else right - x - width
        left = x + (space / 2 if flag & CENTRE else space if flag & RIGHT else 0)
        if line.strip():
            yield (
                f'<text x="{left:g}" y="{y + size * (i + 0.8):g}" font-family="DejaVu Sans, sans-serif" '
                f'font-size="{size * 0.85:g}" textLength="{width:g}" lengthAdjust="spacingAndGlyphs" '
                f"{_paint(drawn, filled=True)}>{escape(line)}</text>"
            )
