"""Which chords were changed since the last run."""

from __future__ import annotations

import pytest

from tests.reaper.scripts.lua import Library

LIBRARY = Library()
SONG = [(0, "C"), (4, "F"), (8, "G"), (12, "C")]
Chords = list[tuple[float, str]]


def points(chords: Chords) -> list[dict[str, object]]:
    return [{"qn": float(qn), "symbol": symbol} for qn, symbol in chords]


def changed(now: Chords, before: Chords = SONG, played: Chords | None = None) -> list[tuple[float, float]]:
    code = "return require('lib.stated').changed(...)"
    found = LIBRARY.run(code, points(now), points(before), points(before if played is None else played))
    return [(one["from"], one["to"]) for one in found or []]


def instead(**symbols: str) -> Chords:
    """The song with other chords, `at4="Dm7"`."""
    return [(qn, symbols.get(f"at{qn}", symbol)) for qn, symbol in SONG]


@pytest.mark.parametrize(
    ("now", "stretches"),
    [
        (SONG, []),
        (instead(at4="Dm7"), [(4, 8)]),
        (instead(at4="Dm7", at8="G7"), [(4, 12)]),
        (instead(at0="Am", at12="Am"), [(0, 4), (12, 1e6)]),
        ([*SONG, (6, "Fm")], [(6, 8)]),
        ([(0, "C"), (8, "G"), (12, "C")], [(4, 8)]),
        ([(0.0000001, "C"), (3.9999999, "F"), (8, "G"), (12, "C")], []),
        ([], []),
    ],
)
def test_a_changed_chord_is_changed_as_long_as_it_holds(now: Chords, stretches: list[tuple[float, float]]) -> None:
    assert [bound for one in changed(sorted(now)) for bound in one] == pytest.approx(
        [b for one in stretches for b in one]
    )


def test_what_was_heard_and_is_now_written_down_is_not_changed() -> None:
    assert changed(SONG, before=[], played=SONG) == []
    assert changed(instead(at4="Dm7"), before=[], played=SONG) == [(4, 8)]


def test_another_spelling_of_what_was_stated_is_not_changed() -> None:
    told = instead(at4="FM7")
    assert changed(told, before=told, played=instead(at4="Fmaj7")) == []


def test_where_nothing_was_known_nothing_is_changed() -> None:
    assert changed(SONG, before=[], played=[]) == []


def test_without_a_chord_track_markers_speak_but_not_rehearsal_marks() -> None:
    names = ["chord:Am7", "A", "G7", "B2", "Chorus", " Chord : F "]
    request = {"chords": [], "markers": [{"name": name, "qn": float(i)} for i, name in enumerate(names)]}
    found = LIBRARY.run("return require('lib.stated').of(...)", request)
    assert [(one["qn"], one["symbol"]) for one in found] == [(0, "Am7"), (2, "G7"), (5, "F")]
    assert LIBRARY.run("return #require('lib.stated').of(...)", request | {"chords": points(SONG)}) == 4
