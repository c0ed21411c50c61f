"""Weight matrices that stay on the grid in memory, and are dequantized each time a layer is used.

    4 bits   codes uint8 [rows, columns / 2], packed as grid.pack_nibbles draws them
    8 bits   codes int8 [rows, columns]
    scales   float16 [rows, columns / 32]

Only one matrix at a time, or a part of a large one, is there in full. Its weights are those of `grid.dequantize` to the
bit: the product is taken in float32, then rounded to the type of the activations.
"""

import torch
from torch import nn

from hrm_edge.quantize.grid import BLOCK_SIZE, ZERO_POINT, QuantizedTensor, pack_nibbles

WEIGHTS_AT_ONCE = 2**23
"""Dequantized at a time: every matrix of our stacks is smaller, the head of a large vocabulary is not."""


class QuantizedMatrix(nn.Module):
    """A QuantizedTensor on a device."""

    codes: torch.Tensor
    scales: torch.Tensor

    def __init__(self, tensor: QuantizedTensor, device: str) -> None:
        super().__init__()
        codes = pack_nibbles(tensor.codes.view("uint8")) if tensor.bits == 4 else tensor.codes
        self.register_buffer("codes", torch.tensor(codes, device=device))
        self.register_buffer("scales", torch.tensor(tensor.scales, device=device))
        self.bits = tensor.bits
        self.shape = tensor.shape

    def rows(self, which: slice | torch.Tensor, dtype: torch.dtype) -> torch.Tensor:
        """Some rows as weights [..., columns]; `which` is a slice or ids of any shape."""
        codes, scales = self.codes[which], self.scales[which]
        if self.bits == 4:
            codes = torch.stack((codes & 0x0F, codes >> 4), -1).flatten(-2)
        centred = codes.float() - ZERO_POINT[self.bits]
        blocks = centred.view(*scales.shape, BLOCK_SIZE) * scales.float()[..., None]
        return blocks.flatten(-2).to(dtype)


class QuantizedLinear(nn.Module):
    """As nn.Linear without a bias."""

    def __init__(self, matrix: QuantizedMatrix) -> None:
        super().__init__()
        self.matrix = matrix

    def forward(self, hidden: torch.Tensor) -> torch.Tensor:
        """hidden [..., columns] → [..., rows]."""
        rows, columns = self.matrix.shape
        step = max(1, WEIGHTS_AT_ONCE // columns)
        parts = [
            nn.functional.linear(hidden, self.matrix.rows(slice(start, start + step), hidden.dtype))
            for start in range(0, rows, step)
        ]
        return parts[0] if len(parts) == 1 else torch.cat(parts, -1)


class QuantizedEmbedding(nn.Module):
    """As nn.Embedding: only the rows that are looked up are dequantized."""

    def __init__(self, matrix: QuantizedMatrix, dtype: torch.dtype) -> None:
        """`dtype`: of the rows."""
        super().__init__()
        self.matrix = matrix
        self.dtype = dtype

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """ids [...] → [..., columns]."""
        return self.matrix.rows(ids, self.dtype)


def bytes_held(module: nn.Module) -> int:
    """Bytes of parameters and buffers, each counted once."""
    tensors = {id(tensor): tensor for tensor in (*module.parameters(), *module.buffers())}
    return sum(tensor.numel() * tensor.itemsize for tensor in tensors.values())
