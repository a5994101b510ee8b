"""The table, made from house songs."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks import arrange
from benchmarks.arrange import Failed, Found, Scored, groups, play_song, summarise
from benchmarks.arranging import arrangers, pictures
from benchmarks.arranging.arrangers import (
    FIGURES,
    PLAYERS,
    Arrangement,
    Player,
    block_chords,
    chords_shuffled,
    one_figure_per_letter,
    player,
    real,
)
from benchmarks.arranging.judging import Judge, bars_kind, blocks
from benchmarks.arranging.leads import Lead
from benchmarks.arranging.listening import ENCODERS
from benchmarks.arranging.real import Real, chord_tables, summary
from benchmarks.arranging.tables import MEASURES, TARGETS, Target, judged, render
from benchmarks.metrics.keyboard import snapped
from benchmarks.metrics.novelty import TrainingRuns
from bridge.files.midi import write_song
from engines.analysis.score import Notes
from engines.api import ArrangeRequest, Reporter, Result, Take
from engines.errors import EngineError, NotThere
from engines.music.chance import Chance
from engines.music.notes import Note
from engines.music.song import MidiClip, Placement, Track
from engines.music.song import Take as ClipTake
from engines.music.time import Ticks
from tests.benchmarks.arranging.examples import house

BASELINES = ("block chords", "one figure per letter")
EAR = next(iter(ENCODERS))


@pytest.fixture(scope="module")
def leads() -> list[Lead]:
    """Four quarters, three, and a mixture; somebody plays block chords to the first, downbeats louder."""
    first, *others = (house(name) for name in ("lantern_street", "ferrymans_waltz", "the_clockmaker"))
    real_ = tuple(replace(n, velocity=90 if n.start % 3840 == 0 else 60) for n in block_chords(first, 1).notes)
    return [replace(first, real=real_), *others]


@pytest.fixture(scope="module")
def judge() -> Judge:
    return Judge(chord_tables())


def test_block_chords_keep_every_chord(leads: list[Lead], judge: Judge) -> None:
    for lead in leads:
        row = judge.row(lead, block_chords(lead, 1))
        assert row["chord_tone_share"] == 1
        assert row["chord_acc"] > 0.9
        assert row["velocity_spread"] == row["notes_beyond_end"] == row["beyond_hands"] == 0


def test_one_figure_per_letter_is_the_trap_it_should_be(leads: list[Lead], judge: Judge) -> None:
    lead = leads[0]
    trap, plain = (judge.row(lead, play(lead, 1)) for play in (one_figure_per_letter, block_chords))
    assert trap["chord_acc"] > 0.7
    assert trap["ils_ratio"] > plain["ils_ratio"]
    assert trap["ils_d_symbolic_aligned"] > plain["ils_d_symbolic_aligned"]
    assert trap["self_copy_rhythm"] > 0.8


def test_figures_fit_into_bars_of_every_meter(leads: list[Lead]) -> None:
    for lead in leads:
        part = Notes.of([one_figure_per_letter(lead, 1).notes])
        bar = np.searchsorted(lead.grid.bars, part.start, side="right")
        assert (part.end <= lead.grid.bars[bar]).all()
    assert len(FIGURES) == 6


def test_another_order_of_chords_is_no_longer_kept(leads: list[Lead], judge: Judge) -> None:
    lead = leads[0]
    other = chords_shuffled(lead, 1)
    assert [one.tick for one in other.chords.changes] == [one.tick for one in lead.chords.changes]
    assert sorted(str(one.chord) for one in other.chords.changes) == sorted(
        str(one.chord) for one in lead.chords.changes
    )
    made = real(lead, 1)
    assert judge.row(other, made)["chord_acc"] < 0.5 < judge.row(lead, made)["chord_acc"]
    assert chords_shuffled(lead, 1).chords == other.chords != chords_shuffled(lead, 2).chords


def test_playing_loosely_hides_no_copy(leads: list[Lead], judge: Judge) -> None:
    lead = leads[0]
    made = one_figure_per_letter(lead, 1)
    rng = np.random.default_rng(1)
    loose = tuple(
        sorted(replace(note, start=Ticks(max(0, note.start + int(rng.integers(-30, 30))))) for note in made.notes)
    )
    tight, human = judge.row(lead, made), judge.row(lead, replace(made, notes=loose))
    for name in ("self_copy", "self_copy_rhythm", "repeat_copy", "onsets_per_beat"):
        assert human[name] == tight[name]


def test_a_verbatim_run_is_found(leads: list[Lead], judge: Judge) -> None:
    lead = leads[0]
    made = one_figure_per_letter(lead, 1)
    donors = TrainingRuns.of([(snapped(Notes.of([made.notes])), lead.grid)])
    assert np.isnan(judge.row(lead, made)["longest_match"])
    assert replace(judge, donors=donors).row(lead, made)["longest_match"] == 8
    assert replace(judge, donors=donors).row(lead, block_chords(lead, 1))["longest_match"] == 0


def test_notes_past_the_end_are_counted(leads: list[Lead], judge: Judge) -> None:
    lead = leads[0]
    made = Arrangement((Note(lead.song.end, Ticks(960), 60),), lead.form, 0.1)
    assert judge.row(lead, made)["notes_beyond_end"] == 1


def test_a_foreign_bass_stands_below_its_chord() -> None:
    lead = house("lantern_street")
    for start, _, chord in lead.chords.spans():
        lowest = min(note.pitch for note in blocks(lead) if note.start == start)
        assert lowest % 12 == chord.bass_pc


def test_only_some_songs_need_people(leads: list[Lead]) -> None:
    rows = [player("real"), player("block chords")]
    heard = [[one.player for one in play_song(lead, rows, 3, EAR).scored] for lead in leads]
    assert heard == [["real", "block chords"], ["block chords"], ["block chords"]]
    with pytest.raises(NotThere):
        real(leads[1], 1)
    with pytest.raises(NotThere, match="nobody"):
        player("nobody")


def whole(leads: list[Lead], players: list[Player]) -> tuple[Found, dict[str, Any]]:
    found = Found()
    for lead in leads:
        found.add(play_song(lead, players, 2, EAR))
    facts = {
        "machine": {"processor": "a machine"}, "seconds": 1.0, "songs": {"pop909": 3}, "hash": "abc", "seeds": 2,
        "recogniser": "ours", "encoder": EAR, "songs_limit": 3,
        **summarise(found, [one.name for one in players], Real.recorded(), EAR),
    }  # fmt: skip
    return found, facts


def clumsy(lead: Lead, seed: int) -> Arrangement:
    if lead.id == "ferrymans_waltz" and seed == 2:
        raise ZeroDivisionError("counted to three")
    return block_chords(lead, seed)


def silent(lead: Lead, seed: int) -> Arrangement:
    return Arrangement((), lead.form, 0.0)


def test_a_failure_is_named_and_the_others_go_on(leads: list[Lead]) -> None:
    found, facts = whole(leads, [Player("clumsy", clumsy, seeded=True), Player("silent", silent)])
    assert len(found.scored) == 5
    assert facts["failed"] == [
        {
            "song": "house/ferrymans_waltz",
            "arranger": "clumsy",
            "seed": 2,
            "problem": "ZeroDivisionError: counted to three",
        }
    ]
    assert facts["not_measured"] == {"silent": "EngineError: No notes were written."}
    text = render(facts, Real.recorded())
    assert "Arrangements that failed: 1." in text
    assert "clumsy: house/ferrymans_waltz, seed 2: ZeroDivisionError: counted to three" in text
    assert "silent: not measured" in text


def test_everything_measured_is_shown(leads: list[Lead]) -> None:
    _, facts = whole(leads, [player(name) for name in ("real", "real, chords shuffled", *BASELINES)])
    text = render(facts, Real.recorded())
    for wanted in (
        *(name for measure, name in MEASURES.items() if not measure.startswith("longest")),
        *(target.name for target in TARGETS if not target.measure.startswith("longest")),
        *BASELINES,
        "bars of three quarters",
        "A quick look at 3 songs",
        "list abc",
        "Arrangements that failed: 0.",
        "milliseconds for 32 bars",
    ):
        assert wanted in text
    assert "nan" not in text


def test_songs_are_grouped_by_archive_and_by_bar() -> None:
    rows = [Scored(f"{i}", archive, kind, "x", 1, {}) for i, (archive, kind) in enumerate(
        [("openewld", "four"), ("openewld", "three"), ("nottingham", "other")]
    )]  # fmt: skip
    found = {name: len(group) for name, group in groups(rows).items()}
    assert found == {"all": 3, "openewld": 2, "nottingham": 1, "four": 1, "three": 1}


def test_kinds_of_bars(leads: list[Lead]) -> None:
    assert [bars_kind(lead) for lead in leads[:2]] == ["four", "three"]
    assert bars_kind(house("five_steps_to_the_sea")) == "other"


def test_targets_are_met_or_missed() -> None:
    assert [Target("x", "x", 0.5, 0.7).met(value) for value in (0.4, 0.5, 0.7, 0.8)] == [False, True, True, False]
    assert [one.bounds for one in (Target("x", "x", high=4), Target("x", "x", low=8), Target("x", "x", 1, 2))] == [
        "≤ 4", "≥ 8", "1 to 2",
    ]  # fmt: skip
    measures = {"notes_per_bar": [16, 4, 13, 16, 19], "groove_consistency": [0.8, 0.1, 0.7, 0.8, 0.9]}
    real_ = Real({"four": measures}, "onset_pc")
    figures = {"all": {"x": {"chord_acc": [0.71, 0.6, 0.8, 3]}}, "four": {"x": {"notes_per_bar": [12.9, 1, 2, 3]}}}
    found = judged(figures, real_)
    assert found["root + quality"]["arrangers"] == {"x": [0.71, True]}
    assert found["notes a bar, bars of four quarters"] == {"bounds": "13 to 19", "arrangers": {"x": [12.9, False]}}


def test_real_music_is_summed_up_by_mean_spread_and_quartiles() -> None:
    found = summary([{"a": 1.0, "b": float("nan")}, {"a": 3.0, "b": 2.0}, {"a": 2.0}])
    assert found == {"a": [2.0, 1.0, 1.5, 2.0, 2.5]}


def test_real_music_lies_nearer_to_itself_than_a_figure_does(leads: list[Lead], judge: Judge) -> None:
    known = Real.recorded()
    middle = {name: figures[3] for name, figures in known.kinds["four"].items()}
    far = judge.row(leads[0], one_figure_per_letter(leads[0], 1))
    assert known.distance(middle, "four") < 0.5 < known.distance(far, "four")
    assert np.isnan(known.distance(far, "other"))
    assert np.isnan(known.human_ils("another ear"))


def test_relative_ils_is_measured_against_people(leads: list[Lead]) -> None:
    _, facts = whole(leads[:1], [player("block chords")])
    row = facts["figures"]["all"]["block chords"]
    human = Real.recorded().human_ils(EAR)
    assert row["ils_relative"][0] == pytest.approx((row["ils_ratio"][0] - 1) / (human - 1), abs=1e-3)


class Pianist:
    """An engine that plays a note a bar, louder with every seed, and keeps the request."""

    def __init__(self, role: str | None = "comp", name: str = "Keys") -> None:
        self.role, self.name = role, name
        self.asked: list[ArrangeRequest] = []

    def run(self, request: ArrangeRequest, chance: Chance, report: Reporter) -> Result:
        self.asked.append(request)
        song = request.song
        notes = tuple(Note(line, Ticks(480), 48, 60 + request.seed) for line in song.meter.bar_lines(song.end)[:-1])
        place = Placement(Ticks(0), song.end, (ClipTake(MidiClip(song.end, notes)),))
        written = replace(song, tracks=(*song.tracks, Track(self.name, (place,), role=self.role)))
        return Result((Take(written, request.seed),))


def test_the_engine_is_asked_as_the_product_asks_it(leads: list[Lead], monkeypatch: pytest.MonkeyPatch) -> None:
    lead = replace(leads[0], phrases=leads[0].form)
    pianist = Pianist()
    monkeypatch.setattr(arrangers, "_accompanist", lambda: pianist)
    made = player("engine").arrange(lead, 3)
    assert {note.velocity for note in made.notes} == {63}
    assert len(made.notes) == lead.grid.n_bars
    assert made.phrases == lead.form
    assert made.seconds > 0
    (asked,) = pianist.asked
    assert (asked.song, asked.chords, asked.phrases, asked.seed) == (lead.song, lead.chords, lead.asked_form, 3)
    monkeypatch.setattr(arrangers, "_accompanist", lambda: Pianist(None, "piano"))
    assert player("engine").arrange(lead, 3).notes == made.notes
    monkeypatch.setattr(arrangers, "_accompanist", lambda: Pianist(None, "Strings"))
    with pytest.raises(EngineError, match="no piano part"):
        player("engine").arrange(lead, 3)


def archive(folder: Path) -> Path:
    """Nottingham with one tune in it: a melody and block chords."""
    lead = house("kettle_blues")
    place = Placement(Ticks(0), lead.song.end, (ClipTake(MidiClip(lead.song.end, tuple(blocks(lead)))),))
    song = replace(lead.song, tracks=(*lead.song.tracks, Track("Track 2", (place,))), chords=None)
    with zipfile.ZipFile(folder / "nottingham.zip", "w") as box:
        box.writestr("index.csv", "id,title,meter,key\nblues1,Kettle Blues,4/4,G\n")
        box.writestr("midi/blues1.mid", write_song(song))
    return folder


def test_a_song_that_is_missing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrange, "pop909_runs", lambda data: TrainingRuns.of([]))
    share = arrange.Share(archive(tmp_path), "nottingham", ("blues1", "blues2"), BASELINES, 3, "onset_pc")
    found = share.play()
    assert [(one.song, one.player) for one in found.scored] == [("nottingham/blues1", name) for name in BASELINES]
    assert found.scored[0].row["chord_acc"] > 0.9
    assert found.scored[0].row["longest_match"] == 0
    facts = summarise(found, BASELINES, Real.recorded(), EAR)
    assert [(one["song"], one["arranger"]) for one in facts["failed"]] == [("nottingham/blues2", "reading")]
    assert not facts["not_measured"]
    assert set(facts["by_song"]["block chords"]) == {"nottingham/blues1"}
    assert facts["timing"]["block chords"]["n"] == 1


def test_the_rows_have_names_of_their_own() -> None:
    names = [one.name for one in PLAYERS]
    assert names == [*dict.fromkeys(names)]


@pytest.mark.parametrize("name", ["engine", "engine, random donors"])
def test_the_engine_plays_a_house_song(name: str) -> None:
    lead = house("kettle_blues")
    one, other = (player(name).arrange(lead, seed) for seed in (1, 2))
    assert len(one.notes) > 100
    assert one.notes != other.notes
    assert one.phrases


@pytest.mark.needs_tool
def test_a_picture_shows_melody_piano_and_chords(
    leads: list[Lead], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead = leads[1]
    song = pictures.arranged(lead, block_chords(lead, 1))
    assert [one.name for one in song.tracks] == ["MELODY", "Piano"]
    assert song.chords == lead.chords
    assert [one.name for one in song.sections] == [str(one) for one in lead.form]
    monkeypatch.setattr(pictures, "find", lambda data, name: lead)
    players = [player(name) for name in ("real", *BASELINES)]
    drawn = list(pictures.draw(tmp_path, lead.name, players, tmp_path / "pictures"))
    assert [path.name for path in drawn] == [
        "house-ferrymans_waltz-block-chords.png",
        "house-ferrymans_waltz-one-figure-per-letter.png",
    ]
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in drawn)


def test_a_song_that_is_nowhere_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotThere, match="nowhere"):
        pictures.find(tmp_path, "nowhere/x")


def test_failures_can_be_put_together() -> None:
    found, other = Found(), Found([], [Failed("s", "p", 1, "why")])
    found.add(other)
    assert found.failed == other.failed
