"""`gfx`: one window, what was drawn in it, and a person's mouse and keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.reaper.double.arguments import check_arguments, check_returns
from tests.reaper.double.facts import gfx_functions, gfx_variables
from tests.reaper.double.rules import Refused

if TYPE_CHECKING:
    from tests.reaper.double.reaper import Reaper

CLOSED = -1


@dataclass(frozen=True, slots=True)
class Drawn:
    """One thing that was drawn."""

    function: str
    arguments: tuple[Any, ...]
    """All of the function's, None where the script gave none."""
    colour: tuple[float, float, float, float]
    pen: tuple[float, float]
    """Where `gfx.x` and `gfx.y` stood."""
    size: int
    """The font's, in pixels."""
    dest: int
    """-1 for the window, otherwise a picture in memory."""

    @property
    def advance(self) -> float:
        """How wide a character is."""
        return float(round(self.size * 0.55))


class Gfx:
    """The graphics window of one script. `Reaper.gfx` is the one that was opened last."""

    def __init__(self, reaper: Reaper) -> None:
        self._reaper = reaper
        self.open = False
        self.title = ""
        self.dock = 0
        self.values: dict[str, float] = dict.fromkeys(gfx_variables(), 0.0)
        self.values.update(a=1.0, a2=1.0, dest=-1.0, texth=16.0)
        self.keys: list[int] = []
        """Characters `gfx.getchar` gives, one a call."""
        self.drops: list[str] = []
        """Files dropped on the window."""
        self.drawn: list[Drawn] = []
        """What was drawn since the last `gfx.update`."""
        self.frame: list[Drawn] = []
        """The last finished frame."""
        self._wheel_was_read = False
        self.font: tuple[int, str, int] = (0, "Arial", 16)
        self._fonts: dict[int, tuple[int, str, int]] = {}

    # A person at the window

    def move(self, x: float, y: float) -> None:
        """The mouse goes there, in pixels of the window."""
        self.values.update(mouse_x=float(x), mouse_y=float(y))

    def press(self, buttons: int = 1) -> None:
        """Buttons and modifiers that are down, as `gfx.mouse_cap`."""
        self.values["mouse_cap"] = float(buttons)

    def turn(self, steps: float) -> None:
        """The mouse wheel, 120 a notch."""
        self.values["mouse_wheel"] += steps

    def close(self) -> None:
        """The person closes the window."""
        self.open = False

    def words(self) -> list[str]:
        """Every text of the last frame."""
        return [drawn.arguments[0] for drawn in self.frame if drawn.function == "drawstr"]

    def place_of(self, words: str) -> tuple[float, float]:
        """Where these words stand in the last frame."""
        return next(d.pen for d in self.frame if d.function == "drawstr" and words in d.arguments[0])

    # From Lua

    def check_wheel(self) -> None:
        """After a turn: who read how far the wheel went has to set it back."""
        if self._wheel_was_read and self.values["mouse_wheel"]:
            self._reaper.rules.note(f"{self.title}: gfx.mouse_wheel was read and not set to 0, so it counts again")
        self._wheel_was_read = False

    def get(self, name: object) -> object:
        key = name.decode() if isinstance(name, bytes) else str(name)
        if key in self.values:
            self._wheel_was_read |= key == "mouse_wheel" and self.values[key] != 0
            return b"variable", self.values[key]
        if key in gfx_functions():
            return b"call" if gfx_functions()[key].returns else b"void"
        return self._reaper.desk.refuse(f"gfx.{key}: there is no such thing")

    def set(self, name: object, value: object) -> object:
        key = name.decode() if isinstance(name, bytes) else str(name)
        if key not in gfx_variables():
            return self._reaper.desk.refuse(f"gfx.{key}: there is no such variable")
        if not gfx_variables()[key]:
            return self._reaper.desk.refuse(f"gfx.{key} is REAPER's to set")
        if isinstance(value, bool) or not isinstance(value, int | float):
            return self._reaper.desk.refuse(f"gfx.{key}: a number expected")
        self.values[key] = float(value)
        return None

    def call(self, name: bytes, *given: Any) -> object:
        key = name.decode()
        try:
            if not self._reaper.in_tick:
                raise Refused("called outside a tick")
            signature = gfx_functions()[key]
            arguments = check_arguments(self._reaper, signature, given)
            values = check_returns(signature, getattr(self, f"_{key}", self._draw(key))(*arguments))
        except Refused as refused:
            return self._reaper.desk.refuse(f"gfx.{key}: {refused}")
        return values[0] if len(values) == 1 else values

    def _draw(self, key: str) -> Any:
        def record(*arguments: Any) -> Any:
            self._record(key, *arguments)
            wanted = gfx_functions()[key].returns
            return tuple(0.0 for _ in wanted) or None

        return record

    def _record(self, key: str, *arguments: Any) -> None:
        if not self.open:
            raise Refused("there is no window; gfx.init opens one")
        v = self.values
        colour, pen = (v["r"], v["g"], v["b"], v["a"]), (v["x"], v["y"])
        self.drawn.append(Drawn(key, arguments, colour, pen, self.font[2], int(v["dest"])))

    def _init(self, name: str, width: Any, height: Any, dock: Any, x: Any, y: Any) -> float:
        self._reaper.gfx = self
        self.open, self.title = True, name or self.title
        if width:
            self.values.update(w=width, h=height or width)
        self.dock = int(dock or 0)
        return 1.0

    def _quit(self) -> float:
        self.open = False
        return 0.0

    def _update(self) -> float:
        self.frame, self.drawn = self.drawn, []
        return 0.0

    def _getchar(self, character: Any, _unicode: Any) -> float:
        if not self.open:
            return float(CLOSED)
        if character:
            return 0.0
        return float(self.keys.pop(0)) if self.keys else 0.0

    def _set(self, r: float, g: Any, b: Any, a: Any, mode: Any, dest: Any) -> float:
        self.values.update(r=r, g=r if g is None else g, b=r if b is None else b, a=1.0 if a is None else a)
        self.values.update({key: value for key, value in (("mode", mode), ("dest", dest)) if value is not None})
        return 0.0

    def _setfont(self, index: float, face: Any, size: Any, _flags: Any) -> float:
        number = int(index)
        if face is not None or size is not None:
            self._fonts[number] = (number, face or "Arial", int(size or 16))
        self.font = self._fonts.get(number, (number, "Arial", 16))
        self.values["texth"] = float(self.font[2])
        return 1.0

    def _getfont(self) -> tuple[float, str]:
        return float(self.font[0]), self.font[1]

    def _measurestr(self, words: str) -> tuple[float, float]:
        lines = words.split("\n")
        return max(map(len, lines)) * self._advance(), self.font[2] * len(lines)

    def _measurechar(self, _char: float) -> tuple[float, float]:
        return self._advance(), float(self.font[2])

    def _advance(self) -> float:
        return float(round(self.font[2] * 0.55))

    def _drawstr(self, words: str, *where: Any) -> float:
        self._record("drawstr", words, *where)
        self.values["x"] += self._measurestr(words)[0]
        return 0.0

    def _lineto(self, x: float, y: float, aa: float) -> None:
        self._record("lineto", x, y, aa)
        self.values.update(x=x, y=y)

    def _rectto(self, x: float, y: float) -> float:
        self._record("rectto", x, y)
        self.values.update(x=x, y=y)
        return x

    def _showmenu(self, text: str) -> float:
        return float(self._reaper.desktop.answer_menu(text))

    def _getdropfile(self, index: int) -> Any:
        if index < 0:
            self.drops.clear()
            return 0.0, ""
        return (1.0, self.drops[index]) if index < len(self.drops) else (0.0, "")

    def _dock(self, _wish: float, *_where: Any) -> tuple[float, ...]:
        return float(self.dock), 0.0, 0.0, self.values["w"], self.values["h"]

    def _clienttoscreen(self, x: float, y: float) -> tuple[float, float]:
        return x + 100, y + 100

    def _screentoclient(self, x: float, y: float) -> tuple[float, float]:
        return x - 100, y - 100
