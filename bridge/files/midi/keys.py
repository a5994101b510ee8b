"""Keys in a MIDI file.

A key signature event knows sharps or flats and major or minor. Any other mode is written as the signature it is notated
with and beside it a text event such as `key:D dorian`, which is read back.
"""

from __future__ import annotations

from collections.abc import Iterable

from bridge.files.midi.maps import KEY, Statement
from bridge.files.midi.raw import META
from bridge.files.midi.text import encode
from engines.errors import InvalidMusic, Notice
from engines.music.keys import Key, KeyChange, KeyTrack, Mode
from engines.music.notes import Text
from engines.music.spelling import Spelling
from engines.music.time import Ticks

_SAID = "key:"


def read_keys(signatures: Iterable[Statement], said: Iterable[KeyChange]) -> tuple[KeyTrack | None, list[Notice]]:
    """The keys that the file states, or None; what is said in words goes before a signature at the same tick.

    The first key holds from the start, wherever it is stated.
    """
    by_tick: dict[Ticks, Key] = {}
    broken = 0
    for statement in signatures:
        key = _key_of(statement.payload)
        if key is None:
            broken += 1
        else:
            by_tick[statement.tick] = key
    by_tick.update({change.tick: change.key for change in said})
    changes = [KeyChange(tick, by_tick[tick]) for tick in sorted(by_tick)]
    if changes:
        changes[0] = KeyChange(Ticks(0), changes[0].key)
    what = "A key signature is malformed and was" if broken == 1 else f"{broken} key signatures are malformed and were"
    odd = [Notice("W_KEY", f"{what} left out.", "The raw event is kept in the file.")] if broken else []
    return KeyTrack(tuple(changes)) if changes else None, odd


def _key_of(payload: bytes) -> Key | None:
    if len(payload) < 2:
        return None
    fifths = payload[0] - 256 if payload[0] > 127 else payload[0]
    if not -7 <= fifths <= 7 or payload[1] > 1:
        return None
    if payload[1]:
        return Key(Spelling.from_fifths(fifths + 3), Mode.MINOR)
    return Key(Spelling.from_fifths(fifths), Mode.MAJOR)


def said_key(text: Text) -> KeyChange | None:
    """The key that a text event such as `key:D dorian` states."""
    if not text.text.startswith(_SAID):
        return None
    try:
        return KeyChange(text.tick, Key.parse(text.text.removeprefix(_SAID)))
    except InvalidMusic:
        return None  # words that only look alike


def key_messages(key: Key) -> tuple[bytes, ...]:
    """The events that state a key."""
    payload = bytes((key.signature & 0xFF, 0 if key.is_major_like else 1))
    signature = bytes((META, KEY)) + payload
    if _key_of(payload) == key:
        return (signature,)
    return signature, bytes((META, 0x01)) + encode(_SAID + str(key))
