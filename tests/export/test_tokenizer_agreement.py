"""`tokenizers` and llama.cpp read every text as the same tokens, from the tokenizer that an exported GGUF carries."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from llama_vocabulary import LlamaVocabulary, assert_tokenizers_agree, boundary_tokenizer, plain_text_tokenizer
from tokenizers import Tokenizer

from hrm_edge.pretokenizer import SPLIT_PATTERN
from hrm_edge.train.tokenizer_training import train_tokenizer

Sides = tuple[Tokenizer, LlamaVocabulary]

BYTE_LEVEL = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": False}
CODE = (
    "def add(first, second):\n    return first + second\n\n\nclass Stack:\n\tdef push(self, item):\r\n",
    "for (int i = 0; i < 10; ++i) {\n        total += values[i]; // it's the i'th\n}\n",
    "find . -type f -size +100M -exec ls -lh {} \\; | sort -k5 -h | tail -n 20",
    "SELECT COUNT(*) FROM users WHERE name = 'O''Brien' AND age >= 21;",
)
PIECES = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    st.sampled_from(
        ["\n    ", "\r\n", "\t\t", " " * 7, "\n\n\n", " \n", "\x00", "'s", "'LL", "don't", "\u00a0", "\u0085"]
    ),
    st.sampled_from(
        ["12345", "3.14e-10", "0x7F", "é", "e\u0301", "👩‍👩‍👧", "🇩🇰", "你好", "नमस्ते", "\u200d", "<|end|>", "ſ"]
    ),
    st.sampled_from(CODE).flatmap(
        lambda code: st.integers(0, len(code) - 1).map(lambda start: code[start : start + 20])
    ),
)
TEXTS = st.lists(PIECES, max_size=8).map("".join)
"""All of Unicode but surrogates, among indented code, line ends of both kinds, runs of spaces, digits and marks."""


@pytest.fixture(scope="module")
def boundaries(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sides]:
    """The tokenizer that shows where hrm-edge's pattern splits."""
    split = {"type": "Split", "pattern": {"Regex": SPLIT_PATTERN}, "behavior": "Isolated", "invert": False}
    text = boundary_tokenizer({"type": "Sequence", "pretokenizers": [split, BYTE_LEVEL]})
    with LlamaVocabulary(text, tmp_path_factory.mktemp("boundaries")) as vocabulary:
        yield plain_text_tokenizer(text), vocabulary


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sides]:
    """A tokenizer trained as hrm-edge trains its own, on a little code."""
    text = train_tokenizer(CODE * 20, 600).to_json()
    with LlamaVocabulary(text, tmp_path_factory.mktemp("trained")) as vocabulary:
        yield plain_text_tokenizer(text), vocabulary


def test_boundary_tokenizer_shows_every_class_of_a_character(boundaries: Sides) -> None:
    """What the test of all code points rests on: other classes, other tokens."""
    tokenizer, _ = boundaries
    shown = {}
    for character in ("é", "²", "€", "\u00a0"):  # letter, number, other, space
        tokens = tokenizer.encode(f"a{character}a.{character}.").tokens
        shown[character] = [len(token) for token in tokens]
    assert len({tuple(lengths) for lengths in shown.values()}) == 4, shown


@pytest.mark.slow
def test_all_code_points_are_split_alike(boundaries: Sides) -> None:
    tokenizer, vocabulary = boundaries
    for start in range(0, 0x110000, 128):  # `tokenizers` takes longer for each character of a longer text
        some = [chr(code) for code in range(start, start + 128) if not 0xD800 <= code < 0xE000]
        text = "".join(f"a{character}a.{character}." for character in some)
        [encoded] = tokenizer.encode_batch_fast([text], add_special_tokens=False)  # without offsets
        if encoded.ids != vocabulary.tokenize(text):
            for character in some:
                assert_tokenizers_agree(tokenizer, vocabulary, f"a{character}a.{character}.")
            assert_tokenizers_agree(tokenizer, vocabulary, text)


@settings(max_examples=2000)
@given(text=TEXTS)
def test_every_text_is_split_alike(boundaries: Sides, text: str) -> None:
    assert_tokenizers_agree(*boundaries, text)


@settings(max_examples=2000)
@given(text=TEXTS)
def test_every_text_is_tokenized_alike_by_a_trained_tokenizer(trained: Sides, text: str) -> None:
    assert_tokenizers_agree(*trained, text)


def test_code_is_tokenized_alike_by_a_trained_tokenizer(trained: Sides) -> None:
    for code in CODE:
        assert_tokenizers_agree(*trained, code)


def test_special_tokens_are_found_by_llama_cpp_only_where_asked_for(trained: Sides) -> None:
    tokenizer, vocabulary = trained
    marker = tokenizer.token_to_id("<|end|>")
    assert vocabulary.tokenize("<|end|>", parse_special=True) == [marker]
    assert marker not in vocabulary.tokenize("<|end|>")


def test_exported_file_carries_the_whole_tokenizer(tmp_path: Path) -> None:
    from hrm_edge.checkpoint import open_checkpoint

    text = train_tokenizer(CODE, 400).to_json()
    with LlamaVocabulary(text, tmp_path), open_checkpoint(tmp_path / "vocabulary.gguf") as checkpoint:
        assert json.loads(checkpoint.tokenizer_json) == json.loads(text)
