"""Ctrl-C (or a polite kill) during training: the step is finished, a checkpoint saved, and the run can be resumed."""
# ruff: noqa: ARG002 - the signatures are TrainerCallback's

import signal
import time
from types import FrameType
from typing import Any

import torch
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
SAME_REQUEST_S = 2.0
"""Signals within this are one request: Ctrl-C reaches a process under torchrun twice, from the terminal and from it."""


class SaveOnInterrupt(TrainerCallback):  # type: ignore[misc]
    """Saves and stops at the end of the step in which a signal arrived; a later second signal stops at once."""

    def __init__(self) -> None:
        self.interrupted = False
        self._first: float | None = None
        self._previous: dict[int, Any] = {}

    def on_train_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any
    ) -> TrainerControl:
        """Listen."""
        for number in _SIGNALS:
            self._previous[number] = signal.signal(number, self._note)
        return control

    def on_step_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any
    ) -> TrainerControl:
        """Save and stop if a signal arrived in any process: all of them must end with the same step."""
        if args.world_size > 1:
            arrived = torch.tensor(int(self.interrupted), device=args.device)
            torch.distributed.all_reduce(arrived, op=torch.distributed.ReduceOp.MAX)
            self.interrupted = bool(arrived.item())
        if self.interrupted:
            control.should_save = True
            control.should_training_stop = True
        return control

    def on_train_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any
    ) -> TrainerControl:
        """Hand the signals back."""
        self.stop_listening()
        return control

    def stop_listening(self) -> None:
        """Hand the signals back, once; for a training that ended by an error too, which has no end for callbacks."""
        while self._previous:
            signal.signal(*self._previous.popitem())

    def _note(self, number: int, frame: FrameType | None) -> None:
        if self._first is None:
            self.interrupted, self._first = True, time.monotonic()
        elif time.monotonic() - self._first > SAME_REQUEST_S:
            signal.signal(number, self._previous[number])
            signal.raise_signal(number)
