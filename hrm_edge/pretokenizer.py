"""How text is cut into words before byte pairs are merged, by regex and by llama.cpp's name for it.

A GGUF file cannot carry a regex: it names one of the pre-tokenizers that llama.cpp has built in. Two libraries agree
on a regex only as far as they agree on what a letter is. onig, which `tokenizers` uses, knows Unicode 16; llama.cpp
knows 15.1 and takes the newer scripts for neither letters nor numbers. `SPLIT_PATTERN` says so to onig, and then both
split every string alike; tests/export/test_tokenizer_agreement.py compares all code points.

The published patterns below it are other people's: llama.cpp splits them alike but for those newer scripts and, where
a pattern ignores case, the long s (ſ) of an abbreviation.

Reference: llama.cpp `src/llama-vocab.cpp` (llm_tokenizer_bpe) and `src/unicode.cpp`.
"""

_UNICODE_16 = (  # its new letters and numbers
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
"""hrm-edge's own: Qwen2's pattern over the letters and numbers of Unicode 15.1."""

_IGNORING_CASE = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)"
_BOTH_CASES = r"(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])"
_QWEN2 = r"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
_LLAMA3 = _QWEN2.replace(r"|\p{N}|", r"|\p{N}{1,3}|")
GPT2_PATTERN = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
"""What `ByteLevel` splits by where it stands alone (use_regex)."""

_NAMES = {
    (SPLIT_PATTERN, False): "qwen2",
    (_IGNORING_CASE + _QWEN2, False): "qwen2",
    (_BOTH_CASES + _QWEN2, False): "qwen2",
    (_IGNORING_CASE + _LLAMA3, True): "llama-bpe",
    (_BOTH_CASES + _LLAMA3, True): "llama-bpe",
    (_IGNORING_CASE + _LLAMA3, False): "dbrx",
    (_BOTH_CASES + _LLAMA3, False): "dbrx",
    (GPT2_PATTERN, False): "gpt-2",
}


def llama_cpp_name(pattern: str, *, ignore_merges: bool) -> str | None:
    """The `tokenizer.ggml.pre` that splits as `pattern` does, or None where llama.cpp has none.

    ignore_merges: the BPE takes a word that is a token as it is, without merging; llama.cpp ties this to the name.
    """
    return _NAMES.get((pattern, ignore_merges))
