"""Text to token ids and back: one `tokenizer.json`, read by Hugging Face's `tokenizers`.

User text can never forge a marker: `encode` reads `<|end|>` in a request as seven ordinary characters, and only
`token_id` and `encode_template` give the special token itself.
"""

from collections.abc import Sequence

from tokenizers import Tokenizer as TokenizerJson

from hrm_edge.errors import CheckpointError

PROMPT_TOKEN = "<|prompt|>"
ANSWER_TOKEN = "<|answer|>"
END_TOKEN = "<|end|>"
PAD_TOKEN = "<|pad|>"
SPECIAL_TOKENS = (PROMPT_TOKEN, ANSWER_TOKEN, END_TOKEN, PAD_TOKEN)


class Tokenizer:
    """A tokenizer.json in memory."""

    def __init__(self, backend: TokenizerJson) -> None:
        self._backend = backend
        self._backend.no_padding()
        self._backend.no_truncation()

    @classmethod
    def from_json(cls, text: str) -> "Tokenizer":
        """From the whole text of a tokenizer.json.

        Raises:
            CheckpointError: the text is no tokenizer that `tokenizers` can read.
        """
        try:
            return cls(TokenizerJson.from_str(text))
        except Exception as error:  # tokenizers raises nothing narrower
            raise CheckpointError(f"tokenizer.json cannot be read ({error}): save it again with tokenizers") from error

    @property
    def vocab_size(self) -> int:
        """Number of tokens, special ones included."""
        return int(self._backend.get_vocab_size(with_added_tokens=True))

    def encode(self, text: str) -> list[int]:
        """Token ids of plain text; the names of special tokens in it are plain text too."""
        self._backend.encode_special_tokens = True
        return list(self._backend.encode(text, add_special_tokens=False).ids)

    def encode_template(self, text: str) -> list[int]:
        """Token ids of text we wrote ourselves or a chat template did: special tokens in it count."""
        self._backend.encode_special_tokens = False
        return list(self._backend.encode(text, add_special_tokens=False).ids)

    def decode(self, ids: Sequence[int]) -> str:
        """Text of token ids, special tokens left out; bytes that are no UTF-8 become U+FFFD."""
        return str(self._backend.decode(list(ids), skip_special_tokens=True))

    def find(self, token: str) -> int | None:
        """The id of a token, or None where the vocabulary has no such token."""
        found = self._backend.token_to_id(token)
        return None if found is None else int(found)

    def token_id(self, token: str) -> int:
        """The id of a token that must be there.

        Raises:
            CheckpointError: the vocabulary has no such token.
        """
        found = self.find(token)
        if found is None:
            raise CheckpointError(f"the tokenizer has no token {token!r}: it must have it to mark requests and answers")
        return found

    def to_json(self) -> str:
        """The whole tokenizer.json."""
        return str(self._backend.to_str())
