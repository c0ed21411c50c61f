"""The halting head, trained on a finished model whose weights stay as they are.

HRM's Q-learning (Wang et al. 2025, arXiv:2506.21734, adaptive computation time). Two values are predicted from z_H
after cycle m of N: q_halt, that the answer is right at this depth, and q_continue, that it will be if one goes on. Both
are logits, held against their targets by binary cross-entropy (BCE):

    G_halt(m)     = 1 if every answer token is the argmax at exit m, under teacher forcing; else 0
    G_continue(m) = γ · sigmoid(max(q_halt(m+1), q_continue(m+1)));  for m = N − 1:  γ · sigmoid(q_halt(N))
    loss          = 1/2N · [Σ BCE(q_halt(m), G_halt(m)) over m ≤ N + Σ BCE(q_continue(m), G_continue(m)) over m < N]

Differences from https://github.com/sapientinc/HRM (models/losses.py, models/hrm/hrm_act_v1.py at 0b8a215):
z_H is read at the last token of the prompt, where the one depth of a request must be known, as keys and values belong
to a cycle. The last depth has no q_continue, as nothing runs beyond it (there, one more segment is computed for its
target). And γ, 1 there, is below 1 here: at 1 a request that is right at every depth gains nothing by halting, both
values tend to the same limit, and such requests were measured never to halt.

Features do not change while the head learns, so they are computed once, and the loss is brought to its minimum by
L-BFGS N times over: q_halt in the first round, its targets are fixed; then, with the targets of q_continue taken
anew from the head, one depth further back in each (fitted Q-iteration).
"""

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy

from hrm_edge.checkpoint.halting import HaltingHead
from hrm_edge.errors import TrainingError
from hrm_edge.train.answer_model import AnswerModel, answers_of
from hrm_edge.train.data.pipeline.shards import Shards
from hrm_edge.train.packed_rows import IGNORED_LABEL, Batch, PackedRows, collate

FIRST_BIAS = -5.0
"""HRM's: both values start near zero, so that the first targets do not follow from chance."""
DISCOUNT = 0.95
"""γ: what one more cycle must be worth. Going on pays where it makes a right answer 1/γ times as probable."""
RIDGE = 0.01
"""Times the squared weights, beside the sum of the losses of all examples."""
MOST_ITERATIONS = 200
ROWS_AT_ONCE = 4


@dataclass(frozen=True, kw_only=True)
class DepthOutcomes:
    """What a model makes of E examples after each of C cycles, on the CPU."""

    hidden: torch.Tensor
    """float32 [E, C, D]: z_H at the last token of the request."""
    nats: torch.Tensor
    """float64 [E, C]: cross-entropy summed over the answer's tokens."""
    hits: torch.Tensor
    """int64 [E, C]: answer tokens that are the argmax under teacher forcing."""
    tokens: torch.Tensor
    """int64 [E]: answer tokens."""

    def __len__(self) -> int:
        return len(self.tokens)

    @property
    def right(self) -> torch.Tensor:
        """bool [E, C]: every token of the answer is the argmax."""
        return self.hits == self.tokens[:, None]

    @classmethod
    def joined(cls, parts: Sequence["DepthOutcomes"], most: int | None = None) -> "DepthOutcomes":
        """The examples of several, in order, or the first `most` of them."""
        return cls(
            hidden=torch.cat([part.hidden for part in parts])[:most],
            nats=torch.cat([part.nats for part in parts])[:most],
            hits=torch.cat([part.hits for part in parts])[:most],
            tokens=torch.cat([part.tokens for part in parts])[:most],
        )


@torch.no_grad()
def depth_outcomes(model: AnswerModel, rows: Batch, cycles: int) -> DepthOutcomes:
    """Outcomes of the examples of packed rows whose answers have labels, in their order."""
    rows = {name: column.to(model.device) for name, column in rows.items()}
    labels_N = answers_of(rows)
    is_answer_BT = rows["labels"][:, 1:] != IGNORED_LABEL
    ends_request_BT = is_answer_BT & (rows["token_type_ids"][:, :-1] == 1)
    example_N = ends_request_BT.flatten().cumsum(0)[is_answer_BT.flatten()] - 1
    zeros_E = torch.zeros(int(ends_request_BT.sum()), device=model.device, dtype=torch.long)
    hidden, nats, hits = [], [], []
    for hidden_BTD in model.exits(rows, cycles):
        hidden.append(hidden_BTD[:, :-1][ends_request_BT].float())
        logits_NV = model.lm_head(hidden_BTD[:, :-1][is_answer_BT]).float()
        losses_N = cross_entropy(logits_NV, labels_N, reduction="none").double()
        nats.append(zeros_E.double().index_add(0, example_N, losses_N))
        hits.append(zeros_E.index_add(0, example_N, (logits_NV.argmax(-1) == labels_N).long()))
    return DepthOutcomes(
        hidden=torch.stack(hidden, 1).cpu(),
        nats=torch.stack(nats, 1).cpu(),
        hits=torch.stack(hits, 1).cpu(),
        tokens=zeros_E.index_add(0, example_N, torch.ones_like(labels_N)).cpu(),
    )


def training_batches(shards: Shards, *, seed: int) -> Iterator[Batch]:
    """Every row of the shards once, in an order drawn over the whole curriculum."""
    rows = PackedRows(shards, len(shards), seed=seed)
    places = list(range(len(rows)))
    random.Random(f"{seed}/halting").shuffle(places)
    for start in range(0, len(places), ROWS_AT_ONCE):
        yield collate([rows[place] for place in places[start : start + ROWS_AT_ONCE]])


