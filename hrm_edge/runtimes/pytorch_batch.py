"""Sequences side by side in one static cache.

The sequences lie in its first places, without gaps: where one is freed, the last one takes its place. So a pass spans
few places that it does not need, and a copy is made when a sequence ends, never when one goes on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np
from numpy.typing import NDArray

from hrm_edge.errors import PromptError
from hrm_edge.runtimes.batch import Batch
from hrm_edge.runtimes.pytorch_cache import StaticKeysAndValues
from hrm_edge.runtimes.pytorch_graphs import CapturedSteps
from hrm_edge.runtimes.pytorch_passes import ModelPasses, Window


@dataclass(kw_only=True)
class _Reading:
    """One sequence."""

    length: int
    prompt_length: int
    cycles: int


class PyTorchBatch(Batch):
    """See Batch. Where a halting head chooses the depth, each sequence has its own."""

    token_cost = 0.05

    def __init__(self, passes: ModelPasses, *, capacity: int, context_length: int) -> None:
        """Raises PromptError where the device has no memory for so many tokens."""
        if capacity < 1:
            raise ValueError(f"capacity is {capacity}: a batch holds at least one sequence")
        self.capacity, self.context_length = capacity, context_length
        self._passes = passes
        self._cache: StaticKeysAndValues | None = passes.new_cache(places=capacity, columns=context_length)
        self._captured = CapturedSteps(passes, self._cache) if passes.device == "cuda" else None
        self._names = count()
        self._readings: dict[int, _Reading] = {}
        self._places: list[int] = []
        """The sequence in each place that is taken."""

    def prefill(self, prompt_ids: Sequence[int]) -> tuple[int, NDArray[np.float32]]:
        """See Batch.prefill."""
        with self._passes.one_thread:
            self._check_prompt(prompt_ids)
            self._check_places(1)
            logits_V, cycles = self._passes.prefill(self._open_cache(), list(prompt_ids), len(self._places))
            reading = _Reading(length=len(prompt_ids), prompt_length=len(prompt_ids), cycles=cycles)
            return self._add(reading), logits_V

    def fork(self, sequence: int, count: int) -> list[int]:
        """See Batch.fork."""
        with self._passes.one_thread:
            self._check_places(count)
            read, place = self._readings[sequence], self._places.index(sequence)
            names = []
            for _ in range(count):
                self._open_cache().copy(place, len(self._places), read.length)
                names.append(
                    self._add(_Reading(length=read.length, prompt_length=read.prompt_length, cycles=read.cycles))
                )
            return names

    def decode(self, tokens: Mapping[int, Sequence[int]]) -> dict[int, NDArray[np.float32]]:
        """See Batch.decode: one pass for each depth among the sequences."""
        with self._passes.one_thread:
            for sequence, token_ids in tokens.items():
                self._check_tokens(sequence, token_ids)
            found: dict[int, NDArray[np.float32]] = {}
            for cycles in sorted({self._readings[sequence].cycles for sequence in tokens}):
                found.update(self._decode_at_depth(tokens, cycles))
            for sequence, token_ids in tokens.items():
                self._readings[sequence].length += len(token_ids)
            return found

    def rewind(self, sequence: int, length: int) -> None:
        """See Batch.rewind: what lies beyond is overwritten, and hidden until then."""
        read = self._readings[sequence]
        if not read.prompt_length <= length <= read.length:
            raise ValueError(f"length is {length}: from the prompt's {read.prompt_length} to the {read.length} read")
        read.length = length

    def length(self, sequence: int) -> int:
        """See Batch.length."""
        return self._readings[sequence].length

    def cycles(self, sequence: int) -> int:
        """H cycles that the sequence runs."""
        return self._readings[sequence].cycles

    def free(self, sequence: int) -> None:
        """See Batch.free."""
        with self._passes.one_thread:
            del self._readings[sequence]
            place, last = self._places.index(sequence), self._places.pop()
            if last != sequence:
                self._open_cache().copy(len(self._places), place, self._readings[last].length)
                self._places[place] = last

    def close(self) -> None:
        """See Batch.close."""
        self._cache = self._captured = None
        self._readings.clear()
        self._places.clear()

    def _decode_at_depth(self, tokens: Mapping[int, Sequence[int]], cycles: int) -> dict[int, NDArray[np.float32]]:
        """The part of `decode` whose sequences run `cycles`."""
        places = {
            place: list(tokens[sequence])
            for place, sequence in enumerate(self._places)
            if sequence in tokens and self._readings[sequence].cycles == cycles
        }
        lengths = {place: self._readings[self._places[place]].length for place in places}
        window = Window.of_answers(places, lengths, waste=self.context_length)
        if self._captured is None:
            logits_BTV = self._passes.logits(self._open_cache(), window, cycles=cycles)
        else:
            logits_BTV = self._captured.logits(window, cycles=cycles)
        return {
            self._places[place]: logits_BTV[place - window.first, : len(token_ids)]
            for place, token_ids in places.items()
        }

    def _add(self, reading: _Reading) -> int:
        """The name of a sequence that has been read into the first free place."""
        name = next(self._names)
        self._readings[name] = reading
        self._places.append(name)
        return name

    def _check_prompt(self, prompt_ids: Sequence[int]) -> None:
        if not prompt_ids:
            raise PromptError("the prompt is empty: give at least one token")
        if len(prompt_ids) > self.context_length:
            raise PromptError(
                f"the prompt has {len(prompt_ids)} tokens and the context holds {self.context_length}: "
                "shorten the prompt"
            )
        self._check_ids(prompt_ids)

    def _check_places(self, wanted: int) -> None:
        if len(self._places) + wanted > self.capacity:
            raise PromptError(
                f"the batch holds {self.capacity} sequences, {len(self._places)} are taken and {wanted} asked for: "
                "free some first"
            )

    def _check_tokens(self, sequence: int, token_ids: Sequence[int]) -> None:
        if not token_ids:
            raise ValueError(f"sequence {sequence} is given no token: leave it out")
        if self._readings[sequence].length + len(token_ids) > self.context_length:
            raise PromptError(f"the context is full at {self.context_length} tokens: shorten the prompt or the answer")
        self._check_ids(token_ids)

    def _check_ids(self, token_ids: Sequence[int]) -> None:
        for token_id in (min(token_ids), max(token_ids)):
            if not 0 <= token_id < self._passes.architecture.vocab_size:
                raise PromptError(
                    f"token {token_id} is outside the vocabulary of {self._passes.architecture.vocab_size}: "
                    "the tokenizer belongs to another model"
                )

    def _open_cache(self) -> StaticKeysAndValues:
        if self._cache is None:
            raise ValueError("the batch is closed")
        return self._cache
