"""The bridge that REAPER talks to: it watches the mailbox, hears OSC, queues jobs, and says how it is.

One thread looks and decides (`Bridge.run`); sockets and the queue have threads of their own and hand it what they hear.
Engines run in the worker process. Nothing that comes from outside ends the bridge but the order to stop.
"""

from __future__ import annotations

import logging
import queue
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Literal

import msgspec

import bridge
from bridge import hearing
from bridge.callboard import Callboard
from bridge.clock import Clock
from bridge.commands import (
    JOB,
    PING,
    PONG,
    Answer,
    Cancel,
    Command,
    Live,
    Moved,
    Panic,
    Ping,
    Run,
    Stop,
    from_control,
    from_osc,
)
from bridge.jobs import Jobs, Listener
from bridge.osc import ERROR, LARGEST, LOOPBACK, QUIET, Address, Argument, Message, OscSocket, encode
from bridge.reaper.mailbox import Mailbox
from bridge.reaper.presence import BEAT, Company, Presence, own
from bridge.reaper.transport import Ports, Transport
from bridge.wire import Status1
from bridge.wire.presence import Bridge1, JobsNow
from engines.errors import EngineError, Notice, NotThere, SchemaError, Unavailable

log = logging.getLogger(__name__)

LOOK = 0.05
"""Seconds between two looks into the mailbox."""
RECENT = 60.0
"""Seconds before the start from which on control files are obeyed: a slow machine takes some to start us."""


