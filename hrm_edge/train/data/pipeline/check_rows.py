"""Whether the rows of a shard are rows: every number that a trainer would index, mask or group by is in its bounds."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa

from hrm_edge.errors import DataError
from hrm_edge.train.data.pipeline.rows import PER_EXAMPLE, PER_TOKEN, Layout


def check_rows(path: Path, batches: Sequence[pa.RecordBatch], layout: Layout) -> None:
    """Read every row.

    Raises:
        DataError: a token beyond the vocabulary, a column that does not follow from the examples' lengths, a value
            missing, or lists of a row that differ in length.
    """
    for batch in batches:
        if reason := _fault(batch, layout):
            raise DataError(f"{path} is damaged: {reason}; delete it and its .json, and build again")


def _fault(batch: pa.RecordBatch, layout: Layout) -> str | None:
    if any(batch.column(name).null_count for name in batch.schema.names):
        return "a row has no value in a column"
    ids = batch.column("input_ids").flatten()
    if any(batch.column(name).flatten().null_count for name in PER_TOKEN):
        return "a token is missing"
    if len(ids) and int(ids.to_numpy().max()) >= layout.vocab_size:
        return f"a token is beyond the vocabulary of {layout.vocab_size:,}"
    lengths = [batch.column(name).value_lengths().to_numpy() for name in PER_EXAMPLE]
    if any(not np.array_equal(lengths[0], other) for other in lengths[1:]):
        return "the lists of a row differ in length"
    for name in ("request_tokens", "answer_tokens", "identity", "source", "task", "language", "licence", "group"):
        if batch.column(name).flatten().null_count:
            return f"an example has no {name}"
    return _token_fault(batch, layout, lengths[0])


def _token_fault(
    batch: pa.RecordBatch, layout: Layout, counts: "np.ndarray[tuple[int], np.dtype[np.int32]]"
) -> str | None:
    """Whether the masks, segments and positions are those of the lengths, recomputed row by row."""
    requests = np.split(batch.column("request_tokens").flatten().to_numpy(), np.cumsum(counts)[:-1])
    answers = np.split(batch.column("answer_tokens").flatten().to_numpy(), np.cumsum(counts)[:-1])
    columns = {name: batch.column(name).flatten().to_numpy().reshape(len(batch), layout.longest) for name in PER_TOKEN}
    for row in range(len(batch)):
        parts = np.stack([requests[row], answers[row]], 1).astype(np.int64)
        used = int(parts.sum())
        if used > layout.longest or not parts.all():
            return f"row {row} of a batch holds {used:,} tokens of examples, and has room for {layout.longest:,}"
        lengths = parts.sum(1)
        kinds = np.repeat(np.tile([1, 0], len(parts)), parts.reshape(-1))
        wanted = {
            "token_type_ids": kinds,
            "loss_mask": 1 - kinds,
            "segment_ids": np.repeat(np.arange(1, len(parts) + 1), lengths),
            "position_ids": np.arange(used) - np.repeat(np.cumsum(lengths) - lengths, lengths),
        }
        for name, values in wanted.items():
            if not np.array_equal(columns[name][row, :used], values) or columns[name][row, used:].any():
                return f"{name} of row {row} of a batch does not follow from its examples"
        if (columns["input_ids"][row, used:] != layout.pad_id).any():
            return f"row {row} of a batch holds tokens after its last example"
    return None
