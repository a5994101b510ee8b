"""One bridge for each mailbox; the heartbeat by which scripts know that it is there, and theirs, by which it knows of REAPER.

The operating system's file lock says who serves a mailbox: it goes with its process, however that ends. A process that holds
the lock and does not beat any more (it was stopped, or hangs) is taken over; when it wakes it finds another's lock in the place
of its own and goes.
"""

from __future__ import annotations

import logging
import os
import sys
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import IO, Literal

import msgspec

import bridge
from bridge.clock import Clock
from bridge.reaper.mailbox import Mailbox
from bridge.wire import encode
from bridge.wire.presence import Bridge1
from engines.errors import Unavailable, WriteFailed

log = logging.getLogger(__name__)

BEAT = 1.0
"""Seconds between two heartbeats."""
PATIENCE = 2.5
"""Seconds in which a bridge that lives has shown a new heartbeat."""


class Presence:
    """This bridge's place at a mailbox."""

    def __init__(self, mailbox: Mailbox, clock: Clock, sleep: Callable[[float], None] = time.sleep) -> None:
        self._mailbox = mailbox
        self._clock = clock
        self._sleep = sleep
        self._lock: IO[bytes] | None = None
        self._spoken = self._failing = self._is_locked = False
        self.token = f"{os.getpid()}-{uuid.uuid4().hex[:12]}"

    def claim(self) -> None:
        """Take the mailbox, or say who has it."""
        self._lock = self._try_lock()
        if self._lock is not None:
            return
        other = self._living()
        if other is not None:
            raise Unavailable(
                f"Another bridge (process {other.pid}, version {other.version}) serves this REAPER already.",
                "Use that one, or end it first.",
            )
        log.warning("the bridge that held the mailbox does not answer; it is taken over")
        with suppress(OSError):  # Windows does not let go of a file that is open; the token decides there
            (self._mailbox.root / "bridge.lock").unlink()
        self._lock = self._try_lock()
        if not self._put(own("ready")):  # the other one must be able to see that it was taken over
            raise WriteFailed(
                "bridge.json cannot be written.", "Free some space, and look at the folder's permissions."
            )

    def beat(self, said: Bridge1) -> bool:
        """Renew the heartbeat; False when another bridge has taken over."""
        if self._spoken and self._is_superseded():
            return False
        self._put(said)
        return True

    def _is_superseded(self) -> bool:
        """Whoever takes over puts a lock file of its own in the place of ours. Where there is no lock, `bridge.json` must do.

        That file alone would not: a bridge that was stopped just before it wrote its heartbeat writes it when it wakes.
        """
        if self._is_locked and self._lock is not None and sys.platform != "win32":
            try:
                there = (self._mailbox.root / "bridge.lock").stat()
            except OSError:
                return False
            return there.st_ino != os.fstat(self._lock.fileno()).st_ino
        last = self._mailbox.read_presence()
        return last is not None and last.token != self.token and last.state == "ready"

    def _put(self, said: Bridge1) -> bool:
        stamp = self._clock.stamp()
        now = datetime.fromisoformat(stamp).timestamp()
        try:
            self._mailbox.write_presence(
                encode(msgspec.structs.replace(said, token=self.token, beat=now, heartbeat=stamp))
            )
        except OSError as problem:  # a full disk, or a reader that holds the file: the next beat is near
            if not self._failing:
                log.warning("bridge.json cannot be written: %s", problem)
            self._failing = True
            return False
        self._spoken, self._failing = True, False
        return True

    def release(self) -> None:
        """Let the next one have it."""
        lock, self._lock = self._lock, None
        if lock is not None:
            lock.close()

    def _living(self) -> Bridge1 | None:
        """The other bridge, if its heart beats while we watch."""
        before = self._mailbox.read_presence()
        waited = 0.0
        while waited < PATIENCE:
            self._sleep(0.1)
            waited += 0.1
            now = self._mailbox.read_presence()
            if now is not None and (before is None or now.beat != before.beat) and now.state == "ready":
                return now
        return None

    def _try_lock(self) -> IO[bytes] | None:
        """The lock, or None when another process has it. Where the file system knows no locks, there is nothing to hold."""
        try:
            handle = (self._mailbox.root / "bridge.lock").open("ab")
        except OSError as problem:
            said = f"The mailbox {self._mailbox.root} cannot be written: {problem.strerror}."
            raise WriteFailed(said, "Look at the folder's permissions, and whether the disk is full.") from problem
        try:
            _lock_file(handle)
            self._is_locked = True
        except BlockingIOError:
            handle.close()
            return None
        except OSError as problem:
            log.warning("this folder cannot be locked (%s); two bridges would not notice each other at once", problem)
            if self._living() is not None:
                handle.close()
                return None
        return handle


class Company:
    """Whether REAPER is still there. Its scripts renew a file every few seconds; only that it changes is looked at."""

    def __init__(self, mailbox: Mailbox, clock: Clock, patience: float | None) -> None:
        """`patience` is how many seconds of silence count as gone; None waits for ever."""
        self._mailbox = mailbox
        self._clock = clock
        self._patience = patience
        self._sign = mailbox.reapers_sign()
        self._heard = clock.now()

    def has_left(self, *, busy: bool) -> bool:
        """Whether nothing was heard of REAPER for too long. Whoever is busy finishes that first."""
        sign, now = self._mailbox.reapers_sign(), self._clock.now()
        if sign != self._sign or busy:
            self._sign, self._heard = sign, now
        return self._patience is not None and now - self._heard > self._patience


def own(state: Literal["ready", "stopped"]) -> Bridge1:
    """What a bridge says of itself, to be filled in."""
    return Bridge1(state=state, pid=os.getpid(), token="", version=bridge.__version__, beat=0.0, heartbeat="")


def _lock_file(handle: IO[bytes]) -> None:
    if sys.platform == "win32":
        import msvcrt

        try:
            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        except PermissionError as held:
            raise BlockingIOError from held
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
