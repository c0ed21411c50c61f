"""What all responses of completions carry: their id, time, model and the count of tokens."""

import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hrm_edge.assistant.drawing import TEMPERATURE
from hrm_edge.runtimes.sampling import Sampler
from hrm_edge.server.api_errors import bad_request
from hrm_edge.server.schema import ChatRequest, CompletionRequest


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """One response, whole or in chunks."""

    id: str
    kind: str
    created: int
    model: str
    with_usage: bool
    """Whether a stream ends with its usage."""

    @classmethod
    def new(cls, prefix: str, kind: str, model: str, *, with_usage: bool) -> "Envelope":
        """A fresh one, named after its kind."""
        name = f"{prefix}-{uuid.uuid4().hex}"
        return cls(id=name, kind=kind, created=int(time.time()), model=model, with_usage=with_usage)

    def around(self, choices: Sequence[dict[str, Any]], usage: dict[str, int] | None) -> dict[str, Any]:
        """The JSON of a response or of the last chunk."""
        return {
            "id": self.id,
            "object": self.kind,
            "created": self.created,
            "model": self.model,
            "choices": list(choices),
            "usage": usage,
        }

    def chunk(self, choice: dict[str, Any]) -> dict[str, Any]:
        """The JSON of a chunk; `usage` is there, and null, only if the last chunk will have it."""
        whole = self.around([choice], None)
        if not self.with_usage:
            del whole["usage"]
        return whole


def usage(prompt_tokens: int, completion_tokens: int) -> dict[str, int]:
    """The count of tokens."""
    return {
        "prompt_tokens": prompt_tokens,
        "completion_tokens": completion_tokens,
        "total_tokens": prompt_tokens + completion_tokens,
    }


def samplers(body: CompletionRequest | ChatRequest) -> list[Sampler]:
    """One for each of the `n` choices: choice i is drawn with seed + i, so that each can be drawn again alone."""
    temperature = body.temperature
    if temperature is None:
        temperature = TEMPERATURE if body.n > 1 else 0.0  # several choices at 0 would all be the same
    top_p = 1.0 if body.top_p is None else body.top_p
    seeds = [None if body.seed is None else (body.seed + index) % 2**64 for index in range(body.n)]
    return [Sampler(temperature=temperature, top_p=top_p, seed=seed) for seed in seeds]


def check_length(param: str, asked: int, context_length: int) -> None:
    """Raise ApiError unless an answer of so many tokens may be asked for."""
    if asked > context_length:
        raise bad_request(f"{param} is {asked} and the context holds {context_length} tokens", param=param)
