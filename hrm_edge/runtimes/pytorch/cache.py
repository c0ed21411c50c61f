"""Keys and values of several sequences, allocated once and written in place, as a cache that transformers fills.

Each of a number of places holds one sequence in columns, one for each position, and has a waste bin, its last column:
what a pass computes for padding, or for a place that it only spans, is written there and seen by nobody. So one pass
serves sequences of any lengths, and the attention reads the columns that are in use where they lie. transformers' own
StaticCache keeps one length for the whole batch.

Reference: transformers `cache_utils.py` (Cache.update, StaticLayer).
"""

import torch
from transformers import Cache

from hrm_edge.architecture import Architecture
from hrm_edge.errors import PromptError
from hrm_edge.runtimes.pytorch.stores import PlainStore, RoundedStore


class StaticKeysAndValues(Cache):  # type: ignore[misc] # transformers is not typed
    """Room for `places` sequences of `columns` tokens; `aim` says which of it the next pass writes and reads."""

    def __init__(
        self,
        architecture: Architecture,
        *,
        places: int,
        columns: int,
        dtype: torch.dtype,
        device: str,
        rounded: bool = False,
    ) -> None:
        """`dtype` is that of the activations; `rounded` keeps 8 bits, see pytorch_stores.

        Raises:
            PromptError: the device has no memory for it.
        """
        super().__init__(layers=[])
        self.columns = columns
        slots, heads, head_dim = architecture.kv_slots, architecture.num_attention_heads, architecture.head_dim
        shape = (slots, places, heads, columns + 1, head_dim)
        store = RoundedStore if rounded else PlainStore
        try:
            self._keys, self._values = (store(shape, dtype, device) for _ in range(2))
        except RuntimeError as error:
            kv_type = "q8_0" if rounded else "f32" if dtype is torch.float32 else "f16"
            size = architecture.kv_bytes_per_token(kv_type) * places * (columns + 1)
            raise PromptError(
                f"{places} sequences of {columns} tokens need {size / 1e9:.1f} GB for keys and values, and {device} "
                "has no memory for it: ask for fewer samples or a shorter context"
            ) from error
        self._rows_B1 = torch.arange(places, device=device)[:, None]
        self._columns_BT = torch.zeros(0, 0, dtype=torch.long, device=device)
        self._first, self._horizon = 0, 0

    @property
    def size_bytes(self) -> int:
        """Of everything that is stored."""
        return sum(part.numel() * part.itemsize for part in self._parts())

    def aim(self, columns_BT: torch.Tensor, *, first: int, horizon: int) -> None:
        """The next pass reads for the places `first` to `first + B`, writes at `columns_BT` of each, and attends to
        the first `horizon` columns."""
        self._columns_BT, self._first, self._horizon = columns_BT, first, horizon

    def update(
        self, key_states: torch.Tensor, value_states: torch.Tensor, layer_idx: int, *_args: object, **_kwargs: object
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """See Cache.update: `key_states` and `value_states` [B, N, T, K] of slot `layer_idx` go to where `aim` said;
        returns the columns in sight, [B, N, C, K]."""
        places = slice(self._first, self._first + key_states.shape[0])
        rows_B1 = self._rows_B1[places]
        self._keys.write(layer_idx, rows_B1, self._columns_BT, key_states)
        self._values.write(layer_idx, rows_B1, self._columns_BT, value_states)
        return self._keys.read(layer_idx, places, self._horizon), self._values.read(layer_idx, places, self._horizon)

    def copy(self, source: int, target: int, length: int) -> None:
        """The first `length` tokens of one place to another."""
        for part in self._parts():
            part[:, target, :, :length] = part[:, source, :, :length]

    def _parts(self) -> tuple[torch.Tensor, ...]:
        return (*self._keys.parts(), *self._values.parts())
