"""ONNX Runtime, behind `runtime.Runtime`. The only place that imports it, and only once somebody asks."""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from engines.errors import EngineError, Unavailable
from engines.models.card import Graph, Tensor
from engines.models.faults import EXPORT, OpsetTooNew, ProviderFailed, UnknownOperator
from engines.models.runtime import COREML, CPU, CUDA, Device, Feeds, Use

INSTALL = "Install one runtime: `uv tool install 'partimento[cpu]'` (or cuda, directml, webgpu, trt-rtx)."
PLUG_INS = "onnxruntime_ep_"
"""Packages of this prefix bring a device of their own and say where their library is."""

_BUILT_IN = {
    CUDA: "CUDAExecutionProvider",
    "directml": "DmlExecutionProvider",
    COREML: "CoreMLExecutionProvider",
    CPU: "CPUExecutionProvider",
}
_OPTIONAL = {"tensorrt": "TensorrtExecutionProvider"}
"""They take seconds to minutes to prepare a graph, so nobody gets them unasked."""
_PLUGGED = {
    "WebGpuExecutionProvider": "webgpu",
    "NvTensorRTRTXExecutionProvider": "trt-rtx",
    "NvTensorRtRtxExecutionProvider": "trt-rtx",
    "OpenVINOExecutionProvider": "openvino",
}
_SETTINGS = {
    "openvino": {"load_config": '{"CPU":{"EXECUTION_MODE_HINT":"ACCURACY"},"GPU":{"EXECUTION_MODE_HINT":"ACCURACY"}}'}
}
"""Without it OpenVINO calculates in bfloat16 where the processor can, and misses the golden vectors of fp32 graphs."""
_KINDS = ("GPU", "NPU", "CPU")
_DTYPES = {"float": "float32", "double": "float64"}
T = TypeVar("T")


@cache
def installed() -> OnnxRuntime:
    """ONNX Runtime, or Unavailable with the way to get it."""
    if importlib.util.find_spec("onnxruntime") is None:
        raise Unavailable("ONNX Runtime is not installed, so models cannot play.", INSTALL)
    try:
        import onnxruntime

        return OnnxRuntime(onnxruntime)
    except (ImportError, AttributeError, OSError) as problem:  # half-removed packages leave an empty folder behind
        raise Unavailable(
            f"ONNX Runtime cannot be loaded: {problem}.", f"Remove it, then install it again. {INSTALL}"
        ) from problem


