"""What leaves the stacks while a model runs: L … L H, once per H cycle."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from transformers import HrmTextForCausalLM

from hrm_edge.architecture import STACKS


@contextmanager
def recording_stacks(model: HrmTextForCausalLM) -> Iterator[list[torch.Tensor]]:
    """A list that takes the hidden states [B, T, D] after every pass of a stack, in order, while it is open."""
    states: list[torch.Tensor] = []

    def keep(_stack: torch.nn.Module, _inputs: object, output: torch.Tensor) -> None:
        states.append(output)

    hooks = [model.model.get_submodule(stack).register_forward_hook(keep) for stack in STACKS]
    try:
        yield states
    finally:
        for hook in hooks:
            hook.remove()
