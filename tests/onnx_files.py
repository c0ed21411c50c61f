"""ONNX files of random checkpoints, and a reader of their weights that shares no code with the exporter."""

from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray

from hrm_edge.checkpoint.open import open_checkpoint
from hrm_edge.export.onnx_graph import export_onnx
from hrm_edge.quantize.grid import Bits
from hrm_edge.quantize.rtn import quantize_checkpoint

STACKED = {"qkv_proj": ("q_proj", "k_proj", "v_proj")}


def quantized(model_dir: Path, out_dir: Path, bits: Bits) -> Path:
    """`model_dir` rounded to the grid, in `out_dir`."""
    with open_checkpoint(model_dir) as checkpoint:
        quantize_checkpoint(checkpoint, bits, out_dir)
    return out_dir


def exported(model_dir: Path, out: Path, *, cycles: int | None = None) -> Path:
    """`model_dir` as an ONNX file at `out`, its KV cache as exact as can be: for parity with a reference."""
    with open_checkpoint(model_dir) as checkpoint:
        export_onnx(checkpoint, out, cycles=cycles, kv_type="f32")
    return out


def stored_weights(path: Path) -> dict[str, NDArray[np.float32]]:
    """Tensor name → float32 weights, from the protobuf alone, stacked rows taken apart."""
    model = onnx.load(path)
    arrays = {tensor.name: onnx.numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    weights: dict[str, NDArray[np.float32]] = {}
    for name, array in arrays.items():
        if name.endswith(".codes"):
            weights.update(_unstacked(name.removesuffix(".codes"), _dequantized(array, arrays[f"{name[:-6]}.scales"])))
        elif name.startswith(("model.", "lm_head.")) and not name.endswith(".scales"):
            weights.update(_unstacked(name, array))
    return weights


def _dequantized(packed_RBX: NDArray[np.uint8], scales_RB: NDArray[np.float32]) -> NDArray[np.float32]:
    """(code - 2^(bits - 1)) * scale, block by block of 32; at 4 bits the first code lies in the low nibble."""
    if packed_RBX.shape[-1] == 16:
        codes = np.stack([packed_RBX & 15, packed_RBX >> 4], axis=-1).reshape(*packed_RBX.shape[:2], 32)
        zero_point = 8
    else:
        codes, zero_point = packed_RBX, 128
    return ((codes.astype(np.float32) - zero_point) * scales_RB[..., None]).reshape(len(packed_RBX), -1)


def _unstacked(name: str, rows: NDArray[np.float32]) -> dict[str, NDArray[np.float32]]:
    for stacked, parts in STACKED.items():
        if stacked in name:
            split = np.split(rows, len(parts))
            return {name.replace(stacked, part): block for part, block in zip(parts, split, strict=True)}
    return {name: rows}
