"""Sequences side by side in ONNX Runtime: one session, one KV buffer with a row for each.

`GroupQueryAttention` takes a length per row, so that sequences of different lengths read one token each in one pass.
Behind a past it takes several tokens for one row only (it answers "batch_size must be 1 when sequence_length > 1"): a
sequence that is fed more than one token is a pass of its own, in which an attention bias hides each token's future.

A pass works on neighbouring rows, since it is bound to one piece of the buffer. So a row that was freed is filled,
before the next pass, with the last row's tokens: that copy costs what a few passes cost, and a hole would split every
pass to come in two. Rows that wait while others go on split a pass as well.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hrm_edge.architecture import Architecture
from hrm_edge.runtimes.one_thread import OneThread
from hrm_edge.runtimes.onnx.kv import KvBuffers
from hrm_edge.runtimes.onnx.mapped_weights import MappedWeights
from hrm_edge.runtimes.onnx.rows import BoundRows
from hrm_edge.runtimes.placed_batch import PlacedBatch

MOST_BINDINGS = 32
"""Each has a mask and logits of its own, about 40 KB a row, and n places have n² / 2 pieces that a pass may be bound
to: kept without end, they are all the growth of memory that a long run shows."""


class OnnxBatch(PlacedBatch):
    """`capacity` rows of a session, apart from the row of the runtime it came from; a place is a row."""

    token_cost = 0.18
    _session: Any
    _kv: Any

    def __init__(
        self,
        session: Any,
        architecture: Architecture,
        *,
        capacity: int,
        kv: KvBuffers,
        weights: MappedWeights | None = None,
    ) -> None:
        """`kv` has `capacity` rows and holds nothing."""
        super().__init__(
            capacity=capacity,
            context_length=kv.context_length,
            vocab_size=architecture.vocab_size,
            one_thread=OneThread("this batch of ONNX Runtime"),
        )
        self._architecture = architecture
        self._session, self._kv, self._weights = session, kv, weights
        self._bindings: dict[tuple[int, int], BoundRows] = {}

    def _read_prompt(self, place: int, prompt_ids: Sequence[int]) -> NDArray[np.float32]:
        return self._rows(place, place + 1).read_prompt(prompt_ids)

    def _read_answers(self, tokens: Mapping[int, Sequence[int]]) -> dict[int, NDArray[np.float32]]:
        found: dict[int, NDArray[np.float32]] = {}
        for neighbours in self._passes(tokens):
            readings = [self._readings[sequence] for sequence in neighbours]
            ids_BT = np.array([tokens[sequence] for sequence in neighbours], np.int64)
            rows = self._rows(readings[0].place, readings[-1].place + 1)
            logits_BTV = rows.read_tokens(ids_BT, [reading.length for reading in readings])
            found |= zip(neighbours, logits_BTV, strict=True)
        return found

    def _copy(self, source: int, target: int, length: int) -> None:
        self._kv.copy(source, target, length)

    def _release(self) -> None:
        self._bindings.clear()
        self._kv = self._session = self._weights = None

    def _passes(self, tokens: Mapping[int, Sequence[int]]) -> Iterator[list[int]]:
        """The sequences fed, in passes: neighbouring rows of one token each, or one row of several tokens."""
        neighbours: list[int] = []
        for sequence, ids in tokens.items():
            if neighbours and not (
                len(ids) == len(tokens[neighbours[-1]]) == 1
                and self._readings[sequence].place == self._readings[neighbours[-1]].place + 1
            ):
                yield neighbours
                neighbours = []
            neighbours.append(sequence)
        if neighbours:
            yield neighbours

    def _rows(self, start: int, stop: int) -> BoundRows:
        """A binding of these rows: the one at hand or a new one, for which the one not used longest goes."""
        rows = self._bindings.pop((start, stop), None)
        if rows is None:
            rows = BoundRows(self._session, self._architecture, self._kv, start, stop, self._weights)
        self._bindings[start, stop] = rows
        if len(self._bindings) > MOST_BINDINGS:
            del self._bindings[next(iter(self._bindings))]
        return rows
