"""Hugging Face directories as transformers writes them, and directories made to mislead."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from random_models import reference_tensors, save_random_model
from safetensors.torch import load_file, save_file

from hrm_edge.checkpoint.open import open_checkpoint
from hrm_edge.errors import ArchitectureError, CheckpointError, UnsafeCheckpointError

EMBEDDING, HEAD = "model.embed_tokens.weight", "lm_head.weight"


def assert_tensors_equal_transformers(directory: Path) -> None:
    reference = reference_tensors(directory)
    with open_checkpoint(directory) as checkpoint:
        names = list(checkpoint.architecture.tensor_shapes())
        for name, tensor in checkpoint.tensors():
            assert name == names.pop(0)
            np.testing.assert_array_equal(np.asarray(tensor).astype(np.float32), reference.pop(name), strict=True)
    assert not names
    assert not reference


@pytest.fixture
def model(random_model: Callable[[str], Path], tmp_path: Path) -> Path:
    """A copy of the plain model that a test may spoil."""
    return shutil.copytree(random_model("plain"), tmp_path / "model")


def change_config(model: Path, **changes: Any) -> None:
    path = model / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def change_weights(model: Path, change: Callable[[dict[str, torch.Tensor]], None]) -> None:
    tensors = load_file(model / "model.safetensors")
    change(tensors)
    save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, model / "model.safetensors")


def test_tensors_are_those_transformers_loads_for_every_shape(random_model: Callable[[str], Path], shape: str) -> None:
    assert_tensors_equal_transformers(random_model(shape))


@pytest.mark.parametrize(
    ("dtype", "stored", "bits"),
    [(torch.float32, np.float32, 32), (torch.float16, np.float16, 16), (torch.bfloat16, np.float32, 16)],
    ids=["f32", "f16", "bf16"],
)
def test_tensors_keep_their_type_and_bfloat16_widens_exactly(
    tmp_path: Path, dtype: torch.dtype, stored: type, bits: int
) -> None:
    model = save_random_model(tmp_path, dtype=dtype)
    with open_checkpoint(model) as checkpoint:
        assert checkpoint.bits == bits
        assert {tensor.dtype for _, tensor in checkpoint.tensors()} == {np.dtype(stored)}  # type: ignore[union-attr]
    assert_tensors_equal_transformers(model)


def test_sharded_checkpoint_reads_as_the_whole_one(tmp_path: Path) -> None:
    model = save_random_model(tmp_path, tie_word_embeddings=False, max_shard_size="100KB")
    assert len(list(model.glob("*.safetensors"))) > 2
    assert not (model / "model.safetensors").exists()
    assert_tensors_equal_transformers(model)


def test_weights_linked_from_a_cache_are_read(model: Path, tmp_path: Path) -> None:
    """The Hugging Face cache keeps files elsewhere and links them into the directory."""
    shutil.move(model / "model.safetensors", tmp_path / "blob")
    (model / "model.safetensors").symlink_to(tmp_path / "blob")
    assert_tensors_equal_transformers(model)


def test_tied_head_equal_to_the_embedding_is_read_once(model: Path) -> None:
    change_weights(model, lambda tensors: tensors.update({HEAD: tensors[EMBEDDING].clone()}))
    assert open_checkpoint(model).architecture.tie_word_embeddings
    assert_tensors_equal_transformers(model)


def test_tied_head_stored_alone_serves_as_the_embedding(model: Path) -> None:
    change_weights(model, lambda tensors: tensors.update({HEAD: tensors.pop(EMBEDDING)}))
    assert open_checkpoint(model).architecture.tie_word_embeddings
    assert_tensors_equal_transformers(model)


def test_tied_head_that_differs_from_the_embedding_is_kept_as_transformers_does(model: Path) -> None:
    change_weights(model, lambda tensors: tensors.update({HEAD: tensors[EMBEDDING] + 1}))
    assert not open_checkpoint(model).architecture.tie_word_embeddings
    assert_tensors_equal_transformers(model)


def test_untied_head_must_be_there(model: Path) -> None:
    change_config(model, tie_word_embeddings=False)
    with pytest.raises(CheckpointError, match=r"lacks the tensor lm_head\.weight"):
        open_checkpoint(model)


def test_config_before_transformers_rewrote_it_gives_the_same_model(model: Path) -> None:
    """Sapient's configs have rope_theta at the top and num_hidden_layers as the real number of layers."""
    expected = open_checkpoint(model).architecture
    path = model / "config.json"
    config = json.loads(path.read_text())
    del config["num_layers_per_stack"], config["rope_parameters"]
    path.write_text(json.dumps(config | {"num_hidden_layers": 2, "rope_theta": 10000, "num_key_value_heads": 4}))
    assert open_checkpoint(model).architecture == expected
    assert_tensors_equal_transformers(model)


