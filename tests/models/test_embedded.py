"""The model that ships: whole, small, read alike by every runtime, and able to do what the README shows."""

import json
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from llama_vocabulary import LlamaVocabulary, assert_tokenizers_agree, plain_text_tokenizer
from tokenizers import Tokenizer

from hrm_edge.checkpoint import open_checkpoint
from hrm_edge.models import embedded_model_path
from hrm_edge.shell_recipes.recipes import load_recipes
from hrm_edge.train.data.data_sets import read_examples

Sides = tuple[Tokenizer, LlamaVocabulary]
TRAINING_DATA = ("tldr.jsonl.gz", "nl2bash.jsonl.gz", "cheatsheets.jsonl.gz", "mbpp/train.jsonl")


@pytest.fixture(scope="module")
def sides() -> Iterator[Sides]:
    with open_checkpoint(embedded_model_path()) as checkpoint:
        assert checkpoint.tokenizer_json is not None
        tokenizer = plain_text_tokenizer(checkpoint.tokenizer_json)
    with LlamaVocabulary.of_file(embedded_model_path()) as vocabulary:
        yield tokenizer, vocabulary


def test_embedded_model_is_four_bits_and_fits_a_wheel():
    with open_checkpoint(embedded_model_path()) as checkpoint:
        assert checkpoint.bits == 4
    assert embedded_model_path().stat().st_size < 20_000_000


def test_card_lies_beside_the_model():
    card = (embedded_model_path().parent / "README.md").read_text(encoding="utf-8")
    assert "standard error" in card
    assert (embedded_model_path().parent / "loss.png").exists()


@pytest.mark.slow
@pytest.mark.parametrize("name", TRAINING_DATA)
def test_every_string_of_the_training_data_is_tokenized_alike(sides: Sides, data_directory: Path, name: str):
    for example in read_examples(data_directory / name):
        assert_tokenizers_agree(*sides, example.request)
        assert_tokenizers_agree(*sides, example.response)


def test_every_recipe_is_tokenized_alike(sides: Sides):
    for recipe in load_recipes():
        for text in (*recipe.asks, recipe.command):
            assert_tokenizers_agree(*sides, text)


@settings(max_examples=2000)
@given(st.text(st.one_of(st.characters(codec="utf-8"), st.sampled_from(" \t\r\n    0123456789'\"{}()[];"))))
def test_any_text_is_tokenized_alike(sides: Sides, text: str):
    assert_tokenizers_agree(*sides, text)


def test_first_request_of_the_readme_gets_a_find_by_size():
    asked = [sys.executable, "-m", "hrm_edge", "run", "find all files larger than 100 MB", "--json"]
    report = json.loads(subprocess.run(asked, capture_output=True, stdin=subprocess.DEVNULL, check=True).stdout)
    assert report["language"] == "bash"
    assert shlex.split(report["answer"])[0] == "find"
    assert "-size +100M" in report["answer"]
