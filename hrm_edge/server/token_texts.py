"""What single tokens say: their bytes, which are whole characters only together.

A byte-level BPE writes every byte as one printable character. The table from byte to character is GPT-2's
`bytes_to_unicode` (https://github.com/openai/gpt-2/blob/9b63575ef42771a015060c964af2c3da4cf7c8ab/src/encoder.py#L9).
"""

import codecs
import json
from collections.abc import Sequence
from typing import Any

from hrm_edge.tokenizer import Tokenizer


class TokenTexts:
    """The bytes of every token of a tokenizer."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        described = json.loads(tokenizer.to_json())
        self._names = {int(token["id"]): str(token["content"]) for token in described.get("added_tokens", ())}
        self._pieces: dict[int, bytes] = _byte_level_pieces(described)
        self.longest = max(map(len, [*self._pieces.values(), *self._names.values()])) if self._pieces else 0
        """Characters that one token covers at most; 0 where the tokenizer is of a kind that does not say."""

    def bytes_of(self, token_id: int) -> bytes:
        """Special tokens say their names."""
        if token_id in self._names:
            return self._names[token_id].encode()
        piece = self._pieces.get(token_id)
        return self._tokenizer.decode([token_id]).encode() if piece is None else piece

    def name(self, token_id: int) -> str:
        """The token as a string that no other token has: its text, or `bytes:\\xe2\\x80` where that is no character."""
        data = self.bytes_of(token_id)
        try:
            return data.decode()
        except UnicodeDecodeError:
            return "bytes:" + "".join(f"\\x{byte:02x}" for byte in data)

    def text(self, token_ids: Sequence[int]) -> str:
        """The text of several, special tokens by their names."""
        return b"".join(map(self.bytes_of, token_ids)).decode(errors="replace")


class Offsets:
    """Where in the text each token begins, in characters."""

    def __init__(self, texts: TokenTexts) -> None:
        self._texts = texts
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._characters = 0

    def add(self, token_id: int) -> int:
        """The offset of the next token."""
        start = self._characters
        self._characters += len(self._decoder.decode(self._texts.bytes_of(token_id)))
        return start


def _byte_level_pieces(described: dict[str, Any]) -> dict[int, bytes]:
    decoder, vocabulary = described.get("decoder") or {}, described["model"].get("vocab")
    kinds = {decoder.get("type"), *(step.get("type") for step in decoder.get("decoders", ()))}
    if "ByteLevel" not in kinds or not isinstance(vocabulary, dict):
        return {}
    byte_of = {character: byte for byte, character in enumerate(_byte_characters())}
    return {
        int(token_id): bytes(byte_of[character] for character in piece)
        for piece, token_id in vocabulary.items()
        if all(character in byte_of for character in piece)
    }


def _byte_characters() -> list[str]:
    """The character of each byte: itself where it is printable, else one from 256 up in order."""
    printable = {*range(33, 127), *range(161, 173), *range(174, 256)}
    others = iter(range(256, 512))
    return [chr(byte if byte in printable else next(others)) for byte in range(256)]
