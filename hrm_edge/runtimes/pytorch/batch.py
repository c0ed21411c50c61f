"""Sequences side by side in one static cache.

The sequences lie in its first places, without gaps, so a pass spans few places that it does not need.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from hrm_edge.runtimes.placed_batch import PlacedBatch
from hrm_edge.runtimes.pytorch.cache import StaticKeysAndValues
from hrm_edge.runtimes.pytorch.graphs import CapturedSteps
from hrm_edge.runtimes.pytorch.passes import ModelPasses, Window


class PyTorchBatch(PlacedBatch):
    """See Batch. Where a halting head chooses the depth, each sequence has its own."""

    token_cost = 0.05

    def __init__(self, passes: ModelPasses, *, capacity: int, context_length: int) -> None:
        """Raises PromptError where the device has no memory for so many tokens."""
        if capacity < 1:
            raise ValueError(f"capacity is {capacity}: a batch holds at least one sequence")
        super().__init__(
            capacity=capacity,
            context_length=context_length,
            vocab_size=passes.architecture.vocab_size,
            one_thread=passes.one_thread,
        )
        self._passes = passes
        self._cache: StaticKeysAndValues | None = passes.new_cache(places=capacity, columns=context_length)
        self._captured = CapturedSteps(passes, self._cache) if passes.device == "cuda" else None
        self._cycles = [0] * capacity
        """H cycles of what lies in each place."""

    def cycles(self, sequence: int) -> int:
        """H cycles that the sequence runs."""
        return self._cycles[self._readings[sequence].place]

    def _read_prompt(self, place: int, prompt_ids: Sequence[int]) -> NDArray[np.float32]:
        logits_V, self._cycles[place] = self._passes.prefill(self._open_cache(), list(prompt_ids), place)
        return logits_V

    def _read_answers(self, tokens: Mapping[int, Sequence[int]]) -> dict[int, NDArray[np.float32]]:
        """One pass for each depth among the sequences."""
        found: dict[int, NDArray[np.float32]] = {}
        for cycles in sorted({self.cycles(sequence) for sequence in tokens}):
            found |= self._read_at_depth(
                {sequence: ids for sequence, ids in tokens.items() if self.cycles(sequence) == cycles}, cycles
            )
        return found

    def _read_at_depth(self, tokens: Mapping[int, Sequence[int]], cycles: int) -> dict[int, NDArray[np.float32]]:
        readings = {sequence: self._readings[sequence] for sequence in tokens}
        window = Window.of_answers(
            {readings[sequence].place: list(ids) for sequence, ids in tokens.items()},
            {reading.place: reading.length for reading in readings.values()},
            waste=self.context_length,
        )
        if self._captured is None:
            logits_BTV = self._passes.logits(self._open_cache(), window, cycles=cycles)
        else:
            logits_BTV = self._captured.logits(window, cycles=cycles)
        return {
            sequence: logits_BTV[readings[sequence].place - window.first, : len(ids)]
            for sequence, ids in tokens.items()
        }

    def _copy(self, source: int, target: int, length: int) -> None:
        self._open_cache().copy(source, target, length)
        self._cycles[target] = self._cycles[source]

    def _release(self) -> None:
        self._cache = self._captured = None

    def _open_cache(self) -> StaticKeysAndValues:
        if self._cache is None:
            raise ValueError("the batch is closed")
        return self._cache
