"""The two instruments that new tracks get: read as REAPER reads them, played, and listened to."""

from __future__ import annotations

import itertools
import json
import math
import re
from pathlib import Path

import pytest

from bridge import resources
from tests.bridge.reaper.effects.jsfx import Effect

SCRIPTS = resources.shipped("reaper_scripts")
EFFECTS = sorted((SCRIPTS / "Effects").rglob("*.jsfx"))
RATE = 8000
ROLES = {"melody", "bass", "comp", "pad", "arp", "counter", "double", "stab", "fill", "drums", "perc"}

Heard = list[tuple[float, float]]


def sketch() -> Effect:
    return Effect.load(SCRIPTS / "Effects/Sketch/partimento_sketch.jsfx", RATE)


def drums() -> Effect:
    return Effect.load(SCRIPTS / "Effects/Sketch/partimento_drums.jsfx", RATE)


def on(at: int, pitch: int, velocity: int = 100, channel: int = 0) -> tuple[int, int, int, int]:
    return at, 0x90 | channel, pitch, velocity


def off(at: int, pitch: int) -> tuple[int, int, int, int]:
    return at, 0x80, pitch, 0


def loudness(heard: Heard) -> float:
    return math.sqrt(sum(left * left + right * right for left, right in heard) / len(heard))


def crossings(heard: Heard) -> int:
    """How often the wave rises through nought."""
    return sum(a <= 0 < b for (a, _), (b, _) in itertools.pairwise(heard))


@pytest.mark.parametrize("path", EFFECTS, ids=lambda path: path.stem)
def test_the_head_is_what_reaper_reads(path: Path) -> None:
    effect = Effect.load(path, RATE)
    lines = effect.head.splitlines()
    assert lines[0].startswith("desc:partimento ")
    assert {"tags:instrument", "in_pin:none", "out_pin:Left", "out_pin:Right"} <= set(lines)
    assert [line for line in lines if line.startswith("slider")]
    assert len(effect.sliders) == sum(line.startswith("slider") for line in lines)
    assert [slider.number for slider in effect.sliders] == list(range(1, len(effect.sliders) + 1))
    for slider in effect.sliders:
        assert slider.low <= slider.default <= slider.high
        assert slider.names == ("",) or len(slider.names) == slider.high - slider.low + 1
    assert set(effect.sections) == {"init", "slider", "block", "sample"}


@pytest.mark.parametrize("path", EFFECTS, ids=lambda path: path.stem)
def test_it_is_plain_text_of_ours(path: Path) -> None:
    data = path.read_bytes()
    assert data.isascii()
    assert b"\r" not in data
    assert re.search(rb"^version:\d+\.\d+\.\d+$", data, re.MULTILINE)
    assert b"import" not in data


@pytest.mark.parametrize("path", EFFECTS, ids=lambda path: path.stem)
def test_without_notes_it_is_silent_and_a_note_sounds_from_its_sample_on(path: Path) -> None:
    effect = Effect.load(path, RATE)
    assert loudness(effect.play([], 500)) == 0
    heard = effect.play([on(300, 38)], 1000)
    assert loudness(heard[:300]) == 0
    assert loudness(heard[301:]) > 0.005


@pytest.mark.parametrize("path", EFFECTS, ids=lambda path: path.stem)
def test_more_notes_than_voices_do_no_harm(path: Path) -> None:
    heard = Effect.load(path, RATE).play([on(i, 36 + i % 60, 127) for i in range(80)], 400)
    assert all(math.isfinite(left) and math.isfinite(right) and abs(left) < 8 for left, right in heard)


def test_an_a_is_an_a_and_bends() -> None:
    effect = sketch()
    effect.set(3, 0)
    effect.set(1, 3)
    assert crossings(effect.play([on(0, 69)], RATE)) == pytest.approx(440, abs=2)
    bent = effect.play([(0, 0xE0, 127, 127)], RATE)
    assert crossings(bent) == pytest.approx(440 * 2 ** (2 / 12), abs=2)


def test_a_note_ends_when_it_is_let_go() -> None:
    effect = sketch()
    effect.set(1, 3)
    effect.play([on(0, 60), off(400, 60)], 2000)
    assert loudness(effect.play([], 500)) == 0


def test_a_note_on_of_no_velocity_is_a_note_off() -> None:
    effect = sketch()
    effect.set(1, 3)
    effect.play([on(0, 60), on(400, 60, 0)], 2000)
    assert loudness(effect.play([], 500)) == 0


