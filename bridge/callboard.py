"""What the bridge remembers in order to tell it: how jobs stand, who wants to hear of them, what became of control files."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict, deque

from bridge.job_folder import FINISHED
from bridge.osc import Address
from bridge.wire import Status1, fault
from bridge.wire.presence import Answer, JobsNow
from engines.errors import EngineError

log = logging.getLogger(__name__)

FOLLOWERS = 1000
"""So many jobs' followers are remembered."""
ANSWERS = 16
"""So many answers to control files are."""


class Callboard:
    """May be written and read by any thread."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._states: dict[str, str] = {}
        self._followers: OrderedDict[str, Address] = OrderedDict()
        self._answers: deque[Answer] = deque(maxlen=ANSWERS)

    def note(self, status: Status1) -> Address | None:
        """A job has come further; who wants to hear it."""
        with self._guard:
            if status.state in FINISHED:
                self._states.pop(status.id, None)
            else:
                self._states[status.id] = status.state
            return self._followers.get(status.id)

    def follow(self, job: str, who: Address) -> None:
        """Somebody wants to hear of a job."""
        with self._guard:
            self._followers[job] = who
            self._followers.move_to_end(job)
            while len(self._followers) > FOLLOWERS:
                self._followers.popitem(last=False)

    def answer(self, name: str, verb: str, problem: EngineError | None) -> None:
        """What became of a control file."""
        if problem is not None:
            log.warning("control file %s: %s", name[:80], problem.message)
        said = Answer(id=name, verb=verb, ok=problem is None, error=fault(problem) if problem else None)
        with self._guard:
            self._answers.append(said)

    @property
    def answers(self) -> tuple[Answer, ...]:
        """To the last control files, the newest last."""
        with self._guard:
            return tuple(self._answers)

    @property
    def unfinished(self) -> tuple[str, ...]:
        """Jobs that wait or run."""
        with self._guard:
            return tuple(self._states)

    @property
    def jobs(self) -> JobsNow:
        """The queue."""
        with self._guard:
            states = dict(self._states)
        running = next((job for job, state in states.items() if state == "running"), None)
        return JobsNow(queued=sum(state == "queued" for state in states.values()), running=running)
