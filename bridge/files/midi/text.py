"""Words in a MIDI file: names, markers, lyrics. Most are UTF-8 today; older ones are read as Latin-1."""

from __future__ import annotations

_CONTROL_CHARACTERS = dict.fromkeys((*range(32), *range(127, 160)))


def decode(data: bytes) -> str:
    """Words as stored, without the NUL bytes that some programs add."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    return text.replace("\0", "")


def decode_name(data: bytes) -> str:
    """A name as stored."""
    return clean(decode(data))


def clean(text: str) -> str:
    """One line, without control characters and without space around it."""
    return text.translate(_CONTROL_CHARACTERS).strip()


def encode(text: str) -> bytes:
    """Words to store. What is no valid character becomes a question mark."""
    return text.encode("utf-8", "replace")
