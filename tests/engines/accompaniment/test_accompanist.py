"""A lead sheet goes in, a piano part comes out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bridge import app
from bridge.files import loading
from bridge.resources import FolderShelf
from engines.accompaniment.accompanist import Accompanist
from engines.accompaniment.grid import LATENT
from engines.accompaniment.packing import Learned, packed
from engines.accompaniment.tape import BadPack, Ear, Origin
from engines.api import ArrangeRequest, Resources, Result, unheard
from engines.errors import InvalidMusic, NotThere
from engines.music.chance import Chance
from engines.music.harmony import ChordTrack
from engines.music.song import Song
from engines.music.time import Meter, MeterMap
from tests.engines.accompaniment.examples import FOUR, THREE, Q, files, lead, oompah, shelf

SONGS = Path(__file__).parents[3] / "presets" / "songs"
PROGRESSION = ["C", "Am", "F", "G7"]


@pytest.fixture(scope="module")
def resources(tmp_path_factory: pytest.TempPathFactory) -> Resources:
    """This installation's tables and two packs of ours."""
    donors = [
        oompah(f"d{i}", chords * 2, busy=i % 2 == 1) for i, chords in enumerate((PROGRESSION, ["Am", "Dm", "E7", "Am"]))
    ]
    waltzes = [oompah("w", ["C", "F", "G7", "C"], THREE, tune=False)]
    packs = {"mine": files(*donors, name="mine"), "waltzes": files(*waltzes, name="waltzes", adapts=True)}
    return replace(app.shelves(), styles=shelf(packs, tmp_path_factory.mktemp("styles")))


def accompany(resources: Resources, song: Song, seed: int = 1, **wishes: object) -> Result:
    request = ArrangeRequest(song, seed=seed, **wishes)  # type: ignore[arg-type]
    return Accompanist(resources).run(request, Chance(seed), unheard)


