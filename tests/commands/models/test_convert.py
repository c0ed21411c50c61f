"""`hrm-edge convert`: one command from a name to verified files, whose steps are done once."""

import json

import gguf
import pytest
from hub_server import MODEL, serving
from random_models import save_random_model

from hrm_edge.bench.verify import PROMPTS
from hrm_edge.checkpoint import open_checkpoint

RESULT = {"config.json", "generation_config.json", "hrm-edge.json", "model.gguf", "model.onnx", "model.safetensors",
          "tokenizer.json", "verify.json"}  # fmt: skip


@pytest.fixture
def hub(random_model, monkeypatch, tmp_path):
    with serving(random_model("plain"), monkeypatch, tmp_path / "models") as server:
        yield server


@pytest.fixture(autouse=True)
def _short_verification(monkeypatch, tmp_path):
    monkeypatch.setattr("hrm_edge.commands.models.conversion.PROMPTS", PROMPTS[:2])
    monkeypatch.setattr("hrm_edge.bench.verify.ANSWER_TOKENS", 6)
    monkeypatch.chdir(tmp_path)


def names_in(directory):
    return {path.name for path in directory.iterdir()}


def times_in(directory):
    return {path.name: path.stat().st_mtime_ns for path in directory.iterdir()}


def test_convert_from_a_hub_name_leaves_verified_files_of_the_same_codes(cli, hub, tmp_path):
    result = cli("convert", MODEL, "--bits", "8")
    assert result.code == 0
    assert result.err.splitlines() == [
        "pulling tiny/model (706.7 kB)",
        "quantizing to 8 bits (rtn)",
        "writing model.gguf",
        "writing model.onnx",
        "verifying",
    ]
    out = tmp_path / "models" / "tiny--model-8bit"
    assert names_in(out) == RESULT
    with open_checkpoint(out) as checkpoint:
        codes = dict(checkpoint.tensors())["model.L_module.layers.0.mlp.up_proj.weight"].codes
    tensors = gguf.GGUFReader(out / "model.gguf").tensors
    [stored] = [tensor for tensor in tensors if tensor.name == "blk.0.ffn_up.weight"]
    assert (stored.data.reshape(-1, 34)[:, 2:].view("int8").reshape(codes.shape) == codes).all()
    assert names_in(tmp_path / "models") == {".unfinished", "tiny--model", "tiny--model-8bit"}
    assert names_in(tmp_path / "models" / ".unfinished") == set()
    assert len(hub.fetched("model.safetensors")) == 1


@pytest.mark.usefixtures("hub")
def test_verify_json_holds_what_the_verify_command_finds(cli, tmp_path):
    converted = cli("convert", MODEL, "--bits", "8", "--json")
    told = json.loads(converted.out)
    out = tmp_path / "models" / "tiny--model-8bit"
    report = json.loads((out / "verify.json").read_text())
    assert told["path"] == str(out) and told["candidates"] == report["candidates"]
    assert set(told["files"]) == RESULT
    (tmp_path / "prompts.txt").write_text("\n".join(PROMPTS[:2]))
    files = [out / candidate["path"] for candidate in report["candidates"]]
    verified = cli("verify", tmp_path / "models" / "tiny--model", *files, "--prompts", "prompts.txt", "--json")
    found = json.loads(verified.out)["candidates"]
    assert [{**candidate, "path": None} for candidate in found] == [
        {**candidate, "path": None} for candidate in report["candidates"]
    ]


@pytest.mark.usefixtures("hub")
def test_what_is_converted_is_not_converted_again_and_is_listed(cli, tmp_path):
    first = cli("convert", MODEL, "--bits", "8")
    before = times_in(tmp_path / "models" / "tiny--model-8bit")
    again = cli("convert", MODEL, "--bits", "8")
    assert (again.code, again.out) == (0, first.out)
    assert (
        again.err == f"{tmp_path / 'models' / 'tiny--model-8bit'} is this conversion already: nothing was done again\n"
    )
    assert times_in(tmp_path / "models" / "tiny--model-8bit") == before
    rows = {row["name"]: row for row in json.loads(cli("list", "--json").out)["models"]}
    assert (rows["tiny/model-8bit"]["bits"], rows["tiny/model-8bit"]["verified"]) == (8, True)
    assert cli("remove", "tiny/model-8bit", "--yes").code == 0
    assert names_in(tmp_path / "models") == {".unfinished", "tiny--model"}


