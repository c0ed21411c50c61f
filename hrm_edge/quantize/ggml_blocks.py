"""ggml's Q4_0 and Q8_0 blocks: the bytes that codes and scales of the grid have in a GGUF file.

Packing moves bits and rounds nothing: `unpack(pack(codes, scales))` gives every bit back, and ggml dequantizes the
blocks to exactly `grid.dequantize`. What is left out on purpose is any other ggml type: the grid has these two.

Reference: ggml `block_q4_0`, `block_q8_0`
https://github.com/ggml-org/llama.cpp/blob/b4500/ggml/src/ggml-common.h
"""

import numpy as np
from numpy.typing import NDArray

from hrm_edge.errors import GridError
from hrm_edge.quantize.grid import BLOCK_SIZE, QuantizedTensor, check_quantizable

SCALE_BYTES = 2
Q4_0_BLOCK_BYTES = SCALE_BYTES + BLOCK_SIZE // 2
Q8_0_BLOCK_BYTES = SCALE_BYTES + BLOCK_SIZE


def pack_q4_0(tensor: QuantizedTensor) -> NDArray[np.uint8]:
    """The Q4_0 bytes of a 4-bit tensor [R, C] → [R, C / 32 · 18].

    One block of 32 weights, 18 bytes; the second half of the block lies in the high nibbles of the first:

        byte 0…1      scale, fp16 little-endian
        byte 2 + j    7 6 5 4      3 2 1 0         j = 0…15
                     code[j+16]    code[j]

    Raises:
        GridError: the tensor is not of 4 bits.
    """
    _check_bits(tensor, 4)
    rows, columns = tensor.codes.shape
    codes = tensor.codes.astype(np.uint8, copy=False).reshape(rows, columns // BLOCK_SIZE, BLOCK_SIZE)
    low, high = codes[..., : BLOCK_SIZE // 2], codes[..., BLOCK_SIZE // 2 :]
    return _join(tensor.scales, low | (high << np.uint8(4)))


def unpack_q4_0(packed_RB: NDArray[np.uint8]) -> QuantizedTensor:
    """Inverse of `pack_q4_0`: bytes [R, C / 32 · 18] → codes [R, C] and scales [R, C / 32].

    Raises:
        GridError: rows that are no whole number of blocks.
    """
    scales, nibbles = _split(packed_RB, Q4_0_BLOCK_BYTES, "Q4_0")
    codes = np.concatenate([nibbles & 0x0F, nibbles >> 4], axis=-1)
    return QuantizedTensor(codes.reshape(len(packed_RB), -1), scales, 4)


def pack_q8_0(tensor: QuantizedTensor) -> NDArray[np.uint8]:
    """The Q8_0 bytes of an 8-bit tensor [R, C] → [R, C / 32 · 34].

    One block of 32 weights, 34 bytes:

        byte 0…1      scale, fp16 little-endian
        byte 2 + j    code[j], int8 in two's complement       j = 0…31

    Raises:
        GridError: the tensor is not of 8 bits.
    """
    _check_bits(tensor, 8)
    rows, columns = tensor.codes.shape
    codes = np.ascontiguousarray(tensor.codes, np.int8).view(np.uint8)
    return _join(tensor.scales, codes.reshape(rows, columns // BLOCK_SIZE, BLOCK_SIZE))


def unpack_q8_0(packed_RB: NDArray[np.uint8]) -> QuantizedTensor:
    """Inverse of `pack_q8_0`: bytes [R, C / 32 · 34] → codes [R, C] and scales [R, C / 32].

    Raises:
        GridError: rows that are no whole number of blocks.
    """
    scales, codes = _split(packed_RB, Q8_0_BLOCK_BYTES, "Q8_0")
    return QuantizedTensor(np.ascontiguousarray(codes).view(np.int8).reshape(len(packed_RB), -1), scales, 8)


def _check_bits(tensor: QuantizedTensor, bits: int) -> None:
    check_quantizable("tensor", tensor.shape)
    if tensor.bits != bits:
        raise GridError(f"the tensor has {tensor.bits} bits and Q{bits}_0 blocks hold {bits}: choose Q{tensor.bits}_0")


def _join(scales: NDArray[np.float16], payload: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Scales [R, blocks] before their payload [R, blocks, bytes], one row of bytes per matrix row."""
    scale_bytes = np.ascontiguousarray(scales, "<f2").view(np.uint8).reshape(*scales.shape, SCALE_BYTES)
    return np.concatenate([scale_bytes, payload], axis=-1).reshape(len(scales), -1)


def _split(packed_RB: NDArray[np.uint8], block_bytes: int, kind: str) -> tuple[NDArray[np.float16], NDArray[np.uint8]]:
    """Inverse of `_join`: scales [R, blocks] and payload [R, blocks, bytes]."""
    if packed_RB.ndim != 2 or packed_RB.dtype != np.uint8 or packed_RB.shape[1] % block_bytes:
        raise GridError(
            f"{kind} data has shape {list(packed_RB.shape)} and type {packed_RB.dtype}: it must be rows of bytes, "
            f"{block_bytes} to a block; the file is damaged"
        )
    blocks = np.ascontiguousarray(packed_RB).reshape(len(packed_RB), packed_RB.shape[1] // block_bytes, block_bytes)
    scales = np.ascontiguousarray(blocks[..., :SCALE_BYTES]).view("<f2")[..., 0].astype(np.float16, copy=False)
    return scales, blocks[..., SCALE_BYTES:]
