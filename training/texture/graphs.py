"""The texture model as ONNX graphs of plain operators: `encode` and `decode`."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import onnx

from engines.accompaniment.grid import CHORD, DRAFT, KEYS, LOWEST_KEY, PLACES, REGISTER
from training.graph import FLOAT, INT64, Graph
from training.texture.model import OVER_ROOT, TextureModel

Weights = dict[str, npt.NDArray[Any]]
STEPS = ("windows", "steps")
TABLES = ("place", "bar", "counts")


def weights_of(model: TextureModel) -> Weights:
    """All weights as arrays; matrices turned so that rows multiply them from the left."""
    table = {}
    for name, value in model.state_dict().items():
        array = value.detach().cpu().float().numpy()
        is_table = name.split(".")[-2] in TABLES
        table[name] = array.T if array.ndim == 2 and not is_table else array
    return table


def encode(model: TextureModel, weights: Weights) -> onnx.ModelProto:
    """Rolls as latents."""
    g = _Window("encode", weights, "encoder", model.shape.head, model.shape.width)
    roll = g.input("roll", FLOAT, (*STEPS, 2 * KEYS))
    place, bar_steps, there = g.steps()
    x = g.op("Add", g.line(roll, "roll"), g.where(place, bar_steps))
    x = g.stack(x, there, model.shape.encoder)
    lane = g.times(g.norm(x, "norm"), "lane")
    seats = g.op("Transpose", g.seats(place, there), perm=(0, 2, 1))
    table = g.op("Reshape", g.op("MatMul", seats, lane), g.ints(0, PLACES * model.shape.lane))
    z = g.line(table, "out")
    g.output(g.even(z), "latent", FLOAT, ("windows", model.shape.latent))
    return g.finish()


def decode(model: TextureModel, weights: Weights) -> onnx.ModelProto:
    """Latents and what is asked for as scores."""
    shape = model.shape
    g = _Window("decode", weights, "decoder", shape.head, shape.width)
    latent = g.input("latent", FLOAT, ("windows", shape.latent))
    chords, register = g.input("chords", FLOAT, (*STEPS, CHORD)), g.input("register", FLOAT, (*STEPS, REGISTER))
    counts, draft = g.input("counts", INT64, STEPS), g.input("draft", FLOAT, (*STEPS, DRAFT))
    place, bar_steps, there = g.steps()
    lanes = g.op("Reshape", g.line(latent, "table"), g.ints(0, PLACES, shape.lane))
    x = g.times(g.op("MatMul", g.seats(place, there), lanes), "lane")
    x = g.op("Add", g.op("Add", x, g.where(place, bar_steps)), g.row("counts", counts))
    x = g.op("Add", x, g.line(g.op("Concat", chords, register, axis=-1), "asked"))
    x = g.op("Add", x, g.times(draft, "draft"))
    x = g.stack(x, there, shape.decoder)
    y = g.op("Gelu", g.line(g.op("Concat", g.norm(x, "norm"), chords, axis=-1), "mix"))
    struck = g.op("Slice", draft, g.ints(0), g.ints(KEYS), g.ints(2))
    sizes = g.ints(*[KEYS] * 4, OVER_ROOT)
    plain, lengths, tone, bass, over = g.op("Split", g.line(y, "keys"), sizes, axis=-1, outputs=5)
    keys = np.arange(KEYS)
    root = g.op("ArgMax", g.op("Slice", chords, g.ints(0), g.ints(12), g.ints(2)), axis=-1, keepdims=1)
    over = g.op("GatherElements", over, g.op("Sub", g.weight("over_c", keys + 11), root), axis=2)
    pcs = (keys + LOWEST_KEY) % 12
    is_tone = g.op("Gather", chords, g.weight("tone_of_key", 12 + pcs), axis=2)
    is_bass = g.op("Gather", chords, g.weight("bass_of_key", 24 + pcs), axis=2)
    onsets = g.op("Add", g.op("Add", plain, over), g.op("Mul", g.line(y, "lean"), struck))
    for part, is_ in ((tone, is_tone), (bass, is_bass)):
        onsets = g.op("Add", onsets, g.op("Mul", part, is_))
    g.output(onsets, "onsets", FLOAT, (*STEPS, KEYS))
    g.output(lengths, "lengths", FLOAT, (*STEPS, KEYS))
    return g.finish()


class _Window(Graph):
    """A network over the steps of windows."""

    def __init__(self, name: str, weights: Weights, net: str, head: int, width: int) -> None:
        super().__init__(name)
        self._all, self._net, self._head, self._width = weights, net, head, width

    def steps(self) -> tuple[str, str, str]:
        """Where steps stand, as it is fed."""
        return (
            self.input("place", INT64, STEPS), self.input("bar_steps", INT64, STEPS), self.input("there", FLOAT, STEPS),
        )  # fmt: skip

    def times(self, x: str, name: str) -> str:
        """A product with a matrix."""
        return str(self.op("MatMul", x, self._weight(name)))

    def line(self, x: str, name: str) -> str:
        """A product and what is added to it."""
        return str(self.op("Add", self.times(x, name), self._weight(name, "bias")))

    def row(self, name: str, at: str) -> str:
        """Rows of a table."""
        return str(self.op("Gather", self._weight(name), at, axis=0))

    def where(self, place: str, bar_steps: str) -> str:
        """Steps as vectors."""
        return str(self.op("Add", self.row("steps.place", place), self.row("steps.bar", bar_steps)))

    def seats(self, place: str, there: str) -> str:
        """[windows, steps, PLACES]: 1 where a step stands."""
        ends = self.weight("off_and_on", np.array([0, 1], dtype=np.float32))
        seats = self.op("OneHot", place, self.ints(PLACES), ends, axis=-1)
        return str(self.op("Mul", seats, self.op("Unsqueeze", there, self.ints(2))))

    def norm(self, x: str, name: str) -> str:
        """Mean square 1, then a gain for each number."""
        return str(self.op("Mul", self.even(x), self._weight(name)))

    def even(self, x: str) -> str:
        """Mean square 1."""
        # In this form ONNX Runtime knows the norm again and makes one operator of it.
        mean = self.op("ReduceMean", self.op("Pow", x, self.number(2.0)), self.ints(-1), keepdims=1)
        return str(self.op("Div", x, self.op("Sqrt", self.op("Add", mean, self.number(1e-5)))))

    def stack(self, x: str, there: str, layers: int) -> str:
        """All blocks."""
        bias = self.op("Mul", self.op("Sub", there, self.number(1.0)), self.number(1e4))
        bias = self.op("Unsqueeze", bias, self.ints(1, 2))
        for i in range(layers):
            name = f"blocks.{i}"
            attended = self._attended(self.times(self.norm(x, f"{name}.norm_a"), f"{name}.qkv"), bias)
            x = self.op("Add", x, self.times(attended, f"{name}.o"))
            y = self.op("Gelu", self.times(self.norm(x, f"{name}.norm_b"), f"{name}.up"))
            x = self.op("Add", x, self.times(y, f"{name}.down"))
        return x

    def _attended(self, qkv: str, bias: str) -> str:
        heads = self._width // self._head
        apart = self.op("Reshape", qkv, self.ints(0, 0, 3 * heads, self._head))
        q, k, v = self.op("Split", apart, self.ints(heads, heads, heads), axis=2, outputs=3)
        q, v = (self.op("Transpose", part, perm=(0, 2, 1, 3)) for part in (q, v))
        scores = self.op("MatMul", q, self.op("Transpose", k, perm=(0, 2, 3, 1)))
        scores = self.op("Add", self.op("Mul", scores, self.number(self._head**-0.5)), bias)
        mixed = self.op("Transpose", self.op("MatMul", self.op("Softmax", scores, axis=-1), v), perm=(0, 2, 1, 3))
        return str(self.op("Reshape", mixed, self.ints(0, 0, self._width)))

    def _weight(self, name: str, kind: str = "weight") -> str:
        full = f"{self._net}.{name}.{kind}"
        return self.weight(full, self._all[full])
