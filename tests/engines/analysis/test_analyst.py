"""The whole analysis, on songs of every shape."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge import app, resources
from bridge.files import loading
from engines.analysis.analyst import Analyst
from engines.api import Analysis, AnalyzeRequest, unheard
from engines.music.chance import Chance
from engines.music.harmony import ChordTrack, Key
from engines.music.notes import Note, Text
from engines.music.song import MidiClip, Placement, Song, Take, Track
from engines.music.time import Meter, MeterChange, MeterMap, Ticks

ANALYST = Analyst(resources.standard())
BAR = 3840


def hear(song: Song, chords: ChordTrack | None = None, key: Key | None = None) -> Analysis:
    heard = ANALYST.run(AnalyzeRequest(song, chords=chords, key=key), Chance(1), unheard).analysis
    assert heard is not None
    return heard


def shipped(name: str) -> Song:
    return loading.load(resources.standard().songs.path(name)).song


def track(name: str, *notes: tuple[int, int, int], channel: int = 0) -> Track:
    clip = tuple(sorted(Note(Ticks(s), Ticks(n), p, 80, channel) for s, n, p in notes))
    length = Ticks(max((note.end for note in clip), default=BAR))
    return Track(name, (Placement(Ticks(0), length, (Take(MidiClip(length, clip)),)),), channel=channel)


@st.composite
def songs(draw: st.DrawFn) -> Song:
    meter, tick = [], 0
    for _ in range(draw(st.integers(1, 3))):
        meter.append(
            MeterChange(Ticks(tick), Meter.parse(draw(st.sampled_from(["4/4", "3/4", "6/8", "5/4", "7/8", "1/4"]))))
        )
        tick += draw(st.integers(1, 6)) * meter[-1].meter.bar
    note = st.tuples(st.integers(0, tick + 9000), st.integers(1, 6000), st.integers(0, 127))
    tracks = [
        track(
            draw(st.sampled_from(["", "Bass", "MELODY", "Chords", "Drums"])),
            *draw(st.lists(note, max_size=12)),
            channel=c,
        )
        for c in draw(st.lists(st.sampled_from([0, 1, 9]), max_size=4))
    ]
    return Song(tuple(tracks), meter=MeterMap(tuple(meter)))


@settings(max_examples=150)
@given(songs())
def test_any_song_can_be_heard_and_its_phrases_add_up(song: Song) -> None:
    heard = hear(song)
    first = song.bars - sum(phrase.bars for phrase in heard.phrases)
    at = first + 1
    assert 0 <= first <= 1
    for phrase in heard.phrases:
        assert phrase.start_bar == at
        at += phrase.bars
    assert len(heard.tracks) == len(song.tracks)
    assert heard.keys[0].tick == 0
    assert [s.tick for s in heard.keys] == sorted({s.tick for s in heard.keys})
    assert all(0 <= span.confidence <= 1 for span in heard.keys)
    assert all(song.meter.bar_start(song.meter.bar_at(span.tick)) == span.tick for span in heard.keys)
    changes = [change.tick for change in heard.chords.changes]
    assert changes == sorted(set(changes))
    for one, other in zip(heard.melody, heard.melody[1:], strict=False):
        assert one.end <= other.start
    assert hear(song) == heard


def test_silence_has_a_form_and_nothing_else() -> None:
    heard = hear(Song())
    assert heard.form in ("", "i1", "a1")
    assert len(heard.chords.changes) == 0
    assert heard.melody == ()


@pytest.mark.parametrize(
    "name", [n for n in resources.standard().songs.ids() if n.endswith(".mid") and "band" not in n]
)
def test_a_shipped_lead_sheet_is_heard_as_it_is_written(name: str) -> None:
    song = shipped(name)
    heard = hear(song)
    assert heard.chords_from == "markers"
    assert heard.tracks[0].role == "melody"
    assert song.keys is not None
    assert heard.keys[0].key.tonic.pc == song.keys.at(0).tonic.pc
    assert heard.keys[0].key.is_major_like == song.keys.at(0).is_major_like


def test_the_chords_of_the_band_are_recognised() -> None:
    written = hear(shipped("lantern_street.mid")).chords
    heard = hear(shipped("lantern_street_band.mid"))
    assert heard.chords_from == "recognition"
    beats = range(0, 40 * BAR, 960)
    right = sum(
        (a.root_pc, a.is_minor) == (b.root_pc, b.is_minor)
        for a, b in ((written.at(t), heard.chords.at(t)) for t in beats)
    )
    assert right / len(beats) > 0.9


def test_the_players_of_the_band_are_told_apart() -> None:
    heard = hear(shipped("lantern_street_band.mid"))
    assert {part.name: part.role for part in heard.tracks} == {
        "MELODY": "melody",
        "Piano": "chords",
        "Pad": "pad",
        "Bass": "bass",
        "Drums": "drums",
    }
    assert all(part.reason for part in heard.tracks)


def test_a_bare_tune_is_harmonised_and_that_is_said() -> None:
    song = replace(shipped("ferrymans_waltz.mid"), markers=())
    heard = hear(song)
    assert heard.chords_from == "harmonisation"
    assert [notice.code for notice in heard.notices] == ["W_HARMONISED"]
    assert len(heard.chords.changes) > 8


def test_what_the_musician_states_wins() -> None:
    song = shipped("lantern_street_band.mid")
    given_chords = ChordTrack.of((0, "Fm7"), (BAR, "Bb7"))
    heard = hear(song, given_chords, Key.parse("Eb major"))
    assert (heard.chords, heard.chords_from) == (given_chords, "given")
    assert [str(span.key) for span in heard.keys] == ["Eb major"]


def test_the_lead_sheet_holds_the_tune_and_the_chords() -> None:
    heard = hear(shipped("lantern_street_band.mid"))
    assert [t.name for t in heard.lead_sheet.tracks] == ["MELODY"]
    assert heard.lead_sheet.chords == heard.chords
    assert [n.pitch for n in heard.lead_sheet.tracks[0].notes()] == [n.pitch for n in heard.melody]


def test_a_slip_in_a_chord_track_is_noted_and_does_not_stop_the_work() -> None:
    song = shipped("lantern_street.mid")
    markers = (*song.markers, *(replace(song.markers[-1], name="chord:Xyz"),))
    heard = hear(replace(song, markers=markers))
    assert "W_CHORD_SYMBOL" in [notice.code for notice in heard.notices]
    assert "Xyz" in heard.notices[0].message


def test_the_bridge_hears_through_the_registry() -> None:
    song = shipped("harbour_bossa.mid")
    assert app.analyze(song) == hear(song)


def test_the_line_with_lyrics_is_the_tune() -> None:
    def line(pitch: int, words: str) -> Track:
        notes = tuple(Note(Ticks(i * 480), Ticks(480), pitch + (0, 2, 4, 5, 7, 5, 4, 2)[i % 8]) for i in range(64))
        said = tuple(Text(note.start, word, "lyric") for note, word in zip(notes, words.split(), strict=False))
        return Track("", (Placement(Ticks(0), Ticks(8 * BAR), (Take(MidiClip(Ticks(8 * BAR), notes, said)),)),))

    words = "so we sing the line be low "
    for sung, silent in ((0, 1), (1, 0)):
        heard = hear(Song(tuple(line((72, 65)[i], words * 8 if i == sung else "") for i in range(2))))
        assert (heard.tracks[sung].role, heard.tracks[silent].role == "melody") == ("melody", False)
        assert "with lyrics" in heard.tracks[sung].reason


def chart(symbols: str, shift: int = 0) -> ChordTrack:
    """One chord a bar."""
    rows = [(bar * BAR, symbol) for bar, symbol in enumerate(symbols.split())]
    return ChordTrack.of(*rows, end=len(rows) * BAR).transpose(shift)


@pytest.mark.parametrize("shift", range(12))
def test_chords_that_nobody_plays_speak_for_the_key(shift: int) -> None:
    chords = chart("C Am F G7 C Dm G7 C", shift)
    silence = Track("Lead", (Placement(Ticks(0), Ticks(8 * BAR), (Take(MidiClip(Ticks(8 * BAR))),)),))
    for heard in (hear(Song((silence,), chords=chords)), hear(Song((silence,)), chords)):
        assert [span.key.tonic.pc for span in heard.keys] == [shift]
        assert heard.keys[0].key.is_major_like
        assert heard.keys[0].confidence > 0


def test_a_tune_is_heard_in_the_light_of_its_chords() -> None:
    tune = track("Lead", *((bar * BAR, BAR, (64, 62)[bar % 2]) for bar in range(9)))
    heard = [hear(Song((tune,), chords=chart(symbols))) for symbols in ("C G7 " * 4 + "C", "Am E7 " * 4 + "Am")]
    assert [str(one.keys[0].key) for one in heard] == ["C major", "A minor"]


def test_where_nothing_is_heard_no_key_is_believed() -> None:
    drums = track("Kit", *((beat * 960, 240, 36) for beat in range(16)), channel=9)
    assert [span.confidence for span in hear(Song((drums,))).keys] == [0.0]


@pytest.mark.parametrize("channel", [0, 9])
def test_drums_on_any_channel_are_no_harmony(channel: int) -> None:
    tune = track("Lead", *((beat * 960, 960, (60, 62, 64, 65, 67, 65, 64, 62)[beat % 8]) for beat in range(32)))
    bass = track("Bass", *((bar * BAR, BAR, 36 + (0, 5, 7, 0)[bar % 4]) for bar in range(8)))
    kit = track("Drums", *((beat * 960, 240, (36, 38)[beat % 2]) for beat in range(32)), channel=channel)
    with_drums, without = hear(Song((tune, bass, kit))), hear(Song((tune, bass)))
    assert with_drums.chords == without.chords
    assert with_drums.keys == without.keys
