"""What the worker process does with a job: one module a verb, each from request to result."""

from __future__ import annotations

from collections.abc import Callable

import bridge
from bridge import app
from bridge.handlers import arrange, detect
from bridge.handlers.outcome import Outcome
from bridge.job_folder import JobFolder
from bridge.wire import Request1
from engines.api import ArrangeRequest, Reporter
from engines.errors import EngineError, Unavailable
from engines.music.notes import Note
from engines.music.song import MidiClip, Placement, Song, Take, Track
from engines.music.time import PPQ, Ticks

VERBS: dict[str, Callable[[Request1, Reporter], Outcome]] = {"arrange": arrange.run, "detect": detect.run}


def handle(folder: JobFolder, report: Reporter) -> None:
    """Do one job."""
    request = folder.request()
    check_version(request.scripts)
    run = VERBS.get(request.verb)
    if run is None:
        raise Unavailable(f"`{request.verb}` is not in this version yet.", "Update partimento, then ask again.")
    outcome = run(request, report)
    report(1.0, "writing")  # the last moment to cancel; it also ends a worker whose bridge has gone
    folder.finish(outcome.result, outcome.clips)


def prepare() -> None:
    """Open what the first job would wait for: the tables, the styles, the model. Two bars of a scale do that."""
    scale = tuple(Note(Ticks(i * PPQ), Ticks(PPQ), pitch) for i, pitch in enumerate((60, 62, 64, 65, 67, 65, 64, 62)))
    clip = MidiClip(Ticks(8 * PPQ), scale)
    track = Track("Scale", (Placement(Ticks(0), clip.length, (Take(clip),)),), role="melody")
    app.accompany(ArrangeRequest(Song((track,))))


def check_version(scripts: str, ours: str = bridge.__version__) -> None:
    """Scripts and bridge speak to each other when they agree in major and minor version. Without a version nothing is known."""
    theirs, mine = _release(scripts), _release(ours)
    if not scripts or theirs == mine:
        return
    if theirs is not None and mine is not None and theirs < mine:
        remedy = "Close REAPER, run `partimento reaper install`, and start REAPER again."
    else:
        remedy = "Stop the bridge, update it with `uv tool upgrade partimento`, and start it again."
    raise EngineError(f"The scripts are version {scripts}, the bridge is {ours}.", remedy, code="E_VERSION")


def _release(version: str) -> tuple[int, int] | None:
    numbers = version.split(".")[:2]
    if len(numbers) < 2 or not all(n.isascii() and n.isdigit() and len(n) < 6 for n in numbers):
        return None
    return int(numbers[0]), int(numbers[1])
