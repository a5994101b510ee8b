"""What `result/1` asks a script to write, one class for each `op`; and the options that a request may carry."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from bridge.wire.codec import Name, Quarters, Unit, Wire


class TrackWrite(Wire, frozen=True, kw_only=True, tag_field="op", tag="track"):
    """A new track."""

    key: Name
    """What the items of this result call it."""
    name: Name
    role: Name | None = None
    colour: Name | None = None
    """`#rrggbb`."""
    folder: Name | None = None
    program: int | None = None
    """General MIDI instrument, from 0: what an instrument that is put on the track may be set to."""
    after: Name | None = None
    """The track it stands below."""


class TakeContent(Wire, frozen=True, kw_only=True):
    """One take of an item. Without a file it is empty and only has its name."""

    name: Name
    file: Name | None = None
    hash: Name | None = None
    """SHA-256 of the file."""
    provenance: dict[Name, str] = {}


class ItemWrite(Wire, frozen=True, kw_only=True, tag_field="op", tag="item"):
    """A new item with its takes."""

    track: Name
    """The key of a track that is written before it, or the GUID of one that is there."""
    guid: Name | None = None
    from_qn: Quarters
    to_qn: Quarters
    takes: tuple[TakeContent, ...]
    active: int = 0


class RegionWrite(Wire, frozen=True, kw_only=True, tag_field="op", tag="region"):
    """A new region."""

    name: Name
    from_qn: Quarters
    to_qn: Quarters
    colour: Name | None = None


Write = TrackWrite | ItemWrite | RegionWrite


def plain(writes: list[Write]) -> tuple[dict[str, Any], ...]:
    """Writes as `result/1` carries them."""
    return tuple(msgspec.to_builtins(writes))


class ArrangeOptions(Wire, frozen=True, kw_only=True):
    """What a musician may wish of `arrange`; the names are those of the command line."""

    band: Name | None = None
    parts: Name | None = None
    piano_only: bool = False
    style: Name | None = None
    density: Unit = 0.5
    faithful: Unit = 0.5
    humanise: Unit = 1.0
    by_rule: bool = False
    takes: Annotated[int, msgspec.Meta(ge=1, le=16)] = 1
    seed: int = 1
    phrases: Name | None = None
    key: Name | None = None
    chords: Annotated[str, msgspec.Meta(max_length=65536)] | None = None
    """`| Am7 D7 | Gmaj7 |`, from the first bar of the selection on."""
