"""Muon for the matrices of the stacks, AdamW for the embedding: one optimizer to the trainer.

Muon orthogonalises the momentum of a matrix (Jordan et al. 2024, https://kellerjordan.github.io/posts/muon/); with
its update scaled to AdamW's root mean square (Liu et al. 2025, arXiv:2502.16982) both share one learning rate.

Where FSDP divides a matrix among processes, Muon's products run on the divided tensors and are exact: each process
gathers one matrix at a time, and moments stay divided.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import nn
from torch.distributed.tensor import DTensor
from torch.optim import AdamW, Muon, Optimizer


class MuonAdamW(Optimizer):
    """Two optimizers over disjoint parameters that step, save and load as one."""

    def __init__(self, model: nn.Module, *, learning_rate: float, weight_decay: float) -> None:
        named = [(name, parameter) for name, parameter in model.named_parameters() if parameter.requires_grad]
        matrices = [parameter for name, parameter in named if "_module." in name and parameter.ndim == 2]
        inside = {id(parameter) for parameter in matrices}
        others = [parameter for _, parameter in named if id(parameter) not in inside]
        self._parts: tuple[Optimizer, Optimizer] = (
            Muon(matrices, lr=learning_rate, weight_decay=weight_decay, adjust_lr_fn="match_rms_adamw"),
            AdamW(others, lr=learning_rate, weight_decay=weight_decay, betas=(0.9, 0.95)),
        )
        super().__init__(matrices + others, {"lr": learning_rate})
        self.param_groups = [group for part in self._parts for group in part.param_groups]

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> float | None:  # type: ignore[override]
        """One update of both parts."""
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for part in self._parts:
            part.step()
        return loss

    def state_dict(self) -> dict[str, Any]:
        """The states of both parts."""
        return {"parts": [part.state_dict() for part in self._parts]}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Continue from `state_dict()`."""
        for part, state in zip(self._parts, state_dict["parts"], strict=True):
            part.load_state_dict(state)
        self.param_groups = [group for part in self._parts for group in part.param_groups]

    def own_part(self) -> list[dict[int, dict[str, Any]]]:
        """Of both parts, what this process holds of each parameter's state under FSDP: plain tensors by place."""
        return [
            {
                place: {name: _own(value) for name, value in part.state[parameter].items()}
                for place, parameter in enumerate(_parameters(part))
                if parameter in part.state
            }
            for part in self._parts
        ]

    def load_own_part(self, states: list[dict[int, dict[str, Any]]]) -> None:
        """Continue from the `own_part()` of the same process of as many."""
        for part, state in zip(self._parts, states, strict=True):
            for place, parameter in enumerate(_parameters(part)):
                if place in state:
                    part.state[parameter] = {name: _like(value, parameter) for name, value in state[place].items()}


def _parameters(part: Optimizer) -> list[nn.Parameter]:
    return [parameter for group in part.param_groups for parameter in group["params"]]


def _own(value: Any) -> Any:
    return value.to_local() if isinstance(value, DTensor) else value


def _like(value: Any, parameter: nn.Parameter) -> Any:
    """A moment as `parameter` is divided; a step's count stays as it is."""
    if not isinstance(parameter, DTensor) or not isinstance(value, torch.Tensor) or value.ndim == 0:
        return value
    return DTensor.from_local(
        value.to(parameter.device), parameter.device_mesh, parameter.placements,
        run_check=False, shape=parameter.shape, stride=parameter.stride(),
    )  # fmt: skip
