"""Tunes that everyone knows, and the chords that belong to them."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.analysis.harmonise import HarmonyTables, Idiom, Manner, harmonise, harmonise_takes
from engines.analysis.harmonise_colour import KIND_OF, QUALITIES, choose
from engines.analysis.harmonise_features import beat_levels, first_full_bar
from engines.analysis.harmonise_path import N_STATES, Field, best_path, chances, turn_back, turn_out
from engines.analysis.score import Grid, Notes
from engines.errors import InvalidMusic, SchemaError
from engines.music.harmony import ChordTrack, Key, KeyChange, KeyTrack
from engines.music.notes import Note
from engines.music.time import PPQ, MeterMap, Ticks

PRESET = Path(__file__).parents[3] / "presets" / "analysis" / "harmonise.json"
STEPS = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}


@cache
def tables() -> HarmonyTables:
    return HarmonyTables.from_json(PRESET.read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Tune:
    """A melody as a hand would write it down."""

    notes: Notes
    grid: Grid
    keys: KeyTrack

    def chords(self, **kwargs: object) -> ChordTrack:
        return harmonise(self.notes, self.grid, self.keys, tables(), **kwargs)  # type: ignore[arg-type]

    def at_bar(self, track: ChordTrack, bar: int) -> str:
        return str(track.at(int(self.grid.bars[bar - 1])))


@dataclass(frozen=True)
class Part:
    """A phrase."""

    label: str
    start_bar: int
    bars: int


def tune(text: str, meter: str = "4/4", key: str = "C major", upbeat: float = 0.0, up: int = 0) -> Tune:
    """`c4:1 g#4:0.5 r:2`: pitch and length in quarters; bar lines are for the eye."""
    notes, tick = [], 0
    for word in text.replace("|", " ").split():
        name, length = word.split(":")
        ticks = round(float(length) * PPQ)
        if name != "r":
            pitch = STEPS[name[0]] + name.count("#") - name[1:].count("b") + 12 * (int(name[-1]) + 1)
            notes.append(Note(Ticks(tick), Ticks(ticks), pitch + up))
        tick += ticks
    first = round(upbeat * PPQ)
    meters = MeterMap.of((0, meter), (first, meter)) if first else MeterMap.of((0, meter))
    return Tune(Notes.of([notes]), Grid.of(meters, tick), KeyTrack.constant(Key.parse(key)))


TWINKLE_A = "c4:1 c4:1 g4:1 g4:1 | a4:1 a4:1 g4:2 | f4:1 f4:1 e4:1 e4:1 | d4:1 d4:1 c4:2 |"
TWINKLE_B = "g4:1 g4:1 f4:1 f4:1 | e4:1 e4:1 d4:2 |" * 2
TWINKLE = TWINKLE_A + TWINKLE_B + TWINKLE_A
JOY_A = "e4:1 e4:1 f4:1 g4:1 | g4:1 f4:1 e4:1 d4:1 | c4:1 c4:1 d4:1 e4:1 | e4:1.5 d4:0.5 d4:2 |"
JOY_B = "e4:1 e4:1 f4:1 g4:1 | g4:1 f4:1 e4:1 d4:1 | c4:1 c4:1 d4:1 e4:1 | d4:1.5 c4:0.5 c4:2 |"
GRACE = (
    "d4:1 | g4:2 b4:0.5 g4:0.5 | b4:2 a4:1 | g4:2 e4:1 | d4:2 d4:1 | g4:2 b4:0.5 g4:0.5 | b4:2 a4:1 | d5:3 | r:2 b4:1 |"
    "d5:2 b4:0.5 g4:0.5 | b4:2 a4:1 | g4:2 e4:1 | d4:2 d4:1 | g4:2 b4:0.5 g4:0.5 | b4:2 a4:1 | g4:3 | r:3"
)
GREENSLEEVES = (
    "a4:0.5 | c5:1 d5:0.5 e5:0.75 f5:0.25 e5:0.5 | d5:1 b4:0.5 g4:0.75 a4:0.25 b4:0.5 |"
    "c5:1 a4:0.5 a4:0.75 g#4:0.25 a4:0.5 | b4:1 g#4:0.5 e4:1 a4:0.5 |"
    "c5:1 d5:0.5 e5:0.75 f5:0.25 e5:0.5 | d5:1 b4:0.5 g4:0.75 a4:0.25 b4:0.5 |"
    "c5:0.75 b4:0.25 a4:0.5 g#4:0.75 f#4:0.25 g#4:0.5 | a4:1.5 a4:1.5"
)


def symbols(track: ChordTrack) -> list[str]:
    return [str(change.chord) for change in track.changes]


def roots(track: ChordTrack) -> list[int | None]:
    return [change.chord.root_pc for change in track.changes]


def test_twinkle_begins_and_ends_at_home_and_goes_by_way_of_the_dominant() -> None:
    twinkle = tune(TWINKLE)
    found = twinkle.chords(manner=Manner(0.0))
    assert twinkle.at_bar(found, 1) == "C"
    assert symbols(found)[-2:] == ["G", "C"]
    assert {"C", "F", "G"} <= set(symbols(found))
    assert found.end == 12 * 3840


@pytest.mark.parametrize("idiom", list(Idiom))
@pytest.mark.parametrize("richness", [0.0, 0.5])
def test_the_ode_to_joy_closes_with_a_cadence(idiom: Idiom, richness: float) -> None:
    joy = tune(JOY_A + JOY_B)
    found = joy.chords(manner=Manner(richness, idiom))
    assert roots(found)[0] == 0
    assert roots(found)[-2:] == [7, 0]
    assert found.at(4 * 3840 - 1).root_pc == 7, "the first half closes on the dominant"


def test_amazing_grace_changes_on_bar_lines_and_not_under_its_upbeat() -> None:
    grace = tune(GRACE, "3/4", "G major", upbeat=1)
    found = grace.chords(manner=Manner(0.0))
    assert found.at(0).is_none
    assert found.changes[0].tick == PPQ
    assert set(np.array([change.tick for change in found.changes])) <= set(grace.grid.bars.tolist())
    assert roots(found)[0] == roots(found)[-1] == 7
    assert 0 in roots(found), "the fourth degree under `how sweet`"


def test_greensleeves_has_the_major_dominant_in_minor() -> None:
    green = tune(GREENSLEEVES, "6/8", "A minor", upbeat=0.5)
    found = green.chords()
    assert str(found.changes[0].chord).startswith("Am")
    cadence = [str(chord) for _, _, chord in found.spans()][-2:]
    assert cadence[0] in ("E", "E7")
    assert cadence[1] == "Am"
    beats = set(green.grid.beats.tolist())
    assert all(change.tick in beats for change in found.changes), "6/8 changes on its two beats"


def test_notes_on_strong_beats_mostly_belong_to_the_chord() -> None:
    for one in (tune(TWINKLE), tune(JOY_A + JOY_B), tune(GRACE, "3/4", "G major", upbeat=1)):
        found = one.chords()
        strong = [
            int(pitch) % 12 in found.at(int(start)).pitch_classes
            for start, pitch in zip(one.notes.start, one.notes.pitch, strict=True)
            if start in one.grid.bars
        ]
        assert np.mean(strong) > 0.75


def test_equal_letters_get_equal_chords() -> None:
    joy = tune(JOY_A + JOY_B + TWINKLE_B + JOY_A + JOY_B)
    phrases = [Part("A", 1, 4), Part("A", 5, 4), Part("B", 9, 4), Part("A", 13, 4), Part("A", 17, 4)]
    found = joy.chords(phrases=phrases)
    for here, there in ((0, 12), (4, 16)):
        pairs = [
            (found.at((here + bar) * 3840 + beat * PPQ), found.at((there + bar) * 3840 + beat * PPQ))
            for bar in range(3)
            for beat in range(4)
        ]
        assert all(a == b for a, b in pairs)


@given(st.integers(-5, 6), st.sampled_from([0.0, 0.5, 1.0]))
@settings(max_examples=12, deadline=None)
def test_another_key_gives_the_same_chords_there(up: int, richness: float) -> None:
    key = Key.parse("C major").transpose(up)
    here = tune(JOY_A + JOY_B).chords(manner=Manner(richness))
    there = tune(JOY_A + JOY_B, key=str(key), up=up).chords(manner=Manner(richness))
    assert [c.tick for c in here.changes] == [c.tick for c in there.changes]
    assert [(c.chord.root_pc or 0) + up for c in here.changes] == pytest.approx(
        [(c.chord.root_pc or 0) for c in there.changes], abs=12
    )
    assert [c.chord.quality for c in here.changes] == [c.chord.quality for c in there.changes]


def test_simple_is_triads_by_the_bar_and_rich_is_more() -> None:
    twinkle = tune(TWINKLE)
    plain, usual, rich = (twinkle.chords(manner=Manner(r, Idiom.SONGBOOK)) for r in (0.0, 0.5, 1.0))
    assert {change.chord.quality for change in plain.changes} <= {"", "m", "dim"}
    assert {change.tick % 3840 for change in plain.changes if change.tick < 11 * 3840} == {0}, (
        "by the bar, until the close"
    )
    sevenths = [sum(len(c.chord.tones) > 3 for c in track.changes) for track in (plain, usual, rich)]
    assert sevenths[0] == 0 < sevenths[2]
    assert sevenths == sorted(sevenths)
    assert len(plain) <= len(usual)


def test_a_new_key_brings_its_own_chords() -> None:
    first = tune(JOY_B)
    second = tune(JOY_B, key="D major", up=2)
    notes = Notes.of(
        [
            [
                Note(Ticks(int(s) + shift), Ticks(int(e - s)), int(p))
                for part, shift in ((first.notes, 0), (second.notes, 15360))
                for s, e, p in zip(part.start, part.end, part.pitch, strict=True)
            ]
        ]
    )
    keys = KeyTrack((KeyChange(Ticks(0), Key.parse("C major")), KeyChange(Ticks(15360), Key.parse("D major"))))
    found = harmonise(notes, Grid.of(MeterMap(), 30720), keys, tables())
    assert found.at(0).root_pc == 0
    assert roots(found)[-2:] == [9, 2]
    assert all("b" not in symbol for symbol in symbols(found))


def test_takes_differ_and_the_first_is_the_best() -> None:
    twinkle = tune(TWINKLE)
    one = twinkle.chords()
    three = harmonise_takes(twinkle.notes, twinkle.grid, twinkle.keys, tables(), 3)
    assert three[0] == one
    assert len({tuple(symbols(take)) for take in three}) == 3
    assert all(take.changes[-1].chord.root_pc == 0 for take in three)


def test_an_upbeat_padded_with_rests_has_no_chord_but_empty_bars_before_it_do() -> None:
    padded = tune("r:3 g4:1 | c5:2 e5:2 | d5:1 b4:1 c5:2")
    assert padded.chords().changes[0].tick == 3840
    led_in = tune("r:4 | r:4 | r:3 g4:1 | c5:2 e5:2 | d5:1 b4:1 c5:2")
    assert led_in.chords().changes[0].tick == 0


def test_empty_bars_in_the_middle_and_after_the_end_have_chords() -> None:
    gap = tune("c4:1 e4:1 g4:2 | r:4 | r:4 | f4:1 d4:1 b3:1 d4:1 | c4:4")
    longer = Tune(gap.notes, Grid.of(MeterMap(), 9 * 3840), gap.keys)
    found = longer.chords()
    assert all(not found.at(bar * 3840).is_none for bar in range(9))
    assert found.changes[-1].tick <= 4 * 3840, "the last chord rests"
    assert found.changes[-1].chord.root_pc == 0


METERS = ["4/4", "3/4", "2/4", "2/2", "6/8", "9/8", "12/8", "3/8", "5/4", "7/8", "1/4", "15/16"]


@given(
    st.lists(
        st.tuples(st.integers(40, 90), st.sampled_from([240, 320, 480, 960, 1440, 5000]), st.booleans()),
        min_size=1,
        max_size=40,
    ),
    st.lists(st.tuples(st.sampled_from(METERS), st.integers(1, 3)), min_size=1, max_size=4),
    st.sampled_from(["C major", "F# minor", "Eb major", "D dorian", "B phrygian", "Gb major"]),
    st.floats(0, 1),
    st.sampled_from(list(Idiom)),
)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_any_melody_gets_chords_on_beats_from_its_first_bar_to_its_end(
    played: list[tuple[int, int, bool]], meters: list[tuple[str, int]], key: str, richness: float, idiom: Idiom
) -> None:
    notes: list[Note] = []
    tick = 0
    for pitch, length, sounds in played:
        if sounds or not notes:
            notes.append(Note(Ticks(tick), Ticks(length), pitch))
        tick += length
    changes, at = [], 0
    for name, bars in meters:
        changes.append((at, name))
        at += bars * MeterMap.of((0, name)).changes[0].meter.bar
    grid = Grid.of(MeterMap.of(*changes), tick)
    melody = Notes.of([notes])
    found = harmonise(melody, grid, KeyTrack.constant(Key.parse(key)), tables(), manner=Manner(richness, idiom))
    assert found.end == grid.beats[-1]
    assert found.changes[0].tick in (0, grid.bars[first_full_bar(melody, grid)])
    assert {change.tick for change in found.changes} <= set(grid.beats.tolist())
    assert found == harmonise(melody, grid, KeyTrack.constant(Key.parse(key)), tables(), manner=Manner(richness, idiom))
    if richness == 0:
        # The bar of the last note may turn home in its middle.
        closing = grid.bars[grid.bars <= int(melody.start.max())].max()
        assert {change.tick for change in found.changes if change.tick < closing} <= set(grid.bars.tolist())


def test_one_bar_and_four_hundred() -> None:
    assert symbols(tune("c4:1 e4:1 g4:1 c5:1").chords()) == ["C"]
    long = tune((JOY_A + JOY_B) * 50)
    assert roots(long.chords())[-2:] == [7, 0]


def test_beats_have_weight() -> None:
    def levels(meter: str) -> list[int]:
        return list(map(int, beat_levels(Grid.of(MeterMap.of((0, meter)), 1))))

    assert levels("4/4") == [2, 0, 1, 0]
    assert levels("3/4") == [2, 0, 0]
    assert levels("12/8") == [2, 0, 1, 0]
    assert levels("6/8") == [2, 0]
    assert levels("5/4") == [2, 0, 0, 0, 0]


def test_silence_cannot_be_harmonised() -> None:
    with pytest.raises(InvalidMusic, match="no melody"):
        harmonise(Notes.of([]), Grid.of(MeterMap(), 1), KeyTrack.constant(Key.parse("C major")), tables())


@pytest.mark.parametrize("richness", [-0.1, 1.1, float("nan")])
def test_richness_is_from_0_to_1(richness: float) -> None:
    with pytest.raises(InvalidMusic, match="richness"):
        Manner(richness)


def small_field(seed: int, beats: int = 4, states: int = 3) -> Field:
    rng = np.random.default_rng(seed)
    change = rng.normal(size=(2, states, states))
    return Field(rng.normal(size=(beats, states)), rng.normal(size=beats), change, rng.integers(0, 2, beats))


def worth(field: Field, path: tuple[int, ...]) -> float:
    total = field.chord[0, path[0]]
    for t in range(1, len(path)):
        a, b = path[t - 1], path[t]
        total += field.chord[t, b] + (field.stay[t] if a == b else field.change[field.region[t], a, b])
    return float(total)


@given(st.integers(0, 10_000))
@settings(max_examples=30, deadline=None)
def test_the_path_is_the_best_of_all(seed: int) -> None:
    field = small_field(seed)
    every = list(itertools.product(range(3), repeat=4))
    best = max(every, key=lambda path: worth(field, path))
    assert worth(field, tuple(best_path(field).tolist())) == pytest.approx(worth(field, best))


@given(st.integers(0, 10_000))
@settings(max_examples=30, deadline=None)
def test_chances_are_those_over_all_paths(seed: int) -> None:
    field = small_field(seed)
    every = np.array(list(itertools.product(range(3), repeat=4)))
    weight = np.exp([worth(field, tuple(path)) for path in every])
    counted = np.array([[weight[every[:, t] == s].sum() for s in range(3)] for t in range(4)]) / weight.sum()
    assert chances(field) == pytest.approx(counted)


@given(st.lists(st.integers(0, 11), min_size=1, max_size=8))
def test_turning_there_and_back_is_nothing(tonics: list[int]) -> None:
    tonic = np.array(tonics)
    states = np.random.default_rng(0).normal(size=(len(tonics), N_STATES))
    assert np.array_equal(turn_back(turn_out(states, tonic), tonic), states)
    assert np.array_equal(turn_out(states, tonic)[:, 0], states[np.arange(len(tonics)), -3 * tonic % N_STATES])


@given(st.lists(st.integers(0, N_STATES - 1), min_size=1, max_size=8), st.floats(-5, 5))
def test_a_colour_keeps_the_triad(states: list[int], boldness: float) -> None:
    state = np.array(states)
    scores = np.random.default_rng(1).normal(size=(len(states), len(QUALITIES)))
    assert np.array_equal(KIND_OF[choose(scores, state, boldness)], state % 3)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda stored: "no json", "not JSON"),
        (lambda stored: {**stored, "schema": "harmonise/9"}, "not harmonise/1"),
        (lambda stored: {k: v for k, v in stored.items() if k != "colour"}, "lack a part"),
        (lambda stored: {**stored, "first": {}}, "lack a part"),
        (lambda stored: {**stored, "columns": {}}, "other things"),
        (lambda stored: [], "not harmonise/1"),
    ],
)
def test_other_tables_are_refused(change: object, says: str) -> None:
    stored = json.loads(PRESET.read_text(encoding="utf-8"))
    changed = change(stored)  # type: ignore[operator]
    with pytest.raises(SchemaError, match=says):
        HarmonyTables.from_json(changed if isinstance(changed, str) else json.dumps(changed))


def test_the_tables_say_where_they_come_from_and_survive_a_round_trip() -> None:
    shipped = tables()
    assert any("MIT" in line for line in shipped.sources)
    again = HarmonyTables.from_json(json.dumps(shipped.to_dict()))
    assert np.array_equal(again.second.chord, shipped.second.chord)
    assert PRESET.stat().st_size < 300_000
