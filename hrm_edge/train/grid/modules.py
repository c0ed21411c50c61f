"""Modules that multiply by their weight as it stands on the grid; `weight` itself is the float master.

A weight is quantized once per forward of the whole model, however many cycles use it: the gradient adds up over its
uses before it passes the rounding.
"""

from typing import Any

import torch
from torch import Tensor, nn

from hrm_edge.errors import GridError
from hrm_edge.quantize.grid import Bits, QuantizedTensor
from hrm_edge.train.grid.fake_quantization import (
    fake_quantize,
    fake_quantize_activations,
    fake_quantize_learned,
    grid_codes,
    rtn_scales,
)


class ForwardWeights:
    """The quantized weights of one forward, shared by all its cycles."""

    def __init__(self) -> None:
        self._modules: dict[str, GridModule] = {}
        self._weights: dict[str, Tensor] = {}

    def add(self, module: "GridModule") -> None:
        """Quantize the weight of `module` too."""
        self._modules[module.weight_name] = module

    def begin(self, *_: Any) -> None:
        """A new forward (as its pre-hook): masters may have changed, and the graph of the last one may be gone.

        All weights are quantized here and not where they are used first: that may be in an early cycle, which runs
        without gradients, or inside what `torch.compile` fuses, which would not round to fp16 where the grid does.
        """
        self._weights = {name: module.quantize() for name, module in self._modules.items()}

    def __getitem__(self, name: str) -> Tensor:
        return self._weights[name]

    def __getstate__(self) -> dict[str, Any]:
        """Copies of a model (EMA) begin without: tensors inside a graph cannot be copied."""
        return {"_modules": self._modules, "_weights": {}}


class GridModule(nn.Module):
    """What the quantized modules share."""

    weight: Tensor
    weight_scales: nn.Parameter | None
    """Learned scales [R, C / 32], float32; None where they are recomputed."""
    weight_name: str
    bits: Bits
    quantizes_activations: bool
    forward_weights: ForwardWeights

    def quantized_weight(self) -> Tensor:
        """float32 [R, C] on the grid, the same tensor all through one forward."""
        return self.forward_weights[self.weight_name]

    def scales(self) -> Tensor:
        """fp16 scales [R, C / 32] that the forward uses."""
        return rtn_scales(self.weight, self.bits) if self.weight_scales is None else self.weight_scales.half()

    def on_grid(self) -> QuantizedTensor:
        """The codes and scales whose product the forward uses.

        Raises:
            GridError: a weight or scale is not finite.
        """
        scales = self.scales()
        if not (torch.isfinite(scales).all() and torch.isfinite(self.weight).all()):
            raise GridError(f"{self.weight_name} has a scale that is not finite: go back to an earlier checkpoint")
        codes = grid_codes(self.weight, scales, self.bits).to(torch.uint8 if self.bits == 4 else torch.int8)
        return QuantizedTensor(codes.cpu().numpy(), scales.detach().cpu().numpy(), self.bits)

    def quantize(self) -> Tensor:
        """float32 [R, C] on the grid, with a graph of its own."""
        if self.weight_scales is None:
            return fake_quantize(self.weight, self.bits)
        return fake_quantize_learned(self.weight, self.weight_scales, self.bits)

    def _load_from_state_dict(self, state_dict: dict[str, Any], prefix: str, *rest: Any) -> None:
        """A float checkpoint brings no scales, by design: those at hand stay until `load_scales`."""
        if self.weight_scales is not None:
            state_dict.setdefault(f"{prefix}weight_scales", self.weight_scales)
        super()._load_from_state_dict(state_dict, prefix, *rest)


class FakeQuantizedLinear(GridModule, nn.Linear):
    """A linear map through its quantized weight."""

    def forward(self, values: Tensor) -> Tensor:
        """[..., C] → [..., R]."""
        if self.quantizes_activations:
            values = fake_quantize_activations(values)
        return nn.functional.linear(values, self.quantized_weight())


class FakeQuantizedEmbedding(GridModule, nn.Embedding):
    """Rows of the quantized embedding."""

    def forward(self, input_ids: Tensor) -> Tensor:
        """[...] → [..., C]."""
        return nn.functional.embedding(input_ids, self.quantized_weight(), self.padding_idx)
