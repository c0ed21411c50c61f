"""Log-probabilities as OpenAI shows them: four lists side by side for completions, one object per token for chats.

Every token that the model chose is listed, the one that ends the answer and those of a stop string included.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from hrm_edge.runtimes.generation import Step
from hrm_edge.server.token_texts import Offsets, TokenTexts

LEAST = -9999.0
"""Stands for −inf, which JSON does not have; OpenAI's own value for "very unlikely"."""


class CompletionLogprobs:
    """The lists of one completion as it grows."""

    def __init__(self, texts: TokenTexts) -> None:
        self._texts = texts
        self._offsets = Offsets(texts)

    def unscored(self, token_ids: Iterable[int]) -> dict[str, list[Any]]:
        """Tokens of the prompt block, each read in sight of all others: they have no probability."""
        return self._lists([(token_id, None, None) for token_id in token_ids])

    def scored(self, steps: Sequence[Step]) -> dict[str, list[Any]]:
        """Tokens of the answer, given or chosen."""
        return self._lists([(step.token_id, _finite(step.log_probability), self._top(step)) for step in steps])

    def _top(self, step: Step) -> dict[str, float] | None:
        """The most probable tokens, and always the one that is there."""
        if not step.alternatives:
            return None
        pairs = [*step.alternatives, (step.token_id, step.log_probability)]
        return {self._texts.name(token_id): _finite(value) for token_id, value in pairs}

    def _lists(self, tokens: Sequence[tuple[int, float | None, dict[str, float] | None]]) -> dict[str, list[Any]]:
        return {
            "text_offset": [self._offsets.add(token_id) for token_id, _, _ in tokens],
            "token_logprobs": [value for _, value, _ in tokens],
            "tokens": [self._texts.name(token_id) for token_id, _, _ in tokens],
            "top_logprobs": [top for _, _, top in tokens],
        }


def joined(parts: Sequence[dict[str, list[Any]]]) -> dict[str, list[Any]]:
    """The lists of several parts, one after another."""
    names = ("text_offset", "token_logprobs", "tokens", "top_logprobs")
    return {name: [value for part in parts for value in part[name]] for name in names}


def chat_logprobs(texts: TokenTexts, steps: Sequence[Step]) -> dict[str, Any]:
    """The `logprobs` of a chat choice."""
    return {"content": [_chat_token(texts, step) for step in steps], "refusal": None}


def _chat_token(texts: TokenTexts, step: Step) -> dict[str, Any]:
    top = [_named(texts, token_id, value) for token_id, value in step.alternatives]
    return {**_named(texts, step.token_id, step.log_probability), "top_logprobs": top}


def _named(texts: TokenTexts, token_id: int, value: float) -> dict[str, Any]:
    data = texts.bytes_of(token_id)
    return {"token": data.decode(errors="replace"), "logprob": _finite(value), "bytes": list(data)}


def _finite(value: float) -> float:
    return max(value, LEAST)
