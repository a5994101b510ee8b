"""What the rack asks of a runtime. ONNX Runtime answers it in `session.py`; tests answer it with a strict double."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from numpy.typing import NDArray

from engines.models.card import Graph, Tensor

AUTO = "auto"
CPU = "cpu"
CUDA = "cuda"
COREML = "coreml"
Feeds = Mapping[str, NDArray[Any]]


@dataclass(frozen=True)
class Use:
    """How a model is going to be used. Live and batch never share a session."""

    live: bool = False
    """Played along with somebody: one thread, and devices that answer late are left out."""
    threads: int = 1
    """Of the processor, where it is not live."""
    provider: str | None = None
    """`cpu`, `cuda`, `webgpu` …; `auto` measures; None leaves it to the rack."""


@dataclass(frozen=True)
class Device:
    """Somewhere a graph can run."""

    name: str
    """As the musician says it: `cpu`, `cuda`, `webgpu`."""
    provider: str
    """As the runtime says it: `CUDAExecutionProvider`."""
    label: str = ""
    """The hardware, where the runtime tells."""
    optional: bool = False
    """Only used when it is asked for by name."""
    handle: Any = None
    """What the runtime knows it by."""


class Binding(Protocol):
    """A session whose inputs and outputs stay in place from one run to the next."""

    def feed(self, name: str, array: NDArray[Any]) -> None:
        """Bind an input. On the CPU the array itself is read, so writing into it and running again is enough; elsewhere it is
        copied now, so feed it again whenever it changes. Doing that always is right, and costs nothing on the CPU.
        """
        ...

    def share(self, past: str, present: str, initial: NDArray[Any]) -> None:
        """One buffer on the device for an input and an output, the cache of fused attention; it begins as `initial`, and on the
        CPU it is that array.
        """
        ...

    def shared(self, past: str) -> NDArray[Any]:
        """What a shared buffer holds now."""
        ...

    def take(self, name: str, array: NDArray[Any] | None = None) -> None:
        """Ask for an output, into this array or into one that the runtime makes."""
        ...

    def run(self) -> None:
        """Run once. ProviderFailed when the device gives up."""
        ...

    def result(self, name: str) -> NDArray[Any]:
        """An output of the last run; it may be overwritten by the next."""
        ...


class Session(Protocol):
    """A graph that is open on a device."""

    provider: str
    """The provider it really runs on, in the runtime's words."""
    inputs: tuple[Tensor, ...]
    outputs: tuple[Tensor, ...]
    graph: Graph
    """The card's entry that it was opened for."""

    def run(self, feeds: Feeds, outputs: Sequence[str] | None = None) -> dict[str, NDArray[Any]]:
        """Answer once; all outputs, or those named. ProviderFailed when the device gives up."""
        ...

    def bind(self) -> Binding:
        """A binding of its own."""
        ...


class Runtime(Protocol):
    """What opens graphs."""

    @property
    def version(self) -> str:
        """Its release."""
        ...

    @property
    def fingerprint(self) -> str:
        """What could run something here, without waking it; when it changes, what was measured is void."""
        ...

    def devices(self) -> tuple[Device, ...]:
        """Where graphs can run here, in the order in which they are tried, the CPU last."""
        ...

    def reads(self, opset: int) -> bool:
        """Whether it knows this version of standard ONNX."""
        ...

    def open(self, data: bytes, graph: Graph, device: Device, use: Use) -> Session:
        """Open a graph there. ProviderFailed when that cannot be done."""
        ...