def tune(bars: int, meter: Meter = FOUR) -> list[tuple[int, int, int]]:
    return [(b * meter.bar + i * Q, Q, 72 + (0, 2, 4, 7)[i % 4]) for b in range(bars) for i in range(meter.bar // Q)]


def ballad(bars: int = 8) -> Song:
    chords = ChordTrack.of(*((b * FOUR.bar, PROGRESSION[b % 4]) for b in range(bars)), end=bars * FOUR.bar)
    return lead(tune(bars), chords)


def piano(result: Result, take: int = 0) -> list[tuple[int, int, int, int]]:
    track = result.takes[take].song.track("Piano")
    assert track is not None
    return [(n.start, n.length, n.pitch, n.velocity) for n in track.notes()]


def test_melody_stays_and_a_piano_joins(resources: Resources) -> None:
    song = ballad()
    found = accompany(resources, song).takes[0].song
    assert [track.name for track in found.tracks] == ["MELODY", "Piano"]
    assert found.tracks[0].notes() == song.tracks[0].notes()
    assert found.tracks[1].role == "comp"
    assert len(found.tracks[1].notes()) > 40


def test_every_bar_has_its_chord_and_its_bass(resources: Resources) -> None:
    notes = piano(accompany(resources, ballad()))
    for bar, symbol in enumerate(PROGRESSION * 2):
        chord = ChordTrack.of((0, symbol)).changes[0].chord
        inside = [p for s, n, p, _ in notes if s < (bar + 1) * FOUR.bar and s + n > bar * FOUR.bar]
        assert min(p for s, _, p, _ in notes if s == bar * FOUR.bar) % 12 == chord.bass_pc
        assert sum(p % 12 in chord.pitch_classes for p in inside) >= 0.85 * len(inside)


def test_the_same_request_gives_the_same_notes(resources: Resources) -> None:
    assert piano(accompany(resources, ballad())) == piano(accompany(resources, ballad()))
    assert piano(accompany(resources, ballad(), seed=2)) != piano(accompany(resources, ballad(), seed=3))


def test_take_one_does_not_depend_on_the_others(resources: Resources) -> None:
    three = accompany(resources, ballad(), takes=3)
    assert len(three.takes) == 3
    assert piano(three) == piano(accompany(resources, ballad()))
    assert piano(three, 1) != piano(three)


def test_what_was_borrowed_is_said(resources: Resources) -> None:
    found = accompany(resources, ballad(), phrases="A4B4", style="mine")
    phrases = found.takes[0].facts["phrases"]
    assert [(p["label"], p["start_bar"], p["bars"]) for p in phrases] == [("A", 1, 4), ("B", 5, 4)]
    assert {p["donor"]["pack"] for p in phrases} == {"mine"}
    assert all(p["donor"]["id"] in ("d0", "d1") for p in phrases)


@pytest.mark.parametrize("meter", ["3/4", "5/4", "6/8", "7/8", "11/8", "2/2", "13/16", "1/4"])
def test_any_meter(meter: str, resources: Resources) -> None:
    bar = Meter.parse(meter).bar
    chords = ChordTrack.of(*((b * bar, PROGRESSION[b % 4]) for b in range(8)), end=8 * bar)
    song = lead([(b * bar, bar // 2, 72) for b in range(8)], chords, meter)
    found = accompany(resources, song)
    notes = piano(found)
    for b in range(8):
        assert any(s == b * bar for s, *_ in notes), f"bar {b + 1} of {meter}"
    assert max(s + n for s, n, *_ in notes) <= 8 * bar


def test_a_meter_that_changes(resources: Resources) -> None:
    meters = MeterMap.of((0, "4/4"), (4 * FOUR.bar, "3/4"))
    end = 4 * FOUR.bar + 4 * THREE.bar
    chords = ChordTrack.of((0, "C"), (2 * FOUR.bar, "G7"), (4 * FOUR.bar, "F"), (end - THREE.bar, "C"), end=end)
    song = replace(lead([(i * Q, Q, 72 + i % 5) for i in range(end // Q)], chords), meter=meters)
    starts = {s for s, *_ in piano(accompany(resources, song))}
    assert starts >= {4 * FOUR.bar + b * THREE.bar for b in range(4)}


def test_a_pickup_is_left_to_the_tune(resources: Resources) -> None:
    meters = MeterMap.of((0, "1/4"), (Q, "4/4"))
    chords = ChordTrack.of(*((Q + b * FOUR.bar, PROGRESSION[b]) for b in range(4)), end=Q + 4 * FOUR.bar)
    song = replace(lead([(i * Q, Q, 72 + i % 3) for i in range(17)], chords), meter=meters)
    assert min(s for s, *_ in piano(accompany(resources, song))) == Q


def test_silence_where_there_is_no_chord(resources: Resources) -> None:
    chords = ChordTrack.of((0, "C"), (2 * FOUR.bar, "N.C."), (4 * FOUR.bar, "F"), end=8 * FOUR.bar)
    notes = piano(accompany(resources, lead(tune(8), chords)))
    assert not [s for s, *_ in notes if 2 * FOUR.bar <= s < 4 * FOUR.bar]
    assert not [s for s, n, *_ in notes if s < 2 * FOUR.bar < s + n]


def test_a_melody_without_chords_is_harmonised_and_it_is_said(resources: Resources) -> None:
    found = accompany(resources, lead(tune(8), None))
    assert found.analysis is not None
    assert found.analysis.chords_from == "harmonisation"
    assert "W_HARMONISED" in {n.code for n in found.analysis.notices}
    assert len(piano(found)) > 20


def test_one_bar_and_four_hundred(resources: Resources) -> None:
    assert len(piano(accompany(resources, ballad(1)))) >= 3
    long = piano(accompany(resources, ballad(400)))
    assert {s // FOUR.bar for s, *_ in long} == set(range(400))


def test_chords_faster_than_a_beat_are_followed(resources: Resources) -> None:
    chords = ChordTrack.of(*((i * Q // 2, PROGRESSION[i % 4]) for i in range(32)), end=4 * FOUR.bar)
    notes = piano(accompany(resources, lead(tune(4), chords)))
    wrong = [
        (s, p) for s, n, p, _ in notes for c in [chords.at(s)] if n > Q // 2 and p % 12 not in c.pitch_classes
    ]  # fmt: skip
    assert len(wrong) <= len(notes) // 20


def test_chords_alone_are_accompanied(resources: Resources) -> None:
    song = lead([(0, 4 * FOUR.bar, 72)], None)
    chords = ChordTrack.of(*((b * FOUR.bar, PROGRESSION[b]) for b in range(4)), end=4 * FOUR.bar)
    assert len(piano(accompany(resources, song, chords=chords))) > 10


def test_chords_that_outlast_the_song_are_left_out_and_it_is_said(resources: Resources) -> None:
    chords = ChordTrack.of(*((b * FOUR.bar, PROGRESSION[b % 4]) for b in range(12)), end=12 * FOUR.bar)
    found = accompany(resources, lead(tune(8), None), chords=chords)
    assert "W_CHORDS_BEYOND" in {n.code for n in found.notices}
    assert max(s for s, *_ in piano(found)) < 8 * FOUR.bar
    assert found.takes[0].song.end == 8 * FOUR.bar


def test_phrases_that_do_not_add_up(resources: Resources) -> None:
    with pytest.raises(InvalidMusic, match="are 12 bars long; the song has 8"):
        accompany(resources, ballad(), phrases="A8B4")


def test_a_donor_with_capitals_is_one_too(tmp_path: Path) -> None:
    packs = {"mine": files(oompah("My Waltz", PROGRESSION), oompah("Other", PROGRESSION), name="mine")}
    found = accompany(replace(app.shelves(), styles=shelf(packs, tmp_path)), ballad(4), phrases="A4", style="my waltz")
    assert {p["donor"]["id"] for p in found.takes[0].facts["phrases"]} == {"My Waltz"}


@pytest.mark.parametrize("form", ["A1" * 10000, "Ä" * 10000])
def test_a_long_form_is_not_repeated_whole(form: str, resources: Resources) -> None:
    with pytest.raises(InvalidMusic) as found:
        accompany(resources, ballad(), phrases=form)
    assert len(found.value.message) < 120


def test_an_unknown_style_offers_the_nearest(resources: Resources) -> None:
    with pytest.raises(NotThere) as found:
        accompany(resources, ballad(), style="waltz")
    assert "waltzes" in found.value.hint


def test_a_word_is_a_style(resources: Resources) -> None:
    phrases = accompany(resources, ballad(), style="busy", phrases="A8").takes[0].facts["phrases"]
    assert {p["donor"]["id"] for p in phrases} == {"d1"}


def test_a_donor_is_a_style(resources: Resources) -> None:
    phrases = accompany(resources, ballad(), style="d0", phrases="A4B4").takes[0].facts["phrases"]
    assert {p["donor"]["id"] for p in phrases} == {"d0"}


def test_a_silent_piano_is_said(resources: Resources) -> None:
    chords = ChordTrack.of((0, "N.C."), (3 * FOUR.bar, "C"), (3 * FOUR.bar + 60, "N.C."), end=4 * FOUR.bar)
    found = accompany(resources, lead(tune(4), chords))
    assert not piano(found)
    assert "W_SILENT" in {notice.code for notice in found.notices}


def test_nothing_to_accompany(resources: Resources) -> None:
    with pytest.raises(InvalidMusic, match="no melody and no chords"):
        accompany(resources, Song())


def test_without_any_pack_there_is_a_plain_accompaniment(tmp_path: Path) -> None:
    bare = replace(app.shelves(), styles=shelf({}, tmp_path))
    found = accompany(bare, ballad())
    assert {p["donor"]["pack"] for p in found.takes[0].facts["phrases"]} == {"plain"}
    assert len(piano(found)) > 20


@pytest.mark.parametrize("file", sorted(path.name for path in SONGS.glob("*.mid") if "band" not in path.stem))
def test_the_shipped_songs(file: str, resources: Resources) -> None:
    song = loading.load(SONGS / file).song
    found = accompany(resources, song)
    assert found.analysis is not None
    notes = piano(found)
    assert all(0 < v < 128 and 21 <= p <= 108 for _, _, p, v in notes)
    assert max(s + n for s, n, *_ in notes) <= found.analysis.song.meter.bar_end(song.bars)


def test_a_melody_in_chords_is_led_by_its_top_line(resources: Resources) -> None:
    both = [(t, n, p + up) for t, n, p in tune(8) for up in (0, -5)]
    song = lead(both, ballad().chords)
    found = accompany(resources, song)
    assert len(piano(found)) > 40


def test_a_damaged_pack_is_named_and_the_others_go_on(tmp_path: Path) -> None:
    broken = files(oompah("d", PROGRESSION), name="broken")
    broken["tape.bin"] = broken["tape.bin"][:-1]
    whole = files(oompah("d", PROGRESSION), name="whole")
    found = accompany(replace(app.shelves(), styles=shelf({"broken": broken, "whole": whole}, tmp_path)), ballad())
    assert [notice.code for notice in found.notices] == ["W_STYLE"]
    assert "broken" in found.notices[0].message
    assert {p["donor"]["pack"] for p in found.takes[0].facts["phrases"]} == {"whole"}


def test_a_named_pack_that_is_damaged_is_an_error(tmp_path: Path) -> None:
    broken = files(oompah("d", PROGRESSION), name="broken")
    broken["tape.bin"] = broken["tape.bin"][:-1]
    with pytest.raises(BadPack, match=r"tape\.bin has"):
        accompany(replace(app.shelves(), styles=shelf({"broken": broken}, tmp_path)), ballad(), style="broken")


def test_the_model_plays_and_is_named(resources: Resources) -> None:
    found = accompany(resources, ballad())
    assert {model.id for model in found.models} == {"texture-1"}
    assert {p["voiced_by"] for p in found.takes[0].facts["phrases"]} == {"texture-1"}
    assert found.notices == ()


def test_by_rule_when_asked(resources: Resources) -> None:
    found = accompany(resources, ballad(), by_rule=True)
    assert found.models == found.notices == ()
    assert {p["voiced_by"] for p in found.takes[0].facts["phrases"]} == {"rules"}
    assert [s for s, *_ in piano(found)] == [s for s, *_ in piano(accompany(resources, ballad()))]


def test_without_the_model_rules_play_and_it_is_said(resources: Resources, tmp_path: Path) -> None:
    bare = replace(resources, models=FolderShelf((tmp_path,), "model"))
    found = accompany(bare, ballad())
    assert [notice.code for notice in found.notices] == ["W_BY_RULE"]
    assert "no model named 'texture-1'" in found.notices[0].message
    assert piano(found) == piano(accompany(resources, ballad(), by_rule=True))


def test_a_device_that_was_asked_for_by_name_is_not_replaced(resources: Resources, tmp_path: Path) -> None:
    bare = replace(resources, models=FolderShelf((tmp_path,), "model"), rack=app.rack("cpu"))
    with pytest.raises(NotThere):
        accompany(bare, ballad())


def test_bars_that_the_model_cannot_read_are_said(resources: Resources) -> None:
    bar = Meter.parse("1/4").bar
    chords = ChordTrack.of(*((b * bar, PROGRESSION[b % 4]) for b in range(8)), end=8 * bar)
    found = accompany(resources, lead([(b * bar, bar // 2, 72) for b in range(8)], chords, "1/4"))
    assert [notice.code for notice in found.notices] == ["W_BY_RULE"]


def test_a_style_that_another_model_heard_is_said(tmp_path: Path) -> None:
    donor = oompah("d", PROGRESSION)
    learned = Learned(
        Ear(id="texture-0", sha256="0" * 64), lambda donor: np.zeros((len(donor.bars), LATENT), np.float32)
    )
    made = packed("heard", [(donor, 0)], (Origin(name="t", licence="MIT"),), learned=learned)
    found = accompany(replace(app.shelves(), styles=shelf({"heard": made}, tmp_path)), ballad())
    assert [notice.code for notice in found.notices] == ["W_STYLE"]
    assert "another texture model" in found.notices[0].message
    assert len(piano(found)) > 20
