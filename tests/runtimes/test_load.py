import os
import subprocess
import sys

import numpy as np
import onnx
import pytest
from random_models import random_ids, reference_logits, relative_error, save_random_model

from hrm_edge.checkpoint import open_checkpoint
from hrm_edge.errors import CheckpointError, RuntimeUnavailableError, UnsafeCheckpointError
from hrm_edge.export.gguf import export_gguf
from hrm_edge.export.onnx_graph import export_onnx
from hrm_edge.export.onnx_names import ATTENTION_BIAS
from hrm_edge.quantize.rtn import quantize_checkpoint
from hrm_edge.runtimes import load
from hrm_edge.runtimes.load import load_runtime, load_tokenizer, natural_runtime, runtime_file
from hrm_edge.runtimes.options import RuntimeOptions

PROMPT = random_ids(12)
ANSWER = random_ids(4, seed=2)


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("HRM_EDGE_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture(scope="module")
def files(random_model, tmp_path_factory):
    """One model in every format: name → path."""
    directory = tmp_path_factory.mktemp("formats")
    paths = {"directory": random_model("plain"), "gguf": directory / "f32.gguf", "onnx": directory / "f32.onnx"}
    with open_checkpoint(paths["directory"]) as checkpoint:
        export_gguf(checkpoint, paths["gguf"], dtype="f32")
        export_onnx(checkpoint, paths["onnx"])
        quantize_checkpoint(checkpoint, 4, directory / "quantized").close()
    return paths | {"quantized": directory / "quantized"}


def run_python(script, **environment):
    return subprocess.Popen(
        [sys.executable, "-c", script],
        env=os.environ | environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


@pytest.mark.parametrize("name", ["onnx", "llama-cpp", "torch"])
@pytest.mark.parametrize("form", ["directory", "gguf", "onnx"])
def test_every_format_meets_every_runtime_that_opens_it(files, form, name):
    """The logits are transformers' whatever way the weights took; an ONNX file is for onnx alone."""
    if form == "onnx" and name != "onnx":
        with pytest.raises(CheckpointError, match=f"the {name} runtime opens no ONNX file"):
            load_runtime(files[form], RuntimeOptions(runtime=name))
        return
    with load_runtime(files[form], RuntimeOptions(runtime=name, threads=1)) as runtime:
        assert (runtime.name, runtime.bits) == (name, 32)
        logits = np.stack([runtime.prefill(PROMPT), *(runtime.decode(token_id) for token_id in ANSWER)])
    assert relative_error(logits, reference_logits(files["directory"], PROMPT, ANSWER)) < 1e-4


@pytest.mark.parametrize("name", ["onnx", "llama-cpp", "torch"])
def test_quantized_directory_runs_everywhere_at_its_bits(files, name):
    with load_runtime(files["quantized"], RuntimeOptions(runtime=name, threads=1)) as runtime:
        assert runtime.bits == 4
        assert runtime.prefill(PROMPT).shape == (320,)


@pytest.mark.parametrize("name", ["onnx", "llama-cpp", "torch"])
def test_cycles_reach_every_runtime(files, random_model, name):
    """At one H cycle the weights of `plain` are those of `one_h_cycle`."""
    with load_runtime(files["directory"], RuntimeOptions(runtime=name, cycles=1, threads=1)) as runtime:
        assert runtime.architecture.h_cycles == 1
        logits = np.stack([runtime.prefill(PROMPT), *(runtime.decode(token_id) for token_id in ANSWER)])
    assert relative_error(logits, reference_logits(random_model("one_h_cycle"), PROMPT, ANSWER)) < 1e-4


def test_files_a_runtime_opens_are_opened_in_place(cache, files):
    assert runtime_file(files["onnx"], runtime="onnx") == files["onnx"]
    assert runtime_file(files["gguf"], runtime="llama-cpp") == files["gguf"]
    assert runtime_file(files["directory"], runtime="torch") == files["directory"]
    assert not cache.exists()


def test_first_use_tells_of_every_tensor_and_the_next_of_none(files):
    heard = []
    runtime_file(files["directory"], runtime="onnx", on_tensor=heard.append)
    first = list(heard)
    runtime_file(files["directory"], runtime="onnx", on_tensor=heard.append)
    assert "model.embed_tokens.weight" in first
    assert heard == first


def test_depths_of_an_onnx_graph_are_cached_apart(files):
    paths = {runtime_file(files["directory"], runtime="onnx", cycles=cycles) for cycles in (None, 1, 3)}
    assert len(paths) == 3


def test_retrained_model_is_exported_again(tmp_path):
    directory = save_random_model(tmp_path / "model")
    before = runtime_file(directory, runtime="onnx")
    save_random_model(tmp_path / "model", seed=1)
    with load_runtime(directory, RuntimeOptions(threads=1)) as runtime:
        logits = runtime.prefill(PROMPT)
    assert relative_error(logits, reference_logits(directory, PROMPT)[0]) < 1e-4
    assert not before.exists()


@pytest.mark.parametrize("name", ["onnx", "llama-cpp"])
def test_two_processes_that_export_at_once_both_succeed_and_leave_one_whole_file(cache, files, name):
    script = f"""
import sys, time
from pathlib import Path
from hrm_edge.runtimes.load import load_runtime, runtime_file
from hrm_edge.runtimes.options import RuntimeOptions
print("ready", flush=True)
sys.stdin.readline()
with load_runtime(Path({str(files["directory"])!r}), RuntimeOptions(runtime={name!r}, threads=1)) as runtime:
    print(runtime.prefill({PROMPT}).argmax())
"""
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", script],
            env=os.environ | {"HRM_EDGE_CACHE": str(cache)},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for _ in range(2)
    ]  # fmt: skip
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.write("\n")
        process.stdin.flush()
    outputs = [process.communicate(timeout=60) for process in processes]
    assert [process.returncode for process in processes] == [0, 0], outputs
    assert outputs[0][0] == outputs[1][0]
    suffix = {"onnx": ".onnx", "llama-cpp": ".gguf"}[name]
    assert [path.suffix for path in cache.rglob("*") if path.is_file()] == [suffix]


def test_warm_run_imports_neither_onnx_nor_gguf_nor_any_training_library(cache, files):
    """The first process converts; what counts is what the second one imports."""
    script = f"""
import sys
from pathlib import Path
from hrm_edge.runtimes.load import load_runtime, load_tokenizer
from hrm_edge.runtimes.options import RuntimeOptions
path = Path({str(files["gguf"])!r})
load_tokenizer(path)
with load_runtime(path, RuntimeOptions(threads=1)) as runtime:
    runtime.prefill({PROMPT})
print(sorted(set(sys.modules) & {{"onnx", "gguf", "torch", "transformers", "datasets", "llama_cpp"}}))
"""
    for warm in (False, True):
        out, error = run_python(script, HRM_EDGE_CACHE=str(cache)).communicate(timeout=60)
        assert error == ""
        if warm:
            assert out == "[]\n"


@pytest.mark.parametrize("form", ["directory", "gguf", "onnx", "quantized"])
def test_tokenizer_comes_with_every_format(files, form):
    for _ in range(2):  # read, then from the cache
        tokenizer, chat_template = load_tokenizer(files[form])
        assert tokenizer.decode(tokenizer.encode("find . -type f")) == "find . -type f"
        assert chat_template is None


def test_tokenizer_is_read_without_a_cache_where_none_can_be_written(files, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("HRM_EDGE_CACHE", str(tmp_path / "file"))
    assert load_tokenizer(files["gguf"])[0].vocab_size == 320


def test_chat_template_comes_with_the_tokenizer(tmp_path):
    directory = save_random_model(tmp_path / "model")
    (directory / "chat_template.jinja").write_text("{{ messages[0].content }}")
    assert load_tokenizer(directory)[1] == "{{ messages[0].content }}"


def test_model_without_a_tokenizer_is_refused(tmp_path):
    directory = save_random_model(tmp_path / "model", tokenizer=False)
    with pytest.raises(CheckpointError, match="brings no tokenizer: put its tokenizer"):
        load_tokenizer(directory)


def test_pickle_is_refused_and_nothing_is_cached(cache, tmp_path):
    (tmp_path / "pytorch_model.bin").write_bytes(b"\x80\x04")
    with pytest.raises(UnsafeCheckpointError, match="safetensors"):
        load_runtime(tmp_path / "pytorch_model.bin", RuntimeOptions())
    assert not any(path.is_file() for path in cache.rglob("*"))


def test_missing_model_is_refused(tmp_path):
    with pytest.raises(CheckpointError, match="nowhere does not exist"):
        load_runtime(tmp_path / "nowhere", RuntimeOptions())


def test_unknown_runtime_is_refused(files):
    with pytest.raises(RuntimeUnavailableError, match="'mlx': choose one of onnx, llama-cpp, torch"):
        load_runtime(files["directory"], RuntimeOptions(runtime="mlx"))


def test_llama_cpp_not_installed_is_refused_with_the_pip_command_before_anything_is_exported(cache, files, monkeypatch):
    monkeypatch.setattr(load, "llama_cpp_installed", lambda: False)
    for form in ("directory", "gguf"):
        with pytest.raises(RuntimeUnavailableError, match=r'pip install "hrm-edge\[llama\]"'):
            load_runtime(files[form], RuntimeOptions(runtime="llama-cpp"))
    assert not cache.exists()


@pytest.mark.parametrize(("file", "name"), [("a.gguf", "llama-cpp"), ("a.onnx", "onnx"), ("a", "onnx")])
def test_natural_runtime_opens_a_file_as_it_is(tmp_path, file, name):
    assert natural_runtime(tmp_path / file) == name


def as_an_older_export(entry):
    """The graph in the cache as it was before it could read several answer tokens at once: without that input."""
    model = onnx.load(entry)
    for value in [*model.graph.input, *model.graph.initializer]:
        if value.name == ATTENTION_BIAS:
            value.name = "no_bias"
    for node in model.graph.node:
        node.input[:] = ["no_bias" if name == ATTENTION_BIAS else name for name in node.input]
    onnx.save(model, entry)


def cut_short(entry):
    entry.write_bytes(entry.read_bytes()[:1000])


@pytest.mark.parametrize(
    ("name", "spoil"),
    [("onnx", as_an_older_export), ("onnx", cut_short), ("llama-cpp", cut_short)],
    ids=["onnx of an older format", "onnx cut short", "gguf cut short"],
)
def test_export_in_the_cache_that_the_runtime_refuses_is_made_again(files, name, spoil):
    """Whoever upgrades, or whose disk was full, sees an answer and no error about a file they never made."""
    spoil(runtime_file(files["directory"], runtime=name))
    with load_runtime(files["directory"], RuntimeOptions(runtime=name, threads=1)) as runtime:
        logits_V = runtime.prefill(PROMPT)
    assert relative_error(logits_V, reference_logits(files["directory"], PROMPT)[0]) < 1e-4


def test_file_of_the_users_that_the_runtime_refuses_stays(files, tmp_path):
    own = tmp_path / "own.onnx"
    own.write_bytes(files["onnx"].read_bytes()[:1000])
    with pytest.raises(CheckpointError, match=str(own)):
        load_runtime(own, RuntimeOptions())
    assert own.stat().st_size == 1000
