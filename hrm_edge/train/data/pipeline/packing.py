"""Several examples in one row: best-fit decreasing, so that little of a row is padding.

The longest example first, each into the fullest row that still has room. It is done step by step of the order; rows
that are not full when a step ends are opened again, and their examples go on to the next step: rows stay full, and no
example comes before its step.
"""

import random
from bisect import bisect_left, insort
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from hrm_edge.train.data.pipeline.prepared import Prepared

MOST_IN_A_ROW = 255
"""Examples are numbered within their row by one byte; 0 is padding."""
FULL_SHARE = 0.97
"""A row that is less full than this when its step ends waits for the next."""
Item = TypeVar("Item")


@dataclass(frozen=True)
class PackedRow(Generic[Item]):
    """The examples of one row, and the step it belongs to."""

    examples: Sequence[Item]
    step: int


def pack(steps: Sequence[Sequence[Prepared]], longest: int, rng: random.Random) -> list[PackedRow[Prepared]]:
    """Rows of at most `longest` tokens, in the order of the steps, at random within each.

    No example may be longer than `longest`.
    """
    rows: list[PackedRow[Prepared]] = []
    waiting: list[Prepared] = []
    for number, step in enumerate(steps):
        bins = best_fit([*waiting, *step], longest)
        waiting = []
        full = []
        for examples in bins:
            used = sum(example.length for example in examples)
            if number + 1 < len(steps) and used < FULL_SHARE * longest:
                waiting.extend(examples)
            else:
                rng.shuffle(examples)
                full.append(PackedRow(examples, number))
        rng.shuffle(full)
        rows.extend(full)
    return rows


def best_fit(examples: Sequence[Prepared], longest: int) -> list[list[Prepared]]:
    """Best-fit decreasing; of examples of one length the earlier first."""
    bins: list[list[Prepared]] = []
    room: list[tuple[int, int]] = []  # (tokens left, number of the row), ascending; rows that can take no more are out
    for example in sorted(examples, key=lambda example: -example.length):
        place = bisect_left(room, (example.length, -1))
        if place == len(room):
            bins.append([example])
            left, number = longest - example.length, len(bins) - 1
        else:
            left, number = room.pop(place)
            bins[number].append(example)
            left -= example.length
        if left and len(bins[number]) < MOST_IN_A_ROW:
            insort(room, (left, number))
    return bins