def test_the_pedal_holds_until_it_is_lifted() -> None:
    effect = sketch()
    effect.set(1, 3)
    held = effect.play([(0, 0xB0, 64, 127), on(10, 60), off(400, 60)], 4000)
    assert loudness(held[3000:]) > 0.01
    effect.play([(0, 0xB0, 64, 0)], 2000)
    assert loudness(effect.play([], 500)) == 0


@pytest.mark.parametrize("number", [120, 123])
def test_all_notes_off_ends_everything_on_its_channel(number: int) -> None:
    effect = sketch()
    effect.set(1, 3)
    effect.play([on(0, 60), on(0, 64), on(0, 67, channel=3), (500, 0xB0, number, 0)], 2000)
    heard = effect.play([], 1000)
    assert crossings(heard) == pytest.approx(392 * 1000 / RATE, abs=2)


def test_the_program_chooses_the_sound_unless_the_track_does() -> None:
    def rings(program: int, chosen: int = 0) -> float:
        effect = sketch()
        effect.set(1, chosen)
        return loudness(effect.play([(0, 0xC0, program, 0), on(0, 60)], 9_600)[9_200:])

    assert rings(program=0) < 0.01 < rings(program=19)
    assert rings(program=0, chosen=3) == rings(program=19)


@pytest.mark.parametrize("program", range(0, 128, 8))
def test_every_family_of_programs_sounds(program: int) -> None:
    assert loudness(sketch().play([(0, 0xC0, program, 0), on(0, 60)], 2400)) > 0.005


def test_harder_is_louder() -> None:
    soft, hard = (loudness(sketch().play([on(0, 60, velocity)], 1000)) for velocity in (30, 120))
    assert hard > 4 * soft


def test_high_notes_do_not_fold_back() -> None:
    effect = sketch()
    effect.set(1, 3)
    effect.set(3, 1)
    assert crossings(effect.play([on(0, 100)], RATE)) == pytest.approx(2637, abs=5)


def test_pan_moves_it() -> None:
    effect = sketch()
    effect.set(4, -100)
    heard = effect.play([on(0, 60)], 500)
    assert max(abs(left) for left, _ in heard) > 0
    assert max(abs(right) for _, right in heard) == 0


@pytest.mark.parametrize("key", range(35, 82))
def test_every_piece_of_the_kit_sounds(key: int) -> None:
    effect = Effect.load(SCRIPTS / "Effects/Sketch/partimento_drums.jsfx", 24_000)
    assert loudness(effect.play([on(0, key)], 300)) > 0.003


def test_every_piece_dies_away() -> None:
    effect = drums()
    effect.set(2, 0.3)
    effect.play([on(20 * i, key) for i, key in enumerate((36, 38, 46, 49, 50, 51, 57, 81))], RATE)
    assert loudness(effect.play([], 100)) == 0


def test_a_closed_hat_ends_an_open_one() -> None:
    rings = loudness(drums().play([on(0, 46)], 1600)[1200:])
    closed = loudness(drums().play([on(0, 46), on(800, 42)], 1600)[1200:])
    assert closed < rings / 10


def test_nothing_clips_when_the_band_is_loud() -> None:
    chord = sketch().play([on(0, pitch, 120) for pitch in (48, 55, 60, 64, 67, 72)], 2000)
    kit = drums().play([on(0, key, 127) for key in (36, 38, 42, 49)], 2000)
    assert max(abs(side) for heard in (chord, kit) for pair in heard for side in pair) < 1


def test_noise_is_the_same_every_time() -> None:
    assert drums().play([on(0, 38)], 300) == drums().play([on(0, 38)], 300)


def test_every_role_has_an_instrument_that_ships() -> None:
    table = json.loads((SCRIPTS / "lib/instruments.json").read_text(encoding="utf-8"))
    assert table["schema"] == "instruments/1"
    assert set(table["roles"]) == ROLES
    for wish in (*table["roles"].values(), table["otherwise"]):
        kind, _, file = wish["fx"].partition(":partimento/")
        assert kind == "JS"
        effect = Effect.load(SCRIPTS / "Effects" / file, RATE)
        for number, share in wish["params"]:
            slider = effect.sliders[number]
            value = slider.low + share * (slider.high - slider.low)
            assert 0 <= share <= 1
            assert value == pytest.approx(round(value / slider.step) * slider.step, abs=1e-6), "a step of the slider"


def test_the_bass_plays_the_bass() -> None:
    table = json.loads((SCRIPTS / "lib/instruments.json").read_text(encoding="utf-8"))
    sounds = sketch().sliders[0].names
    chosen = {
        role: sounds[round(wish["params"][0][1] * 9)] for role, wish in table["roles"].items() if "sketch" in wish["fx"]
    }
    assert chosen["bass"] == "Bass"
    assert chosen["pad"] == "Pad"
    assert chosen["comp"] == "By program"
