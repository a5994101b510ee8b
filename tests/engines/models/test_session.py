"""The real ONNX Runtime, on the CPU, with graphs of a few hundred bytes."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from engines.errors import Unavailable
from engines.models import faults, session
from engines.models.golden import Case
from engines.models.package import Package
from engines.models.rack import Rack
from engines.models.runtime import Device, Runtime, Session, Use
from tests.engines.models.onnx_writer import SIZE, WEIGHT, graph, heads, model, node, trunk, value
from tests.engines.models.packages import HIDDEN, LOGITS, a_package

CAPACITY = 16


def step(total: int, luck: np.random.Generator) -> dict[str, np.ndarray]:  # type: ignore[type-arg]
    tokens = {name: luck.normal(size=(1, 1, SIZE)).astype(np.float32) for name in ("query", "key", "value")}
    return {**tokens, "seqlens": np.array([total - 1], np.int32), "total": np.array([total], np.int32)}


def attend(steps: list[dict[str, np.ndarray]]) -> np.ndarray:  # type: ignore[type-arg]
    """What attention answers to the last of these steps."""
    keys = np.concatenate([each["key"][0] for each in steps])
    values = np.concatenate([each["value"][0] for each in steps])
    weights = np.exp(keys @ steps[-1]["query"][0, 0] / np.sqrt(SIZE))
    return (weights / weights.sum()) @ values


@pytest.fixture
def fused(tmp_path: Path) -> Package:
    first = step(1, np.random.default_rng(1))
    empty = {name: np.zeros((1, 1, CAPACITY, SIZE), np.float32) for name in ("past_key", "past_value")}
    golden = Case.of("trunk.onnx", first | empty, {"out": first["value"]})
    return a_package(tmp_path, {"trunk.onnx": ("trunk", "fp32-fused", trunk())}, cases=[golden])


@pytest.fixture
def rack() -> Rack:
    return Rack(session.installed, time.perf_counter)


def test_a_package_plays_on_the_cpu(tmp_path: Path, rack: Rack) -> None:
    seat = rack.seat(a_package(tmp_path), "heads")
    assert np.allclose(seat.run({"hidden": HIDDEN})["logits"], LOGITS)
    assert (seat.model_use.provider, seat.device.name) == ("CPUExecutionProvider", "cpu")
    assert seat.opened.distance < 1e-5
    assert seat.milliseconds() > 0
    assert rack.notices() == ()


def test_a_golden_vector_that_is_not_reproduced_is_an_error(tmp_path: Path, rack: Rack) -> None:
    wrong = Case.of("heads.onnx", {"hidden": HIDDEN}, {"logits": LOGITS + np.float32(0.01)})
    with pytest.raises(faults.NotReproduced, match=r"answers 0\.01 beside"):
        rack.seat(a_package(tmp_path, cases=[wrong]), "heads")


def test_what_runs_is_told_apart_from_what_does_not(tmp_path: Path, rack: Rack) -> None:
    tensors = [value("hidden", "float32", ["batch", 4])], [value("logits", "float32", ["batch", 3])]
    nonsense = model(graph([node("Nonsense", ["hidden"], ["logits"])], *tensors))
    with pytest.raises(faults.UnknownOperator, match="does not know an operator") as refused:
        rack.seat(a_package(tmp_path, {"heads.onnx": ("heads", "fp32", nonsense)}), "heads")
    assert refused.value.hint
    future = a_package(tmp_path / "future", {"heads.onnx": ("heads", "fp32", heads(opset=200))})
    with pytest.raises(faults.OpsetTooNew, match="opset 200"):
        rack.seat(future, "heads")
    seat = rack.seat(a_package(tmp_path / "good"), "heads")
    with pytest.raises(faults.ProviderFailed, match="cpu gave up"):
        seat.run({"hidden": HIDDEN[:, :2]})


def test_a_provider_that_is_not_there_is_an_error(tmp_path: Path, rack: Rack) -> None:
    with pytest.raises(faults.ProviderMissing, match="there are: cpu") as refused:
        rack.seat(a_package(tmp_path), "heads", Use(provider="directml"))
    assert "partimento[directml]" in refused.value.hint


def test_past_and_present_share_one_buffer(fused: Package, rack: Rack) -> None:
    binding = rack.seat(fused, "trunk").session.bind()
    for kind in ("key", "value"):
        binding.share(f"past_{kind}", f"present_{kind}", np.zeros((1, 1, CAPACITY, SIZE), dtype=np.float32))
    binding.take("out")
    luck, steps = np.random.default_rng(2), []
    for total in range(1, 9):
        steps.append(step(total, luck))
        for name, array in steps[-1].items():
            binding.feed(name, array)
        binding.run()
        assert np.allclose(binding.result("out")[0, 0], attend(steps), atol=1e-5)
    # Taking back the last four notes is only a smaller length.
    steps = [*steps[:4], step(5, luck)]
    for name, array in steps[-1].items():
        binding.feed(name, array)
    binding.run()
    assert np.allclose(binding.result("out")[0, 0], attend(steps), atol=1e-5)


def test_arrays_in_place_are_read_and_written_without_binding_again(tmp_path: Path, rack: Rack) -> None:
    binding = rack.seat(a_package(tmp_path), "heads").session.bind()
    hidden, logits = HIDDEN.copy(), np.zeros_like(LOGITS)
    binding.feed("hidden", hidden)
    binding.take("logits", logits)
    for _ in range(3):
        hidden += 1
        binding.run()
        assert np.allclose(logits - LOGITS, (hidden - HIDDEN) @ WEIGHT)
    assert binding.result("logits") is logits


def test_an_array_that_is_not_in_one_piece_cannot_be_bound(tmp_path: Path, rack: Rack) -> None:
    binding = rack.seat(a_package(tmp_path), "heads").session.bind()
    with pytest.raises(AssertionError, match="one piece"):
        binding.feed("hidden", np.zeros((4, 2), np.float32).T)
    with pytest.raises(AssertionError, match="one piece"):
        binding.take("logits", np.zeros((3, 2), np.float32).T)
    with pytest.raises(faults.ProviderFailed, match="cpu gave up"):
        binding.feed("nothing of that name", HIDDEN)


def test_live_sessions_have_one_thread_that_does_not_spin() -> None:
    options = session.installed()._options(Device("cpu", "CPUExecutionProvider"), Use(live=True, threads=8))
    assert options.intra_op_num_threads == 1
    assert options.get_session_config_entry("session.intra_op.allow_spinning") == "0"
    assert session.installed()._options(Device("cpu", "CPUExecutionProvider"), Use(threads=3)).intra_op_num_threads == 3


class Library:
    """The parts of the onnxruntime module that tell what is there, told what to say."""

    __version__ = "1.31.1"
    OrtValue = None

    def __init__(self, *providers: str, devices: tuple[SimpleNamespace, ...] = ()) -> None:
        self._providers, self._devices = list(providers), devices
        self.registered: list[str] = []

    def get_available_providers(self) -> list[str]:
        return self._providers

    def get_ep_devices(self) -> tuple[SimpleNamespace, ...]:
        return self._devices if self.registered else ()

    def register_execution_provider_library(self, name: str, path: str) -> None:
        if "broken" in path:
            raise RuntimeError("cannot open shared object\nat line 1")
        assert name not in self.registered, "a library is registered once"
        self.registered.append(name)

    def set_default_logger_severity(self, level: int) -> None: ...

    def disable_telemetry_events(self) -> None: ...


def hardware(provider: str, kind: str, **metadata: str) -> SimpleNamespace:
    device = SimpleNamespace(type=f"OrtHardwareDeviceType.{kind}", vendor="Intel")
    return SimpleNamespace(ep_name=provider, device=device, ep_metadata=metadata)


def plug_in(folder: Path, name: str, library: str) -> None:
    (folder / f"{session.PLUG_INS}{name}.py").write_text(f"def get_library_path(): return {library!r}\n")


def test_devices_come_in_the_order_in_which_they_are_tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plug_in(tmp_path, "one_of_ours", "one.so")
    plug_in(tmp_path, "of_nobody", "broken.so")
    monkeypatch.syspath_prepend(str(tmp_path))
    there = (
        hardware("CPUExecutionProvider", "CPU"),
        hardware("OpenVINOExecutionProvider", "CPU"),
        hardware("OpenVINOExecutionProvider", "GPU", FULL_DEVICE_NAME="Arc"),
        hardware("OpenVINOExecutionProvider.AUTO", "GPU"),
        hardware("WebGpuExecutionProvider", "GPU"),
    )
    providers = [f"{name}ExecutionProvider" for name in ("Tensorrt", "CUDA", "Dml", "CoreML", "Azure", "CPU")]
    runtime = session.OnnxRuntime(Library(*providers, devices=there))
    for _ in range(2):
        found = runtime.devices()
    names = ["cuda", "openvino", "webgpu", "directml", "coreml", "cpu", "tensorrt"]
    assert [device.name for device in found] == names
    assert [device.name for device in found if device.optional] == ["tensorrt"]
    assert (found[1].label, found[1].handle) == ("Arc", there[2])
    assert runtime.problems == {f"{session.PLUG_INS}of_nobody": "cannot open shared object"}
    assert "one_of_ours" in runtime.fingerprint


def test_without_a_runtime_there_is_a_hint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(Unavailable, match="not installed") as refused:
        session.installed.__wrapped__()
    assert "partimento[cpu]" in refused.value.hint


def test_half_a_runtime_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    # What pip leaves behind when one of two runtimes in the same folder is removed.
    monkeypatch.setitem(sys.modules, "onnxruntime", SimpleNamespace())  # type: ignore[arg-type]
    monkeypatch.setattr("importlib.util.find_spec", lambda name: object())
    with pytest.raises(Unavailable, match="cannot be loaded"):
        session.installed.__wrapped__()


def test_the_runtime_is_imported_only_when_somebody_asks() -> None:
    code = (
        "import sys; import engines.models.rack, engines.models.session, engines.models.sampling, bridge.resources;"
        "sys.exit('onnxruntime' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_what_we_built_meets_the_protocols(tmp_path: Path, rack: Rack) -> None:
    runtime: Runtime = session.installed()
    open_: Session = rack.seat(a_package(tmp_path), "heads").session
    assert runtime.devices()[-1].name == "cpu"
    assert open_.inputs[0].shape == ("batch", 4)
