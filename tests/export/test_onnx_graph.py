"""Exported ONNX files: the weights are the checkpoint's bit by bit, stored once, and nothing half-written stays."""

import json
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx_files import exported, quantized, stored_weights
from random_models import (
    random_ids,
    reference_logits,
    reference_tensors,
    relative_error,
    save_random_model,
)

from hrm_edge import __version__
from hrm_edge.architecture import Architecture
from hrm_edge.checkpoint.base import Checkpoint, Tensor
from hrm_edge.checkpoint.open import open_checkpoint
from hrm_edge.errors import ExportError
from hrm_edge.export import onnx_graph
from hrm_edge.export.onnx_graph import export_onnx
from hrm_edge.quantize.grid import Bits, QuantizedTensor, dequantize, round_to_grid
from hrm_edge.runtimes.onnx.runtime import OnnxRuntime

BITS = pytest.mark.parametrize("bits", [4, 8], ids="{}bit".format)
ModelMaker = Callable[[str], Path]


@pytest.fixture
def beside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Weights go to an external file, whatever the size of the model."""
    monkeypatch.setattr(onnx_graph, "LARGEST_ONE_FILE_MODEL", 0)


def test_float_weights_are_those_of_transformers(random_model: ModelMaker, shape: str, tmp_path: Path) -> None:
    stored = stored_weights(exported(random_model(shape), tmp_path / "model.onnx"))
    reference = reference_tensors(random_model(shape))
    assert stored.keys() == reference.keys()
    for name, weight in reference.items():
        np.testing.assert_array_equal(stored[name], weight, strict=True)


@BITS
def test_quantized_weights_are_those_of_the_grid(
    random_model: ModelMaker, shape: str, tmp_path: Path, bits: Bits
) -> None:
    source = quantized(random_model(shape), tmp_path / "quantized", bits)
    stored = stored_weights(exported(source, tmp_path / "model.onnx"))
    with open_checkpoint(source) as checkpoint:
        for name, tensor in checkpoint.tensors():
            expected = dequantize(tensor) if isinstance(tensor, QuantizedTensor) else tensor
            np.testing.assert_array_equal(stored.pop(name), expected, strict=True)
    assert not stored


@BITS
def test_every_weight_is_stored_once_and_used_in_every_cycle(
    random_model: ModelMaker, tmp_path: Path, bits: Bits
) -> None:
    source = quantized(random_model("three_h_cycles"), tmp_path / "quantized", bits)
    graph = onnx.load(exported(source, tmp_path / "model.onnx")).graph
    names = [tensor.name for tensor in graph.initializer]
    assert len(names) == len(set(names))
    uses = Counter(name for node in graph.node for name in node.input)
    assert uses["model.L_module.layers.1.self_attn.qkv_proj.weight.codes"] == 3 * 2
    assert uses["model.H_module.layers.1.self_attn.qkv_proj.weight.codes"] == 3
    assert uses["model.embed_tokens.weight.codes"] == 2, "the embedding and the tied head share their bytes"
    assert set(names) <= set(uses), "an initializer that no node reads"


def test_graph_passes_the_checker_of_onnx(random_model: ModelMaker, tmp_path: Path) -> None:
    onnx.checker.check_model(onnx.load(exported(random_model("plain"), tmp_path / "model.onnx")))


def test_every_value_is_read(random_model: ModelMaker, tmp_path: Path) -> None:
    """One without a reader stays in memory to the end of a run: one of each stack was 84 MB at the 1b shape."""
    for kv_type in ("f32", "int8"):
        with open_checkpoint(random_model("three_h_cycles")) as checkpoint:
            export_onnx(checkpoint, tmp_path / "model.onnx", kv_type=kv_type)
        graph = onnx.load(tmp_path / "model.onnx").graph
        branches = [attribute.g for node in graph.node for attribute in node.attribute if attribute.HasField("g")]
        read = {name for part in (graph, *branches) for node in part.node for name in node.input}
        made = {name for node in graph.node for name in node.output if name}
        assert made - read == {value.name for value in graph.output}


def test_metadata_brings_config_tokenizer_and_template(tmp_path: Path) -> None:
    source = save_random_model(tmp_path / "model")
    (source / "chat_template.jinja").write_text("{{ messages[0].content }} naïve", encoding="utf-8")
    model = onnx.load(exported(source, tmp_path / "model.onnx"))
    metadata = {entry.key: entry.value for entry in model.metadata_props}
    config = json.loads(metadata["hrm_edge.config"])
    assert config.pop("bits") == 32
    assert Architecture.from_config(config) == open_checkpoint(source).architecture
    assert metadata["tokenizer.huggingface.json"] == (source / "tokenizer.json").read_text(encoding="utf-8")
    assert metadata["hrm_edge.chat_template"] == "{{ messages[0].content }} naïve"
    assert metadata["hrm_edge.version"] == __version__


def test_checkpoint_without_tokenizer_is_exported_without(tmp_path: Path) -> None:
    source = save_random_model(tmp_path / "model", tokenizer=False)
    keys = {entry.key for entry in onnx.load(exported(source, tmp_path / "model.onnx")).metadata_props}
    assert keys == {"hrm_edge.config", "hrm_edge.version"}


def test_on_tensor_hears_every_tensor_in_order(random_model: ModelMaker, tmp_path: Path) -> None:
    seen: list[str] = []
    with open_checkpoint(random_model("untied")) as checkpoint:
        export_onnx(checkpoint, tmp_path / "model.onnx", on_tensor=seen.append)
    assert seen == list(checkpoint.architecture.tensor_shapes())


def test_cycles_unroll_another_depth_of_the_same_weights(random_model: ModelMaker, tmp_path: Path) -> None:
    source = random_model("three_h_cycles")
    shallow = tmp_path / "shallow"
    shallow.mkdir()
    config = json.loads((source / "config.json").read_text(encoding="utf-8"))
    slots = config["num_layers_per_stack"] * (config["L_cycles"] + 1)
    (shallow / "config.json").write_text(json.dumps(config | {"H_cycles": 1, "num_hidden_layers": slots}))
    (shallow / "model.safetensors").symlink_to(source / "model.safetensors")
    ids = random_ids(9)
    with OnnxRuntime(exported(source, tmp_path / "model.onnx", cycles=1), threads=1) as runtime:
        assert runtime.architecture.h_cycles == 1
        logits = np.stack([runtime.prefill(ids), runtime.decode(5)])
    assert relative_error(logits, reference_logits(shallow, ids, [5])) < 1e-4


def test_head_size_the_operator_refuses_is_refused_by_name(tmp_path: Path) -> None:
    source = save_random_model(tmp_path / "model", heads=2, head_dim=24)
    with pytest.raises(ExportError, match=r"head_dim is 24: .*multiple of 16; export this model to GGUF"):
        exported(source, tmp_path / "out" / "model.onnx")
    assert not (tmp_path / "out").exists()


def test_stacked_tensors_of_different_bits_are_refused(random_model: ModelMaker, tmp_path: Path) -> None:
    with open_checkpoint(random_model("plain")) as checkpoint:
        mixed = MixedCheckpoint(checkpoint)
        with pytest.raises(ExportError, match=r"L_module.layers.0.self_attn.qkv_proj.*in 32 and in 4 bits"):
            export_onnx(mixed, tmp_path / "out" / "model.onnx")
    assert not list((tmp_path / "out").iterdir())


class MixedCheckpoint(Checkpoint):
    """A float checkpoint of which only the value projections are quantized."""

    def __init__(self, source: Checkpoint) -> None:
        self.path, self.architecture, self.bits = source.path, source.architecture, source.bits
        self.tokenizer_json = self.chat_template = None
        self._source = source

    def tensors(self) -> Iterator[tuple[str, Tensor]]:
        for name, tensor in self._source.tensors():
            if name.endswith("v_proj.weight") and not isinstance(tensor, QuantizedTensor):
                yield name, round_to_grid(tensor, 4)
            else:
                yield name, tensor


@pytest.mark.usefixtures("beside")
@BITS
def test_external_weights_run_as_embedded_ones(
    random_model: ModelMaker, tmp_path: Path, bits: Bits, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = quantized(random_model("untied"), tmp_path / "quantized", bits)
    beside = exported(source, tmp_path / "beside" / "model.onnx")
    assert sorted(path.name for path in beside.parent.iterdir()) == ["model.onnx", "model.onnx.data"]
    monkeypatch.undo()
    embedded = exported(source, tmp_path / "embedded" / "model.onnx")
    assert [path.name for path in embedded.parent.iterdir()] == ["model.onnx"]
    ids = random_ids(7)
    with OnnxRuntime(beside, threads=1) as first, OnnxRuntime(embedded, threads=1) as second:
        np.testing.assert_array_equal(first.prefill(ids), second.prefill(ids))
    for name, weight in stored_weights(embedded).items():
        np.testing.assert_array_equal(stored_weights(beside)[name], weight, strict=True)


@pytest.mark.parametrize("one_file", [True, False], ids=["embedded", "external"])
@pytest.mark.parametrize("earlier", [True, False], ids=["over_a_model", "nothing_there"])
def test_interrupted_export_leaves_what_was_there(
    random_model: ModelMaker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, one_file: bool, earlier: bool
) -> None:
    monkeypatch.setattr(onnx_graph, "LARGEST_ONE_FILE_MODEL", 10**9 if one_file else 0)
    out = tmp_path / "out" / "model.onnx"
    if earlier:
        exported(random_model("untied"), out)
    before = {path.name: path.read_bytes() for path in tmp_path.glob("out/*")}

    def interrupt(name: str) -> None:
        if name == "model.H_module.layers.1.mlp.down_proj.weight":
            raise KeyboardInterrupt

    with open_checkpoint(random_model("plain")) as checkpoint, pytest.raises(KeyboardInterrupt):
        export_onnx(checkpoint, out, on_tensor=interrupt)
    assert {path.name: path.read_bytes() for path in tmp_path.glob("out/*")} == before


@pytest.mark.usefixtures("beside")
def test_export_over_another_model_replaces_graph_and_weights(random_model: ModelMaker, tmp_path: Path) -> None:
    out = exported(random_model("plain"), tmp_path / "model.onnx")
    exported(random_model("causal"), out)
    reference = reference_tensors(random_model("causal"))
    for name, weight in stored_weights(out).items():
        np.testing.assert_array_equal(weight, reference[name])


@pytest.mark.usefixtures("beside")
def test_export_holds_a_few_tensors_and_never_the_model(tmp_path: Path) -> None:
    source = save_random_model(tmp_path / "model", hidden_size=256, intermediate_size=768, layers=8, head_dim=64)
    with open_checkpoint(source) as checkpoint:
        sizes = [int(np.prod(shape)) * 4 for shape in checkpoint.architecture.tensor_shapes().values()]
        tracemalloc.start()
        export_onnx(checkpoint, tmp_path / "model.onnx")
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert sum(sizes) > 40 * max(sizes)
    assert peak < 8 * max(sizes)
