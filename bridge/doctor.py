"""What works on this machine, in plain words: one line a subject, and a remedy where something is missing."""

from __future__ import annotations

import importlib.util
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from importlib.metadata import distributions
from pathlib import Path

import bridge
from bridge import midi_ports, paths, resources
from bridge.clock import SystemClock
from bridge.installing import fitted
from bridge.registry import Registry
from engines.errors import EngineError, NotThere, Unavailable

RUNTIMES = ("onnxruntime", "onnxruntime-gpu", "onnxruntime-directml")

STALE = 5.0
"""Seconds after which a heartbeat is one of the past."""


@dataclass(frozen=True)
class Finding:
    """One line of the doctor's report."""

    subject: str
    state: str
    """`ok`, `missing` (something optional is not there) or `broken`."""
    says: str
    remedy: str = ""


def examine() -> tuple[Finding, ...]:
    """Look at everything. One subject that fails does not keep the others from being looked at."""
    found = (finding for look in _SUBJECTS for finding in look())
    return tuple(replace(finding, remedy=fitted(finding.remedy)) for finding in found)


def _python() -> Iterator[Finding]:
    version = platform.python_version()
    says = f"Python {version} on {platform.system()} {platform.machine()}, partimento {bridge.__version__}"
    if (3, 11) <= sys.version_info[:2] <= (3, 12):
        yield Finding("python", "ok", says)
    else:
        yield Finding("python", "broken", says, "Use Python 3.11 or 3.12: `uv tool install --python 3.12 partimento`.")


def _packages() -> Iterator[Finding]:
    homes = {}
    for name in ("bridge", "engines"):
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.origin is not None:
            homes[name] = Path(spec.origin).resolve().parent.parent
    # Our import names are generic; another package of that name would be picked up silently.
    if len(homes) == 2 and len(set(homes.values())) == 1:
        yield Finding("packages", "ok", f"bridge and engines both lie in {homes['bridge']}")
    else:
        places = ", ".join(f"{name} in {place}" for name, place in homes.items()) or "neither is there"
        yield Finding(
            "packages", "broken", f"bridge and engines do not belong together: {places}",
            "Install partimento in an environment of its own: `uv tool install partimento`.",
        )  # fmt: skip


def _data() -> Iterator[Finding]:
    try:
        shelves = resources.standard()
        songs = len(shelves.songs.ids())
    except Exception as problem:  # an installation can be damaged in any way
        yield Finding("data", "broken", str(problem), "Install partimento again.")
        return
    yield Finding("data", "ok", f"{songs} songs, {len(shelves.analysis.ids())} analysis tables shipped")


def _runtime() -> Iterator[Finding]:
    there = sorted({d.name.lower() for d in distributions() if d.name and d.name.lower() in RUNTIMES})
    if len(there) > 1:
        yield Finding(
            "runtime", "broken", f"{' and '.join(there)} are both installed and overwrite each other",
            "Remove both, then install one: `pip uninstall -y onnxruntime onnxruntime-gpu`.",
        )  # fmt: skip
        return
    if not there:
        yield Finding(
            "runtime", "missing", "ONNX Runtime is not installed; rules play where models would",
            "Install one runtime: `uv tool install 'partimento[cpu]'` (or cuda, directml, webgpu).",
        )  # fmt: skip
        return
    from engines.models import session

    try:
        runtime = session.installed()
        devices = runtime.devices()
    except Unavailable as problem:
        yield Finding("runtime", "broken", problem.message, problem.hint)
        return
    names = ", ".join(device.name + (f" ({device.label})" if device.label else "") for device in devices)
    yield Finding("runtime", "ok", f"{there[0]} {runtime.version} plays models on: {names}")
    for module, problem_ in sorted(runtime.problems.items()):
        yield Finding("runtime", "broken", f"{module} cannot be used: {problem_}", f"Update or remove {module}.")


def _models() -> Iterator[Finding]:
    from bridge import app, models

    rack = app.rack()
    for model in models.check(app.shelves().models, rack):
        if model.problem is None:
            yield Finding("model", "ok", f"{model.id} ({model.origin}): {models.played(model)}")
        elif isinstance(model.problem, Unavailable):  # no runtime, which has a line of its own
            yield Finding(
                "model", "missing", f"{model.id} ({model.origin}): nothing here can play it", model.problem.hint
            )
        else:
            yield Finding("model", "broken", model.problem.message, model.problem.hint)
        for notice in model.notices:
            yield Finding("model", "missing", notice.message, notice.hint)


def _styles() -> Iterator[Finding]:
    from bridge import app, styles

    for style in styles.survey(app.shelves().styles):
        if style.card is not None:
            songs = f"{style.card.spans:,} phrases of {len(style.card.songs):,} pieces"
            yield Finding("style", "ok", f"{style.id} ({style.origin}): {songs}")
        elif style.problem is not None:
            yield Finding("style", "broken", style.problem.message, style.problem.hint)


def _midi() -> Iterator[Finding]:
    ports = midi_ports.look()
    for back_end in ports.back_ends:
        if back_end.problem is None:
            count = f"{len(back_end.inputs)} inputs, {len(back_end.outputs)} outputs"
            yield Finding("midi", "ok", f"{back_end.name}: {count}")
        else:
            remedy = "" if ports.chosen else "`live` needs one MIDI system: start JACK, or load snd-seq for ALSA."
            yield Finding("midi", "missing", f"{back_end.name}: {back_end.problem}", remedy)


