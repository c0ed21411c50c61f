import json

import gguf
import pytest
from random_models import random_ids, reference_logits, relative_error, save_random_model

from hrm_edge.runtimes.load import load_runtime
from hrm_edge.runtimes.options import RuntimeOptions

PROMPT = random_ids(9)


def test_export_to_onnx_runs_as_transformers_does(cli, random_model, tmp_path):
    out = tmp_path / "model.onnx"
    result = cli("export", random_model("plain"), "--to", "onnx", "--out", out)
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith(f"{out}  ")
    with load_runtime(out, RuntimeOptions(threads=1)) as runtime:
        logits = runtime.prefill(PROMPT)
    assert relative_error(logits, reference_logits(random_model("plain"), PROMPT)[0]) < 1e-4


def test_export_to_onnx_keeps_keys_and_values_in_8_bits_where_that_is_asked_for(cli, random_model, tmp_path):
    out = tmp_path / "model.onnx"
    assert cli("export", random_model("plain"), "--to", "onnx", "--kv-type", "int8", "--out", out).code == 0
    with load_runtime(out, RuntimeOptions(threads=1)) as runtime:
        assert runtime.kv_type == "int8"
        logits = runtime.prefill(PROMPT)
    assert relative_error(logits, reference_logits(random_model("plain"), PROMPT)[0]) < 0.02


def test_export_refuses_a_kv_type_in_gguf(cli, random_model, tmp_path):
    result = cli("export", random_model("plain"), "--to", "gguf", "--kv-type", "int8", "--out", tmp_path / "m.gguf")
    assert (result.code, result.out) == (1, "")
    assert "leaves the type of keys and values to who runs it" in result.err


@pytest.mark.parametrize(
    ("arguments", "kind"), [([], "F16"), (["--dtype", "f16"], "F16"), (["--dtype", "f32"], "F32")], ids=str
)
def test_export_to_gguf_holds_the_float_type_that_is_asked_for(cli, random_model, tmp_path, arguments, kind):
    out = tmp_path / "model.gguf"
    assert cli("export", random_model("plain"), "--to", "gguf", "--out", out, *arguments).code == 0
    kinds = {tensor.tensor_type.name for tensor in gguf.GGUFReader(out).tensors if len(tensor.shape) == 2}
    assert kinds == {kind}


def test_export_turns_a_gguf_into_onnx(cli, random_model, tmp_path):
    cli("export", random_model("plain"), "--to", "gguf", "--dtype", "f32", "--out", tmp_path / "model.gguf")
    assert cli("export", tmp_path / "model.gguf", "--to", "onnx", "--out", tmp_path / "model.onnx").code == 0
    with load_runtime(tmp_path / "model.onnx", RuntimeOptions(threads=1)) as runtime:
        logits = runtime.prefill(PROMPT)
    assert relative_error(logits, reference_logits(random_model("plain"), PROMPT)[0]) < 1e-4


def test_export_refuses_what_would_replace_its_source(cli, random_model, tmp_path):
    file = tmp_path / "model.gguf"
    cli("export", random_model("plain"), "--to", "gguf", "--out", file)
    size = file.stat().st_size
    result = cli("export", file, "--to", "gguf", "--out", file)
    assert (result.code, result.out) == (1, "")
    assert "is the checkpoint itself" in result.err
    assert file.stat().st_size == size


def test_export_refuses_a_directory_as_its_file(cli, random_model, tmp_path):
    result = cli("export", random_model("plain"), "--to", "onnx", "--out", tmp_path)
    assert (result.code, result.out) == (1, "")
    assert f"name the file to write, as in {tmp_path / 'model.onnx'}" in result.err


def test_export_refuses_f16_in_onnx(cli, random_model, tmp_path):
    result = cli("export", random_model("plain"), "--to", "onnx", "--dtype", "f16", "--out", tmp_path / "m.onnx")
    assert (result.code, result.out) == (1, "")
    assert "leave --dtype out" in result.err
    assert not (tmp_path / "m.onnx").exists()


def test_tokenizer_llama_cpp_cannot_follow_is_said_and_hrm_edge_still_runs_the_file(cli, tmp_path):
    source = save_random_model(tmp_path / "model")
    tokenizer = json.loads((source / "tokenizer.json").read_text(encoding="utf-8"))
    tokenizer["normalizer"] = {"type": "Lowercase"}
    (source / "tokenizer.json").write_text(json.dumps(tokenizer), encoding="utf-8")
    out = tmp_path / "model.gguf"
    result = cli("export", source, "--to", "gguf", "--out", out)
    assert result.code == 0
    assert "its normalizer is 'Lowercase' and llama.cpp reads text as it is" in result.err
    assert gguf.GGUFReader(out).get_field("tokenizer.ggml.model").contents() == "no_vocab"
    ran = cli("run", "--model", out, "--runtime", "llama-cpp", "--max-tokens", "3", "--json", "LIST FILES")
    assert (ran.code, json.loads(ran.out)["completion_tokens"]) == (0, 3)
