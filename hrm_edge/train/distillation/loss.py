"""Distillation on answer tokens: KL(teacher || student) of their next-token distributions, beside the cross-entropy.

    loss = w · T² · KL(softmax(t / T) || softmax(s / T)) + (1 − w) · cross-entropy          (Hinton et al. 2015,
                                                                                             arXiv:1503.02531)
For quantization-aware training w = 1 and T = 1: the float model is the target, and the data only says where to look.

Logits are the large part: [N, V] is 1 GB in float32 at 4,096 answers and 65,536 tokens. They are made and forgotten a
few rows at a time, in the backward pass once more; what stays in memory is [N, D] of either model.

    teacher = load_teacher("runs/nano", tokenizer)                     # hrm_edge.train.distillation.teachers
    for hidden_BTD, states in zip(model.exits(rows, 2), teacher.read(rows, 2).answers, strict=True):
        student = AnswerStates(hidden=before_answers(hidden_BTD, rows), head=model.lm_head)
        losses = distillation_loss(student, states, answers_of(rows))       # one for each depth

Shape letters: B batch, T tokens, D hidden, V vocabulary, N answer tokens of a batch, in the order of its rows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy, kl_div
from torch.utils.checkpoint import checkpoint

from hrm_edge.errors import DataError
from hrm_edge.train.packed_rows import IGNORED_LABEL, Batch

LOGITS_AT_ONCE = 2**24
"""64 MB in float32; a handful of tensors of this size are alive at a time."""


@dataclass(frozen=True, kw_only=True)
class AnswerStates:
    """What a model says about the N answer tokens of a batch: hidden states before its head, and the head."""

    hidden: Tensor
    """[N, D]."""
    head: Callable[[Tensor], Tensor]

    def logits(self, rows: slice) -> Tensor:
        """float32 logits of some rows, [n, V]."""
        return self.head(self.hidden[rows]).float()


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What a teacher makes of packed rows, without gradients."""

    answers: Sequence[AnswerStates]
    """Its states before the answer tokens: one for each exit of the student, after 1 … n H cycles."""
    stacks: Sequence[Tensor] = ()
    """Hidden states [B, T, D] after every pass of a stack, in order; none from a model of another kind."""


class Teacher(Protocol):
    """A model that is learned from."""

    def read(self, rows: Batch, cycles: int) -> Reading:
        """What it makes of packed rows, for a student that runs `cycles` H cycles."""


@dataclass(frozen=True, kw_only=True)
class DistillationLoss:
    """Sums over the answer tokens, in nats; divide by their number."""

    loss: Tensor
    """What is learned from: the mix of both, with gradients."""
    cross_entropy: Tensor
    divergence: Tensor
    """KL(teacher || student) at the temperature, without its square."""


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """What a teacher says of one batch, and how much it counts."""

    reading: Reading
    weight: float = 1.0
    """See distillation_loss, as the temperature."""
    temperature: float = 1.0
    states_weight: float = 0.0
    """Of `states.state_error`, beside the loss of an answer token in nats."""

    def loss(self, student: AnswerStates, teacher: AnswerStates, labels_N: Tensor) -> Tensor:
        """Sum over the answer tokens, with gradients."""
        found = distillation_loss(student, teacher, labels_N, weight=self.weight, temperature=self.temperature)
        return found.loss


def before_answers(hidden_BTD: Tensor, rows: Batch) -> Tensor:
    """Hidden states [N, D] that the answer tokens of packed rows are predicted from."""
    return hidden_BTD[:, :-1][rows["labels"][:, 1:] != IGNORED_LABEL]


def distillation_loss(
    student: AnswerStates,
    teacher: AnswerStates,
    labels_N: Tensor,
    *,
    weight: float = 1.0,
    temperature: float = 1.0,
) -> DistillationLoss:
    """The loss of a batch, memory-light.

    A head may have more rows than the tokenizer has tokens; the divergence is taken over the tokens both heads have.

    Args:
        student: its states carry gradients.
        teacher: states before the same tokens.
        labels_N: the answer tokens.
        weight: 0 … 1, of the divergence; the rest is the cross-entropy's.
        temperature: above 0; larger ones show more of what the teacher thinks of unlikely tokens.

    Raises:
        DataError: a weight or temperature out of its range.
    """
    if not 0 <= weight <= 1:
        raise DataError(f"the weight of distillation is {weight}: it must be from 0 (none) to 1 (nothing else)")
    if not temperature > 0:
        raise DataError(f"the temperature of distillation is {temperature}: it must be above 0")
    assert len(student.hidden) == len(teacher.hidden) == len(labels_N), "other answer tokens"

    def part(rows: slice) -> Tensor:
        return _sums(student.logits(rows), teacher.logits(rows).detach(), labels_N[rows], temperature)

    total = student.hidden.sum() * torch.zeros(2, device=labels_N.device)  # a batch without answers has a loss too
    step = _rows_at_once(student)
    for start in range(0, len(labels_N), step):
        rows = slice(start, start + step)
        total = total + checkpoint(part, rows, use_reentrant=False, preserve_rng_state=False)
    entropy, divergence = total[0], total[1]
    loss = weight * temperature**2 * divergence + (1 - weight) * entropy
    return DistillationLoss(loss=loss, cross_entropy=entropy.detach(), divergence=divergence.detach())


def _sums(student_NV: Tensor, teacher_NV: Tensor, labels_N: Tensor, temperature: float) -> Tensor:
    """[cross-entropy, KL(teacher || student)], summed over rows."""
    shared = min(student_NV.shape[1], teacher_NV.shape[1])
    student_log = (student_NV[:, :shared] / temperature).log_softmax(-1)
    teacher_log = (teacher_NV[:, :shared] / temperature).log_softmax(-1)
    divergence = kl_div(student_log, teacher_log, reduction="sum", log_target=True)
    return torch.stack([cross_entropy(student_NV, labels_N, reduction="sum"), divergence])


def _rows_at_once(student: AnswerStates) -> int:
    with torch.no_grad():
        vocabulary = student.head(student.hidden[:1]).shape[-1] if len(student.hidden) else 1
    return max(1, LOGITS_AT_ONCE // vocabulary)
