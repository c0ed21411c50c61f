"""What single tokens say, against the tokenizer itself."""

import json

import pytest
from random_models import CORPUS

from hrm_edge.models import embedded_model_path
from hrm_edge.runtimes.load import load_tokenizer
from hrm_edge.server.token_texts import Offsets, TokenTexts
from hrm_edge.tokenizer import Tokenizer

TEXTS = [*CORPUS, "naïve café — 東京 🎉\x00\t", "ﬁ ́e"]


@pytest.fixture(scope="module")
def tokenizer():
    return load_tokenizer(embedded_model_path())[0]


@pytest.mark.parametrize("text", TEXTS)
def test_the_bytes_of_all_tokens_are_the_text(tokenizer, text):
    texts, ids = TokenTexts(tokenizer), tokenizer.encode(text)
    assert b"".join(map(texts.bytes_of, ids)).decode() == tokenizer.decode(ids) == text
    assert texts.text(ids) == text


@pytest.mark.parametrize("text", TEXTS)
def test_offsets_are_where_the_text_so_far_ends(tokenizer, text):
    offsets, ids = Offsets(TokenTexts(tokenizer)), tokenizer.encode(text)
    for index, token_id in enumerate(ids):
        assert offsets.add(token_id) == len(tokenizer.decode(ids[:index]).removesuffix("\ufffd"))


def test_every_token_has_a_name_of_its_own(tokenizer):
    texts = TokenTexts(tokenizer)
    names = {texts.name(token_id) for token_id in range(tokenizer.vocab_size)}
    assert len(names) == tokenizer.vocab_size
    assert {"<|prompt|>", "<|answer|>", "<|end|>"} < names


def test_a_tokenizer_of_another_kind_says_what_it_decodes(tokenizer):
    described = json.loads(tokenizer.to_json())
    described["decoder"] = {"type": "Fuse"}
    other = Tokenizer.from_json(json.dumps(described))
    texts = TokenTexts(other)
    assert texts.longest == 0
    assert texts.bytes_of(40) == other.decode([40]).encode()
