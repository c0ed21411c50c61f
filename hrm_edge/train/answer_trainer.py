"""`transformers.Trainer` for answers: rows in planned order, random depth, held-out loss by scenario, checkpoints that
are whole, and a stop at the first loss that is no number."""

import random
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch
from accelerate import DistributedType, FullyShardedDataParallelPlugin
from torch.distributed.fsdp import register_fsdp_forward_method
from torch.optim import AdamW, Optimizer
from torch.utils.data import Sampler, SequentialSampler
from transformers import Trainer, TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from hrm_edge.errors import TrainingError
from hrm_edge.train.answer_model import AnswerModel
from hrm_edge.train.distillation.loss import Lesson
from hrm_edge.train.grid.quantization_aware import optimizer_groups, save_scales
from hrm_edge.train.optimizer import MuonAdamW
from hrm_edge.train.packed_rows import Batch
from hrm_edge.train.quality.held_out_loss import HeldOutBatch, held_out_sums
from hrm_edge.train.run_directory import disk_errors, keep_newest
from hrm_edge.train.weight_average import WeightAverage, gathered

SCALE_RATE = 0.1
"""Learning rate of learned scales, which are far smaller than weights, relative to the weights'."""


class AnswerTrainer(Trainer):  # type: ignore[misc]
    """Trains an AnswerModel on packed rows."""

    def __init__(
        self,
        *,
        held_out: Sequence[HeldOutBatch],
        random_cycles: bool,
        average: WeightAverage,
        on_grid: bool,
        teach: Callable[[Batch, int], Lesson] | None,
        **parts: Any,
    ) -> None:
        """`parts` are those of the parent.

        Args:
            held_out: what `evaluate` measures on.
            random_cycles: draw the number of H cycles for each step.
            average: the weights that are measured.
            on_grid: the model was prepared for quantization-aware training.
            teach: what is said of rows at a number of cycles, to learn from instead of the cross-entropy alone.
        """
        super().__init__(**parts)
        self.add_callback(average)
        self._held_out = held_out
        self._average = average
        self._random_cycles = random_cycles
        self._on_grid = on_grid
        self._teach = teach
        self._gathers_for_exits = False

    def create_accelerator_and_postprocess(self) -> None:
        """As the parent. Accelerate (1.15, state.py) turns FSDP on for GPUs alone and ignores it on CPUs without a
        word, although PyTorch's runs there too; so the same path can be tested with two processes and gloo."""
        super().create_accelerator_and_postprocess()
        if self.args.fsdp and not self.is_fsdp_enabled:
            self.accelerator.state.distributed_type = DistributedType.FSDP
            self.accelerator.state.fsdp_plugin = FullyShardedDataParallelPlugin(**self.args.fsdp_plugin_args)
            self.is_fsdp_enabled: bool = True

    def create_optimizer(self, model: Any = None) -> Optimizer:
        """Muon and AdamW; AdamW alone on the grid, where Muon's updates, all of one size, flip too many codes."""
        rate, trained = self.args.learning_rate, model or self.model
        self.optimizer: Optimizer
        if self._on_grid:
            groups = optimizer_groups(trained, learning_rate=rate, scale_learning_rate=rate * SCALE_RATE)
            self.optimizer = AdamW(groups, betas=(0.9, 0.99))
        else:
            self.optimizer = MuonAdamW(trained, learning_rate=rate, weight_decay=self.args.weight_decay)
        self._peak_rates = [group["lr"] for group in self.optimizer.param_groups]
        return self.optimizer

    def compute_loss(
        self,
        model: Any,
        inputs: Batch,
        return_outputs: bool = False,
        num_items_in_batch: torch.Tensor | int | None = None,
    ) -> Any:
        """Nats per answer token at the depth of this step, the same in every process and every part of the step; 0
        where all answers of the step are held out."""
        if isinstance(num_items_in_batch, torch.Tensor):
            num_items_in_batch = num_items_in_batch.clamp(min=1)
        cycles = self._cycles_of_step()
        told: dict[str, Any] = {"cycles": cycles}
        if self._teach is not None:
            with self.accelerator.autocast():
                told["lesson"] = self._teach(inputs, cycles)
        return super().compute_loss(
            model,
            {**inputs, **told},
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
        with torch.no_grad(), self.compute_loss_context_manager(), self._average.in_place_of(model):
            table = self._own_share_of_held_out(model, tasks, cycles)
        metrics = _metrics(self.accelerator.reduce(table.to(self.args.device), "sum").cpu(), tasks, metric_key_prefix)
        self.log(metrics)
        self.control: TrainerControl = self.callback_handler.on_evaluate(self.args, self.state, self.control, metrics)
        return metrics

    def _cycles_of_step(self) -> int:
        most = int(self.accelerator.unwrap_model(self.model).config.H_cycles)
        if not self._random_cycles or not self.model.training:
            return most
        return random.Random(f"{self.args.seed}/{self.state.global_step}/cycles").randint(1, most)

    def _own_share_of_held_out(self, model: AnswerModel, tasks: Sequence[str], cycles: int) -> torch.Tensor:
        """What this process measures: every so manieth batch."""
        rank, world = self.args.process_index, self.args.world_size
        mine = self._held_out[rank::world]
        if self.is_fsdp_enabled:
            if not self._gathers_for_exits:
                register_fsdp_forward_method(model, "exit_logits")
                self._gathers_for_exits = True
            if rank >= len(self._held_out) % world > 0:  # all processes gather weights together, as often as any does
                held_out_sums(model, self._held_out[:1], tasks, cycles)
        return held_out_sums(model, mine, tasks, cycles)

    def save_model(self, output_dir: str | None = None, _internal_call: bool = False) -> None:
        """As the parent; what FSDP divides is gathered first, so that the checkpoint is a plain one."""
        if not self.is_fsdp_enabled:
            super().save_model(output_dir, _internal_call)
            return
        whole = {name: gathered(weight).cpu() for name, weight in self.model.state_dict().items()}
        if self.args.should_save:
            if self.model.config.tie_word_embeddings:
                del whole["lm_head.weight"]
            self.model.save_pretrained(output_dir or self.args.output_dir, state_dict=whole)

    def _save_checkpoint(self, model: Any, trial: Any) -> None:
        """As the parent, and the average; an older directory of this name, which was damaged, is removed first.

        Raises:
            TrainingError: the disk is full or cannot be written; what was written of the checkpoint is removed.
        """
        out = Path(self.args.output_dir)
        directory = out / f"checkpoint-{self.state.global_step}"
        if self.args.should_save:
            shutil.rmtree(directory, ignore_errors=True)
        self.accelerator.wait_for_everyone()
        try:
            with disk_errors(directory, out=out):
                directory.mkdir(parents=True, exist_ok=True)
                self._average.save(directory, writes=self.args.should_save)
                if self._on_grid and self.args.should_save:
                    save_scales(self.accelerator.unwrap_model(self.model), directory)
                super()._save_checkpoint(model, trial)  # writes trainer_state.json, the sign of a whole one, last
        except TrainingError:
            shutil.rmtree(directory, ignore_errors=True)
            raise
        if self.args.should_save:
            best = self.state.best_global_step
            keep_newest(out, out / f"checkpoint-{best}" if best else None)

    def _save_optimizer_and_scheduler(self, output_dir: str) -> None:
        """As the parent; under FSDP each process saves the part of the moments that it holds."""
        if not self.is_fsdp_enabled:
            super()._save_optimizer_and_scheduler(output_dir)
            return
        torch.save(self._inner_optimizer().own_part(), Path(output_dir) / self._own_optimizer_name())
        if self.args.should_save:
            torch.save(self.lr_scheduler.state_dict(), Path(output_dir) / "scheduler.pt")

    def _load_optimizer_and_scheduler(self, checkpoint: str | None) -> None:
        """As the parent, at the learning rate of this run; under FSDP each process loads its part.

        Raises:
            TrainingError: the checkpoint was saved by another number of processes, or without FSDP.
        """
        if checkpoint is None:
            return
        if self.is_fsdp_enabled:
            self._load_own_part(Path(checkpoint))
        else:
            super()._load_optimizer_and_scheduler(checkpoint)
        self.lr_scheduler.base_lrs = list(self._peak_rates)
        now = self.lr_scheduler.lr_lambdas[0](self.lr_scheduler.last_epoch)
        for group, peak in zip(self.optimizer.param_groups, self._peak_rates, strict=True):
            group["initial_lr"], group["lr"] = peak, peak * now

    def _load_own_part(self, checkpoint: Path) -> None:
        found = len(list(checkpoint.glob("optimizer_*.pt")))
        if found != self.args.world_size:
            raise TrainingError(
                f"{checkpoint} was saved by {found or 'no'} processes with --fsdp and this run has "
                f"{self.args.world_size}: resume as it was started, or start a new run from it with --init"
            )
        own = torch.load(checkpoint / self._own_optimizer_name(), weights_only=True)
        self._inner_optimizer().load_own_part(own)
        self.lr_scheduler.load_state_dict(torch.load(checkpoint / "scheduler.pt", weights_only=True))

    def _own_optimizer_name(self) -> str:
        return f"optimizer_{self.args.process_index}.pt"

    def _inner_optimizer(self) -> MuonAdamW:
        optimizer = getattr(self.optimizer, "optimizer", self.optimizer)  # accelerate wraps it
        assert isinstance(optimizer, MuonAdamW)
        return optimizer

    def _load_from_checkpoint(self, resume_from_checkpoint: str, model: Any = None) -> None:
        """Nothing: the model was made from it (starting_weights.py). The trainer's own loader does not know that
        transformers saves hrm_text in the fused layout, warns of missing keys and goes on with random stacks."""

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
