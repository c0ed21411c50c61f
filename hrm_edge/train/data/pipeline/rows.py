"""A packed row as Arrow columns, in a stream that `datasets` and numpy map without a copy.

    column          per token, `longest` of them        bytes
    input_ids       token; padding is <|pad|>           2, or 4 past 65,536 tokens
    token_type_ids  1 on a request, its markers too     1    the bidirectional block
    loss_mask       1 on a response and <|end|>         1    what the loss is computed on
    segment_ids     1, 2, … by example; 0 is padding    1    attention must not cross them
    position_ids    0, 1, … from each example's start   2

    column          per row
    step            of the curriculum's order
    request_tokens, answer_tokens, identity, source, task, language, licence, group, difficulty, executed,
    contest_date, neighbours                            lists, one entry per example, in the order of the row

A label is the token itself where loss_mask is 1, to be predicted from the token before it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import DTypeLike, NDArray

from hrm_edge.train.data.pipeline.packing import PackedRow
from hrm_edge.train.data.pipeline.prepared import Prepared

ROWS_IN_BATCH = 512
LARGEST_SMALL_VOCABULARY = 2**16

_PER_EXAMPLE: dict[str, tuple[pa.DataType, Callable[[Prepared], Any]]] = {
    "request_tokens": (pa.uint16(), lambda prepared: len(prepared.request)),
    "answer_tokens": (pa.uint16(), lambda prepared: len(prepared.answer)),
    "identity": (pa.uint64(), lambda prepared: prepared.identity),
    "source": (pa.string(), lambda prepared: prepared.example.source),
    "task": (pa.string(), lambda prepared: str(prepared.example.task)),
    "language": (pa.string(), lambda prepared: prepared.example.language),
    "licence": (pa.string(), lambda prepared: prepared.example.licence),
    "group": (pa.string(), lambda prepared: prepared.example.group),
    "difficulty": (pa.float32(), lambda prepared: prepared.example.difficulty),
    "executed": (pa.bool_(), lambda prepared: prepared.example.executed),
    "contest_date": (pa.date32(), lambda prepared: prepared.example.contest_date),
    "neighbours": (pa.uint8(), lambda prepared: prepared.neighbours),
}
PER_EXAMPLE = tuple(_PER_EXAMPLE)
PER_TOKEN = ("input_ids", "token_type_ids", "loss_mask", "segment_ids", "position_ids")


@dataclass(frozen=True, kw_only=True)
class Layout:
    """What all rows of a build have in common."""

    longest: int
    """Tokens of a row."""
    vocab_size: int
    pad_id: int

    def dtypes(self) -> dict[str, DTypeLike]:
        """Type of each column of PER_TOKEN."""
        ids = np.uint16 if self.vocab_size <= LARGEST_SMALL_VOCABULARY else np.uint32
        return dict(zip(PER_TOKEN, (ids, np.int8, np.int8, np.uint8, np.uint16), strict=True))

    def schema(self) -> pa.Schema:
        """Of every shard."""
        tokens = [
            pa.field(name, pa.list_(pa.from_numpy_dtype(dtype), self.longest)) for name, dtype in self.dtypes().items()
        ]
        examples = [pa.field(name, pa.list_(kind)) for name, (kind, _) in _PER_EXAMPLE.items()]
        return pa.schema([*tokens, pa.field("step", pa.uint16()), *examples])


def write_rows(path: Path, rows: Sequence[PackedRow[Prepared]], layout: Layout) -> None:
    """Write rows as an Arrow stream; the same rows give the same bytes."""
    schema = layout.schema()
    with path.open("wb") as file, pa.ipc.new_stream(file, schema) as writer:
        for start in range(0, len(rows), ROWS_IN_BATCH):
            writer.write_batch(_batch(rows[start : start + ROWS_IN_BATCH], layout, schema))


def _batch(rows: Sequence[PackedRow[Prepared]], layout: Layout, schema: pa.Schema) -> pa.RecordBatch:
    tokens = {name: np.zeros((len(rows), layout.longest), dtype) for name, dtype in layout.dtypes().items()}
    tokens["input_ids"][:] = layout.pad_id
    for number, row in enumerate(rows):
        _fill({name: array[number] for name, array in tokens.items()}, row.examples)
    columns = [
        pa.FixedSizeListArray.from_arrays(pa.array(array.reshape(-1)), layout.longest) for array in tokens.values()
    ]
    columns.append(pa.array([row.step for row in rows], pa.uint16()))
    for kind, value in _PER_EXAMPLE.values():
        columns.append(pa.array([[value(prepared) for prepared in row.examples] for row in rows], pa.list_(kind)))
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def _fill(row: dict[str, NDArray[Any]], examples: Sequence[Prepared]) -> None:
    for number, start, prepared in _starts(examples):
        middle, end = start + len(prepared.request), start + prepared.length
        row["input_ids"][start:middle] = prepared.request
        row["input_ids"][middle:end] = prepared.answer
        row["token_type_ids"][start:middle] = 1
        row["loss_mask"][middle:end] = 1
        row["segment_ids"][start:end] = number
        row["position_ids"][start:end] = np.arange(end - start)


def _starts(examples: Sequence[Prepared]) -> Iterator[tuple[int, int, Prepared]]:
    """(number from 1, first token, example) of each example of a row."""
    start = 0
    for number, prepared in enumerate(examples, 1):
        yield number, start, prepared
        start += prepared.length
