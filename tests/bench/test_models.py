"""What the bench can ask: our models in every runtime, and any GGUF that llama.cpp runs."""

import pytest
from conversions import exported
from foreign_files import random_llama, write_foreign_gguf

from hrm_edge.bench.models import load_model, model_file, opening_runtimes
from hrm_edge.errors import ArchitectureError, CheckpointError, RuntimeUnavailableError
from hrm_edge.prompt import render_prompt
from hrm_edge.runtimes.generation import complete
from hrm_edge.runtimes.options import RuntimeOptions
from hrm_edge.runtimes.sampling import Sampler
from hrm_edge.tokenizer import Tokenizer


@pytest.fixture(scope="module")
def llama(tmp_path_factory):
    return write_foreign_gguf(random_llama(), tmp_path_factory.mktemp("foreign") / "llama.gguf", "llama")


@pytest.mark.parametrize("runtime", ["onnx", "llama-cpp", "torch"])
def test_our_models_are_asked_with_our_markers_in_every_runtime(random_model, runtime):
    tokenizer = Tokenizer.from_json((random_model("plain") / "tokenizer.json").read_text())
    with load_model(random_model("plain"), RuntimeOptions(runtime=runtime, threads=1)) as model:
        ids = model.dialogue.encode_request("find all files").ids
        answer = complete(model.runtime, ids, sampler=Sampler(), stop_ids=model.dialogue.stop_ids, max_tokens=3)
    assert ids == render_prompt(tokenizer, "find all files")
    assert model.dialogue.stop_ids == {tokenizer.token_id("<|end|>")}
    assert model.dialogue.decode(model.dialogue.encode("ls -l")) == "ls -l"
    assert 1 <= len(answer.token_ids) <= 3


def test_a_foreign_file_answers_through_the_same_interface(llama):
    with load_model(llama, RuntimeOptions(runtime="llama-cpp", threads=1)) as model:
        ids = model.dialogue.encode_request("the user").ids
        answer = complete(model.runtime, ids, sampler=Sampler(), stop_ids=model.dialogue.stop_ids, max_tokens=5)
        assert isinstance(model.dialogue.decode(answer.token_ids), str)
    assert 1 <= len(answer.token_ids) <= 5


def test_a_foreign_file_opens_in_llama_cpp_alone(llama, random_model, tmp_path):
    names = ["onnx", "llama-cpp", "torch"]
    assert opening_runtimes(llama, names) == ["llama-cpp"]
    assert opening_runtimes(tmp_path / "m.onnx", names) == ["onnx"]
    assert opening_runtimes(random_model("plain"), names) == names
    assert opening_runtimes(exported(random_model("plain"), tmp_path / "m.gguf"), names) == names
    assert model_file(llama, runtime="llama-cpp") == llama
    with pytest.raises(RuntimeUnavailableError, match="the onnx runtime runs hrm_text only: use --runtime llama-cpp"):
        load_model(llama, RuntimeOptions())
    with pytest.raises(ArchitectureError, match="has no cycles: leave --cycles out"):
        load_model(llama, RuntimeOptions(runtime="llama-cpp", cycles=2))


def test_a_missing_model_is_one_clear_error(tmp_path):
    with pytest.raises(CheckpointError, match=r"nowhere\.gguf is not a file"):
        load_model(tmp_path / "nowhere.gguf", RuntimeOptions(runtime="llama-cpp"))