class Bridge:
    """One run of `serve`."""

    def __init__(
        self,
        mailbox: Mailbox,
        make_jobs: Callable[[Listener], Jobs],
        clock: Clock,
        osc_port: int,
        notices: tuple[Notice, ...],
        ports: Ports,
        reply_port: int | None = None,
        leave_after: float | None = None,
    ) -> None:
        self._mailbox = mailbox
        self._clock = clock
        self._inbox: queue.SimpleQueue[Command] = queue.SimpleQueue()
        self._jobs = make_jobs(self._heard_of)
        self._presence = Presence(mailbox, clock)
        self._company = Company(mailbox, clock, leave_after)
        self._notices = list(notices)
        self._board = Callboard()
        self._strange: set[str] = set()
        self._stumbled: float = -QUIET
        self.transport = Transport(self._to_reaper)
        self._osc_port, self._ports = osc_port, ports
        self._reply_port = reply_port
        self._osc: OscSocket | None = None
        self._feedback: OscSocket | None = None

    def stop(self, reason: str) -> None:
        """Ask it to end; safe from any thread and from a signal."""
        self._inbox.put(Stop(reason))

    def run(self, ready: Callable[[Bridge1], None]) -> str:
        """Serve until told to stop; why it did. `ready` is called once it can be talked to."""
        self._presence.claim()
        try:
            self._osc = self._open(self._osc_port, self._on_osc, "OSC is off")
            self._feedback = self._open(
                self._ports.feedback, self.transport.hear, "REAPER's transport is not heard", False
            )
            self._jobs.start()
            self._forget_the_past()
            self._beat()
            ready(self._said("ready"))
            return self._loop()
        finally:
            for each in (self._osc, self._feedback):
                if each is not None:
                    each.stop()
            self._jobs.stop()
            self._presence.beat(self._said("stopped"))
            self._presence.release()

    def _open(
        self, port: int, hearer: Callable[[Message, Address], None], without: str, answers_errors: bool = True
    ) -> OscSocket | None:
        """A socket, or a word about what is missing without it: the mailbox works all the same."""
        try:
            opened = OscSocket(port, hearer, self._clock, answers_errors, self._reply_port)
        except Unavailable as problem:
            self._notices.append(Notice("W_OSC", f"{without}: {problem.message}", problem.hint))
            log.warning("%s: %s", without, problem.message)
            return None
        opened.start()
        return opened

    def _forget_the_past(self) -> None:
        """Who started us a moment ago waits for us; what was asked before that, nobody expects any more."""
        now = datetime.fromisoformat(self._clock.stamp()).timestamp()
        for name in self._mailbox.forget_controls(now - RECENT):
            log.info("control file %s came too late", name[:80])

    def _loop(self) -> str:
        look: float = self._clock.now()
        beat = look + BEAT  # the first was before it said that it is ready
        while True:
            now = self._clock.now()
            if now >= look:
                look = now + LOOK
                with self._walled("the mailbox"):
                    self._look()
            if now >= beat:
                beat = now + BEAT
                if not self._beat():
                    return "another bridge has taken over"
                if self._company.has_left(busy=self._board.jobs != JobsNow()):
                    return "REAPER has gone"
            try:
                command = self._inbox.get(timeout=max(0.0, min(look, beat) - self._clock.now()))
            except queue.Empty:
                continue
            if isinstance(command, Stop):
                return command.reason
            with self._walled(f"{type(command).__name__}"):
                self._obey(command)

    @contextmanager
    def _walled(self, what: str) -> Iterator[None]:
        """Whatever goes wrong in here is a traceback in the log, at most one in a while, and the bridge goes on."""
        try:
            yield
        except Exception:  # a fault of ours, of any kind: the musician is in the middle of something
            now = self._clock.now()
            if now - self._stumbled >= QUIET:
                self._stumbled = now
                log.exception("stumbled over %s", what)

    def _look(self) -> None:
        for job in self._mailbox.requests(lambda name: name in self._strange or self._jobs.knows(name)):
            try:
                self._jobs.submit(job)
            except EngineError as problem:  # no job's name, or gone again
                log.info("%s is left alone: %s", job[:80], problem.message)
                self._strange.add(job)
        for name, said in self._mailbox.controls():
            if isinstance(said, EngineError):
                self._board.answer(name, "", said)
                continue
            answer = partial(self._board.answer, name, said.verb)
            try:
                self._obey(replace(from_control(said), answer=answer))
            except EngineError as problem:
                answer(problem)

    def _beat(self) -> bool:
        with self._walled("the heartbeat"):
            return self._presence.beat(self._said("ready"))
        return True

    def _said(self, state: Literal["ready", "stopped"]) -> Bridge1:
        return msgspec.structs.replace(
            own(state),
            osc_port=self._osc.port if self._osc else None,
            feedback_port=self._feedback.port if self._feedback else None,
            jobs=self._board.jobs,
            transport=self.transport.now.known(),
            notices=hearing.warned(tuple(self._notices)),
            answers=self._board.answers,
        )

    def _obey(self, command: Command) -> None:
        """Do what is asked. Whatever goes wrong is told to who asked, and the bridge goes on."""
        try:
            match command:
                case Run():
                    self._start(command)
                case Cancel(job):
                    self._cancel(job)
                case Moved(facts):
                    self.transport.told(facts)
                case Live(what):
                    raise Unavailable(f"`live {what[:40]}` is not in this version yet.", "Update partimento.")
                case Ping() | Panic():
                    pass  # nothing sounds before there is live play
        except EngineError as problem:
            command.answer(problem)
        else:
            command.answer(None)

    def _start(self, run: Run) -> None:
        folder = self._jobs.shelf.open(run.job)
        verb = folder.request().verb
        if verb != run.verb:
            raise SchemaError(f"Job {run.job} asks for {verb}, not {run.verb}.", f"Send /partimento/{verb} {run.job}.")
        if run.sender is not None:
            self._board.follow(run.job, run.sender)
        status = folder.status() if self._jobs.knows(run.job) else self._jobs.submit(run.job)
        if status is not None:
            self._tell(status, run.sender)

    def _cancel(self, job: str | None) -> None:
        if job is not None:
            self._jobs.cancel(job)
            return
        for each in self._board.unfinished:
            try:
                self._jobs.cancel(each)
            except NotThere:
                log.info("job %s has gone", each)

    def _heard_of(self, status: Status1) -> None:
        """The queue tells of a job, from its own thread."""
        who = self._board.note(status)
        if status.state != "running":
            log.info("job %s: %s%s", status.id, status.state, f" ({status.message})" if status.message else "")
        self._tell(status, who)

    def _tell(self, status: Status1, who: Address | None) -> None:
        if self._osc is not None and who is not None:
            self._osc.send(who, f"{JOB}{status.id}", status.state, float(status.progress), status.message)

    def _on_osc(self, message: Message, sender: Address) -> None:
        """In the socket's thread: a ping is answered there and then, everything else waits its turn."""
        assert self._osc is not None, "messages come from it"
        if message.address == PING:
            echo: list[Argument] = [a for a in message.arguments if isinstance(a, int | float | str)][:8]
            while len(encode(PONG, bridge.__version__, *echo)) > LARGEST:
                echo.pop()
            self._osc.send(sender, PONG, bridge.__version__, *echo)
            return
        command = from_osc(message, sender)
        if command is not None:
            self._inbox.put(replace(command, answer=self._to_sender(sender)))

    def _to_sender(self, sender: Address) -> Answer:
        def answer(problem: EngineError | None) -> None:
            if problem is not None and self._osc is not None:
                self._osc.send(sender, ERROR, problem.code, problem.message, problem.hint)

        return answer

    def _to_reaper(self, address: str, arguments: tuple[Argument, ...]) -> None:
        if self._osc is None:
            raise Unavailable("OSC is off, so REAPER cannot be told.", "See the notices of the bridge.")
        self._osc.send((LOOPBACK, self._ports.reaper), address, *arguments)
