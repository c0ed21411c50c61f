"""GPTQ on the grid: weights rounded so that what they do to their inputs changes least, without training.

Rounding W [R, C] to Q costs tr((W − Q) H (W − Q)ᵀ), where H = Σ x xᵀ over the inputs x of the layer. Columns are
rounded one after another, and the ones still to come are moved to make up for what the rounded one is off. With
H⁻¹ = Uᵀ U, U upper triangular, column j's error e_j = (w_j − q_j) / U_jj moves column k > j by −e_j U_jk, and Σ e_j² is
the cost.

What is chosen where the paper leaves it open:

- Scales: one fp16 scale per block of 32 columns, chosen when the block is reached, from the weights as they are then.
  Of candidates around the scale that `grid` would take, of either sign at 4 bits (codes reach from −8 to 7), a row has
  the one whose block ends with the least Σ e_j²: each candidate's block is really rounded, errors passed on within it.
- Order: by columns. Activation order stays on the grid only if blocks move whole; so done, it changed the KL divergence
  of a small trained model by less than its standard error (0.0169 and 0.0178 ± 0.0017).
- Dead inputs (always 0 in calibration) are not zeroed as in the paper's code: their weights are rounded to nearest and
  pass nothing on. Not seen in calibration is not the same as never used.
- Rows are independent of each other. Greedy rounding may lose on one: a row that plain rounding to nearest serves
  better keeps that, so that no row is ever worse than with `grid.round_to_grid`.

    curvature = Curvature.of(hessian_CC, "q_proj")
    tensor = gptq_to_grid(weight_RC, curvature, bits=4, name="q_proj")

Reference: Frantar, Ashkboos, Hoefler, Alistarh, "GPTQ" (2022), https://arxiv.org/abs/2210.17323, algorithm 1
https://github.com/IST-DASLab/gptq/blob/2d65066eeb06a5c9ff5184d8cebdf33662c67faf/gptq.py
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hrm_edge.errors import GridError
from hrm_edge.quantize.grid import (
    BLOCK_SIZE,
    LARGEST_CODE,
    SMALLEST_CODE,
    ZERO_POINT,
    Bits,
    QuantizedTensor,
    check_quantizable,
    dequantize,
    round_to_grid,
)

DAMPING = 0.01
"""Added to H's diagonal, as a share of its mean: the paper's value."""
ROWS_AT_ONCE = 256
"""Rows whose candidates are rounded together: their temporaries stay in the processor's cache."""
SCALE_FACTORS: dict[Bits, tuple[float, ...]] = {
    4: tuple(sign * factor for factor in (1.0, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1.05) for sign in (1, -1)),
    8: (1.0, 0.96, 0.97, 0.98, 0.99, 1.01),
}
"""Candidates, times the scale of `grid.round_to_grid`; of equals the first is taken."""


@dataclass(frozen=True, kw_only=True)
class Curvature:
    """What is made once of a Hessian and serves every weight that reads the same inputs."""

    hessian: NDArray[np.float32]
    """H [C, C] over the mean of its diagonal, not damped."""
    upper: NDArray[np.float32]
    """U [C, C] with Uᵀ U = (H + DAMPING)⁻¹, of that H."""

    @classmethod
    def of(cls, hessian_CC: NDArray[np.floating], name: str = "Hessian") -> "Curvature":
        """From H = Σ x xᵀ [C, C] of the inputs x, any scale, any float type.

        Raises:
            GridError: no square matrix, a value that is not finite, or no Hessian (not symmetric, a negative square);
                `name` says whose.
        """
        _check_hessian(hessian_CC, name)
        mean = np.diagonal(hessian_CC).astype(np.float64).mean()
        scaled = hessian_CC.astype(np.float64) / (mean or 1)  # its scale changes no code: float32 shall hold it
        damped = scaled.copy()
        diagonal = np.einsum("cc->c", damped)  # a view: what is added to it is added to `damped`
        dead = diagonal == 0
        diagonal += DAMPING
        diagonal[dead] = 1
        try:
            # Cholesky from the last column to the first gives V upper triangular with V Vᵀ = H, and U = V⁻¹.
            lower = np.linalg.cholesky(damped[::-1, ::-1])
        except np.linalg.LinAlgError:
            raise GridError(
                f"the Hessian of {name} is not positive definite even when damped, so that it is no sum of x xᵀ: "
                "gather it again"
            ) from None
        upper = _inverse_of_upper(lower[::-1, ::-1])
        return cls(hessian=scaled.astype(np.float32), upper=upper.astype(np.float32))


def gptq_to_grid(
    weight_RC: NDArray[np.floating], curvature: Curvature, bits: Bits, name: str = "weight"
) -> QuantizedTensor:
    """Weights [R, C] rounded to the grid at the least cost that GPTQ finds under `curvature` (of C inputs).

    Raises:
        GridError: whatever `grid.round_to_grid` raises for these weights, or a curvature of another width.
    """
    check_quantizable(name, weight_RC.shape)
    rows, columns = weight_RC.shape
    if len(curvature.upper) != columns:
        raise GridError(
            f"{name} reads {columns} inputs and the Hessian is of {len(curvature.upper)}: gather that of its own inputs"
        )
    weight_RC = np.asarray(weight_RC, np.float32)
    nearest = round_to_grid(weight_RC, bits, name)
    codes = np.empty_like(nearest.codes)
    scales = np.empty_like(nearest.scales)
    for start in range(0, rows, ROWS_AT_ONCE):
        part = slice(start, start + ROWS_AT_ONCE)
        codes[part], scales[part] = _round_rows(weight_RC[part], curvature.upper, bits)
    tensor = QuantizedTensor(codes, scales, bits)
    worse = _costs(weight_RC, tensor, curvature) > _costs(weight_RC, nearest, curvature)
    codes[worse], scales[worse] = nearest.codes[worse], nearest.scales[worse]
    return tensor


