"""What a training shows while it runs: a bar with loss, tokens a second and the time left, on stderr.

Where stderr is no terminal, a line each time the trainer logs.
"""
# ruff: noqa: ARG002 - the signatures are TrainerCallback's

import sys
import time
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments


class TrainingProgress(TrainerCallback):  # type: ignore[misc]
    """Of the first process; the others are silent."""

    def __init__(self) -> None:
        self._bar: Progress | None = None
        self._loss = self._held_out = ""
        self._started = (0.0, 0)

    def on_train_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any
    ) -> TrainerControl:
        """Show the bar."""
        self._started = (time.monotonic(), int(state.num_input_tokens_seen))
        if sys.stderr.isatty() and state.is_world_process_zero:
            columns = (
                TextColumn("step"), MofNCompleteColumn(), BarColumn(), TextColumn("{task.description}"),
                TimeRemainingColumn(),
            )  # fmt: skip
            self._bar = Progress(*columns, console=Console(stderr=True))
            self._bar.add_task("", total=state.max_steps, completed=state.global_step)
            self._bar.start()
        return control

    def on_step_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any
    ) -> TrainerControl:
        """One step further."""
        if self._bar is not None:
            self._bar.update(self._bar.task_ids[0], completed=state.global_step, description=self._line(state))
        return control

    def on_log(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        logs: dict[str, float] | None = None,
        **_: Any,
    ) -> TrainerControl:
        """Keep the newest losses; print a line where there is no bar."""
        logs = logs or {}
        if "loss" in logs:
            self._loss = f"loss {logs['loss']:.3f}"
        if "eval_loss" in logs:
            self._held_out = f"held out {logs['eval_loss']:.3f}"
        if self._bar is None and state.is_world_process_zero and ("loss" in logs or "eval_loss" in logs):
            print(f"step {state.global_step}/{state.max_steps}  {self._line(state)}", file=sys.stderr, flush=True)
        return control

    def on_train_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any
    ) -> TrainerControl:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()
        return control

    def _line(self, state: TrainerState) -> str:
        began, tokens = self._started
        rate = (int(state.num_input_tokens_seen) - tokens) / max(time.monotonic() - began, 1e-9)
        return "  ".join(filter(None, (self._loss, self._held_out, f"{rate:,.0f} tokens/s")))