def test_tokenizer_is_whole_and_may_be_absent(model: Path) -> None:
    assert open_checkpoint(model).tokenizer_json == (model / "tokenizer.json").read_text(encoding="utf-8")
    (model / "tokenizer.json").unlink()
    assert open_checkpoint(model).tokenizer_json is None


def test_chat_template_is_found_in_both_places_and_the_file_wins(model: Path) -> None:
    assert open_checkpoint(model).chat_template is None
    config = model / "tokenizer_config.json"
    config.write_text(
        json.dumps({"chat_template": [{"name": "tool", "template": "t"}, {"name": "default", "template": "d"}]})
    )
    assert open_checkpoint(model).chat_template == "d"
    config.write_text(json.dumps({"chat_template": "{{ text }}"}))
    assert open_checkpoint(model).chat_template == "{{ text }}"
    (model / "chat_template.jinja").write_text("{{ jinja }}")
    assert open_checkpoint(model).chat_template == "{{ jinja }}"
    (model / "chat_template.jinja").unlink()
    config.write_text(json.dumps({"chat_template": 5}))
    with pytest.raises(CheckpointError, match="chat_template is a int: it must be a Jinja text"):
        open_checkpoint(model)


CONFIG_FAULTS = {
    "model_type": ("llama", "model_type is 'llama': hrm-edge runs 'hrm_text' models only"),
    "attention_bias": (True, "attention_bias is true"),
    "mlp_bias": (True, "mlp_bias is true"),
    "hidden_act": ("gelu", "hidden_act is 'gelu'"),
    "rope_parameters": ({"rope_type": "yarn", "rope_theta": 1e4}, "rope_type is 'yarn'"),
    "num_key_value_heads": (2, "num_key_value_heads is 2 and num_attention_heads is 4"),
    "hidden_size": (96, r"has shape \[320, 64\] and its config asks for \[320, 96\]"),
    "vocab_size": (10**9, r"config asks for \[1000000000, 64\]"),
    "num_layers_per_stack": (10**9, "layers x H_cycles"),
    "H_cycles": (10**6, "layers x H_cycles"),
    "L_cycles": (2.0, "l_cycles is 2.0: it must be a whole number"),
    "num_attention_heads": ("4", "num_attention_heads is 4"),
    "tie_word_embeddings": ("false", "tie_word_embeddings is false: it must be true or false"),
    "rms_norm_eps": (float("nan"), "rms_norm_eps is nan"),
    "embedding_scale": (float("inf"), "embedding_scale is inf"),
    "quantization_config": ({"quant_method": "bitsandbytes"}, "quantized by 'bitsandbytes'"),
}


@pytest.mark.parametrize(("key", "value", "message"), [(k, *v) for k, v in CONFIG_FAULTS.items()], ids=CONFIG_FAULTS)
def test_config_we_would_compute_wrongly_is_refused_by_key_and_path(
    model: Path, key: str, value: object, message: str
) -> None:
    change_config(model, **{key: value})
    with pytest.raises((ArchitectureError, CheckpointError), match=message) as error:
        open_checkpoint(model)
    assert str(model) in str(error.value)


