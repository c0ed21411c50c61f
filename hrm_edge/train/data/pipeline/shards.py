"""The reading side: the shards of a directory as rows for a trainer, mapped from the disk, checked first.

    shards = open_shards(Path("data/small"))
    for shard, row in shards.training_order(seed=1):
        tokens = shards.row(shard, row)          # tokens["input_ids"] is a view of the file, [longest]
        examples = shards.examples(shard, row)   # what is in it

The files may come from anybody: sizes and digests, the schema, Arrow's own validation, and every number a trainer would
index by are checked before a row is given out.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from hrm_edge.errors import DataError
from hrm_edge.tokenizer import Tokenizer
from hrm_edge.train.data.pipeline.check_rows import check_rows
from hrm_edge.train.data.pipeline.manifest import (
    TOKENIZER,
    ShardManifest,
    file_sha256,
    read_layout,
    read_manifest,
    shard_name,
)
from hrm_edge.train.data.pipeline.rows import PER_EXAMPLE, PER_TOKEN, Layout
from hrm_edge.train.data.pipeline.tokenizers import read_tokenizer

TokenRow = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, kw_only=True)
class PackedExample:
    """One example as it stands in a row."""

    request: NDArray[Any]
    """Token ids, markers included."""
    answer: NDArray[Any]
    """Token ids, `<|end|>` included."""
    identity: int
    source: str
    task: str
    language: str
    licence: str
    group: str
    difficulty: float | None
    executed: bool | None
    contest_date: date | None
    neighbours: int


class Shard:
    """One file of rows."""

    def __init__(self, path: Path, layout: Layout, manifest: ShardManifest) -> None:
        """Map the file. Raises DataError where it is not what the manifest and the layout say."""
        self.manifest = manifest
        self.path = path
        try:
            with pa.memory_map(str(path)) as source, pa.ipc.open_stream(source) as reader:
                if not reader.schema.equals(layout.schema()):
                    raise DataError(f"{path} has other columns than a shard of {layout.longest} tokens a row")
                self.batches: list[pa.RecordBatch] = list(reader)
            for batch in self.batches:
                batch.validate(full=True)
        except (pa.ArrowException, OSError) as error:
            reason = str(error).split("\n")[0]
            raise DataError(f"{path} is no Arrow stream ({reason}): delete it and its .json, and build again") from None
        self._starts = np.cumsum([0, *(len(batch) for batch in self.batches)])
        if len(self) != manifest.rows:
            raise DataError(f"{path} has {len(self):,} rows and its .json says {manifest.rows:,}: delete both")

    def __len__(self) -> int:
        return int(self._starts[-1])

    def tokens(self, row: int) -> TokenRow:
        """The columns of PER_TOKEN of one row, each [longest], read-only."""
        batch, place = self._find(row)
        return {name: token_matrix(batch, name)[place] for name in PER_TOKEN}

    def step(self, row: int) -> int:
        """The step of the curriculum's order that a row belongs to."""
        batch, place = self._find(row)
        return int(batch.column("step")[place].as_py())

    def groups(self, row: int) -> list[str]:
        """The group of each example of a row, in order."""
        batch, place = self._find(row)
        found: list[str] = batch.column("group")[place].as_py()
        return found

    def examples(self, row: int) -> list[PackedExample]:
        """The examples of a row, in order."""
        batch, place = self._find(row)
        ids = token_matrix(batch, "input_ids")[place]
        columns = {name: batch.column(name)[place].as_py() for name in PER_EXAMPLE}
        requests, answers = columns.pop("request_tokens"), columns.pop("answer_tokens")
        found, start = [], 0
        for number, (request, answer) in enumerate(zip(requests, answers, strict=True)):
            middle, end = start + request, start + request + answer
            known = {name: values[number] for name, values in columns.items()}
            found.append(PackedExample(request=ids[start:middle], answer=ids[middle:end], **known))
            start = end
        return found

    def _find(self, row: int) -> tuple[pa.RecordBatch, int]:
        if not 0 <= row < len(self):
            raise IndexError(row)
        number = int(np.searchsorted(self._starts, row, side="right")) - 1
        return self.batches[number], row - int(self._starts[number])


