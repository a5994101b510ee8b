"""A small player of JSFX, so that our instruments are heard in tests, not only looked at.

It knows the part of EEL2 that they use and refuses everything else. Names are the same in capitals and small letters, as
in REAPER. An assignment inside a condition must stand in brackets, which is stricter than REAPER is.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

Code = Callable[[list[float]], float]
MEMORY = 65_536
_TOKEN = re.compile(
    r"\s*(?://[^\n]*\n\s*)*(?:(\d+\.?\d*|\.\d+)|(\$pi|[a-z_]\w*)|(&&|\|\||[-+*/^]=|[<>=!]=|[-+*/^%&|!<>=?:;,()\[\]]))",
    re.IGNORECASE,
)
_SLIDER = re.compile(r"slider(\d+):([-\d.]+)<([-\d.]+),([-\d.]+)(?:,([-\d.]+)(?:\{([^}]*)\})?)?>(.*)")
_BINARY: tuple[dict[str, Callable[[float, float], float]], ...] = (
    {"&&": lambda a, b: 0.0, "||": lambda a, b: 0.0},  # done below: the right side may not be reached
    {
        "<": lambda a, b: float(a < b), ">": lambda a, b: float(a > b), "<=": lambda a, b: float(a <= b),
        ">=": lambda a, b: float(a >= b), "==": lambda a, b: float(abs(a - b) < 1e-5),
        "!=": lambda a, b: float(abs(a - b) >= 1e-5),
    },
    {"|": lambda a, b: float(int(a) | int(b)), "&": lambda a, b: float(int(a) & int(b))},
    {"+": lambda a, b: a + b, "-": lambda a, b: a - b},
    {"*": lambda a, b: a * b, "/": lambda a, b: a / b if b else 0.0},
    {"^": lambda a, b: a**b},
)  # fmt: skip
_CALLS: dict[str, Callable[..., float]] = {
    "sin": math.sin, "exp": math.exp, "floor": lambda x: float(math.floor(x)), "min": min, "max": max, "abs": abs,
}  # fmt: skip


@dataclass(frozen=True)
class Slider:
    """A parameter."""

    number: int
    default: float
    low: float
    high: float
    step: float
    names: tuple[str, ...]
    title: str


@dataclass
class Effect:
    """An effect that is loaded: its head, and its sections as code."""

    head: str
    sliders: tuple[Slider, ...]
    values: dict[str, float] = field(default_factory=dict)
    memory: list[float] = field(default_factory=lambda: [0.0] * MEMORY)
    midi: list[tuple[int, int, int, int]] = field(default_factory=list)
    sections: dict[str, Code] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path, sample_rate: int = 8000) -> Effect:
        """Read, compile and start it."""
        head, *parts = re.split(r"^@(\w+)[^\n]*\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        found = (match for line in head.splitlines() if (match := _SLIDER.fullmatch(line)))
        sliders = tuple(
            Slider(
                int(m[1]), float(m[2]), float(m[3]), float(m[4]), float(m[5] or 0), tuple((m[6] or "").split(",")), m[7]
            )
            for m in found
        )
        effect = cls(head, sliders)
        effect.values = {"srate": float(sample_rate), "spl0": 0.0, "spl1": 0.0}
        effect.values |= {f"slider{slider.number}": slider.default for slider in sliders}
        functions: dict[str, tuple[int, list[Code]]] = {}
        for name, text in zip(parts[::2], parts[1::2], strict=True):
            effect.sections[name] = _Reader(effect, text, functions).program()
        effect.run("init")
        effect.run("slider")
        return effect

    def run(self, section: str) -> None:
        """Run a section once."""
        self.sections[section]([])

    def set(self, number: int, value: float) -> None:
        """Move a slider."""
        self.values[f"slider{number}"] = value
        self.run("slider")

    def play(
        self, events: Sequence[tuple[int, int, int, int]], samples: int, block: int = 256
    ) -> list[tuple[float, float]]:
        """What is heard: events are (sample, status, first, second)."""
        heard = []
        for begin in range(0, samples, block):
            end = min(begin + block, samples)
            self.midi = [(at - begin, *message) for at, *message in events if begin <= at < end]  # type: ignore[misc]
            self.run("block")
            for _ in range(begin, end):
                self.values["spl0"] = self.values["spl1"] = 0.0
                self.run("sample")
                heard.append((self.values["spl0"], self.values["spl1"]))
        return heard


class _Reader:
    """Turns text into code, by recursive descent."""

    def __init__(self, effect: Effect, text: str, functions: dict[str, tuple[int, list[Code]]]) -> None:
        self.effect, self.functions = effect, functions
        self.locals: dict[str, int] = {}
        self.tokens: list[tuple[str, str]] = []
        at, text = 0, text.rstrip()
        while at < len(text):
            match = _TOKEN.match(text, at)
            if match is None:
                assert re.fullmatch(r"(\s*//[^\n]*)*\s*", text[at:]), f"unknown: {text[at : at + 40]!r}"
                break
            kind = "number" if match[1] else "name" if match[2] else "sign"
            self.tokens.append((kind, (match[1] or match[2] or match[3]).lower()))
            at = match.end()
        self.tokens.append(("end", ""))
        self.at = 0

    def program(self) -> Code:
        code = self.sequence()
        assert self.tokens[self.at][0] == "end", f"left over: {self.tokens[self.at : self.at + 5]}"
        return code

    def peek(self, *signs: str) -> str | None:
        kind, text = self.tokens[self.at]
        return text if kind == "sign" and text in signs else None

    def take(self, *signs: str) -> str | None:
        found = self.peek(*signs)
        self.at += found is not None
        return found

    def want(self, sign: str) -> None:
        assert self.take(sign), f"wanted {sign!r}: {self.tokens[self.at : self.at + 5]}"

    def name(self) -> str:
        kind, text = self.tokens[self.at]
        assert kind == "name", f"wanted a name: {self.tokens[self.at : self.at + 5]}"
        self.at += 1
        return text

    def sequence(self) -> Code:
        codes = []
        while self.tokens[self.at][0] != "end" and not self.peek(")", ","):
            if self.tokens[self.at] == ("name", "function"):
                self.function()
            else:
                codes.append(self.assignment())
            if not self.take(";"):
                break

        def run(frame: list[float]) -> float:
            value = 0.0
            for code in codes:
                value = code(frame)
            return value

        return codes[0] if len(codes) == 1 else run

    def function(self) -> None:
        self.at += 1
        name = self.name()
        parameters = self.names()
        is_local = self.tokens[self.at] == ("name", "local")
        self.at += is_local
        names = [*parameters, *(self.names() if is_local else ())]
        assert len(set(names)) == len(names), f"{name}: a name twice"
        self.locals = {text: number for number, text in enumerate(names)}
        body: list[Code] = []
        self.functions[name] = (len(parameters), body)
        self.want("(")
        code = self.sequence()
        self.want(")")
        self.locals, spare = {}, [0.0] * (len(names) - len(parameters))
        body.append(lambda arguments: code([*arguments, *spare]))

    def names(self) -> list[str]:
        self.want("(")
        found = []
        while not self.take(")"):
            found.append(self.name())
            self.take(",")
        return found

    def assignment(self) -> Code:
        begin = self.at
        value = self.condition()
        sign = self.take("=", "+=", "-=", "*=", "/=")
        if sign is None:
            return value
        after, self.at = self.at, begin
        store = self.place()
        assert self.at == after - 1, f"only a name or memory is assigned to: {self.tokens[begin : begin + 5]}"
        self.at = after
        new = self.assignment()
        if sign == "=":
            return lambda frame: store(frame, new(frame))
        change = _BINARY[3 if sign[0] in "+-" else 4][sign[0]]
        return lambda frame: store(frame, change(value(frame), new(frame)))

    def place(self) -> Callable[[list[float], float], float]:
        name = self.name()
        load = self.variable(name)
        if self.take("["):
            index, memory = self.condition(), self.effect.memory
            self.want("]")

            def put(frame: list[float], value: float) -> float:
                memory[_cell(load(frame) + index(frame))] = value
                return value

            return put
        if name in self.locals:
            number = self.locals[name]

            def keep(frame: list[float], value: float) -> float:
                frame[number] = value
                return value

            return keep
        values = self.effect.values

        def note(frame: list[float], value: float) -> float:
            values[name] = value
            return value

        return note

    def condition(self) -> Code:
        test = self.binary(0)
        if not self.take("?"):
            return test
        yes = self.condition()
        no = self.condition() if self.take(":") else lambda frame: 0.0
        return lambda frame: yes(frame) if test(frame) else no(frame)

    def binary(self, level: int) -> Code:
        if level == len(_BINARY):
            return self.unary()
        left = self.binary(level + 1)
        while sign := self.take(*_BINARY[level]):
            left = self.joined(sign, left, self.binary(level + 1), level)
        return left

    def joined(self, sign: str, left: Code, right: Code, level: int) -> Code:
        if sign == "&&":
            return lambda frame: float(bool(left(frame)) and bool(right(frame)))
        if sign == "||":
            return lambda frame: float(bool(left(frame)) or bool(right(frame)))
        does = _BINARY[level][sign]
        return lambda frame: does(left(frame), right(frame))

    def unary(self) -> Code:
        if self.take("-"):
            value = self.unary()
            return lambda frame: -value(frame)
        if self.take("!"):
            value = self.unary()
            return lambda frame: float(not value(frame))
        return self.primary()

    def primary(self) -> Code:
        kind, text = self.tokens[self.at]
        if kind == "number":
            self.at += 1
            number = float(text)
            return lambda frame: number
        if self.take("("):
            code = self.sequence()
            self.want(")")
        elif text in ("loop", "while"):
            return self.repeated()
        else:
            name = self.name()
            code = self.call(name) if self.peek("(") else self.variable(name)
        memory = self.effect.memory
        while self.take("["):
            index, base = self.condition(), code
            self.want("]")
            code = lambda frame, base=base, index=index: memory[_cell(base(frame) + index(frame))]  # type: ignore[misc]  # noqa: E731
        return code

    def variable(self, name: str) -> Code:
        if name == "$pi":
            return lambda frame: math.pi
        if name in self.locals:
            number = self.locals[name]
            return lambda frame: frame[number]
        values = self.effect.values
        return lambda frame: values.get(name, 0.0)

    def repeated(self) -> Code:
        kind = self.name()
        self.want("(")
        count = self.condition()
        if kind == "loop":
            self.want(",")
            body = self.sequence()
            self.want(")")

            def loop(frame: list[float]) -> float:
                for _ in range(int(count(frame))):
                    body(frame)
                return 0.0

            return loop
        self.want(")")
        self.want("(")
        body = self.sequence()
        self.want(")")

        def run(frame: list[float]) -> float:
            for _ in range(100_000):
                if not count(frame):
                    return 0.0
                body(frame)
            raise AssertionError("a loop without end")

        return run

    def call(self, name: str) -> Code:
        self.want("(")
        if name == "midirecv":
            return self.midirecv()
        arguments = []
        while not self.peek(")"):
            arguments.append(self.assignment())
            self.take(",")
        self.want(")")
        if name == "memset":
            return lambda frame: self.memset(*(argument(frame) for argument in arguments))
        if name in self.functions:
            count, body = self.functions[name]
            assert count == len(arguments), f"{name} takes {count}, not {len(arguments)}"
            return lambda frame: body[0]([argument(frame) for argument in arguments])
        does = _CALLS[name]
        return lambda frame: does(*(argument(frame) for argument in arguments))

    def memset(self, begin: float, value: float, count: float) -> float:
        for cell in range(int(begin), int(begin + count)):
            self.effect.memory[cell] = value
        return begin

    def midirecv(self) -> Code:
        stores = [self.place()]
        while self.take(","):
            stores.append(self.place())
        self.want(")")

        def receive(frame: list[float]) -> float:
            if not self.effect.midi:
                return 0.0
            for store, value in zip(stores, self.effect.midi.pop(0), strict=True):
                store(frame, float(value))
            return 1.0

        return receive


def _cell(where: float) -> int:
    assert 0 <= where < MEMORY, f"memory has no cell {where}"
    return int(where + 1e-5)
