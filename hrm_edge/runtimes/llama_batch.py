"""Several sequences in one context of llama.cpp, each in a KV cache of its own.

llama.cpp reads neighbouring caches in one piece and begins a new one at every gap, and its fastest kernels take four
rows at a time: when a sequence has ended, the last one moves into its place before the next pass. A fork and a move
copy a whole cache once, which costs about what a row costs in one pass.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count, islice

import numpy as np
from numpy.typing import NDArray

from hrm_edge.errors import PromptError
from hrm_edge.runtimes.batch import Batch
from hrm_edge.runtimes.llama_context import NativeContext
from hrm_edge.runtimes.one_thread import OneThread


@dataclass(kw_only=True)
class _Read:
    """What one sequence has read."""

    place: int
    """Its number in the context."""
    prompt_length: int
    length: int


class LlamaBatch(Batch):
    """`capacity` places in a context."""

    def __init__(
        self, context: NativeContext, *, capacity: int, context_length: int, vocab_size: int, prefix_lm: bool
    ) -> None:
        """Take over `context`, which is empty and has room for so much."""
        self.capacity = capacity
        self.context_length = context_length
        self._context = context
        self._vocab_size = vocab_size
        self._prefix_lm = prefix_lm
        self._names = count()
        self._sequences: dict[int, _Read] = {}
        self._one_thread = OneThread("this batch of llama.cpp")

    def prefill(self, prompt_ids: Sequence[int]) -> tuple[int, NDArray[np.float32]]:
        """See Batch.prefill."""
        with self._one_thread:
            self._check_prompt(prompt_ids)
            place = self._free_places(1)[0]
            self._context.cut(place, 0)
            length = len(prompt_ids)
            piece = length if self._prefix_lm else self._context.longest_batch
            for start in range(0, length, piece):
                ids = prompt_ids[start : start + piece]
                logits_V = self._context.read(ids, start, causal=not self._prefix_lm, sequence=place)
            return self._named(_Read(place=place, prompt_length=length, length=length)), logits_V

    def fork(self, sequence: int, count: int) -> list[int]:
        """See Batch.fork."""
        with self._one_thread:
            origin = self._sequences[sequence]
            places = self._free_places(count)
            for place in places:
                self._context.copy(origin.place, place)
            return [
                self._named(_Read(place=place, prompt_length=origin.prompt_length, length=origin.length))
                for place in places
            ]

    def decode(self, tokens: Mapping[int, Sequence[int]]) -> dict[int, NDArray[np.float32]]:
        """See Batch.decode."""
        with self._one_thread:
            for sequence, ids in tokens.items():
                self._check_answer(self._sequences[sequence], ids)
            self._close_gaps()
            names = sorted(tokens, key=lambda sequence: self._sequences[sequence].place)
            flat_ids: list[int] = []
            positions: list[int] = []
            places: list[int] = []
            for name in names:
                read, ids = self._sequences[name], tokens[name]
                flat_ids += ids
                positions += range(read.length, read.length + len(ids))
                places += [read.place] * len(ids)
            logits_TV = self._context.read_each(flat_ids, positions, places)
            found, start = {}, 0
            for name in names:
                count = len(tokens[name])
                self._sequences[name].length += count
                found[name] = logits_TV[start : start + count]
                start += count
            return found

    def rewind(self, sequence: int, length: int) -> None:
        """See Batch.rewind."""
        with self._one_thread:
            read = self._sequences[sequence]
            assert read.prompt_length <= length <= read.length
            self._context.cut(read.place, length)
            read.length = length

    def length(self, sequence: int) -> int:
        """See Batch.length."""
        return self._sequences[sequence].length

    def free(self, sequence: int) -> None:
        """See Batch.free."""
        with self._one_thread:
            del self._sequences[sequence]

    def close(self) -> None:
        """See Batch.close."""
        with self._one_thread:
            self._context.close()
            self._sequences.clear()

    def _named(self, read: _Read) -> int:
        name = next(self._names)
        self._sequences[name] = read
        return name

    def _free_places(self, wanted: int) -> list[int]:
        taken = {read.place for read in self._sequences.values()}
        places = list(islice((place for place in range(self.capacity) if place not in taken), wanted))
        if len(places) < wanted:
            raise PromptError(
                f"{len(taken)} of the batch's {self.capacity} sequences are in use and {wanted} more were asked for: "
                "free some first"
            )
        return places

    def _close_gaps(self) -> None:
        """Give the places 0, 1, … to the sequences at hand."""
        by_place = sorted(self._sequences.values(), key=lambda read: read.place)
        for gap in sorted(set(range(len(by_place))) - {read.place for read in by_place}):
            last = by_place.pop()
            self._context.copy(last.place, gap)
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

    def _check_answer(self, read: _Read, ids: Sequence[int]) -> None:
        if read.length + len(ids) > self.context_length:
            raise PromptError(
                f"{len(ids)} tokens after {read.length} are more than the context of {self.context_length}: "
                "shorten the prompt or the answer"
            )
        self._check_ids(ids)

    def _check_ids(self, ids: Sequence[int]) -> None:
        for token_id in (min(ids), max(ids)):
            if not 0 <= token_id < self._vocab_size:
                raise PromptError(
                    f"token {token_id} is outside the vocabulary of {self._vocab_size}: "
                    "the tokenizer belongs to another model"
                )
