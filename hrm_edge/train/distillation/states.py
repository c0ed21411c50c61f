"""Distillation of states: the student's hidden states shall be the teacher's, after every pass of a stack.

A token's answer is one of thousands, and what a batch says about its probability is mostly noise; a state is D numbers
that the teacher has for every token, the request's too. For a student of the teacher's own sizes (a quantized model
and its float self) they say far more about every weight than the answers do, and through the cycles they follow the
error from where it arises to where it ends.

    error = mean over passes and tokens of  ‖z_student − z_teacher‖² / ‖z_teacher‖²

The squared relative error that `hrm_edge.train.quality.cycle_error` reports, but for its mean. Reference: hints of a
teacher's hidden layers, Romero et al. 2015, "FitNets", https://arxiv.org/abs/1412.6550; blocks of a quantized network
that imitate the float ones', Li et al. 2021, "BRECQ", https://arxiv.org/abs/2102.05426.

Shape letters: B batch, T tokens, D hidden.
"""

from collections.abc import Sequence

import torch
from torch import Tensor


def state_error(student: Sequence[Tensor], teacher: Sequence[Tensor], is_token_BT: Tensor) -> Tensor:
    """Mean squared relative error of hidden states [B, T, D], one pair for each pass of a stack; a number with
    gradients to the student's. 0 if no place of `is_token_BT` (false on padding) is true."""
    count = is_token_BT.sum().clamp(min=1)
    return torch.stack([
        _error(ours[is_token_BT], theirs[is_token_BT]).sum() / count
        for ours, theirs in zip(student, teacher, strict=True)
    ]).mean()  # fmt: skip


def _error(student_ND: Tensor, teacher_ND: Tensor) -> Tensor:
    """[N]."""
    wanted_ND = teacher_ND.detach().float()
    return (student_ND.float() - wanted_ND).square().sum(-1) / wanted_ND.square().sum(-1)
