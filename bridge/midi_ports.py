"""MIDI ports of this machine: the only place that imports rtmidi.

ALSA is used where a sequencer answers, otherwise JACK; on macOS and Windows the system's own MIDI.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True)
class BackEnd:
    """A way to reach MIDI devices, and what it sees."""

    name: str
    """`ALSA`, `JACK`, `CoreMIDI`, `Windows MM`."""
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    problem: str | None = None
    """Why it does not answer, in words."""


@dataclass(frozen=True)
class MidiPorts:
    """What `ports` lists."""

    back_ends: tuple[BackEnd, ...]
    chosen: str | None
    """The back end that `live` would use; None when none answers."""

    @property
    def inputs(self) -> tuple[str, ...]:
        """Inputs of the chosen back end."""
        return next((b.inputs for b in self.back_ends if b.name == self.chosen), ())

    @property
    def outputs(self) -> tuple[str, ...]:
        """Outputs of the chosen back end."""
        return next((b.outputs for b in self.back_ends if b.name == self.chosen), ())


def look() -> MidiPorts:
    """Ask every back end that this build of rtmidi has."""
    try:
        import rtmidi
    except ImportError as problem:
        return MidiPorts((BackEnd("rtmidi", problem=f"cannot be loaded: {problem}"),), None)
    names = {
        rtmidi.API_LINUX_ALSA: "ALSA",
        rtmidi.API_UNIX_JACK: "JACK",
        rtmidi.API_MACOSX_CORE: "CoreMIDI",
        rtmidi.API_WINDOWS_MM: "Windows MM",
    }
    compiled = [api for api in names if api in rtmidi.get_compiled_api()]
    back_ends = []
    for api in compiled:
        if names[api] == "JACK" and sys.platform == "linux" and not _jack_server_runs():
            # Asking libjack without a server makes it print a page to stderr and, in some set-ups, start a server.
            back_ends.append(BackEnd("JACK", problem="no JACK server is running"))
            continue
        back_ends.append(_ask(rtmidi, api, names[api]))
    answering = [b.name for b in back_ends if b.problem is None]
    return MidiPorts(tuple(back_ends), answering[0] if answering else None)


def _ask(rtmidi: object, api: int, name: str) -> BackEnd:
    try:
        with _quiet():
            source, sink = rtmidi.MidiIn(api), rtmidi.MidiOut(api)  # type: ignore[attr-defined]  # no types are shipped
            back_end = BackEnd(name, tuple(source.get_ports()), tuple(sink.get_ports()))
            source.delete()
            sink.delete()
    except OSError as problem:  # rtmidi's SystemError is one: no sequencer, no server
        reason = str(problem).strip().splitlines()[0] if str(problem).strip() else type(problem).__name__
        return BackEnd(name, problem=reason)
    return back_end


def _jack_server_runs() -> bool:
    """Whether a JACK server has its socket or shared memory here, or PipeWire stands in for one."""
    server = os.environ.get("JACK_DEFAULT_SERVER", "default")
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    if runtime and os.path.exists(os.path.join(runtime, "pipewire-0")):
        return True
    user = os.getuid() if hasattr(os, "getuid") else 0
    try:
        names = os.listdir("/dev/shm")  # noqa: S108  # jackd's own place for its sockets, not a file of ours
    except OSError:
        return False
    return any(name.startswith((f"jack_{server}_{user}_", f"jack_sem.{user}_{server}_")) for name in names)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep what C libraries print to stderr off the musician's terminal."""
    sys.stderr.flush()
    saved = os.dup(2)
    try:
        with open(os.devnull, "wb") as nowhere:
            os.dup2(nowhere.fileno(), 2)
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)
