"""Bytes to shapes and back. msgspec does the work; this adds the size limit and our kind of error."""

from __future__ import annotations

import re
from typing import Annotated, Any, TypeVar

import msgspec

from engines.errors import SchemaError

MAX_BYTES = 32 * 1024 * 1024
"""The largest message that is read."""

Name = Annotated[str, msgspec.Meta(max_length=1024)]
"""A name or other short text."""
Unit = Annotated[float, msgspec.Meta(ge=0.0, le=1.0)]
"""A dial from 0 to 1."""
Quarters = Annotated[float, msgspec.Meta(ge=-1e6, le=1e6)]
"""A position in quarter notes from the start of the project."""
JobId = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")]
"""A job's name, which becomes a folder's name: nothing in it can lead elsewhere."""


class Wire(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A shape on the wire."""


T = TypeVar("T")


def decode(kind: type[T], data: bytes | str, what: str = "message") -> T:
    """Read one message strictly, or say in one sentence what is wrong with it and where."""
    size = len(data)
    if size > MAX_BYTES:
        raise SchemaError(f"The {what} has {size:,} bytes.", f"The limit is {MAX_BYTES:,}; select less.")
    try:
        return msgspec.json.decode(data, type=kind, strict=True)
    except RecursionError as problem:
        raise SchemaError(f"The {what} is nested too deeply.", "It follows no schema of ours.") from problem
    except msgspec.ValidationError as problem:
        sentence, _, where = str(problem).partition(" - at ")
        path = re.sub(r"^`\$\.?|`$", "", where)
        raise SchemaError(
            f"The {what} does not follow its schema{f' at {path}' if path else ''}: {sentence}.",
            "See docs/wire.md for its fields.",
            path=path or None,
        ) from problem
    except (msgspec.DecodeError, UnicodeDecodeError) as problem:
        raise SchemaError(f"The {what} is not JSON: {problem}.", "Write it as UTF-8 JSON.") from problem


def encode(message: Any) -> bytes:
    """A message as JSON. Fields keep their order, so equal messages give equal bytes."""
    return msgspec.json.encode(message)
