"""Calibration for GPTQ: per linear weight the Hessian H = Σ x xᵀ of its inputs x, over all cycles that use it.

The model reads requests and answers as in training (the request one bidirectional block), one example at a time, so
that no padding counts. Queries, keys, values and gates read the same inputs, as do the two halves of the feed-forward:
four Hessians per layer.

One pass of the float model serves all layers. GPTQ as published gathers a layer's Hessian after the layers below it
were rounded, so that it makes up for their errors too; here the weights of a layer run in every cycle, before and after
those of every other layer, and there is no such order.

Hessians take memory: 190 MB a layer at 1b, 6 GB in all. As many layers as fit half of the memory that is free are
gathered at a time, with a pass over the examples for each group; sums are the same however they are grouped.

    calibration = Calibration(model, examples)
    hessian_CC = calibration.hessian_of("model.L_module.layers.0.self_attn.q_proj.weight")
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import numpy as np
import psutil
import torch
from numpy.typing import NDArray
from transformers import HrmTextForCausalLM

from hrm_edge.architecture import STACKS
from hrm_edge.errors import DataError
from hrm_edge.train.calibration.examples import TokenizedExample

READ_BY = {
    "self_attn.q_proj": ("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.gate_proj"),
    "self_attn.o_proj": ("self_attn.o_proj",),
    "mlp.gate_proj": ("mlp.gate_proj", "mlp.up_proj"),
    "mlp.down_proj": ("mlp.down_proj",),
}
"""Linear of a layer whose input is watched → all linears that read this input."""
_WATCHED = {reader: watched for watched, readers in READ_BY.items() for reader in readers}


class Calibration:
    """Hessians of a float model, gathered when they are asked for."""

    def __init__(
        self,
        model: HrmTextForCausalLM,
        examples: Sequence[TokenizedExample],
        *,
        memory_bytes: int | None = None,
    ) -> None:
        """Nothing is run yet. `memory_bytes` bounds the Hessians; None is half of what is free now.

        Raises:
            DataError: there is no example.
        """
        if not examples:
            raise DataError("there is no example to calibrate on: give at least one request with its answer")
        self._model = model.eval()
        self._examples = examples
        self._hessians: dict[str, NDArray[np.float64]] = {}
        layers = [
            f"model.{stack}.layers.{number}" for stack in STACKS for number in range(model.config.num_layers_per_stack)
        ]
        if memory_bytes is None:
            memory_bytes = psutil.virtual_memory().available // 2
        at_once = max(1, memory_bytes // self._layer_bytes(layers[0]))
        self._groups = [layers[start : start + at_once] for start in range(0, len(layers), at_once)]

    @property
    def passes(self) -> int:
        """How often all examples are run, if the weights are asked for stack by stack, layer by layer."""
        return len(self._groups)

    def hessian_of(self, weight: str, *, on_example: Callable[[str], None] | None = None) -> NDArray[np.float64]:
        """H [C, C] of the inputs of a weight `model.<stack>.layers.<number>.<linear>.weight`; the same array for all
        weights that read the same inputs. It is as it comes: not finite where the model overflows.

        on_example: hears of every example of a pass, if this is the first weight of one.
        """
        layer, linear = _split(weight)
        watched = f"{layer}.{_WATCHED[linear]}"
        if watched not in self._hessians:
            self._hessians = {}  # the group before goes before the next one comes
            self._gather(next(group for group in self._groups if layer in group), on_example or (lambda _: None))
        return self._hessians[watched]

    def _gather(self, layers: Sequence[str], heard: Callable[[str], None]) -> None:
        sums = {}
        for name in (f"{layer}.{watched}" for layer in layers for watched in READ_BY):
            width = self._model.get_submodule(name).in_features
            sums[name] = torch.zeros(width, width, dtype=torch.float64)
        with torch.inference_mode(), self._watching(sums):
            for example in self._examples:
                read_example(self._model, example)
                heard("calibrating")
        self._hessians = {name: hessian_CC.numpy() for name, hessian_CC in sums.items()}

    @contextmanager
    def _watching(self, sums: Mapping[str, torch.Tensor]) -> Iterator[None]:
        """While it is open, every input of the linears that `sums` names is added to their sum."""

        def adding_to(sum_CC: torch.Tensor) -> Callable[..., None]:
            def hook(_linear: torch.nn.Module, inputs: tuple[torch.Tensor]) -> None:
                x_TC = inputs[0].flatten(0, -2).float()
                sum_CC.add_(x_TC.T @ x_TC)

            return hook

        handles = [
            self._model.get_submodule(name).register_forward_pre_hook(adding_to(sum_CC))
            for name, sum_CC in sums.items()
        ]
        try:
            yield
        finally:
            for handle in handles:
                handle.remove()

    def _layer_bytes(self, layer: str) -> int:
        widths = [self._model.get_submodule(f"{layer}.{watched}").in_features for watched in READ_BY]
        return sum(8 * width * width for width in widths)


def read_example(model: HrmTextForCausalLM, example: TokenizedExample) -> torch.Tensor:
    """Final hidden states [T, D] over request and answer, under the mask of training."""
    input_ids = torch.tensor([[*example.request, *example.answer]])
    in_request = torch.arange(len(example)) < len(example.request)
    block = in_request.long()[None] if model.config.prefix_lm else None
    hidden: torch.Tensor = model.model(input_ids, token_type_ids=block, use_cache=False).last_hidden_state[0]
    return hidden


def _split(weight: str) -> tuple[str, str]:
    """`model.L_module.layers.0`, `self_attn.q_proj` of a weight's name."""
    parts = weight.split(".")
    return ".".join(parts[:4]), ".".join(parts[4:-1])
