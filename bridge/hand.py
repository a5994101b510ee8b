"""The worker process as the queue sees it: started when it is needed, and again when it has died."""

from __future__ import annotations

import multiprocessing
import threading
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from multiprocessing.synchronize import Event
from pathlib import Path

from bridge import worker
from engines.errors import EngineError

POLL = 0.05
"""Seconds that `hear` waits."""
Answer = tuple[object, ...]
"""What the worker says, by its first word: progress, done, cancelled, failed."""


def lost(how: str) -> EngineError:
    """The worker failed us."""
    return EngineError(
        f"The worker process {how}.",
        "Nothing was written; ask again. `partimento doctor` may know why.",
        code="E_WORKER",
    )


@dataclass
class _Process:
    process: SpawnProcess
    pipe: Connection
    cancelled: Event


class Hand:
    """Runs one job at a time, elsewhere. For the queue's thread alone."""

    def __init__(self, handler: str, prepare: str) -> None:
        """Both name a function: what does a job, and what is done before the first one (or nothing)."""
        self._handler = handler
        self._prepare = prepare
        self._there: _Process | None = None

    @property
    def pid(self) -> int | None:
        """The process, where there is one."""
        return self._there.process.pid if self._there is not None else None

    def ready(self, stopping: threading.Event) -> bool:
        """Start it unless it is there; whether it can take a job."""
        if self._there is not None and self._there.process.is_alive():
            return True
        self.end()
        # Spawned, never forked: the bridge has threads, and a forked child would inherit their locks.
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        cancelled = context.Event()
        arguments = (theirs, cancelled, self._handler, self._prepare)
        process = context.Process(target=worker.main, args=arguments, name="partimento-worker", daemon=True)
        process.start()
        theirs.close()
        self._there = _Process(process, ours, cancelled)
        try:
            while not ours.poll(POLL):
                if stopping.is_set():
                    raise EOFError
            ours.recv()  # "ready", or the end of the pipe when it died on the way
        except (EOFError, OSError):
            self.end()
        return self._there is not None

    def begin(self, folder: Path) -> None:
        """Give it a job."""
        assert self._there is not None, "it is ready"
        self._there.cancelled.clear()
        try:
            self._there.pipe.send(str(folder))
        except OSError as problem:
            self.end()
            raise lost("died before it could begin") from problem

    def hear(self) -> Answer | None:
        """What it says, after a short wait; of progress only the latest, as the disk may be slower than the engine."""
        assert self._there is not None, "it runs a job"
        pipe = self._there.pipe
        answer: Answer | None = None
        try:
            while pipe.poll(POLL if answer is None else 0):
                answer = pipe.recv()
                if answer[0] != "progress":
                    break
        except (EOFError, OSError) as problem:
            self.end()
            raise lost("died while it ran this job") from problem
        return answer

    def cancel(self) -> None:
        """Ask it to give the job up."""
        if self._there is not None:
            self._there.cancelled.set()

    def end(self) -> None:
        """End it, whatever it does."""
        there, self._there = self._there, None
        if there is None:
            return
        there.process.terminate()
        there.process.join(1.0)
        if there.process.is_alive():
            there.process.kill()
            there.process.join()
        there.pipe.close()
