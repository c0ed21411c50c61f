"""Fake quantization: float weights rounded to the grid in the forward, and gradients that pass the rounding by.

The forward's weights are those of `hrm_edge.quantize.grid`, bit for bit, so that what is trained is what is shipped.
Rounding has no useful gradient. Two estimators stand in for it:

    scales recomputed   q = s(w) · round(w / s(w)),  s by the grid's own rule      ∂q/∂w = 1
    scales learned      q = s̃ · clip(round(w / s̃), Q_n, Q_p),  s̃ = s in fp16       inside the range      outside
                                                                            ∂q/∂w   1                     0
                                                                            ∂q/∂s   round(w/s̃) − w/s̃      Q_n or Q_p

The first is the straight-through estimator (Bengio et al. 2013, arXiv:1308.3432), the second learned step sizes (LSQ;
Esser et al. 2020, arXiv:1902.08153, equations 1 to 3, with its gradient scale). What is left out: gradients through
the rule that recomputes a scale.

Shape letters: R rows and C columns of a weight, G = C / 32 blocks of a row.
"""

import math
from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function
from torch.autograd.function import once_differentiable

from hrm_edge.quantize.grid import BLOCK_SIZE, LARGEST_CODE, SMALLEST_CODE, ZERO_POINT, Bits

ACTIVATION_LEVELS = 127


def rtn_scales(weight_RC: Tensor, bits: Bits) -> Tensor:
    """fp16 scales [R, G] by the rule of `grid.round_to_grid`: the same bits."""
    blocks = _blocks(weight_RC)
    if bits == 8:
        return (blocks.abs().amax(-1) / 127).half()
    largest = blocks.gather(-1, blocks.abs().argmax(-1, keepdim=True))[..., 0]  # of a tie the first, as numpy does
    return (largest / -8).half()


def grid_codes(weight_RC: Tensor, scales_RG: Tensor, bits: Bits) -> Tensor:
    """The code nearest to each weight under fp16 scales, as whole float32 numbers [R, C]: 0…15 or −127…127."""
    return _nearest(_blocks(weight_RC), scales_RG, bits).add_(ZERO_POINT[bits]).reshape(weight_RC.shape)


def fake_quantize(weight_RC: Tensor, bits: Bits) -> Tensor:
    """float32 weights [R, C] on the grid, scales recomputed from the weights; the gradient passes unchanged."""
    return _Recomputed.apply(weight_RC, bits)  # type: ignore[no-any-return, no-untyped-call]


def fake_quantize_learned(weight_RC: Tensor, scales_RG: Tensor, bits: Bits) -> Tensor:
    """float32 weights [R, C] on the grid under scales [R, G] that are learned; they count as fp16 rounds them.

    The gradient of a scale is multiplied by 1 / sqrt(32 · Q_p), as LSQ does it, so that it is of its weights' size.
    """
    return _Learned.apply(weight_RC, scales_RG, bits)  # type: ignore[no-any-return, no-untyped-call]


def fake_quantize_activations(values: Tensor) -> Tensor:
    """Activations [..., C] as the engines multiply them: blocks of 32, 8 bits, scale max|x| / 127.

    The scale is stored as fp16 and the codes are found before that, as llama.cpp's Q8_0 does it; ONNX Runtime's
    MatMulNBits at accuracy_level 4 keeps it in float32, which differs by 2⁻¹¹ at most. The gradient passes unchanged.

    Reference: ggml `quantize_row_q8_0_ref`
    https://github.com/ggml-org/llama.cpp/blob/b4500/ggml/src/ggml-quants.c
    """
    return _Activations.apply(values)  # type: ignore[no-any-return, no-untyped-call]


def _blocks(weight_RC: Tensor) -> Tensor:
    return weight_RC.detach().float().reshape(*weight_RC.shape[:-1], -1, BLOCK_SIZE)


def _nearest(blocks_RGK: Tensor, scales_RG: Tensor, bits: Bits) -> Tensor:
    """Codes minus the zero point, as float32; K = 32. A block whose scale is 0 is 0."""
    ratios = _ratios(blocks_RGK, scales_RG)
    zero_point = ZERO_POINT[bits]
    # The zero point comes and goes, so that −0 becomes 0 as it does where codes are stored.
    return ratios.round_().add_(zero_point).clamp_(SMALLEST_CODE[bits], LARGEST_CODE[bits]).sub_(zero_point)


def _ratios(blocks_RGK: Tensor, scales_RG: Tensor) -> Tensor:
    steps = scales_RG.float()[..., None]
    return (blocks_RGK / steps).masked_fill_(steps == 0, 0.0)


class _Recomputed(Function):
    """Nothing is kept for the backward pass."""

    @staticmethod
    def forward(ctx: Any, weight_RC: Tensor, bits: Bits) -> Tensor:  # noqa: ARG004 - autograd's signature
        scales = rtn_scales(weight_RC, bits)
        steps = scales.float()[..., None]
        return _nearest(_blocks(weight_RC), scales, bits).mul_(steps).reshape(weight_RC.shape)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:  # noqa: ARG004
        return gradient, None


class _Learned(Function):
    """Keeps the weight and its scales; ratios are computed again."""

    @staticmethod
    def forward(ctx: Any, weight_RC: Tensor, scales_RG: Tensor, bits: Bits) -> Tensor:
        ctx.save_for_backward(weight_RC, scales_RG)
        ctx.bits = bits
        scales = scales_RG.half()
        return _nearest(_blocks(weight_RC), scales, bits).mul_(scales.float()[..., None]).reshape(weight_RC.shape)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, Tensor, None]:
        weight_RC, scales_RG = ctx.saved_tensors
        bits: Bits = ctx.bits
        lowest, highest = SMALLEST_CODE[bits] - ZERO_POINT[bits], LARGEST_CODE[bits] - ZERO_POINT[bits]
        ratios = _ratios(_blocks(weight_RC), scales_RG.half())
        inside = (ratios >= lowest) & (ratios <= highest)
        rounded = ratios.round().clamp_(lowest, highest)
        per_weight = _blocks(gradient)
        slopes = torch.where(inside, rounded - ratios, rounded)
        scale_gradient = (per_weight * slopes).sum(-1) / math.sqrt(BLOCK_SIZE * highest)
        weight_gradient = (per_weight * inside).reshape(gradient.shape).to(weight_RC.dtype)
        return weight_gradient, scale_gradient.to(scales_RG.dtype), None


class _Activations(Function):
    @staticmethod
    def forward(ctx: Any, values: Tensor) -> Tensor:  # noqa: ARG004
        blocks = _blocks(values)
        scales = blocks.abs().amax(-1, keepdim=True) / ACTIVATION_LEVELS
        inverse = torch.where(scales == 0, 0.0, 1 / scales)
        codes = (blocks * inverse).round_()
        return codes.mul_(scales.half().float()).reshape(values.shape).to(values.dtype)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> Tensor:  # noqa: ARG004
        return gradient
