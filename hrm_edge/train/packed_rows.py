"""Rows of packed shards as a dataset of tensors, in the order of the curriculum or mixed, epoch after epoch.

A row is a function of its place alone, so a resumed training sees what it would have seen. Examples whose group is held
out stand in the rows like the others (nothing looks across examples), and no loss is taken on them.
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import torch
from torch.utils.data import Dataset

from hrm_edge.train.data.pipeline.shards import Shards
from hrm_edge.train.held_out import is_held_out

IGNORED_LABEL = -100
ROW_MULTIPLE = 32
"""A batch is cut to its longest row, rounded up to this."""
Batch = dict[str, torch.Tensor]


class PackedRows(Dataset[Batch]):
    """`count` rows, from the `first` on: input_ids, token_type_ids (1 on requests), segment_ids (0 is padding),
    position_ids and labels (the token on answers that are learned from, −100 elsewhere), each int64 [T]."""

    def __init__(self, shards: Shards, count: int, *, seed: int, first: int = 0, mixed: bool = False) -> None:
        self._shards = shards
        self._count = count
        self._first = first
        self._seed = seed
        self._mixed = mixed
        self._epoch = lru_cache(maxsize=1)(self._order_of)

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, place: int) -> Batch:
        epoch, number = divmod(self._first + place, len(self._shards))
        shard, row = self._epoch(epoch)[number]
        tokens = self._shards.row(shard, row)
        learned = tokens["loss_mask"].astype(bool)
        for segment, group in enumerate(self._shards.groups(shard, row), 1):
            if is_held_out(group):
                learned &= tokens["segment_ids"] != segment
        return _tensors(tokens["input_ids"], tokens["token_type_ids"], tokens["segment_ids"], learned)

    def _order_of(self, epoch: int) -> Sequence[tuple[int, int]]:
        seed = self._seed + epoch
        return self._shards.mixed_order(seed) if self._mixed else list(self._shards.training_order(seed))


def row_of(examples: Sequence[tuple[Sequence[int], Sequence[int]]]) -> Batch:
    """One row of (request ids, answer ids) pairs, as PackedRows gives them."""
    ids, types, segments, learned = [], [], [], []
    for segment, (request, answer) in enumerate(examples, 1):
        length = len(request) + len(answer)
        ids.extend([*request, *answer])
        types.extend([1] * len(request) + [0] * len(answer))
        segments.extend([segment] * length)
        learned.extend([False] * len(request) + [True] * len(answer))
    return _tensors(np.array(ids), np.array(types), np.array(segments), np.array(learned))


def _tensors(ids_T: np.ndarray, types_T: np.ndarray, segments_T: np.ndarray, learned_T: np.ndarray) -> Batch:
    ids_T = ids_T.astype(np.int64)  # shards store them unsigned
    starts_T = np.flatnonzero(np.diff(segments_T.astype(np.int64), prepend=-1))
    positions_T = np.arange(len(ids_T)) - np.repeat(starts_T, np.diff(starts_T, append=len(ids_T)))
    columns = {
        "input_ids": ids_T,
        "token_type_ids": types_T,
        "segment_ids": segments_T,
        "position_ids": positions_T,
        "labels": np.where(learned_T, ids_T, IGNORED_LABEL),
    }
    return {name: torch.from_numpy(column.astype(np.int64)) for name, column in columns.items()}


def collate(rows: Sequence[Batch]) -> Batch:
    """[B, T]: rows padded on the right, to a multiple of 32, or cut where all of them are padding."""
    used = max(int(row["segment_ids"].count_nonzero()) for row in rows)
    width = -(-used // ROW_MULTIPLE) * ROW_MULTIPLE
    return {name: torch.stack([_fitted(row[name], width, name) for row in rows]) for name in rows[0]}


def _fitted(column_T: torch.Tensor, width: int, name: str) -> torch.Tensor:
    missing = width - len(column_T)
    filler = IGNORED_LABEL if name == "labels" else 0
    return column_T[:width] if missing <= 0 else torch.nn.functional.pad(column_T, (0, missing), value=filler)
