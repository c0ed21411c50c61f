"""Sequences side by side in ONNX Runtime: one session, one KV buffer with a row for each.

`GroupQueryAttention` takes a length per row, so that sequences of different lengths read one token each in one pass.
Behind a past it takes several tokens for one row only (it answers "batch_size must be 1 when sequence_length > 1"): a
sequence that is fed more than one token is a pass of its own, in which an attention bias hides each token's future.

A pass works on neighbouring rows, since it is bound to one piece of the buffer. So a row that was freed is filled,
before the next pass, with the last row's tokens: that copy costs what a few passes cost, and a hole would split every
pass to come in two. Rows that wait while others go on split a pass as well.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hrm_edge.architecture import Architecture
from hrm_edge.errors import PromptError
from hrm_edge.runtimes.batch import Batch
from hrm_edge.runtimes.one_thread import OneThread
from hrm_edge.runtimes.onnx_kv import KvBuffers
from hrm_edge.runtimes.onnx_rows import BoundRows


@dataclass(kw_only=True)
class _Read:
    """What one sequence has read."""

    row: int
    prompt_length: int
    length: int


class OnnxBatch(Batch):
    """`capacity` rows of a session, apart from the row of the runtime it came from."""

    token_cost = 0.15
    _session: Any
    _kv: Any

    def __init__(self, session: Any, architecture: Architecture, *, capacity: int, kv: KvBuffers) -> None:
        """`kv` has `capacity` rows and holds nothing."""
        self.capacity = capacity
        self.context_length = kv.context_length
        self._architecture = architecture
        self._session, self._kv = session, kv
        self._names = count()
        self._sequences: dict[int, _Read] = {}
        self._bindings: dict[tuple[int, int], BoundRows] = {}
        self._one_thread = OneThread("this batch of ONNX Runtime")

    def prefill(self, prompt_ids: Sequence[int]) -> tuple[int, NDArray[np.float32]]:
        """See Batch.prefill."""
        with self._one_thread:
            self._check_prompt(prompt_ids)
            (row,) = self._free_rows(1)
            logits_V = self._rows(row, row + 1).read_prompt(prompt_ids)
            return self._named(_Read(row=row, prompt_length=len(prompt_ids), length=len(prompt_ids))), logits_V

    def fork(self, sequence: int, count: int) -> list[int]:
        """See Batch.fork."""
        with self._one_thread:
            origin = self._sequences[sequence]
            rows = self._free_rows(count)
            for row in rows:
                self._kv.copy(origin.row, row, origin.length)
            return [
                self._named(_Read(row=row, prompt_length=origin.prompt_length, length=origin.length)) for row in rows
            ]

    def decode(self, tokens: Mapping[int, Sequence[int]]) -> dict[int, NDArray[np.float32]]:
        """See Batch.decode."""
        with self._one_thread:
            for sequence, ids in tokens.items():
                self._check_answer(self._sequences[sequence], ids)
            self._close_gaps()
            found: dict[int, NDArray[np.float32]] = {}
            for neighbours in self._passes(tokens):
                reads = [self._sequences[sequence] for sequence in neighbours]
                ids_BT = np.array([tokens[sequence] for sequence in neighbours], np.int64)
                rows = self._rows(reads[0].row, reads[-1].row + 1)
                logits_BTV = rows.read_tokens(ids_BT, [read.length for read in reads])
                found |= zip(neighbours, logits_BTV, strict=True)
            for sequence, ids in tokens.items():
                self._sequences[sequence].length += len(ids)
            return found

    def rewind(self, sequence: int, length: int) -> None:
        """See Batch.rewind."""
        with self._one_thread:
            read = self._sequences[sequence]
            assert read.prompt_length <= length <= read.length
            read.length = length  # what lies behind it is never read, and written over

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
            self._sequences.clear()
            self._bindings.clear()
            self._kv = self._session = None

    def _passes(self, tokens: Mapping[int, Sequence[int]]) -> Iterator[list[int]]:
        """The sequences fed, in passes: neighbouring rows of one token each, or one row of several tokens."""
        neighbours: list[int] = []
        for sequence in sorted(tokens, key=lambda sequence: self._sequences[sequence].row):
            if neighbours and not (
                len(tokens[sequence]) == len(tokens[neighbours[-1]]) == 1
                and self._sequences[sequence].row == self._sequences[neighbours[-1]].row + 1
            ):
                yield neighbours
                neighbours = []
            neighbours.append(sequence)
        if neighbours:
            yield neighbours

    def _rows(self, start: int, stop: int) -> BoundRows:
        if (start, stop) not in self._bindings:
            self._bindings[start, stop] = BoundRows(self._session, self._architecture, self._kv, start, stop)
        return self._bindings[start, stop]

    def _named(self, read: _Read) -> int:
        name = next(self._names)
        self._sequences[name] = read
        return name

    def _free_rows(self, wanted: int) -> list[int]:
        taken = {read.row for read in self._sequences.values()}
        rows = list(islice((row for row in range(self.capacity) if row not in taken), wanted))
        if len(rows) < wanted:
            raise PromptError(
                f"{len(taken)} of the batch's {self.capacity} sequences are in use and {wanted} more were asked for: "
                "free some first"
            )
        return rows

    def _close_gaps(self) -> None:
        """Give the rows 0, 1, … to the sequences at hand."""
        by_row = sorted(self._sequences.values(), key=lambda read: read.row)
        for gap in sorted(set(range(len(by_row))) - {read.row for read in by_row}):
            last = by_row.pop()
            self._kv.copy(last.row, gap, last.length)
            last.row = gap

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
        vocab_size = self._architecture.vocab_size
        for token_id in (min(ids), max(ids)):
            if not 0 <= token_id < vocab_size:
                raise PromptError(
                    f"token {token_id} is outside the vocabulary of {vocab_size}: "
                    "the tokenizer belongs to another model"
                )
