"""The composition root: builds the parts and joins them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

import bridge
from bridge import delivery, hearing, paths, resources
from bridge.job_folder import JobShelf
from bridge.jobs import Jobs, Listener
from bridge.registry import Registry
from bridge.wire import ModelUsed, Report1
from engines.api import (
    Analysis,
    AnalyzeRequest,
    ArrangeRequest,
    Engine,
    ModelUse,
    Reporter,
    Resources,
    Result,
    Take,
    unheard,
)
from engines.errors import Notice, Unavailable
from engines.music.chance import Chance
from engines.music.harmony import ChordTrack, Key
from engines.music.song import Song

if TYPE_CHECKING:
    from engines.models.rack import Rack


@cache
def shelves() -> Resources:
    """This installation's data; looked up once, since it does not move while we run."""
    return replace(resources.standard(), rack=rack())


def rack(provider: str = "auto") -> Rack:
    """Where models are opened in this process. Nothing is loaded until an engine asks."""
    from bridge.clock import SystemClock
    from bridge.models import FileNotebook
    from engines.models import session
    from engines.models.rack import Rack

    return Rack(session.installed, SystemClock().now, FileNotebook(paths.home() / "providers.json"), provider)


@cache
def registry() -> Registry:
    """This installation's engines."""
    return Registry()


def analyze(
    song: Song, *, chords: ChordTrack | None = None, key: Key | None = None, report: Reporter = unheard
) -> Analysis:
    """Hear what a song is made of."""
    engine = registry().build("analyze", shelves())
    result = engine.run(AnalyzeRequest(song, chords=chords, key=key), Chance(1, ("analyze",)), report)
    if result.analysis is None:
        raise Unavailable("The analysis engine heard nothing.", "Remove the package that replaces the built-in one.")
    return result.analysis


def accompany(request: ArrangeRequest, report: Reporter = unheard, provider: str = "auto") -> Result:
    """A piano part for a lead sheet."""
    return _accompanist(shelves(), provider).run(request, Chance(request.seed, ("accompany",)), report)


@lru_cache(maxsize=2)
def _accompanist(resources: Resources, provider: str) -> Engine:
    """The engine with its styles and its model open, for one lead sheet after another."""
    return registry().build("accompany", resources if provider == "auto" else replace(resources, rack=rack(provider)))


def jobs(root: Path, listener: Listener | None = None) -> Jobs:
    """The queue over a mailbox."""
    from bridge.clock import SystemClock

    clock = SystemClock()
    return Jobs(JobShelf(root, clock), "bridge.handlers:handle", listener, clock)


def report_of(verb: str, seed: int, heard: Analysis, file: str, notices: tuple[Notice, ...] = ()) -> Report1:
    """The part of `report/1` that every verb shares."""
    song = heard.song
    return Report1(
        verb=verb,
        seed=seed,
        version=bridge.__version__,
        source={
            "file": file,
            "bars": song.bars,
            "meter": str(song.meter.meter_of(1)),
            "key": str(heard.keys[0].key) if heard.keys else None,
            "chords_from": heard.chords_from,
            "phrases": heard.form,
        },
        phrases=tuple({"label": p.label, "start_bar": p.start_bar, "bars": p.bars} for p in heard.phrases),
        warnings=hearing.warned((*notices, *heard.notices)),
    )


def used(models: Sequence[ModelUse]) -> tuple[ModelUsed, ...]:
    """The models that took part, as the report names them."""
    return tuple(ModelUsed(id=one.id, sha256=one.sha256, provider=one.provider) for one in models)


def with_parts(report: Report1, song: Song, timing: Mapping[str, float], takes: Sequence[Take] = ()) -> Report1:
    """The report with the parts and takes that were written and the time that it took."""
    written = tuple({"file": f"{delivery.take_stem(i)}.mid", "seed": take.seed} for i, take in enumerate(takes))
    parts = tuple(
        {
            "name": track.name,
            "role": track.role,
            "program": track.program,
            "channel": track.channel + 1,
            "notes": len(track.notes()),
            "file": file,
        }
        for file, track in delivery.named_parts(song.tracks)
    )
    return msgspec.structs.replace(
        report,
        parts=parts,
        takes=written or ({"file": "arrangement.mid", "seed": report.seed},),
        timing_ms=dict(timing),
    )
