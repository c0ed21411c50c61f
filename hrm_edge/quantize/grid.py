"""The grid: the one place that says what a 4-bit and an 8-bit weight is.

A weight matrix [rows, columns] is cut into blocks of 32 along its columns (the input dimension). A block is one
fp16 scale and 32 codes:

    4 bits   code 0…15      weight = scale · (code − 8)     (ggml Q4_0; MatMulNBits with zero point 8)
    8 bits   code −127…127  weight = scale · code           (ggml Q8_0; MatMulNBits stores code + 128)

GGUF and ONNX carry exactly these codes and scales, so a tensor is rounded once and never again. The product is
taken in float32 of the fp16 scale, everywhere, so that all formats dequantize to the same bits.

Reference: ggml `quantize_row_q4_0_ref` and `quantize_row_q8_0_ref`
https://github.com/ggml-org/llama.cpp/blob/b4500/ggml/src/ggml-quants.c
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from hrm_edge.errors import GridError

BLOCK_SIZE = 32
ZERO_POINT = {4: 8, 8: 0}
LARGEST_CODE = {4: 15, 8: 127}
SMALLEST_CODE = {4: 0, 8: -127}

WEIGHTS_AT_ONCE = 2**20
"""Rounded at a time, so that the temporaries of a large embedding stay small and in the cache."""

Bits = Literal[4, 8]


@dataclass(frozen=True)
class QuantizedTensor:
    """A weight matrix on the grid.

    codes: [rows, columns], uint8 in 0…15 at 4 bits, int8 in −127…127 at 8 bits.
    scales: [rows, columns / 32], float16.
    """

    codes: NDArray[np.uint8] | NDArray[np.int8]
    scales: NDArray[np.float16]
    bits: Bits

    @property
    def shape(self) -> tuple[int, ...]:
        return self.codes.shape


def check_quantizable(name: str, shape: tuple[int, ...]) -> None:
    """A matrix whose rows divide into blocks, or a GridError with the tensor's name, its shape and the rule."""
    if len(shape) != 2 or shape[1] < BLOCK_SIZE or shape[1] % BLOCK_SIZE:
        raise GridError(
            f"{name} has shape {list(shape)}: the grid holds matrices whose last dimension is a multiple of "
            f"{BLOCK_SIZE}; keep this tensor in f16 or pad the model"
        )


def round_to_grid(weight_RC: NDArray[np.floating], bits: Bits, name: str = "weight") -> QuantizedTensor:
    """Round-to-nearest (RTN) with one scale per block.

    At 4 bits the scale is the signed value of largest magnitude divided by −8, as ggml's Q4_0 does: that value
    falls on code 0 exactly and the seven codes on the other side cover the rest. At 8 bits it is max|w| / 127.

    weight_RC: [rows, columns], any float type; `name` is the tensor's, for errors.

    Raises:
        GridError: not a matrix, columns no multiple of 32, a value that is not finite, or a scale beyond fp16.
    """
    check_quantizable(name, weight_RC.shape)
    rows, columns = weight_RC.shape
    codes = np.empty((rows, columns), np.uint8) if bits == 4 else np.empty((rows, columns), np.int8)
    scales = np.empty((rows, columns // BLOCK_SIZE), np.float16)
    step = max(1, WEIGHTS_AT_ONCE // columns)
    for start in range(0, rows, step):
        part = slice(start, start + step)
        blocks = np.asarray(weight_RC[part], np.float32).reshape(-1, columns // BLOCK_SIZE, BLOCK_SIZE)
        scales[part] = _scales(blocks, bits, name)
        codes[part] = _nearest_codes(blocks, scales[part], bits).reshape(-1, columns)
    return QuantizedTensor(codes, scales, bits)


def dequantize(tensor: QuantizedTensor) -> NDArray[np.float32]:
    """float32 weights [rows, columns]: float32(scale) · (code − zero point), one product per weight."""
    rows, columns = tensor.codes.shape
    centred = tensor.codes.astype(np.float32) - np.float32(ZERO_POINT[tensor.bits])
    blocks = centred.reshape(rows, columns // BLOCK_SIZE, BLOCK_SIZE)
    return (blocks * tensor.scales.astype(np.float32)[..., None]).reshape(rows, columns)


def pack_nibbles(codes_RC: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Two neighbouring 4-bit codes per byte, [rows, columns] → [rows, columns / 2]:

    byte j:   7 6 5 4     3 2 1 0
             code[2j+1]   code[2j]
    """
    return codes_RC[:, 0::2] | (codes_RC[:, 1::2] << np.uint8(4))


def unpack_nibbles(packed_RC: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Inverse of `pack_nibbles`: [rows, columns / 2] → [rows, columns]."""
    rows, half = packed_RC.shape
    codes = np.empty((rows, half * 2), np.uint8)
    codes[:, 0::2] = packed_RC & 0x0F
    codes[:, 1::2] = packed_RC >> 4
    return codes


def _scales(blocks: NDArray[np.float32], bits: Bits, name: str) -> NDArray[np.float16]:
    """fp16 scales [rows, blocks] of float32 blocks [rows, blocks, 32]."""
    if not np.isfinite(blocks).all():
        raise GridError(f"{name} holds a value that is not finite: the grid holds numbers only; repair the checkpoint")
    largest = np.take_along_axis(blocks, np.abs(blocks).argmax(-1, keepdims=True), -1)[..., 0]
    scales = largest / -8 if bits == 4 else np.abs(largest) / 127
    if np.abs(scales).max(initial=0) > np.finfo(np.float16).max:
        raise GridError(
            f"{name} reaches {np.abs(largest).max():g}: its scale does not fit fp16 (65504); rescale the tensor"
        )
    return scales.astype(np.float16)


def _nearest_codes(
    blocks: NDArray[np.float32], scales: NDArray[np.float16], bits: Bits
) -> NDArray[np.uint8] | NDArray[np.int8]:
    """The code nearest to each weight under the scale as stored (fp16): rounding the scale costs nothing more."""
    steps = scales.astype(np.float32)[..., None]
    ratios = np.divide(blocks, steps, out=np.zeros_like(blocks), where=steps != 0)
    codes: NDArray[np.float32] = np.clip(np.rint(ratios) + ZERO_POINT[bits], SMALLEST_CODE[bits], LARGEST_CODE[bits])
    return codes.astype(np.uint8) if bits == 4 else codes.astype(np.int8)
