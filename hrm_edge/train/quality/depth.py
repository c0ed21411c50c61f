"""What each number of H cycles gives on the same examples, and what a halting head makes of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hrm_edge.checkpoint.halting import HaltingHead, halting_path, read_halting
from hrm_edge.runtimes.base import Cycles
from hrm_edge.train.halting import DepthOutcomes, chosen_depths, collect_outcomes
from hrm_edge.train.quality.cycle_error import Estimate
from hrm_edge.train.quality.finished_model import load_finished_model
from hrm_edge.train.quality.held_out_loss import HeldOutBatch


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


def measure_quality(
    model: Path, held_out: Sequence[HeldOutBatch], *, beyond: int = 0
) -> tuple[int, list[DepthQuality]]:
    """The cycles a checkpoint was trained with, and its quality with 1 to so many and `beyond` more, and with "auto"
    where a halting head lies beside it.

    Raises:
        CheckpointError, ArchitectureError: the checkpoint or its head cannot be read.
        TrainingError: there are no examples.
    """
    loaded = load_finished_model(model)
    trained = int(loaded.config.H_cycles)
    outcomes = collect_outcomes(loaded, (batch.rows for batch in held_out), trained + beyond)
    head = read_halting(model, loaded.config.hidden_size) if halting_path(model).exists() else None
    return trained, quality_by_depth(outcomes, head, trained)


def held_out_requests(held_out: Sequence[HeldOutBatch], count: int) -> list[list[int]]:
    """Token ids of `count` requests, spread evenly over the lengths that there are."""
    found = sorted(
        (
            ids_T[types_T == 1].tolist()
            for batch in held_out
            for ids_T, types_T in zip(batch.rows["input_ids"], batch.rows["token_type_ids"], strict=True)
        ),
        key=len,
    )
    return [found[(2 * number + 1) * len(found) // (2 * count)] for number in range(count)]


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
