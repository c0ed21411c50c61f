"""Several sequences in one context of llama.cpp, each in a KV cache of its own.

llama.cpp reads neighbouring caches in one piece and begins a new one at every gap, and its fastest kernels take four
rows at a time: when a sequence has ended, the last one moves into its place before the next pass. A fork and a move
copy a whole cache once, which costs about what a row costs in one pass.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from hrm_edge.runtimes.llama.context import NativeContext
from hrm_edge.runtimes.one_thread import OneThread
from hrm_edge.runtimes.placed_batch import PlacedBatch


class LlamaBatch(PlacedBatch):
    """`capacity` places in a context."""

    def __init__(
        self, context: NativeContext, *, capacity: int, context_length: int, vocab_size: int, prefix_lm: bool
    ) -> None:
        """Take over `context`, which is empty and has room for so much."""
        super().__init__(
            capacity=capacity,
            context_length=context_length,
            vocab_size=vocab_size,
            one_thread=OneThread("this batch of llama.cpp"),
        )
        self._context = context
        self._prefix_lm = prefix_lm

    def _read_prompt(self, place: int, prompt_ids: Sequence[int]) -> NDArray[np.float32]:
        self._context.cut(place, 0)
        length = len(prompt_ids)
        piece = length if self._prefix_lm else self._context.longest_batch
        for start in range(0, length, piece):
            ids = prompt_ids[start : start + piece]
            logits_V = self._context.read(ids, start, causal=not self._prefix_lm, sequence=place)
        return logits_V

    def _read_answers(self, tokens: Mapping[int, Sequence[int]]) -> dict[int, NDArray[np.float32]]:
        flat_ids: list[int] = []
        positions: list[int] = []
        places: list[int] = []
        for sequence, ids in tokens.items():
            reading = self._readings[sequence]
            flat_ids += ids
            positions += range(reading.length, reading.length + len(ids))
            places += [reading.place] * len(ids)
        logits_TV = self._context.read_each(flat_ids, positions, places)
        found, start = {}, 0
        for sequence, ids in tokens.items():
            found[sequence] = logits_TV[start : start + len(ids)]
            start += len(ids)
        return found

    def _copy(self, source: int, target: int, length: int) -> None:  # noqa: ARG002 - llama.cpp copies whole caches
        self._context.copy(source, target)

    def _cut(self, place: int, length: int) -> None:
        self._context.cut(place, length)

    def _release(self) -> None:
        self._context.close()
