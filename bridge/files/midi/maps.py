"""Tempo, meter and key of a MIDI file, from whichever track states them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from bridge.files.midi.raw import RawMidi
from engines.errors import InvalidMusic, Notice, UnreadableFile
from engines.music.time import (
    COMMON_TIME,
    DEFAULT_QPM,
    PPQ,
    Division,
    Meter,
    MeterChange,
    MeterMap,
    TempoChange,
    TempoMap,
    Ticks,
)

TEMPO, METER, KEY = 0x51, 0x58, 0x59
MAX_BARS = 20_000
MAX_HOURS = 12


@dataclass(frozen=True, slots=True)
class Statement:
    """A meta event that holds for all tracks from its tick on."""

    file_tick: int
    tick: Ticks
    payload: bytes


Statements = Mapping[int, list[Statement]]
"""By the type of the meta event; in order of time, one a tick: of several, the last."""


def collect(raw: RawMidi, metas: Iterable[Iterable[int]]) -> Statements:
    """The statements of all tracks; `metas` are the places of each track's meta events."""
    found: dict[int, dict[int, tuple[int, bytes]]] = {TEMPO: {}, METER: {}, KEY: {}}
    division = Division(raw.division)
    rows = [
        (track.ticks[index], track.messages[index])
        for track, places in zip(raw.tracks, metas, strict=True)
        for index in places
        if track.messages[index][1] in found
    ]
    rows.sort(key=lambda row: row[0])  # stable: at one tick the later track, and the later event in it, wins
    for file_tick, message in rows:
        found[message[1]][division.to_ticks(file_tick)] = (file_tick, message[2:])
    return {
        kind: [Statement(file_tick, Ticks(tick), payload) for tick, (file_tick, payload) in by_tick.items()]
        for kind, by_tick in found.items()
    }


def read_meter(statements: Iterable[Statement]) -> tuple[MeterMap, list[Notice]]:
    """The bars of the file; 4/4 until it states a meter."""
    changes: list[MeterChange] = []
    broken = 0
    for statement in statements:
        if len(statement.payload) < 2:
            broken += 1
            continue
        numerator, power = statement.payload[:2]
        if numerator == 0 or power > 7:
            bar = MeterMap(_from_the_start(changes)).bar_at(statement.tick)
            raise InvalidMusic(
                f"The file states a meter of {numerator}/{1 << power if power < 16 else f'2^{power}'} in bar {bar} "
                f"(tick {statement.file_tick}), which no music can have.",
                "Correct or delete that time signature; use 1 to 255 over a power of two up to 128.",
                path=f"bar {bar}",
            )
        changes.append(MeterChange(statement.tick, Meter(numerator, 1 << power)))
    return MeterMap(_from_the_start(changes)), _ignored(broken, "W_METER", "time signature")


def _from_the_start(changes: list[MeterChange]) -> tuple[MeterChange, ...]:
    first = () if changes and changes[0].tick == 0 else (MeterChange(Ticks(0), COMMON_TIME),)
    return (*first, *changes)


def read_tempo(statements: Iterable[Statement], meter: MeterMap) -> tuple[TempoMap, list[Notice]]:
    """The tempi of the file, exactly; 120 until it states one."""
    changes: list[TempoChange] = []
    broken = 0
    for statement in statements:
        if len(statement.payload) != 3:
            broken += 1
            continue
        try:
            changes.append(TempoChange.from_midi(statement.tick, int.from_bytes(statement.payload, "big")))
        except InvalidMusic as error:
            bar = meter.bar_at(statement.tick)
            raise InvalidMusic(
                f"In bar {bar} (tick {statement.file_tick}): {error.message}",
                "Correct or delete that tempo event; use 4 to 2000 quarter notes per minute.",
                path=f"bar {bar}",
            ) from error
    if not changes or changes[0].tick != 0:
        changes.insert(0, TempoChange(Ticks(0), DEFAULT_QPM))
    return TempoMap(tuple(changes)), _ignored(broken, "W_TEMPO", "tempo event")


def _ignored(count: int, code: str, what: str) -> list[Notice]:
    if not count:
        return []
    verb = f"A {what} has" if count == 1 else f"{count} {what}s have"
    return [Notice(code, f"{verb} the wrong length and was left out.", "The raw event is kept in the file.")]


def check_length(end: Ticks, meter: MeterMap, tempo: TempoMap) -> None:
    """Refuse what is too long to be one piece of music."""
    bars = meter.bars_until(end)
    if bars > MAX_BARS:
        raise UnreadableFile(
            f"The piece is {bars:,} bars long, more than the {MAX_BARS:,} that are read.",
            "Split it, or delete stray events far behind the music.",
        )
    # Counted in whole numbers: the exact sum of a tempo map is dear, and not needed to the microsecond.
    changes = [change for change in tempo.changes if change.tick < end]
    borders = [*(change.tick for change in changes), end]
    ticks_times_tempo = sum(
        (after - before) * change.midi_tempo for (before, after), change in zip(pairwise(borders), changes, strict=True)
    )
    hours = ticks_times_tempo / (PPQ * 1e6 * 3600)
    if hours > MAX_HOURS:
        raise UnreadableFile(
            f"The piece lasts {hours:,.1f} hours, more than the {MAX_HOURS} that are read.",
            "Split it, or correct a tempo that is far too slow.",
        )
