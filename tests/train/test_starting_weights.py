"""What a training can start from, and what is refused in one line."""

import json
import shutil

import pytest
import torch
from safetensors.torch import load_file, save_file
from train_data import TINY
from transformers import HrmTextConfig, HrmTextForCausalLM

from hrm_edge.architecture import PRESETS
from hrm_edge.errors import ArchitectureError, CheckpointError, DataError, HrmEdgeError
from hrm_edge.train.data.pipeline.shards import open_shards
from hrm_edge.train.starting_weights import starting_model


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory, shards_directory):
    """A random model of the tiny preset, as transformers saves it, with the tokenizer of the shards."""
    directory = tmp_path_factory.mktemp("checkpoint") / "model"
    torch.manual_seed(1)
    HrmTextForCausalLM(HrmTextConfig(**TINY.to_config())).save_pretrained(directory)
    (directory / "tokenizer.json").write_text(open_shards(shards_directory).tokenizer().to_json())
    return directory


@pytest.fixture
def start(shards_directory, monkeypatch):
    monkeypatch.setitem(PRESETS, "tiny", TINY)
    tokenizer = open_shards(shards_directory).tokenizer()

    def start_from(init, resume_from=None):
        return starting_model("tiny", init=init, resume_from=resume_from, tokenizer=tokenizer, shards=shards_directory)

    return start_from


@pytest.fixture
def damaged(checkpoint, tmp_path):
    return shutil.copytree(checkpoint, tmp_path / "damaged")


def edit_config(directory, **values) -> None:
    path = directory / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | values))


def refusal(start, *arguments) -> str:
    with pytest.raises(HrmEdgeError) as failure:
        start(*arguments)
    assert "\n" not in str(failure.value)
    return str(failure.value)


def test_model_starts_with_the_weights_that_transformers_reads(start, checkpoint):
    expected = HrmTextForCausalLM.from_pretrained(checkpoint, dtype=torch.float32).state_dict()
    found = start(checkpoint).state_dict()
    assert found.keys() == expected.keys()
    for name, weight in expected.items():
        torch.testing.assert_close(found[name], weight, rtol=0, atol=0)


def test_tokens_for_names_get_rows_of_their_own_and_all_others_keep_theirs(shards_directory, checkpoint, tmp_path):
    tokenizer = open_shards(shards_directory).tokenizer()
    rows = load_file(checkpoint / "model.safetensors")["model.embed_tokens.weight"]
    small = shutil.copytree(checkpoint, tmp_path / "small")
    edit_config(small, vocab_size=tokenizer.vocab_size)  # no room left
    weights = load_file(small / "model.safetensors")
    weights |= {name: weights[name][: tokenizer.vocab_size] for name in weights if len(weights[name]) == len(rows)}
    save_file(weights, small / "model.safetensors", metadata={"format": "pt"})
    named = tokenizer.with_names()
    grown = starting_model("tiny", init=small, resume_from=None, tokenizer=named, shards=shards_directory)
    embedding = grown.state_dict()["model.embed_tokens.weight"]
    assert len(embedding) == grown.config.vocab_size == tokenizer.vocab_size + 32
    torch.testing.assert_close(embedding[: tokenizer.vocab_size], rows[: tokenizer.vocab_size], rtol=0, atol=0)
    fresh = embedding[tokenizer.vocab_size : named.vocab_size]
    assert len(fresh) == 12 and fresh.std() > 0.3 * rows.std()
    again = tmp_path / "again"
    grown.save_pretrained(again)
    resumed = starting_model("tiny", init=small, resume_from=again, tokenizer=named, shards=shards_directory)
    torch.testing.assert_close(resumed.state_dict()["model.embed_tokens.weight"], embedding, rtol=0, atol=0)
    without = starting_model("tiny", init=small, resume_from=None, tokenizer=tokenizer, shards=shards_directory)
    assert without.config.vocab_size == tokenizer.vocab_size


def test_truncated_weights_are_refused(start, damaged):
    path = damaged / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-100])
    assert "its header describes" in refusal(start, damaged)


def test_weights_of_another_shape_are_refused(start, damaged):
    edit_config(damaged, intermediate_size=64)
    message = refusal(start, damaged)
    assert "mlp" in message
    assert "64" in message


def test_another_model_type_is_refused(start, damaged):
    edit_config(damaged, model_type="llama")
    with pytest.raises(ArchitectureError, match="model_type is 'llama': hrm-edge runs 'hrm_text' models only"):
        start(damaged)


def test_quantized_checkpoint_is_refused(start):
    from hrm_edge.models import embedded_model_path

    with pytest.raises(CheckpointError, match="is quantized to 4 bits and training starts from float weights: give"):
        start(embedded_model_path())


def test_vocabulary_smaller_than_the_tokenizer_is_refused(start, random_model):
    with pytest.raises(ArchitectureError, match="tokens and the model has room for 320: build the data with another"):
        start(random_model("plain"))


def test_another_tokenizer_than_that_of_the_shards_is_refused(start, damaged):
    tokenizer = json.loads((damaged / "tokenizer.json").read_text())
    tokenizer["model"]["merges"] = tokenizer["model"]["merges"][:-1]
    (damaged / "tokenizer.json").write_text(json.dumps(tokenizer))
    with pytest.raises(DataError, match=r"damaged has another tokenizer than .*: build the data with tokenizer = '"):
        start(damaged)


def test_weights_that_are_no_numbers_are_refused(start, damaged):
    weights = load_file(damaged / "model.safetensors")
    weights["model.embed_tokens.weight"][7, 3] = float("nan")
    save_file(weights, damaged / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(CheckpointError, match=r"model.embed_tokens.weight holds numbers that are not finite"):
        start(damaged)


def test_run_of_another_preset_is_not_resumed(start, checkpoint, monkeypatch):
    monkeypatch.setitem(PRESETS, "tiny", PRESETS["nano"])
    with pytest.raises(DataError, match="has other sizes than tiny: resume it as it was started"):
        start(None, checkpoint)