class OnnxRuntime:
    """The installed ONNX Runtime."""

    def __init__(self, library: Any) -> None:
        self._library = library
        self.version: str = library.__version__
        self._available: list[str] = library.get_available_providers()
        library.set_default_logger_severity(4)  # what goes wrong is raised, and said once in our words
        library.disable_telemetry_events()
        self._modules = _plug_ins()
        self._registered: dict[str, str | None] = {}
        self._preloaded = False
        self._reads: dict[int, bool] = {}
        self.problems: dict[str, str] = {}
        """Plug-ins that are installed and cannot be used, and why."""

    @property
    def fingerprint(self) -> str:
        """Providers inside the runtime, and plug-ins beside it."""
        return ",".join((*self._available, *self._modules))

    def devices(self) -> tuple[Device, ...]:
        """CUDA, plug-ins, DirectML, CoreML, CPU: those that are there."""
        inside = {
            name: Device(name, provider, optional=name in _OPTIONAL)
            for name, provider in (_BUILT_IN | _OPTIONAL).items()
            if provider in self._available
        }
        first = [inside[CUDA]] if CUDA in inside else []
        rest = [inside[name] for name in ("directml", COREML, CPU, *_OPTIONAL) if name in inside]
        return (*first, *self._plugged(), *rest)

    def reads(self, opset: int) -> bool:
        """Tried with a graph that does nothing: the runtime has no list to look in."""
        if opset not in self._reads:
            try:
                self._library.InferenceSession(_nothing(opset), providers=[_BUILT_IN[CPU]])
                self._reads[opset] = True
            except Exception:  # its exceptions have no common base
                self._reads[opset] = False
        return self._reads[opset]

    def open(self, data: bytes, graph: Graph, device: Device, use: Use) -> OnnxSession:
        """Open a graph on one device; the runtime may still give single operations to the CPU."""
        options = self._options(device, use)
        if device.name == CUDA and not self._preloaded:
            self._preloaded = True
            self._library.preload_dlls()  # finds the libraries of NVIDIA's own wheels
        if device.handle is not None:
            options.add_provider_for_devices([device.handle], _SETTINGS.get(device.name, {}))
            session = _guarded(device, lambda: self._library.InferenceSession(data, options))
        else:
            names = list(dict.fromkeys((device.provider, _BUILT_IN[CPU])))
            session = _guarded(device, lambda: self._library.InferenceSession(data, options, providers=names))
        session.disable_fallback()  # of its own: it would go on elsewhere and say so only in a log
        return OnnxSession(self._library, session, graph, device)

    def _options(self, device: Device, use: Use) -> Any:
        options = self._library.SessionOptions()
        options.log_severity_level = 4
        options.intra_op_num_threads = 1 if use.live else max(1, use.threads)
        options.inter_op_num_threads = 1
        # A DAW is load, and threads that spin beside it are late: p95 17.7 ms against 5.6 ms (models.md).
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        if device.name == "directml":
            options.enable_mem_pattern = False  # it asks for both
            options.execution_mode = self._library.ExecutionMode.ORT_SEQUENTIAL
        return options

    def _plugged(self) -> Iterator[Device]:
        """The best device of each plug-in."""
        for module in self._modules:
            self._register(module)
        there = list(self._library.get_ep_devices()) if any(self._registered.values()) else []
        best: dict[str, tuple[int, Device]] = {}
        for handle in there:
            if handle.ep_name in _BUILT_IN.values() or ".AUTO" in handle.ep_name:
                continue
            name = _PLUGGED.get(handle.ep_name, handle.ep_name.removesuffix("ExecutionProvider").lower())
            kind = str(handle.device.type).rpartition(".")[2]
            rank = _KINDS.index(kind) if kind in _KINDS else len(_KINDS)
            label = str(handle.ep_metadata.get("FULL_DEVICE_NAME", "") or f"{handle.device.vendor} {kind}").strip()
            if name not in best or rank < best[name][0]:
                best[name] = (rank, Device(name, handle.ep_name, label, handle=handle))
        for _, (_, device) in sorted(best.items()):
            yield device

    def _register(self, module: str) -> None:
        if module in self._registered:
            return
        self._registered[module] = None
        try:
            plug_in = importlib.import_module(module)
            self._library.register_execution_provider_library(module, plug_in.get_library_path())
            self._registered[module] = module
        except Exception as problem:  # somebody else's library, on any driver
            self.problems[module] = _first_line(problem)


class OnnxSession:
    """A graph that is open in ONNX Runtime."""

    def __init__(self, library: Any, session: Any, graph: Graph, device: Device) -> None:
        self._library = library
        self._session = session
        self._device = device
        self.graph = graph
        self.provider: str = session.get_providers()[0]
        self.inputs = tuple(map(_tensor, session.get_inputs()))
        self.outputs = tuple(map(_tensor, session.get_outputs()))
        self._names = [tensor.name for tensor in self.outputs]

    def run(self, feeds: Feeds, outputs: Sequence[str] | None = None) -> dict[str, NDArray[Any]]:
        """Answer once."""
        names = self._names if outputs is None else list(outputs)
        answers = _guarded(self._device, lambda: self._session.run(names, dict(feeds)))
        return dict(zip(names, answers, strict=True))

    def bind(self) -> OnnxBinding:
        """A binding of its own."""
        return OnnxBinding(self._library, self._session, self._device)


