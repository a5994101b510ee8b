"""The folder in REAPER's resource path that scripts and bridge share.

<resource path>/Data/partimento/jobs/<id>/      job folders
control/<id>.json   what needs no job; read once and removed
bridge.json     the bridge's heartbeat
reaper.json     that of REAPER's scripts
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bridge.wire import Control1, decode
from bridge.wire.presence import Bridge1
from engines.errors import EngineError, NotThere, SchemaError, WriteFailed

MAX_CONTROL = 64 * 1024
"""Bytes of a control file. None needs more."""
MAX_PRESENCE = 1024 * 1024


@dataclass(frozen=True)
class Mailbox:
    """The folder on disk. Nothing that lies in it is trusted."""

    root: Path

    @classmethod
    def below(cls, resource_path: Path) -> Mailbox:
        """The mailbox of a REAPER installation, made when it is not there."""
        if not resource_path.is_dir():
            raise NotThere(
                f"There is no folder {resource_path}.", "Give REAPER's resource folder with --resource-path DIR."
            )
        mailbox = cls(resource_path / "Data" / "partimento")
        try:
            for folder in (mailbox.jobs, mailbox.control):
                folder.mkdir(parents=True, exist_ok=True)
        except OSError as problem:
            said = f"The mailbox {mailbox.root} cannot be made: {problem.strerror}."
            raise WriteFailed(said, "Check the folder and its permissions.") from problem
        return mailbox

    @property
    def jobs(self) -> Path:
        """Where job folders lie."""
        return self.root / "jobs"

    @property
    def control(self) -> Path:
        """Where control files are put."""
        return self.root / "control"

    def requests(self, known: Callable[[str], bool]) -> tuple[str, ...]:
        """The names of the folders in `jobs` whose request has arrived, without those that are known."""
        try:
            with os.scandir(self.jobs) as entries:
                new = [entry for entry in entries if not known(entry.name)]
            return tuple(entry.name for entry in new if os.path.isfile(os.path.join(entry.path, "request.json")))
        except OSError:  # gone, or out of reach for a moment: the next look may find it
            return ()

    def forget_controls(self, before: float) -> tuple[str, ...]:
        """Remove control files from before a moment (seconds since 1970); says which. Nobody wants to be obeyed a day later."""
        gone = []
        with suppress(OSError), os.scandir(self.control) as entries:
            for entry in entries:
                with suppress(OSError):
                    if entry.name.endswith(".json") and entry.stat().st_mtime < before:
                        os.unlink(entry.path)
                        gone.append(entry.name.removesuffix(".json"))
        return tuple(sorted(gone))

    def controls(self) -> Iterator[tuple[str, Control1 | EngineError]]:
        """Every control file, the oldest first, with what it says or what is wrong with it. Each is removed."""
        found = []
        with suppress(OSError), os.scandir(self.control) as entries:
            for entry in entries:
                with suppress(OSError):
                    if entry.name.endswith(".json") and entry.is_file():
                        found.append((entry.stat().st_mtime_ns, entry.name))
        for _, name in sorted(found):
            path = self.control / name
            said = _control(path)
            try:
                path.unlink()
            except OSError:  # still open on the other side; whoever cannot be removed is not obeyed twice
                continue
            yield name.removesuffix(".json"), said

    def read_presence(self) -> Bridge1 | None:
        """What the bridge said last; None where there is nothing to read."""
        try:
            path = self.root / "bridge.json"
            return decode(Bridge1, path.read_bytes()) if path.stat().st_size <= MAX_PRESENCE else None
        except (OSError, SchemaError):
            return None

    def reapers_sign(self) -> int | None:
        """What changes as long as REAPER's scripts run: when they renewed `reaper.json` last; None without one."""
        try:
            return (self.root / "reaper.json").stat().st_mtime_ns
        except OSError:
            return None

    def write_presence(self, data: bytes) -> None:
        """Say it, under another name and then renamed. It is renewed each second, so it need not reach the disk at once.

        On a full disk it goes over the last one, which takes no room: a bridge whose heart seems to stand still is taken over.
        """
        aside, path = self.root / f"bridge.json.{os.getpid()}.new", self.root / "bridge.json"
        try:
            aside.write_bytes(data)
            os.replace(aside, path)
        except OSError:
            with suppress(OSError):
                aside.unlink()
            room = path.stat().st_size
            if len(data) > room:
                raise
            with path.open("r+b") as file:
                file.write(data.ljust(room))


def _control(path: Path) -> Control1 | EngineError:
    try:
        if path.stat().st_size > MAX_CONTROL:
            return SchemaError(f"The control file {path.name} is too large.", f"The limit is {MAX_CONTROL:,} bytes.")
        return decode(Control1, path.read_bytes(), "control file")
    except OSError as problem:
        return SchemaError(f"The control file {path.name} cannot be read: {problem.strerror}.", "Write it anew.")
    except EngineError as problem:
        return problem
