"""Windows in a plain frame: REAPER's own with what our scripts put in them, and those that we draw ourselves."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from bridge.files.picture.svg import box, document, fitted, width_of, words
from tests.reaper.double.desktop import Dialog
from tests.reaper.double.gfx import Gfx
from tests.reaper.double.picture import shapes

EDGE, FACE, FIELD, INK = "#9aa0ab", "#f1f2f4", "#ffffff", "#1f2430"
HEAD, MARGIN, ROW, SIZE = 28.0, 16.0, 30.0, 13.0
FIELD_WIDTH = 130.0
"""Of a field in REAPER's window of fields, before a script asks for more."""
BOX_LETTERS = 62
"""After which a message box begins a new line."""


def inputs(dialog: Dialog) -> str:
    """A window of fields, with what stood in them when it was closed."""
    words_of = dialog.text.split(",")
    extras = dict(one.partition("=")[::2] for one in words_of if one.startswith(("extrawidth=", "separator=")))
    captions = [one for one in words_of if not one.startswith(("extrawidth=", "separator="))]
    left = MARGIN + max(width_of(caption, SIZE) for caption in captions) + 12
    wide = FIELD_WIDTH + float(extras.get("extrawidth", 0))
    body = []
    for row, (caption, value) in enumerate(zip(captions, dialog.values, strict=True)):
        y = HEAD + MARGIN + row * ROW
        body.append(words(MARGIN, y + 16, caption, SIZE))
        body.append(box(left, y, wide, 23, FIELD, attributes=f' stroke="{EDGE}"'))
        body.append(words(left + 7, y + 16, fitted(value, SIZE, wide - 14), SIZE))
    width = left + wide + MARGIN
    bottom = HEAD + MARGIN + len(captions) * ROW + 6
    return _frame(dialog.title, width, bottom + 40, [*body, *_buttons(("ok", "cancel"), width, bottom)])


def message(dialog: Dialog) -> str:
    """A message box."""
    lines = [part for line in dialog.text.split("\n") for part in textwrap.wrap(line, BOX_LETTERS) or [""]]
    width = 2 * MARGIN + max(240.0, *(width_of(line, SIZE) for line in lines))
    body = [words(MARGIN, HEAD + 28 + 19 * row, line, SIZE) for row, line in enumerate(lines)]
    bottom = HEAD + 28 + 19 * len(lines)
    return _frame(dialog.title, width, bottom + 40, [*body, *_buttons(dialog.buttons, width, bottom)])


def console(text: str, most: int = 12) -> str:
    """REAPER's window for what scripts print, with so many lines in view."""
    width, lines = 770.0, text.rstrip("\n").split("\n")
    lines = lines if len(lines) <= most else [*lines[: most - 1], "…"]
    room = width - 2 * MARGIN
    body = [box(6, HEAD + 6, width - 12, 18 * len(lines) + 20, FIELD, attributes=f' stroke="{EDGE}"')]
    for row, line in enumerate(lines):
        indent = 22 if line.startswith(" ") else 0
        body.append(words(MARGIN + indent, HEAD + 26 + 18 * row, fitted(line, SIZE, room - indent), SIZE))
    return _frame("ReaScript console output", width, HEAD + 18 * len(lines) + 32, body)


def drawn(gfx: Gfx) -> str:
    """A window that a script draws."""
    width, height = gfx.values["w"], gfx.values["h"]
    inside = [f'<g transform="translate(1 {HEAD:g})">', *shapes(gfx.frame), "</g>"]
    return _frame(gfx.title, width + 2, HEAD + height + 1, inside)


def _frame(title: str, width: float, height: float, body: Sequence[str]) -> str:
    head = [
        box(0.5, 0.5, width - 1, height - 1, FACE, radius=5, attributes=f' stroke="{EDGE}"'),
        words(MARGIN, 19, title, SIZE, weight=600),
        words(width - MARGIN, 19, "×", SIZE + 3, anchor="end"),
    ]
    return document(width, height, title, "A window.", [*head, *body])


def _buttons(names: Sequence[str], width: float, y: float) -> list[str]:
    out = []
    for place, name in enumerate(reversed(names)):
        x = width - MARGIN - (place + 1) * 84 + 8
        out.append(box(x, y, 76, 25, FIELD, radius=3, attributes=f' stroke="{EDGE}"'))
        out.append(words(x + 38, y + 17, name.upper() if name == "ok" else name.capitalize(), SIZE, anchor="middle"))
    return out
