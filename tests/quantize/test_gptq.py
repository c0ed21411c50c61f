"""GPTQ: the codes of the paper's formula, never worse than rounding to nearest, and a Hessian that is one."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hrm_edge.errors import GridError
from hrm_edge.quantize.gptq import DAMPING, SCALE_FACTORS, Curvature, gptq_to_grid
from hrm_edge.quantize.grid import Bits, QuantizedTensor, dequantize, round_to_grid

BITS = pytest.mark.parametrize("bits", [4, 8], ids="{}bit".format)
CODES = {4: (-8, 7), 8: (-127, 127)}


def correlated_inputs(columns: int, seed: int, samples: int = 400) -> np.ndarray:
    """Inputs [samples, columns] of a few common directions, a large mean and some noise, as hidden states are."""
    rng = np.random.default_rng(seed)
    common = rng.standard_normal((samples, 8)) @ rng.standard_normal((8, columns))
    return common + rng.standard_normal(columns) + 0.3 * rng.standard_normal((samples, columns))


def weights(rows: int, columns: int, seed: int) -> np.ndarray:
    return (np.random.default_rng(seed).standard_normal((rows, columns)) * 0.1).astype(np.float32)


def costs(weight: np.ndarray, tensor: QuantizedTensor, inputs: np.ndarray) -> np.ndarray:
    """What the layer's outputs are off by, squared and summed over the inputs, per row."""
    off = weight.astype(np.float64) - dequantize(tensor)
    return ((inputs @ off.T) ** 2).sum(0)


def formula_row(weight: np.ndarray, inverse_hessian: np.ndarray, bits: Bits) -> tuple[np.ndarray, list[np.float16]]:
    """One row by equations (2) and (3) of the paper, in float64, column by column: the inverse Hessian of the columns
    that are left comes from eliminating the one that was rounded, without any Cholesky factor."""
    state, inverse = weight.astype(np.float64), inverse_hessian
    codes: list[int] = []
    scales = []
    for start in range(0, len(weight), 32):
        block = state[start : start + 32]
        peak = block[np.argmax(np.abs(block))]
        base = peak / -8 if bits == 4 else abs(peak) / 127
        tried = []
        for factor in SCALE_FACTORS[bits]:
            scale = np.float16(np.float32(factor) * np.float32(base))
            moved, left, cost, chosen = state.copy(), inverse.copy(), 0.0, []
            for column in range(start, start + 32):
                ratio = np.float32(moved[column]) / np.float32(scale)
                code = int(np.clip(np.rint(ratio), *CODES[bits]))
                off = moved[column] - code * float(scale)
                cost += off**2 / left[column, column]
                moved -= off / left[column, column] * left[:, column]
                left -= np.outer(left[:, column], left[column]) / left[column, column]
                left[column, column] = np.inf  # gone: never divided by again
                chosen.append(code)
            tried.append((cost, len(tried), scale, chosen, moved, left))
        _, _, scale, chosen, state, inverse = min(tried, key=lambda one: one[:2])
        codes.extend(chosen)
        scales.append(scale)
    return np.array(codes), scales


@BITS
@pytest.mark.parametrize("seed", [0, 1])
def test_codes_and_scales_are_those_of_the_papers_formula(bits: Bits, seed: int) -> None:
    inputs, weight = correlated_inputs(96, seed), weights(5, 96, seed + 100)
    hessian = inputs.T @ inputs
    damped = hessian + DAMPING * np.mean(np.diag(hessian)) * np.eye(96)
    tensor = gptq_to_grid(weight, Curvature.of(hessian), bits)
    nearest = round_to_grid(weight, bits)
    compared = 0
    for row in range(len(weight)):
        codes, scales = formula_row(weight[row], np.linalg.inv(damped), bits)
        if (tensor.scales[row] == nearest.scales[row]).all() and (tensor.codes[row] == nearest.codes[row]).all():
            continue  # rounding to nearest was better on this row
        np.testing.assert_array_equal(tensor.codes[row].astype(int) - (8 if bits == 4 else 0), codes)
        np.testing.assert_array_equal(tensor.scales[row], scales)
        compared += 1
    assert compared >= 4


@settings(max_examples=40)
@given(
    seed=st.integers(0, 2**31),
    rows=st.integers(1, 9),
    blocks=st.integers(1, 4),
    bits=st.sampled_from([4, 8]),
    samples=st.sampled_from([1, 20, 400]),
)
def test_no_row_costs_more_than_rounded_to_nearest(seed: int, rows: int, blocks: int, bits: Bits, samples: int) -> None:
    """Also where there are fewer inputs than columns, so that the Hessian alone is singular."""
    inputs, weight = correlated_inputs(32 * blocks, seed, samples), weights(rows, 32 * blocks, seed + 1)
    tensor = gptq_to_grid(weight, Curvature.of(inputs.T @ inputs), bits)
    nearest = costs(weight, round_to_grid(weight, bits), inputs)
    scale = (inputs**2).sum() * (weight**2).sum()  # float32 cannot tell smaller differences
    assert (costs(weight, tensor, inputs) <= nearest * (1 + 1e-4) + 1e-12 * scale).all()