def _inverse_of_upper(upper_CC: NDArray[np.floating]) -> NDArray[np.floating]:
    """V⁻¹ of V upper triangular, by halves: numpy has no triangular solve, and a general one takes ten times as long.

    [A B]⁻¹   [A⁻¹  −A⁻¹ B D⁻¹]
    [  D]   = [         D⁻¹   ]
    """
    size = len(upper_CC)
    if size <= 2 * BLOCK_SIZE:
        return np.triu(np.linalg.inv(upper_CC))
    half = size // 2
    inverse = np.zeros_like(upper_CC)
    first, last = slice(half), slice(half, size)
    inverse[first, first] = _inverse_of_upper(upper_CC[first, first])
    inverse[last, last] = _inverse_of_upper(upper_CC[last, last])
    inverse[first, last] = -inverse[first, first] @ upper_CC[first, last] @ inverse[last, last]
    return inverse


def _costs(weight_RC: NDArray[np.float32], tensor: QuantizedTensor, curvature: Curvature) -> NDArray[np.float32]:
    """(w − q) H (w − q)ᵀ of every row [R]."""
    off_RC = weight_RC - dequantize(tensor)
    costs: NDArray[np.float32] = np.einsum("rc,rc->r", off_RC @ curvature.hessian, off_RC)
    return costs


def _round_rows(
    weight_RC: NDArray[np.float32], upper_CC: NDArray[np.float32], bits: Bits
) -> tuple[NDArray[np.float32], NDArray[np.float16]]:
    """Codes [R, C] and scales [R, C / 32] of some rows, block after block."""
    rows, columns = weight_RC.shape
    moved_CR = weight_RC.T.copy()
    codes_CR = np.empty((columns, rows), np.float32)
    scales_BR = np.empty((columns // BLOCK_SIZE, rows), np.float16)
    every_row = np.arange(rows)
    for block, start in enumerate(range(0, columns, BLOCK_SIZE)):
        here, rest = slice(start, start + BLOCK_SIZE), slice(start + BLOCK_SIZE, columns)
        scales_KR = _candidates(moved_CR[here], bits)
        codes, errors = _round_block(moved_CR[here], scales_KR.astype(np.float32), upper_CC[here, here], bits)
        best_R = np.einsum("jkr,jkr->kr", errors, errors).argmin(0)
        codes_CR[here] = codes[:, best_R, every_row]
        scales_BR[block] = scales_KR[best_R, every_row]
        moved_CR[rest] -= upper_CC[here, rest].T @ errors[:, best_R, every_row]
    return codes_CR.T, scales_BR.T


def _candidates(block_JR: NDArray[np.float32], bits: Bits) -> NDArray[np.float16]:
    """fp16 scales [K, R] to try for the J = 32 weights of a block."""
    largest_R = np.take_along_axis(block_JR, np.abs(block_JR).argmax(0, keepdims=True), 0)[0]
    scale_R = largest_R / -8 if bits == 4 else np.abs(largest_R) / 127
    bound = np.finfo(np.float16).max
    tried_KR = np.array(SCALE_FACTORS[bits], np.float32)[:, None] * scale_R
    scales_KR: NDArray[np.float16] = np.clip(tried_KR, -bound, bound).astype(np.float16)
    return scales_KR


def _round_block(
    block_JR: NDArray[np.float32], scales_KR: NDArray[np.float32], upper_JJ: NDArray[np.float32], bits: Bits
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Codes and errors e [J, K, R] of a block's J columns under each of K scales, errors passed on within the block."""
    width, (tried, rows) = len(block_JR), scales_KR.shape
    codes = np.empty((width, tried, rows), np.float32)
    errors = np.empty((width, tried, rows), np.float32)
    divisors_KR = np.where(scales_KR == 0, np.float32(np.inf), scales_KR)
    lowest, highest = SMALLEST_CODE[bits] - ZERO_POINT[bits], LARGEST_CODE[bits] - ZERO_POINT[bits]
    for j in range(width):
        passed_on = upper_JJ[:j, j] @ errors[:j].reshape(j, tried * rows)
        target_KR = block_JR[j] - passed_on.reshape(tried, rows)
        centred_KR = np.clip(np.rint(target_KR / divisors_KR), lowest, highest)
        errors[j] = (target_KR - centred_KR * scales_KR) / upper_JJ[j, j]
        codes[j] = centred_KR + ZERO_POINT[bits]
    return codes, errors


def _check_hessian(hessian_CC: NDArray[np.floating], name: str) -> None:
    if hessian_CC.ndim != 2 or hessian_CC.shape[0] != hessian_CC.shape[1]:
        raise GridError(f"the Hessian of {name} has shape {list(hessian_CC.shape)}: it must be square")
    if not np.isfinite(hessian_CC).all():
        raise GridError(
            f"the Hessian of {name} holds a value that is not finite: the model overflows on the calibration data"
        )
    diagonal = np.diagonal(hessian_CC)
    if (
        not np.allclose(hessian_CC, hessian_CC.T, rtol=1e-3, atol=1e-5 * np.abs(diagonal).max(initial=0))
        or (diagonal < 0).any()
    ):
        raise GridError(f"the Hessian of {name} is not symmetric or has a negative diagonal: it is no sum of x xᵀ")
