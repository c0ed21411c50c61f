"""Where keys, or values, of all slots and places lie: as they are, or rounded to 8 bits in blocks of 32.

    as they are   [S, B, N, C, K] in the type of the activations
    8 bits        codes int8 [S, B, N, C, K], scales float16 [S, B, N, C, K / 32]: the grid's own, ggml's Q8_0

Rounded ones take 34 bytes where bfloat16 takes 64. What attention is given of them is made anew in every pass, for one
slot at a time, so they cost time and save memory: 768 KiB a token are the larger part of the 1b shape at 4 bits.
"""

from abc import ABC, abstractmethod

import torch

from hrm_edge.quantize.grid import BLOCK_SIZE, LARGEST_CODE


class Store(ABC):
    """Keys or values. Zeros at first: what a mask hides is multiplied by 0, and memory as found may hold a NaN."""

    @abstractmethod
    def write(self, slot: int, rows_B1: torch.Tensor, columns_BT: torch.Tensor, new_BNTK: torch.Tensor) -> None:
        """Put what a pass computed for some places to some columns of each."""

    @abstractmethod
    def read(self, slot: int, places: slice, horizon: int) -> torch.Tensor:
        """The first columns of some places, [B, N, horizon, K]."""

    @abstractmethod
    def parts(self) -> tuple[torch.Tensor, ...]:
        """Everything that is stored, each [S, B, N, C, …]."""


class PlainStore(Store):
    """As they are; what is read is a view."""

    def __init__(self, shape: tuple[int, ...], dtype: torch.dtype, device: str) -> None:
        """`shape` is [S, B, N, C, K]."""
        self._values_SBNCK = torch.zeros(shape, dtype=dtype, device=device)

    def write(self, slot: int, rows_B1: torch.Tensor, columns_BT: torch.Tensor, new_BNTK: torch.Tensor) -> None:
        """See Store.write."""
        self._values_SBNCK[slot][rows_B1, :, columns_BT] = new_BNTK.transpose(1, 2)

    def read(self, slot: int, places: slice, horizon: int) -> torch.Tensor:
        """See Store.read."""
        return self._values_SBNCK[slot][places, :, :horizon]

    def parts(self) -> tuple[torch.Tensor, ...]:
        """See Store.parts."""
        return (self._values_SBNCK,)


class RoundedStore(Store):
    """Rounded to nearest at 8 bits; what is read is made for the reader."""

    def __init__(self, shape: tuple[int, ...], dtype: torch.dtype, device: str) -> None:
        """`shape` is [S, B, N, C, K], K a multiple of 32; `dtype` is that of what is read."""
        self._dtype = dtype
        self._codes_SBNCK = torch.zeros(shape, dtype=torch.int8, device=device)
        scales_shape = (*shape[:-1], shape[-1] // BLOCK_SIZE)
        self._scales = torch.zeros(scales_shape, dtype=torch.float16, device=device)

    def write(self, slot: int, rows_B1: torch.Tensor, columns_BT: torch.Tensor, new_BNTK: torch.Tensor) -> None:
        """See Store.write. The rounding is that of grid.round_to_grid."""
        blocks = new_BNTK.transpose(1, 2).float().unflatten(-1, (-1, BLOCK_SIZE))  # type: ignore[no-untyped-call]
        scales = (blocks.abs().amax(-1) / LARGEST_CODE[8]).half()
        steps = scales.float()[..., None]
        codes = torch.where(steps == 0, 0.0, blocks / steps).round().clamp(-LARGEST_CODE[8], LARGEST_CODE[8])
        self._codes_SBNCK[slot][rows_B1, :, columns_BT] = codes.flatten(-2).to(torch.int8)
        self._scales[slot][rows_B1, :, columns_BT] = scales

    def read(self, slot: int, places: slice, horizon: int) -> torch.Tensor:
        """See Store.read."""
        codes, scales = (part[slot][places, :, :horizon] for part in self.parts())
        blocks = codes.float().view(*scales.shape, BLOCK_SIZE) * scales.float()[..., None]
        return blocks.flatten(-2).to(self._dtype)

    def parts(self) -> tuple[torch.Tensor, ...]:
        """See Store.parts."""
        return (self._codes_SBNCK, self._scales)
