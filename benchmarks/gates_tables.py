"""The tables of benchmarks/gates.py as Markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.quality_tables import NAMES

COLUMNS = {"note_f1": "note F1", "onset_f1": "onset F1", "pc_f1": "pitch class F1", "out_of_key": "out of key"}


def render(found: Mapping[str, Any]) -> str:
    """All tables."""
    lines = [
        f"# Gates of {found['model']}",
        "",
        f"Measured by `python -m benchmarks.gates` on {found['machine']['processor']}. "
        f"One bar of one part hidden in eight bars; songs of `test`. "
        f"Chosen on `validation`: a full match is worth {found['trust']} nats a note, the model's own ideas count as a match "
        f"of {found['match']}. Brackets are 95 % intervals over songs.",
    ]
    if found["songs_limit"]:
        lines += ["", f"**A quick look at {found['songs_limit']} songs of each fold, not a result.**"]
    for name, archive in found["archives"].items():
        lines += ["", f"## {NAMES[name]}", "", *_fills(archive), "", *_nats(archive["nats"]), "", *_others(archive)]
    return "\n".join([*lines, ""])


def _fills(archive: Mapping[str, Any]) -> list[str]:
    head = ["tasks", "method", *COLUMNS.values(), "note F1 − harmonic match", "note F1 − previous bar"]
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for group, methods in archive["against harmonic match"].items():
        for method, row in methods.items():
            cells = [_cell(row.get(column)) for column in COLUMNS]
            cells += [_cell(row.get("difference")), _cell(archive["against previous bar"][group].get(method))]
            lines.append(f"| {group} | {method} | " + " | ".join(cells) + " |")
    return lines


def _nats(nats: Mapping[str, Any]) -> list[str]:
    lines = [
        "| nats a note | songs | position | pitch | length | together | bigram | bigram − model |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for role, row in nats.items():
        model = row["model"]
        cells = [f"{model[field][0]:.2f}" for field in ("position", "pitch", "length")]
        cells += [_cell(model["note"]), _cell(row["bigram"]["note"]), _cell(row["bigram - model"])]
        lines.append(f"| {role} | {model['note'][3]} | " + " | ".join(cells) + " |")
    return lines


def _others(archive: Mapping[str, Any]) -> list[str]:
    kept = ", ".join(f"{name} {_cell(row)}" for name, row in archive["adherence"].items())
    lines = [f"Asked and kept (model, asked): {kept}.", ""]
    lines += ["Bars in a row that equal training music, number of tasks with 0, 1, 2 … bars:", ""]
    return lines + [f"- {name}: {', '.join(map(str, counts))}" for name, counts in archive["longest_match"].items()]


def _cell(row: Sequence[float] | None) -> str:
    return "" if row is None else f"{row[0]:.3f} [{row[1]:.3f}, {row[2]:.3f}]"
