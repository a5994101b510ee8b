"""The style packs that ship."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bridge.resources import standard
from engines.accompaniment.pack import meter_number, open_pack
from engines.accompaniment.selection import Selector
from engines.accompaniment.texture import MODEL, ear_of
from engines.models.package import open_package
from training.styles import house
from training.styles.skeletons import STAND_INS

STYLES = Path(__file__).parents[2] / "presets" / "styles"
NAMES = sorted(path.name for path in STYLES.iterdir())


@pytest.fixture(autouse=True)
def _nobody_at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARTIMENTO_HOME", str(tmp_path))


@pytest.mark.parametrize("name", NAMES)
def test_it_opens_and_says_under_which_licence(name: str) -> None:
    pack = open_pack(standard().styles, name)
    assert pack.card.spans > 100
    assert {origin.licence for origin in pack.card.origins} == {"MIT" if name == "pop" else "CC0-1.0"}
    assert (STYLES / name / "LICENSE").stat().st_size > 1000
    assert (STYLES / name / "SOURCE").read_text().strip()


def test_nothing_can_be_read_back_from_pop() -> None:
    """Its chords are two stand-ins, its phrases have numbers for names, and it has no tunes."""
    pack = open_pack(standard().styles, "pop")
    assert pack.card.kind == "latents"
    assert not {"tune_step", "beat_chord"} & set(pack.columns)
    assert set(np.unique(pack.columns["chord_root"]).tolist()) <= {-1, *(chord.root for chord in STAND_INS)}
    assert all(song.name == f"pop/{number:04}" for number, song in enumerate(pack.card.songs))


def test_pop_was_heard_by_the_model_that_ships() -> None:
    """Whoever trains it anew makes the pack again."""
    pack = open_pack(standard().styles, "pop")
    card = open_package(standard().models, MODEL).card
    assert pack.card.ear is not None
    assert pack.card.ear.sha256 == ear_of(card)


def test_together_they_stay_small() -> None:
    assert sum(path.stat().st_size for path in STYLES.rglob("*") if path.is_file()) <= 40_000_000


def test_the_house_pack_is_what_its_command_writes(tmp_path: Path) -> None:
    house.main([str(tmp_path / "house")])
    for file in (STYLES / "house").iterdir():
        assert (tmp_path / "house" / file.name).read_bytes() == file.read_bytes(), file.name


def test_every_usual_meter_has_phrases_that_suit_any_song() -> None:
    pack = open_pack(standard().styles, "house")
    selector = Selector([pack])
    suits = np.array([house.ANY in song.tags for song in pack.card.songs])
    for meter in (
        (4, 4),
        (3, 4),
        (2, 4),
        (6, 8),
        (9, 8),
        (12, 8),
        (5, 4),
        (7, 8),
        (7, 4),
        (6, 4),
        (3, 8),
        (2, 2),
        (3, 2),
        (5, 8),
    ):
        catalogue = selector.catalogue(0, int(meter_number(*meter)))
        songs = np.searchsorted(pack.columns["donor_bar"], catalogue.starts, side="right") - 1
        assert suits[songs].any(), meter
        assert set(range(1, 9)) <= set(catalogue.lengths[suits[songs]].tolist()), meter
