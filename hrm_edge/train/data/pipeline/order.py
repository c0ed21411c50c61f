"""The order of a shard: in steps of rising difficulty, at random within each step.

    none         one step
    linear       steps of equal size: the pool grows by as many examples each time
    exponential  each step doubles the pool, after Hacohen and Weinshall, 2019 (https://arxiv.org/abs/1904.03626): of
                 five steps, the easiest 1/16, then as many again, then 1/8, 1/4, 1/2
    staged       a step for each range of difficulty between the numbers of the recipe

Every example comes once, so a pool is what has come so far. No example comes before its step; to fill rows some wait
for the next (pipeline/packing.py). An example whose difficulty nobody knows takes that of a random other one, which
spreads them evenly. A trainer reads step after step over all shards (pipeline/shards.py).
"""

import random
from bisect import bisect_right
from collections.abc import Sequence
from typing import TypeVar

from hrm_edge.train.data.pipeline.recipe import Order

Item = TypeVar("Item")


def in_steps(
    items: Sequence[Item], difficulties: Sequence[float | None], order: Order, rng: random.Random
) -> list[list[Item]]:
    """The items in the steps of an order, shuffled within each; a step may be empty.

    Args:
        items: in any order that is the same for the same seed.
        difficulties: of each item, 0 to 1, or None.
    """
    known = [value for value in difficulties if value is not None]
    shuffled = list(range(len(items)))
    rng.shuffle(shuffled)
    filled = [value if value is not None else rng.choice(known) if known else rng.random() for value in difficulties]
    if order.kind == "staged":
        steps: list[list[Item]] = [[] for _ in range(len(order.stages) + 1)]
        for place in shuffled:
            steps[bisect_right(order.stages, filled[place])].append(items[place])
        return steps
    ascending = sorted(shuffled, key=filled.__getitem__)
    ends = [round(len(items) * share) for share in _pools(order)]
    steps = []
    for start, end in zip([0, *ends], ends, strict=False):
        step = ascending[start:end]
        rng.shuffle(step)
        steps.append([items[place] for place in step])
    return steps


def _pools(order: Order) -> list[float]:
    """The share of all examples that has come when each step ends."""
    match order.kind:
        case "linear":
            return [step / order.steps for step in range(1, order.steps + 1)]
        case "exponential":
            return [2.0 ** (step - order.steps) for step in range(1, order.steps + 1)]
        case _:
            return [1.0]
