"""What the wheel holds: both packages, the shipped data inside `bridge/_data`, and nothing else."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    from hatchling.builders.wheel import WheelBuilder

    folder = tmp_path_factory.mktemp("wheel")
    (wheel,) = WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])
    return set(zipfile.ZipFile(wheel).namelist())


def test_the_wheel_holds_the_packages_and_their_data(names: set[str]) -> None:
    assert {"bridge/__main__.py", "engines/api.py", "bridge/wire/codec.py"} <= names
    for kind in ("songs", "analysis"):
        shipped = {p.name for p in (ROOT / "presets" / kind).iterdir() if p.is_file()}
        assert {f"bridge/_data/presets/{kind}/{name}" for name in shipped} <= names


def test_what_runs_inside_reaper_travels_along(names: set[str]) -> None:
    scripts = ROOT / "reaper_scripts"
    shipped = {path.relative_to(ROOT).as_posix() for path in scripts.rglob("*") if path.is_file()}
    assert {f"bridge/_data/{name}" for name in shipped if "/." not in name} <= names


def test_nothing_else_is_in_it(names: set[str]) -> None:
    tops = {name.partition("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"bridge", "engines"}
    assert not [name for name in names if "__pycache__" in name or "/tests/" in name]


def test_data_comes_with_its_licence_and_source(names: set[str]) -> None:
    packages = [f"{kind}/{p.name}" for kind in ("models", "styles") for p in (ROOT / "presets" / kind).iterdir()]
    for kind in ("songs", "analysis", *packages):
        assert {f"bridge/_data/presets/{kind}/LICENSE", f"bridge/_data/presets/{kind}/SOURCE"} <= names
