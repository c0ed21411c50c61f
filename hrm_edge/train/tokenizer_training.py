"""Training the byte-level BPE, splitting text exactly as llama.cpp's `qwen2` pre-tokenizer does.

Every byte is a token, so nothing is ever unknown; digits stand alone and indentation stays together, which suits
code. The pattern is Qwen2's, which llama.cpp knows by name
(https://github.com/ggml-org/llama.cpp/blob/b6800/src/llama-vocab.cpp, LLAMA_VOCAB_PRE_TYPE_QWEN2).
"""

from collections.abc import Iterable

from tokenizers import AddedToken, Regex, decoders, models, pre_tokenizers, trainers
from tokenizers import Tokenizer as TokenizerJson

from hrm_edge.tokenizer import SPECIAL_TOKENS, Tokenizer

_UNICODE_16 = (  # letters and numbers that llama.cpp's Unicode 15.1 tables do not know and onig's do
    "1C89-1C8A A7CB-A7CD A7DA-A7DC 105C0-105F3 10D40-10D65 10D6F-10D85 10EC2-10EC4 11380-11389 1138B 1138E "
    "11390-113B5 113B7 113D1 113D3 116D0-116E3 11BC0-11BE0 11BF0-11BF9 13460-143FA 16100-1611D 16130-16139 "
    "16D40-16D6C 16D70-16D79 18CFF 1CCF0-1CCF9 1E5D0-1E5ED 1E5F0-1E5FA"
)
_NEWER = "".join("-".join(rf"\x{{{end}}}" for end in span.split("-")) for span in _UNICODE_16.split())

SPLIT_PATTERN = (
    r"'(?:[sStTmMdD]|[rR][eE]|[vV][eE]|[lL][lL])"
    rf"|[[^\r\n\p{{L}}\p{{N}}]{_NEWER}]?[\p{{L}}&&[^{_NEWER}]]+"
    rf"|[\p{{N}}&&[^{_NEWER}]]"
    rf"| ?[[^\s\p{{L}}\p{{N}}]{_NEWER}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)
"""Qwen2's pattern with the letters and numbers of Unicode 16 read as llama.cpp reads them: as neither."""


def train_tokenizer(texts: Iterable[str], vocab_size: int) -> Tokenizer:
    """A byte-level BPE of `vocab_size` tokens, special tokens of the prompt included, learned from `texts`."""
    backend = TokenizerJson(models.BPE())
    backend.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(SPLIT_PATTERN), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    backend.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocab_size,
        special_tokens=[AddedToken(token, special=True, normalized=False) for token in SPECIAL_TOKENS],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    backend.train_from_iterator(texts, trainer)
    return Tokenizer(backend)
