"""Which packs a style names: a pack, a donor, a word that donors carry, or, when nothing is asked, everything that is there."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from engines.accompaniment.pack import Pack, open_pack, packs
from engines.accompaniment.pool import ANY, ENERGY
from engines.api import Shelf
from engines.errors import EngineError, Notice, NotThere


@dataclass(frozen=True)
class Styles:
    """What to choose from."""

    packs: tuple[Pack, ...]
    tags: frozenset[str]
    """Words that donors should carry, or their names."""
    notices: tuple[Notice, ...]


def all_packs(shelf: Shelf) -> tuple[tuple[Pack, ...], tuple[Notice, ...]]:
    """Every pack that can be used, and a notice for each that cannot."""
    found, notices = list[Pack](), list[Notice]()
    for name, pack in packs(shelf):
        if isinstance(pack, EngineError):
            notices.append(Notice("W_STYLE", f"The style {name!r} is left out: {pack.message}", pack.hint))
        else:
            found.append(pack)
    return tuple(found), tuple(notices)


def styles_of(shelf: Shelf, style: str | None) -> Styles:
    """What a style stands for."""
    if style is not None and style.strip().casefold() in shelf.ids():
        return Styles((open_pack(shelf, style.strip().casefold()),), frozenset(), ())
    there, notices = all_packs(shelf)
    if style is None:
        return Styles(there, frozenset(), notices)
    wanted = style.strip().casefold()
    tagged = tuple(
        pack for pack in there if any(wanted in (*song.tags, song.name.casefold()) for song in pack.card.songs)
    )
    if tagged:
        return Styles(tagged, frozenset((wanted,)), notices)
    names = _names(there)
    near = difflib.get_close_matches(wanted, names, 3, 0.5) or names[:8]
    raise NotThere(
        f"There is no style {style[:40]!r}.", f"Did you mean {', '.join(near)}?" if near else "No style is installed."
    )


def _names(there: Sequence[Pack]) -> list[str]:
    tags = {
        tag
        for pack in there
        for song in pack.card.songs
        for tag in song.tags
        if tag != ANY and not tag.startswith(ENERGY)
    }
    return list(dict.fromkeys((*(pack.id for pack in there), *sorted(tags))))
