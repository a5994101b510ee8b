"""`serve`: the bridge that REAPER talks to."""

from __future__ import annotations

import argparse
import logging
import signal
import sys
from contextlib import suppress
from functools import partial
from logging.handlers import RotatingFileHandler
from pathlib import Path

import bridge
from bridge import paths
from bridge.cli.console import Console
from bridge.clock import SystemClock
from bridge.installing import fitted
from bridge.job_folder import JobShelf
from bridge.jobs import Jobs, Listener
from bridge.reaper.install import place
from bridge.reaper.mailbox import Mailbox
from bridge.reaper.transport import Ports
from bridge.serve import Bridge
from bridge.wire.presence import Bridge1
from engines.errors import Notice

EXAMPLE = "partimento serve"
OSC_PORT = 7340
LOG_BYTES, LOGS = 1_000_000, 3

log = logging.getLogger("bridge.serve")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where REAPER is, and where OSC is heard."""
    parser.add_argument(
        "--osc-port", type=port, default=OSC_PORT, metavar="N", help=f"listen for OSC here ({OSC_PORT})"
    )
    parser.add_argument("--reply-port", type=port, metavar="N", help="answer OSC there, not where it came from")
    parser.add_argument("--resource-path", type=Path, metavar="DIR", help="REAPER's resource folder (the usual place)")
    parser.add_argument(
        "--leave-after", type=seconds, metavar="SECONDS", help="end when REAPER was not heard of for so long (never)"
    )


def seconds(text: str) -> float:
    """A time to wait."""
    number = float(text)
    if not 0 < number < 1e9:
        raise argparse.ArgumentTypeError(f"{text} is no time to wait")
    return number


def port(text: str) -> int:
    """A UDP port; 0 takes any that is free."""
    number = int(text)
    if not 0 <= number <= 65535:
        raise argparse.ArgumentTypeError(f"{text} is no port")
    return number


def run(args: argparse.Namespace, console: Console) -> int:
    """Serve until SIGTERM or Ctrl-C."""
    resource_path = (args.resource_path or place.find(None)).expanduser().absolute()
    mailbox = Mailbox.below(resource_path)
    log_file, notices = _open_log(paths.home() / "log")
    queue, ports = partial(_queue, mailbox), Ports.of(resource_path)
    clock = SystemClock()
    served = Bridge(mailbox, queue, clock, args.osc_port, notices, ports, args.reply_port, args.leave_after)
    for name in ("SIGTERM", "SIGINT", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda number, _: served.stop(signal.Signals(number).name))
    reason = served.run(lambda said: _ready(console, said, mailbox, log_file))
    log.info("stopped: %s", reason)
    _say(console, f"Stopped: {reason}.")
    return 0


def _queue(mailbox: Mailbox, listener: Listener) -> Jobs:
    clock = SystemClock()
    handler, prepare = "bridge.handlers:handle", "bridge.handlers:prepare"
    return Jobs(JobShelf(mailbox.jobs, clock), handler, listener, clock, prepare=prepare)


def _open_log(folder: Path) -> tuple[Path | None, tuple[Notice, ...]]:
    """Everything is told to a file that cannot grow for ever. Without one the bridge serves all the same, and says so."""
    logging.raiseExceptions = False  # a full disk must not fill the terminal
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    file = folder / "serve.log"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(file, maxBytes=LOG_BYTES, backupCount=LOGS, encoding="utf-8")
    except OSError as problem:
        root.addHandler(logging.NullHandler())
        said = f"There is no log: {file} cannot be written ({problem.strerror})."
        return None, (Notice("W_LOG", said, "Set PARTIMENTO_HOME to a folder of yours."),)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    root.addHandler(handler)
    return file, ()


def _ready(console: Console, said: Bridge1, mailbox: Mailbox, log_file: Path | None) -> None:
    log.info("partimento %s serves %s, OSC port %s", bridge.__version__, mailbox.root, said.osc_port)
    with suppress(OSError, ValueError, AttributeError):  # whoever started us may have closed stdout, or given none
        console.result(
            {
                "schema": "serve/1",
                "version": bridge.__version__,
                "pid": said.pid,
                "mailbox": str(mailbox.root),
                "osc_port": said.osc_port,
                "log": str(log_file) if log_file else None,
                "warnings": said.notices,
            }
        )
    osc = f", OSC on port {said.osc_port}" if said.osc_port else ""
    _say(console, f"Serving {mailbox.root}{osc}. Ctrl-C ends it.", *([f"Log: {log_file}"] if log_file else []))
    for notice in said.notices:
        _say(console, f"note: {notice.message} {fitted(notice.hint)}")


def _say(console: Console, *lines: str) -> None:
    with suppress(OSError, ValueError, AttributeError):
        console.say(*lines)
        sys.stdout.flush()
