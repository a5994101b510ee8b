"""Phrases on the chords of the song, as the model plays them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge import app
from engines.accompaniment.donors import LEFT, RIGHT, Donor, Span, Stroke
from engines.accompaniment.grid import Window
from engines.accompaniment.loan import Loan
from engines.accompaniment.pack import Pack, pack_of
from engines.accompaniment.packing import Learned, packed
from engines.accompaniment.revoicing import readable, revoiced
from engines.accompaniment.selection import Choice
from engines.accompaniment.sheet import Sheet, Strain
from engines.accompaniment.tape import Ear, Origin
from engines.accompaniment.texture import Texture
from engines.accompaniment.transfer import HIGHEST, LOWEST, Touch, transfer
from engines.music.harmony import Chord
from engines.music.time import Meter, Ticks
from tests.engines.accompaniment.examples import FOUR, Q, oompah, pack, sheet
from tests.engines.accompaniment.windows import SYMBOLS, Hand, alberti

CHORDS = ["C", "Am", "F", "G7", "C"]


@pytest.fixture(scope="module")
def texture() -> Texture:
    """The model that ships."""
    return Texture.open(app.shelves())


def loans(song: Sheet, donor: Donor, turn: int = 0) -> list[Loan]:
    return [Loan.of(song, Choice(strain, pack(donor), 0, turn, 1.0, 0.5)) for strain in song.strains]


def played(song: Sheet, texture: Texture, donor: Donor, turn: int = 0) -> list[list[Touch]]:
    mine = loans(song, donor, turn)
    return revoiced(song, texture, mine)


@given(st.lists(st.sampled_from(SYMBOLS), min_size=1, max_size=5), st.booleans())
@settings(max_examples=25, deadline=None)
def test_rhythm_hands_and_dynamics_are_the_donor_s(symbols: list[str], busy: bool) -> None:
    song, donor = sheet(symbols), oompah("d", CHORDS, busy=busy)
    line = played(song, Texture.open(app.shelves()), donor)[0]
    there = [s for s in donor.strokes if s.tick < song.lines[-1]]
    assert sorted((t.tick, t.hand, t.velocity) for t in line) == sorted((s.tick, s.hand, s.velocity) for s in there)
    assert all(LOWEST[t.hand] <= t.pitch <= HIGHEST[t.hand] for t in line)
    assert all(t.end <= song.lines[-1] for t in line)


def test_strong_beats_have_the_bass_and_all_is_on_the_chord(texture: Texture) -> None:
    song = sheet(["Dm", "G/B", "Eb", "F#m7", "Bb"])
    line = played(song, texture, oompah("d", CHORDS, busy=True))[0]
    for bar, symbol in enumerate(("Dm", "G/B", "Eb", "F#m7", "Bb")):
        chord = Chord.parse(symbol)
        mine = [t for t in line if t.tick // FOUR.bar == bar]
        assert [t.pitch % 12 for t in mine if t.bass] == [chord.bass_pc]
        assert mine[0].bass
        assert sum(t.pitch % 12 in chord.pitch_classes for t in mine) >= 0.85 * len(mine)


def test_an_odd_bar_at_the_end_is_played_once(texture: Texture) -> None:
    song, donor = sheet(["C", "F", "G"]), oompah("d", CHORDS)
    ticks = [t.tick for t in played(song, texture, donor)[0]]
    assert ticks == [s.tick for s in donor.strokes if s.tick < 3 * FOUR.bar]


def test_a_single_bar_too(texture: Texture) -> None:
    line = played(sheet(["F"]), texture, oompah("d", CHORDS))[0]
    assert len(line) == len([s for s in oompah("d", CHORDS).strokes if s.tick < FOUR.bar])


def test_what_returns_over_the_same_chords_is_asked_once() -> None:
    """The last one is another: no chord comes after it."""
    hand = Hand()
    song = sheet(["C", "F"] * 4, strains=[("A", 2), ("B", 2), ("A", 2), ("B", 2)])
    lines = played(song, Texture(hand.encode, hand.decode, 64), oompah("d", CHORDS))
    assert hand.calls == [1, 2]
    assert [t.pitch for t in lines[0]] == [t.pitch for t in lines[1]] == [t.pitch for t in lines[2]]


def test_nothing_is_played_where_there_is_no_chord(texture: Texture) -> None:
    song = sheet(["C", "F", "G", "C"])
    silent = replace(
        song, harmony=tuple(h._replace(root=-1, tones=0, bass=-1) if h.tick == FOUR.bar else h for h in song.harmony)
    )
    line = played(silent, texture, oompah("d", CHORDS))[0]
    assert {t.tick // FOUR.bar for t in line} == {0, 2, 3}


def test_bars_beside_the_grid_stay_as_the_rules_have_them(texture: Texture) -> None:
    short = Meter(1, 4)
    donor = oompah("d", CHORDS, short)
    song = sheet(["C", "F"], meter=short)
    assert not readable(loans(song, donor)[0])
    assert played(song, texture, donor)[0] == transfer(song, loans(song, donor)[0])


def test_a_push_over_the_border_of_a_window_belongs_to_the_chord_that_comes(texture: Texture) -> None:
    """The second window begins with F; the donor runs ahead to its own by an eighth."""
    push = Stroke(Ticks(2 * FOUR.bar - Q // 2), Ticks(Q), 65, 70, RIGHT)
    bars = [Stroke(Ticks(b * FOUR.bar), Ticks(FOUR.bar - Q // 2), 36, 70, LEFT) for b in range(4)]
    donor = Donor(
        "d",
        "CC0-1.0",
        (FOUR,) * 4,
        tuple(sorted([*bars, push])),
        oompah("d", ["C", "C", "F", "F"]).harmony,
        (Span(0, 4),),
    )
    line = played(sheet(["D", "D", "Ebm", "Ebm"]), texture, donor)[0]
    assert next(t.pitch % 12 for t in line if t.tick == push.tick) in Chord.parse("Ebm").pitch_classes


def test_strains_are_apart(texture: Texture) -> None:
    """A phrase is played the same whatever comes before it."""
    donor = oompah("d", CHORDS)
    both = sheet(["C", "F", "G", "C"], strains=[("A", 2), ("B", 2)])
    alone = replace(both, strains=(Strain("B", 2, 2),))
    assert played(both, texture, donor)[1] == played(alone, texture, donor)[0]


def learned(texture: Texture, ear: str) -> Pack:
    """A pack of one phrase, heard by some model as a broken chord; its skeleton says so only in part."""
    donor = oompah("d", CHORDS, busy=True)
    latents = texture.encode([Window((FOUR.bar, FOUR.bar), alberti().strokes, alberti().harmony)] * 5)
    heard = Learned(Ear(id="texture-1", sha256=ear), lambda _: latents)
    return pack_of(packed("pop", [(donor, 0)], (Origin(name="t", licence="MIT"),), learned=heard))


def test_a_texture_that_is_known_is_not_heard_again(texture: Texture) -> None:
    hand = Hand()
    song, ear = sheet(["C", "F"]), "0" * 64
    mine = [Loan.of(song, Choice(song.strains[0], learned(texture, ear), 0, 0, 1.0, 0.5))]
    revoiced(song, Texture(hand.encode, hand.decode, 64, ear), mine)
    assert hand.calls == [1]
    revoiced(song, Texture(hand.encode, hand.decode, 64, "1" * 64), mine)
    assert hand.calls == [1, 1, 1]
