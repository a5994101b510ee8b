"""Matrices in eight bits."""

from __future__ import annotations

import tempfile
from pathlib import Path

import onnx
from onnxruntime.quantization import QuantType, quantize_dynamic


def int8(model: onnx.ModelProto) -> onnx.ModelProto:
    """A graph with its matrices in eight bits; unsigned, since signed ones overflow on processors without VNNI."""
    with tempfile.TemporaryDirectory() as folder:
        before, after = Path(folder) / "before.onnx", Path(folder) / "after.onnx"
        onnx.save(model, before)
        quantize_dynamic(
            before, after, op_types_to_quantize=["MatMul"], weight_type=QuantType.QUInt8, per_channel=True,
            extra_options={"MatMulConstBOnly": True, "DefaultTensorType": onnx.TensorProto.FLOAT},
        )  # fmt: skip
        return onnx.load(after)
