"""Text to token ids and back: one `tokenizer.json`, read by Hugging Face's `tokenizers`.

User text can never forge a marker: `encode` reads `<|end|>` in a request as seven ordinary characters, and only
`token_id` and `encode_template` give the special token itself.
"""

import json
from collections.abc import Sequence

from tokenizers import AddedToken
from tokenizers import Tokenizer as TokenizerJson

from hrm_edge.errors import CheckpointError

PROMPT_TOKEN = "<|prompt|>"
ANSWER_TOKEN = "<|answer|>"
END_TOKEN = "<|end|>"
PAD_TOKEN = "<|pad|>"
SPECIAL_TOKENS = (PROMPT_TOKEN, ANSWER_TOKEN, END_TOKEN, PAD_TOKEN)
NAME_TOKENS = tuple(f"<|name{number}|>" for number in range(1, 13))
"""Stand for the names of a request in models that are trained without them (hrm_edge.delexicalization)."""


class Tokenizer:
    """A tokenizer.json in memory."""

    def __init__(self, backend: TokenizerJson) -> None:
        self._backend = backend
        self._backend.no_padding()
        self._backend.no_truncation()
        names = {number: name for name in NAME_TOKENS if (number := self.find(name)) is not None}
        self._names = names if len(names) == len(NAME_TOKENS) else {}  # somebody else's, who may mean something else

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

    @property
    def has_names(self) -> bool:
        """Whether requests are to be delexicalized."""
        return bool(self._names)

    def decode(self, ids: Sequence[int]) -> str:
        """Text of token ids; bytes that are no UTF-8 become U+FFFD. Of special tokens only NAME_TOKENS are shown."""
        text, run = "", list[int]()
        for token_id in ids:
            if token_id in self._names:
                text += self._text(run) + self._names[token_id]
                run = []
            else:
                run.append(token_id)
        return text + self._text(run)

    def _text(self, ids: list[int]) -> str:
        return str(self._backend.decode(ids, skip_special_tokens=True))

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

    def with_names(self) -> "Tokenizer":
        """The same with NAME_TOKENS behind all others."""
        backend = TokenizerJson.from_str(self.to_json())
        backend.add_special_tokens([AddedToken(name, special=True, normalized=False) for name in NAME_TOKENS])
        return Tokenizer(backend)

    def without_names(self) -> "Tokenizer":
        """The same without NAME_TOKENS."""
        written = json.loads(self.to_json())
        written["added_tokens"] = [token for token in written["added_tokens"] if token["content"] not in NAME_TOKENS]
        return Tokenizer.from_json(json.dumps(written))

    def to_json(self) -> str:
        """The whole tokenizer.json."""
        return str(self._backend.to_str())
