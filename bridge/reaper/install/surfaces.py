"""The control surface in `reaper.ini`: how REAPER hears the bridge over OSC, and tells it what it plays.

Surfaces are numbered from 0 without a gap, and `csurf_cnt` counts them. Ours goes behind the last one that counts; when
it is taken out, those behind it move up. Whoever changes its ports in REAPER's preferences keeps them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bridge.reaper.install.lines import Lines
from engines.errors import UnreadableFile

FILE = "reaper.ini"
NAME = "partimento"
REAPER_PORT = 7341
"""Where REAPER listens."""
FEEDBACK_PORT = 7342
"""Where REAPER sends what it plays."""
RECEIVE = 1
SEND = 2
MAX_PACKET_BYTES = 1024
WAIT_MS = 10
_COUNT = re.compile(rb"^(\s*csurf_cnt\s*=\s*)(.*?)(\s*)$", re.IGNORECASE)
_SURFACE = re.compile(rb"^(\s*csurf_)(\d+)(\s*=\s*)(.*)$", re.IGNORECASE)
_OSC = re.compile(rb'^OSC\s+"([^"]*)"\s+(\d+)\s+(\d+)\s+"([^"]*)"\s+(\d+)\s+\d+\s+\d+\s+"([^"]*)"')


@dataclass(frozen=True)
class Surface:
    """An OSC surface as REAPER keeps it."""

    name: str
    flags: int
    """1 receives, 2 sends, 4 may be bound to actions."""
    port: int
    """Where REAPER listens."""
    host: str
    """Whom REAPER tells."""
    feedback_port: int
    pattern: str
    """The pattern file, without folder and ending."""


def add(settings: Lines) -> Lines:
    """With our surface, unless it is there."""
    if ours(settings):
        return settings
    settings = remove(settings)  # what does not count is a leftover
    begin, stop = _section(settings)
    value = (
        f'OSC "{NAME}" {RECEIVE | SEND} {REAPER_PORT} "127.0.0.1" {FEEDBACK_PORT} {MAX_PACKET_BYTES} {WAIT_MS} "{NAME}"'
    ).encode()
    at = _count_line(settings, begin, stop)
    if at is None:
        # The order, count first, tells `remove` that the count came with us.
        return settings.put_in(stop, [b"csurf_cnt=1", b"csurf_0=" + value])
    count = _count(settings, at)
    settings = _renumber(settings, begin, stop, count, +1)  # leftovers that no longer count
    settings = _with_count(settings, at, count + 1)
    return settings.put_in(at, [b"csurf_%d=" % count + value])


def remove(settings: Lines) -> Lines:
    """Without our surface; those behind it move up."""
    begin, stop = _section(settings)
    for number in reversed(_ours(settings, begin, stop)):
        begin, stop = _section(settings)
        match = _SURFACE.match(settings.text(number))
        at = _count_line(settings, begin, stop)
        assert match, "only lines of that form are ours"
        index = int(match[2])
        count = _count(settings, at) if at is not None else 0
        settings = _renumber(settings, begin, stop, index + 1, -1)
        if at is not None and index < count:
            settings = _with_count(settings, at, count - 1)
        settings = settings.take_out(number)
        if at is not None and count == 1 and at == number - 1:
            settings = settings.take_out(at)
    return settings


def ours(settings: Lines) -> Surface | None:
    """Our surface as it stands there; None where there is none, or where it does not count."""
    return next((surface for surface in surfaces(settings) if surface.name == NAME), None)


def surfaces(settings: Lines) -> tuple[Surface, ...]:
    """Every OSC surface that counts."""
    begin, stop = _section(settings)
    at = _count_line(settings, begin, stop)
    count = _count(settings, at) if at is not None else 0
    found = []
    for number in settings.find(_SURFACE.match, begin, stop):
        match = _SURFACE.match(settings.text(number))
        osc = match and int(match[2]) < count and _OSC.match(match[4])
        if osc:
            name, host, pattern = (osc[i].decode("utf-8", "replace") for i in (1, 4, 6))
            found.append(Surface(name, int(osc[2]), int(osc[3]), host, int(osc[5]), pattern))
    return tuple(found)


def _section(settings: Lines) -> tuple[int, int]:
    """The lines of section [reaper], without its head and the empty lines at its end."""
    heads = settings.find(lambda text: text.strip().lower() == b"[reaper]")
    if not heads:
        raise UnreadableFile("reaper.ini has no section [reaper].", "Start REAPER once and close it, then try again.")
    begin = heads[0] + 1
    stop = next(iter(settings.find(lambda text: text.lstrip().startswith(b"["), begin)), len(settings.lines))
    while stop > begin and not settings.text(stop - 1).strip():
        stop -= 1
    return begin, stop


def _ours(settings: Lines, begin: int, stop: int) -> tuple[int, ...]:
    def is_ours(text: bytes) -> bool:
        match = _SURFACE.match(text)
        osc = match and _OSC.match(match[4])
        return bool(osc and osc[1] == NAME.encode())

    return settings.find(is_ours, begin, stop)


def _count_line(settings: Lines, begin: int, stop: int) -> int | None:
    return next(iter(settings.find(_COUNT.match, begin, stop)), None)


def _count(settings: Lines, at: int) -> int:
    match = _COUNT.match(settings.text(at))
    text = match[2] if match else b""
    if not text.isdigit():
        raise UnreadableFile(
            f"reaper.ini counts its control surfaces as {text.decode('utf-8', 'replace')!r}.",
            "Open Preferences > Control/OSC/web in REAPER, press OK, close REAPER, then try again.",
        )
    return int(text)


def _with_count(settings: Lines, at: int, count: int) -> Lines:
    return settings.change(at, _COUNT.sub(rb"\g<1>%d\g<3>" % count, settings.text(at)))


def _renumber(settings: Lines, begin: int, stop: int, first: int, by: int) -> Lines:
    """Move the numbers of the surfaces from `first` on."""
    for number in settings.find(_SURFACE.match, begin, stop):
        match = _SURFACE.match(settings.text(number))
        if match and int(match[2]) >= first:
            moved = b"%s%d%s%s" % (match[1], int(match[2]) + by, match[3], match[4])
            settings = settings.change(number, moved)
    return settings
