"""Keys and values of several sequences, allocated once and written in place, as a cache that transformers fills.

    keys, values [S, B, N, C + 1, K]: slot, place of a sequence, head, column (position), head dim

Column C of every place is the waste bin: what a pass computes for padding, or for a place that it only spans, is
written there and seen by nobody. So one pass serves sequences of any lengths without a copy, and the attention reads a
view of the columns that are in use. transformers' own StaticCache keeps one length for the whole batch.

Reference: transformers `cache_utils.py` (Cache.update, StaticLayer).
"""

import torch
from transformers import Cache

from hrm_edge.architecture import Architecture
from hrm_edge.errors import PromptError


class StaticKeysAndValues(Cache):  # type: ignore[misc] # transformers is not typed
    """Room for `places` sequences of `columns` tokens; `aim` says which of it the next pass writes and reads."""

    def __init__(
        self, architecture: Architecture, *, places: int, columns: int, dtype: torch.dtype, device: str
    ) -> None:
        """Raises PromptError where the device has no memory for it."""
        super().__init__(layers=[])
        self.columns = columns
        slots, heads, head_dim = architecture.kv_slots, architecture.num_attention_heads, architecture.head_dim
        shape = (slots, places, heads, columns + 1, head_dim)
        try:
            # Zeros: what the mask hides is multiplied by 0, and memory as found may hold a NaN.
            self.keys_SBNCK, self.values_SBNCK = (torch.zeros(shape, dtype=dtype, device=device) for _ in range(2))
        except RuntimeError as error:
            size = 2 * self._bytes_of(shape, dtype)
            raise PromptError(
                f"{places} sequences of {columns} tokens need {size / 1e9:.1f} GB for keys and values, and {device} "
                "has no memory for it: ask for fewer samples or a shorter context"
            ) from error
        self._rows_B1 = torch.arange(places, device=device)[:, None]
        self._columns_BT = torch.zeros(0, 0, dtype=torch.long, device=device)
        self._first, self._horizon = 0, 0

    @staticmethod
    def _bytes_of(shape: tuple[int, ...], dtype: torch.dtype) -> int:
        return torch.Size(shape).numel() * dtype.itemsize

    def aim(self, columns_BT: torch.Tensor, *, first: int, horizon: int) -> None:
        """The next pass reads for the places `first` to `first + B`, writes at `columns_BT` of each, and attends to
        the first `horizon` columns."""
        self._columns_BT, self._first, self._horizon = columns_BT, first, horizon

    def update(
        self, key_states: torch.Tensor, value_states: torch.Tensor, layer_idx: int, *_args: object, **_kwargs: object
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """See Cache.update: `key_states` and `value_states` [B, N, T, K] of slot `layer_idx` go to where `aim` said;
        returns views of the columns in sight, [B, N, C, K]."""
        places = slice(self._first, self._first + key_states.shape[0])
        rows_B1 = self._rows_B1[: key_states.shape[0]]
        keys_BNCK, values_BNCK = self.keys_SBNCK[layer_idx][places], self.values_SBNCK[layer_idx][places]
        keys_BNCK[rows_B1, :, self._columns_BT] = key_states.transpose(1, 2)
        values_BNCK[rows_B1, :, self._columns_BT] = value_states.transpose(1, 2)
        return keys_BNCK[:, :, : self._horizon], values_BNCK[:, :, : self._horizon]

    def copy(self, source: int, target: int, length: int) -> None:
        """The first `length` tokens of one place to another."""
        for values_SBNCK in (self.keys_SBNCK, self.values_SBNCK):
            values_SBNCK[:, target, :, :length] = values_SBNCK[:, source, :, :length]
