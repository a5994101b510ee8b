"""A REAPER with partimento installed, as a musician has it: what its scripts start is really started, and ends with it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bridge.reaper import install
from bridge.reaper.install.running import Look
from tests.reaper.double import Reaper

SECONDS = 60
TICK = 1 / 30


@contextmanager
def studio(home: Path) -> Iterator[Reaper]:
    """The REAPER of a resource folder, before it opens. Its bridge has a free port and a user folder of its own."""
    install.carry_out(home, install.plan_install(home, command=("partimento",)), Look(()))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    command = [sys.executable, "-m", "bridge", "serve", "--resource-path", str(home), "--osc-port", port]
    own = {"PARTIMENTO_HOME": str(home / "user"), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    started: list[subprocess.Popen[bytes]] = []

    def start(_command: str) -> None:
        started.append(subprocess.Popen(command, stdout=subprocess.DEVNULL, env=os.environ | own))

    reaper = Reaper(home)
    reaper.desktop.on_process = start
    try:
        yield reaper
    finally:
        for process in started:
            process.terminate()
    assert all(process.wait(timeout=20) == 0 for process in started)


def press(reaper: Reaper, action: str, *inputs: list[str] | None) -> None:
    """The key of an action; `inputs` answers its window."""
    reaper.desktop.inputs.extend(inputs)
    reaper.run(reaper.resource_path / f"Scripts/partimento/partimento_{action}.lua")
    reaper.tick(6)
