"""Chords in time, and chord symbols among other words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.errors import EngineError, InvalidMusic, UnknownChord
from engines.music.harmony import NO_CHORD, Chord, ChordChange, ChordTrack, is_chord_marker
from engines.music.time import Ticks

TURNAROUND = ChordTrack.of((960, "Am7"), (1920, "D7"), (3840, "N.C."), (4800, "Gmaj7"), end=7680)

symbols = st.sampled_from(["Am7", "D7", "Gmaj7", "C/E", "N.C.", "F#m7b5"])


@st.composite
def chord_tracks(draw: st.DrawFn) -> ChordTrack:
    ticks = sorted(draw(st.sets(st.integers(0, 4000), max_size=8)))
    end = draw(st.none() | st.integers(4001, 5000))
    return ChordTrack.of(*((tick, draw(symbols)) for tick in ticks), end=end)


@pytest.mark.parametrize(
    ("tick", "symbol"),
    [(0, "N.C."), (960, "Am7"), (1919, "Am7"), (1920, "D7"), (3840, "N.C."), (7679, "Gmaj7"), (7680, "N.C.")],
)
def test_the_chord_at_a_tick(tick: int, symbol: str) -> None:
    assert str(TURNAROUND.at(tick)) == symbol


def test_the_places_of_chords() -> None:
    assert [(s, e, str(chord)) for s, e, chord in TURNAROUND.spans()] == [
        (960, 1920, "Am7"),
        (1920, 3840, "D7"),
        (3840, 4800, "N.C."),
        (4800, 7680, "Gmaj7"),
    ]
    assert [(s, e, str(chord)) for s, e, chord in TURNAROUND.spans(2000)] == [(960, 1920, "Am7"), (1920, 2000, "D7")]


def test_a_track_without_an_end_asks_for_one() -> None:
    with pytest.raises(InvalidMusic):
        list(ChordTrack.of((0, "C")).spans())
    assert [span.end for span in ChordTrack.of((0, "C")).spans(960)] == [960]


def test_a_part_of_the_track_starts_with_the_chord_that_sounds() -> None:
    part = TURNAROUND.between(1440, 4000)
    assert part == ChordTrack.of((0, "Am7"), (480, "D7"), (2400, "N.C."), end=2560)


@given(chord_tracks(), st.integers(0, 4500), st.integers(1, 600), st.integers(0, 600))
def test_a_part_sounds_like_the_whole(track: ChordTrack, start: int, length: int, at: int) -> None:
    if at < length:
        assert track.between(start, start + length).at(at) == track.at(start + at)


@given(chord_tracks())
def test_merged_tracks_sound_the_same_and_change_each_time(track: ChordTrack) -> None:
    merged = track.merged()
    assert all(merged.at(tick) == track.at(tick) for tick in range(0, 5200, 13))
    assert all(a.chord != b.chord for a, b in zip(merged.changes, merged.changes[1:], strict=False))


@given(chord_tracks(), st.integers(-12, 12))
def test_transposed_tracks_keep_their_places(track: ChordTrack, semitones: int) -> None:
    moved = track.transpose(semitones)
    assert [c.tick for c in moved.changes] == [c.tick for c in track.changes]
    assert [c.chord for c in moved.changes] == [c.chord.transpose(semitones) for c in track.changes]
    assert moved.end == track.end


def test_an_empty_track_is_silent() -> None:
    assert ChordTrack().at(0) == NO_CHORD
    assert list(ChordTrack().spans(960)) == []
    assert len(ChordTrack()) == 0


@pytest.mark.parametrize(("ticks", "end"), [((0, 0), None), ((960, 0), None), ((-1, 0), None), ((0, 960), 960)])
def test_chords_are_in_order_and_before_the_end(ticks: tuple[int, ...], end: int | None) -> None:
    changes = tuple(ChordChange(Ticks(tick), Chord.parse("C")) for tick in ticks)
    with pytest.raises(InvalidMusic):
        ChordTrack(changes, None if end is None else Ticks(end))


MARKERS = "chord:Am7 Chord:C Am G7 C/E Dm N.C. Bb F# Ab7 Bo7 E-"
WORDS = "A B1 A2 G3 C4 D N X Go Do Fx Intro Verse Bridge Break Coda Fill Add Dim Emma am g7 Solo 1 Am| Am7!"


@pytest.mark.parametrize("text", [*MARKERS.split(), "chord: Cmaj7", " Am "])
def test_a_marker_that_is_a_chord(text: str) -> None:
    assert is_chord_marker(text) is not None


@pytest.mark.parametrize("text", [*WORDS.split(), "", "A minor", "Am 7", "A tempo", "Section A"])
def test_a_marker_that_is_none(text: str) -> None:
    assert is_chord_marker(text) is None


@pytest.mark.parametrize("text", ["A", "C", "am7", "Asus2", "N.C."])
def test_in_a_chord_track_every_symbol_counts(text: str) -> None:
    assert is_chord_marker(text, in_chord_track=True) == Chord.parse("A" if text == "A" else text)
    assert is_chord_marker("Intro", in_chord_track=True) is None


def test_a_marker_that_claims_to_be_a_chord_must_be_one() -> None:
    with pytest.raises(UnknownChord) as caught:
        is_chord_marker("chord:Cmaj77")
    assert caught.value.hint == "Did you mean Cmaj7?"


@given(st.text(), st.booleans())
def test_any_marker_is_a_chord_or_not(text: str, in_chord_track: bool) -> None:
    try:
        chord = is_chord_marker(text, in_chord_track)
    except EngineError:
        assert text.lower().lstrip().startswith("chord")
    else:
        assert chord in (None, is_chord_marker(text, True))
