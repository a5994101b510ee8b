"""Into REAPER's folder and out again: scripts, actions, the start-up line, the OSC surface, two small instruments.

Only while REAPER is closed, because it writes its settings when it closes. Everything or nothing; a second time changes
nothing; and removing gives back the exact bytes of what nobody else has changed since.
"""

from __future__ import annotations

import sys
from pathlib import Path

import bridge
from bridge import resources
from bridge.reaper.install import changes, planning, running
from bridge.reaper.install.planning import Plan
from bridge.reaper.install.running import Look
from bridge.reaper.install.shipment import Shipment, pack
from engines.errors import Notice, NotThere, Unavailable

SCRIPTS = "reaper_scripts"


def own_command() -> tuple[str, ...]:
    """The words that start this very partimento, from any folder."""
    suffix = ".exe" if sys.platform == "win32" else ""
    beside = Path(sys.executable).parent / f"partimento{suffix}"
    return (str(beside),) if beside.is_file() else (sys.executable, "-m", "bridge")


def plan_install(home: Path, scripts: Path | None = None, command: tuple[str, ...] | None = None) -> Plan:
    """What an installation of this version would change."""
    ships = pack(scripts or resources.shipped(SCRIPTS))
    return planning.install(home, ships, command or own_command(), bridge.__version__, sys.platform == "win32")


def plan_remove(home: Path, scripts: Path | None = None) -> Plan:
    """What a removal would change."""
    return planning.remove(home, _ships(scripts))


def carry_out(home: Path, plan: Plan, look: Look) -> tuple[Notice, ...]:
    """Make the plan's changes while REAPER is closed; what the musician should know beside it."""
    if look.found:
        raise Unavailable(
            f"REAPER is running: {', '.join(look.found)}. It would write its settings over ours when it closes.",
            "Close REAPER, then say it again; `--dry-run` shows what would change.",
        )
    changes.make(home, plan.changes)
    changes.tidy(home, plan.folders)
    return (*unseen(look), *plan.notices)


def unseen(look: Look) -> tuple[Notice, ...]:
    """That nobody could see whether REAPER runs."""
    if look.problem is None:
        return ()
    said = f"Whether REAPER runs could not be seen: {look.problem}."
    return (Notice("W_REAPER_UNSEEN", said, "Make sure that it is closed: it writes its settings when it closes."),)


def _ships(scripts: Path | None) -> Shipment | None:
    """What ships; None where this installation has lost it, which is no reason not to clean up."""
    try:
        return pack(scripts or resources.shipped(SCRIPTS))
    except NotThere:
        return None


__all__ = ["SCRIPTS", "Look", "Plan", "carry_out", "own_command", "plan_install", "plan_remove", "running", "unseen"]
