"""Text as it arrives: token ids become whole characters, and a fenced answer becomes its code, without waiting.

`TextStream` holds a token back while its bytes end inside a UTF-8 character. `StopStream` ends a text where a stop
string begins and holds back only what may be the beginning of one; `AnswerStream` is both for the steps of an answer.
`CodeStream` shows what stands inside
the first code fence and holds back only what may be the closing fence; what it has shown in the end is exactly
`hrm_edge.prompt.parse_answer(text).text`.
"""

import re
from collections.abc import Callable, Sequence

from hrm_edge.delexicalization.lexicalize import NameStream
from hrm_edge.runtimes.generation import FinishReason, Step

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


class StopStream:
    """A text up to the first of its stop strings, from pieces of it.

    The first is the one that is complete first, the longest of those; so it does not matter how the text is cut.
    """

    def __init__(self, stops: Sequence[str]) -> None:
        """Raises ValueError for an empty stop string, which every text begins with."""
        if not all(stops):
            raise ValueError("a stop string is empty: leave it out or give it a character")
        self._stops = tuple(stops)
        self._held = ""
        self.stopped = False

    def add(self, text: str) -> str:
        """What `text` adds that can no longer be part of a stop string."""
        if self.stopped:
            return ""
        self._held += text
        found = [(place + len(stop), place) for stop in self._stops if (place := self._held.find(stop)) >= 0]
        if found:
            _, place = min(found)
            self.stopped = True
            fresh, self._held = self._held[:place], ""
            return fresh
        keep = max((_longest_suffix_that_starts(stop, self._held) for stop in self._stops), default=0)
        fresh, self._held = self._held[: len(self._held) - keep], self._held[len(self._held) - keep :]
        return fresh

    def finish(self) -> str:
        """What was held back, when no text follows."""
        fresh, self._held = self._held, ""
        return fresh


class AnswerStream:
    """The text of an answer from its steps: without the stop token, and cut where a stop string begins.

    for step in generate(runtime, prompt_ids, …):
        print(stream.add(step), end="")
        if stream.finish_reason is not None:
            break
    """

    def __init__(
        self, decode: Callable[[Sequence[int]], str], stops: Sequence[str] = (), names: Sequence[str] = ()
    ) -> None:
        """`decode` as for TextStream, `names` of the rendered request. A stop string does not count in what the answer
        is forced to begin with."""
        self._text, self._names = TextStream(decode), NameStream(names)
        self._stop = StopStream(stops)
        self.finish_reason: FinishReason | None = None
        """Why the answer is over, by its last step or by a stop string; None while it goes on."""

    def add(self, step: Step) -> str:
        """The text that a step completes; nothing once the answer is over."""
        if self.finish_reason is not None:
            return ""
        text = "" if step.finish_reason == "stop" else self._text.add(step.token_id)
        if step.finish_reason is not None:
            text += self._text.finish()
        text = self._names.add(text)
        fresh = text if step.forced else self._stop.add(text)
        if self._stop.stopped:
            self.finish_reason = "stop"
        elif step.finish_reason is not None:
            self.finish_reason = step.finish_reason
            fresh += self._stop.finish()
        return fresh


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