def collect_outcomes(
    model: AnswerModel,
    batches: Iterable[Batch],
    cycles: int,
    *,
    most: int | None = None,
    on_example: Callable[[str], None] | None = None,
) -> DepthOutcomes:
    """Outcomes of the first `most` examples of the batches, or all; no more batches are read than that takes.

    on_example: called once for each, for a progress bar.

    Raises:
        TrainingError: no example with an answer.
    """
    parts: list[DepthOutcomes] = []
    for rows in batches:
        parts.append(depth_outcomes(model, rows, cycles))
        if on_example is not None:
            for _ in range(len(parts[-1])):
                on_example("")
        if most is not None and sum(map(len, parts)) >= most:
            break
    if not sum(map(len, parts)):
        raise TrainingError("these shards hold no example to learn from: build larger ones with `hrm-edge data build`")
    return DepthOutcomes.joined(parts, most)


def continue_targets(q_EC2: torch.Tensor, discount: float = DISCOUNT) -> torch.Tensor:
    """G_continue [E, C − 1] of every depth but the last, without a gradient."""
    best_EC = q_EC2.detach().amax(-1)
    best_EC[:, -1] = q_EC2.detach()[:, -1, 0]
    return discount * best_EC[:, 1:].sigmoid()


def halting_loss(q_EC2: torch.Tensor, right_EC: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """The loss above, in nats, a mean over examples; q_EC2 holds the logits q_halt and q_continue, `targets` is
    continue_targets."""
    halt_EC, go_on_EC = q_EC2.unbind(-1)
    halt = binary_cross_entropy_with_logits(halt_EC, right_EC.to(halt_EC.dtype), reduction="sum")
    go_on = binary_cross_entropy_with_logits(go_on_EC[:, :-1], targets, reduction="sum")
    return 0.5 * (halt + go_on) / right_EC.numel()


def train_halting(outcomes: DepthOutcomes, *, discount: float = DISCOUNT) -> HaltingHead:
    """A head fitted to all outcomes at once; nothing in it is random.

    Raises:
        TrainingError: a model of one cycle, or no answer is right at any depth.
    """
    if outcomes.right.shape[1] < 2:
        raise TrainingError("a model of 1 H cycle has no depth to choose: a halting head needs 2 or more")
    if not outcomes.right.any():
        raise TrainingError(
            f"none of {len(outcomes):,} answers is right at any depth, so nothing says when to stop: train the model "
            "longer, or give --data that it was trained on"
        )
    head = torch.nn.Linear(outcomes.hidden.shape[-1], 2)
    torch.nn.init.zeros_(head.weight)
    torch.nn.init.constant_(head.bias, FIRST_BIAS)
    for _ in range(outcomes.right.shape[1]):
        with torch.no_grad():
            targets = continue_targets(head(outcomes.hidden), discount)
        _minimise(head, outcomes, targets)
    return HaltingHead(weight=head.weight.detach().numpy(), bias=head.bias.detach().numpy())


def _minimise(head: torch.nn.Linear, outcomes: DepthOutcomes, targets: torch.Tensor) -> None:
    optimizer = torch.optim.LBFGS(head.parameters(), max_iter=MOST_ITERATIONS, line_search_fn="strong_wolfe")

    def loss() -> float:
        optimizer.zero_grad()
        fit = halting_loss(head(outcomes.hidden), outcomes.right, targets)
        whole = fit + RIDGE * head.weight.square().sum() / len(outcomes)
        whole.backward()  # type: ignore[no-untyped-call]
        return whole.item()

    optimizer.step(loss)  # type: ignore[no-untyped-call]


def chosen_depths(head: HaltingHead, hidden_ECD: torch.Tensor) -> NDArray[np.int64]:
    """[E]: the first depth, from 1, where each request halts; the last one where it never does."""
    q_EC2 = head.values(hidden_ECD.numpy())
    halts_EC = q_EC2[..., 0] > q_EC2[..., 1]
    halts_EC[:, -1] = True
    first_E: NDArray[np.int64] = halts_EC.argmax(1)
    return first_E + 1


@dataclass(frozen=True, kw_only=True)
class HaltingQuality:
    """What choosing the depth costs and saves, beside every fixed depth."""

    examples: int
    exact_by_depth: tuple[float, ...]
    """Share of answers that are right with each number of cycles, from 1."""
    exact: float
    """Share of answers that are right where the head halts."""
    best_exact: float
    """Share that is right at some depth: what a perfect head would reach."""
    share_by_depth: tuple[float, ...]
    """Of the requests that halt after each number of cycles."""
    mean_cycles: float

    @classmethod
    def of(cls, head: HaltingHead, outcomes: DepthOutcomes) -> "HaltingQuality":
        """Of a head on examples that it has not learned from."""
        depths_E = chosen_depths(head, outcomes.hidden)
        right_EC = outcomes.right.numpy()
        return cls(
            examples=len(outcomes),
            exact_by_depth=tuple(right_EC.mean(0).tolist()),
            exact=float(right_EC[np.arange(len(depths_E)), depths_E - 1].mean()),
            best_exact=float(right_EC.any(1).mean()),
            share_by_depth=tuple(float((depths_E == depth).mean()) for depth in range(1, right_EC.shape[1] + 1)),
            mean_cycles=float(depths_E.mean()),
        )
