"""A runtime for tests: it computes `heads.onnx` itself, as fast, as wrongly and as faithlessly as it is told to."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engines.models.card import Graph
from engines.models.faults import ProviderFailed
from engines.models.runtime import Binding, Device, Feeds, Use
from tests.engines.models.onnx_writer import WEIGHT


@dataclass
class Hardware:
    """How a device behaves."""

    milliseconds: float = 1.0
    wrong_by: float = 0.0
    opens: bool = True
    holds: bool = True
    """False: the CPU does its work, as ONNX Runtime does when a driver is missing."""
    dies_after: int | None = None
    """Runs until it gives up."""
    optional: bool = False
    refuses: tuple[str, ...] = ()
    """Variants that it cannot open."""


@dataclass
class FakeRuntime:
    hardware: dict[str, Hardware]
    version: str = "1.31.1"
    fingerprint: str = "fake"
    newest_opset: int = 21
    now: float = 0.0
    opened: list[tuple[str, str, Use]] = field(default_factory=list)
    """(device, variant, use) of everything that was opened."""

    def clock(self) -> float:
        return self.now

    def devices(self) -> tuple[Device, ...]:
        return tuple(Device(name, f"{name}EP", optional=each.optional) for name, each in self.hardware.items())

    def reads(self, opset: int) -> bool:
        return opset <= self.newest_opset

    def open(self, data: bytes, graph: Graph, device: Device, use: Use) -> FakeSession:
        assert hashlib.sha256(data).hexdigest() == graph.sha256, "nothing unverified may reach the runtime"
        assert not (use.live and use.threads != 1)
        hardware = self.hardware[device.name]
        self.opened.append((device.name, graph.variant, use))
        if not hardware.opens or graph.variant in hardware.refuses:
            raise ProviderFailed(f"{device.name} gave up: no driver.", "Install one.")
        return FakeSession(self, hardware, graph, device)


class FakeSession:
    def __init__(self, runtime: FakeRuntime, hardware: Hardware, graph: Graph, device: Device) -> None:
        self._runtime, self._hardware, self.graph = runtime, hardware, graph
        self.provider = device.provider if hardware.holds else "cpuEP"
        self.inputs, self.outputs = graph.inputs, graph.outputs
        self._name = device.name
        self._runs = 0

    def run(self, feeds: Feeds, outputs: Sequence[str] | None = None) -> dict[str, NDArray[Any]]:
        assert set(feeds) == {"hidden"}
        assert list(outputs or ["logits"]) == ["logits"]
        if self._hardware.dies_after is not None and self._runs >= self._hardware.dies_after:
            raise ProviderFailed(f"{self._name} gave up: device removed.", "Use `--provider cpu`.")
        self._runs += 1
        self._runtime.now += self._hardware.milliseconds / 1000
        return {"logits": feeds["hidden"] @ WEIGHT + np.float32(1 + self._hardware.wrong_by)}

    def bind(self) -> Binding:
        raise AssertionError("nobody asked for this here")
