"""How long the everyday work takes, on one core.

uv run python -m benchmarks.speed            prints a table
uv run python -m benchmarks.speed --record   writes benchmarks/results/speed.json and speed.md too
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(threads, "1")  # before numpy is imported: one core is what we promise for

from benchmarks.house_piece import piece  # noqa: E402
from benchmarks.machine import describe  # noqa: E402

RESULTS = Path(__file__).parent / "results"
BUDGET_MS = {
    "partimento --version, cold start": 150.0,
    "partimento --help, cold start": 200.0,
    "read and analyse": 300.0,
    "write MIDI and .RPP": 150.0,
}
MEMORY_MB = 150.0


def main() -> None:
    """Measure, print, and record if asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--record", action="store_true")
    parser.add_argument("--runs", type=int, default=15)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        report = {
            "machine": describe(),
            "piece": "200 bars, 10 tracks, 10,000 notes (benchmarks/house_piece.py)",
            "rows": [*_starts(args.runs), *_work(Path(folder), args.runs)],
            "memory_mb": _memory(Path(folder)),
        }
    table = render(report)
    print(table)
    if args.record:
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / "speed.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
        (RESULTS / "speed.md").write_text(table, encoding="utf-8")


def timed(what: str, work: Callable[[], object], runs: int, warm: bool = True) -> dict[str, Any]:
    """Percentiles of a piece of work in milliseconds."""
    if warm:
        work()
    laps = []
    for _ in range(runs):
        begin = time.perf_counter()
        work()
        laps.append((time.perf_counter() - begin) * 1000)
    laps.sort()
    return {
        "what": what,
        "p50_ms": round(statistics.median(laps), 1),
        "p95_ms": round(laps[min(len(laps) - 1, round(0.95 * (len(laps) - 1)))], 1),
        "n": runs,
        "warm": warm,
        "budget_ms": BUDGET_MS.get(what),
    }


def _starts(runs: int) -> list[dict[str, Any]]:
    command = Path(sys.executable).parent / "partimento"

    def start(flag: str) -> Callable[[], object]:
        return lambda: subprocess.run([command, flag], check=True, capture_output=True)  # noqa: S603  # our own command

    return [timed(f"partimento {flag}, cold start", start(flag), runs, warm=False) for flag in ("--version", "--help")]


def _work(folder: Path, runs: int) -> list[dict[str, Any]]:
    from bridge import app
    from bridge.files import loading, midi, rpp

    song = piece()
    file = folder / "piece.mid"
    file.write_bytes(midi.write_song(song))
    loaded = loading.load(file).song
    return [
        timed("read", lambda: loading.load(file), runs),
        timed("analyse", lambda: app.analyze(loaded), runs),
        timed("read and analyse", lambda: app.analyze(loading.load(file).song), runs),
        timed("write MIDI", lambda: midi.write_song(song), runs),
        timed("write .RPP", lambda: rpp.write_project(song), runs),
        timed("write MIDI and .RPP", lambda: (midi.write_song(song), rpp.write_project(song)), runs),
    ]


def _memory(folder: Path) -> dict[str, float]:
    """The most memory that a process of its own takes to read, analyse and write the piece."""
    code = (
        "import sys, resource\n"
        "from bridge import app\n"
        "from bridge.files import loading, midi, rpp\n"
        "song = app.analyze(loading.load(sys.argv[1]).song).song\n"
        "midi.write_song(song), rpp.write_project(song)\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)\n"
    )
    done = subprocess.run(  # noqa: S603  # our own interpreter
        [sys.executable, "-c", code, str(folder / "piece.mid")], check=True, capture_output=True, text=True
    )
    scale = 1024 if sys.platform != "darwin" else 1024 * 1024  # macOS counts bytes, Linux kilobytes
    return {"peak": round(int(done.stdout) / scale, 1), "budget": MEMORY_MB}


def render(report: dict[str, Any]) -> str:
    """The table as Markdown."""
    machine = report["machine"]
    lines = [
        "# Speed",
        "",
        f"{machine['processor']}, {machine['cores']} cores (one used), {machine['system']}, Python {machine['python']}, "
        f"numpy {machine['numpy']}. Piece: {report['piece']}.",
        "",
        "| what | p50 ms | p95 ms | n | budget ms |",
        "|---|---|---|---|---|",
        *(
            f"| {row['what']} | {row['p50_ms']} | {row['p95_ms']} | {row['n']} | {row['budget_ms'] or '–'} |"
            for row in report["rows"]
        ),
        "",
        f"Peak memory of a process that reads, analyses and writes it: {report['memory_mb']['peak']} MB "
        f"(budget {report['memory_mb']['budget']:.0f} MB).",
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
