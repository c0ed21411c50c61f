"""Decoder layers that torch.compile has fused, for a process that decodes long enough to win back the compilation.

Not on the CPU: there the matrices are the work. A compiled step of the nano shape took 1.5 times as long as the plain
one, after two minutes of compilation (torch 2.13, one thread).

Reference: https://docs.pytorch.org/docs/2.9/generated/torch.compile.html
"""

from contextlib import AbstractContextManager
from typing import Any

import torch


def compile_layers(model: Any, backend: str = "inductor") -> None:
    """Have each decoder layer of `HrmTextForCausalLM` compiled as a whole at its first use.

    All layers and all their invocations share what is compiled, because the slot of the cache is no constant of it.
    """
    torch._dynamo.config.allow_unspec_int_on_nn_module = True  # layer_idx, else one compilation for each layer
    for layer in (*model.model.L_module.layers, *model.model.H_module.layers):
        layer.compile(backend=backend, fullgraph=True)


def eagerly() -> AbstractContextManager[None]:
    """Inside of it nothing is compiled: for a prompt, each of which has another length."""
    stance: AbstractContextManager[None] = torch.compiler.set_stance("force_eager")
    return stance
