"""Keys and values of every slot, in memory that is only mapped: a page becomes memory when its token is written.

Past and present of a slot are one buffer, bound once as input and as output: `GroupQueryAttention` writes the new
tokens behind the old ones and copies nothing. A buffer spans the whole context of every row, so an answer of 300 tokens
costs 300 tokens of KV cache, and a row that no sequence takes costs nothing.
"""

import mmap
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hrm_edge.architecture import Architecture
from hrm_edge.errors import PromptError
from hrm_edge.export.onnx_names import KvType, past_name, present_name

_PRIVATE = {"flags": mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS} if hasattr(mmap, "MAP_PRIVATE") else {}
"""Arguments of mmap where the system has a choice (POSIX): memory of this process alone."""

KV_DTYPES: dict[KvType, np.dtype[Any]] = {"f32": np.dtype(np.float32), "int8": np.dtype(np.int8)}


class KvBuffers:
    """Room for `rows` sequences of `context_length` tokens each."""

    def __init__(self, architecture: Architecture, *, kv_type: KvType, rows: int, context_length: int) -> None:
        """Raises PromptError where the machine has no addresses, or promises no memory, for so many tokens."""
        self.context_length = context_length
        shape_BNSK = (rows, architecture.num_attention_heads, context_length, architecture.head_dim)
        self._names = [
            (past_name(slot, part), present_name(slot, part))
            for slot in range(architecture.kv_slots)
            for part in ("key", "value")
        ]
        self._buffers_BNSK = [_mapped_zeros(shape_BNSK, KV_DTYPES[kv_type]) for _ in self._names]

    def rows(self, start: int, stop: int) -> Iterator[tuple[str, str, NDArray[Any]]]:
        """Past name, present name and the buffer [stop - start, N, S, K] of each slot's keys and values."""
        for (past, present), buffer_BNSK in zip(self._names, self._buffers_BNSK, strict=True):
            yield past, present, buffer_BNSK[start:stop]

    def copy(self, source: int, target: int, length: int) -> None:
        """Make the first `length` tokens of row `target` those of row `source`."""
        for buffer_BNSK in self._buffers_BNSK:
            buffer_BNSK[target, :, :length] = buffer_BNSK[source, :, :length]


def _mapped_zeros(shape: tuple[int, ...], dtype: np.dtype[Any]) -> NDArray[Any]:
    """Zeros that occupy address space only; the system adds memory page by page as they are written.

    numpy's own zeros would do the same, but asks for huge pages, and the first token of each head would take 2 MB.
    """
    count = int(np.prod(shape, dtype=object))
    try:
        mapped = mmap.mmap(-1, count * dtype.itemsize, **_PRIVATE)
    except (OSError, ValueError, OverflowError) as error:
        raise PromptError(
            f"a KV cache of {shape[0] * shape[2]} tokens does not fit this machine ({error}): give a smaller "
            "context_length"
        ) from error
    if hasattr(mmap, "MADV_NOHUGEPAGE"):
        with suppress(OSError):  # a kernel without huge pages
            mapped.madvise(mmap.MADV_NOHUGEPAGE)
    return np.frombuffer(mapped, dtype).reshape(shape)
