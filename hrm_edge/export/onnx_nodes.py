"""Nodes of an ONNX graph as the exporter writes them: named after their first output, each operator in its domain."""

from collections.abc import Sequence
from typing import Any

import onnx

CONTRIB = "com.microsoft"

CONTRIB_OPERATORS = {
    "FusedMatMul",
    "GatherBlockQuantized",
    "GroupQueryAttention",
    "MatMulNBits",
    "MultiHeadAttention",
    "QuickGelu",
    "RotaryEmbedding",
    "SkipSimplifiedLayerNormalization",
}
"""Operators of onnxruntime; all others are of the ONNX standard. Of RotaryEmbedding theirs takes cos and sin tables."""


def made(operator: str, inputs: Sequence[str], outputs: Sequence[str], **attributes: Any) -> onnx.NodeProto:
    """A node; an empty name stands for an input or output that is left out."""
    domain = CONTRIB if operator in CONTRIB_OPERATORS else ""
    return onnx.helper.make_node(operator, inputs, outputs, name=outputs[0], domain=domain, **attributes)


def branch(nodes: Sequence[onnx.NodeProto], outputs: dict[str, int]) -> onnx.GraphProto:
    """A branch of an `If`, which reads what it needs from the graph around it; `outputs`: name → ONNX element type."""
    values = [onnx.helper.make_tensor_value_info(name, kind, None) for name, kind in outputs.items()]
    return onnx.helper.make_graph(nodes, next(iter(outputs)), [], values)
