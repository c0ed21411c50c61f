"""What batches of every runtime share: names, places and lengths of their sequences, and what is refused.

A cache has `capacity` places. A pass is fastest over neighbouring ones, so where a sequence has ended, the last one
moves into its place before the next pass: a copy when a sequence ends, never when one goes on.
"""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count, islice

import numpy as np
from numpy.typing import NDArray

from hrm_edge.errors import PromptError
from hrm_edge.runtimes.batch import Batch
from hrm_edge.runtimes.one_thread import OneThread
from hrm_edge.runtimes.token_ids import check_token_id


@dataclass(kw_only=True)
class Reading:
    """What one sequence has read, and where it lies."""

    place: int
    prompt_length: int
    length: int


class PlacedBatch(Batch):
    """A batch over a cache with places, which the subclass reads, copies and forgets."""

    def __init__(self, *, capacity: int, context_length: int, vocab_size: int, one_thread: OneThread) -> None:
        self.capacity, self.context_length = capacity, context_length
        self._vocab_size, self._one_thread = vocab_size, one_thread
        self._names = count()
        self._readings: dict[int, Reading] = {}

    @abstractmethod
    def _read_prompt(self, place: int, prompt_ids: Sequence[int]) -> NDArray[np.float32]:
        """Read a prompt into a free place; its last logits [V]."""

    @abstractmethod
    def _read_answers(self, tokens: Mapping[int, Sequence[int]]) -> dict[int, NDArray[np.float32]]:
        """`decode` of sequences in the order of their places, all of which are neighbours from 0 on."""

    @abstractmethod
    def _copy(self, source: int, target: int, length: int) -> None:
        """Copy the first `length` tokens of a place to another, which holds nothing."""

    @abstractmethod
    def _release(self) -> None:
        """Free the cache. Safe to call twice."""

    def _cut(self, place: int, length: int) -> None:
        """Forget all but the first `length` tokens of a place; nothing to do where they are written over."""

    def prefill(self, prompt_ids: Sequence[int]) -> tuple[int, NDArray[np.float32]]:
        """See Batch.prefill."""
        with self._one_thread:
            self._check_prompt(prompt_ids)
            (place,) = self._free_places(1)
            logits_V = self._read_prompt(place, prompt_ids)
            length = len(prompt_ids)
            return self._named(Reading(place=place, prompt_length=length, length=length)), logits_V

    def fork(self, sequence: int, count: int) -> list[int]:
        """See Batch.fork."""
        with self._one_thread:
            origin = self._readings[sequence]
            names = []
            for place in self._free_places(count):
                self._copy(origin.place, place, origin.length)
                reading = Reading(place=place, prompt_length=origin.prompt_length, length=origin.length)
                names.append(self._named(reading))
            return names

    def decode(self, tokens: Mapping[int, Sequence[int]]) -> dict[int, NDArray[np.float32]]:
        """See Batch.decode."""
        with self._one_thread:
            for sequence, ids in tokens.items():
                self._check_answer(self._readings[sequence], ids)
            self._close_gaps()
            in_place = sorted(tokens, key=lambda sequence: self._readings[sequence].place)
            found = self._read_answers({sequence: tokens[sequence] for sequence in in_place})
            for sequence, ids in tokens.items():
                self._readings[sequence].length += len(ids)
            return found

    def rewind(self, sequence: int, length: int) -> None:
        """See Batch.rewind."""
        with self._one_thread:
            reading = self._readings[sequence]
            if not reading.prompt_length <= length <= reading.length:
                raise ValueError(
                    f"length is {length}: from the prompt's {reading.prompt_length} to the {reading.length} read"
                )
            self._cut(reading.place, length)
            reading.length = length

    def length(self, sequence: int) -> int:
        """See Batch.length."""
        return self._readings[sequence].length

    def free(self, sequence: int) -> None:
        """See Batch.free."""
        with self._one_thread:
            del self._readings[sequence]

    def close(self) -> None:
        """See Batch.close."""
        with self._one_thread:
            self._readings.clear()
            self._release()

    def _named(self, reading: Reading) -> int:
        name = next(self._names)
        self._readings[name] = reading
        return name

    def _free_places(self, wanted: int) -> list[int]:
        taken = {reading.place for reading in self._readings.values()}
        places = list(islice((place for place in range(self.capacity) if place not in taken), wanted))
        if len(places) < wanted:
            raise PromptError(
                f"{len(taken)} of the batch's {self.capacity} sequences are in use and {wanted} more were asked for: "
                "free some first"
            )
        return places

    def _close_gaps(self) -> None:
        """Give the places 0, 1, … to the sequences at hand."""
        by_place = sorted(self._readings.values(), key=lambda reading: reading.place)
        for gap in sorted(set(range(len(by_place))) - {reading.place for reading in by_place}):
            last = by_place.pop()
            self._copy(last.place, gap, last.length)
            last.place = gap

    def _check_prompt(self, prompt_ids: Sequence[int]) -> None:
        if not prompt_ids:
            raise PromptError("the prompt is empty: give at least one token")
        if len(prompt_ids) > self.context_length:
            raise PromptError(
                f"the prompt has {len(prompt_ids)} tokens and the context of each sequence holds "
                f"{self.context_length}: shorten the prompt"
            )
        self._check_ids(prompt_ids)

    def _check_answer(self, reading: Reading, ids: Sequence[int]) -> None:
        if not ids:
            raise ValueError("a sequence is given no token: leave it out")
        if reading.length + len(ids) > self.context_length:
            raise PromptError(
                f"{len(ids)} tokens after {reading.length} are more than the context of {self.context_length}: "
                "shorten the prompt or the answer"
            )
        self._check_ids(ids)

    def _check_ids(self, ids: Sequence[int]) -> None:
        for token_id in (min(ids), max(ids)):
            check_token_id(token_id, self._vocab_size)
