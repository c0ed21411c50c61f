"""The packed blocks against gguf's own dequantizer, bit for bit, over every bit pattern a block can hold."""

import gguf.quants
import numpy as np
import pytest
from gguf import GGMLQuantizationType
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from hrm_edge.errors import GridError
from hrm_edge.quantize.ggml_blocks import pack_q4_0, pack_q8_0, unpack_q4_0, unpack_q8_0
from hrm_edge.quantize.grid import QuantizedTensor, dequantize, round_to_grid

KINDS = {
    4: (pack_q4_0, unpack_q4_0, GGMLQuantizationType.Q4_0, 18),
    8: (pack_q8_0, unpack_q8_0, GGMLQuantizationType.Q8_0, 34),
}
every_kind = pytest.mark.parametrize("bits", [4, 8])


@st.composite
def quantized_tensors(draw, bits):
    """Any codes under any finite scale, subnormal and negative ones included."""
    rows, blocks = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    codes = (
        arrays(np.uint8, (rows, blocks * 32), elements=st.integers(0, 15))
        if bits == 4
        else arrays(np.int8, (rows, blocks * 32), elements=st.integers(-127, 127))
    )
    scales = arrays(np.float16, (rows, blocks), elements=st.floats(width=16, allow_nan=False, allow_infinity=False))
    return QuantizedTensor(draw(codes), draw(scales), bits)


@every_kind
@given(data=st.data())
def test_ggml_dequantizes_packed_blocks_to_the_bits_of_the_grid(bits, data):
    pack, _, ggml_type, block_bytes = KINDS[bits]
    tensor = data.draw(quantized_tensors(bits))
    packed = pack(tensor)
    assert packed.dtype == np.uint8
    assert packed.shape == (tensor.shape[0], tensor.shape[1] // 32 * block_bytes)
    theirs = gguf.quants.dequantize(packed, ggml_type)
    np.testing.assert_array_equal(theirs.view(np.uint32), dequantize(tensor).view(np.uint32))


@every_kind
@given(data=st.data())
def test_unpack_returns_every_bit_that_was_packed(bits, data):
    pack, unpack, _, _ = KINDS[bits]
    tensor = data.draw(quantized_tensors(bits))
    back = unpack(pack(tensor))
    assert back.bits == bits
    assert back.codes.dtype == tensor.codes.dtype
    np.testing.assert_array_equal(back.codes, tensor.codes)
    np.testing.assert_array_equal(back.scales.view(np.uint16), tensor.scales.view(np.uint16))


@every_kind
@given(data=st.data())
def test_pack_returns_the_bytes_that_were_unpacked_whatever_they_are(bits, data):
    """Foreign files hold any bytes: NaN scales and the code −128 pass through unchanged."""
    pack, unpack, _, block_bytes = KINDS[bits]
    shape = data.draw(st.tuples(st.integers(1, 3), st.integers(1, 3).map(lambda n: n * block_bytes)))
    packed = data.draw(arrays(np.uint8, shape))
    np.testing.assert_array_equal(pack(unpack(packed)), packed)


@every_kind
def test_packing_reads_codes_and_scales_that_are_not_contiguous(bits):
    pack, _, ggml_type, _ = KINDS[bits]
    whole = round_to_grid(np.random.default_rng(0).normal(size=(8, 96)), bits)
    every_other = QuantizedTensor(whole.codes[::2], whole.scales[::2], bits)
    theirs = gguf.quants.dequantize(pack(every_other), ggml_type)
    np.testing.assert_array_equal(theirs, dequantize(whole)[::2])


@pytest.mark.parametrize(("bits", "pack"), [(4, pack_q8_0), (8, pack_q4_0)])
def test_packing_refuses_a_tensor_of_the_other_width(bits, pack):
    tensor = round_to_grid(np.ones((2, 32)), bits)
    with pytest.raises(GridError, match=f"the tensor has {bits} bits and Q{12 - bits}_0 blocks hold {12 - bits}"):
        pack(tensor)


@pytest.mark.parametrize("unpack", [unpack_q4_0, unpack_q8_0])
def test_unpacking_refuses_rows_that_are_no_whole_number_of_blocks(unpack):
    with pytest.raises(GridError, match=r"shape \[2, 35\] and type uint8"):
        unpack(np.zeros((2, 35), np.uint8))