class OnnxBinding:
    """Inputs and outputs that stay in place."""

    def __init__(self, library: Any, session: Any, device: Device) -> None:
        self._values = library.OrtValue
        self._session = session
        self._device = device
        self._binding = session.io_binding()
        self._fed: dict[str, NDArray[Any]] = {}
        self._taken: dict[str, NDArray[Any] | None] = {}
        self._outputs: list[str] = []
        self._shared: dict[str, tuple[NDArray[Any], Any]] = {}

    def feed(self, name: str, array: NDArray[Any]) -> None:
        """Bind an input."""
        if self._device.name == CPU and self._fed.get(name) is array:
            return
        assert array.flags.c_contiguous, f"{name} must lie in one piece, since it is read in place"
        values, binding = self._values, self._binding
        _guarded(self._device, lambda: binding.bind_ortvalue_input(name, values.ortvalue_from_numpy(array)))
        self._fed[name] = array  # the runtime holds no reference to it

    def share(self, past: str, present: str, initial: NDArray[Any]) -> None:
        """One buffer for both."""
        assert initial.flags.c_contiguous, f"{past} must lie in one piece, since it is used in place"
        where = CUDA if self._device.name in (CUDA, "tensorrt") else CPU

        def bind() -> None:
            buffer = self._values.ortvalue_from_numpy(initial, where, 0)
            self._binding.bind_ortvalue_input(past, buffer)
            self._binding.bind_ortvalue_output(present, buffer)
            self._shared[past] = (initial, buffer)  # the runtime holds no reference to it

        _guarded(self._device, bind)
        self._outputs.append(present)

    def shared(self, past: str) -> NDArray[Any]:
        """What a shared buffer holds."""
        initial, buffer = self._shared[past]
        on_host: bool = buffer.device_name() == CPU
        return initial if on_host else np.asarray(buffer.numpy())

    def take(self, name: str, array: NDArray[Any] | None = None) -> None:
        """Ask for an output."""

        def bind() -> None:
            if array is None:
                self._binding.bind_output(name, CPU)
            else:
                assert array.flags.c_contiguous, f"{name} must lie in one piece, since it is written in place"
                self._binding.bind_ortvalue_output(name, self._values.ortvalue_from_numpy(array))

        _guarded(self._device, bind)
        if name not in self._taken:
            self._outputs.append(name)
        self._taken[name] = array

    def run(self) -> None:
        """Run once."""
        _guarded(self._device, lambda: self._session.run_with_iobinding(self._binding))

    def result(self, name: str) -> NDArray[Any]:
        """An output of the last run."""
        array = self._taken[name]
        if array is None:
            found: NDArray[Any] = self._binding.get_outputs()[self._outputs.index(name)].numpy()
            return found
        return array


def _guarded(device: Device, work: Callable[[], T]) -> T:
    """Do something in the runtime; whatever it raises becomes an error of ours. Its exceptions have no common base."""
    try:
        return work()
    except (EngineError, AssertionError):
        raise
    except Exception as problem:
        raise _in_our_words(device, problem) from problem


def _in_our_words(device: Device, problem: Exception) -> EngineError:
    said = _first_line(problem)
    if "Unsupported model IR version" in said or "under development" in said:
        return OpsetTooNew(f"The graph is newer than the installed ONNX Runtime reads: {said}", "Update ONNX Runtime.")
    if "No Op registered" in said or "is not a registered function/op" in said:
        return UnknownOperator(f"ONNX Runtime does not know an operator of the graph: {said}", EXPORT)
    return ProviderFailed(
        f"{device.name} gave up: {said}", "Use `--provider cpu`; `partimento doctor` says what is installed."
    )


def _first_line(problem: Exception) -> str:
    return next((line.strip() for line in str(problem).splitlines() if line.strip()), type(problem).__name__)[:400]


def _plug_ins() -> tuple[str, ...]:
    # Names alone are looked at: pkgutil would look into every module that is installed, a twentieth of a second.
    found = set[str]()
    for folder in sys.path:
        with contextlib.suppress(OSError), os.scandir(folder or ".") as entries:
            found |= {entry.name for entry in entries if entry.name.startswith(PLUG_INS)}
    return tuple(sorted({name.partition(".")[0] for name in found if "-" not in name}))


def _tensor(argument: Any) -> Tensor:
    kind = argument.type.removeprefix("tensor(").removesuffix(")")
    shape = tuple("?" if axis is None else axis for axis in argument.shape)
    return Tensor(name=argument.name, dtype=_DTYPES.get(kind, kind), shape=shape)


def _nothing(opset: int) -> bytes:
    """A model of that opset that hands its input on."""
    version = bytes((opset & 0x7F | 0x80, opset >> 7))  # a number of two bytes, whatever it is
    scalar = b"\x12\x08\x0a\x06\x08\x01\x12\x02\x0a\x00"
    graph = (
        b"\x0a\x10\x0a\x01x\x12\x01y\x22\x08Identity\x12\x01g\x5a\x0d\x0a\x01x" + scalar + b"\x62\x0d\x0a\x01y" + scalar
    )
    return b"\x08\x08\x42\x05\x0a\x00\x10" + version + b"\x3a" + bytes((len(graph),)) + graph
