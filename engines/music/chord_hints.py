"""What a mistyped chord symbol was probably meant to be."""

from __future__ import annotations

import re
from functools import lru_cache

from engines.music.chord_names import FAMILIAR
from engines.music.chord_symbols import read_symbol
from engines.music.spelling import plain, read_spelling

_COMMON = (
    *FAMILIAR,
    *("7b9", "7#9", "7#11", "7b13", "7#5", "7b5", "9#11", "13#11", "13b9", "maj7#11", "maj7#5", "maj9#11", "add9"),
    *("add11", "m(add9)", "m7(add11)", "m9b5", "7(b9,b13)", "7(b9,#11)", "7(#9,#5)", "(b5)", "(no3)", "(no5)"),
)
_BELOW = re.compile(r"/([A-Ha-h])(bb?|##?|)$")
_FARTHEST = 20
"""Characters of a quality that are compared; more is garbage, and its length must not cost time."""


@lru_cache(maxsize=256)
def nearest_symbol(text: str) -> str:
    """The nearest symbol that reads."""
    symbol = "".join(plain(text[:80]).split())[:80].replace("x", "")
    if symbol[:1] in ("H", "h"):
        symbol = "B" + symbol[1:]  # German
    symbol = symbol[:1].upper() + symbol[1:]
    start = re.search("[A-G]", symbol)
    at = start.start() if start else 0
    read = read_spelling(symbol, at)
    root, rest = (str(read[0]), symbol[read[1] :]) if read else ("C", symbol[1:])
    below = _BELOW.search(rest)
    quality = rest[: below.start()] if below else rest
    bass = "/" + below[1].upper().replace("H", "B") + below[2] if below else ""
    for candidate in (root + quality + bass, root + quality):
        if read_symbol(candidate) is not None:
            return candidate
    quality = quality.lstrip(":")[:_FARTHEST]
    best = min(_COMMON, key=lambda name: _distance(quality, name))
    return root + best + bass


def _distance(a: str, b: str) -> int:
    """How many letters have to be put in, taken out or exchanged; letter case counts least."""
    row = list(range(0, 2 * len(b) + 1, 2))
    for i, x in enumerate(a, 1):
        last, row = row, [2 * i]
        for j, y in enumerate(b, 1):
            change = 0 if x == y else 1 if x.lower() == y.lower() else 3
            row.append(min(last[j] + 2, row[-1] + 2, last[j - 1] + change))
    return row[-1]
