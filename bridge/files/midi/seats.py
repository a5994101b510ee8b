"""Which channel each track of a song is written on.

A file has sixteen channels a port. A track keeps the channel it has unless an earlier track with another program sits
there; then it moves to one that nobody asked for. Drums stay on channel 10, and nothing else moves there. When all
others are taken, a track shares one that has its program; failing that it goes to the next port (a port event says so).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from engines.errors import InvalidMusic
from engines.music.notes import DRUM_CHANNEL

_PORTS = 128
_PITCHED = tuple(channel for channel in range(16) if channel != DRUM_CHANNEL)


@dataclass(frozen=True, slots=True)
class Player:
    """What a track asks for."""

    channels: tuple[int, ...]
    """The channels that its music is on: nearly always one."""
    program: int | None


@dataclass(frozen=True, slots=True)
class Seat:
    """What it gets."""

    port: int
    channels: Mapping[int, int]
    """From the channels it asked for."""


def seats(players: Sequence[Player]) -> list[Seat]:
    """A seat for each player, in order."""
    taken: _Taken = {}
    out: dict[int, Seat] = {}
    for number, player in enumerate(players):
        if _fits(player, 0, player.channels, taken):
            out[number] = _sit(player, 0, player.channels, taken)
    for number, player in enumerate(players):
        if number not in out:
            out[number] = _move(player, taken)
    return [out[number] for number in range(len(players))]


_Taken = dict[tuple[int, int], int | None]
"""The program that plays at a (port, channel)."""


def _fits(player: Player, port: int, channels: Iterable[int], taken: _Taken) -> bool:
    """Whether nobody sits there, or only players of the same program; drummers share one kit."""
    return all(
        taken.get((port, c), player.program) == player.program
        or (c == DRUM_CHANNEL and None in (taken[port, c], player.program))
        for c in channels
    )


def _sit(player: Player, port: int, channels: Sequence[int], taken: _Taken) -> Seat:
    for channel in channels:
        if taken.get((port, channel)) is None:
            taken[port, channel] = player.program
    return Seat(port, dict(zip(player.channels, channels, strict=True)))


def _move(player: Player, taken: _Taken) -> Seat:
    movable = len(player.channels) == 1 and player.channels[0] != DRUM_CHANNEL
    for port in range(_PORTS):
        free = [(c,) for c in _PITCHED if movable and (port, c) not in taken]
        shared = [(c,) for c in _PITCHED if movable and (port, c) in taken]
        for channels in (player.channels, *free, *shared):
            if _fits(player, port, channels, taken):
                return _sit(player, port, channels, taken)
    raise InvalidMusic(
        "The song has more tracks with programs of their own than a MIDI file has channels.",
        "Write it as several files.",
    )
