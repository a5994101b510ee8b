"""One request's folder, and the shelf of such folders: the mailbox that scripts and bridge share.

    <root>/<id>/request.json → status.json → result.json and clips/*.mid      (`cancel` is a file of that name)

Whatever is written is written under another name and renamed, so a reader on the other side never sees half a file.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bridge.clock import Clock
from bridge.files.atomic import write_files
from bridge.wire import MAX_BYTES, Request1, Status1, decode, encode, fault
from bridge.wire.jobs import State
from engines.errors import EngineError, NotThere, SchemaError, UnreadableFile

FINISHED: frozenset[str] = frozenset({"done", "failed", "cancelled"})
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


@dataclass(frozen=True)
class JobFolder:
    """One job on disk."""

    path: Path
    clock: Clock

    @property
    def id(self) -> str:
        """The job's name."""
        return self.path.name

    def request(self) -> Request1:
        """What was asked. The file is not trusted: size and schema are checked, and the id must be the folder's."""
        file = self.path / "request.json"
        if not file.is_file():
            raise NotThere(f"Job {self.id} has no request.json.", "Write it under another name, then rename it.")
        try:
            if file.stat().st_size > MAX_BYTES:
                raise SchemaError(f"The request of job {self.id} is too large.", f"The limit is {MAX_BYTES:,} bytes.")
            data = file.read_bytes()
        except OSError as problem:
            said = f"The request of job {self.id} cannot be read: {problem.strerror}."
            raise UnreadableFile(said, "Ask again; look at the permissions of REAPER's resource folder.") from problem
        request = decode(Request1, data, "request")
        if request.id != self.id:
            raise SchemaError(f"Folder {self.id} holds the request of job {request.id}.", "Use one id for both.")
        return request

    def status(self) -> Status1 | None:
        """How it is doing; None before the bridge has noticed it, and when the file is damaged."""
        try:
            return decode(Status1, (self.path / "status.json").read_bytes(), "status")
        except (OSError, SchemaError):
            return None

    def set_status(
        self, state: State, progress: float = 0.0, message: str = "", error: EngineError | None = None
    ) -> Status1:
        """Say how it is doing."""
        status = self.make_status(state, progress, message, error)
        self.put_status(status)
        return status

    def make_status(
        self, state: State, progress: float = 0.0, message: str = "", error: EngineError | None = None
    ) -> Status1:
        """How it is doing, not yet said."""
        return Status1(
            id=self.id,
            state=state,
            progress=min(1.0, max(0.0, progress)),
            message=message or (error.message if error else ""),
            error=fault(error) if error else None,
            updated=self.clock.stamp(),
        )

    def put_status(self, status: Status1) -> None:
        """Say it."""
        self._still_there()
        write_files(self.path, {"status.json": encode(status)})

    def finish(self, result: bytes, clips: dict[str, bytes]) -> None:
        """Put the result into place: clips first, `result.json` last of all."""
        self._still_there()
        write_files(self.path, {**clips, "result.json": result})

    @property
    def has_result(self) -> bool:
        """Whether it has a result, which is whole when it is there."""
        return (self.path / "result.json").is_file()

    def _still_there(self) -> None:
        """A folder that was taken away is not made anew."""
        if not self.path.is_dir():
            raise NotThere(f"The folder of job {self.id} is gone.", "Ask again.")

    @property
    def cancel_asked(self) -> bool:
        """Whether someone put the file `cancel` there."""
        return (self.path / "cancel").exists()

    def ask_cancel(self) -> None:
        """Put it there."""
        (self.path / "cancel").touch()


@dataclass(frozen=True)
class JobShelf:
    """All jobs. Finished ones are the clip history and are kept up to a number."""

    root: Path
    clock: Clock
    keep: int = 200
    """How many finished jobs stay."""

    def open(self, job: str) -> JobFolder:
        """A job by id; an id that could lead elsewhere is not there."""
        path = self.root / job
        if not _ID.fullmatch(job) or not path.is_dir():
            raise NotThere(f"There is no job {job!r}.", "Ask again; its folder may have been cleared away.")
        return JobFolder(path, self.clock)

    def create(self, request: Request1) -> JobFolder:
        """A new job with its request in place."""
        path = self.root / request.id
        if path.exists():
            raise SchemaError(f"There is a job {request.id!r} already.", "Give every job an id of its own.")
        path.mkdir(parents=True)
        write_files(path, {"request.json": encode(request)})
        return JobFolder(path, self.clock)

    def __iter__(self) -> Iterator[JobFolder]:
        """Every job whose request has arrived, oldest first."""
        if not self.root.is_dir():
            return
        found = []
        for path in self.root.iterdir():
            request = path / "request.json"
            with suppress(OSError):  # taken away while we look
                if _ID.fullmatch(path.name) and request.is_file():
                    found.append((request.stat().st_mtime_ns, path.name, path))
        for _, _, path in sorted(found):
            yield JobFolder(path, self.clock)

    def clear(self) -> tuple[str, ...]:
        """Remove the oldest finished jobs beyond the number that is kept; says which."""
        finished = [job for job in self if (s := job.status()) is not None and s.state in FINISHED]
        gone = finished[: max(0, len(finished) - self.keep)]
        for job in gone:
            shutil.rmtree(job.path, ignore_errors=True)  # a file that is still open (Windows) goes the next time
        return tuple(job.id for job in gone)
