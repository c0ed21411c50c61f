"""Text as it arrives: token ids become whole characters, and a fenced answer becomes its code, without waiting.

`TextStream` holds a token back while its bytes end inside a UTF-8 character. `CodeStream` shows what stands inside
the first code fence and holds back only what may be the closing fence; what it has shown in the end is exactly
`hrm_edge.prompt.parse_answer(text).text`.
"""

import re
from collections.abc import Callable, Sequence

_REPLACEMENT = "\ufffd"
_OPENING = re.compile(r"```[^\n`]*\n")
_CLOSING = "\n```"


class TextStream:
    """Incremental detokenizer for any decoder that writes U+FFFD in place of bytes that are no UTF-8."""

    def __init__(self, decode: Callable[[Sequence[int]], str]) -> None:
        self._decode = decode
        # The last whole piece is decoded again with what follows: some decoders treat a first token apart.
        self._context: list[int] = []
        self._pending: list[int] = []
        self._shown = 0  # characters of the decoded context and pending tokens that were given out

    def add(self, token_id: int) -> str:
        """The characters that `token_id` completes; empty while one is still open."""
        self._pending.append(token_id)
        text = self._decode(self._context + self._pending)
        # One unfinished character at the end is one U+FFFD; everything before it can no longer change.
        whole = text.removesuffix(_REPLACEMENT)
        fresh = whole[self._shown :]
        self._shown += len(fresh)
        if whole == text:
            self._advance(bool(fresh))
        return fresh

    def finish(self) -> str:
        """What was held back, when no token follows."""
        fresh = self._decode(self._context + self._pending)[self._shown :]
        self._context, self._pending, self._shown = [], [], 0
        return fresh

    def _advance(self, gave_text: bool) -> None:
        """All pending tokens are out: they are the context of the next, unless they are silent (special tokens)."""
        if gave_text:
            self._context = self._pending
            self._shown = len(self._decode(self._context))
        self._pending = []


class CodeStream:
    """The code of a fenced answer from pieces of its text; an answer without a fence is shown whole at the end."""

    def __init__(self) -> None:
        self._held = ""
        self._opened = False
        self._closed = False

    def add(self, text: str) -> str:
        """The code that `text` adds."""
        if self._closed:
            return ""
        self._held += text
        if not self._opened:
            opening = _OPENING.search(self._held)
            if opening is None:
                return ""
            self._opened, self._held = True, self._held[opening.end() :]
        code, closing, _ = self._held.partition(_CLOSING)
        if closing:
            self._closed, self._held = True, ""
            return code
        keep = _longest_suffix_that_starts(_CLOSING, code)
        fresh, self._held = code[: len(code) - keep], code[len(code) - keep :]
        return fresh

    def finish(self) -> str:
        """What was held back, when no text follows: the end of cut-off code, or an answer that had no fence."""
        fresh, self._held = self._held if self._opened else self._held.strip(), ""
        return fresh


def _longest_suffix_that_starts(marker: str, text: str) -> int:
    """Length of the longest end of `text` that is a proper beginning of `marker`."""
    return next((n for n in range(len(marker) - 1, 0, -1) if text.endswith(marker[:n])), 0)
