"""Quantization by rounding to nearest (RTN): needs no data, the floor that GPTQ and QAT must beat.

from hrm_edge.quantize.rtn import quantize_checkpoint
with open_checkpoint(Path("runs/nano")) as checkpoint:
    quantize_checkpoint(checkpoint, 4, Path("runs/nano-4bit"))
"""

from collections.abc import Callable, Iterator
from pathlib import Path

from hrm_edge.checkpoint.base import Checkpoint, Tensor
from hrm_edge.checkpoint.quantized import QuantizationConfig, QuantizedCheckpoint
from hrm_edge.errors import GridError
from hrm_edge.quantize.grid import Bits, QuantizedTensor, round_to_grid
from hrm_edge.quantize.write import write_quantized


def quantize_checkpoint(
    checkpoint: Checkpoint, bits: Bits, out_dir: Path, *, on_tensor: Callable[[str], None] | None = None
) -> QuantizedCheckpoint:
    """Round every matrix to the grid and write the quantized checkpoint to `out_dir`; it is returned open.

    At 4 bits the embedding and the head stay at 8. Matrices that are on the grid at these bits pass unchanged.
    At most one tensor is in memory.

    Raises:
        GridError: a matrix the grid cannot hold (nothing is written), or an input quantized at other bits.
        ExportError: `out_dir` cannot be written.
    """
    method = checkpoint.quantization.method if isinstance(checkpoint, QuantizedCheckpoint) else "rtn"
    quantization = QuantizationConfig(bits=bits, method=method)
    if checkpoint.bits < 16 and checkpoint.bits != bits:
        raise _other_bits(checkpoint, str(checkpoint.path), checkpoint.bits, bits)
    return write_quantized(checkpoint, _rounded(checkpoint, quantization), quantization, out_dir, on_tensor=on_tensor)


def _rounded(checkpoint: Checkpoint, quantization: QuantizationConfig) -> Iterator[tuple[str, Tensor]]:
    for name, tensor in checkpoint.tensors():
        bits = quantization.bits_of(name)
        if isinstance(tensor, QuantizedTensor):
            if tensor.bits != bits:
                raise _other_bits(checkpoint, name, tensor.bits, bits)
            yield name, tensor
        elif tensor.ndim == 1:
            yield name, tensor
        else:
            yield name, round_to_grid(tensor, bits, name)


def _other_bits(checkpoint: Checkpoint, what: str, found: int, wanted: int) -> GridError:
    return GridError(
        f"{checkpoint.path}: {what} is already at {found} bits and {wanted} were asked for: "
        "rounding twice costs quality; start from the float checkpoint"
    )
