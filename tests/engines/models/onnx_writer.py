"""Tiny ONNX files, written by hand: protobuf is only tags, lengths and bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

DTYPES = {"float32": 1, "uint8": 2, "int8": 3, "int32": 6, "int64": 7, "bool": 9, "float16": 10}


def number(value: int) -> bytes:
    """A varint."""
    value &= (1 << 64) - 1
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def field(tag: int, value: int | str | bytes) -> bytes:
    """One field of a message."""
    if isinstance(value, int):
        return number(tag << 3) + number(value)
    data = value.encode() if isinstance(value, str) else value
    return number(tag << 3 | 2) + number(len(data)) + data


def tensor(name: str, array: NDArray[Any]) -> bytes:
    """An initializer."""
    dims = b"".join(field(1, length) for length in array.shape)
    return dims + field(2, DTYPES[str(array.dtype)]) + field(8, name) + field(9, array.tobytes())


def outside(name: str, location: str, length: int = 2**31) -> bytes:
    """An initializer whose numbers lie in another file."""
    entries = {"location": location, "offset": "0", "length": str(length)}
    where = b"".join(field(13, field(1, key) + field(2, value)) for key, value in entries.items())
    return field(1, length // 4) + field(2, 1) + field(8, name) + where + field(14, 1)


def value(name: str, dtype: str, shape: Sequence[int | str]) -> bytes:
    """An input or output."""
    axes = b"".join(field(1, field(1 if isinstance(axis, int) else 2, axis)) for axis in shape)
    return field(1, name) + field(2, field(1, field(1, DTYPES[dtype]) + field(2, axes)))


def attribute(name: str, value: int | float | bytes) -> bytes:
    """An attribute: a whole number, a fraction, or the message of a tensor (5) or graph (6) with its tag."""
    if isinstance(value, bytes):
        return field(1, name) + value
    if isinstance(value, float):
        return field(1, name) + number(2 << 3 | 5) + np.float32(value).tobytes() + field(20, 1)
    return field(1, name) + field(3, value) + field(20, 2)


def node(
    name: str,
    inputs: Sequence[str],
    outputs: Sequence[str],
    domain: str = "",
    attributes: Mapping[str, int | float | bytes] | None = None,
) -> bytes:
    """One operation."""
    return (
        b"".join(field(1, each) for each in inputs)
        + b"".join(field(2, each) for each in outputs)
        + field(4, name)
        + b"".join(field(5, attribute(*each)) for each in (attributes or {}).items())
        + (field(7, domain) if domain else b"")
    )


def graph(
    nodes: Sequence[bytes], inputs: Sequence[bytes], outputs: Sequence[bytes], weights: Sequence[bytes] = ()
) -> bytes:
    """A graph."""
    parts = [(1, each) for each in nodes] + [(5, each) for each in weights]
    parts += [(11, each) for each in inputs] + [(12, each) for each in outputs]
    return field(2, "tiny") + b"".join(field(tag, each) for tag, each in parts)


def model(graph: bytes, opset: int = 17, ir: int = 8, more: bytes = b"") -> bytes:
    """A whole file."""
    domains = field(8, field(1, "") + field(2, opset)) + field(8, field(1, "com.microsoft") + field(2, 1))
    return field(1, ir) + domains + field(7, graph) + more


WEIGHT = np.arange(12, dtype=np.float32).reshape(4, 3) / 10


def heads(bias: float = 1.0, opset: int = 17, weights: Sequence[bytes] = (), nodes: Sequence[bytes] = ()) -> bytes:
    """`logits = hidden @ WEIGHT + bias`."""
    own = [tensor("weight", WEIGHT), tensor("bias", np.full(3, bias, np.float32))]
    return model(
        graph(
            [node("MatMul", ["hidden", "weight"], ["product"]), node("Add", ["product", "bias"], ["logits"]), *nodes],
            [value("hidden", "float32", ["batch", 4])],
            [value("logits", "float32", ["batch", 3])],
            [*own, *weights],
        ),
        opset,
    )


HEADS, SIZE = 1, 8
"""Attention heads of the trunk, and numbers in each."""


def trunk() -> bytes:
    """Grouped-query attention alone: query, key and value in, attention and both caches out."""
    cache = ["batch", HEADS, "capacity", SIZE]
    step = ["batch", "new", HEADS * SIZE]
    inputs = [value(name, "float32", step) for name in ("query", "key", "value")]
    inputs += [value(name, "float32", cache) for name in ("past_key", "past_value")]
    inputs += [value("seqlens", "int32", ["batch"]), value("total", "int32", [1])]
    names = ["query", "key", "value", "past_key", "past_value", "seqlens", "total"]
    attention = node(
        "GroupQueryAttention", names, ["out", "present_key", "present_value"], "com.microsoft",
        {"num_heads": HEADS, "kv_num_heads": HEADS},
    )  # fmt: skip
    outputs = [value("out", "float32", step)]
    outputs += [value(name, "float32", cache) for name in ("present_key", "present_value")]
    return model(graph([attention], inputs, outputs))
