"""Weights that stay on the grid: the numbers of `dequantize` to the bit, and the memory that is promised."""

import numpy as np
import pytest
import torch
from random_models import random_ids, relative_error

from hrm_edge.architecture import PRESETS
from hrm_edge.checkpoint import open_checkpoint
from hrm_edge.quantize.grid import QuantizedTensor, dequantize
from hrm_edge.quantize.rtn import quantize_checkpoint
from hrm_edge.runtimes.pytorch.quantized import (
    WEIGHTS_AT_ONCE,
    QuantizedEmbedding,
    QuantizedLinear,
    QuantizedMatrix,
    bytes_held,
)
from hrm_edge.runtimes.pytorch.runtime import PyTorchRuntime, kv_type_of, load_model

PROMPT, ANSWER = random_ids(23), random_ids(9, seed=2)


@pytest.fixture(scope="module", params=[4, 8])
def tensor(request):
    """A matrix of every code and of scales that are negative, zero, tiny and large."""
    bits, drawn = request.param, np.random.default_rng(0)
    codes = np.arange(16, dtype=np.uint8) if bits == 4 else np.arange(-127, 128).astype(np.int8)
    scales = drawn.normal(size=(70, 3)).astype(np.float16)
    scales[0], scales[1], scales[2] = 0, 6e-8, 65504
    return QuantizedTensor(drawn.choice(codes, (70, 96)), scales, bits)


@pytest.fixture
def quantized(random_model, tmp_path):
    """`quantized("untied", 4)`: a random model on the grid."""

    def make(shape, bits):
        with open_checkpoint(random_model(shape)) as source, quantize_checkpoint(source, bits, tmp_path / "grid"):
            return tmp_path / "grid"

    return make


def test_rows_are_those_of_dequantize_to_the_bit(tensor):
    found = QuantizedMatrix(tensor, "cpu").rows(slice(None), torch.float32).numpy()
    np.testing.assert_array_equal(found.view(np.uint32), dequantize(tensor).view(np.uint32))


def test_rows_in_bfloat16_are_rounded_once(tensor):
    found = QuantizedMatrix(tensor, "cpu").rows(slice(None), torch.bfloat16)
    assert torch.equal(found, torch.from_numpy(dequantize(tensor)).bfloat16())


def test_embedding_looks_up_the_rows_of_dequantize(tensor):
    ids = torch.tensor([[3, 69], [0, 3]])
    found = QuantizedEmbedding(QuantizedMatrix(tensor, "cpu"), torch.float32)(ids)
    np.testing.assert_array_equal(found.numpy(), dequantize(tensor)[ids.numpy()])


@pytest.mark.parametrize("at_once", [96, 5 * 96, 10**6])
def test_linear_is_the_product_with_the_whole_matrix_however_it_is_cut(tensor, at_once, monkeypatch):
    monkeypatch.setattr("hrm_edge.runtimes.pytorch.quantized.WEIGHTS_AT_ONCE", at_once)
    hidden = torch.randn(2, 3, 96, generator=torch.Generator().manual_seed(0))
    found = QuantizedLinear(QuantizedMatrix(tensor, "cpu"))(hidden)
    wanted = hidden.double().numpy() @ dequantize(tensor).T.astype(np.float64)
    assert relative_error(found.numpy(), wanted) < 1e-6


@pytest.mark.parametrize("bits", [4, 8])
@pytest.mark.parametrize("shape", ["plain", "untied", "three_h_cycles"])
def test_logits_are_those_of_the_dequantized_model(quantized, shape, bits):
    """The same weights to the bit, whether they are dequantized once or for every use."""
    path = quantized(shape, bits)
    logits = []
    for keep in (False, True):
        with PyTorchRuntime(path, keep_quantized=keep) as runtime:
            logits.append(np.stack([runtime.prefill(PROMPT), *(runtime.decode(token) for token in ANSWER)]))
    np.testing.assert_array_equal(*logits)


@pytest.mark.parametrize("shape", ["plain", "untied"])
def test_4_bits_hold_the_bytes_of_the_formula_and_nothing_else(quantized, shape):
    with open_checkpoint(quantized(shape, 4)) as checkpoint:
        architecture = checkpoint.architecture
        model = load_model(checkpoint, architecture, "cpu", keep_quantized=True)
    rotary = architecture.head_dim // 2 * 4 * 2  # transformers keeps its frequencies twice
    assert bytes_held(model) == bytes_on_the_grid(architecture) + architecture.hidden_size * 4 + rotary


def test_1b_shape_at_4_bits_with_2048_tokens_is_below_2_gb():
    """Weights by the formula that the model before was counted to hold, KV as the runtime chooses it on a GPU."""
    architecture = PRESETS["1b"]
    kv_type = kv_type_of(architecture, "cuda", None, stay_quantized=True)
    weights = bytes_on_the_grid(architecture)
    keys_and_values = architecture.kv_bytes_per_token(kv_type) * (2048 + 1)
    there_in_full = WEIGHTS_AT_ONCE * (4 + 4 + 2)  # codes and weights in float32, weights in bfloat16
    assert weights == pytest.approx(767e6, rel=0.01)
    assert weights + keys_and_values + there_in_full < 1.75e9


def bytes_on_the_grid(architecture):
    """4.5 bits a weight in the stacks, 8.5 in the embedding and the head: a block's fp16 scale is half a bit each."""
    stacks = architecture.parameter_count(embeddings=False) - architecture.hidden_size
    ends = (1 if architecture.tie_word_embeddings else 2) * architecture.vocab_size * architecture.hidden_size
    return stacks * 9 // 16 + ends * 17 // 16


def test_what_is_not_on_the_grid_is_loaded_as_it_is(random_model):
    """`keep_quantized` of a float checkpoint changes nothing."""
    with (
        PyTorchRuntime(random_model("plain")) as plain,
        PyTorchRuntime(random_model("plain"), keep_quantized=True) as kept,
    ):
        np.testing.assert_array_equal(plain.prefill(PROMPT), kept.prefill(PROMPT))
