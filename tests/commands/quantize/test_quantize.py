import importlib.util
import json
import os

import gguf
import numpy as np
import pytest
from random_models import save_random_model

from hrm_edge.checkpoint import open_checkpoint
from hrm_edge.quantize.grid import QuantizedTensor


@pytest.fixture(autouse=True)
def _stand_in_tmp(tmp_path, monkeypatch):
    """`runs/` is found from where one stands."""
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("bits", [4, 8])
def test_quantize_leaves_the_checkpoint_and_both_exports(cli, random_model, tmp_path, bits):
    out = tmp_path / "small"
    result = cli("quantize", random_model("plain"), "--bits", bits, "--out", out)
    assert (result.code, result.err) == (0, "")
    listed = [line.split("  ")[0] for line in result.out.splitlines()]
    assert listed == [str(path) for path in sorted(out.iterdir())]
    assert {"config.json", "model.safetensors", "model.gguf", "model.onnx", "tokenizer.json"} <= {
        path.name for path in out.iterdir()
    }
    assert list(tmp_path.iterdir()) == [out]


def test_quantize_exports_the_codes_of_the_checkpoint_it_leaves(cli, random_model, tmp_path):
    """gguf's own dequantizer reads from model.gguf what the grid holds in the checkpoint."""
    cli("quantize", random_model("plain"), "--bits", 4, "--out", tmp_path / "small")
    name, stored = "model.H_module.layers.1.mlp.up_proj.weight", "blk.3.ffn_up.weight"
    with open_checkpoint(tmp_path / "small") as checkpoint:
        tensor = dict(checkpoint.tensors())[name]
    assert isinstance(tensor, QuantizedTensor)
    reader = gguf.GGUFReader(tmp_path / "small" / "model.gguf")
    [found] = [tensor for tensor in reader.tensors if tensor.name == stored]
    blocks = tensor.codes.astype(np.float32).reshape(-1, 32) - 8
    expected = (blocks * tensor.scales.reshape(-1, 1).astype(np.float32)).reshape(tensor.codes.shape)
    np.testing.assert_array_equal(gguf.dequantize(found.data, found.tensor_type), expected)


@pytest.mark.parametrize(("to", "left", "absent"), [("gguf", "gguf", "onnx"), ("onnx", "onnx", "gguf")])
def test_quantize_exports_only_what_is_asked_for(cli, random_model, tmp_path, to, left, absent):
    cli("quantize", random_model("plain"), "--bits", "8", "--to", to, "--out", tmp_path / "small")
    assert (tmp_path / "small" / f"model.{left}").exists()
    assert not (tmp_path / "small" / f"model.{absent}").exists()


def test_quantize_takes_the_newest_checkpoint_under_runs(cli, tmp_path):
    for age, name in enumerate(("runs/new", "runs/old/checkpoint-200", "runs/old")):
        weights = save_random_model(tmp_path / name) / "model.safetensors"
        os.utime(weights, (1e9 - age, 1e9 - age))
    first = cli("quantize", "--bits", "4")
    assert "runs/new-4bit/model.gguf" in first.out
    again = cli("quantize", "--bits", "8")  # what the first run left is newer still, and no source
    assert "runs/new-8bit/model.gguf" in again.out


def test_quantize_without_any_checkpoint_says_how_to_get_one(cli):
    result = cli("quantize", "--bits", "4")
    assert (result.code, result.out) == (1, "")
    assert result.err == (
        "hrm-edge: there is no checkpoint under runs/: name one, or train one first with hrm-edge train --preset nano\n"
    )


def test_quantize_replaces_its_own_earlier_output(cli, random_model, tmp_path):
    for to in ("gguf,onnx", "gguf"):
        assert cli("quantize", random_model("plain"), "--bits", "4", "--to", to, "--out", tmp_path / "small").code == 0
    assert not (tmp_path / "small" / "model.onnx").exists()


def test_quantize_never_replaces_its_source(cli, tmp_path):
    model = save_random_model(tmp_path / "run" / "checkpoint-200")
    (tmp_path / "run" / "config.json").write_text("{}")
    for out in (model, model.parent):
        result = cli("quantize", model, "--bits", "4", "--out", out)
        assert (result.code, result.out) == (1, "")
        assert "would replace it: choose another --out" in result.err
    assert (model / "model.safetensors").exists()


def test_quantize_never_replaces_a_directory_that_is_no_model(cli, random_model, tmp_path):
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "thesis.tex").write_text("years")
    result = cli("quantize", random_model("plain"), "--bits", "4", "--out", tmp_path / "home")
    assert result.code == 1
    assert "thesis.tex" in result.err or "no model" in result.err
    assert (tmp_path / "home" / "thesis.tex").read_text() == "years"


