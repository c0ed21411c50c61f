"""What llama.cpp is told of a tokenizer: what it can follow is proven by llama.cpp itself, the rest is refused."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from llama_vocabulary import LlamaVocabulary, assert_tokenizers_agree, boundary_tokenizer, plain_text_tokenizer
from tokenizers import Tokenizer

from hrm_edge.errors import CheckpointError, ExportError
from hrm_edge.export.gguf_tokenizer import CONTROL, NORMAL, UNUSED, USER_DEFINED, gguf_vocabulary
from hrm_edge.pretokenizer import SPLIT_PATTERN

BYTE_LEVEL = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": False}
GPT2 = BYTE_LEVEL | {"use_regex": True}
QWEN2_PATTERN = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
LLAMA3_PATTERN = QWEN2_PATTERN.replace(r"|\p{N}|", r"|\p{N}{1,3}|")


def split(pattern: str, regex: str = "Regex", **changes: Any) -> dict[str, Any]:
    """A pre-tokenizer as published tokenizers have it: the regex, then bytes."""
    part = {"type": "Split", "pattern": {regex: pattern}, "behavior": "Isolated", "invert": False} | changes
    return {"type": "Sequence", "pretokenizers": [part, BYTE_LEVEL]}


def changed(pre_tokenizer: dict[str, Any], **model: Any) -> str:
    """The boundary tokenizer with other options of its model."""
    parsed = json.loads(boundary_tokenizer(pre_tokenizer))
    parsed["model"] |= model
    return json.dumps(parsed)


def size_of(tokenizer_json: str) -> int:
    return int(Tokenizer.from_str(tokenizer_json).get_vocab_size())


# Characters of Unicode 15, which both libraries know, and no long s: the published patterns promise no more.
TEXTS = st.text(
    st.one_of(
        st.characters(max_codepoint=0x1BFF, exclude_categories=["Cs", "Cn"], exclude_characters="ſ"),
        st.sampled_from("aZ19.'  \n\r\tsrelt"),
    ),
    max_size=30,
).filter(lambda text: "Ᲊ" not in text and "ᲊ" not in text)


@pytest.mark.parametrize(
    ("name", "tokenizer_json"),
    [
        ("gpt-2", changed(GPT2)),
        ("qwen2", changed(split(QWEN2_PATTERN))),
        ("qwen2", changed(split(SPLIT_PATTERN))),
        ("qwen2", changed(split(SPLIT_PATTERN, behavior="Removed", invert=True))),
        ("llama-bpe", changed(split(LLAMA3_PATTERN), ignore_merges=True)),
        ("dbrx", changed(split(LLAMA3_PATTERN))),
    ],
    ids=["gpt-2", "qwen2", "own", "removed-inverted", "llama-bpe", "llama-bpe-with-merges"],
)
def test_named_pre_tokenizer_splits_as_the_regex_does(name: str, tokenizer_json: str, tmp_path: Path) -> None:
    assert gguf_vocabulary(tokenizer_json, size_of(tokenizer_json)).pre == name
    tokenizer = plain_text_tokenizer(tokenizer_json)
    with LlamaVocabulary(tokenizer_json, tmp_path) as vocabulary:

        @settings(max_examples=300)
        @given(text=TEXTS)
        def agree(text: str) -> None:
            assert_tokenizers_agree(tokenizer, vocabulary, text)

        agree()
        for digits in range(1, 9):
            assert_tokenizers_agree(tokenizer, vocabulary, f"a{'1' * digits} {'1' * digits}")


@pytest.mark.parametrize(
    "pre_tokenizer",
    [
        None,
        {"type": "Whitespace"},
        BYTE_LEVEL,
        GPT2 | {"add_prefix_space": True},
        split(r"\w+|\W+"),
        split(QWEN2_PATTERN, behavior="MergedWithNext"),
        split(" ", regex="String"),
        {"type": "Sequence", "pretokenizers": [split(QWEN2_PATTERN)["pretokenizers"][0], GPT2]},
        {"type": "Sequence", "pretokenizers": [{"type": "Digits", "individual_digits": True}, GPT2]},
    ],
    ids=["none", "other", "no-regex", "space-before", "pattern", "behavior", "string", "two-regexes", "digits"],
)
def test_unknown_pre_tokenizer_is_refused(pre_tokenizer: dict[str, Any] | None) -> None:
    text = changed(pre_tokenizer)  # type: ignore[arg-type]
    with pytest.raises(
        ExportError, match=r"llama\.cpp has no pre-tokenizer that splits text as .* tokenizes by itself"
    ):
        gguf_vocabulary(text, size_of(text))


def test_merges_that_only_llama_bpe_ignores_are_refused_elsewhere() -> None:
    text = changed(split(QWEN2_PATTERN), ignore_merges=True)
    with pytest.raises(ExportError, match="and ignores merges"):
        gguf_vocabulary(text, size_of(text))


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"model": {"type": "WordLevel", "vocab": {"a": 0}, "unk_token": "a"}}, "its model is 'WordLevel'"),
        ({"normalizer": {"type": "Lowercase"}}, "its normalizer is 'Lowercase'"),
    ],
    ids=["model", "normalizer"],
)
def test_other_kind_of_tokenizer_is_refused(change: dict[str, Any], rule: str) -> None:
    text = json.dumps(json.loads(changed(GPT2)) | change)
    with pytest.raises(ExportError, match=rule):
        gguf_vocabulary(text, 5000)


@pytest.mark.parametrize("option", [{"end_of_word_suffix": "</w>"}, {"byte_fallback": True}], ids=str)
def test_option_llama_cpp_lacks_is_refused(option: dict[str, Any]) -> None:
    text = changed(GPT2, merges=[], **option)
    with pytest.raises(ExportError, match=f"its option {next(iter(option))} is"):
        gguf_vocabulary(text, 5000)


@pytest.mark.parametrize("option", ["lstrip", "rstrip", "single_word"])
def test_added_token_that_eats_its_neighbours_is_refused(option: str) -> None:
    parsed = json.loads(changed(GPT2))
    parsed["added_tokens"][0][option] = True
    with pytest.raises(ExportError, match=rf"its token '<\|end\|>' has {option}"):
        gguf_vocabulary(json.dumps(parsed), 5000)


def test_byte_without_a_token_is_refused() -> None:
    parsed = json.loads(changed(GPT2, merges=[]))
    parsed["model"]["vocab"].pop("Ā")
    with pytest.raises(ExportError, match="1 of the 256 bytes have no token, 'Ā' first"):
        gguf_vocabulary(json.dumps(parsed), 5000)


def test_tokenizer_larger_than_the_model_is_refused() -> None:
    text = changed(GPT2)
    size = size_of(text)
    with pytest.raises(ExportError, match=f"has id {size - 1} and the model's vocabulary has {size - 1} rows"):
        gguf_vocabulary(text, size - 1)


def test_tokenizer_without_an_end_token_is_refused() -> None:
    text = changed(GPT2).replace("<|end|>", "<|other|>")
    with pytest.raises(ExportError, match=r"llama\.cpp must know where an answer ends"):
        gguf_vocabulary(text, size_of(text))


def test_malformed_tokenizer_is_a_checkpoint_error() -> None:
    with pytest.raises(CheckpointError, match=r"tokenizer\.json cannot be read"):
        gguf_vocabulary('{"model": {}}', 10)


def test_tokens_have_their_types_and_missing_ids_are_unused() -> None:
    parsed = json.loads(changed(GPT2))
    size = len(parsed["model"]["vocab"])
    parsed["model"]["vocab"] |= {"<tab>": size, f"[unused {size + 1}]": size + 2}
    parsed["added_tokens"].append(parsed["added_tokens"][0] | {"id": size, "content": "<tab>", "special": False})
    vocabulary = gguf_vocabulary(json.dumps(parsed), size + 5)
    assert vocabulary.types == [CONTROL] + [NORMAL] * (size - 1) + [USER_DEFINED, UNUSED, NORMAL, UNUSED, UNUSED]
    assert len(set(vocabulary.tokens)) == size + 5
    assert vocabulary.tokens[size] == "<tab>"


def test_prompt_end_and_pad_are_found_by_name() -> None:
    text = changed(GPT2)
    only_end = gguf_vocabulary(text, size_of(text))
    assert (only_end.bos_id, only_end.eos_id, only_end.padding_id) == (0, 0, 0)
    parsed = json.loads(text)
    for token in ("<|prompt|>", "<|pad|>"):
        parsed["added_tokens"].append(parsed["added_tokens"][0] | {"id": size_of(json.dumps(parsed)), "content": token})
    size = size_of(json.dumps(parsed))
    all_three = gguf_vocabulary(json.dumps(parsed), size)
    assert (all_three.bos_id, all_three.eos_id, all_three.padding_id) == (size - 2, 0, size - 1)
