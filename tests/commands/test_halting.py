"""A head is trained beside a checkpoint; `--cycles auto` runs each request as deep as it says."""

import importlib.util
import json
import shutil

import halting_model as taught
import numpy as np
import pytest
from safetensors.numpy import load_file
from transformers import HrmTextForCausalLM

from hrm_edge.bench.latency import Subject, Workload, measure_here
from hrm_edge.bench.subjects import sizes_of
from hrm_edge.checkpoint import open_checkpoint
from hrm_edge.checkpoint.halting import HaltingHead, write_halting
from hrm_edge.commands.halting import halting
from hrm_edge.errors import RuntimeUnavailableError, TrainingError


@pytest.fixture(scope="module")
def shards(tmp_path_factory):
    return tmp_path_factory.mktemp("halting") / "shards"


@pytest.fixture(scope="module")
def checkpoint(shards):
    return taught.taught_checkpoint(shards.parent / "model", shards)


@pytest.fixture(scope="module")
def with_head(checkpoint, shards):
    before = {path.name: path.read_bytes() for path in checkpoint.iterdir()}
    halting(checkpoint, data=shards, examples=300, threads=1)
    after = {path.name: path.read_bytes() for path in checkpoint.iterdir()}
    assert {name: after[name] for name in before} == before
    assert set(after) - set(before) == {"halting.safetensors"}
    return checkpoint


def test_head_is_left_beside_the_model_and_measured_on_held_out_examples(with_head, shards, capsys):
    halting(with_head, data=shards, examples=300, threads=1, as_json=True)
    report = json.loads(capsys.readouterr().out)
    assert report["out"] == str(with_head / "halting.safetensors")
    assert report["learned_from"] == 300
    held_out = report["held_out"]
    assert (held_out["exact_by_depth"][1], held_out["exact"], held_out["best_exact"]) == (1, 1, 1)
    assert held_out["exact_by_depth"][0] == held_out["share_by_depth"][0] == pytest.approx(2 - held_out["mean_cycles"])
    halting(with_head, data=shards, examples=300, threads=1)
    header, first, *_, file = capsys.readouterr().out.splitlines()
    assert header.split() == [f"{held_out['examples']}", "held", "out", "right", "halt", "there"]
    assert first.split() == ["1", "cycles", *(f"{held_out['exact_by_depth'][0]:.1%}",) * 2]
    assert file.startswith(str(with_head / "halting.safetensors"))


def test_same_seed_gives_the_same_head(with_head, shards, tmp_path):
    copy = shutil.copytree(with_head, tmp_path / "copy")
    halting(copy, data=shards, examples=300, threads=1, seed=0)
    assert (copy / "halting.safetensors").read_bytes() == (with_head / "halting.safetensors").read_bytes()


def test_run_with_auto_says_how_many_cycles_it_used(cli, with_head):
    for request, answer, cycles in ((taught.HARD_REQUEST, "wc", 2), (taught.EASY_REQUEST, "ls", 1)):
        arguments = (
            "--runtime",
            "torch",
            "--cycles",
            "auto",
            "--threads",
            1,
            "--max-tokens",
            16,
            "--no-index",
            "--json",
        )
        result = cli("run", "--model", with_head, *arguments, request.format(7))
        assert result.code == 0, result.err
        report = json.loads(result.out)
        assert (report["answer"], report["cycles"]) == (answer, cycles)


def test_transformers_reads_a_checkpoint_with_a_head(with_head):
    model = HrmTextForCausalLM.from_pretrained(with_head)
    with open_checkpoint(with_head) as checkpoint:
        assert len(list(checkpoint.tensors())) == len(dict(model.named_parameters()))


def test_quantized_model_has_the_head_of_its_source(cli, with_head, tmp_path):
    out = tmp_path / "8bit"
    assert cli("quantize", with_head, "--bits", 8, "--to", "gguf", "--out", out).code == 0
    assert (out / "halting.safetensors").read_bytes() == (with_head / "halting.safetensors").read_bytes()
    for model in (out, out / "model.gguf"):
        result = cli(
            "run", "--model", model, "--runtime", "torch", "--cycles", "auto", "--max-tokens", 4, "--json", "x"
        )
        assert result.code == 0, result.err


