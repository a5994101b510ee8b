"""What Python inside REAPER told of a project, as the request that a script would have written."""

from __future__ import annotations

import base64
import struct
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bridge.wire import Request1, decode, encode

MUTED = 2
TEXTS = range(1, 10)
"""Kinds of meta events that hold words."""

LONGEST_NAME, LONGEST_SYMBOL = 1000, 60
"""Letters that the request has room for: a lyric that became a name spoils nothing."""

Facts = Mapping[str, Any]


def request(survey: Facts, items: Sequence[tuple[int, Facts]], verb: str, options: Facts, name: str) -> Request1:
    """The project as `request/1`; what stands outside the schema is refused in one sentence."""
    by_track: dict[int, list[Facts]] = defaultdict(list)
    for number, item in items:
        by_track[number].append(item)
    pools = Counter(item["pool"] for _, item in items if item.get("pool") and _is_read(item))
    tracks = [_track(facts, by_track[i], pools) for i, facts in enumerate(survey["tracks"])]
    chords = [chord for i, facts in enumerate(survey["tracks"]) for chord in _chords(facts, by_track[i])]
    message = {
        "schema": "request/1",
        "id": name,
        "verb": verb,
        "project": _project(survey),
        "options": options,
        "time": _time(survey),
        "selection": selection(survey),
        "regions": [
            {"name": n[:LONGEST_NAME], "from_qn": a, "to_qn": b} for n, a, b in survey["signs"] if b is not None
        ],
        "markers": [{"name": n[:LONGEST_NAME], "qn": a} for n, a, b in survey["signs"] if b is None],
        "chords": sorted(chords, key=lambda chord: chord["qn"]),
        "tracks": tracks,
    }
    return decode(Request1, encode(message), "project")


def selection(survey: Facts) -> dict[str, Any]:
    """Time selection first; without one, the span of the selected items; without any, everything (0 to 0)."""
    chosen = survey["selection"]
    items = chosen["items"]
    spans = [chosen["span"]] if chosen["span"] else [item[1:] for item in items]
    return {
        "from_qn": max(0.0, min((span[0] for span in spans), default=0.0)),
        "to_qn": max((span[1] for span in spans), default=0.0),
        "tracks": chosen["tracks"],
        "items": [item[0] for item in items],
    }


def _project(survey: Facts) -> dict[str, Any]:
    bar = survey["ruler"].partition(".")[0].strip()
    return {
        # A project that no script has named yet goes by its handle, which is good for as long as it is open.
        "id": survey["id"] or survey["project"],
        "name": survey["name"],
        "path": survey["path"],
        "state": survey["state"],
        "start_measure_offset": int(bar) - 1 if bar.lstrip("-").isdigit() else 0,
    }


def _time(survey: Facts) -> dict[str, Any]:
    tempo = [{"qn": qn, "qpm": qpm, "linear": linear} for qn, qpm, linear, _, _ in survey["tempo"]]
    meter = [{"qn": qn, "meter": f"{above}/{below}"} for qn, _, _, above, below in survey["tempo"] if above > 0 < below]
    if not tempo or tempo[0]["qn"] > 0:
        tempo.insert(0, {"qn": 0.0, "qpm": survey["first_qpm"], "linear": False})
    if not meter or meter[0]["qn"] > 0:
        meter.insert(0, {"qn": 0.0, "meter": "{}/{}".format(*survey["first_meter"])})
    return {"tempo": tempo, "meter": meter, "length_qn": survey["length_qn"]}


def _track(facts: Facts, items: Sequence[Facts], pools: Mapping[str, int]) -> dict[str, Any]:
    return {
        "guid": facts["guid"],
        "name": facts["name"][:LONGEST_NAME],
        "role": facts["role"] or None,
        "muted": facts["muted"],
        "has_instrument": facts["has_instrument"],
        "items": [_item(item, pools) for item in items if _is_read(item)],
    }


def _is_read(item: Facts) -> bool:
    """Whether it plays anything: it has a take and is not muted."""
    return "take" in item and not item["muted"]


def _item(facts: Facts, pools: Mapping[str, int]) -> dict[str, Any]:
    begin, end = facts["span"]
    read = {
        "guid": facts["guid"],
        "take": facts["take"],
        "from_qn": begin,
        "to_qn": end,
        "rate": facts["rate"],
        "looped": facts["looped"],
        "locked": facts["locked"],
        "source": "midi" if "events" in facts else "audio",
        "pooled": pools.get(facts.get("pool", ""), 0) > 1,
    }
    if "events" not in facts:
        return read
    events = list(_laid_out(facts))
    if facts["division"]:
        read["offset_qn"] = (begin - facts["zero"]) * facts["rate"]
    else:  # each event was placed by REAPER itself
        read |= {"offset_qn": begin - facts["zero"], "rate": 1.0}
    sounding = [row for row in events[:-1] if row[1] & MUTED == 0 and row[2][0] < 0xF0] + events[-1:]
    read["events"] = [[qn, message[:3].hex(" ")] for qn, _, message in sounding]
    return read


def _laid_out(facts: Facts) -> Iterator[tuple[float, int, bytes]]:
    """A take's events: quarter notes from the start of its source, flags, bytes."""
    packed, place, tick, number = base64.b64decode(facts["events"]), 0, 0, 0
    while place < len(packed):
        step, flags, size = struct.unpack_from("<iBi", packed, place)
        tick += step
        qn = tick / facts["division"] if facts["division"] else facts["places"][number] - facts["zero"]
        yield qn, flags, packed[place + 9 : place + 9 + size]
        place, number = place + 9 + size, number + 1


def _chords(track: Facts, items: Sequence[Facts]) -> Iterator[dict[str, Any]]:
    """A chord track's words: those of its empty items, and texts in its MIDI items."""
    if track["muted"] or track["name"].strip().casefold() != "chords":
        return
    for item in items:
        words = item.get("words", "").strip().partition("\n")[0].strip()
        if words:
            yield {"qn": item["span"][0], "symbol": words[:LONGEST_SYMBOL]}
        elif "events" in item:
            per = item["rate"] if item["division"] else 1.0
            for qn, _, message in _laid_out(item):
                if message[0] == 0xFF and len(message) > 1 and message[1] in TEXTS:
                    yield {
                        "qn": item["zero"] + qn / per,
                        "symbol": message[2:].decode("utf-8", "replace")[:LONGEST_SYMBOL],
                    }
