"""A small pen for ONNX graphs: one call an operator, names made as needed.

Graphs are written by hand rather than traced, so that a model's fused and its portable twin come from the same lines and
hold nothing that was not meant.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

OPSET = 20
FLOAT, HALF, INT64, INT32 = TensorProto.FLOAT, TensorProto.FLOAT16, TensorProto.INT64, TensorProto.INT32
MICROSOFT = "com.microsoft"


class Graph:
    """A graph in the making."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._nodes: list[onnx.NodeProto] = []
        self._inputs: list[onnx.ValueInfoProto] = []
        self._outputs: list[onnx.ValueInfoProto] = []
        self._weights: dict[str, onnx.TensorProto] = {}
        self._count = 0

    def input(self, name: str, kind: int, shape: Sequence[int | str]) -> str:
        """Something that is fed."""
        self._inputs.append(helper.make_tensor_value_info(name, kind, list(shape)))
        return name

    def output(self, value: str, name: str, kind: int, shape: Sequence[int | str]) -> None:
        """Something that comes out, under a name of its own."""
        self._nodes.append(helper.make_node("Identity", [value], [name]))
        self._outputs.append(helper.make_tensor_value_info(name, kind, list(shape)))

    def result(self, name: str, kind: int, shape: Sequence[int | str]) -> None:
        """Something that comes out as the operator that makes it has named it."""
        self._outputs.append(helper.make_tensor_value_info(name, kind, list(shape)))

    def weight(self, name: str, value: npt.NDArray[Any]) -> str:
        """A constant, stored once under its name."""
        if name not in self._weights:
            self._weights[name] = numpy_helper.from_array(np.asarray(value, order="C"), name)
        return name

    def ints(self, *values: int) -> str:
        """A constant list of whole numbers."""
        return self.weight("ints_" + "_".join(map(str, values)), np.array(values, dtype=np.int64))

    def number(self, value: float) -> str:
        """A constant."""
        return self.weight(f"number_{value!r}", np.array(value, dtype=np.float32))

    def op(self, kind: str, *inputs: str, outputs: int | Sequence[str] = 1, domain: str = "", **settings: Any) -> Any:
        """An operator; its output's name, or the names of several."""
        made = self._fresh(kind, outputs) if isinstance(outputs, int) else list(outputs)
        self._nodes.append(helper.make_node(kind, list(inputs), made, domain=domain, **settings))
        return made[0] if outputs == 1 else made

    def _fresh(self, kind: str, count: int) -> list[str]:
        self._count += 1
        return [f"{kind.lower()}_{self._count}" + (f"_{i}" if i else "") for i in range(count)]

    def finish(self) -> onnx.ModelProto:
        """The model, checked."""
        graph = helper.make_graph(self._nodes, self._name, self._inputs, self._outputs, list(self._weights.values()))
        domains = [helper.make_opsetid("", OPSET)]
        if any(node.domain == MICROSOFT for node in self._nodes):
            domains.append(helper.make_opsetid(MICROSOFT, 1))
        model = helper.make_model(graph, opset_imports=domains, producer_name="partimento", ir_version=10)
        onnx.checker.check_model(model)
        return model