def test_quantize_refuses_a_dimension_the_grid_cannot_hold_and_leaves_nothing(cli, tmp_path):
    model = save_random_model(tmp_path / "odd", intermediate_size=100)
    result = cli("quantize", model, "--bits", "4", "--out", tmp_path / "small")
    assert (result.code, result.out) == (1, "")
    assert "mlp.down_proj.weight has shape [64, 100]" in result.err
    assert "multiple of 32" in result.err
    assert [path.name for path in tmp_path.iterdir()] == ["odd"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--calibration", "text.txt"], "--calibration has no use with --method rtn, which reads no text"),
        (["--method", "gptq", "--calibration", "nowhere.jsonl"], "nowhere.jsonl cannot be read"),
    ],
)
def test_quantize_refuses_calibration_it_cannot_use(cli, random_model, tmp_path, arguments, said):
    result = cli("quantize", random_model("plain"), "--bits", "4", "--out", tmp_path / "small", *arguments)
    assert (result.code, result.out) == (1, "")
    assert said in result.err
    assert not (tmp_path / "small").exists()


@pytest.fixture
def calibration(tmp_path):
    path = tmp_path / "calibration.jsonl"
    rows = [{"prompt": f"find files larger than {n} MB", "answer": f"find . -size +{n}M"} for n in range(4)]
    path.write_text("\n".join(map(json.dumps, rows)))
    return path


def test_quantize_with_gptq_leaves_what_rtn_does_and_names_the_method(cli, random_model, tmp_path, calibration):
    left = {}
    for method, more in (("rtn", []), ("gptq", ["--calibration", calibration])):
        out = tmp_path / method
        result = cli("quantize", random_model("plain"), "--bits", 4, "--method", method, "--out", out, *more)
        assert (result.code, result.err) == (0, "")
        left[method] = {path.name: path.read_bytes() for path in out.iterdir()}
        config = json.loads((out / "config.json").read_text())
        assert config["quantization_config"]["method"] == method
        assert open_checkpoint(out / "model.gguf").bits == 4
    assert left["gptq"].keys() == left["rtn"].keys()
    assert left["gptq"]["model.safetensors"] != left["rtn"]["model.safetensors"]
    verified = cli("verify", tmp_path / "gptq", tmp_path / "gptq" / "model.onnx", "--prompts", calibration, "--json")
    [compared] = json.loads(verified.out)["candidates"]
    assert compared["mean_kl_divergence"] < 1e-3


def test_quantize_with_gptq_calibrates_on_our_own_examples_by_default(cli, random_model, tmp_path, monkeypatch):
    monkeypatch.setattr("hrm_edge.train.calibration.examples.PROBLEMS", 2)
    monkeypatch.setattr("hrm_edge.train.calibration.examples.COMMANDS", 4)
    result = cli(
        "quantize", random_model("plain"), "--bits", "8", "--method", "gptq", "--to", "gguf", "--out", tmp_path / "out"
    )
    assert (result.code, result.err) == (0, "")


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ('{"prompt": "find"}', "the prompt 'find' has no answer: give a .jsonl file with 'prompt' and 'answer'"),
        ("", "holds no prompt"),
        (json.dumps({"prompt": "find " * 400, "answer": "x"}), "none of 1 examples has at most 256 tokens"),
    ],
    ids=["no-answer", "empty", "too-long"],
)
def test_quantize_refuses_a_calibration_file_it_cannot_use(cli, random_model, tmp_path, rows, said):
    (tmp_path / "c.jsonl").write_text(rows)
    arguments = ["--bits", "4", "--method", "gptq", "--calibration", tmp_path / "c.jsonl", "--out", tmp_path / "out"]
    result = cli("quantize", random_model("plain"), *arguments)
    assert (result.code, result.out) == (1, "")
    assert said in result.err
    assert len(result.err.splitlines()) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["c.jsonl"]


def test_quantize_with_gptq_refuses_weights_that_are_rounded_already(cli, random_model, tmp_path):
    cli("quantize", random_model("plain"), "--bits", "4", "--to", "gguf", "--out", tmp_path / "rtn")
    result = cli("quantize", tmp_path / "rtn", "--bits", "4", "--method", "gptq", "--out", tmp_path / "gptq")
    assert (result.code, result.out) == (1, "")
    assert "is already at 4 bits: gptq rounds float weights; start from the float checkpoint" in result.err


def test_quantize_with_gptq_says_how_to_get_torch(cli, random_model, tmp_path, monkeypatch):
    find_spec = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *a: None if name == "torch" else find_spec(name, *a))
    result = cli("quantize", random_model("plain"), "--bits", "4", "--method", "gptq", "--out", tmp_path / "out")
    assert (result.code, result.out) == (1, "")
    assert result.err.strip().endswith(
        '--method gptq needs torch, which is not installed: pip install "hrm-edge[train]"'
    )


def test_interrupted_quantize_leaves_nothing(cli, random_model, tmp_path, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("hrm_edge.export.onnx_graph.export_onnx", interrupted)
    result = cli("quantize", random_model("plain"), "--bits", "4", "--out", tmp_path / "small")
    assert (result.code, result.out) == (130, "")
    assert list(tmp_path.iterdir()) == []
