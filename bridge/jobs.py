"""The queue: one worker process, jobs one after another, progress, cancelling, and recovery from whatever dies.

A job moves queued → running → done, failed or cancelled, and every step stands in its folder's `status.json`. A job that
did not end well has written no result. A status that cannot be written, because the disk is full, is written once it can.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from contextlib import suppress

from bridge.clock import Clock, SystemClock
from bridge.hand import Answer, Hand, lost
from bridge.job_folder import FINISHED, JobFolder, JobShelf
from bridge.wire import Status1
from bridge.wire.jobs import State
from engines.errors import EngineError, NotThere

log = logging.getLogger(__name__)

HEARTBEAT = 1.0
"""Seconds between two updates of a running job's status, even when nothing moves."""
PATIENCE = 5.0
"""Seconds that a cancelled job has to stop by itself before its process is ended."""

Listener = Callable[[Status1], None]


class Jobs:
    """Runs jobs in a worker process of their own. `start` and `stop` it, or use it as a context manager."""

    def __init__(
        self,
        shelf: JobShelf,
        handler: str = "bridge.handlers:handle",
        listener: Listener | None = None,
        clock: Clock | None = None,
        patience: float = PATIENCE,
        prepare: str = "",
    ) -> None:
        """`prepare` names what the worker process does before its first job; it is then started at once."""
        self.shelf = shelf
        self._listener = listener
        self._clock = clock or SystemClock()
        self._patience = patience
        self._begins_ready = bool(prepare)
        self._hand = Hand(handler, prepare)
        self._queue: queue.Queue[str | None] = queue.Queue()
        self._thread = threading.Thread(target=self._run, name="jobs", daemon=True)
        self._finished = threading.Condition()
        self._stopping = threading.Event()
        self._guard = threading.Lock()
        self._taken: set[str] = set()
        self._unwanted: set[str] = set()
        self._unsaid: dict[str, Status1] = {}

    def __enter__(self) -> Jobs:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Settle what an earlier bridge left behind, then take work."""
        self._recover()
        self._thread.start()

    def stop(self) -> None:
        """End the running job and the worker. Queued jobs stay queued, for the next start."""
        self._stopping.set()
        self._queue.put(None)
        self._thread.join()
        self._hand.end()

    def knows(self, job: str) -> bool:
        """Whether this job was taken already."""
        with self._guard:
            return job in self._taken

    def submit(self, job: str) -> Status1:
        """Queue a job whose request lies in its folder. A request that cannot be read fails at once."""
        folder = self.shelf.open(job)
        with self._guard:
            self._taken.add(job)
        try:
            folder.request()
        except EngineError as error:
            return self._say(folder, "failed", error=error)
        status = self._say(folder, "queued")
        self._queue.put(job)
        return status

    def cancel(self, job: str) -> None:
        """Ask a job to stop. A finished one is left as it is."""
        folder = self.shelf.open(job)
        status = folder.status()
        if status is None or status.state not in FINISHED:
            with self._guard:
                self._unwanted.add(job)
            with suppress(OSError):  # a full disk keeps nobody from cancelling; the file is for the next start
                folder.ask_cancel()

    def wait(self, job: str, timeout: float) -> Status1 | None:
        """Block until a job has finished; its last status, or None when it has not."""
        folder = self.shelf.open(job)

        def done() -> bool:
            status = folder.status()
            return status is not None and status.state in FINISHED

        with self._finished:
            return folder.status() if self._finished.wait_for(done, timeout) else None

    def _recover(self) -> None:
        for folder in self.shelf:
            status = folder.status()
            if status is None or status.state == "queued":
                self.submit(folder.id)
                continue
            with self._guard:
                self._taken.add(folder.id)
            if status.state == "running":
                # It may be the very job that brought the bridge down: it is not tried again by itself.
                stopped = EngineError(
                    "The bridge stopped while this job was running.", "Nothing was written; ask again.", code="E_BRIDGE"
                )
                self._end_as(folder, "failed", stopped)

    def _run(self) -> None:
        if self._begins_ready:
            self._hand.ready(self._stopping)
        while not self._stopping.is_set():
            self._say_again()
            try:
                job = self._queue.get(timeout=HEARTBEAT)
            except queue.Empty:
                continue
            if job is None or self._stopping.is_set():
                return
            self._attempt(job)
            self._clear()
            with self._finished:
                self._finished.notify_all()

    def _clear(self) -> None:
        """Keep the history bounded. It may fail, as folders come and go and are locked by others; the next job tries again."""
        try:
            gone = self.shelf.clear()
        except OSError as problem:
            log.warning("old jobs cannot be cleared away: %s", problem)
            return
        with self._guard:
            self._taken.difference_update(gone)
            self._unwanted.intersection_update(self._taken)

    def _attempt(self, job: str) -> None:
        try:
            self._do(self.shelf.open(job))
        except EngineError as error:  # the folder vanished while it waited; nobody but the listener is left to tell
            log.warning("job %s: %s", job, error.message)
            if self._listener is not None:
                self._listener(JobFolder(self.shelf.root / job, self._clock).make_status("cancelled"))
        except Exception as bug:  # whatever one job meets, the queue goes on, with a worker that knows nothing of it
            log.exception("job %s", job)
            self._hand.end()
            with suppress(EngineError):
                self._say(self.shelf.open(job), "failed", error=lost(f"was lost ({type(bug).__name__})"))

    def _do(self, folder: JobFolder) -> None:
        if self._is_unwanted(folder):
            self._say(folder, "cancelled")
            return
        self._say(folder, "running")
        if self._hand.ready(self._stopping):
            try:
                self._hand.begin(folder.path)
                self._follow(folder)
            except EngineError as error:
                self._end_as(folder, "failed", error)
        elif self._stopping.is_set():
            self._say(folder, "queued")  # for the next start
        else:
            self._say(folder, "failed", error=lost("could not be started"))

    def _follow(self, folder: JobFolder) -> None:
        progress, message = 0.0, ""
        beat = self._clock.now()
        deadline: float | None = None
        while True:
            answer = self._hand.hear()
            now = self._clock.now()
            match answer:
                case None:
                    pass
                case ("progress", int() | float() as progress, str(message)):
                    pass
                case _:
                    self._conclude(folder, answer)
                    return
            if deadline is None and (self._is_unwanted(folder) or self._stopping.is_set()):
                self._hand.cancel()
                deadline = now + self._patience
            if deadline is not None and now > deadline:
                self._hand.end()
                self._end_as(folder, "cancelled")
                return
            if now - beat >= HEARTBEAT or answer is not None:
                beat = now
                self._say(folder, "running", progress, message)

    def _end_as(self, folder: JobFolder, state: State, error: EngineError | None = None) -> None:
        """The worker cannot say any more how it ended. The result is written last: where it is, the job was done."""
        if folder.has_result:
            self._say(folder, "done", 1.0)
        else:
            self._say(folder, state, error=error)

    def _is_unwanted(self, folder: JobFolder) -> bool:
        with self._guard:
            if folder.id in self._unwanted:
                return True
        return folder.cancel_asked

    def _conclude(self, folder: JobFolder, answer: Answer) -> None:
        match answer:
            case ("done",):
                self._say(folder, "done", 1.0)
            case ("cancelled",):
                self._say(folder, "cancelled")
            case ("failed", EngineError() as error, str(details)):
                if details:
                    log.error("job %s\n%s", folder.id, details)
                self._say(folder, "failed", error=error)
            case _:
                self._say(folder, "failed", error=lost(f"gave an answer that makes no sense ({answer[0]!r})"))

    def _say(
        self,
        folder: JobFolder,
        state: State,
        progress: float = 0.0,
        message: str = "",
        error: EngineError | None = None,
    ) -> Status1:
        status = folder.make_status(state, progress, message, error)
        problem = self._put(status)
        if problem is not None:
            log.warning("job %s is %s, which cannot be written: %s", folder.id, state, problem.message)
        if self._listener is not None:
            self._listener(status)
        return status

    def _put(self, status: Status1) -> EngineError | None:
        """Write a status, or keep it for later and say why."""
        try:
            self.shelf.open(status.id).put_status(status)
        except NotThere as gone:
            with self._guard:
                self._unsaid.pop(status.id, None)
            return gone
        except EngineError as problem:
            with self._guard:
                self._unsaid[status.id] = status
            return problem
        with self._guard:
            self._unsaid.pop(status.id, None)
        return None

    def _say_again(self) -> None:
        """Write what could not be written before."""
        with self._guard:
            waiting = list(self._unsaid.values())
        for status in waiting:
            self._put(status)
        if waiting:
            with self._finished:
                self._finished.notify_all()
