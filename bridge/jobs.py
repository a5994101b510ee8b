"""The queue: one worker process, jobs one after another, progress, cancelling, and recovery from whatever dies.

A job moves queued → running → done, failed or cancelled, and every step stands in its folder's `status.json`. A job that
did not end well has written no result. A status that cannot be written, because the disk is full, is written once it can.
"""

from __future__ import annotations

import logging
import multiprocessing
import queue
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from multiprocessing.synchronize import Event

from bridge import worker
from bridge.clock import Clock, SystemClock
from bridge.job_folder import FINISHED, JobFolder, JobShelf
from bridge.wire import Status1
from bridge.wire.jobs import State
from engines.errors import EngineError, NotThere

log = logging.getLogger(__name__)

HEARTBEAT = 1.0
"""Seconds between two updates of a running job's status, even when nothing moves."""
PATIENCE = 5.0
"""Seconds that a cancelled job has to stop by itself before its process is ended."""
POLL = 0.05

Listener = Callable[[Status1], None]


@dataclass
class _Worker:
    process: SpawnProcess
    pipe: Connection
    cancelled: Event


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
        self._handler = handler
        self._listener = listener
        self._clock = clock or SystemClock()
        self._patience = patience
        self._prepare = prepare
        self._queue: queue.Queue[str | None] = queue.Queue()
        self._thread = threading.Thread(target=self._run, name="jobs", daemon=True)
        self._worker: _Worker | None = None
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
        self._end_worker()

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
                self._say(folder, "failed", error=stopped)

    def _run(self) -> None:
        if self._prepare:
            self._ready_worker()
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
            self._end_worker()
            with suppress(EngineError):
                self._say(self.shelf.open(job), "failed", error=_died(f"was lost ({type(bug).__name__})"))

    def _do(self, folder: JobFolder) -> None:
        if self._is_unwanted(folder):
            self._say(folder, "cancelled")
            return
        self._say(folder, "running")
        hand = self._ready_worker()
        if hand is None:
            if self._stopping.is_set():
                self._say(folder, "queued")  # for the next start
            else:
                self._say(folder, "failed", error=_died("could not be started"))
            return
        hand.cancelled.clear()
        try:
            hand.pipe.send(str(folder.path))
        except OSError:
            self._end_worker()
            self._say(folder, "failed", error=_died("died before it could begin"))
            return
        self._follow(folder, hand)

    def _follow(self, folder: JobFolder, hand: _Worker) -> None:
        progress, message = 0.0, ""
        beat = self._clock.now()
        deadline: float | None = None
        while True:
            try:
                answer = hand.pipe.recv() if hand.pipe.poll(POLL) else None
            except (EOFError, OSError):
                self._end_worker()
                self._say(folder, "failed", error=_died("died while it ran this job"))
                return
            now = self._clock.now()
            is_old = False
            if answer is not None and answer[0] == "progress":
                _, progress, message = answer
                is_old = hand.pipe.poll(0)  # the disk may be slower than the engine: only the latest is written
            elif answer is not None:
                self._conclude(folder, answer)
                return
            if deadline is None and (self._is_unwanted(folder) or self._stopping.is_set()):
                hand.cancelled.set()
                deadline = now + self._patience
            if deadline is not None and now > deadline:
                self._end_worker()
                self._say(folder, "cancelled", progress)
                return
            if now - beat >= HEARTBEAT or (answer is not None and not is_old):
                beat = now
                self._say(folder, "running", progress, message)

    def _is_unwanted(self, folder: JobFolder) -> bool:
        with self._guard:
            if folder.id in self._unwanted:
                return True
        return folder.cancel_asked

    def _conclude(self, folder: JobFolder, answer: tuple[object, ...]) -> None:
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
                self._say(folder, "failed", error=_died(f"gave an answer that makes no sense ({answer[0]!r})"))

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

    def _ready_worker(self) -> _Worker | None:
        if self._worker is not None and self._worker.process.is_alive():
            return self._worker
        # Spawned, never forked: the bridge has threads, and a forked child would inherit their locks.
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        cancelled = context.Event()
        process = context.Process(
            target=worker.main,
            args=(theirs, cancelled, self._handler, self._prepare),
            name="partimento-worker",
            daemon=True,
        )
        process.start()
        theirs.close()
        self._worker = _Worker(process, ours, cancelled)
        try:
            while not ours.poll(POLL):
                if self._stopping.is_set():
                    raise EOFError
            ours.recv()  # "ready", or the end of the pipe when it died on the way
        except (EOFError, OSError):
            self._end_worker()
        return self._worker

    def _end_worker(self) -> None:
        hand, self._worker = self._worker, None
        if hand is None:
            return
        hand.process.terminate()
        hand.process.join(1.0)
        if hand.process.is_alive():
            hand.process.kill()
            hand.process.join()
        hand.pipe.close()


def _died(how: str) -> EngineError:
    return EngineError(
        f"The worker process {how}.",
        "Nothing was written; ask again. `partimento doctor` may know why.",
        code="E_WORKER",
    )
