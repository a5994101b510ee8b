"""What an installation, or its removal, changes in REAPER's folder. A plan is shown, or carried out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bridge.reaper.install import actions, receipt, startup, surfaces
from bridge.reaper.install.changes import Change
from bridge.reaper.install.desk import BACKUP, SETTINGS, Desk
from bridge.reaper.install.lines import Lines
from bridge.reaper.install.receipt import digest
from bridge.reaper.install.shipment import Shipment
from engines.errors import Notice


@dataclass(frozen=True)
class Plan:
    """Changes that belong together."""

    changes: tuple[Change, ...]
    folders: tuple[str, ...]
    """Folders that may go once they are empty."""
    notices: tuple[Notice, ...] = ()

    def of_settings(self) -> tuple[Change, ...]:
        """Changes to files that are not ours alone."""
        return tuple(change for change in self.changes if change.name in SETTINGS)


def install(home: Path, ships: Shipment, command: tuple[str, ...], version: str, windows: bool = False) -> Plan:
    """Everything that is not as it should be."""
    desk = Desk(home)
    for name, data in ships.files.items():
        desk.put(name, data)
    for name in sorted(set(desk.old_files) - set(ships.files)):
        desk.take_away(name, desk.old_files[name])
    for name in sorted(set(desk.old_edited) - set(ships.files) - set(SETTINGS)):
        desk.give_back(name)
        desk.change(BACKUP + name, None)
    end = b"\r\n" if windows else b"\n"
    keys, settings, script = (
        Lines.of(desk.now(name) or b"", name, end) for name in (actions.FILE, surfaces.FILE, startup.FILE)
    )
    keys, settings = actions.register(keys, ships.actions, windows), surfaces.add(settings)
    desk.edit(actions.FILE, keys)
    desk.edit(surfaces.FILE, settings)
    desk.edit(startup.FILE, startup.add(script, actions.registered(keys)[startup.AGENT]))
    return Plan(desk.sign(command, version), (), (*desk.notices, *_crossed(settings)))


def remove(home: Path, ships: Shipment | None) -> Plan:
    """Everything of ours that is there. Without a receipt, what equals a file that ships is ours."""
    desk = Desk(home)
    shipped = ships.files if ships and not desk.was_installed else {}
    ours = desk.old_files | {name: digest(data) for name, data in shipped.items() if desk.now(name) == data}
    for name, stamp in ours.items():
        desk.take_away(name, stamp)
    for name in dict.fromkeys((*SETTINGS, *desk.old_edited)):
        desk.give_back(name)
    for name in desk.old_edited:
        desk.change(BACKUP + name, None)
    desk.change(receipt.FILE, None)  # last: whoever is interrupted can begin again
    return Plan(tuple(desk.changes), desk.empty_folders(), tuple(desk.notices))


def _crossed(settings: Lines) -> tuple[Notice, ...]:
    """Surfaces that want the port on which REAPER hears us."""
    ours = surfaces.ours(settings)
    assert ours, "it has just been added"
    return tuple(
        Notice(
            "W_PORT_TAKEN",
            f"REAPER's surface {one.name!r} listens on port {one.port} too, and only one of both will hear.",
            "Give one of them another port in Preferences > Control/OSC/web.",
        )
        for one in surfaces.surfaces(settings)
        if one.name != ours.name and one.flags & surfaces.RECEIVE and one.port == ours.port
    )
