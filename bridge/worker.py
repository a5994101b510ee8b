"""The process that runs engines, so that a busy engine never holds up the bridge, and a dying one does not take it along."""

from __future__ import annotations

import importlib
import signal
import traceback
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from pathlib import Path

from bridge.clock import SystemClock
from bridge.job_folder import JobFolder
from engines.api import Reporter
from engines.errors import Cancelled, EngineError

Handler = Callable[[JobFolder, Reporter], None]
"""Does one job: reads its request, and puts its result into the folder as the last thing it does."""


def resolve(name: str) -> Handler:
    """`module:attribute` as a handler. A name travels to a new process; a function might not."""
    module, _, attribute = name.partition(":")
    handler: Handler = getattr(importlib.import_module(module), attribute)
    return handler


def main(pipe: Connection, cancelled: Event, handler_name: str, prepare: str = "") -> None:
    """Take folders from the pipe, do them one by one, answer with (kind, …) tuples. None ends it, as does the bridge's end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the bridge, which then stops us in good order
    handler = resolve(handler_name)
    if prepare:
        _prepare(prepare)
    with suppress(EOFError, OSError):
        pipe.send(("ready",))
        while (path := pipe.recv()) is not None:
            pipe.send(_do(JobFolder(Path(path), SystemClock()), handler, pipe, cancelled))


def _prepare(name: str) -> None:
    """Load what every job needs. Where that fails, the first job that needs it will say so to somebody."""
    module, _, attribute = name.partition(":")
    with suppress(EngineError):
        getattr(importlib.import_module(module), attribute)()


def _do(job: JobFolder, handler: Handler, pipe: Connection, cancelled: Event) -> tuple[object, ...]:
    def report(progress: float, message: str) -> None:
        if cancelled.is_set():
            raise Cancelled("Cancelled.", "")
        pipe.send(("progress", progress, message))

    try:
        report(0.0, "")
        handler(job, report)
    except Cancelled:
        return ("cancelled",)
    except EngineError as error:
        return ("failed", error, "")
    except Exception as error:  # an engine's bug must reach the musician as a sentence and the log as a traceback
        sentence = f"The engine failed: {type(error).__name__}: {error}"
        problem = EngineError(sentence, "The log has the details; please report it.", code="E_INTERNAL")
        return ("failed", problem, traceback.format_exc())
    return ("done",)
