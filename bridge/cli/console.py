"""What a verb says, and how: text or JSON, progress, one sentence and one hint when it fails."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any

from bridge.installing import fitted
from engines.errors import Cancelled, EngineError, Notice

QUIET_TIME = 1.0
"""Work that takes no longer than this shows no progress."""


class Console:
    """The musician's terminal, or the program that reads `--json`."""

    def __init__(self, json: bool = False) -> None:
        self.json = json
        self._begin = time.perf_counter()
        self._shown = False

    def say(self, *lines: str) -> None:
        """Print lines, unless the reader wants JSON."""
        if not self.json:
            self._write("".join(f"{line}\n" for line in lines))

    def result(self, message: Any) -> None:
        """Print the one JSON object, if the reader wants it."""
        if self.json:
            from bridge.wire import encode

            self._clear()
            sys.stdout.buffer.write(encode(message) + b"\n")
            sys.stdout.buffer.flush()

    def notices(self, notices: Iterable[Notice]) -> None:
        """Print what the musician should know; JSON carries it inside."""
        for notice in notices:
            if not self.json:
                self._error(f"note: {notice.message}" + (f" {fitted(notice.hint)}" if notice.hint else ""))

    def progress(self, progress: float, message: str) -> None:
        """A reporter for engines: a line that rewrites itself, on a terminal, once the work takes long."""
        if self.json or not sys.stderr.isatty() or time.perf_counter() - self._begin < QUIET_TIME:
            return
        sys.stderr.write(f"\r\x1b[K{round(progress * 100):3d} % {message}")
        sys.stderr.flush()
        self._shown = True

    def guard(self, work: Callable[[], int]) -> int:
        """Run a verb; every failure becomes a sentence, a hint and exit code 1."""
        try:
            return work()
        except EngineError as error:
            return self._failed(error)
        except KeyboardInterrupt:
            return self._failed(Cancelled("Cancelled; nothing was written.", ""))
        except BrokenPipeError:
            # The reader (`| head`) has gone. Python would complain again when it flushes stdout on the way out.
            with contextlib.suppress(OSError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 1
        except MemoryError:
            return self._failed(EngineError("There is not enough memory for this.", "Use a shorter file."))

    def _failed(self, error: EngineError) -> int:
        self._error(f"partimento: {error.message}")
        if error.hint:
            self._error(f"hint: {fitted(error.hint)}")
        if self.json:
            from bridge.wire import Error1, fault

            self.result(Error1(error=fault(error)))
        return 1

    def _error(self, line: str) -> None:
        self._clear()
        sys.stderr.write(_printable(line, sys.stderr.encoding) + "\n")

    def _write(self, text: str) -> None:
        self._clear()
        sys.stdout.write(_printable(text, sys.stdout.encoding))

    def _clear(self) -> None:
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            self._shown = False


def _printable(text: str, encoding: str | None) -> str:
    """Text that the terminal can show; a file name may hold anything."""
    kept = "".join(c if c.isprintable() or c in "\n\t" else "\N{REPLACEMENT CHARACTER}" for c in text)
    name = encoding or "ascii"
    return kept.encode(name, "replace").decode(name)
