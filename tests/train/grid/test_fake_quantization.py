"""Fake quantization is the grid's, bit for bit; its gradients are the papers' formulas, worked out in numpy."""

import math

import gguf
import numpy as np
import pytest
import torch

from hrm_edge.quantize.grid import dequantize, round_to_grid
from hrm_edge.train.grid.fake_quantization import (
    fake_quantize,
    fake_quantize_activations,
    fake_quantize_learned,
    grid_codes,
    rtn_scales,
)

RANGES = {4: (-8, 7), 8: (-127, 127)}
BITS = pytest.mark.parametrize("bits", [4, 8])


def bit_patterns(values: torch.Tensor) -> np.ndarray:
    return values.detach().numpy().view(np.uint32)


def awkward_weights() -> np.ndarray:
    """Random blocks of many magnitudes, and blocks of zeros, of ties, of one sign and of fp16's subnormals."""
    rng = np.random.default_rng(0)
    weights = rng.standard_normal((400, 96)) * 10.0 ** rng.uniform(-7, 3, (400, 1))
    weights[0] = 0
    weights[1] = np.tile([0.5, -0.5, 0.25, -0.5], 24)
    weights[2] = np.tile([-0.5, 0.5, 0.25, -0.5], 24)
    weights[3] = np.abs(weights[3])
    weights[4] = rng.integers(-8, 9, 96) / 16  # on the grid's own midpoints
    weights[5] = 2.0**-24 * rng.integers(-9, 9, 96)
    return weights.astype(np.float32)


@BITS
def test_recomputed_weights_are_the_rounded_checkpoints_bit_for_bit(bits):
    weights = awkward_weights()
    expected = dequantize(round_to_grid(weights, bits))
    np.testing.assert_array_equal(
        bit_patterns(fake_quantize(torch.from_numpy(weights), bits)), expected.view(np.uint32)
    )


@BITS
def test_scales_and_codes_are_those_of_the_grid(bits):
    weights = awkward_weights()
    expected = round_to_grid(weights, bits)
    scales = rtn_scales(torch.from_numpy(weights), bits)
    np.testing.assert_array_equal(scales.numpy(), expected.scales)
    np.testing.assert_array_equal(grid_codes(torch.from_numpy(weights), scales, bits).numpy(), expected.codes)


@BITS
def test_gradient_passes_recomputed_rounding_unchanged(bits):
    weight = torch.from_numpy(awkward_weights()).requires_grad_()
    slopes = torch.randn(weight.shape, generator=torch.Generator().manual_seed(1))
    (fake_quantize(weight, bits) * slopes).sum().backward()
    assert torch.equal(weight.grad, slopes)


def lsq(weight: np.ndarray, scale: np.float32, gradient: np.ndarray, bits: int):
    """Equations 1 to 3 of arXiv:1902.08153 and its gradient scale, one weight of one block at a time, in double
    precision: quantized weights, their gradient, the scale's gradient."""
    lowest, highest = RANGES[bits]
    stored = float(np.float16(scale))
    quantized, weight_gradient, scale_gradient = np.zeros(32), np.zeros(32), 0.0
    for place in range(32):
        ratio = float(weight[place]) / stored
        code = min(max(round(ratio), lowest), highest)  # Python, too, rounds halves to even
        quantized[place] = code * stored
        if lowest <= ratio <= highest:
            weight_gradient[place] = gradient[place]
            scale_gradient += gradient[place] * (code - ratio)
        else:
            scale_gradient += gradient[place] * code
    return quantized, weight_gradient, scale_gradient / math.sqrt(32 * highest)


@BITS
def test_learned_scales_follow_the_formulas_of_lsq(bits):
    rng = np.random.default_rng(2)
    weights = rng.standard_normal((20, 32)).astype(np.float32)
    largest = np.abs(weights).max(1, keepdims=True)
    # From far too small (most weights are clipped) to too large, of both signs.
    scales = (largest / RANGES[bits][1] * rng.uniform(0.2, 1.5, (20, 1)) * rng.choice([-1, 1], (20, 1))).astype("f4")
    slopes = rng.standard_normal((20, 32)).astype(np.float32)
    weight_t, scales_t = torch.from_numpy(weights).requires_grad_(), torch.from_numpy(scales).requires_grad_()
    found = fake_quantize_learned(weight_t, scales_t, bits)
    (found * torch.from_numpy(slopes)).sum().backward()
    expected = [lsq(weights[row], scales[row, 0], slopes[row], bits) for row in range(20)]
    np.testing.assert_allclose(found.detach().numpy(), [quantized for quantized, _, _ in expected], rtol=1e-6)
    np.testing.assert_allclose(weight_t.grad.numpy(), [gradient for _, gradient, _ in expected])
    np.testing.assert_allclose(scales_t.grad.numpy()[:, 0], [gradient for _, _, gradient in expected], rtol=2e-4)


def test_gradient_of_a_scale_is_the_finite_difference_where_all_weights_are_clipped():
    """Beyond the range the quantized weight really is linear in its scale, so the estimate must be the derivative."""
    weight, slopes = torch.full((1, 32), 9.0), torch.arange(32.0)[None]
    weight[0, ::2] = -9.0

    def loss(scale: torch.Tensor) -> torch.Tensor:
        return (fake_quantize_learned(weight, scale, 4) * slopes).sum()

    scale, step = torch.full((1, 1), 0.5, requires_grad=True), 2.0**-6
    loss(scale).backward()
    difference = (loss(torch.tensor([[0.5 + step]])) - loss(torch.tensor([[0.5 - step]]))) / (2 * step)
    assert float(scale.grad) * math.sqrt(32 * 7) == pytest.approx(float(difference))


def test_learned_scales_count_as_fp16_rounds_them():
    weight, scale = torch.linspace(-1, 1, 32)[None], torch.tensor([[0.1]])
    assert torch.equal(fake_quantize_learned(weight, scale, 4), fake_quantize_learned(weight, scale.half().float(), 4))


def test_activations_are_those_of_q8_0():
    values = torch.randn((64, 128), generator=torch.Generator().manual_seed(3)) * 3
    values[0] = 0
    blocks = gguf.quants.quantize(values.numpy(), gguf.GGMLQuantizationType.Q8_0)
    expected = gguf.quants.dequantize(blocks, gguf.GGMLQuantizationType.Q8_0)
    np.testing.assert_array_equal(fake_quantize_activations(values).numpy(), expected)


def test_gradient_passes_the_rounding_of_activations_unchanged():
    values = torch.randn((2, 3, 64), requires_grad=True)
    (fake_quantize_activations(values) * values.detach()).sum().backward()
    assert torch.equal(values.grad, values.detach())


def test_activations_keep_their_type():
    assert fake_quantize_activations(torch.ones(2, 32, dtype=torch.bfloat16)).dtype == torch.bfloat16
