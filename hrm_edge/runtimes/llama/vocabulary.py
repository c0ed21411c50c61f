"""The tokenizer inside a GGUF file, as llama.cpp reads it: for files that bring no tokenizer.json."""

import ctypes
from collections.abc import Sequence

from hrm_edge.errors import PromptError
from hrm_edge.runtimes.llama.native import NativeModel, llama_library

_NO_TOKEN = -1


class NativeVocabulary:
    """Text to token ids and back; valid while the model is open."""

    def __init__(self, model: NativeModel) -> None:
        library = llama_library()
        self._model = model  # which owns the vocabulary
        self._handle = library.llama_model_get_vocab(model.handle)
        self._size = model.vocab_size

    @property
    def bos_id(self) -> int | None:
        """The token that stands first in every text, or None where texts begin without one."""
        library = llama_library()
        bos = int(library.llama_vocab_bos(self._handle))
        return bos if bos != _NO_TOKEN and library.llama_vocab_get_add_bos(self._handle) else None

    def end_ids(self) -> frozenset[int]:
        """Tokens that end an answer, as llama.cpp knows them for this file."""
        library = llama_library()
        return frozenset(token for token in range(self._size) if library.llama_vocab_is_eog(self._handle, token))

    def special_text(self, which: str) -> str:
        """How the file writes its first (`bos`) or last (`eos`) token; empty where it has none."""
        library = llama_library()
        token = int(getattr(library, f"llama_vocab_{which}")(self._handle))
        return "" if token == _NO_TOKEN else bytes(library.llama_vocab_get_text(self._handle, token)).decode()

    def encode(self, text: str, *, special: bool = False) -> list[int]:
        """Token ids, without a first token; the names of special tokens in `text` count only if `special`.

        Raises:
            PromptError: the vocabulary cannot say it.
        """
        raw = text.encode("utf-8", "replace")
        # A token has at least one byte; a few more for the space that some tokenizers put first.
        ids = (ctypes.c_int32 * (len(raw) + 8))()
        count = llama_library().llama_tokenize(self._handle, raw, len(raw), ids, len(ids), False, special)
        if count < 0:
            raise PromptError(f"the model's tokenizer cannot read {text[:40]!r}: use another request")
        return list(ids[:count])

    def decode(self, ids: Sequence[int]) -> str:
        """Text of token ids, special tokens left out; bytes that are no UTF-8 become U+FFFD."""
        library = llama_library()
        tokens = (ctypes.c_int32 * len(ids))(*ids)
        room = 16 * len(ids) + 16
        while True:
            buffer = ctypes.create_string_buffer(room)
            written = library.llama_detokenize(self._handle, tokens, len(ids), buffer, room, False, False)
            if written >= 0:
                return buffer.raw[:written].decode("utf-8", "replace")
            room = -written  # what it needs