def test_layer_count_beyond_the_file_is_refused_before_it_is_spelled_out(model: Path) -> None:
    change_config(model, num_layers_per_stack=600)
    with pytest.raises(CheckpointError, match="holds 34 tensors and its config claims 600 layers"):
        open_checkpoint(model)


def test_tensor_we_have_no_use_for_is_refused(model: Path) -> None:
    """A norm weight, for instance: leaving it out would change the answers without a word."""
    change_weights(model, lambda tensors: tensors.update({"model.L_module.final_norm.weight": torch.ones(64)}))
    with pytest.raises(CheckpointError, match=r"holds the tensor model\.L_module\.final_norm\.weight"):
        open_checkpoint(model)


def test_codes_without_a_quantization_config_are_refused(model: Path) -> None:
    change_weights(model, lambda tensors: tensors.update({EMBEDDING: tensors[EMBEDDING].to(torch.int8)}))
    with pytest.raises(CheckpointError, match="has type I8 and its config names no quantization"):
        open_checkpoint(model)


@pytest.mark.parametrize("shard", ["../secret.safetensors", "/etc/secret.safetensors", "a\\b.safetensors", "x.bin", 5])
def test_shard_outside_the_directory_is_refused(model: Path, shard: object) -> None:
    (model / "model.safetensors").rename(model.parent / "secret.safetensors")
    (model / "model.safetensors.index.json").write_text(json.dumps({"weight_map": {EMBEDDING: shard}}))
    with pytest.raises(CheckpointError, match=r"a shard must be a \.safetensors file in the same directory"):
        open_checkpoint(model)


def test_shard_that_lacks_what_the_index_promises_is_refused(model: Path) -> None:
    (model / "model.safetensors").rename(model / "one.safetensors")
    index = {"weight_map": {"model.other": "one.safetensors"}}
    (model / "model.safetensors.index.json").write_text(json.dumps(index))
    with pytest.raises(CheckpointError, match=r"one\.safetensors lacks model\.other"):
        open_checkpoint(model)
    (model / "one.safetensors").unlink()
    with pytest.raises(CheckpointError, match=r"one\.safetensors is not a file"):
        open_checkpoint(model)


def test_truncated_weights_are_refused_with_both_sizes(model: Path) -> None:
    path = model / "model.safetensors"
    size = path.stat().st_size
    os.truncate(path, size - 1000)
    with pytest.raises(CheckpointError, match=f"header describes {size} bytes and the file has {size - 1000}"):
        open_checkpoint(model)


@pytest.mark.parametrize("text", ["", "{", "[]", "\ufeff{}", '{"a": 1, "a": 2}', "[" * 10**5])
def test_config_that_is_no_json_object_is_refused(model: Path, text: str) -> None:
    (model / "config.json").write_text(text, encoding="utf-8")
    with pytest.raises(CheckpointError, match=r"config\.json"):
        open_checkpoint(model)


def test_config_that_is_not_utf_8_or_too_large_is_refused(model: Path) -> None:
    (model / "config.json").write_bytes(b'{"a": "\xff"}')
    with pytest.raises(CheckpointError, match=r"config\.json is not UTF-8 at byte 7"):
        open_checkpoint(model)
    with (model / "config.json").open("wb") as file:
        file.truncate(10**9)
    with pytest.raises(CheckpointError, match="has 1000000000 bytes: such a file has at most"):
        open_checkpoint(model)


def test_directory_of_pickles_is_refused_and_never_opened(model: Path) -> None:
    (model / "model.safetensors").unlink()
    (model / "pytorch_model.bin").write_bytes(b"cos\nsystem\n(S'touch /tmp/owned'\ntR.")
    with pytest.raises(UnsafeCheckpointError, match=r"pytorch_model\.bin is a pickle.*convert it to safetensors"):
        open_checkpoint(model)


def test_directory_without_weights_is_refused(model: Path) -> None:
    (model / "model.safetensors").unlink()
    with pytest.raises(CheckpointError, match=r"has neither model\.safetensors nor model\.safetensors\.index\.json"):
        open_checkpoint(model)
