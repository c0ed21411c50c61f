"""The exported GGUF, read by PyPI's `gguf` and by our own reader: every key, every bit, one tensor at a time."""

import weakref
from collections.abc import Iterator

import gguf
import numpy as np
import pytest
from conversions import exported, quantized
from gguf import GGMLQuantizationType as GgmlType
from gguf_files import gguf_name
from llama_vocabulary import TokenizerOnly
from random_models import SHAPES, reference_tensors, save_random_model

from hrm_edge.architecture import Architecture
from hrm_edge.checkpoint import Checkpoint, Tensor, open_checkpoint
from hrm_edge.errors import ExportError
from hrm_edge.export.gguf import export_gguf
from hrm_edge.quantize.grid import QuantizedTensor, dequantize

every_width = pytest.mark.parametrize("bits", [4, 8], ids="{}bit".format)


def test_float32_file_gives_back_every_bit(random_model, shape, tmp_path):
    source = random_model(shape)
    expected = reference_tensors(source)
    with open_checkpoint(exported(source, tmp_path / "model.gguf", "f32")) as checkpoint:
        for name, tensor in checkpoint.tensors():
            assert tensor.dtype == np.float32
            np.testing.assert_array_equal(tensor, expected.pop(name))
        assert not expected
        with open_checkpoint(source) as original:
            assert checkpoint.architecture == original.architecture
            assert checkpoint.tokenizer_json == original.tokenizer_json


def test_float16_file_rounds_matrices_once_and_keeps_the_vector(random_model, tmp_path):
    source = random_model("untied")
    expected = reference_tensors(source)
    with open_checkpoint(exported(source, tmp_path / "model.gguf")) as checkpoint:
        assert checkpoint.bits == 16
        for name, tensor in checkpoint.tensors():
            kept = np.float32 if name == "model.z_L_init" else np.float16
            assert tensor.dtype == kept
            np.testing.assert_array_equal(tensor, expected[name].astype(kept))


@every_width
def test_quantized_file_dequantizes_to_the_bits_of_the_grid(random_model, tmp_path, bits):
    source = quantized(random_model("untied"), bits, tmp_path / "quantized")
    reader = gguf.GGUFReader(exported(source, tmp_path / "model.gguf"))
    theirs = {tensor.name: tensor for tensor in reader.tensors}
    with open_checkpoint(source) as checkpoint:
        for name, tensor in checkpoint.tensors():
            stored = theirs.pop(gguf_name(name, checkpoint.architecture.num_layers_per_stack))
            if not isinstance(tensor, QuantizedTensor):
                assert stored.tensor_type == GgmlType.F32
                continue
            assert stored.tensor_type == {4: GgmlType.Q4_0, 8: GgmlType.Q8_0}[tensor.bits]
            values = gguf.quants.dequantize(stored.data, stored.tensor_type)
            np.testing.assert_array_equal(values.view(np.uint32), dequantize(tensor).view(np.uint32))
    assert not theirs
    assert reader.get_field("general.file_type").contents() == {4: 2, 8: 7}[bits]


@every_width
def test_file_exported_from_a_gguf_is_the_same_file(random_model, tmp_path, bits):
    source = quantized(random_model("plain"), bits, tmp_path / "quantized")
    first = exported(source, tmp_path / "first.gguf")
    again = exported(first, tmp_path / "again.gguf")
    assert first.read_bytes() == again.read_bytes()


def test_keys_are_those_llama_cpp_reads(random_model, tmp_path):
    shape = SHAPES["head_dim_wider_than_hidden"]
    reader = gguf.GGUFReader(exported(random_model("head_dim_wider_than_hidden"), tmp_path / "model.gguf"))
    keys = {name: field.contents() for name, field in reader.fields.items()}
    expected = {
        "general.architecture": "hrm_text",
        "general.type": "model",
        "general.file_type": 1,
        "general.quantization_version": 2,
        "hrm_text.vocab_size": 320,
        "hrm_text.context_length": 256,
        "hrm_text.embedding_length": 64,
        "hrm_text.feed_forward_length": 96,
        "hrm_text.block_count": 2 * 2 * (2 + 1),
        "hrm_text.attention.head_count": shape["heads"],
        "hrm_text.attention.head_count_kv": shape["heads"],
        "hrm_text.attention.key_length": shape["head_dim"],
        "hrm_text.attention.value_length": shape["head_dim"],
        "hrm_text.rope.dimension_count": shape["head_dim"],
        "hrm_text.rope.freq_base": 10000.0,
        "hrm_text.embedding_scale": 8.0,
        "hrm_text.hrm.layers_per_stack": 2,
        "hrm_text.hrm.h_cycles": 2,
        "hrm_text.hrm.l_cycles": 2,
        "hrm_text.hrm.prefix_lm": True,
        "tokenizer.ggml.model": "gpt2",
        "tokenizer.ggml.pre": "qwen2",
        "tokenizer.ggml.add_bos_token": False,
    }
    assert {name: keys.get(name) for name in expected} == expected
    tokens = keys["tokenizer.ggml.tokens"]
    assert len(tokens) == 320
    for key, token in (("bos", "<|prompt|>"), ("eos", "<|end|>"), ("padding", "<|pad|>")):
        assert tokens[keys[f"tokenizer.ggml.{key}_token_id"]] == token


