"""The loss on held-out groups, by scenario and by depth."""

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import torch

from hrm_edge.train.answer_model import AnswerModel, answers_of
from hrm_edge.train.data.pipeline.shards import PackedExample, Shards
from hrm_edge.train.held_out import is_held_out
from hrm_edge.train.packed_rows import IGNORED_LABEL, Batch, collate, row_of

EXAMPLES_PER_TASK = 24
_TOKENS_AT_ONCE = 2048
_SEED = 20_261_120  # the same examples for every run on the same shards


@dataclass(frozen=True)
class HeldOutBatch:
    """Rows of one example each, and the scenario of each."""

    rows: Batch
    tasks: tuple[str, ...]


def held_out_batches(shards: Shards, *, per_task: int = EXAMPLES_PER_TASK) -> list[HeldOutBatch]:
    """At most `per_task` held-out examples of each scenario, at random, examples of like length together."""
    chosen: dict[str, list[PackedExample]] = defaultdict(list)
    places, tasks = _places(shards), _tasks(shards)
    random.Random(_SEED).shuffle(places)
    for shard, row in places:
        for example in shards.examples(shard, row):
            if is_held_out(example.group) and len(chosen[example.task]) < per_task:
                chosen[example.task].append(example)
        if chosen and min(map(len, chosen.values())) >= per_task and len(chosen) == tasks:
            break
    examples = sorted(
        (example for of_task in chosen.values() for example in of_task),
        key=lambda example: len(example.request) + len(example.answer),
    )
    return [_batch(part) for part in _parts(examples)]


def held_out_sums(
    model: AnswerModel, batches: Sequence[HeldOutBatch], tasks: Sequence[str], cycles: int
) -> torch.Tensor:
    """[scenarios, cycles + 1]: for each of `tasks` the sums of nats at each exit, then the number of answer tokens."""
    table = torch.zeros(len(tasks), cycles + 1, dtype=torch.float64)
    for batch in batches:
        rows = {name: column.to(model.device) for name, column in batch.rows.items()}
        labels_N = answers_of(rows)
        row_N = (rows["labels"][:, 1:] != IGNORED_LABEL).nonzero()[:, 0].cpu()
        task_N = torch.tensor([tasks.index(task) for task in batch.tasks])[row_N]
        losses_NE = torch.stack(
            [torch.nn.functional.cross_entropy(logits_NV, labels_N, reduction="none") for logits_NV in
             model.exit_logits(rows, cycles)], dim=1,
        ).double().cpu()  # fmt: skip
        table.index_add_(0, task_N, torch.cat([losses_NE, torch.ones(len(task_N), 1)], dim=1))
    return table


def _places(shards: Shards) -> list[tuple[int, int]]:
    """(shard, row) of every row with a held-out example."""
    found: list[tuple[int, int]] = []
    for number, shard in enumerate(shards.shards):
        first = 0
        for batch in shard.batches:
            groups = batch.column("group")
            held = [group for group in pc.unique(groups.flatten()).to_pylist() if is_held_out(group)]
            is_held = pc.is_in(groups.flatten(), value_set=pa.array(held, pa.string())).to_numpy(zero_copy_only=False)
            rows = np.searchsorted(groups.offsets.to_numpy(), np.flatnonzero(is_held), side="right") - 1
            found.extend((number, first + int(row)) for row in np.unique(rows))
            first += len(batch)
    return found


def _tasks(shards: Shards) -> int:
    names: set[str] = set()
    for shard in shards.shards:
        for batch in shard.batches:
            names.update(pc.unique(batch.column("task").flatten()).to_pylist())
    return len(names)


def _parts(examples: Sequence[PackedExample]) -> list[list[PackedExample]]:
    parts: list[list[PackedExample]] = []
    for example in examples:
        length = len(example.request) + len(example.answer)
        if not parts or length * (len(parts[-1]) + 1) > _TOKENS_AT_ONCE:
            parts.append([])
        parts[-1].append(example)
    return parts


def _batch(examples: Sequence[PackedExample]) -> HeldOutBatch:
    rows = collate([row_of([(example.request.tolist(), example.answer.tolist())]) for example in examples])
    return HeldOutBatch(rows, tuple(example.task for example in examples))
