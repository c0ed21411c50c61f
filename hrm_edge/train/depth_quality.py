"""What each number of H cycles gives on the same examples, and what a halting head makes of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hrm_edge.checkpoint.halting import HaltingHead
from hrm_edge.runtimes.base import Cycles
from hrm_edge.train.cycle_error import Estimate
from hrm_edge.train.halting import DepthOutcomes, chosen_depths


@dataclass(frozen=True, kw_only=True)
class DepthQuality:
    """One number of cycles; errors are over examples."""

    cycles: Cycles
    loss: Estimate
    """Nats per answer token."""
    top1: Estimate
    """Share of answer tokens that are the argmax under teacher forcing."""
    exact: Estimate
    """Share of answers whose every token is."""
    mean_cycles: float
    halting_shares: tuple[float, ...] | None
    """Share of the requests that halt after each number of cycles, from 1; None for a fixed number."""


def quality_by_depth(outcomes: DepthOutcomes, head: HaltingHead | None, most: int) -> list[DepthQuality]:
    """Of 1 to C fixed cycles, and with a head of "auto", which goes to `most` cycles at the deepest."""
    examples, deepest = outcomes.hits.shape
    found = [
        _quality(outcomes, np.full(examples, cycles), cycles=cycles, shares=None) for cycles in range(1, deepest + 1)
    ]
    if head is not None:
        depth_E = chosen_depths(head, outcomes.hidden[:, :most])
        shares = tuple(float((depth_E == depth).mean()) for depth in range(1, most + 1))
        found.append(_quality(outcomes, depth_E, cycles="auto", shares=shares))
    return found


def _quality(
    outcomes: DepthOutcomes, depth_E: NDArray[np.int64], *, cycles: Cycles, shares: Sequence[float] | None
) -> DepthQuality:
    place = (np.arange(len(depth_E)), depth_E - 1)
    tokens_E = outcomes.tokens.numpy().astype(np.float64)
    return DepthQuality(
        cycles=cycles,
        loss=Estimate.of_ratio(outcomes.nats.numpy()[place], tokens_E),
        top1=Estimate.of_ratio(outcomes.hits.numpy()[place].astype(np.float64), tokens_E),
        exact=Estimate.of(outcomes.right.numpy()[place].astype(np.float64)),
        mean_cycles=float(depth_E.mean()),
        halting_shares=None if shares is None else tuple(shares),
    )
