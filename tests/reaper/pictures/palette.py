"""PNGs made small: the commonest colours alone, a byte each. Windows and words have few, and look the same."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

SIGNATURE = b"\x89PNG\r\n\x1a\n"
CHANNELS = {2: 3, 6: 4}
"""Bytes of a pixel by the kind of PNG: without and with opacity."""
INDEXED = 3
COLOURS = 128

Bytes = npt.NDArray[np.uint8]


def indexed(png: bytes) -> bytes:
    """The same picture on white, with at most 128 colours; a pixel of another takes the nearest."""
    pixels = _on_white(_pixels(png))
    colours, places, counts = np.unique(pixels.reshape(-1, 3), axis=0, return_inverse=True, return_counts=True)
    kept = colours[np.argsort(-counts, kind="stable")[:COLOURS]].astype(int)
    nearest = np.array([np.abs(kept - colour).sum(axis=1).argmin() for colour in colours.astype(int)], np.uint8)
    height, width, _ = pixels.shape
    rows = nearest[places].reshape(height, width)
    head = struct.pack(">IIBBBBB", width, height, 8, INDEXED, 0, 0, 0)
    body = zlib.compress(b"".join(b"\0" + row.tobytes() for row in rows), 9)
    parts = ((b"IHDR", head), (b"PLTE", kept.astype(np.uint8).tobytes()), (b"IDAT", body), (b"IEND", b""))
    return SIGNATURE + b"".join(_chunk(kind, data) for kind, data in parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(SIGNATURE)
    while at < len(png):
        (length,) = struct.unpack_from(">I", png, at)
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        at += length + 12


def _pixels(png: bytes) -> Bytes:
    """Rows of red, green, blue, and opacity where there is any, as converters write them: a byte each, not interlaced."""
    parts = list(_chunks(png))
    width, height, depth, kind, _, _, laced = struct.unpack(">IIBBBBB", parts[0][1])
    assert (depth, kind in CHANNELS, laced) == (8, True, 0), "a converter wrote another kind of PNG"
    data = zlib.decompress(b"".join(body for name, body in parts if name == b"IDAT"))
    step = CHANNELS[kind]
    size = width * step
    above, rows = bytes(size), []
    for at in range(0, height * (size + 1), size + 1):
        above = _unfiltered(data[at], bytearray(data[at + 1 : at + 1 + size]), above, step)
        rows.append(above)
    return np.frombuffer(b"".join(rows), np.uint8).reshape(height, width, step)


def _unfiltered(kind: int, row: bytearray, above: bytes, step: int) -> bytes:
    """A row whose bytes were written as differences: to the left, above, their mean, or the nearest of three (Paeth)."""
    for i in range(len(row)):
        left, up, corner = (row[i - step], above[i], above[i - step]) if i >= step else (0, above[i], 0)
        if kind == 4:
            guess = left + up - corner
            by_left, by_up, by_corner = abs(guess - left), abs(guess - up), abs(guess - corner)
            base = left if by_left <= by_up and by_left <= by_corner else up if by_up <= by_corner else corner
        else:
            base = (0, left, up, (left + up) // 2)[kind]
        row[i] = (row[i] + base) & 255
    return bytes(row)


def _on_white(pixels: Bytes) -> Bytes:
    if pixels.shape[2] == 3:
        return pixels
    opacity = pixels[:, :, 3:].astype(float) / 255
    return np.asarray(np.rint(pixels[:, :, :3] * opacity + 255 * (1 - opacity)), np.uint8)