def test_untrained_model_is_refused_and_gets_no_head(random_model, shards, checkpoint, tmp_path):  # noqa: ARG001
    model = shutil.copytree(random_model("plain"), tmp_path / "model")
    with pytest.raises(TrainingError, match=r"none of \d+ answers is right at any depth"):
        halting(model, data=shards, examples=40, threads=1)
    assert not (model / "halting.safetensors").exists()


def test_absent_library_is_refused_with_the_pip_command(checkpoint, shards, monkeypatch):
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "torch" else found(name))
    with pytest.raises(RuntimeUnavailableError, match=r'a head needs torch.*pip install "hrm-edge\[train\]"'):
        halting(checkpoint, data=shards)


def test_command_prints_the_table_and_the_file_it_left(cli, with_head, shards):
    result = cli("halting", with_head, "--data", shards, "--examples", 300, "--threads", 1, "--seed", 0)
    assert (result.code, result.err.count("hrm-edge:")) == (0, 0)
    assert "auto, " in result.out
    assert result.out.splitlines()[-1].startswith(f"{with_head}/halting.safetensors")


@pytest.mark.parametrize(
    ("model", "data", "said"),
    [
        ("{model}", "nowhere", "nowhere"),
        ("nowhere", "{shards}", "nowhere"),
        ("{model}", "{model}", "model"),
    ],
    ids=["no shards", "no model", "no shards in it"],
)
def test_bad_input_is_refused_in_one_line(cli, checkpoint, shards, model, data, said):
    named, places = (text.format(model=checkpoint, shards=shards) for text in (model, data))
    result = cli("halting", named, "--data", places)
    assert (result.code, result.out) == (1, "")
    assert result.err.count("\n") == 1
    assert said in result.err


@pytest.mark.parametrize("discount", ["1.5", "-1", "x"])
def test_discount_is_a_share(cli, checkpoint, shards, discount):
    result = cli("halting", checkpoint, "--data", shards, "--discount", discount)
    assert (result.code, result.out) == (2, "")
    assert "--discount" in result.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--runtime", "onnx"], "--cycles auto runs in the torch runtime alone, and this is onnx: use --runtime torch"),
        (["--runtime", "llama-cpp"], "and this is llama-cpp: use --runtime torch, or give a number"),
        (["--runtime", "torch"], "halting.safetensors is not there, and --cycles auto needs it"),
    ],
    ids=["onnx", "llama-cpp", "no head"],
)
def test_auto_that_cannot_be_is_refused_in_one_line(cli, random_model, arguments, said):
    result = cli("run", "--model", random_model("plain"), "--cycles", "auto", *arguments, "list files")
    assert (result.code, result.out) == (1, "")
    assert result.err.count("\n") == 1
    assert said in result.err


def test_head_of_another_model_is_refused_in_one_line(cli, random_model, with_head, tmp_path):
    model = shutil.copytree(random_model("plain"), tmp_path / "model")
    shutil.copy(with_head / "halting.safetensors", model)
    result = cli("run", "--model", model, "--runtime", "torch", "--cycles", "auto", "list files")
    assert result.code == 1
    assert "halting.weight is F32 [2, 32] and this model's is F32 [2, 64]" in result.err


@pytest.mark.parametrize("cycles", ["0", "-1", "1.5", "many", ""])
@pytest.mark.parametrize("command", ["run", "bench"])
def test_cycles_that_are_no_number_are_wrong_usage(cli, command, cycles):
    result = cli(command, "--cycles", cycles)
    assert (result.code, result.out) == (2, "")
    assert "give a whole number from 1 up, or auto" in result.err


def test_bench_with_auto_needs_the_torch_runtime(cli, random_model):
    result = cli("bench", random_model("plain"), "--suite", "none", "--cycles", "auto", "--runtime", "onnx")
    assert (result.code, result.out) == (1, "")
    assert "--cycles auto runs in the torch runtime alone" in result.err


def test_bench_measures_a_model_that_chooses_its_depth(random_model, tmp_path):
    model = shutil.copytree(random_model("plain"), tmp_path / "model")
    write_halting(HaltingHead(weight=np.zeros((2, 64), np.float32), bias=np.array([1, 0], np.float32)), model)
    assert set(load_file(model / "halting.safetensors")) == {"halting.weight", "halting.bias"}
    subject = Subject(model=model, runtime="torch")
    workload = Workload(prompt_tokens=8, answer_tokens=4, threads=1, cycles="auto")
    assert len(measure_here(subject, workload).ttft_s) >= 1
    assert sizes_of(subject, workload).cycles == "≤2×2"
