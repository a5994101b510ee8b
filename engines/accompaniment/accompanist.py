"""The accompaniment engine: a lead sheet goes in, a piano part comes out.

Listen, choose a donor for every phrase, put its notes on the chords, make them follow and leave room, let two hands play them,
and play them with feeling.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, ClassVar

from engines.accompaniment import changes, ending, hands, performance, room, variation
from engines.accompaniment.form import phrases_from, within
from engines.accompaniment.loan import Loan
from engines.accompaniment.pack import Pack
from engines.accompaniment.performance import Played
from engines.accompaniment.plain import plain_pack
from engines.accompaniment.revoicing import readable, revoiced
from engines.accompaniment.selection import POOL, WIDE, Choice, Selector, Wishes
from engines.accompaniment.sheet import Sheet, Strain
from engines.accompaniment.styles import Styles, styles_of
from engines.accompaniment.texture import MODEL, Texture
from engines.accompaniment.transfer import Touch, transfer
from engines.analysis.analyst import Tables, listen
from engines.api import Analysis, ArrangeRequest, Reporter, Resources, Result, Take
from engines.errors import EngineError, InvalidMusic, Notice
from engines.models.rack import Rack
from engines.models.runtime import AUTO
from engines.music.chance import Chance
from engines.music.song import MidiClip, Placement, Song, Track
from engines.music.song import Take as ClipTake
from engines.music.time import Ticks

PIANO, ROLE, PROGRAM, CHANNEL = "Piano", "comp", 0, 1
RULES = "rules"
LISTENING, CHOOSING, PLAYING = "listening", "choosing phrases", "playing"
"""Stages, as they are reported."""


class Accompanist:
    """Accompanies a lead sheet at the piano."""

    task: ClassVar[str] = "accompany"

    def __init__(self, resources: Resources) -> None:
        self._resources = resources
        self._tables = Tables(resources.analysis)
        self._styles: dict[tuple[str | None, tuple[str, ...]], tuple[Styles, Selector]] = {}

    def run(self, request: ArrangeRequest, chance: Chance, report: Reporter) -> Result:
        """Accompany it."""
        report(0.0, LISTENING)
        heard = listen(request.song, self._tables, request.chords, request.key, _part(report, 0.0, 0.4, LISTENING))
        heard, notices = _checked(heard, request)
        report(0.4, CHOOSING)
        styles, selector = self._of(request.style)
        sheet = Sheet.of(heard)
        selector = _for_meters(sheet, selector)
        sheet = replace(sheet, strains=within(sheet.strains, lambda s: selector.longest(sheet.meter_numbers[s.bar])))
        wishes = Wishes(request.density, request.faithful, styles.tags)
        pool = WIDE if request.faithful >= 1 else POOL
        paths = selector.choose(sheet, wishes, chance.of("choose"), request.takes, pool) if sheet.strains else []
        texture, without = (None, ()) if request.by_rule else self._model
        takes = []
        for number, path in enumerate(paths):
            report(0.6 + 0.4 * number / len(paths), PLAYING)
            takes.append(_take(heard, sheet, path, texture, chance.of("play", number), request.seed + number))
        report(1.0, PLAYING)
        if not takes:
            raise InvalidMusic("There is no whole bar to accompany.", "Give a song of a bar at least.")
        if not takes[0].song.tracks[-1].notes():
            said = "The piano is silent: no chord of the song is long enough to be played."
            notices.append(Notice("W_SILENT", said, "Let chords last an eighth or longer."))
        if texture is not None:
            notices += [*Rack.of(self._resources).notices(), *_by_rule(takes), *_unheard(paths, texture)]
        models = () if texture is None else texture.uses()
        return Result(tuple(takes), models, heard, (*notices, *styles.notices, *without))

    @cached_property
    def _model(self) -> tuple[Texture | None, tuple[Notice, ...]]:
        """The texture model, or why there is none. Where a device was asked for by name, only that one will do."""
        try:
            return Texture.open(self._resources), ()
        except EngineError as problem:
            if Rack.of(self._resources).provider != AUTO:
                raise
            said = f"The texture model cannot be used, so rules put the notes on the chords: {problem.message}"
            return None, (Notice("W_BY_RULE", said, problem.hint),)

    def _of(self, style: str | None) -> tuple[Styles, Selector]:
        key = style, self._resources.styles.ids()
        if key not in self._styles:
            found = styles_of(self._resources.styles, style)
            self._styles[key] = found, Selector(found.packs)
        return self._styles[key]


def _part(report: Reporter, begin: float, end: float, stage: str) -> Reporter:
    """A reporter for a part of the work."""
    return lambda progress, message: report(begin + (end - begin) * progress, stage)


def _checked(heard: Analysis, request: ArrangeRequest) -> tuple[Analysis, list[Notice]]:
    """What was heard, with the musician's phrases; what cannot be accompanied is refused."""
    notices = list[Notice]()
    end = heard.song.meter.bar_end(heard.song.bars)
    beyond = [c for c in heard.chords.changes if c.tick >= end]
    if beyond:
        bar = heard.song.meter.bar_at(beyond[0].tick)
        said = f"The chords go on after the song's {heard.song.bars} bars; those from bar {bar} on are left out."
        notices.append(Notice("W_CHORDS_BEYOND", said, "Lengthen the melody, or let it end with a rest."))
    if all(c.chord.is_none or c.tick >= end for c in heard.chords.changes):
        raise InvalidMusic(
            "There is nothing to accompany: no melody and no chords.", "Give a melody, or chords with --chords."
        )
    if not heard.melody:
        notices.append(Notice("W_NO_MELODY", "There is no melody; the chords alone are accompanied.", ""))
    if request.phrases is not None:
        heard = replace(heard, phrases=phrases_from(request.phrases, heard.song.meter, heard.song.bars))
    return heard, notices


