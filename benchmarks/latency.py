"""What models cost: one event in and one out, hearing a context, filling bars; load, memory, and size.

    OPENBLAS_NUM_THREADS=1 python -m benchmarks.latency            prints the table
    OPENBLAS_NUM_THREADS=1 python -m benchmarks.latency --record   writes benchmarks/results/latency.{json,md} too

Every variant of every note decoder that is shipped, on the processor with one thread and with two, and on a GPU where ONNX
Runtime has one. Ratios are to a fixed matrix product that is timed among the steps (bridge/bench.py).
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.machine import describe
from bridge import app, bench
from bridge.clock import SystemClock
from engines.models.package import open_package

RESULTS = Path(__file__).parent / "results"
MEMORY = """
import resource
from bridge import app, bench
from engines.models.decoder import Decoder
from engines.models.package import open_package
from engines.models.runtime import Use
base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
decoder = Decoder(open_package(app.shelves().models, {model!r}), app.rack("cpu"), Use(live=True, provider="cpu"))
memory = decoder.memory(512)
memory.hear(bench.stream(500)[None])
print(base, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def memory_of(model: str) -> dict[str, float]:
    """Megabytes of a process that only plays live, and how much of it the session is."""
    command = [sys.executable, "-c", MEMORY.format(model=model)]
    base, peak = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()  # noqa: S603  our own code
    return {"process_mb": round(int(peak) / 1024, 1), "session_mb": round((int(peak) - int(base)) / 1024, 1)}


def report() -> dict[str, Any]:
    """Everything."""
    shelf, clock = app.shelves().models, SystemClock().now
    rack = app.rack("auto")
    places = [
        (device.name, threads) for device in rack.devices() for threads in ((1, 2) if device.name == "cpu" else (1,))
    ]
    benches, sizes = [], {}
    for name in shelf.ids():
        package = open_package(shelf, name)
        if package.card.family != "notes":
            continue
        sizes[name] = {"bytes": package.card.size, "params": package.card.params, **memory_of(name)}
        sizes[name]["graphs"] = {graph.file: graph.sha256 for graph in package.card.graphs}
        for provider, threads in places:
            benches += [bench.measure(package, rack, clock, v, provider, threads) for v in bench.variants(package)]
    return {
        "machine": describe() | {"onnxruntime": _runtime()},
        "models": sizes,
        "benches": [asdict(one) for one in benches],
    }


def _runtime() -> str:
    from engines.models import session

    return session.installed().version


def render(found: dict[str, Any]) -> str:
    """The table in Markdown."""
    machine = found["machine"]
    lines = [
        f"{machine['processor']}, {machine['cores']} cores, Python {machine['python']}, ONNX Runtime {machine['onnxruntime']}. "
        "p50 in yardsticks: how many fixed matrix products (60 × 60, a hundred times) the median takes.",
        "",
    ]
    for name, one in found["models"].items():
        lines.append(
            f"{name}: {one['params'] / 1e6:.1f} M parameters, package {one['bytes'] / 1e6:.1f} MB, a live process "
            f"{one['process_mb']} MB, {one['session_mb']} MB of it the session."
        )
    benches = [
        bench.Bench(**{**one, "timings": tuple(bench.Timing(**row) for row in one["timings"])})
        for one in found["benches"]
    ]
    return "\n".join([*lines, "", *bench.lines_of(benches)]) + "\n"


def main() -> None:
    """Measure, print, and record if asked."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--record", action="store_true")
    args = parser.parse_args()
    found = report()
    found["peak_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)
    print(render(found))
    if args.record:
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / "latency.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
        (RESULTS / "latency.md").write_text(render(found), encoding="utf-8")


if __name__ == "__main__":
    main()
