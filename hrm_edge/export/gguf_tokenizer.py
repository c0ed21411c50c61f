"""A tokenizer.json in llama.cpp's terms: tokens, types and merges of a byte-level BPE.

hrm-edge itself tokenizes with the tokenizer.json that travels whole in the same file; these keys are for everyone
else's llama.cpp. A tokenizer that llama.cpp cannot follow is refused, and the file is written without these keys: one
that reads text differently from the way its model was trained looks fine and answers badly.

llama.cpp normalizes nothing. A tokenizer that asks for Unicode NFC is accepted (text is NFC nearly always); any other
normalizer is refused.

Reference: llama.cpp `src/llama-vocab.cpp` (llama_vocab::impl::load).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hrm_edge.errors import ExportError
from hrm_edge.pretokenizer import GPT2_PATTERN, llama_cpp_name
from hrm_edge.tokenizer import END_TOKEN, PAD_TOKEN, PROMPT_TOKEN, Tokenizer

NORMAL, CONTROL, USER_DEFINED, UNUSED = 1, 3, 4, 5
"""ggml token types. USER_DEFINED tokens are found in any text, CONTROL ones only where special tokens are asked for."""

_FIRST_TOKENS = (PROMPT_TOKEN, "<|im_start|>", "<|begin_of_text|>", "<s>", "<bos>", "<|endoftext|>")
_LAST_TOKENS = (END_TOKEN, "<|im_end|>", "<|eot_id|>", "<|end_of_text|>", "<|endoftext|>", "</s>", "<eos>")
_PAD_TOKENS = (PAD_TOKEN, "<pad>", "<|endoftext|>")


@dataclass(frozen=True, kw_only=True)
class GgufVocabulary:
    """The `tokenizer.ggml.*` values of one tokenizer. Lists are indexed by token id."""

    pre: str
    tokens: list[str]
    types: list[int]
    merges: list[str]
    bos_id: int
    eos_id: int
    padding_id: int


def gguf_vocabulary(tokenizer_json: str, vocab_size: int) -> GgufVocabulary:
    """Read a tokenizer.json for a model of `vocab_size` rows; rows without a token become unused tokens.

    Raises:
        CheckpointError: the text is no tokenizer.json.
        ExportError: not a byte-level BPE, a pre-tokenizer or option llama.cpp does not have, or ids beyond the model.
    """
    # Through `tokenizers` and back: older spellings become today's, and nothing malformed gets further.
    parsed = json.loads(Tokenizer.from_json(tokenizer_json).to_json())
    model = parsed["model"]
    _check_model(model)
    _check_normalizer(parsed["normalizer"])
    added = {entry["content"]: entry for entry in parsed["added_tokens"]}
    for entry in added.values():
        _check_added(entry)
    ids = {**model["vocab"], **{text: entry["id"] for text, entry in added.items()}}
    tokens = _tokens_by_id(ids, vocab_size)
    _check_bytes(ids)
    bos, eos, padding = (_first_known(ids, names) for names in (_FIRST_TOKENS, _LAST_TOKENS, _PAD_TOKENS))
    if eos is None:
        raise _refused(f"it has none of {', '.join(_LAST_TOKENS)}: llama.cpp must know where an answer ends")
    return GgufVocabulary(
        pre=_pre_tokenizer_name(parsed["pre_tokenizer"], ignore_merges=model["ignore_merges"]),
        tokens=_with_unused(tokens),
        types=[_token_type(token, added) for token in tokens],
        merges=[" ".join(pair) for pair in model["merges"]],
        bos_id=eos if bos is None else bos,
        eos_id=eos,
        padding_id=eos if padding is None else padding,
    )


def _check_model(model: Mapping[str, Any]) -> None:
    if model["type"] != "BPE":
        raise _refused(f"its model is {model['type']!r} and llama.cpp reads byte-level 'BPE' here")
    for option in ("dropout", "continuing_subword_prefix", "end_of_word_suffix", "byte_fallback"):
        if model[option]:
            raise _refused(f"its option {option} is {model[option]!r}, which llama.cpp does not have")


def _check_normalizer(normalizer: Mapping[str, Any] | None) -> None:
    if normalizer is not None and normalizer["type"] != "NFC":
        raise _refused(f"its normalizer is {normalizer['type']!r} and llama.cpp reads text as it is")


def _check_added(entry: Mapping[str, Any]) -> None:
    for option in ("lstrip", "rstrip", "single_word"):
        if entry[option]:
            raise _refused(f"its token {entry['content']!r} has {option}, which llama.cpp does not have")


def _check_bytes(ids: Mapping[str, int]) -> None:
    """A byte without a token would be dropped by one side and not by the other."""
    from tokenizers.pre_tokenizers import ByteLevel

    missing = sorted(set(ByteLevel.alphabet()) - ids.keys())
    if missing:
        raise _refused(f"{len(missing)} of the 256 bytes have no token, {missing[0]!r} first: llama.cpp needs them all")


def _pre_tokenizer_name(pre_tokenizer: Mapping[str, Any] | None, *, ignore_merges: bool) -> str:
    pattern = _pattern(pre_tokenizer)
    name = None if pattern is None else llama_cpp_name(pattern, ignore_merges=ignore_merges)
    if name is None:
        shown = pattern or json.dumps(pre_tokenizer)
        raise _refused(
            f"llama.cpp has no pre-tokenizer that splits text as {shown[:120]!r} does"
            + (" and ignores merges" if ignore_merges else "")
        )
    return name


def _pattern(pre_tokenizer: Mapping[str, Any] | None) -> str | None:
    """The regex of `ByteLevel` alone or of `Split` before `ByteLevel`, or None for anything else."""
    parts = [] if pre_tokenizer is None else pre_tokenizer.get("pretokenizers", [pre_tokenizer])
    kinds = [part["type"] for part in parts]
    if kinds not in (["ByteLevel"], ["Split", "ByteLevel"]) or parts[-1]["add_prefix_space"]:
        return None
    if kinds == ["ByteLevel"]:
        return GPT2_PATTERN if parts[0]["use_regex"] else None
    split = parts[0]
    # The patterns match every character, so removing what lies between the matches removes nothing.
    cuts_alike = (split["behavior"], split["invert"]) in (("Isolated", False), ("Removed", True))
    if parts[-1]["use_regex"] or not cuts_alike:
        return None
    pattern: str | None = split["pattern"].get("Regex")
    return pattern


def _tokens_by_id(ids: Mapping[str, int], vocab_size: int) -> list[str | None]:
    tokens: list[str | None] = [None] * vocab_size
    for text, token_id in ids.items():
        if token_id >= vocab_size:
            raise _refused(f"its token {text!r} has id {token_id} and the model's vocabulary has {vocab_size} rows")
        tokens[token_id] = text
    return tokens


def _with_unused(tokens: list[str | None]) -> list[str]:
    """Every id with a text of its own; llama.cpp takes no text twice."""
    taken = set(tokens)
    named = []
    for token_id, token in enumerate(tokens):
        text = f"[unused {token_id}]" if token is None else token
        while token is None and text in taken:
            text = f"[{text}]"
        named.append(text)
    return named


def _token_type(token: str | None, added: Mapping[str, Mapping[str, Any]]) -> int:
    if token is None:
        return UNUSED
    if token not in added:
        return NORMAL
    return CONTROL if added[token]["special"] else USER_DEFINED


def _first_known(ids: Mapping[str, int], names: tuple[str, ...]) -> int | None:
    return next((ids[name] for name in names if name in ids), None)


def _refused(reason: str) -> ExportError:
    return ExportError(
        f"llama.cpp cannot follow this tokenizer: {reason}; run the file with hrm-edge, which tokenizes by itself"
    )
