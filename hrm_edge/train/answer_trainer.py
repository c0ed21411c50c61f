"""`transformers.Trainer` for answers: rows in planned order, random depth, held-out loss by scenario, resumption that
holds, and a stop at the first loss that is no number."""

import random
from collections.abc import Sequence
from typing import Any

import torch
from torch.utils.data import Sampler, SequentialSampler
from transformers import HrmTextForCausalLM, Trainer, TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from hrm_edge.errors import TrainingError
from hrm_edge.train.answer_model import AnswerModel
from hrm_edge.train.held_out_loss import HeldOutBatch, held_out_sums
from hrm_edge.train.packed_rows import Batch
from hrm_edge.train.weight_average import WeightAverage


class AnswerTrainer(Trainer):  # type: ignore[misc]
    """Trains an AnswerModel on packed rows."""

    def __init__(
        self, *, held_out: Sequence[HeldOutBatch], random_cycles: bool, average: WeightAverage, **parts: Any
    ) -> None:
        """`parts` are those of the parent.

        Args:
            held_out: what `evaluate` measures on.
            random_cycles: draw the number of H cycles for each step.
            average: the weights that are measured.
        """
        super().__init__(**parts)
        self.add_callback(average)
        self._held_out = held_out
        self._average = average
        self._random_cycles = random_cycles

    def compute_loss(
        self,
        model: Any,
        inputs: Batch,
        return_outputs: bool = False,
        num_items_in_batch: torch.Tensor | int | None = None,
    ) -> Any:
        """Nats per answer token at the depth of this step, the same in every process and every part of the step."""
        return super().compute_loss(
            model,
            {**inputs, "cycles": self._cycles_of_step()},
            return_outputs=return_outputs,
            num_items_in_batch=num_items_in_batch,
        )

    def training_step(
        self, model: Any, inputs: Batch, num_items_in_batch: torch.Tensor | int | None = None
    ) -> torch.Tensor:
        """As the parent's.

        Raises:
            TrainingError: the loss is no number; the weights have not been touched by this step.
        """
        loss: torch.Tensor = super().training_step(model, inputs, num_items_in_batch)
        if not torch.isfinite(loss):
            raise TrainingError(
                f"the loss is {loss.item()} at step {self.state.global_step + 1}: lower --learning-rate, and go on "
                "from the last checkpoint with --resume"
            )
        return loss

    def evaluate(
        self,
        eval_dataset: Any = None,  # noqa: ARG002 - the trainer's signature
        ignore_keys: list[str] | None = None,  # noqa: ARG002
        metric_key_prefix: str = "eval",
    ) -> dict[str, float]:
        """Held-out loss in nats per answer token: of all, by scenario, and by number of cycles."""
        model: AnswerModel = self.accelerator.unwrap_model(self.model)
        cycles = model.config.H_cycles
        model.eval()
        tasks = sorted({task for batch in self._held_out for task in batch.tasks})
        mine = self._held_out[self.args.process_index :: self.args.world_size]
        with torch.inference_mode(), self.compute_loss_context_manager(), self._average.in_place_of(model):
            table = held_out_sums(model, mine, tasks, cycles)
        metrics = _metrics(self.accelerator.reduce(table.to(self.args.device), "sum").cpu(), tasks, metric_key_prefix)
        self.log(metrics)
        self.control: TrainerControl = self.callback_handler.on_evaluate(self.args, self.state, self.control, metrics)
        return metrics

    def _cycles_of_step(self) -> int:
        most = int(self.accelerator.unwrap_model(self.model).config.H_cycles)
        if not self._random_cycles or not self.model.training:
            return most
        return random.Random(f"{self.args.seed}/{self.state.global_step}/cycles").randint(1, most)

    def _load_from_checkpoint(self, resume_from_checkpoint: str, model: Any = None) -> None:
        """Weights through `from_pretrained`: the trainer's own loader does not know that transformers saves hrm_text
        in the fused layout, warns of missing keys and goes on with random stacks."""
        saved = HrmTextForCausalLM.from_pretrained(resume_from_checkpoint, dtype=torch.float32, use_safetensors=True)
        (self.model if model is None else model).load_state_dict(saved.state_dict())

    def _get_train_sampler(self, train_dataset: Any = None) -> Sampler[int]:
        """Rows come in the order of the curriculum."""
        return SequentialSampler(train_dataset if train_dataset is not None else self.train_dataset)


class StepsOfThisRun(TrainerCallback):  # type: ignore[misc]
    """A resumed run saves, measures and logs as often as it was told to, not as the interrupted one was."""

    def on_train_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any
    ) -> TrainerControl:
        """Undo what loading the trainer's state did."""
        state.save_steps, state.eval_steps, state.logging_steps = args.save_steps, args.eval_steps, args.logging_steps
        return control


def _metrics(table: torch.Tensor, tasks: Sequence[str], prefix: str) -> dict[str, float]:
    """`table`: [scenarios, cycles + 1], sums of nats at each exit, then answer tokens."""
    sums, counts = table[:, :-1], table[:, -1]
    by_depth = (sums.sum(0) / counts.sum()).tolist()
    metrics = {f"{prefix}_loss": by_depth[-1]}
    metrics |= {f"{prefix}_loss_{task}": float(sums[row, -1] / counts[row]) for row, task in enumerate(tasks)}
    metrics |= {f"{prefix}_loss_cycles_{cycles}": loss for cycles, loss in enumerate(by_depth, 1)}
    return metrics