class Shards:
    """All shards of a directory, or those that are there."""

    def __init__(self, directory: Path, shards: Sequence[Shard], layout: Layout, build: Mapping[str, Any]) -> None:
        self.directory = directory
        self.shards = shards
        self.layout = layout
        self.build = build
        """What build.json says."""

    def __len__(self) -> int:
        """Rows in all."""
        return sum(map(len, self.shards))

    def tokenizer(self) -> Tokenizer:
        """The tokenizer of the build. Raises CheckpointError or DataError where its file is damaged."""
        return Tokenizer.from_json(read_tokenizer(self.directory / TOKENIZER))

    def row(self, shard: int, row: int) -> TokenRow:
        """The token columns of a row; `shard` is a place in `shards`."""
        return self.shards[shard].tokens(row)

    def groups(self, shard: int, row: int) -> list[str]:
        """The group of each example of a row."""
        return self.shards[shard].groups(row)

    def examples(self, shard: int, row: int) -> list[PackedExample]:
        """The examples of a row."""
        return self.shards[shard].examples(row)

    def mixed_order(self, seed: int) -> list[tuple[int, int]]:
        """(shard, row) of every row once, at random over all difficulties."""
        rows = [(number, row) for number, shard in enumerate(self.shards) for row in range(len(shard))]
        random.Random(f"{seed}/mixed").shuffle(rows)
        return rows

    def training_order(self, seed: int) -> Iterator[tuple[int, int]]:
        """(shard, row) of every row once: step after step of the curriculum, at random within each over all shards."""
        steps = [
            np.concatenate([batch.column("step").to_numpy() for batch in shard.batches] or [np.empty(0, np.uint16)])
            for shard in self.shards
        ]
        for step in sorted({int(value) for of_shard in steps for value in np.unique(of_shard)}):
            rows = [
                (shard, int(row)) for shard, of_shard in enumerate(steps) for row in np.flatnonzero(of_shard == step)
            ]
            random.Random(f"{seed}/{step}").shuffle(rows)
            yield from rows


def token_matrix(batch: pa.RecordBatch, name: str) -> NDArray[Any]:
    """A column of PER_TOKEN as [rows, longest], a view of the file."""
    column = batch.column(name)
    flat: NDArray[Any] = column.flatten().to_numpy(zero_copy_only=True)
    return flat.reshape(len(batch), column.type.list_size)


def open_shards(directory: Path, *, check: bool = True) -> Shards:
    """Open a directory that `hrm-edge data build` made, with the shards that are there.

    Args:
        directory: its --out.
        check: also read everything once: digests, and every number against its bounds. Without it only sizes, schema
            and Arrow's own structure are checked, which is enough for files this machine has just written.

    Raises:
        DataError: no such directory, no finished shard, or a file that is not what it must be.
    """
    build, layout, count = read_layout(directory)
    found = []
    for number in range(count):
        manifest = read_manifest(directory, number, count)
        if manifest is None:
            continue
        path = directory / shard_name(number, count, "arrow")
        _check_file(path, manifest, digest=check)
        shard = Shard(path, layout, manifest)
        if check:
            check_rows(path, shard.batches, layout)
        found.append(shard)
    if not found:
        raise DataError(f"{directory} holds no finished shard: go on with `hrm-edge data build` and the same recipe")
    return Shards(directory, found, layout, build)


def _check_file(path: Path, manifest: ShardManifest, *, digest: bool) -> None:
    if not path.is_file():
        raise DataError(f"{path} is not there, and its .json is: delete that, and build again")
    size = path.stat().st_size
    if size != manifest.bytes:
        raise DataError(f"{path} has {size:,} bytes and its .json says {manifest.bytes:,}: delete both, build again")
    if digest and file_sha256(path) != manifest.sha256:
        raise DataError(f"{path} has another SHA-256 than its .json says: delete both, and build again")
