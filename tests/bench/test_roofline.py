"""Bytes per token, by hand and against the files themselves."""

from dataclasses import replace

import gguf
import numpy as np
import onnx
import pytest
from bench_reports import MEMORY
from conversions import exported, quantized

from hrm_edge.architecture import PRESETS
from hrm_edge.bench.roofline import Roofline, hrm_weight_traffic, kv_bytes_read
from hrm_edge.bench.subjects import Subject, Workload, sizes_of
from hrm_edge.runtimes.load import runtime_file

NANO = PRESETS["nano"]


def test_bytes_of_the_nano_shape_at_4_bits_are_those_counted_by_hand():
    """Each stack: 2 layers of 5 matrices of 256 × 256 and 3 of 256 × 768, Q4_0. A tied embedding of 8192 rows, Q8_0."""
    layer = 5 * 256 * 256 + 3 * 256 * 768
    stack = 2 * layer * 18 // 32
    embedding, row, vector = 8192 * 256 * 34 // 32, 256 * 34 // 32, 256 * 4
    traffic = hrm_weight_traffic(NANO, 4, "llama-cpp")
    assert traffic.held == 2 * stack + embedding + vector
    # 2 H cycles of 2 L passes and 1 H pass each; the head reads the embedding whole, the input one row of it
    assert traffic.per_token == 6 * stack + embedding + row + vector


@pytest.mark.parametrize("cycles", [1, 2, 5])
def test_cycles_read_the_stacks_again_and_nothing_else(cycles):
    once = hrm_weight_traffic(NANO.with_cycles(1), 8, "onnx")
    traffic = hrm_weight_traffic(NANO.with_cycles(cycles), 8, "onnx")
    stacks = 2 * 2 * (5 * 256 * 256 + 3 * 256 * 768) * 36 // 32
    assert traffic.held == once.held
    assert traffic.per_token - once.per_token == (cycles - 1) * stacks // 2 * (NANO.l_cycles + 1)


def test_untied_head_is_read_and_its_embedding_is_not():
    tied, untied = (hrm_weight_traffic(replace(NANO, tie_word_embeddings=tie), 16, "torch") for tie in (True, False))
    assert untied.held == tied.held + 8192 * 256 * 4
    assert untied.per_token == tied.per_token


@pytest.mark.parametrize("bits", [4, 8, 16])
def test_weights_held_are_the_tensors_of_the_gguf_file(random_model, tmp_path, bits):
    source = random_model("untied") if bits == 16 else quantized(random_model("untied"), bits, tmp_path / "quantized")
    path = exported(source, tmp_path / "m.gguf", "f16")
    stored = {tensor.name: int(tensor.n_bytes) for tensor in gguf.GGUFReader(path).tensors}
    sizes = sizes_of(Subject(model=path, runtime="llama-cpp"), Workload())
    vectors = stored["hrm.z_l_init"] - 64 * 4
    assert sizes.weights.held == sum(stored.values()) - vectors


def test_weights_held_are_the_initializers_of_the_onnx_file(random_model, tmp_path):
    path = runtime_file(quantized(random_model("plain"), 4, tmp_path / "quantized"), runtime="onnx")
    initializers = {tensor.name: onnx.numpy_helper.to_array(tensor) for tensor in onnx.load(path).graph.initializer}
    stored = sum(array.nbytes for name, array in initializers.items() if name.startswith(("model.", "lm_head.")))
    assert sizes_of(Subject(model=path, runtime="onnx"), Workload()).weights.held == stored


def test_keys_and_values_are_read_at_the_middle_of_the_answer():
    assert kv_bytes_read(1000, prompt_tokens=128, answer_tokens=200) == 228_000
    per_token = np.mean([1000 * (128 + answered) for answered in range(200)])
    assert kv_bytes_read(1000, prompt_tokens=128, answer_tokens=200) == pytest.approx(per_token, rel=0.01)


def test_ceiling_is_bandwidth_over_bytes_and_the_share_what_was_reached_of_it():
    roof = Roofline(
        weight_bytes_per_token=9_000_000, kv_bytes_read_per_token=1_000_000, bandwidth=MEMORY, decode_tokens_per_s=500.0
    )
    assert roof.ceiling_tokens_per_s == 2000.0
    assert roof.share == 0.25
    assert roof.to_json()["share"] == 0.25
