import json

import pytest


def test_info_says_what_a_model_is(cli, random_model):
    result = cli("info", random_model("plain"))
    rows = dict(line.split("  ", 1) for line in result.out.splitlines())
    assert result.code == 0
    assert rows["format"].strip().startswith("huggingface, 32 bits")
    assert rows["cycles"].strip() == "2 H × 2 L, 12 KV slots"
    # 2 (keys, values) · 12 slots · 64 values · 2 bytes
    assert "3,072 bytes in f16" in rows["KV cache per token"]


def test_info_json_is_one_object_and_nothing_else(cli, random_model):
    result = cli("info", random_model("untied"), "--json")
    model = json.loads(result.out)
    assert (result.code, result.err) == (0, "")
    assert model["bits"] == 32
    assert model["architecture"]["tie_word_embeddings"] is False


@pytest.mark.parametrize("as_json", [False, True])
def test_info_without_a_path_describes_this_machine(cli, as_json):
    result = cli("info", *(["--json"] if as_json else []))
    assert result.code == 0
    assert "onnxruntime" in result.out
    if as_json:
        assert "cpu" in json.loads(result.out)["runtimes"]["onnx"]


BAD_MODELS = {
    "missing": (lambda d: d / "nowhere", "nowhere does not exist"),
    "no config.json": (lambda d: d, "has no config.json"),
    "another model type": (lambda d: _config(d, {"model_type": "llama"}), "'llama'"),
    "pickle": (lambda d: _file(d / "model.pt", b"\x80\x04"), "safetensors"),
    "GGUF of garbage": (lambda d: _file(d / "model.gguf", b"GGUF"), "model.gguf"),
    "ONNX of garbage": (lambda d: _file(d / "model.onnx", b"\x08\x07"), "model.onnx"),
    "truncated safetensors": (lambda d: _truncated(d), "model.safetensors"),
}


def _file(path, data):
    path.write_bytes(data)
    return path


def _config(directory, config):
    (directory / "config.json").write_text(json.dumps(config))
    return directory


def _truncated(directory):
    from random_models import save_random_model

    weights = save_random_model(directory / "cut") / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1000])
    return directory / "cut"


@pytest.mark.parametrize("case", BAD_MODELS)
@pytest.mark.parametrize("command", ["info", "run", "export", "quantize", "verify"])
def test_bad_model_is_one_line_on_stderr_for_every_command(cli, tmp_path, command, case):
    """Exit code 1, nothing on stdout, and the line names the file."""
    make, named = BAD_MODELS[case]
    path = make(tmp_path)
    result = cli(
        *{
            "info": ["info", path],
            "run": ["run", "--model", path, "list files"],
            "export": ["export", path, "--to", "gguf", "--out", tmp_path / "out.gguf"],
            "quantize": ["quantize", path, "--bits", "4", "--out", tmp_path / "out"],
            "verify": ["verify", path, path],
        }[command]
    )
    assert (result.code, result.out) == (1, "")
    assert result.err.startswith("hrm-edge: ")
    assert result.err.count("\n") == 1
    assert named in result.err
    assert not (tmp_path / "out").exists() and not (tmp_path / "out.gguf").exists()
