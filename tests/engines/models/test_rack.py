"""Which device plays a model: tried in order, proven, measured, remembered; and what happens when one fails."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bridge import resources
from engines.errors import EngineError, Unavailable
from engines.models import faults
from engines.models.choices import BlankNotebook
from engines.models.package import Package
from engines.models.rack import Rack
from engines.models.runtime import Session, Use
from tests.engines.models.doubles import FakeRuntime, Hardware
from tests.engines.models.onnx_writer import heads
from tests.engines.models.packages import HIDDEN, LOGITS, Files, a_package

FEEDS = {"hidden": HIDDEN}
CPU = Hardware(milliseconds=2.0)
FAST = Hardware(milliseconds=0.5)


@pytest.fixture
def package(tmp_path: Path) -> Package:
    return a_package(tmp_path)


def rack_with(
    notebook: BlankNotebook | None = None, provider: str = "auto", **hardware: Hardware
) -> tuple[Rack, FakeRuntime]:
    runtime = FakeRuntime(hardware)
    return Rack(lambda: runtime, runtime.clock, notebook, provider), runtime


def test_a_faster_device_gets_the_seat(package: Package) -> None:
    rack, _ = rack_with(cuda=FAST, cpu=CPU)
    seat = rack.seat(package, "heads")
    assert (seat.device.name, seat.because) == ("cuda", "cuda: 0.50 ms against 2.00 ms on the CPU")
    assert np.array_equal(seat.run(FEEDS)["logits"], LOGITS)
    assert (seat.model_use.id, seat.model_use.provider) == ("notes-tiny-1", "cudaEP")
    assert seat.model_use.sha256 == package.card.graphs[0].sha256
    assert rack.notices() == ()


def test_one_that_is_no_faster_does_not_and_that_is_said_but_no_warning(package: Package) -> None:
    rack, _ = rack_with(cuda=Hardware(milliseconds=1.9), cpu=CPU)
    seat = rack.seat(package, "heads")
    assert (seat.device.name, seat.because) == ("cpu", "cpu: 2.00 ms; cuda takes 1.90 ms")
    assert rack.notices() == ()


@pytest.mark.parametrize(
    ("hardware", "says"),
    [
        (Hardware(opens=False), "no driver"),
        (Hardware(holds=False), "cpuEP runs"),
        (Hardware(wrong_by=0.1), "beside its golden vector"),
        (Hardware(dies_after=0), "device removed"),
        (Hardware(dies_after=5), "device removed"),
    ],
)
def test_one_that_does_not_prove_itself_is_passed_over_with_a_warning(
    package: Package, hardware: Hardware, says: str
) -> None:
    rack, _ = rack_with(cuda=hardware, webgpu=FAST, cpu=CPU)
    assert rack.seat(package, "heads").device.name == "webgpu"
    (notice,) = rack.notices()
    assert notice.code == "W_PROVIDER"
    assert says in notice.message
    assert notice.hint
    assert rack.notices() == ()


def test_each_graph_is_opened_once_for_each_use(package: Package) -> None:
    rack, runtime = rack_with(cpu=CPU)
    seat = rack.seat(package, "heads")
    assert rack.seat(package, "heads", Use(threads=1)) is seat
    assert rack.seat(package, "heads", Use(live=True)) is not seat
    assert rack.seat(package, "heads", Use(live=True, threads=4)) is rack.seat(package, "heads", Use(live=True))
    assert rack.seat(package, "heads", Use(threads=2)) is not seat
    assert [use.threads for _, _, use in runtime.opened] == [1, 1, 2]


def test_nothing_is_opened_before_somebody_asks() -> None:
    def forbidden() -> FakeRuntime:
        raise AssertionError

    Rack(forbidden, lambda: 0.0)


def test_core_ml_never_plays_live(package: Package) -> None:
    rack, _ = rack_with(coreml=FAST, cpu=CPU)
    assert rack.seat(package, "heads").device.name == "coreml"
    assert rack.seat(package, "heads", Use(live=True)).device.name == "cpu"


def test_an_optional_device_plays_only_when_it_is_asked_for(package: Package) -> None:
    rack, _ = rack_with(tensorrt=Hardware(0.1, optional=True), cpu=CPU)
    assert rack.seat(package, "heads").device.name == "cpu"
    assert rack.seat(package, "heads", Use(provider="tensorrt")).device.name == "tensorrt"


def test_a_device_that_is_named_is_used_however_slow(package: Package) -> None:
    rack, _ = rack_with(provider="webgpu", cuda=FAST, webgpu=Hardware(milliseconds=9), cpu=CPU)
    seat = rack.seat(package, "heads")
    assert (seat.device.name, seat.because) == ("webgpu", "webgpu, as asked")


@pytest.mark.parametrize(
    ("hardware", "code"),
    [
        (None, "E_PROVIDER"),
        (Hardware(opens=False), "E_PROVIDER_FAILED"),
        (Hardware(holds=False), "E_PROVIDER_FAILED"),
        (Hardware(wrong_by=0.1), "E_MODEL_ANSWER"),
    ],
)
def test_a_device_that_is_named_and_does_not_work_is_an_error(
    package: Package, hardware: Hardware | None, code: str
) -> None:
    rack, _ = rack_with(**({"cuda": hardware} if hardware else {}), cpu=CPU)
    with pytest.raises(EngineError) as refused:
        rack.seat(package, "heads", Use(provider="cuda"))
    assert refused.value.code == code
    assert refused.value.hint
    if hardware is None:
        assert "partimento[cuda]" in refused.value.hint


def test_a_measurement_is_remembered_from_one_start_to_the_next(package: Package) -> None:
    notebook = BlankNotebook()
    for hardware in (FAST, Hardware(milliseconds=50)):  # the second start does not measure, so it does not notice
        rack, runtime = rack_with(notebook, cuda=hardware, cpu=CPU)
        assert rack.seat(package, "heads").because == "cuda: 0.50 ms against 2.00 ms on the CPU"
    assert [device for device, _, _ in runtime.opened] == ["cuda"]
    assert rack.foresee(package, "heads") == "cuda"


@pytest.mark.parametrize("what", ["version", "fingerprint", "graph", "use"])
def test_it_is_measured_again_when_anything_changes(package: Package, tmp_path: Path, what: str) -> None:
    notebook = BlankNotebook()
    rack_with(notebook, cuda=FAST, cpu=CPU)[0].seat(package, "heads")
    rack, runtime = rack_with(notebook, cuda=Hardware(milliseconds=50), cpu=CPU)
    use = Use()
    if what == "version":
        runtime.version = "1.32.0"
    elif what == "fingerprint":
        runtime.fingerprint = "another"
    elif what == "graph":
        package = a_package(tmp_path / "new", {"heads.onnx": ("heads", "fp32", heads(opset=18))})
    else:
        use = Use(live=True)
    assert rack.seat(package, "heads", use).device.name == "cpu"


def test_what_was_remembered_is_forgotten_when_it_no_longer_works(package: Package) -> None:
    notebook = BlankNotebook()
    rack_with(notebook, cuda=FAST, cpu=CPU)[0].seat(package, "heads")
    rack, _ = rack_with(notebook, cuda=Hardware(opens=False), cpu=CPU)
    assert rack.seat(package, "heads").device.name == "cpu"
    assert [notice.code for notice in rack.notices()] == ["W_PROVIDER"]
    # A driver that fails today may be mended tomorrow, so the CPU is not remembered in its place.
    rack, _ = rack_with(notebook, cuda=FAST, cpu=CPU)
    assert rack.seat(package, "heads").device.name == "cuda"


@pytest.mark.parametrize("page", [b"", b"{", b'{"schema":"choices/9"}', b"[" * 100_000, b" " * 300_000, b"\xff"])
def test_a_notebook_that_cannot_be_read_is_a_blank_one(package: Package, page: bytes) -> None:
    notebook = BlankNotebook()
    notebook.write(page)
    rack, _ = rack_with(notebook, cuda=FAST, cpu=CPU)
    assert rack.seat(package, "heads").device.name == "cuda"
    assert b"cuda" in notebook.read()


VARIANTS: Files = {
    f"{variant}.onnx": ("heads", variant, heads())
    for variant in ("fp32", "int8-portable", "int8-fused", "fp16-fused", "fp16-portable")
}  # type: ignore[assignment]


@pytest.mark.parametrize(
    ("device", "variant"), [("cpu", "int8-fused"), ("cuda", "fp16-fused"), ("directml", "fp16-portable")]
)
def test_each_device_gets_the_variant_that_suits_it(tmp_path: Path, device: str, variant: str) -> None:
    rack, _ = rack_with(cuda=FAST, directml=FAST, cpu=CPU)
    assert rack.seat(a_package(tmp_path, VARIANTS), "heads", Use(provider=device)).graph.variant == variant


def test_a_variant_that_does_not_work_gives_way_to_the_next_and_that_is_said(tmp_path: Path) -> None:
    rack, _ = rack_with(cpu=Hardware(refuses=("int8-fused",)))
    assert rack.seat(a_package(tmp_path, VARIANTS), "heads").graph.variant == "int8-portable"
    assert [notice.code for notice in rack.notices()] == ["W_VARIANT"]


def test_a_device_without_a_variant_for_it(tmp_path: Path) -> None:
    package = a_package(tmp_path, {"heads.onnx": ("heads", "int8-fused", heads())})
    rack, _ = rack_with(directml=FAST, cpu=CPU)
    assert rack.seat(package, "heads").device.name == "cpu"
    assert rack.foresee(package, "heads") == "cpu"
    with pytest.raises(faults.ProviderMissing, match="no heads graph for directml"):
        rack.seat(package, "heads", Use(provider="directml"))


class Singer:
    """Somebody with a memory, which lies on a device and is lost with it."""

    def __init__(self, rack: Rack, package: Package) -> None:
        self.heard: list[int] = []
        self.memory: tuple[Session, list[int]] | None = None
        self.player = rack.seat(package, "heads").player(self.replay)

    def replay(self, session: Session) -> None:
        self.memory = (session, [])
        for note in self.heard:
            self.sing(session, note)

    def sing(self, session: Session, note: int) -> None:
        assert self.memory is not None
        assert self.memory[0] is session, "a memory must lie where it is used"
        session.run(FEEDS)
        self.memory[1].append(note)

    def hear(self, note: int) -> None:
        self.player.perform(lambda session: self.sing(session, note))
        self.heard.append(note)


def test_a_device_that_fails_while_playing_is_replaced_by_the_cpu_and_memories_are_played_to_it(
    package: Package,
) -> None:
    notebook = BlankNotebook()
    golden_and_measurement = 1 + 20
    rack, _ = rack_with(notebook, cuda=Hardware(0.5, dies_after=golden_and_measurement + 7), cpu=CPU)
    one, other = Singer(rack, package), Singer(rack, package)
    for note in range(10):
        one.hear(note)
        other.hear(note)
    for singer in (one, other):
        assert singer.memory is not None
        assert singer.memory[1] == list(range(10))
        assert singer.memory[0].provider == "cpuEP"
    (notice,) = rack.notices()
    assert notice.code == "W_PROVIDER_LOST"
    assert "goes on on the CPU" in notice.message
    assert one.player.seat.because == "cpu, since cuda failed while it played"
    assert rack.seat(package, "heads", Use(live=True)).device.name == "cpu"
    assert rack_with(notebook, cuda=FAST, cpu=CPU)[0].seat(package, "heads").device.name == "cuda"


def test_a_device_that_was_named_and_fails_while_playing_is_an_error(package: Package) -> None:
    rack, _ = rack_with(cuda=Hardware(dies_after=3), cpu=CPU)
    seat = rack.seat(package, "heads", Use(provider="cuda"))
    with pytest.raises(faults.ProviderFailed, match="while playing notes-tiny-1") as failed:
        [seat.run(FEEDS) for _ in range(5)]
    assert "--provider auto" in failed.value.hint


def test_when_the_cpu_itself_fails_there_is_nowhere_to_go(package: Package) -> None:
    rack, _ = rack_with(cpu=Hardware(dies_after=1))
    with pytest.raises(faults.ProviderFailed):
        rack.seat(package, "heads").run(FEEDS)


def test_damage_is_an_error_and_no_reason_to_try_elsewhere(package: Package) -> None:
    (Path(package.folder) / "heads.onnx").write_bytes(heads()[:-1] + b"\0")
    rack, runtime = rack_with(cuda=FAST, cpu=CPU)
    with pytest.raises(faults.WrongChecksum):
        rack.seat(package, "heads")
    assert runtime.opened == []


def test_an_opset_too_new_and_a_runtime_out_of_range(package: Package, tmp_path: Path) -> None:
    rack, runtime = rack_with(cpu=CPU)
    runtime.newest_opset = 16
    with pytest.raises(faults.OpsetTooNew, match="opset 17") as refused:
        rack.seat(package, "heads")
    assert "Update ONNX Runtime" in refused.value.hint
    for number, (oldest, newest, fits) in enumerate(
        [
            ("1.31.1", None, True),
            ("1.31.2", None, False),
            ("1.9", "1.31.1", False),
            ("1.9", "1.31.2", True),
            ("1.9", "2", True),
        ]
    ):
        rack, _ = rack_with(cpu=CPU)
        ranged = a_package(tmp_path / str(number), min_runtime=oldest, max_runtime=newest)
        if fits:
            rack.seat(ranged, "heads")
        else:
            with pytest.raises(faults.WrongRuntime, match=r"this is 1\.31\.1"):
                rack.seat(ranged, "heads")


def test_what_would_be_used_is_foreseen_without_opening_anything(package: Package) -> None:
    rack, runtime = rack_with(cuda=FAST, cpu=CPU)
    assert rack.foresee(package, "heads") == "cuda or cpu, measured at the first use"
    assert rack.foresee(package, "heads", Use(provider="cpu")) == "cpu"
    assert runtime.opened == []


def test_an_engine_takes_the_rack_out_of_its_resources() -> None:
    rack, _ = rack_with(cpu=CPU)
    without = resources.standard()
    assert Rack.of(without.__class__(**{**vars(without), "rack": rack})) is rack
    with pytest.raises(Unavailable):
        Rack.of(without)
