"""What models cost on this machine, in milliseconds and in units of a fixed piece of arithmetic.

The arithmetic (a yardstick) is timed among the models' own steps, so that the ratio stays when the machine is busy or slow.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engines.models import tokens as t
from engines.models.decoder import PREDICTED, Decoder, Memory
from engines.models.notes import Notes, Task
from engines.models.package import Package
from engines.models.rack import Rack
from engines.models.runtime import CPU, Use
from engines.models.sampling import GREEDY, Luck
from engines.models.window import Window, window_of
from engines.models.writing import Rules
from engines.music.chance import Chance

Clock = Callable[[], float]
CONTEXTS = (64, 256, 500)
"""Events remembered while steps are timed; the longest leaves room for the step in a memory of 512."""
STEPS, WARM = 400, 40
BAR = 4 * t.STEPS


@dataclass(frozen=True)
class Timing:
    """How long something took."""

    what: str
    p50: float
    """Milliseconds."""
    p95: float
    p99: float
    n: int
    ratio: float
    """p50 in yardsticks."""


@dataclass(frozen=True)
class Bench:
    """Everything that was timed of one package in one way."""

    model: str
    variant: str
    provider: str
    threads: int
    load_ms: float
    """Opening all graphs, each with its golden case."""
    yardstick_ms: float
    timings: tuple[Timing, ...]


def variants(package: Package) -> tuple[str, ...]:
    """The kinds of lower stack in a package."""
    return tuple(graph.variant for graph in package.card.of_role("lower"))


def measure(package: Package, rack: Rack, clock: Clock, variant: str, provider: str = CPU, threads: int = 1) -> Bench:
    """Time one variant of a note decoder."""
    begin = clock()
    decoder = Decoder(only(package, variant), rack, Use(live=threads == 1, threads=threads, provider=provider))
    decoder.memory(t.LONGEST_BAR).hear(stream(8)[None])
    load = 1000 * (clock() - begin)
    yard = Yardstick(clock)
    timings = [_timed(f"event in and out, context {n}", step, clock, yard, STEPS) for n, step in _steps(decoder)]
    window = practice()
    timings.append(_timed("hear 448 events", _prefill(decoder), clock, yard, 12))
    around = "8 bars around"
    timings += [
        _timed(f"fill {n} bar{'s' * (n > 1)}, {around}", _fill(decoder, window, n), clock, yard, 12) for n in (1, 4)
    ]
    return Bench(package.id, variant, decoder.seats[0].device.name, threads, load, yard.milliseconds, tuple(timings))


def only(package: Package, variant: str) -> Package:
    """A package with one variant of its stacks."""
    card = package.card
    kept = tuple(graph for graph in card.graphs if graph.role not in ("lower", "upper") or graph.variant == variant)
    found = replace(package, card=_replaced(card, kept))
    found.__dict__["golden"] = package.golden  # read against the whole card
    return found


def _replaced(card: Any, graphs: tuple[Any, ...]) -> Any:
    import msgspec

    return msgspec.structs.replace(card, graphs=graphs)


class Yardstick:
    """A fixed piece of arithmetic: products of matrices small enough that no library splits them among threads."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._matrix = np.random.default_rng(0).standard_normal((60, 60)).astype(np.float32)
        self._times: list[float] = []

    def lay(self) -> None:
        """Measure once."""
        begin, out = self._clock(), self._matrix
        for _ in range(100):
            out = self._matrix @ self._matrix
        self._times.append(self._clock() - begin + 0.0 * float(out[0, 0]))

    @property
    def milliseconds(self) -> float:
        """The median so far."""
        return 1000 * median(self._times)


