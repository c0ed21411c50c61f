"""An exponential moving average of the weights: less noisy than the last step's, and what is measured and kept.

Polyak and Juditsky 1992; the decay starts low, min(decay, (1 + n) / (10 + n)) after n steps, so that the first random
weights are forgotten.
"""
# ruff: noqa: ARG002 - the signatures are TrainerCallback's

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import nn
from torch.distributed.fsdp import FSDPModule
from torch.distributed.tensor import DTensor, distribute_tensor
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from hrm_edge.train.run_directory import AVERAGE_NAME


class WeightAverage(TrainerCallback):  # type: ignore[misc]
    """Follows the trainable weights of a model; with decay 0 it is the model itself."""

    def __init__(self, model: nn.Module, decay: float, *, resume_from: Path | None = None) -> None:
        """`resume_from`: the checkpoint whose average goes on; one without an average starts from the model's weights.

        Raises:
            OSError, SafetensorError: its average cannot be read.
        """
        self._decay = decay
        self._weights: dict[str, torch.Tensor] = {}
        if decay and resume_from is not None and (resume_from / AVERAGE_NAME).exists():
            self._weights = load_file(resume_from / AVERAGE_NAME)
        elif decay:
            self._weights = {name: weight.detach().clone() for name, weight in _trainable(model)}

    @contextmanager
    def in_place_of(self, model: nn.Module) -> Iterator[None]:
        """The model with the average as its weights, for a while."""
        if not self._decay:
            yield
            _divide_again(model)
            return
        own = {name: weight.detach().clone() for name, weight in _trainable(model)}
        self.copy_to(model)
        try:
            yield
        finally:
            _divide_again(model)
            _copy(own, model)

    def copy_to(self, model: nn.Module) -> None:
        """Overwrite the model's weights with the average."""
        if self._decay:
            self._place_like(model)
            _copy(self._weights, model)

    def on_step_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **parts: Any
    ) -> TrainerControl:
        """One step further."""
        if self._decay:
            decay = min(self._decay, (1 + state.global_step) / (10 + state.global_step))
            self._place_like(parts["model"])
            with torch.no_grad():
                for name, weight in _trainable(parts["model"]):
                    self._weights[name].lerp_(weight.detach(), 1 - decay)
        return control

    def save(self, directory: Path, *, writes: bool) -> None:
        """Into `directory`; called in every process, because each may hold a part only, and one of them writes.

        Raises:
            OSError, SafetensorError: the file cannot be written.
        """
        if self._decay:
            whole = {name: gathered(weight) for name, weight in self._weights.items()}
            if writes:
                save_file(whole, directory / AVERAGE_NAME)

    def _place_like(self, model: nn.Module) -> None:
        """On the device of the weights and, where they are divided among processes, divided in the same way."""
        for name, weight in _trainable(model):
            average = self._weights[name]
            if isinstance(weight, DTensor) and not isinstance(average, DTensor):
                average = distribute_tensor(average.to(weight.device), weight.device_mesh, weight.placements)
            self._weights[name] = average.to(weight.device)


def gathered(weight: torch.Tensor) -> torch.Tensor:
    """The whole of a tensor that may be divided among processes."""
    return weight.full_tensor() if isinstance(weight, DTensor) else weight


def _trainable(model: nn.Module) -> Iterator[tuple[str, nn.Parameter]]:
    """The weights, under the names they have without a wrapper of DDP."""
    for name, weight in model.named_parameters():
        if weight.requires_grad:
            yield name.removeprefix("module."), weight


def _divide_again(model: nn.Module) -> None:
    """FSDP keeps the last layers whole after a forward pass, for a backward pass that a measurement does not have."""
    for module in model.modules():
        if isinstance(module, FSDPModule):
            module.reshard()


@torch.no_grad()
def _copy(weights: dict[str, torch.Tensor], model: nn.Module) -> None:
    for name, weight in _trainable(model):
        weight.copy_(weights[name])
