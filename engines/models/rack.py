"""The rack: every model that is open, each on the device that suits it best.

A seat is one graph on one device. Under `auto` the devices are tried in order; the first that opens the graph, really runs it,
answers as the exporter's machine did and is faster than the CPU gets it. A device that was asked for by name gets it or the
call fails. What a device loses in the middle of the work goes on on the CPU, and is told; it never happens unsaid.

Nothing here is safe for two threads at once: the bridge gives every session one thread.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from statistics import median

from engines.api import Resources
from engines.errors import EngineError, Notice, Unavailable
from engines.models.card import Graph
from engines.models.choices import BlankNotebook, Choice, Choices, Notebook, fitting
from engines.models.faults import (
    EXPORT,
    NotReproduced,
    OpsetTooNew,
    ProviderFailed,
    ProviderMissing,
    WrongRuntime,
    WrongSignature,
)
from engines.models.package import Package
from engines.models.runtime import AUTO, COREML, CPU, CUDA, Device, Runtime, Use
from engines.models.seat import Opened, Seat

STEPS = 20
PATIENCE = 0.5
"""Seconds after which a measurement ends, however few steps were taken."""
GAIN = 1.1
"""How much faster than the CPU a device must be; less is within the noise of so short a measurement."""
INSTALL = {
    CUDA: "Install it: `uv tool install 'partimento[cuda]'` (or cuda12 for older drivers), with an NVIDIA driver.",
    "directml": "Install it on Windows: `uv tool install 'partimento[directml]'`.",
    COREML: "It is part of the runtime on macOS, and only there.",
    "webgpu": "Install it: `uv tool install 'partimento[webgpu]'`, with a graphics driver that it can use.",
    "trt-rtx": "Install it: `uv tool install 'partimento[trt-rtx]'`, with an NVIDIA card of 2020 or newer.",
    "openvino": "Install the package onnxruntime-ep-openvino beside the runtime.",
}


class Rack:
    """Opens each graph once for each use, when somebody asks for it."""

    def __init__(
        self,
        runtime: Callable[[], Runtime],
        clock: Callable[[], float],
        notebook: Notebook | None = None,
        provider: str = AUTO,
    ) -> None:
        self._runtime = runtime
        self._clock = clock
        self._choices = Choices(notebook or BlankNotebook())
        self.provider = provider
        self._seats: dict[tuple[object, ...], Seat] = {}
        self._lost: set[str] = set()
        self._notices: list[Notice] = []

    @staticmethod
    def of(resources: Resources) -> Rack:
        """The rack that an engine was given."""
        if isinstance(resources.rack, Rack):
            return resources.rack
        raise Unavailable("This engine was built without a rack for models.", "Build it with `bridge.app.shelves()`.")

    def notices(self) -> tuple[Notice, ...]:
        """What was to be told since the last time somebody asked."""
        told, self._notices = tuple(self._notices), []
        return told

    def seat(self, package: Package, role: str, use: Use | None = None) -> Seat:
        """The seat for a graph of a package: the one there is, or a new one."""
        use = use or Use()
        use = replace(use, provider=use.provider or self.provider, threads=1 if use.live else use.threads)
        key = (tuple(graph.sha256 for graph in package.card.of_role(role)), package.id, role, use)
        if key not in self._seats:
            self._seats[key] = self._new_seat(package, role, use)
        return self._seats[key]

    def devices(self, use: Use | None = None) -> tuple[Device, ...]:
        """What would be tried, in order."""
        live = use is not None and use.live
        return tuple(
            device
            for device in self._runtime().devices()
            if not device.optional and not (live and device.name == COREML) and device.name not in self._lost
        )

    def foresee(self, package: Package, role: str, use: Use | None = None) -> str:
        """Where a graph would play, without opening it."""
        use = replace(use or Use(), provider=(use or Use()).provider or self.provider)
        if use.provider != AUTO:
            return self.named(str(use.provider)).name
        known = self._choices.recall(self._key(package, role, use))
        if known is not None:
            return known.device
        names = [device.name for device in self.devices(use) if fitting(package.card.of_role(role), device)]
        return names[0] if len(names) == 1 else f"{' or '.join(names)}, measured at the first use"

    def named(self, name: str) -> Device:
        """A device by its name; ProviderMissing with a remedy when it is not there."""
        devices = self._runtime().devices()
        found = next((device for device in devices if device.name == name), None)
        if found is None:
            have = ", ".join(device.name for device in devices)
            remedy = INSTALL.get(name, "Ask for one of those, or for auto.")
            raise ProviderMissing(f"There is no provider {name[:40]!r} here; there are: {have}.", remedy)
        return found

    def open(self, package: Package, graph: Graph, use: Use, device: Device) -> Opened:
        """Open a graph and see that it is what it should be, where it should be."""
        runtime, who = self._runtime(), package.who(graph)
        self._check_runtime(package)
        data = package.load(graph)
        cases = package.golden.of(graph)
        if not runtime.reads(graph.opset):
            raise OpsetTooNew(
                f"{who} is written for ONNX opset {graph.opset}, which ONNX Runtime {runtime.version} does not read.",
                "Update ONNX Runtime, or export the package for an older opset.",
            )
        session = runtime.open(data, graph, device, use)
        if session.provider != device.provider:
            raise ProviderFailed(
                f"{device.name} was asked for, but {session.provider} runs {who}.",
                "Its driver or libraries are missing; `partimento doctor` says what is installed.",
            )
        for side, said, there in (("input", graph.inputs, session.inputs), ("output", graph.outputs, session.outputs)):
            if [(one.name, one.dtype) for one in said] != [(one.name, one.dtype) for one in there]:
                raise WrongSignature(f"The card of {who} promises other {side}s than the runtime sees.", EXPORT)
        distance = max(case.distance(session.run(case.feeds(), list(case.outputs))) for case in cases)
        if not distance <= graph.tolerance:
            raise NotReproduced(
                f"{who} answers {distance:.3g} beside its golden vector on {device.name}; {graph.tolerance:.3g} is allowed.",
                "Use `--provider cpu`." if device.name != CPU else f"Update ONNX Runtime. {EXPORT}",
            )
        return Opened(device, graph, session, cases[0], distance)

    def milliseconds(self, opened: Opened) -> float:
        """The median of a few runs of the golden case."""
        feeds = opened.case.feeds()
        times: list[float] = []
        begin = self._clock()
        while len(times) < STEPS and (len(times) < 3 or self._clock() - begin < PATIENCE):
            before = self._clock()
            opened.session.run(feeds)
            times.append(self._clock() - before)
        return median(times) * 1000

    def after_failure(self, seat: Seat, problem: ProviderFailed) -> tuple[Opened, str]:
        """Where a seat goes on whose device gave up."""
        name = seat.device.name
        if name == CPU:
            raise problem
        if seat.use.provider != AUTO:
            raise ProviderFailed(
                f"{problem.message.rstrip('.')} while playing {seat.package.id}.",
                f"Ask for `--provider auto`, which goes on on the CPU, instead of `{name}`.",
            ) from problem
        self._lost.add(name)
        self._choices.note(self._key(seat.package, seat.role, seat.use), None)
        opened = self._on(seat.package, seat.role, seat.use, self._device(CPU))
        self._tell(
            "W_PROVIDER_LOST",
            f"{problem.message.rstrip('.')}; {seat.package.id} goes on on the CPU.",
            "Results may differ in detail from those of the accelerator. Restart to try it again.",
        )
        return opened, f"cpu, since {name} failed while it played"

    def _new_seat(self, package: Package, role: str, use: Use) -> Seat:
        if use.provider != AUTO:
            opened = self._on(package, role, use, self.named(str(use.provider)))
            return Seat(self, package, role, use, opened, f"{opened.device.name}, as asked")
        key = self._key(package, role, use)
        known = self._choices.recall(key)
        if known is not None:
            opened_again = self._again(package, role, use, known)
            if opened_again is not None:
                return Seat(self, package, role, use, opened_again, known.because)
            self._choices.note(key, None)
        opened, because, settled = self._measured(package, role, use)
        # With the CPU alone nothing was measured; and what failed today may work tomorrow, with another driver.
        if settled and len(self.devices(use)) > 1:
            choice = Choice(device=opened.device.name, variant=opened.graph.variant, because=because)
            self._choices.note(key, choice)
        return Seat(self, package, role, use, opened, because)

    def _measured(self, package: Package, role: str, use: Use) -> tuple[Opened, str, bool]:
        """The first device that beats the CPU, or the CPU; why; and whether every device could be judged."""
        cpu = self._on(package, role, use, self._device(CPU))
        base, settled, slower = 0.0, True, []
        for device in self.devices(use):
            if device.name == CPU or not fitting(package.card.of_role(role), device):
                continue
            try:
                opened = self._on(package, role, use, device)
                base = base or self.milliseconds(cpu)
                mine = self.milliseconds(opened)
            except (ProviderFailed, NotReproduced) as problem:
                settled = settled and isinstance(problem, NotReproduced)
                self._tell(
                    "W_PROVIDER",
                    f"{package.id} does not play on {device.name}: {problem.message}",
                    "It plays elsewhere instead; `partimento doctor` says what is installed.",
                )
                continue
            if mine * GAIN <= base:
                return opened, f"{device.name}: {mine:.2f} ms against {base:.2f} ms on the CPU", settled
            slower.append(f"{device.name} takes {mine:.2f} ms")
        if slower:
            return cpu, f"cpu: {base:.2f} ms; {', '.join(slower)}", settled
        return cpu, "cpu: nothing else here plays it", settled

    def _again(self, package: Package, role: str, use: Use, known: Choice) -> Opened | None:
        """What was chosen before, if it still works. Data that is damaged is an error here as anywhere."""
        device = next((each for each in self.devices(use) if each.name == known.device), None)
        graph = next((each for each in package.card.of_role(role) if each.variant == known.variant), None)
        if device is None or graph is None:
            return None
        try:
            return self.open(package, graph, use, device)
        except (ProviderFailed, NotReproduced):
            return None

    def _on(self, package: Package, role: str, use: Use, device: Device) -> Opened:
        """The best variant that works on a device. The failure of the first counts when none does."""
        graphs = fitting(package.card.of_role(role), device)
        if not graphs:
            raise ProviderMissing(
                f"{package.id} has no {role} graph for {device.name}.", f"Use `--provider cpu`, or: {EXPORT}"
            )
        problems: list[EngineError] = []
        for graph in graphs:
            try:
                opened = self.open(package, graph, use, device)
            except (ProviderFailed, NotReproduced) as problem:
                problems.append(problem)
                continue
            for passed in problems:
                self._tell("W_VARIANT", f"{passed.message} {package.id} plays as {graph.variant} instead.", passed.hint)
            return opened
        raise problems[0]

    def _check_runtime(self, package: Package) -> None:
        have, card = self._runtime().version, package.card
        newest = card.max_runtime is None or _release(have) < _release(card.max_runtime)
        if _release(have) < _release(card.min_runtime) or not newest:
            below = f" and below {card.max_runtime}" if card.max_runtime else ""
            raise WrongRuntime(
                f"{package.id} needs ONNX Runtime {card.min_runtime} or newer{below}; this is {have}.",
                "Install such a release, or another version of the package.",
            )

    def _device(self, name: str) -> Device:
        return next(device for device in self._runtime().devices() if device.name == name)

    def _key(self, package: Package, role: str, use: Use) -> str:
        runtime = self._runtime()
        parts = [runtime.version, runtime.fingerprint, "live" if use.live else f"{use.threads} threads", role]
        parts += [graph.sha256 for graph in package.card.of_role(role)]
        return hashlib.sha256("|".join(parts).encode()).hexdigest()[:32]

    def _tell(self, code: str, message: str, hint: str) -> None:
        notice = Notice(code, message, hint)
        if notice not in self._notices:
            self._notices.append(notice)


def _release(version: str) -> tuple[int, ...]:
    """`1.31.1` → (1, 31, 1); what follows the numbers (`.dev20260101`, `+cu13`) does not count."""
    return tuple(_leading(version))


def _leading(version: str) -> Iterator[int]:
    for part in version.split(".")[:3]:
        if not part.isdigit():
            return
        yield int(part)
