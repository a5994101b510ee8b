"""The few marks that a picture of a song is drawn with, as SVG text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

INK = "#1f2430"
SOFT_INK = "#5c6475"
FAINT_INK = "#8d94a3"
PAPER = "#ffffff"
LANE = "#f6f7f9"
BEAT_LINE = "#e6e8ed"
BAR_LINE = "#c3c8d2"
BORDER_LINE = "#7b8394"

# Eight hues that stay apart for people who see fewer colours: each differs from its neighbours in lightness too.
TRACK_COLOURS = ("#0a66a8", "#d1551c", "#008f6b", "#b5588f", "#c98a00", "#3f9fd0", "#6a4fa3", "#7a5a3a")
DRUM_COLOUR = "#4a5160"
SECTION_COLOURS = ("#dbe8f6", "#fbe2cd", "#d8efe3", "#f2ddea", "#f8efc8", "#e3dff2", "#e9e3da")
PLAIN_SECTION = "#e8eaee"

FONT = "Inter, 'Segoe UI', 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif"

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NARROW, _WIDE = frozenset("ijltfrI.,:;'|/!()[] "), frozenset("mwMW@%")


def colour_or(colour: str | None, otherwise: str) -> str:
    """A colour of the musician's own where it is one."""
    return colour if colour and _COLOUR.fullmatch(colour) else otherwise


def number(value: float) -> str:
    """A coordinate in as few characters as a tenth of a pixel needs."""
    text = f"{value:.1f}"
    return text[:-2] if text.endswith(".0") else text


def safe(text: str) -> str:
    """Words for the inside of an element: one line, nothing that XML forbids."""
    return escape(" ".join(_NOT_XML.sub("\ufffd", text).split()))


def width_of(text: str, size: float) -> float:
    """About how wide words are, on the safe side; no font is asked."""
    units = sum(0.36 if c in _NARROW else 0.95 if c in _WIDE else 1.0 if ord(c) > 0x2E80 else 0.62 for c in text)
    return units * size


def fitted(text: str, size: float, room: float) -> str:
    """As much of the words as there is room for, with an ellipsis where some are missing; nothing when not even one fits."""
    words = " ".join(text.split())
    if width_of(words, size) <= room:
        return words
    kept = words[: max(0, int(room / (0.3 * size)))]
    while kept and width_of(kept + "…", size) > room:
        kept = kept[:-1]
    return kept.rstrip() + "…" if kept.strip() else ""


def words(
    x: float, y: float, text: str, size: float, *, fill: str = INK, anchor: str = "start", weight: int = 400
) -> str:
    """A line of words; `y` is its base line."""
    more = f' text-anchor="{anchor}"' if anchor != "start" else ""
    more += f' font-weight="{weight}"' if weight != 400 else ""
    return f'<text x="{number(x)}" y="{number(y)}" font-size="{number(size)}" fill="{fill}"{more}>{safe(text)}</text>'


def box(x: float, y: float, width: float, height: float, fill: str, *, radius: float = 0, attributes: str = "") -> str:
    """A filled rectangle."""
    corner = f' rx="{number(radius)}"' if radius else ""
    size = f'width="{number(max(0.0, width))}" height="{number(max(0.0, height))}"'
    return f'<rect x="{number(x)}" y="{number(y)}" {size}{corner} fill="{fill}"{attributes}/>'


def uprights(xs: Sequence[float], top: float, bottom: float, stroke: str, width: float) -> str:
    """Vertical lines, as one path."""
    if not xs:
        return ""
    rise = number(bottom - top)
    path = "".join(f"M{number(x)} {number(top)}v{rise}" for x in xs)
    return f'<path d="{path}" stroke="{stroke}" stroke-width="{number(width)}" fill="none"/>'


def strokes(runs: Sequence[tuple[float, float, float]], stroke: str, width: float, opacity: float) -> str:
    """Round-ended horizontal strokes (x, y, length), as one path. A short one becomes a dot."""
    path = "".join(
        f"M{number(x + min(width, length) / 2)} {number(y)}h{number(max(0.1, length - width))}" for x, y, length in runs
    )
    see = f' stroke-opacity="{opacity:.2f}"' if opacity < 1 else ""
    return f'<path d="{path}" stroke="{stroke}" stroke-width="{number(width)}"{see}/>'


def document(width: float, height: float, title: str, description: str, body: Sequence[str]) -> str:
    """The whole picture, with what a screen reader says of it."""
    size = f'width="{number(width)}" height="{number(height)}" viewBox="0 0 {number(width)} {number(height)}"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label={quoteattr(safe_label(title))} '
            f'font-family="{FONT}">',
            f"<title>{safe(title)}</title>",
            f"<desc>{safe(description)}</desc>",
            box(0, 0, width, height, PAPER, radius=10),
            *(piece for piece in body if piece),
            "</svg>\n",
        ]
    )


def safe_label(text: str) -> str:
    """Words for an attribute, not yet quoted."""
    return " ".join(_NOT_XML.sub("\ufffd", text).split())