def test_checkpoint_without_tokenizer_says_so(tmp_path):
    source = save_random_model(tmp_path / "model", tokenizer=False)
    reader = gguf.GGUFReader(exported(source, tmp_path / "model.gguf"))
    assert reader.get_field("tokenizer.ggml.model").contents() == "no_vocab"
    assert not any(name.startswith("tokenizer.ggml.tokens") for name in reader.fields)


def test_chat_template_travels_along(tmp_path):
    checkpoint = TokenizerOnly(None, 64)
    checkpoint.chat_template = "{{ messages[0].content }}"
    export_gguf(checkpoint, tmp_path / "model.gguf")
    with open_checkpoint(tmp_path / "model.gguf") as back:
        assert back.chat_template == checkpoint.chat_template


def test_caller_hears_of_every_tensor_in_order(random_model, tmp_path):
    heard: list[str] = []
    with open_checkpoint(random_model("untied")) as checkpoint:
        export_gguf(checkpoint, tmp_path / "model.gguf", on_tensor=heard.append)
        assert heard == list(checkpoint.architecture.tensor_shapes())


class Instrumented(TokenizerOnly):
    """Counts the tensors that are alive whenever the next one is asked for."""

    def __init__(self) -> None:
        super().__init__(None, 64)
        self.most_alive = 0

    def tensors(self) -> Iterator[tuple[str, Tensor]]:
        handed_out: list[weakref.ref[Tensor]] = []
        for name, shape in self.architecture.tensor_shapes().items():
            self.most_alive = max(self.most_alive, sum(reference() is not None for reference in handed_out))
            tensors = [np.zeros(shape, np.float32)]
            handed_out.append(weakref.ref(tensors[0]))
            yield name, tensors.pop()


@pytest.mark.parametrize("dtype", ["f32", "f16"])
def test_no_tensor_is_held_while_the_next_is_read(tmp_path, dtype):
    checkpoint = Instrumented()
    export_gguf(checkpoint, tmp_path / "model.gguf", dtype=dtype)
    assert checkpoint.most_alive == 0


class Scaled(TokenizerOnly):
    """One weight of every tensor has a value of its own."""

    def __init__(self, value: float) -> None:
        super().__init__(None, 64)
        self.value = value

    def tensors(self) -> Iterator[tuple[str, Tensor]]:
        for name, shape in self.architecture.tensor_shapes().items():
            tensor = np.zeros(shape, np.float32)
            tensor.flat[-1] = self.value
            yield name, tensor


def test_weight_beyond_float16_is_refused_with_its_name(tmp_path):
    with pytest.raises(ExportError, match=r"model\.embed_tokens\.weight reaches 70000 and float16 ends at 65504"):
        export_gguf(Scaled(70000.0), tmp_path / "model.gguf")
    assert not list(tmp_path.iterdir())


def test_weight_beyond_float16_is_kept_in_float32(tmp_path):
    export_gguf(Scaled(-70000.0), tmp_path / "model.gguf", dtype="f32")
    with open_checkpoint(tmp_path / "model.gguf") as checkpoint:
        assert all(tensor.flat[-1] == -70000.0 for _, tensor in checkpoint.tensors())


class Interrupted(TokenizerOnly):
    """Ctrl-C in the middle."""

    def tensors(self) -> Iterator[tuple[str, Tensor]]:
        for index, entry in enumerate(super().tensors()):
            if index == 5:
                raise KeyboardInterrupt
            yield entry


def test_interrupted_export_leaves_the_old_file_and_no_other(tmp_path):
    out = tmp_path / "model.gguf"
    export_gguf(TokenizerOnly(None, 64), out)
    before = out.read_bytes()
    with pytest.raises(KeyboardInterrupt):
        export_gguf(Interrupted(None, 64), out)
    assert out.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["model.gguf"]


def test_more_kv_slots_than_llama_cpp_holds_are_refused(tmp_path):
    checkpoint: Checkpoint = TokenizerOnly(None, 64)
    checkpoint.architecture = checkpoint.architecture.with_cycles(257)
    with pytest.raises(ExportError, match=r"the model has 514 KV slots and llama\.cpp holds 512"):
        export_gguf(checkpoint, tmp_path / "model.gguf")


def test_names_are_those_of_the_architecture(random_model, tmp_path):
    """Every tensor under the name that llama.cpp gives it, none twice and none missing."""
    reader = gguf.GGUFReader(exported(random_model("untied"), tmp_path / "model.gguf"))
    with open_checkpoint(random_model("untied")) as checkpoint:
        architecture: Architecture = checkpoint.architecture
    expected = {gguf_name(name, architecture.num_layers_per_stack) for name in architecture.tensor_shapes()}
    assert {tensor.name for tensor in reader.tensors} == expected
    assert len(reader.tensors) == len(expected)
