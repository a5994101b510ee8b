"""`doctor`: one line for each subject, and a remedy where something is missing."""

from __future__ import annotations

import argparse

from bridge import doctor
from bridge.cli.console import Console

EXAMPLE = "partimento doctor"
MARKS = {"ok": "✓", "missing": "–", "broken": "✗"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing of its own."""


def run(args: argparse.Namespace, console: Console) -> int:
    """Exit 1 when something is broken; what is merely not installed is no failure."""
    findings = doctor.examine()
    console.result(
        {
            "schema": "doctor/1",
            "findings": [
                {"subject": f.subject, "state": f.state, "says": f.says, "remedy": f.remedy} for f in findings
            ],
        }
    )
    for finding in findings:
        console.say(f"{MARKS[finding.state]} {finding.subject}: {finding.says}")
        if finding.remedy and finding.state != "ok":
            console.say(f"    → {finding.remedy}")
    return 1 if any(f.state == "broken" for f in findings) else 0
