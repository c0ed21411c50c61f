"""`describe` against figures counted by transformers and by the file system."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from gguf import GGMLQuantizationType as GgmlType
from gguf_files import write_reference_gguf
from random_models import save_random_model
from tokenizers import Tokenizer
from transformers import HrmTextForCausalLM

from hrm_edge.architecture import PRESETS
from hrm_edge.checkpoint import open_checkpoint
from hrm_edge.errors import CheckpointError
from hrm_edge.export.onnx_graph import export_onnx
from hrm_edge.info import ModelInfo, describe, describe_machine
from hrm_edge.quantize.rtn import quantize_checkpoint


def test_directory_is_described_as_transformers_counts_it(random_model: Callable[[str], Path], shape: str) -> None:
    model_dir = random_model(shape)
    model = HrmTextForCausalLM.from_pretrained(model_dir)
    info = describe(model_dir)
    counts = {name: tensor.numel() for name, tensor in model.named_parameters()}
    assert info.parameters == sum(counts.values())
    embeddings = ("model.embed_tokens.weight", "lm_head.weight")
    assert info.parameters_without_embeddings == sum(n for name, n in counts.items() if name not in embeddings)
    assert (info.format, info.bits, info.has_chat_template) == ("huggingface", 32, False)
    assert info.file_bytes == (model_dir / "model.safetensors").stat().st_size
    assert info.tokenizer_vocab_size == Tokenizer.from_file(str(model_dir / "tokenizer.json")).get_vocab_size()


def test_every_format_of_one_model_is_described(random_model: Callable[[str], Path], tmp_path: Path) -> None:
    model_dir = random_model("plain")
    gguf_path = write_reference_gguf(model_dir, tmp_path / "model.gguf", GgmlType.Q8_0)
    with open_checkpoint(model_dir) as checkpoint:
        quantize_checkpoint(checkpoint, 4, tmp_path / "quantized")
        export_onnx(checkpoint, tmp_path / "model.onnx")
    reference = describe(model_dir)
    for path, kind, bits in (
        (gguf_path, "gguf", 8),
        (tmp_path / "quantized", "quantized", 4),
        (tmp_path / "model.onnx", "onnx", 32),
    ):
        info = describe(path)
        assert (info.format, info.bits) == (kind, bits)
        assert info.architecture == reference.architecture
        assert info.tokenizer_vocab_size == reference.tokenizer_vocab_size
        file = path / "model.safetensors" if path.is_dir() else path
        assert info.file_bytes == file.stat().st_size


def test_shards_are_counted_together(tmp_path: Path) -> None:
    model = save_random_model(tmp_path, max_shard_size="50KB")
    assert describe(model).file_bytes == sum(file.stat().st_size for file in model.glob("*.safetensors"))


def one_billion(file_bytes: int, longest: int = 4096) -> ModelInfo:
    architecture = PRESETS["1b"]
    return ModelInfo(
        path=Path("model"),
        format="gguf",
        architecture=type(architecture)(**{**vars(architecture), "max_position_embeddings": longest}),
        bits=4,
        file_bytes=file_bytes,
        tokenizer_vocab_size=None,
        has_chat_template=False,
    )


def test_context_in_2_gb_is_what_the_weights_leave_to_the_kv_cache() -> None:
    """The 1b shape keeps 768 KiB a token in f16: 743 MB of 4-bit weights leave room for 1598 tokens."""
    info = one_billion(743_000_000)
    assert info.kv_bytes_per_token == {"f16": 768 * 1024, "q8_0": 768 * 1024 * 34 // 64}
    assert info.context_in_2_gb == {"f16": 1598, "q8_0": 3008}
    for kv_type, tokens in info.context_in_2_gb.items():
        assert info.file_bytes + tokens * info.kv_bytes_per_token[kv_type] <= 2 * 10**9
        assert info.file_bytes + (tokens + 1) * info.kv_bytes_per_token[kv_type] > 2 * 10**9


def test_context_in_2_gb_never_exceeds_the_model_nor_falls_below_zero() -> None:
    assert one_billion(10**6, longest=512).context_in_2_gb == {"f16": 512, "q8_0": 512}
    assert one_billion(2 * 10**9 + 1).context_in_2_gb == {"f16": 0, "q8_0": 0}


def test_json_has_every_figure_and_serializes(random_model: Callable[[str], Path]) -> None:
    info = describe(random_model("untied"))
    again = json.loads(json.dumps(info.to_json()))
    assert again["architecture"]["kv_slots"] == 12
    assert again["architecture"]["hidden_size"] == 64
    for name in ("parameters", "file_bytes", "kv_bytes_per_token", "context_in_2_gb", "tokenizer_vocab_size"):
        assert again[name] == getattr(info, name)


def test_model_without_tokenizer_says_so_and_a_broken_one_is_refused(
    random_model: Callable[[str], Path], tmp_path: Path
) -> None:
    model = shutil.copytree(random_model("plain"), tmp_path / "model")
    (model / "tokenizer.json").write_text("{}")
    with pytest.raises(CheckpointError, match=r"model: tokenizer\.json cannot be read"):
        describe(model)
    (model / "tokenizer.json").unlink()
    assert describe(model).tokenizer_vocab_size is None


def test_machine_names_what_is_installed_and_serializes() -> None:
    machine = describe_machine()
    again = json.loads(json.dumps(machine.to_json()))
    assert machine.cpu
    assert machine.usable_cores >= 1
    assert 0 < machine.available_memory_bytes <= machine.memory_bytes
    assert again["libraries"]["numpy"].count(".") >= 1
    assert "cpu" in again["runtimes"]["onnx"]
    assert "cpu" in again["runtimes"]["torch"]