@pytest.mark.usefixtures("hub")
def test_interrupted_convert_goes_on_with_the_step_it_was_at(cli, tmp_path, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("hrm_edge.commands.models.conversion.export_onnx", interrupted)
        stopped = cli("convert", MODEL, "--bits", "8")
    assert (stopped.code, stopped.out) == (130, "")
    assert not (tmp_path / "models" / "tiny--model-8bit").exists()
    assert "unfinished: tiny/model-8bit" in cli("list").err
    working = tmp_path / "models" / ".unfinished" / "tiny--model-8bit"
    made = {**times_in(working / "quantized"), "model.gguf": (working / "model.gguf").stat().st_mtime_ns}
    finished = cli("convert", MODEL, "--bits", "8")
    assert finished.code == 0
    assert finished.err.splitlines() == ["writing model.onnx", "verifying"]
    after = times_in(tmp_path / "models" / "tiny--model-8bit")
    assert made.items() <= after.items() and not working.exists()


@pytest.mark.usefixtures("hub")
def test_unfinished_steps_of_another_source_are_not_used(cli, random_model, tmp_path, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    source = save_random_model(tmp_path / "mine")
    with monkeypatch.context() as patch:
        patch.setattr("hrm_edge.commands.models.conversion.export_onnx", interrupted)
        assert cli("convert", source, "--bits", "8").code == 130
    weights = (random_model("plain") / "model.safetensors").read_bytes()
    (source / "model.safetensors").write_bytes(weights)
    assert cli("convert", source, "--bits", "8").err.splitlines()[0] == "quantizing to 8 bits (rtn)"


def test_past_tolerance_is_told_kept_and_ends_with_1_every_time(cli, tmp_path, monkeypatch):
    from hrm_edge.bench.verify import TOLERANCES, Tolerance

    monkeypatch.setitem(TOLERANCES, 4, Tolerance(mean_kl_divergence=1e-9))
    source = save_random_model(tmp_path / "mine")
    out = tmp_path / "mine-4bit"
    first, second = (cli("convert", source) for _ in range(2))
    for result in (first, second):
        assert result.code == 1
        last = result.err.splitlines()[-1]
        assert last.startswith(f"hrm-edge: {out}: model.onnx: mean KL divergence ")
        assert "is past 1e-09" in last and last.endswith("try --method gptq or --bits 8")
        assert "past tolerance" in result.out
    assert names_in(out) == RESULT
    assert not any(candidate["passed"] for candidate in json.loads((out / "verify.json").read_text())["candidates"])
    assert "nothing was done again" in second.err


def test_convert_of_a_path_lies_beside_it_and_leaves_nothing_else(cli, tmp_path):
    source = save_random_model(tmp_path / "mine")
    before = times_in(source)
    assert cli("convert", source, "--bits", "8").code == 0
    assert names_in(tmp_path) == {"mine", "mine-8bit"}
    assert times_in(source) == before


@pytest.mark.usefixtures("hub")
def test_convert_with_out_is_no_model_of_the_store(cli, tmp_path):
    assert cli("convert", MODEL, "--bits", "8", "--out", "there").code == 0
    assert names_in(tmp_path / "there") == RESULT
    assert names_in(tmp_path / "models") == {".unfinished", "tiny--model"}


def test_machine_without_torch_and_llama_cpp_verifies_with_onnx_alone(cli, tmp_path, monkeypatch):
    """What a plain `pip install hrm-edge` has; the reference is an ONNX file that goes when the steps are done."""
    monkeypatch.setattr("hrm_edge.runtimes.pytorch.runtime.torch_installed", lambda: False)
    monkeypatch.setattr("hrm_edge.commands.models.conversion.llama_cpp_installed", lambda: False)
    source = save_random_model(tmp_path / "mine")
    result = cli("convert", source, "--bits", "8")
    assert result.code == 0
    assert "writing reference.onnx" in result.err
    assert names_in(tmp_path / "mine-8bit") == RESULT
    [candidate] = json.loads((tmp_path / "mine-8bit" / "verify.json").read_text())["candidates"]
    assert (candidate["path"], candidate["passed"]) == ("model.onnx", True)


def test_convert_never_replaces_its_source_or_what_is_no_model(cli, tmp_path):
    source = save_random_model(tmp_path / "mine")
    refused = cli("convert", source, "--out", source)
    assert (refused.code, refused.out) == (1, "")
    assert f"--out {source} holds the model {source} and would replace it" in refused.err
    for home in ("mine-4bit", "mine-4bit.converting"):
        (tmp_path / home).mkdir()
        (tmp_path / home / "thesis.tex").write_text("years")
        refused = cli("convert", source)
        assert (refused.code, refused.out) == (1, "")
        assert "choose another --out" in refused.err.splitlines()[-1]
        assert (tmp_path / home / "thesis.tex").read_text() == "years"
        (tmp_path / home / "thesis.tex").unlink()
        (tmp_path / home).rmdir()
    assert names_in(tmp_path) == {"mine"}


def test_convert_never_replaces_a_pulled_model(cli, hub, random_model):
    hub.add("tiny/model-8bit", random_model("plain"))
    assert cli("pull", "tiny/model-8bit").code == 0
    refused = cli("convert", MODEL, "--bits", "8")
    assert (refused.code, refused.out) == (1, "")
    assert "tiny/model-8bit is a pulled model and would be replaced" in refused.err


@pytest.mark.usefixtures("hub")
def test_convert_of_what_is_nowhere_is_one_line(cli):
    result = cli("convert", "tiny/other")
    assert (result.code, result.out) == (1, "")
    assert "has no model tiny/other" in result.err and result.err.count("\n") == 1


def test_failed_convert_leaves_nothing_in_its_place(cli, tmp_path):
    source = save_random_model(tmp_path / "odd", intermediate_size=100)
    result = cli("convert", source)
    assert (result.code, result.out) == (1, "")
    assert "multiple of 32" in result.err
    assert not (tmp_path / "odd-4bit").exists()


@pytest.mark.slow
def test_convert_with_gptq_names_its_method(cli, tmp_path, monkeypatch):
    monkeypatch.setattr("hrm_edge.train.calibration.examples.PROBLEMS", 2)
    monkeypatch.setattr("hrm_edge.train.calibration.examples.COMMANDS", 4)
    source = save_random_model(tmp_path / "mine")
    assert cli("convert", source, "--bits", "8", "--method", "gptq").code == 0
    config = json.loads((tmp_path / "mine-8bit" / "config.json").read_text())
    assert config["quantization_config"]["method"] == "gptq"