def test_correlated_inputs_leave_less_than_half_of_the_cost_of_rounding_to_nearest() -> None:
    inputs, weight = correlated_inputs(128, 3), weights(64, 128, 4)
    tensor = gptq_to_grid(weight, Curvature.of(inputs.T @ inputs), 4)
    assert costs(weight, tensor, inputs).sum() < 0.5 * costs(weight, round_to_grid(weight, 4), inputs).sum()


@BITS
def test_result_is_on_the_grid(bits: Bits) -> None:
    inputs, weight = correlated_inputs(64, 5), weights(300, 64, 6)
    tensor = gptq_to_grid(weight, Curvature.of(inputs.T @ inputs), bits)
    plain = round_to_grid(weight, bits)
    assert (tensor.bits, tensor.codes.dtype, tensor.scales.dtype) == (bits, plain.codes.dtype, np.float16)
    assert (tensor.codes.shape, tensor.scales.shape) == (plain.codes.shape, plain.scales.shape)
    lowest, highest = (0, 15) if bits == 4 else (-127, 127)
    assert tensor.codes.min() >= lowest
    assert tensor.codes.max() <= highest


@pytest.mark.parametrize("rows", [1, 7])
def test_weights_given_are_left_as_they_are(rows: int) -> None:
    """Of one row the transposed is no copy."""
    inputs, weight = correlated_inputs(64, 5), weights(rows, 64, 6)
    gptq_to_grid(weight, Curvature.of(inputs.T @ inputs), 4)
    np.testing.assert_array_equal(weight, weights(rows, 64, 6))


def test_weights_that_are_on_the_grid_stay() -> None:
    inputs, weight = correlated_inputs(96, 7), dequantize(round_to_grid(weights(40, 96, 8), 4))
    tensor = gptq_to_grid(weight, Curvature.of(inputs.T @ inputs), 4)
    np.testing.assert_array_equal(dequantize(tensor), weight)


@pytest.mark.parametrize("scale", [1e-60, 1e60])
def test_scale_of_the_hessian_changes_nothing(scale: float) -> None:
    inputs, weight = correlated_inputs(64, 9), weights(20, 64, 10)
    hessian = inputs.T @ inputs
    one, other = (gptq_to_grid(weight, Curvature.of(factor * hessian), 4) for factor in (1.0, scale))
    np.testing.assert_array_equal(one.codes, other.codes)


def test_dead_inputs_are_rounded_to_nearest_and_move_nothing() -> None:
    inputs, weight = correlated_inputs(64, 11), weights(30, 64, 12)
    dead = [0, 17, 40, 63]
    inputs[:, dead] = 0
    tensor = gptq_to_grid(weight, Curvature.of(inputs.T @ inputs), 4)
    found, steps = dequantize(tensor)[:, dead], np.repeat(tensor.scales.astype(np.float32), 32, 1)[:, dead]
    expected = steps * np.clip(np.rint(weight[:, dead] / steps), -8, 7)
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_zero_hessian_and_zero_weights_are_no_faults() -> None:
    assert not dequantize(gptq_to_grid(np.zeros((3, 64), np.float32), Curvature.of(np.zeros((64, 64))), 4)).any()


@pytest.mark.parametrize(
    ("hessian", "said"),
    [
        (np.zeros((64, 32)), "the Hessian of q has shape [64, 32]: it must be square"),
        (np.zeros(64), "the Hessian of q has shape [64]: it must be square"),
        (np.full((64, 64), np.nan), "the Hessian of q holds a value that is not finite"),
        (np.diag(np.full(64, np.inf)), "the Hessian of q holds a value that is not finite"),
        (-np.eye(64), "the Hessian of q is not symmetric or has a negative diagonal"),
        (np.triu(np.ones((64, 64))), "the Hessian of q is not symmetric or has a negative diagonal"),
        (np.eye(64) + 2 * np.eye(64)[::-1], "the Hessian of q is not positive definite even when damped"),
    ],
    ids=["wide", "flat", "nan", "infinite", "negative", "triangular", "indefinite"],
)
def test_what_is_no_hessian_is_refused(hessian: np.ndarray, said: str) -> None:
    with pytest.raises(GridError, match=re.escape(said)):
        Curvature.of(hessian, "q")


def test_hessian_of_another_width_is_refused() -> None:
    with pytest.raises(GridError, match="q reads 64 inputs and the Hessian is of 32"):
        gptq_to_grid(weights(2, 64, 0), Curvature.of(np.eye(32)), 4, "q")


def test_weights_that_the_grid_cannot_hold_are_refused_by_name() -> None:
    with pytest.raises(GridError, match=r"q has shape \[2, 40\]"):
        gptq_to_grid(weights(2, 40, 0), Curvature.of(np.eye(40)), 4, "q")
    with pytest.raises(GridError, match="q holds a value that is not finite"):
        gptq_to_grid(np.full((2, 32), np.nan, np.float32), Curvature.of(np.eye(32)), 4, "q")
