"""The grid against ggml's own dequantization (PyPI's `gguf`), on any finite weights."""

import gguf
import numpy as np
import pytest
from gguf import GGMLQuantizationType as GgmlType
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from hrm_edge.errors import GridError
from hrm_edge.quantize import grid
from hrm_edge.quantize.grid import BLOCK_SIZE, Bits, QuantizedTensor, dequantize, round_to_grid

BITS = pytest.mark.parametrize("bits", [4, 8], ids="{}bit".format)
GGML_TYPES = {4: GgmlType.Q4_0, 8: GgmlType.Q8_0}

matrices = hnp.arrays(
    np.float32,
    st.tuples(st.integers(1, 3), st.sampled_from([32, 64, 96])),
    elements=st.floats(-(2.0**16), 2.0**16, width=32),
)


def ggml_block_bytes(tensor: QuantizedTensor) -> np.ndarray:
    """The same codes and scales as ggml stores them, written out weight by weight from its block drawings."""
    rows = []
    for codes, scales in zip(tensor.codes, tensor.scales, strict=True):
        row = b""
        for index, scale in enumerate(scales):
            block = codes[index * BLOCK_SIZE : (index + 1) * BLOCK_SIZE]
            if tensor.bits == 4:
                payload = bytes(int(block[j]) | int(block[j + 16]) << 4 for j in range(16))
            else:
                payload = bytes(int(code) & 0xFF for code in block)
            row += scale.tobytes() + payload
        rows.append(np.frombuffer(row, np.uint8))
    return np.stack(rows)


@BITS
@given(weight_RC=matrices)
def test_dequantized_grid_is_bit_identical_to_ggml_for_any_weights(bits: Bits, weight_RC: np.ndarray) -> None:
    tensor = round_to_grid(weight_RC, bits)
    ggml = gguf.quants.dequantize(ggml_block_bytes(tensor), GGML_TYPES[bits])
    np.testing.assert_array_equal(dequantize(tensor), ggml, strict=True)


@BITS
@given(weight_RC=matrices)
def test_codes_stay_in_their_range_and_errors_within_one_step(bits: Bits, weight_RC: np.ndarray) -> None:
    """A 4-bit block reaches −8 … +7 steps, so the far side of the largest weight may be cut by one step."""
    tensor = round_to_grid(weight_RC, bits)
    smallest, largest = (0, 15) if bits == 4 else (-127, 127)
    assert tensor.codes.dtype == (np.uint8 if bits == 4 else np.int8)
    assert tensor.codes.min() >= smallest
    assert tensor.codes.max() <= largest
    blocks = weight_RC.reshape(len(weight_RC), -1, BLOCK_SIZE)
    errors = np.abs(dequantize(tensor).reshape(blocks.shape) - blocks).max(-1)
    step = np.abs(blocks).max(-1) / (8 if bits == 4 else 127)
    allowed = step * (1.01 if bits == 4 else 0.6) + 4e-6  # the least fp16 step is 6e-8, and 127 of them are 8e-6
    assert (errors <= allowed).all()


@BITS
@given(weight_RC=matrices)
def test_rounding_what_is_on_the_grid_changes_nothing(bits: Bits, weight_RC: np.ndarray) -> None:
    once = dequantize(round_to_grid(weight_RC, bits))
    np.testing.assert_array_equal(dequantize(round_to_grid(once, bits)), once)


@pytest.mark.parametrize("kind", [GgmlType.Q4_0, GgmlType.Q8_0], ids=lambda kind: kind.name)
def test_rounding_is_as_close_as_ggml_rounding_on_random_weights(kind: GgmlType) -> None:
    """ggml's own rounding takes the codes under the scale before it is stored; ours may only be closer."""
    weight = np.random.default_rng(0).normal(size=(64, 256)).astype(np.float32)
    ggml = gguf.quants.dequantize(gguf.quants.quantize(weight, kind), kind)
    ours = dequantize(round_to_grid(weight, 4 if kind is GgmlType.Q4_0 else 8))
    assert np.square(ours - weight).sum() <= np.square(ggml - weight).sum() * 1.0001


def test_matrix_larger_than_one_part_is_rounded_as_its_rows_are(monkeypatch: pytest.MonkeyPatch) -> None:
    weight = np.random.default_rng(0).normal(size=(37, 64)).astype(np.float16)
    whole = round_to_grid(weight, 4)
    monkeypatch.setattr(grid, "WEIGHTS_AT_ONCE", 5 * 64)
    parts = round_to_grid(weight, 4)
    np.testing.assert_array_equal(parts.codes, whole.codes)
    np.testing.assert_array_equal(parts.scales, whole.scales)


code_matrices = hnp.arrays(
    np.uint8, st.tuples(st.integers(0, 5), st.integers(0, 20).map(lambda n: 2 * n)), elements=st.integers(0, 15)
)


@given(codes_RC=code_matrices)
def test_nibbles_unpack_to_what_was_packed_in_half_the_bytes(codes_RC: np.ndarray) -> None:
    packed = grid.pack_nibbles(codes_RC)
    assert packed.shape == (codes_RC.shape[0], codes_RC.shape[1] // 2)
    np.testing.assert_array_equal(grid.unpack_nibbles(packed), codes_RC, strict=True)


def test_first_code_of_a_pair_lies_in_the_low_bits() -> None:
    assert grid.pack_nibbles(np.array([[0x1, 0xF, 0x3, 0x0]], np.uint8)).tolist() == [[0xF1, 0x03]]


@BITS
@pytest.mark.parametrize(
    ("weight", "message"),
    [
        (np.zeros((4, 33)), r"w has shape \[4, 33\]: .* a multiple of 32"),
        (np.zeros((4, 0)), r"w has shape \[4, 0\]"),
        (np.zeros(64), r"w has shape \[64\]"),
        (np.full((1, 32), np.nan), "w holds a value that is not finite"),
        (np.full((1, 32), np.inf), "w holds a value that is not finite"),
        (np.full((1, 32), 1e9), "w reaches 1e[+]09: its scale does not fit fp16"),
    ],
    ids=["columns", "empty", "vector", "nan", "infinity", "scale"],
)
def test_weights_off_the_grid_are_refused_by_name(bits: Bits, weight: np.ndarray, message: str) -> None:
    with pytest.raises(GridError, match=message):
        round_to_grid(weight, bits, "w")


@BITS
def test_zeros_stay_zeros(bits: Bits) -> None:
    assert not dequantize(round_to_grid(np.zeros((2, 64)), bits)).any()
