"""How long a piano arrangement takes, on one core, with all shipped packs.

uv run python -m benchmarks.arrange_speed            prints a table
uv run python -m benchmarks.arrange_speed --record   writes benchmarks/results/arrange_speed.json and .md too
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.house_piece import lead_sheet
from benchmarks.machine import describe
from benchmarks.speed import RESULTS, timed

BUDGET_MS = {
    "partimento arrange, 32 bars, from process start": 1000.0,
    "32 bars": 300.0,
    "116 bars": 800.0,
}
MEMORY_MB = 400.0
BARS = (32, 116, 232, 464)
SHARES = (0.25, 0.5, 1.0)
MEMORY = """
import resource
from benchmarks.house_piece import lead_sheet
from bridge import app
from engines.api import ArrangeRequest
app.accompany(ArrangeRequest(lead_sheet(116)))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def report(runs: int) -> dict[str, Any]:
    """Everything."""
    return {
        "machine": describe(),
        "rows": [_budgeted(row) for row in [*_start(runs), *_songs(runs), *_shares(runs)]],
        "memory_mb": _memory(),
    }


def _budgeted(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"budget_ms": BUDGET_MS.get(row["what"])}


def _start(runs: int) -> Iterator[dict[str, Any]]:
    from bridge.files import midi

    command = Path(sys.executable).parent / "partimento"
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "lead.mid"
        file.write_bytes(midi.write_song(lead_sheet(32)))
        words = [command, "arrange", file, "--piano-only", "--out", Path(folder) / "out"]
        # As where it was used before: Python keeps what it has compiled, unless it is told not to.
        keeps = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}

        def arrange() -> object:
            return subprocess.run(words, check=True, capture_output=True, env=keeps)  # noqa: S603  our own

        arrange()
        yield timed("partimento arrange, 32 bars, from process start", arrange, runs, warm=False)


def _songs(runs: int) -> Iterator[dict[str, Any]]:
    """The engine alone, warm; listening included."""
    from bridge import app
    from engines.api import ArrangeRequest, unheard
    from engines.music.chance import Chance

    engine = app.registry().build("accompany", app.shelves())
    for bars in BARS:
        request = ArrangeRequest(lead_sheet(bars))
        yield timed(f"{bars} bars", lambda request=request: engine.run(request, Chance(1), unheard), runs)  # type: ignore[misc]
    exact = ArrangeRequest(lead_sheet(32), faithful=1.0)
    yield timed("32 bars, --faithful 1: the wide search", lambda: engine.run(exact, Chance(1), unheard), 3)


def _shares(runs: int) -> Iterator[dict[str, Any]]:
    """Choosing for 32 bars among parts of the phrases."""
    from dataclasses import replace

    from bridge import app
    from engines.accompaniment.selection import Selector, Wishes
    from engines.accompaniment.sheet import Sheet
    from engines.accompaniment.styles import all_packs
    from engines.music.chance import Chance

    sheet = Sheet.of(app.analyze(lead_sheet(32)))
    packs, _ = all_packs(app.shelves().styles)
    for share in SHARES:
        some = [
            replace(
                p, columns=p.columns | {n: p.columns[n][: int(share * p.card.spans)] for n in ("span_bar", "span_bars")}
            )
            for p in packs
        ]
        selector = Selector(some)
        count = sum(len(p.columns["span_bar"]) for p in some)
        what = f"choosing for 32 bars among {count:,} phrases"
        yield timed(what, lambda selector=selector: selector.choose(sheet, Wishes(), Chance(1), 1), runs)  # type: ignore[misc]


def _memory() -> dict[str, float]:
    done = subprocess.run([sys.executable, "-c", MEMORY], check=True, capture_output=True, text=True)  # noqa: S603  our own
    return {"peak": round(int(done.stdout) / (1024 if sys.platform != "darwin" else 1024**2), 1), "budget": MEMORY_MB}


def render(found: dict[str, Any]) -> str:
    """The table as Markdown."""
    machine, memory = found["machine"], found["memory_mb"]
    rows = [
        f"| {r['what']} | {r['p50_ms']} | {r['p95_ms']} | {r['n']} | {r['budget_ms'] or '–'} |" for r in found["rows"]
    ]
    return "\n".join(
        [
            "# Arranging: speed",
            "",
            f"{machine['processor']}, {machine['cores']} cores (one used), Python {machine['python']}, "
            f"numpy {machine['numpy']}. Listening is included, all shipped packs are open.",
            "",
            "| what | p50 ms | p95 ms | n | budget ms |",
            "|---|---|---|---|---|",
            *rows,
            "",
            f"Peak memory of a process that arranges 116 bars: {memory['peak']} MB (budget {memory['budget']:.0f} MB).",
            "",
        ]
    )


def main() -> None:
    """Measure, print, and record if asked."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--record", action="store_true")
    parser.add_argument("--runs", type=int, default=15)
    args = parser.parse_args()
    found = report(args.runs)
    print(render(found))
    if args.record:
        (RESULTS / "arrange_speed.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
        (RESULTS / "arrange_speed.md").write_text(render(found), encoding="utf-8")


if __name__ == "__main__":
    main()
