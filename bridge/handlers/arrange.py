"""`arrange`: the selected melody becomes tracks with items, one a section, a take for each alternative."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import msgspec

import bridge
from bridge import app, delivery
from bridge.arranging import STAGES, no_band, phrases_of
from bridge.clock import Stopwatch, SystemClock
from bridge.files import lead_sheet_text, rpp
from bridge.handlers.lead import Lead, lead_of
from bridge.handlers.outcome import COLOURS, FOLDER, Outcome, item, track_key
from bridge.wire import Report1, Request1, Result1, decode, encode
from bridge.wire.writes import ArrangeOptions, TrackWrite, Write, plain
from engines.api import Analysis, ArrangeRequest, Reporter, Result
from engines.errors import InvalidMusic
from engines.music.harmony import Key
from engines.music.song import Placement, Song, Take, Track
from engines.music.time import PPQ, Ticks


def run(request: Request1, report: Reporter) -> Outcome:
    """Arrange it."""
    options = decode(ArrangeOptions, encode(request.options), "options")
    watch = Stopwatch(SystemClock())
    lead = lead_of(request)
    watch.lap("load")
    result = app.accompany(_wishes(request, lead, options), watch.stages(report, STAGES))
    watch.lap(STAGES["playing"])
    parts = list(_parts(request, options, result))
    writes, clips = _writes(parts, lead, result)
    watch.lap("write")
    return Outcome(
        encode(
            Result1(
                id=request.id,
                verb=request.verb,
                label=f"Arrange: {', '.join(part.name.lower() for part in parts)}",
                report=msgspec.to_builtins(_report(request, options, lead, result, parts, watch)),
                writes=plain(writes),
                expects={"project": request.project.id, "targets": list(lead.targets)},
            )
        ),
        clips,
    )


def _wishes(request: Request1, lead: Lead, options: ArrangeOptions) -> ArrangeRequest:
    chords = lead_sheet_text.parse_chords(options.chords, lead.song.meter) if options.chords else None
    return ArrangeRequest(
        song=lead.song,
        seed=options.seed,
        takes=options.takes,
        chords=chords,
        key=Key.parse(options.key) if options.key else None,
        phrases=options.phrases or None,
        style=options.style or None,
        density=options.density,
        faithful=options.faithful,
        humanise=options.humanise,
        by_rule=options.by_rule,
        first_bar=lead.first_bar + request.project.start_measure_offset,
    )


def _parts(request: Request1, options: ArrangeOptions, result: Result) -> Iterator[Track]:
    """Every new part with all its takes: one place that is as long as the longest of them."""
    for index, part in enumerate(result.takes[0].song.tracks):
        if part.role == "melody":
            continue
        takes = []
        for number, take in enumerate(result.takes, 1):
            track = take.song.tracks[index]
            assert len(track.placements) == 1, "an engine's part is one clip"
            name = f"{part.name} take {number}" if len(result.takes) > 1 else part.name
            origin = _origin(request, options, result, number, take.seed)
            takes.append(Take(track.placements[0].clip, name, MappingProxyType(origin)))
        length = Ticks(max(take.clip.length for take in takes))
        if not any(track.notes() for track in (take.song.tracks[index] for take in result.takes)):
            raise InvalidMusic(
                f"{part.name} has nothing to play here.", "Let chords last an eighth or longer, or give other chords."
            )
        yield replace(part, placements=(Placement(Ticks(0), length, tuple(takes)),))


def _origin(request: Request1, options: ArrangeOptions, result: Result, number: int, seed: int) -> dict[str, str]:
    """Where a take came from."""
    return {
        "verb": request.verb,
        "job": request.id,
        "version": bridge.__version__,
        "seed": str(seed),
        "take": str(number),
        "style": options.style or "",
        "models": " ".join(f"{model.id}:{model.sha256}" for model in result.models),
    }


def _writes(parts: list[Track], lead: Lead, result: Result) -> tuple[list[Write], dict[str, bytes]]:
    assert result.analysis is not None, "the accompaniment engine listens"
    sections = delivery.annotated(result.analysis).sections
    song = rpp.split_by_sections(Song(tuple(parts), meter=lead.song.meter, sections=sections))
    writes: list[Write] = []
    clips: dict[str, bytes] = {}
    after = lead.targets[-1]
    for number, track in enumerate(song.tracks, 1):
        key = track_key(track.name, number)
        colour = COLOURS.get(track.role or "")
        writes.append(
            TrackWrite(
                key=key, name=track.name, role=track.role, colour=colour, folder=FOLDER, program=track.program, after=after
            )
        )  # fmt: skip
        for place_number, place in enumerate(track.placements, 1):
            write, files = item(track, key, place, place_number, lead.start)
            writes.append(write)
            clips |= files
    return writes, clips


def _report(
    request: Request1, options: ArrangeOptions, lead: Lead, result: Result, parts: list[Track], watch: Stopwatch
) -> Report1:
    assert result.analysis is not None, "the accompaniment engine listens"
    wants_band = (options.band or options.parts) and not options.piano_only
    notices = (*lead.notices, *result.notices, *((no_band(),) if wants_band else ()))
    said = app.report_of(request.verb, options.seed, result.analysis, request.project.name, notices)
    return msgspec.structs.replace(
        said,
        source=said.source | {"chords": _played(result.analysis, lead)},
        models=app.used(result.models),
        phrases=tuple(_phrase(one, lead) for one in phrases_of(result)),
        parts=tuple(
            {"name": p.name, "role": p.role, "program": p.program, "notes": len(p.notes()), "file": None} for p in parts
        ),
        takes=tuple({"seed": take.seed} for take in result.takes),
        timing_ms=watch.timing(),
    )


def _played(heard: Analysis, lead: Lead) -> list[dict[str, Any]]:
    """The chords that were played, where the project has them: by these a script knows which the musician has changed since."""
    return [{"qn": (lead.start + c.tick) / PPQ, "symbol": str(c.chord)} for c in heard.chords.changes]


def _phrase(one: dict[str, Any], lead: Lead) -> dict[str, Any]:
    """What the report says of a phrase, in bars of the project."""
    return one | {"start_bar": one["start_bar"] + lead.first_bar - 1}