def _timed(what: str, work: Callable[[], None], clock: Clock, yard: Yardstick, steps: int) -> Timing:
    for _ in range(max(2, steps // 10)):
        work()
    times, before = [], gc.isenabled()
    gc.disable()
    for i in range(steps):
        if i % max(1, steps // 20) == 0:
            yard.lay()
        begin = clock()
        work()
        times.append(1000 * (clock() - begin))
    if before:
        gc.enable()
    p50, p95, p99 = (float(np.percentile(times, share)) for share in (50, 95, 99))
    return Timing(what, p50, p95, p99, steps, p50 / yard.milliseconds)


def _steps(decoder: Decoder) -> Iterator[tuple[int, Callable[[], None]]]:
    """One event heard, the next one asked for field by field, and heard."""
    rows = stream(600)
    nothing = np.zeros((1, len(PREDICTED)), dtype=np.int64)
    for context in CONTEXTS:
        memory = decoder.memory(512)
        memory.hear(rows[None, :context])
        event = rows[None, context : context + 1]

        def step(memory: Memory = memory, context: int = context, event: NDArray[np.int64] = event) -> None:
            memory.rewind(context)
            memory.hear(event)
            for field in t.WHEN:
                memory.when(field, nothing)
            told = memory.announce(event[:, 0])
            for field in t.WHAT:
                memory.what(field, told, nothing)
            memory.hear(event)

        yield context, step


def _prefill(decoder: Decoder) -> Callable[[], None]:
    rows = stream(448)

    def work() -> None:
        decoder.memory(512).hear(rows[None])

    return work


def _fill(decoder: Decoder, window: Window, bars: int) -> Callable[[], None]:
    notes = Notes(decoder)
    cells = tuple((bar, 2) for bar in range(4, 4 + bars))
    # As many notes as a busy pianist plays, so that the figure does not depend on what the model would like to write.
    rules = {cell: Rules(BAR, BAR, fewest=15, most=15) for cell in cells}
    task = Task(window, cells, rules=rules)

    def work() -> None:
        notes.write(task, [Luck(Chance(1))], GREEDY)

    return work


def practice(bars: int = 9) -> Window:
    """Four parts that play all the time: about 38 notes a bar, as a band does."""
    notes, slots = [], []
    for bar in range(bars):
        root = (0, 9, 5, 7)[bar % 4]
        for slot, (every, low, chord) in enumerate(
            ((24, 72, (0,)), (24, 55, (0, 4, 7)), (48, 36, (0,)), (6, 42, (0,))), 1
        ):
            for at in range(0, BAR, every):
                for tone in chord:
                    notes.append((bar * BAR + at, 0, every, low + (tone if slot == 4 else root + tone), 80))
                    slots.append(slot)
    table, slot_of = np.array(notes, dtype=np.int64), np.array(slots, dtype=np.int64)
    order = np.lexsort((table[:, 3], slot_of, table[:, 0]))
    chords = np.array([(bar * BAR, (0, 9, 5, 7)[bar % 4], bar % 4 == 1) for bar in range(bars)], dtype=np.int64)
    programs = np.array([1, 1, 5, t.DRUM_PROGRAM], dtype=np.int64)
    lines = np.arange(bars + 1, dtype=np.int64) * BAR
    return window_of(table[order], slot_of[order], programs, lines, chords, (0, 0), np.zeros(len(order), dtype=bool))


def stream(events: int) -> NDArray[np.int64]:
    """So many notes, one after another."""
    rows = practice(9).rows
    return np.concatenate([rows] * (events // len(rows) + 1))[:events]


def lines_of(benches: Sequence[Bench]) -> Iterator[str]:
    """As a table in Markdown."""
    yield "| model | graphs | on | what | p50 ms | p95 ms | p99 ms | n | p50 in yardsticks |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for bench in benches:
        who = (
            f"| {bench.model} | {bench.variant} | {bench.provider}, {bench.threads} thread{'s' * (bench.threads > 1)} |"
        )
        yield f"{who} load and first events | {bench.load_ms:.0f} | | | 1 | |"
        for one in bench.timings:
            yield f"{who} {one.what} | {one.p50:.2f} | {one.p95:.2f} | {one.p99:.2f} | {one.n} | {one.ratio:.2f} |"