def _for_meters(sheet: Sheet, selector: Selector) -> Selector:
    """With a plain pack for meters that no other knows."""
    unknown = {
        sheet.meters[s.bar] for s in sheet.strains if not selector.longest(sheet.meter_numbers[s.bar])
    }  # fmt: skip
    if not unknown:
        return selector
    more: list[Pack] = [plain_pack(meter) for meter in sorted(unknown, key=str)]
    return Selector((*selector.packs, *more))


def _by_rule(takes: Sequence[Take]) -> list[Notice]:
    """A word about phrases that the model could not read."""
    found = {phrase["start_bar"] for take in takes for phrase in take.facts["phrases"] if phrase["voiced_by"] == RULES}
    if not found:
        return []
    which = "The phrase at bar" if len(found) == 1 else "Phrases at bars"
    said = f"{which} {', '.join(map(str, sorted(found)))}: rules put the notes on the chords there,"
    return [Notice("W_BY_RULE", f"{said} since the texture model does not read such bars.", "")]


def _unheard(paths: Sequence[Sequence[Choice]], texture: Texture) -> list[Notice]:
    """A word about packs whose latents another model heard."""
    packs = {choice.pack.id: choice.pack.card.ear for path in paths for choice in path}
    return [
        Notice(
            "W_STYLE",
            f"The style {name!r} was learned with another texture model; of its phrases the skeletons alone are used.",
            "Install a version of it that was made with this model.",
        )
        for name, ear in sorted(packs.items())
        if ear is not None and ear.sha256 != texture.ear
    ]


def _take(
    heard: Analysis, sheet: Sheet, path: Sequence[Choice], texture: Texture | None, chance: Chance, seed: int
) -> Take:
    loans = [Loan.of(sheet, choice) for choice in path]
    phrases = _phrases(sheet, loans, texture, chance)
    notes = performance.notes(sheet, phrases, chance.of("velocity"))
    length = Ticks(max(sheet.lines[-1], max((n.end for n in notes), default=0)))
    clip = MidiClip(length, notes, performance.pedal(sheet, phrases), PIANO)
    piano = Track(PIANO, (Placement(Ticks(0), length, (ClipTake(clip, PIANO),)),), ROLE, PROGRAM, CHANNEL)
    song = replace(_lead(heard), tracks=(*_lead(heard).tracks, piano))
    return Take(song, seed, facts={"phrases": tuple(_facts(loan, texture) for loan in loans)})


def _lead(heard: Analysis) -> Song:
    return heard.lead_sheet


def _phrases(sheet: Sheet, loans: Sequence[Loan], texture: Texture | None, chance: Chance) -> list[Played]:
    """The whole part, phrase by phrase."""
    lines = [transfer(sheet, loan) for loan in loans]
    if texture is not None:
        lines = revoiced(sheet, texture, loans, lines)
    quotes = variation.Quotes()
    touches, heard_before = list[Touch](), dict[tuple[str, int, str, int], int]()
    for loan, line in zip(loans, lines, strict=True):
        choice = loan.choice
        key = (*choice.strain.kind, *choice.place)
        nth = heard_before.get(key, 0)
        heard_before[key] = nth + 1
        luck = chance.of(choice.strain.bar)
        touches += quotes.broken(sheet, choice, variation.vary(sheet, line, nth, luck), luck)
    touches = changes.ground(sheet, changes.complete(sheet, changes.follow(sheet, touches)))
    touches = room.make_room(sheet, touches, chance.of("room"))
    touches = ending.close(sheet, hands.playable(touches))
    ticks = [touch.tick for touch in touches]
    return [Played(loan.choice, tuple(touches[_inside(sheet, loan.choice.strain, ticks)])) for loan in loans]


def _inside(sheet: Sheet, strain: Strain, ticks: Sequence[int]) -> slice:
    """Where the touches of a strain stand among all, which are in order of time."""
    return slice(*(bisect_left(ticks, sheet.lines[bar]) for bar in (strain.bar, strain.bar + strain.bars)))


def _facts(loan: Loan, texture: Texture | None) -> Mapping[str, Any]:
    choice = loan.choice
    pack, strain = choice.pack, choice.strain
    song = pack.song_of(choice.bar)
    first = choice.bar - int(pack.columns["donor_bar"][song]) + 1
    return {
        "label": strain.label,
        "start_bar": strain.bar + 1,
        "bars": strain.bars,
        "donor": {
            "pack": pack.id,
            "id": pack.card.songs[song].name,
            "bars": f"{first}-{first + strain.bars - 1}",
            "transpose": choice.turn,
        },
        "score": round(choice.fitness, 3),
        "voiced_by": MODEL if texture is not None and (readable(loan) or not loan.strokes) else RULES,
    }
