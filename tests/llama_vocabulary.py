"""A tokenizer as llama.cpp itself reads it from an exported GGUF file: the other side of every tokenizer comparison.

with LlamaVocabulary(tokenizer_json, directory) as vocabulary:
    assert vocabulary.tokenize("text") == tokenizer.encode("text", add_special_tokens=False).ids
"""

import json
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

import llama_cpp.llama_cpp as library
import numpy as np
from tokenizers import Tokenizer

from hrm_edge.architecture import Architecture
from hrm_edge.checkpoint import Checkpoint, Tensor
from hrm_edge.export.gguf import export_gguf
from hrm_edge.runtimes.llama.native import llama_library


class TokenizerOnly(Checkpoint):
    """The smallest model there is, all zeros, around a tokenizer."""

    def __init__(self, tokenizer_json: str | None, vocab_size: int | None = None) -> None:
        if vocab_size is None:
            vocab_size = Tokenizer.from_str(tokenizer_json).get_vocab_size()
        self.path = Path("tokenizer.json")
        self.architecture = Architecture(
            vocab_size=vocab_size,
            hidden_size=32,
            intermediate_size=32,
            num_layers_per_stack=1,
            num_attention_heads=1,
            head_dim=32,
            h_cycles=1,
            l_cycles=1,
            embedding_scale=1.0,
            tie_word_embeddings=True,
        )
        self.tokenizer_json, self.chat_template, self.bits = tokenizer_json, None, 16

    def tensors(self) -> Iterator[tuple[str, Tensor]]:
        for name, shape in self.architecture.tensor_shapes().items():
            yield name, np.zeros(shape, np.float16)


class LlamaVocabulary:
    """The vocabulary of an exported tokenizer, loaded by llama.cpp without weights."""

    def __init__(self, tokenizer_json: str, directory: Path) -> None:
        path = directory / "vocabulary.gguf"
        export_gguf(TokenizerOnly(tokenizer_json), path)
        self._load(path)

    @classmethod
    def of_file(cls, path: Path) -> "LlamaVocabulary":
        """The vocabulary of a GGUF that is there already."""
        vocabulary = cls.__new__(cls)
        vocabulary._load(path)
        return vocabulary

    def _load(self, path: Path) -> None:
        llama_library()
        parameters = library.llama_model_default_params()
        parameters.vocab_only = True
        self._model = library.llama_model_load_from_file(str(path).encode(), parameters)
        assert self._model
        self._vocabulary = library.llama_model_get_vocab(self._model)

    def tokenize(self, text: str, *, parse_special: bool = False) -> list[int]:
        """Token ids of `text`, NUL characters included."""
        raw = text.encode()
        ids = (library.llama_token * (len(raw) + 1))()
        count = library.llama_tokenize(self._vocabulary, raw, len(raw), ids, len(ids), False, parse_special)
        assert count >= 0
        return ids[:count]

    def __enter__(self) -> "LlamaVocabulary":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        library.llama_model_free(self._model)


def plain_text_tokenizer(tokenizer_json: str) -> Tokenizer:
    """`tokenizers`' side: special tokens in a text are text, as in llama.cpp with parse_special off."""
    tokenizer = Tokenizer.from_str(tokenizer_json)
    tokenizer.encode_special_tokens = True
    return tokenizer


def assert_tokenizers_agree(tokenizer: Tokenizer, vocabulary: LlamaVocabulary, text: str) -> None:
    """Both libraries read `text` as the same tokens; the failure shows the text and where they part."""
    theirs = vocabulary.tokenize(text)
    ours = tokenizer.encode(text, add_special_tokens=False).ids
    assert ours == theirs, f"{text[:200]!r}: {[tokenizer.id_to_token(token) for token in theirs][:40]}"


def boundary_tokenizer(pre_tokenizer: dict[str, object]) -> str:
    """A tokenizer.json that makes the splits of a pre-tokenizer visible in its tokens.

    Beside the 256 bytes it knows the pairs of bytes that meet where a character meets one of a few ASCII characters,
    and none that lies within a character: such a pair is one token exactly where no split lies between the two.
    """
    letters = byte_letters()
    first_bytes, last_bytes = [*range(0x80), *range(0xC2, 0xF5)], range(0xC0)
    pairs = [(ascii_byte, first) for ascii_byte in b"a1. \n\t'" for first in first_bytes]
    pairs += [(last, ascii_byte) for ascii_byte in b"a1. \n\t'" for last in last_bytes]
    merges = list(dict.fromkeys((letters[left], letters[right]) for left, right in pairs))
    tokens = ["<|end|>", *letters, *("".join(pair) for pair in merges)]
    return json.dumps(
        {
            "version": "1.0",
            "added_tokens": [
                {
                    "id": 0,
                    "content": "<|end|>",
                    "single_word": False,
                    "lstrip": False,
                    "rstrip": False,
                    "normalized": False,
                    "special": True,
                }
            ],
            "normalizer": None,
            "pre_tokenizer": pre_tokenizer,
            "post_processor": None,
            "decoder": {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True},
            "model": {
                "type": "BPE",
                "vocab": {token: index for index, token in enumerate(tokens)},
                "merges": merges,
            },
        }
    )


def byte_letters() -> list[str]:
    """The visible character that byte-level BPE writes for each byte: GPT-2's table."""
    kept = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in kept]
    table = {byte: chr(byte) for byte in kept} | {byte: chr(256 + index) for index, byte in enumerate(others)}
    return [table[byte] for byte in range(256)]
