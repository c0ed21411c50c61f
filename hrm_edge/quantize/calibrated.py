"""A checkpoint quantized by GPTQ: every matrix of the stacks under the Hessian of its inputs, the rest to nearest.

with open_checkpoint(Path("runs/nano")) as checkpoint:
    quantize_calibrated(checkpoint, 4, calibration.hessian_of, Path("runs/nano-4bit"))
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hrm_edge.checkpoint.base import Checkpoint, Tensor
from hrm_edge.checkpoint.layout import EMBEDDING, HEAD
from hrm_edge.checkpoint.quantized import QuantizationConfig, QuantizedCheckpoint
from hrm_edge.errors import GridError
from hrm_edge.quantize.gptq import Curvature, gptq_to_grid
from hrm_edge.quantize.grid import Bits, QuantizedTensor, round_to_grid
from hrm_edge.quantize.write import write_quantized

HessianOf = Callable[[str], NDArray[np.floating]]
"""The Hessian [C, C] of the inputs of a weight [R, C]; the same array again for the next weight of the same inputs."""


def quantize_calibrated(
    checkpoint: Checkpoint,
    bits: Bits,
    hessian_of: HessianOf,
    out_dir: Path,
    *,
    on_tensor: Callable[[str], None] | None = None,
) -> QuantizedCheckpoint:
    """Round the stacks with GPTQ and write the quantized checkpoint to `out_dir`; it is returned open.

    The embedding and the head are rounded to nearest, at 8 bits: rows of the one are looked up, not multiplied by
    inputs, and a tied head is the same matrix. Weights are asked for in the order of `architecture.tensor_shapes()`.

    Raises:
        GridError: a matrix the grid cannot hold, a Hessian that is none, or an input that is quantized already.
        ExportError: `out_dir` cannot be written.
    """
    require_float(checkpoint)
    quantization = QuantizationConfig(bits=bits, method="gptq")
    tensors = _rounded(checkpoint, quantization, hessian_of)
    return write_quantized(checkpoint, tensors, quantization, out_dir, on_tensor=on_tensor)


def require_float(checkpoint: Checkpoint) -> None:
    """Raise GridError for a checkpoint that is quantized already."""
    if checkpoint.bits < 16:
        raise GridError(
            f"{checkpoint.path} is already at {checkpoint.bits} bits: gptq rounds float weights; "
            "start from the float checkpoint"
        )


def _rounded(
    checkpoint: Checkpoint, quantization: QuantizationConfig, hessian_of: HessianOf
) -> Iterator[tuple[str, Tensor]]:
    hessian: NDArray[np.floating] | None = None
    for name, tensor in checkpoint.tensors():
        assert not isinstance(tensor, QuantizedTensor)
        bits = quantization.bits_of(name)
        if tensor.ndim == 1:
            yield name, tensor
        elif name in (EMBEDDING, HEAD):
            yield name, round_to_grid(tensor, bits, name)
        else:
            found = hessian_of(name)
            if found is not hessian:
                hessian, curvature = found, Curvature.of(found, name)
            yield name, gptq_to_grid(tensor, curvature, bits, name)
