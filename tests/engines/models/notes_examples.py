"""Small windows for the note decoder, and the decoder that ships."""

from __future__ import annotations

import time
from functools import cache

import numpy as np
import numpy.typing as npt

from bridge import resources
from engines.models import tokens as t
from engines.models.decoder import Decoder
from engines.models.package import open_package
from engines.models.rack import Rack
from engines.models.runtime import Use
from engines.models.session import installed
from engines.models.window import Window, window_of

Ints = npt.NDArray[np.int64]
BAR = 96
C_MAJOR = (0, 0)


@cache
def shipped() -> Decoder:
    """The note decoder of this installation, on the processor."""
    package = open_package(resources.standard().models, "notes-tiny-1", "notes")
    return Decoder(package, Rack(installed, time.perf_counter), Use(provider="cpu"))


def ballad(bars: int = 4) -> Window:
    """C, Am, F, G by turns: chords in half notes under a melody in quarters, and drums in eighths."""
    notes, slots = [], []
    for bar in range(bars):
        root = (0, 9, 5, 7)[bar % 4]
        third = 3 if root == 9 else 4
        for beat in range(4):
            notes.append((bar * BAR + beat * 24, 0, 24, 72 + (root + (0, 2, third, 7)[beat]) % 12, 90))
            slots.append(1)
        for half in range(2):
            for step in (0, third, 7):
                notes.append((bar * BAR + half * 48, 0, 48, 48 + root + step, 70 + 5 * half))
                slots.append(2)
        for eighth in range(8):
            notes.append((bar * BAR + eighth * 12, 3, 6, 42, 60 + 10 * (eighth % 2)))
            slots.append(3)
    table, slot = np.array(notes, dtype=np.int64), np.array(slots, dtype=np.int64)
    order = np.argsort(table[:, 0], kind="stable")
    chords = np.array(
        [(bar * BAR, (0, 9, 5, 7)[bar % 4], 1 if bar % 4 == 1 else 0) for bar in range(bars)], dtype=np.int64
    )
    lines = np.arange(bars + 1, dtype=np.int64) * BAR
    programs = np.array([1, 1, t.DRUM_PROGRAM], dtype=np.int64)
    return window_of(table[order], slot[order], programs, lines, chords, C_MAJOR, np.zeros(len(order), dtype=bool))
