"""The effects that are installed: what can be added by name, and FX chains by file."""

from __future__ import annotations

from pathlib import Path

from tests.reaper.double.chunk_reader import parse, read_effects
from tests.reaper.double.model import Fx

STOCK = {
    "VSTi: ReaSynth (Cockos)": True,
    "VSTi: ReaSamplOmatic5000 (Cockos)": True,
    "VST: ReaControlMIDI (Cockos)": False,
    "VST: ReaComp (Cockos)": False,
    "VST: ReaEQ (Cockos)": False,
    "VST: ReaVerbate (Cockos)": False,
}
"""What comes with REAPER and is of use to us, and whether it is an instrument."""


class Rack:
    """Installed effects of one REAPER."""

    def __init__(self, resource_path: Path) -> None:
        self._resource_path = resource_path
        self.installed = dict(STOCK)
        """Full names; a test may add and take away."""
        self.presets: dict[str, tuple[str, ...]] = {}
        """Presets by full name."""

    def find(self, name: str) -> str | None:
        """The full name for one as scripts give it: `ReaSynth`, `VSTi:ReaSynth`, `JS: partimento/drums`."""
        return next((known for known in self.installed if self.same(known, name)), None)

    @staticmethod
    def same(known: str, asked: str) -> bool:
        """Whether a full name is meant by a shorter one."""
        kind, _, rest = known.partition(": ")
        asked_kind, colon, asked_rest = asked.partition(":")
        if colon and asked_kind.strip() in ("VST", "VSTi", "VST3", "VST3i", "JS", "AU", "AUi", "CLAP", "CLAPi"):
            return kind.startswith(asked_kind.strip()) and _plain(rest).startswith(_plain(asked_rest))
        return _plain(rest).startswith(_plain(asked)) or known == asked

    def make(self, name: str) -> list[Fx]:
        """New effects: one by its name, or all of a chain; nothing where there is no such thing."""
        if name.endswith(".RfxChain"):
            return self._chain(name)
        script = self._jsfx(name)
        if script:
            return [Fx(f"JS: {script[0]}", instrument=script[1], file=name.removeprefix("JS:").strip())]
        full = self.find(name)
        return [Fx(full, instrument=self.installed[full])] if full else []

    def _jsfx(self, name: str) -> tuple[str, bool] | None:
        """A JSFX by its file below Effects: its description, and whether it takes no audio in, as instruments do."""
        wanted = name.removeprefix("JS:").strip()
        file = self._resource_path / "Effects" / wanted
        if not wanted or not file.is_file():
            return None
        lines = file.read_text("utf-8", "replace").splitlines()
        title = next((line[5:].strip() for line in lines if line.startswith("desc:")), wanted)
        return title, any(line.strip() == "in_pin:none" for line in lines)

    def _chain(self, name: str) -> list[Fx]:
        file = Path(name) if Path(name).is_absolute() else self._resource_path / "FXChains" / name
        if not file.is_file():
            return []
        chain = parse(f"<FXCHAIN\n{file.read_text('utf-8', 'replace')}\n>")
        return list(read_effects(chain)) if chain else []


def _plain(name: str) -> str:
    return name.strip().lower()
