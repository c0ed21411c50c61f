"""Examples to calibrate on are those of training: rendered alike, and with answers."""

import re
import shutil
from pathlib import Path

import pytest
from data_pipeline_sources import example, find, recipe

from hrm_edge.checkpoint import open_checkpoint
from hrm_edge.errors import CheckpointError, DataError
from hrm_edge.prompt_files import Prompt
from hrm_edge.tokenizer import Tokenizer
from hrm_edge.train.calibration.examples import calibration_examples, own_prompts, packed_examples, tokenize
from hrm_edge.train.data.pipeline.build import build
from hrm_edge.train.data.pipeline.shards import open_shards


@pytest.fixture(scope="module")
def packed(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("packed") / "data"
    build(recipe(), out, find=find)
    return out


@pytest.fixture
def tokenizer(random_model) -> Tokenizer:
    return Tokenizer.from_json((random_model("plain") / "tokenizer.json").read_text(encoding="utf-8"))


def test_own_prompts_are_code_in_several_languages_and_commands_and_hang_on_the_seed_alone(monkeypatch):
    monkeypatch.setattr("hrm_edge.train.calibration.examples.PROBLEMS", 8)
    prompts = own_prompts(seed=2)
    fences = {found for prompt in prompts if prompt.answer for found in re.findall(r"^```(\w+)", prompt.answer, re.M)}
    assert len(fences) >= 4
    assert "bash" in fences
    assert all(prompt.answer for prompt in prompts)
    assert prompts == own_prompts(seed=2)
    assert prompts != own_prompts(seed=3)


def test_tokens_are_markers_request_and_answer(tokenizer):
    [found] = tokenize([Prompt(prompt="find", answer="find .")], tokenizer, chat_template=None, longest=100)
    assert (found.request[0], found.request[-1]) == (tokenizer.token_id("<|prompt|>"), tokenizer.token_id("<|answer|>"))
    assert found.answer[-1] == tokenizer.token_id("<|end|>")
    assert (tokenizer.decode(found.request), tokenizer.decode(found.answer)) == ("find", "find .")


def test_long_examples_are_left_out_and_none_left_is_an_error(tokenizer):
    prompts = [Prompt(prompt="find", answer="x"), Prompt(prompt="find " * 90, answer="x")]
    assert len(tokenize(prompts, tokenizer, chat_template=None, longest=40)) == 1
    with pytest.raises(DataError, match="none of 2 examples has at most 3 tokens"):
        tokenize(prompts, tokenizer, chat_template=None, longest=3)


def test_prompt_without_an_answer_is_refused(tokenizer):
    with pytest.raises(DataError, match=r"the prompt 'list them' has no answer: give a \.jsonl file"):
        tokenize([Prompt(prompt="list them")], tokenizer, chat_template=None, longest=99)


def test_checkpoint_without_a_tokenizer_is_refused(random_model, tmp_path):
    bare = shutil.copytree(random_model("plain"), tmp_path / "bare")
    (bare / "tokenizer.json").unlink()
    with pytest.raises(CheckpointError, match="brings no tokenizer: put its"):
        calibration_examples(open_checkpoint(bare), None)


def test_packed_examples_are_those_of_the_shards(packed):
    tokenizer = open_shards(packed).tokenizer()
    texts = {made.request: made.response for made in map(example, range(200))}
    found = packed_examples(packed, tokenizer, count=30, longest=512, held_out=False)
    assert len(found) == 30
    for one in found:
        assert tokenizer.decode(one.answer) == texts[tokenizer.decode(one.request)]
    assert found == packed_examples(packed, tokenizer, count=30, longest=512, held_out=False)
    assert found != packed_examples(packed, tokenizer, count=30, longest=512, held_out=False, seed=1)


def test_what_is_measured_by_is_not_calibrated_on(packed, monkeypatch):
    monkeypatch.setattr("hrm_edge.train.calibration.examples.is_held_out", lambda group: group.endswith("7"))
    own = open_shards(packed).tokenizer()
    learned, held = (
        {own.decode(one.request) for one in packed_examples(packed, own, count=999, longest=512, held_out=held_out)}
        for held_out in (False, True)
    )
    groups = {made.request: made.group for made in map(example, range(200))}
    assert held
    assert all(groups[request].endswith("7") for request in held)
    assert learned
    assert not any(groups[request].endswith("7") for request in learned)


def test_a_checkpoint_is_calibrated_on_what_its_shards_teach(packed, random_model, tmp_path, monkeypatch):
    monkeypatch.setattr("hrm_edge.train.calibration.examples.FROM_SHARDS", 12)
    model = shutil.copytree(random_model("plain"), tmp_path / "model")
    shutil.copy(packed / "tokenizer.json", model / "tokenizer.json")
    with open_checkpoint(model) as checkpoint:
        found = calibration_examples(checkpoint, packed)
    own = open_shards(packed).tokenizer()
    assert len(found) == 12
    assert {own.decode(one.request) for one in found} <= {made.request for made in map(example, range(200))}


def test_shards_of_another_tokenizer_are_refused(packed, tokenizer):
    with pytest.raises(DataError, match="was packed with another tokenizer than the checkpoint's"):
        packed_examples(packed, tokenizer, count=3, longest=512, held_out=False)