def _preview() -> Iterator[Finding]:
    from bridge.files import preview

    synth, font = preview.find_synth(), preview.find_sound_font()
    if synth and font:
        yield Finding("preview", "ok", f"{synth.name} with {font.name}")
    else:
        lacks = "no synthesiser" if not synth else "no sound font"
        yield Finding(
            "preview", "missing", f"{lacks} on this machine, so no audio previews",
            "Install fluidsynth and a General MIDI sound font; or set SOUNDFONT to a .sf2 file.",
        )  # fmt: skip


def _picture() -> Iterator[Finding]:
    from bridge.files import picture

    converter = picture.find_converter()
    if converter:
        yield Finding("pictures", "ok", f"SVG, and PNG through {converter.name}")
    else:
        yield Finding(
            "pictures", "missing", "SVG only: nothing here turns it into PNG", "Install librsvg (rsvg-convert)."
        )


def _scores() -> Iterator[Finding]:
    if importlib.util.find_spec("partitura"):
        yield Finding("musicxml", "ok", "MusicXML lead sheets can be read")
    else:
        yield Finding("musicxml", "missing", "MusicXML cannot be read", "`uv tool install 'partimento[scores]'`")


def _reaper() -> Iterator[Finding]:
    from bridge.reaper.install import place

    try:
        path = place.find(None)
    except NotThere as problem:
        yield Finding("reaper", "missing", problem.message, problem.hint)
        return
    yield Finding("reaper", "ok", f"resource folder {path}")
    yield _installed(path)
    yield _serving(path)


def _serving(path: Path) -> Finding:
    """Whether a bridge is there for the scripts."""
    from bridge.reaper.mailbox import Mailbox

    said = Mailbox(path / "Data" / "partimento").read_presence()
    now = datetime.fromisoformat(SystemClock().stamp()).timestamp()
    if said is None or said.state != "ready" or abs(now - said.beat) > STALE:
        return Finding("bridge", "missing", "not running", "REAPER's actions start it; or start `partimento serve`.")
    if said.version != bridge.__version__:
        old = f"version {said.version} runs (process {said.pid}), and this is {bridge.__version__}"
        return Finding("bridge", "broken", old, "End it; REAPER's actions start this one.")
    return Finding("bridge", "ok", f"runs as process {said.pid}, OSC on port {said.osc_port or 'none'}")


def _installed(path: Path) -> Finding:
    """How far REAPER knows us."""
    from bridge.reaper import install
    from bridge.reaper.install import shipment, state

    remedy = "Close REAPER, then `partimento reaper install`."
    try:
        found = state.examine(path, shipment.pack(resources.shipped(install.SCRIPTS)))
    except EngineError as problem:
        return Finding("reaper scripts", "broken", problem.message, problem.hint)
    if found.whole:
        return Finding("reaper scripts", "ok", "; ".join(part.says for part in found.parts))
    if all(part.state == "missing" for part in found.parts):
        return Finding("reaper scripts", "missing", "not installed into REAPER", remedy)
    wrong = "; ".join(part.says for part in found.parts if part.state != "ok")
    return Finding("reaper scripts", "broken", f"installed in part: {wrong}", remedy)


def _folders() -> Iterator[Finding]:
    for subject, folder in (("user folder", paths.home()), ("temporary folder", Path(tempfile.gettempdir()))):
        problem = _unwritable(folder)
        if problem is None:
            yield Finding(subject, "ok", f"{folder} can be written")
        else:
            remedy = "Set PARTIMENTO_HOME to a folder of yours." if subject == "user folder" else "Set TMPDIR."
            yield Finding(subject, "broken", f"{folder} cannot be written: {problem}", remedy)


def _unwritable(folder: Path) -> str | None:
    """Why a file cannot be made there, tried for real in the nearest folder that exists; None when it can."""
    place = folder
    while not place.exists() and place != place.parent:
        place = place.parent
    try:
        with tempfile.TemporaryFile(dir=place):
            pass
    except OSError as problem:
        return problem.strerror or str(problem)
    free = shutil.disk_usage(place).free
    return None if free > 50_000_000 else f"only {free // 1_000_000} MB are free"


def _engines() -> Iterator[Finding]:
    for found in Registry().check():
        if found.problem is None:
            yield Finding("engine", "ok", f"{found.name} ({found.origin})")
        else:
            yield Finding("engine", "broken", found.problem, f"Update or remove {found.origin}.")


def _reapy_server() -> Iterator[Finding]:
    # reapy's server answers on every interface without a password and runs what it is sent.
    import socket

    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.settimeout(0.1)
        if probe.connect_ex(("127.0.0.1", 2306)) == 0:
            yield Finding(
                "reapy", "broken", "a reapy server is open on port 2306; anyone on your network can run code through it",
                "Close that port in your firewall, or disable reapy's server in REAPER.",
            )  # fmt: skip


_SUBJECTS: tuple[Callable[[], Iterator[Finding]], ...] = (
    _python,
    _packages,
    _data,
    _engines,
    _runtime,
    _models,
    _styles,
    _midi,
    _preview,
    _picture,
    _scores,
    _reaper,
    _folders,
    _reapy_server,
)
