"""Byte-level BPE: lossless on every text, and clear about what it cannot read."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrm_edge.errors import CheckpointError
from hrm_edge.tokenizer import SPECIAL_TOKENS, Tokenizer
from hrm_edge.train.tokenizer_training import train_tokenizer

TOKENIZER = train_tokenizer(["for i in range(10):\n    print(i)", "find . -name '*.py'"] * 2, 320)


@given(st.text(st.characters(codec="utf-8")))
def test_every_text_survives_encoding_and_decoding(text):
    assert TOKENIZER.decode(TOKENIZER.encode(text)) == text


def test_vocabulary_is_as_large_as_asked_and_starts_with_the_markers():
    assert TOKENIZER.vocab_size <= 320
    assert [TOKENIZER.token_id(token) for token in SPECIAL_TOKENS] == [0, 1, 2, 3]


def test_json_round_trip_encodes_the_same():
    again = Tokenizer.from_json(TOKENIZER.to_json())
    assert again.encode("find . -name 'x'\r\n") == TOKENIZER.encode("find . -name 'x'\r\n")


def test_names_are_all_there_or_none():
    """A tokenizer of somebody else may have a token of that name for its own ends."""
    named = TOKENIZER.with_names()
    assert named.has_names and not TOKENIZER.has_names and not named.without_names().has_names
    assert named.decode([named.token_id("<|name2|>"), named.token_id("<|end|>")]) == "<|name2|>"
    written = json.loads(named.to_json())
    written["added_tokens"] = [token for token in written["added_tokens"] if token["content"] != "<|name12|>"]
    others = Tokenizer.from_json(json.dumps(written))
    assert not others.has_names and others.decode([others.token_id("<|name2|>")]) == ""


def test_missing_token_and_broken_json_are_checkpoint_errors():
    with pytest.raises(CheckpointError, match=r"no token '<\|nothing\|>'"):
        TOKENIZER.token_id("<|nothing|>")
    with pytest.raises(CheckpointError, match="cannot be read"):
        Tokenizer.from_json("{}")
