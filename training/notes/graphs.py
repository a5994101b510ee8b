"""The note decoder as ONNX graphs: two stacks, each fused and portable, and a head for every field.

Fused: `GroupQueryAttention`, which turns, masks and writes into one cache buffer. Portable: plain operators; the cache goes in,
only new keys and values come out, and the host keeps them. Both get the rotary table from the host.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import onnx

from engines.models import tokens as t
from training.graph import FLOAT, HALF, INT32, INT64, MICROSOFT, Graph
from training.notes.model import ANNOUNCED, OFFSETS, PREDICTED, SIZES, NoteDecoder, Shape

Weights = dict[str, npt.NDArray[Any]]


def weights_of(model: NoteDecoder) -> Weights:
    """All weights as arrays; matrices turned so that rows multiply them from the left, and query, key and value of a block in
    one, since one large product is faster than three small ones.
    """
    table = {}
    for name, value in model.state_dict().items():
        array = value.detach().cpu().float().numpy()
        is_matrix = array.ndim == 2 and not name.startswith(("event", "announced", "chosen"))
        table[name] = array.T if is_matrix else array
    for name in [name for name in table if name.endswith(".q.weight")]:
        block = name.removesuffix(".q.weight")
        table[f"{block}.qkv.weight"] = np.concatenate([table[f"{block}.{part}.weight"] for part in "qkv"], axis=1)
    return table


def stack(model: NoteDecoder, weights: Weights, which: str, *, fused: bool, half: bool = False) -> onnx.ModelProto:
    """The `lower` stack (events → stream) or the `upper` one (stream, following events → stream). With `half` matrices, caches
    and attention have half precision; the stream between the blocks stays whole.
    """
    shape = model.shape
    g = _Graph(which, half=half)
    rows = g.input("following" if which == "upper" else "rows", INT64, ("batch", "time", t.WIDTH))
    if which == "lower":
        x = _looked_up(g, weights, "event", rows, list(range(t.WIDTH)))
    else:
        stream = g.input("stream", FLOAT, ("batch", "time", shape.width))
        told = g.op("Gather", rows, g.ints(*ANNOUNCED), axis=2)
        x = g.op("Add", stream, _looked_up(g, weights, "announced", told, list(ANNOUNCED)))
    attend = (_Fused if fused else _Portable)(g, shape)
    for i in range(getattr(shape, which)):
        name = f"{which}.{i}"
        y = _norm(g, x, weights, f"{name}.norm_a")
        x = g.op("Add", x, g.whole(_times(g, attend(i, _times(g, y, weights, f"{name}.qkv")), weights, f"{name}.o")))
        y = g.op("Gelu", _times(g, _norm(g, x, weights, f"{name}.norm_b"), weights, f"{name}.up"))
        x = g.op("Add", x, g.whole(_times(g, y, weights, f"{name}.down")))
    g.output(x, "out", FLOAT, ("batch", "time", shape.width))
    return g.finish()


def head(model: NoteDecoder, weights: Weights, which: int) -> onnx.ModelProto:
    """The head of one predicted field: its scores, given the stream and the fields chosen before it. Each has a graph of its
    own, since whoever plays asks for one field after another, and a graph always answers whole.
    """
    g = _Graph(t.FIELDS[PREDICTED[which]].name, half=False)
    x = g.input("stream", FLOAT, ("rows", model.shape.width))
    before = list(PREDICTED[:which])
    if before:
        x = g.op("Add", x, _looked_up(g, weights, "chosen", g.input("so_far", INT64, ("rows", which)), before))
    name = f"heads.{which}"
    y = g.op("Gelu", _times(g, _norm(g, x, weights, f"{name}.norm"), weights, f"{name}.mix"))
    y = g.op("Add", _times(g, y, weights, f"{name}.out"), g.weight(f"{name}.bias", weights[f"{name}.out.bias"]))
    g.output(y, "scores", FLOAT, ("rows", SIZES[PREDICTED[which]]))
    return g.finish()


class _Graph(Graph):
    """A graph whose inner parts are whole or half."""

    def __init__(self, name: str, *, half: bool) -> None:
        super().__init__(name)
        self.half = half
        self.inner = HALF if half else FLOAT
        self.dtype = np.float16 if half else np.float32

    def whole(self, x: str) -> str:
        """As a part of the stream."""
        out: str = self.op("Cast", x, to=FLOAT) if self.half else x
        return out


def _looked_up(g: _Graph, weights: Weights, table: str, values: str, fields: list[int]) -> str:
    """The sum of the vectors of some fields, the last axis of `values`. The table holds their rows and no others, in half
    precision, which halves the file and costs nothing measurable.
    """
    begins = np.cumsum([0, *(SIZES[f] for f in fields[:-1])])
    mine = np.concatenate([np.arange(OFFSETS[f], OFFSETS[f] + SIZES[f]) for f in fields])
    rows = g.weight(table, weights[f"{table}.weight"][mine].astype(np.float16))
    at = g.op("Add", values, g.weight(f"{table}.begins", begins.astype(np.int64)))
    picked = g.op("Cast", g.op("Gather", rows, at, axis=0), to=FLOAT)
    out: str = g.op("ReduceSum", picked, g.ints(-2), keepdims=0)
    return out


def _times(g: _Graph, x: str, weights: Weights, name: str) -> str:
    out: str = g.op("MatMul", x, g.weight(name, weights[f"{name}.weight"].astype(g.dtype)))
    return out


def _norm(g: _Graph, x: str, weights: Weights, name: str) -> str:
    # In this form ONNX Runtime knows it again and makes one operator of it.
    mean = g.op("ReduceMean", g.op("Pow", x, g.number(2.0)), g.ints(-1), keepdims=1)
    even = g.op("Div", x, g.op("Sqrt", g.op("Add", mean, g.number(1e-5))))
    out: str = g.op("Mul", even, g.weight(name, weights[f"{name}.weight"]))
    return g.op("Cast", out, to=HALF) if g.half else out


class _Fused:
    """One operator; past and present are the same buffer of fixed capacity."""

    def __init__(self, g: _Graph, shape: Shape) -> None:
        self._g, self._shape, self._cache = g, shape, ("batch", shape.kv, "capacity", shape.head)
        self._last = g.input("last", INT32, ("batch",))
        self._total = g.input("total", INT32, ())
        self._cos = g.input("cos", g.inner, ("places", shape.head // 2))
        self._sin = g.input("sin", g.inner, ("places", shape.head // 2))

    def __call__(self, i: int, qkv: str) -> str:
        g, shape = self._g, self._shape
        past = [g.input(f"{kind}_{i}", g.inner, self._cache) for kind in ("key", "value")]
        now = [f"new_{kind}_{i}" for kind in ("key", "value")]
        out = f"attended_{i}"
        inputs = (qkv, "", "", *past, self._last, self._total, self._cos, self._sin)
        settings = {"num_heads": shape.heads, "kv_num_heads": shape.kv, "do_rotary": 1, "rotary_interleaved": 0}
        g.op("GroupQueryAttention", *inputs, outputs=(out, *now), domain=MICROSOFT, **settings)
        for name in now:
            g.result(name, g.inner, self._cache)
        return out


class _Portable:
    """Plain operators; what is new comes out, the host keeps it. Heads that share keys and values stand together."""

    def __init__(self, g: _Graph, shape: Shape) -> None:
        self._g, self._shape = g, shape
        self._bias = g.input("bias", g.inner, ("batch", 1, 1, "time", "all"))
        self._cos = g.input("cos", g.inner, ("batch", 1, 1, "time", shape.head // 2))
        self._sin = g.input("sin", g.inner, ("batch", 1, 1, "time", shape.head // 2))

    def __call__(self, i: int, qkv: str) -> str:
        g, kv, head = self._g, self._shape.kv, self._shape.head
        each = self._shape.heads // kv
        cache = ("batch", kv, "past", head)
        past_k, past_v = (
            g.op("Unsqueeze", g.input(f"{kind}_{i}", g.inner, cache), g.ints(2)) for kind in ("key", "value")
        )
        parts = g.op("Split", qkv, g.ints(kv * each * head, kv * head, kv * head), axis=-1, outputs=3)
        q, k, v = (self._apart(x, n) for x, n in zip(parts, (each, 1, 1), strict=True))
        q, k = self._turned(q), self._turned(k)
        for kind, new in (("key", k), ("value", v)):
            g.output(g.op("Squeeze", new, g.ints(2)), f"new_{kind}_{i}", g.inner, ("batch", kv, "time", head))
        keys, values = g.op("Concat", past_k, k, axis=3), g.op("Concat", past_v, v, axis=3)
        scores = g.op(
            "MatMul",
            g.op("Mul", q, g.weight("scale", np.array(head**-0.5, dtype=g.dtype))),
            g.op("Transpose", keys, perm=(0, 1, 2, 4, 3)),
        )
        weights = g.op("Softmax", g.op("Add", scores, self._bias), axis=-1)
        mixed = g.op("Transpose", g.op("MatMul", weights, values), perm=(0, 3, 1, 2, 4))
        out: str = g.op("Reshape", mixed, g.ints(0, 0, kv * each * head))
        return out

    def _apart(self, x: str, each: int) -> str:
        """[batch, kv, each, time, head]."""
        g = self._g
        apart = g.op("Reshape", x, g.ints(0, 0, self._shape.kv, each, self._shape.head))
        out: str = g.op("Transpose", apart, perm=(0, 2, 3, 1, 4))
        return out

    def _turned(self, x: str) -> str:
        g = self._g
        a, b = g.op("Split", x, axis=-1, num_outputs=2, outputs=2)
        first = g.op("Sub", g.op("Mul", a, self._cos), g.op("Mul", b, self._sin))
        second = g.op("Add", g.op("Mul", b, self._cos), g.op("Mul", a, self._sin))
        out: str = g.op("Concat", first, second, axis=-1)
        return out
