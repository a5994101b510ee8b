"""The accompaniment engine: a lead sheet goes in, a piano part comes out.

Listen, choose a donor for every phrase, put its notes on the chords, make them follow and leave room, let two hands play them,
and play them with feeling.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, ClassVar

from engines.accompaniment.example import LIKE, pack_like
from engines.accompaniment.form import phrases_from, within
from engines.accompaniment.pack import Pack
from engines.accompaniment.plain import plain_pack
from engines.accompaniment.playing import RULES, Manner, play
from engines.accompaniment.selection import POOL, WIDE, Choice, Selector, Wishes
from engines.accompaniment.sheet import Sheet, Strain
from engines.accompaniment.styles import Styles, styles_of
from engines.accompaniment.texture import Texture
from engines.analysis.analyst import Tables, listen
from engines.api import Analysis, ArrangeRequest, Reporter, Resources, Result, Take
from engines.errors import EngineError, InvalidMusic, Notice
from engines.models.rack import Rack
from engines.models.runtime import AUTO
from engines.music.chance import Chance
from engines.music.song import MidiClip, Placement, Track
from engines.music.song import Take as ClipTake
from engines.music.time import Ticks

PIANO, ROLE, PROGRAM, CHANNEL = "Piano", "comp", 0, 1
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
        sheet, tags, first = Sheet.of(heard), styles.tags, selector
        if request.like is not None:
            mine = pack_like(request.like, self._tables)
            first, selector, tags = Selector((mine,)), Selector((mine, *selector.packs)), frozenset((LIKE,))
        selector = _for_meters(sheet, selector)

        def longest(strain: Strain) -> int:
            meter = sheet.meter_numbers[strain.bar]
            return first.longest(meter) or selector.longest(meter)

        sheet = replace(sheet, strains=within(sheet.strains, longest))
        wishes = Wishes(request.density, request.faithful, tags)
        pool = WIDE if request.faithful >= 1 else POOL
        paths = selector.choose(sheet, wishes, chance.of("choose"), request.takes, pool) if sheet.strains else []
        texture, without = (None, ()) if request.by_rule else self._model
        takes = []
        for number, path in enumerate(paths):
            report(0.6 + 0.4 * number / len(paths), PLAYING)
            takes.append(_take(heard, sheet, path, texture, request, chance.of("play", number), number))
        report(1.0, PLAYING)
        if not takes:
            raise InvalidMusic("There is no whole bar to accompany.", "Give a song of a bar at least.")
        if not takes[0].song.tracks[-1].notes():
            said = "The piano is silent: no chord of the song is long enough to be played."
            notices.append(Notice("W_SILENT", said, "Let chords last an eighth or longer."))
        if texture is not None:
            notices += [
                *Rack.of(self._resources).notices(),
                *_by_rule(takes, request.first_bar),
                *_unheard(paths, texture),
            ]
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
        bar = heard.song.meter.bar_at(beyond[0].tick) + request.first_bar - 1
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


def _by_rule(takes: Sequence[Take], first_bar: int) -> list[Notice]:
    """A word about phrases that the model could not read."""
    found = {phrase["start_bar"] for take in takes for phrase in take.facts["phrases"] if phrase["voiced_by"] == RULES}
    if not found:
        return []
    which = "The phrase at bar" if len(found) == 1 else "Phrases at bars"
    said = f"{which} {', '.join(str(bar + first_bar - 1) for bar in sorted(found))}: rules put the notes on the chords there,"
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
    heard: Analysis,
    sheet: Sheet,
    path: Sequence[Choice],
    texture: Texture | None,
    request: ArrangeRequest,
    chance: Chance,
    number: int,
) -> Take:
    part = play(sheet, path, texture, Manner(request.density, request.humanise), chance)
    length = Ticks(max(sheet.lines[-1], max((n.end for n in part.notes), default=0)))
    clip = MidiClip(length, part.notes, part.pedal, PIANO)
    piano = Track(PIANO, (Placement(Ticks(0), length, (ClipTake(clip, PIANO),)),), ROLE, PROGRAM, CHANNEL)
    song = replace(heard.lead_sheet, tracks=(*heard.lead_sheet.tracks, piano))
    facts = tuple(_facts(choice, by) for choice, by in zip(path, part.voiced_by, strict=True))
    return Take(song, request.seed + number, facts={"phrases": facts})


def _facts(choice: Choice, voiced_by: str) -> Mapping[str, Any]:
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
        "voiced_by": voiced_by,
    }
