"""Ctrl-C (or a polite kill) during training: the step is finished, a checkpoint saved, and the run can be resumed."""
# ruff: noqa: ARG002 - the signatures are TrainerCallback's

import signal
from types import FrameType
from typing import Any

from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class SaveOnInterrupt(TrainerCallback):  # type: ignore[misc]
    """Saves and stops at the end of the step in which a signal arrived; a second signal stops at once."""

    def __init__(self) -> None:
        self.interrupted = False
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
        """Save and stop if a signal arrived."""
        if self.interrupted:
            control.should_save = True
            control.should_training_stop = True
        return control

    def on_train_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any
    ) -> TrainerControl:
        """Hand the signals back."""
        for number, handler in self._previous.items():
            signal.signal(number, handler)
        return control

    def _note(self, number: int, frame: FrameType | None) -> None:
        self.interrupted = True
        signal.signal(number, self._previous[number])
