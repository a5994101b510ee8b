"""REAPER with reapy's server inside: a process of its own, in which reapy's code runs as REAPER's Python would run it.

Its web interface answers over HTTP, its server over TCP, both on this machine alone. A test builds the project and looks at it
with functions of its own module, which are run here between two ticks.
"""

from __future__ import annotations

import multiprocessing
import socket
import sys
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from tests.reaper.double import Reaper
from tests.reaper.double.python_side import reaper_python
from tests.reaper.double.reaper import TICK

ACTIVATE = "_RSactivate_reapy"
"""The action that starts reapy's server, as REAPER would name it."""
PATIENCE = 30.0
"""Seconds after which a test gives up on the process."""


@dataclass
class PythonScript:
    """Python code that runs inside REAPER. Quacks like a script of Lua."""

    path: str
    namespace: dict[str, Any]
    late: bool = True
    """Every turn of it is one that was deferred."""
    options: int = 0
    running: bool = True
    used_undo: bool = False
    deferred: list[str] | Any = ()
    reaper: Reaper | None = None

    def resume(self) -> None:
        """Run what was deferred, which Python gives as source text."""
        assert self.reaper is not None
        waiting, self.deferred = self.deferred, []
        with self.reaper.turn_of(self):  # type: ignore[arg-type]
            for code in waiting:
                exec(code, self.namespace)  # noqa: S102  # what REAPER does with it

    def end(self) -> None:
        """It is over."""
        self.running = False


class Host:
    """The process, as a test holds it."""

    def __init__(self, resource_path: Path, *, on: bool = True) -> None:
        self.web_port, self.server_port = _free_ports(2)
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        arguments = (theirs, str(resource_path), self.web_port, self.server_port, on)
        self._process = context.Process(target=_play, args=arguments, daemon=True)
        self._process.start()
        theirs.close()
        assert self._answer() == "ready"

    def ask(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Run a function of a test module inside, between two ticks: it gets the double first."""
        self._pipe.send((function, arguments))
        return self._answer()

    def _answer(self) -> Any:
        assert self._pipe.poll(PATIENCE), "REAPER's double does not answer"
        failed, value = self._pipe.recv()
        assert not failed, value
        return value

    def kill(self) -> None:
        """As a crash does."""
        self._process.kill()
        self._process.join(PATIENCE)

    def close(self) -> None:
        """Quit, and complain of every rule that was broken in there."""
        if self._process.is_alive():
            self.ask(_leave)
            self._process.join(PATIENCE)
        self._pipe.close()


def _leave(_reaper: Reaper) -> None:
    raise SystemExit


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()


# Inside the process


def _play(pipe: Connection, resource_path: str, web_port: int, server_port: int, on: bool) -> None:
    reaper = Reaper(resource_path)
    script = PythonScript("reapy.py", vars(sys.modules["__main__"]), deferred=[], reaper=reaper)
    start = _put_reapy_inside(reaper, script, server_port)
    wishes: list[str] = []
    if on:
        reaper.ext["reapy", "activate_reapy_server"] = f'"{ACTIVATE}"'
    web = ThreadingHTTPServer(("127.0.0.1", web_port), _web_interface(reaper, wishes))
    threading.Thread(target=web.serve_forever, daemon=True).start()
    pipe.send((False, "ready"))
    while _serve_test(pipe, reaper):
        if ACTIVATE in wishes:
            with reaper.turn_of(script):  # type: ignore[arg-type]
                start()
            reaper.scripts.append(script)  # type: ignore[arg-type]
            wishes.remove(ACTIVATE)
        began = time.perf_counter()
        reaper.tick()
        time.sleep(max(0.0, TICK - (time.perf_counter() - began)))


def _serve_test(pipe: Connection, reaper: Reaper) -> bool:
    while pipe.poll():
        function, arguments = pipe.recv()
        try:
            pipe.send((False, function(reaper, *arguments)))
        except SystemExit:
            pipe.send((bool(reaper.rules.broken), "\n".join(reaper.rules.broken)))
            return False
        except Exception:
            pipe.send((True, traceback.format_exc()))
    return True


def _put_reapy_inside(reaper: Reaper, script: PythonScript, port: int) -> Callable[[], None]:
    """Import reapy as inside REAPER; what starts its server."""
    main = sys.modules["__main__"]
    main.obj = object()  # type: ignore[attr-defined]  # by this alone reapy knows that it is inside
    module = reaper_python(reaper)
    module.RPR_defer = main.RPR_defer = script.deferred_text = lambda code: script.deferred.append(code)  # type: ignore[attr-defined]
    module.RPR_atexit = main.RPR_atexit = lambda code: None  # type: ignore[attr-defined]
    sys.modules["reaper_python"] = module
    with reaper.turn_of(script):  # type: ignore[arg-type]
        import reapy
        from reapy.reascripts import activate_reapy_server
        from reapy.tools.network import Server
    reapy.config.REAPY_SERVER_PORT = port
    bind = Server.bind
    Server.bind = lambda self, address: bind(self, ("127.0.0.1", address[1]))

    def start() -> None:
        activate_reapy_server.SERVER = activate_reapy_server.get_new_reapy_server()
        activate_reapy_server.run_main_loop()

    return start


def _web_interface(reaper: Reaper, wishes: list[str]) -> type[BaseHTTPRequestHandler]:
    class WebInterface(BaseHTTPRequestHandler):
        """`/_/GET/EXTSTATE/section/key`, and `/_/ACTION`, which is done when this answers."""

        def do_GET(self) -> None:
            words = self.path.removeprefix("/_/").split("/")
            body = ""
            if words[:2] == ["GET", "EXTSTATE"] and len(words) == 4:
                section, key = words[2:]
                body = f"EXTSTATE\t{section}\t{key}\t{reaper.ext.get((section, key), '')}\n"
            elif words[0].startswith("_RS"):
                wishes.append(words[0])
                while words[0] in wishes:
                    time.sleep(TICK / 10)
            self.send_response(200)
            self.send_header("Content-Length", str(len(body.encode())))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_words: object) -> None:
            """Tests need no log."""

    return WebInterface
