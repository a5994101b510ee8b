"""The line to reapy's server inside REAPER. reapy is imported when the line is opened, never before."""

from __future__ import annotations

import select
import warnings
from pathlib import Path
from typing import Any

from engines.errors import Unavailable, WriteFailed

HOST = "127.0.0.1"
PATIENCE = 10.0
"""Seconds to wait for an answer: as long as a dialog is open, REAPER gives none."""

_RUN = "(lambda space: (exec(source, space), space['run'](order))[1])({})"
"""reapy's server calls any function by its name; with this, `eval` runs our file there and gives back its answer."""


class Line:
    """One connection. An order goes in as JSON, its answer comes back."""

    def __init__(self, web_port: int, patience: float = PATIENCE) -> None:
        """Find the server through REAPER's web interface, and connect."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # on import it looks for REAPER itself, and warns when there is none
                from reapy.errors import DisabledDistAPIError
                from reapy.tools.network.socket import Socket
                from reapy.tools.network.web_interface import WebInterface
        except ModuleNotFoundError as problem:
            hint = "Install it: `uv tool install 'partimento[reapy]'`."
            raise Unavailable("reapy is not installed.", hint) from problem
        self._patience = patience
        self._inside = Path(__file__).with_name("inside.py").read_text(encoding="utf-8")
        self._socket: Any = None
        try:
            port = WebInterface(web_port, HOST).get_reapy_server_port()
            self._socket = Socket()
            self._socket.connect((HOST, port))
        except (DisabledDistAPIError, OSError, ValueError, RecursionError) as problem:
            self.close()
            raise Unavailable(
                "REAPER is not there, or reapy is not set up in it.",
                "Start REAPER. The first time run `python -c 'import reapy; reapy.configure_reaper()'` while it runs, "
                "then start it again.",
            ) from problem
        self._receive()  # the server greets first

    def close(self) -> None:
        """Hang up."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def ask(self, order: dict[str, Any]) -> dict[str, Any]:
        """Have one order carried out inside REAPER."""
        from reapy.errors import DistError
        from reapy.tools import json

        space = {"source": self._inside, "order": order}
        request = {"function": eval, "input": {"args": [_RUN, space], "kwargs": {}}}
        answer = json.loads(self._receive(json.dumps(request).encode()).decode())
        if answer["type"] == "error":
            said = "REAPER could not do this; nothing was changed."
            raise WriteFailed(said, answer["traceback"].strip().splitlines()[-1]) from DistError(answer["traceback"])
        found: dict[str, Any] = answer["value"]
        return found

    def _receive(self, said: bytes = b"") -> bytes:
        """What comes back, or a closed line and the reason."""
        if self._socket is None:
            raise Unavailable("The connection to REAPER is closed.", "Call open_project() again.")
        try:
            if said:
                self._socket.send(said)
            if not select.select([self._socket._socket], [], [], self._patience)[0]:
                self.close()
                sentence = f"REAPER did not answer within {self._patience:g} seconds."
                raise Unavailable(sentence, "Close its dialogs, then call open_project() again.")
            answer: bytes = self._socket.recv(timeout=None)
        except OSError as problem:
            self.close()
            raise Unavailable("REAPER went away.", "Start it again, then call open_project() again.") from problem
        return answer
