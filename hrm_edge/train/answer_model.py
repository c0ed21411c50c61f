"""The model as it is trained: packed rows in, the loss of the answers at every depth out.

A forward pass of n H cycles passes through the exits 1 … n: what leaves the H stack after cycle h is what a model of
h cycles would give. The loss is taken at every exit, so that one set of weights serves every number of cycles; a model
trained at 2 cycles alone and run at 1 went from 1.75 to 4.86 nats a token.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from transformers import HrmTextForCausalLM

from hrm_edge.train.attention_mask import packed_prefix_lm_mask
from hrm_edge.train.distillation.loss import AnswerStates, Lesson, before_answers
from hrm_edge.train.distillation.states import state_error
from hrm_edge.train.packed_rows import IGNORED_LABEL, Batch
from hrm_edge.train.stack_states import recording_stacks

EARLY_EXIT_WEIGHT = 0.3
"""Of the mean loss of the exits before the last, beside the last one's."""


class AnswerModel(HrmTextForCausalLM):  # type: ignore[misc]
    """`HrmTextForCausalLM` that takes packed rows; its weights and its files are those of its parent."""

    accepts_loss_kwargs = True
    """For the trainer: the loss is divided by the answer tokens of the whole step, not of a part of it."""

    def exits(self, rows: Batch, cycles: int) -> list[torch.Tensor]:
        """Hidden states [B, T, D] after each of `cycles` H cycles. `rows` as PackedRows gives them."""
        return self.exits_among(self.stack_states(rows, cycles))

    def exits_among(self, stacks: Sequence[torch.Tensor]) -> list[torch.Tensor]:
        """Those of `stack_states` that end an H cycle."""
        passes = self.config.L_cycles + 1
        return list(stacks[passes - 1 :: passes])

    def stack_states(self, rows: Batch, cycles: int) -> list[torch.Tensor]:
        """Hidden states [B, T, D] after every pass of a stack: L … L H, `cycles` times."""
        mask_B1TT = packed_prefix_lm_mask(rows["segment_ids"], rows["token_type_ids"])
        with self._running(cycles), recording_stacks(self) as states:
            self.model(
                input_ids=rows["input_ids"],
                attention_mask=self._as_attention_takes_it(mask_B1TT),
                position_ids=rows["position_ids"],
                use_cache=False,
            )
        return states

    def exit_logits(self, rows: Batch, cycles: int) -> list[torch.Tensor]:
        """float32 logits [N, V] of each exit, that predict the N answer tokens of the rows in order."""
        is_answer_BT = rows["labels"][:, 1:] != IGNORED_LABEL
        return [self.lm_head(hidden_BTD[:, :-1][is_answer_BT]).float() for hidden_BTD in self.exits(rows, cycles)]

    def forward(
        self,
        cycles: int | None = None,
        num_items_in_batch: torch.Tensor | int | None = None,
        lesson: Lesson | None = None,
        **rows: torch.Tensor,
    ) -> dict[str, Any]:
        """Loss of a batch of packed rows, in nats per answer token.

        Args:
            cycles: H cycles to run, with a loss at each; None for as many as the configuration says.
            num_items_in_batch: answer tokens that the sum is divided by; None for those of these rows.
            lesson: what a teacher says of the same rows at the same depths; None for the cross-entropy alone.
            rows: as PackedRows gives them, [B, T] each.
        """
        cycles = cycles or self.config.H_cycles
        labels_N = answers_of(rows)
        if lesson is None:
            logits = self.exit_logits(rows, cycles)
            sums = [torch.nn.functional.cross_entropy(logits_NV, labels_N, reduction="sum") for logits_NV in logits]
            total = _of_all_exits(sums)
        else:
            total = self._learned_from(lesson, rows, labels_N, cycles)
        return {"loss": total / (num_items_in_batch or labels_N.numel())}

    def _learned_from(self, lesson: Lesson, rows: Batch, labels_N: torch.Tensor, cycles: int) -> torch.Tensor:
        """Sum over the answer tokens; the error of the states counts as often as there are any, so that parts of a
        step add up to it."""
        stacks = self.stack_states(rows, cycles)
        hidden = [before_answers(exit_BTD, rows) for exit_BTD in self.exits_among(stacks)]
        states = [AnswerStates(hidden=hidden_ND, head=self.lm_head) for hidden_ND in hidden]
        total = _of_all_exits([
            lesson.loss(*pair, labels_N) for pair in zip(states, lesson.reading.answers, strict=True)
        ])  # fmt: skip
        if lesson.states_weight:
            error = state_error(stacks, lesson.reading.stacks, rows["segment_ids"] > 0)
            total = total + lesson.states_weight * labels_N.numel() * error
        return total

    def save_pretrained(self, save_directory: Any, *args: Any, **kwargs: Any) -> None:
        """As the parent does, under the parent's name."""
        super().save_pretrained(save_directory, *args, **kwargs)
        if kwargs.get("is_main_process", True):
            self.config.architectures = [HrmTextForCausalLM.__name__]
            self.config.save_pretrained(save_directory)

    @contextmanager
    def _running(self, cycles: int) -> Iterator[None]:
        """Another number of H cycles, gradients through all of them."""
        usual = self.config.H_cycles
        self.config.H_cycles = cycles
        self.model.L_bp_cycles_padded = [self.config.L_cycles] * cycles
        try:
            yield
        finally:
            self.config.H_cycles = usual

    def _as_attention_takes_it(self, mask_B1TT: torch.Tensor) -> torch.Tensor:
        """Eager attention adds its mask; the others take truth values."""
        if self.config._attn_implementation != "eager":
            return mask_B1TT
        return torch.zeros(mask_B1TT.shape, device=mask_B1TT.device).masked_fill(
            ~mask_B1TT, torch.finfo(torch.bfloat16).min
        )


def _of_all_exits(sums: Sequence[torch.Tensor]) -> torch.Tensor:
    """The last exit's, and a share of the earlier ones'."""
    return sums[-1] + EARLY_EXIT_WEIGHT * torch.stack(list(sums[:-1])).mean() if len(sums) > 1 else sums[-1]


def answers_of(rows: Batch) -> torch.Tensor:
    """The N answer tokens of the rows in order: what `exit_logits` predicts."""
    labels_BT = rows["labels"][:, 1:]
    return labels_BT[labels_BT != IGNORED_LABEL]
