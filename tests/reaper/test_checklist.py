"""The checklist for a real REAPER speaks of every check that the self-test makes, and of no other."""

from __future__ import annotations

import re
from pathlib import Path

from bridge import resources

CHECKLIST = Path(__file__).parents[2] / "docs/real_reaper_checklist.md"


def test_every_check_has_its_line() -> None:
    made = re.findall(
        r'^check\("([^"]+)"', (resources.shipped("reaper_scripts") / "lib/self_test_checks.lua").read_text(), re.M
    )
    part = CHECKLIST.read_text(encoding="utf-8").partition("## 2.")[2].partition("## 3.")[0]
    lines = re.findall(r"^\| ([^|]+) \| [^|]+ \| [^|]+ \|$", part, re.M)
    assert made
    assert lines[2:] == made, "after the head of the table and the ticks"
