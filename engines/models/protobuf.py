"""Just enough of protobuf's wire format to walk a message without copying it. Standard library only.

Every read is bounded: by the bytes there are, by the depth of nesting and by the number of fields, so that no file, however
made, costs more than its size in time or more than a few names in memory.
"""

from __future__ import annotations

from collections.abc import Iterator

from engines.models.faults import EXPORT, BadOnnx

MAX_FIELDS = 2_000_000
MAX_DEPTH = 24
"""A subgraph takes three levels; four subgraphs inside each other are far more than we export."""


def damaged(what: str) -> BadOnnx:
    """The error for bytes that are no protobuf, or not the protobuf they should be."""
    return BadOnnx(f"The ONNX file is damaged: {what}.", f"It may have been cut short while copying. {EXPORT}")


class Walk:
    """One walk through one file, with its limits."""

    def __init__(self) -> None:
        self._left = MAX_FIELDS

    def fields(self, message: memoryview, depth: int) -> Iterator[tuple[int, int | memoryview]]:
        """The fields of a message in order: a number for varints, a view of the bytes for all else."""
        if depth > MAX_DEPTH:
            raise damaged("it is nested too deeply")
        at, end = 0, len(message)
        while at < end:
            self._left -= 1
            if self._left < 0:
                raise damaged("it has too many parts")
            tag, at = _varint(message, at)
            number, kind = tag >> 3, tag & 7
            if number == 0:
                raise damaged("a field has no number")
            if kind == 0:
                value, at = _varint(message, at)
                yield number, value
                continue
            if kind == 2:
                length, at = _varint(message, at)
            elif kind in (1, 5):
                length = 8 if kind == 1 else 4
            else:
                raise damaged(f"a field has the unknown kind {kind}")
            if length > end - at:
                raise damaged("it ends in the middle of a field")
            yield number, message[at : at + length]
            at += length


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        if at >= len(message):
            raise damaged("it ends in the middle of a number")
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value & 0xFFFF_FFFF_FFFF_FFFF, at
        shift += 7
        if shift >= 70:
            raise damaged("a number is too long")


def text(value: int | memoryview) -> str:
    """A string field; names in a model are short."""
    view = blob(value)
    if len(view) > 65_536:
        raise damaged("a name is too long")
    try:
        return str(view, "utf-8")
    except UnicodeDecodeError as problem:
        raise damaged("a name is not text") from problem


def blob(value: int | memoryview) -> memoryview:
    """A field of bytes or an embedded message."""
    if isinstance(value, int):
        raise damaged("a number stands where a message belongs")
    return value


def whole(value: int | memoryview) -> int:
    """A signed whole number."""
    if not isinstance(value, int):
        raise damaged("a message stands where a number belongs")
    return value - (1 << 64) if value >> 63 else value
