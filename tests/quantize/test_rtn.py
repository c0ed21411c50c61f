"""Quantized checkpoints: what is written is read back, and what cannot be written leaves nothing behind."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from gguf import GGMLQuantizationType as GgmlType
from gguf_files import write_reference_gguf
from random_models import reference_tensors, save_random_model
from safetensors import safe_open

from hrm_edge.checkpoint.open import open_checkpoint
from hrm_edge.errors import CheckpointError, ExportError, GridError
from hrm_edge.export.gguf import export_gguf
from hrm_edge.quantize.grid import Bits, QuantizedTensor, dequantize, round_to_grid
from hrm_edge.quantize.rtn import quantize_checkpoint

BITS = pytest.mark.parametrize("bits", [4, 8], ids="{}bit".format)
EMBEDDINGS = ("model.embed_tokens.weight", "lm_head.weight")


def tensors_of(path: Path) -> dict[str, np.ndarray]:
    with open_checkpoint(path) as checkpoint:
        return {
            name: dequantize(tensor) if isinstance(tensor, QuantizedTensor) else np.asarray(tensor)
            for name, tensor in checkpoint.tensors()
        }


@BITS
def test_quantized_checkpoint_holds_the_rounded_weights_of_transformers(
    random_model: Callable[[str], Path], shape: str, tmp_path: Path, bits: Bits
) -> None:
    source = random_model(shape)
    seen: list[str] = []
    with open_checkpoint(source) as checkpoint:
        written = quantize_checkpoint(checkpoint, bits, tmp_path / "out", on_tensor=seen.append)
    assert seen == list(checkpoint.architecture.tensor_shapes())
    assert (written.bits, written.architecture) == (bits, checkpoint.architecture)
    assert open_checkpoint(tmp_path / "out").tokenizer_json == (source / "tokenizer.json").read_text(encoding="utf-8")
    found = tensors_of(tmp_path / "out")
    reference = reference_tensors(source)
    assert found.keys() == reference.keys()
    for name, weight in reference.items():
        expected_bits: Bits = 8 if name in EMBEDDINGS else bits
        expected = weight if weight.ndim == 1 else dequantize(round_to_grid(weight, expected_bits))
        np.testing.assert_array_equal(found[name], expected, strict=True)


def test_stored_parts_have_the_documented_types_and_shapes(random_model: Callable[[str], Path], tmp_path: Path) -> None:
    with open_checkpoint(random_model("untied")) as checkpoint:
        quantize_checkpoint(checkpoint, 4, tmp_path / "out")
    with safe_open(tmp_path / "out" / "model.safetensors", "np") as file:
        parts = {name: (file.get_slice(name).get_dtype(), file.get_slice(name).get_shape()) for name in file.keys()}  # noqa: SIM118
    down = "model.L_module.layers.0.mlp.down_proj.weight"
    assert parts[f"{down}.codes"] == ("U8", [64, 48])
    assert parts[f"{down}.scales"] == ("F16", [64, 3])
    assert parts["lm_head.weight.codes"] == ("I8", [320, 64])
    assert parts["model.z_L_init"] == ("F32", [64])
    config = json.loads((tmp_path / "out" / "config.json").read_text())
    assert config["quantization_config"] == {
        "quant_method": "hrm-edge",
        "bits": 4,
        "block_size": 32,
        "embedding_bits": 8,
        "method": "rtn",
    }


@BITS
def test_input_quantized_at_the_same_bits_passes_unchanged(
    random_model: Callable[[str], Path], tmp_path: Path, bits: Bits
) -> None:
    with open_checkpoint(random_model("plain")) as checkpoint:
        first = quantize_checkpoint(checkpoint, bits, tmp_path / "first")
    quantize_checkpoint(first, bits, tmp_path / "second")
    first_bytes, second_bytes = ((tmp_path / d / "model.safetensors").read_bytes() for d in ("first", "second"))
    assert first_bytes == second_bytes


@BITS
def test_quantized_checkpoint_comes_back_from_its_gguf_byte_for_byte(
    random_model: Callable[[str], Path], tmp_path: Path, bits: Bits
) -> None:
    with open_checkpoint(random_model("untied")) as checkpoint:
        quantized = quantize_checkpoint(checkpoint, bits, tmp_path / "first")
    export_gguf(quantized, tmp_path / "model.gguf")
    quantize_checkpoint(open_checkpoint(tmp_path / "model.gguf"), bits, tmp_path / "second")
    first_bytes, second_bytes = ((tmp_path / d / "model.safetensors").read_bytes() for d in ("first", "second"))
    assert first_bytes == second_bytes


def test_input_quantized_at_other_bits_is_refused(random_model: Callable[[str], Path], tmp_path: Path) -> None:
    with open_checkpoint(random_model("plain")) as checkpoint:
        quantized = quantize_checkpoint(checkpoint, 8, tmp_path / "8bit")
    with pytest.raises(GridError, match=r"already at 8 bits and 4 were asked for: .* start from the float checkpoint"):
        quantize_checkpoint(quantized, 4, tmp_path / "4bit")
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["8bit"]


def test_gguf_quantizes_to_the_weights_of_the_directory_it_came_from(
    random_model: Callable[[str], Path], tmp_path: Path
) -> None:
    source = random_model("plain")
    path = write_reference_gguf(source, tmp_path / "model.gguf", GgmlType.F32)
    quantize_checkpoint(open_checkpoint(path), 4, tmp_path / "from_gguf")
    quantize_checkpoint(open_checkpoint(source), 4, tmp_path / "from_directory")
    expected = tensors_of(tmp_path / "from_directory")
    for name, tensor in tensors_of(tmp_path / "from_gguf").items():
        np.testing.assert_array_equal(tensor, expected[name])


def test_columns_no_multiple_of_32_are_refused_by_name_before_anything_is_written(tmp_path: Path) -> None:
    model = save_random_model(tmp_path / "model", hidden_size=64, intermediate_size=80)
    with (
        open_checkpoint(model) as checkpoint,
        pytest.raises(GridError, match=r"L_module\.layers\.0\.mlp\.down_proj\.weight has shape \[64, 80\]: .* of 32"),
    ):
        quantize_checkpoint(checkpoint, 4, tmp_path / "out")
    assert [entry.name for entry in tmp_path.iterdir()] == ["model"]


def test_output_never_replaces_the_checkpoint_it_reads(random_model: Callable[[str], Path], tmp_path: Path) -> None:
    model = shutil.copytree(random_model("plain"), tmp_path / "model")
    with pytest.raises(ExportError, match="is the checkpoint that is read: choose another --out"):
        quantize_checkpoint(open_checkpoint(model), 4, tmp_path / "." / "model")
    assert open_checkpoint(model).bits == 32


def test_interrupted_quantization_leaves_nothing(random_model: Callable[[str], Path], tmp_path: Path) -> None:
    def interrupt(name: str) -> None:
        if "H_module" in name:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        quantize_checkpoint(open_checkpoint(random_model("plain")), 4, tmp_path / "out", on_tensor=interrupt)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"quant_method": "gptq"}, "is quantized by 'gptq' and hrm-edge reads its own grid"),
        ({"bits": 3}, r"bits 3: it must be one of \(4, 8\)"),
        ({"bits": True}, "bits True"),
        ({"bits": 8}, "quantize the checkpoint again"),
        ({"block_size": 64}, "block_size 64"),
        ({"group_size": 32}, "unknown keys .*group_size"),
        ({"method": None}, "needs a method"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_quantization_config_that_is_not_ours_is_refused(
    random_model: Callable[[str], Path], tmp_path: Path, change: dict[str, object], message: str
) -> None:
    quantize_checkpoint(open_checkpoint(random_model("plain")), 4, tmp_path / "out")
    path = tmp_path / "out" / "config.json"
    config = json.loads(path.read_text())
    config["quantization_config"] |= change
    path.write_text(json.dumps(config))
    with pytest.raises(CheckpointError, match=message):
        open_checkpoint(tmp_path / "out")


def test_quantized_sizes_that_are_no_blocks_are_refused(random_model: Callable[[str], Path], tmp_path: Path) -> None:
    quantize_checkpoint(open_checkpoint(random_model("plain")), 4, tmp_path / "out")
    path = tmp_path / "out" / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"intermediate_size": 80}))
    with pytest.raises(CheckpointError, match=r"down_proj\.weight has shape \[64, 80\]"):
        open_checkpoint(tmp_path / "out")


def test_tokenizer_files_beside_the_source_are_copied(random_model: Callable[[str], Path], tmp_path: Path) -> None:
    model = shutil.copytree(random_model("plain"), tmp_path / "model")
    (model / "tokenizer_config.json").write_text(json.dumps({"chat_template": "{{ messages }}"}))
    written = quantize_checkpoint(open_checkpoint(model), 8, tmp_path / "out")
    assert written.chat_template == "{{ messages }}"
    names = {entry.name for entry in (tmp_path / "out").iterdir()}
    assert {"tokenizer.json", "tokenizer_config.json", "chat_template.jinja", "generation_config.json"} <= names
