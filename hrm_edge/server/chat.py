"""POST /v1/chat/completions: one request in the model's own template, and its answer.

`verified` in every choice is what `hrm-edge run --json` calls so: true, false, or null where nothing was checked.
"""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Any

from starlette.responses import Response

from hrm_edge.runtimes.generation import Sampling, Step
from hrm_edge.server.answers import AnswerFeed
from hrm_edge.server.engine import Order, Piece
from hrm_edge.server.envelope import Envelope, check_length, samplers, usage
from hrm_edge.server.logprobs import chat_logprobs
from hrm_edge.server.responding import Service, respond, tokenized
from hrm_edge.server.schema import ChatRequest
from hrm_edge.server.served_model import ServedModel


async def answer_chat(body: ChatRequest, service: Service) -> Response:
    """The response to one request. Raises: as answer_completion."""
    model = service.model(body.model)
    most_tokens = model.context_length if body.most_tokens is None else body.most_tokens
    name = "max_tokens" if body.max_completion_tokens is None else "max_completion_tokens"
    check_length(name, most_tokens, model.context_length)
    parts = await tokenized(model.request_parts, body.request, body.language)
    orders = [
        Order(
            prompt_ids=parts.prompt_ids,
            sampling=Sampling(
                sampler=sampler,
                stop_ids=model.stop_ids,
                max_tokens=most_tokens,
                forced_ids=parts.begun_ids,
                alternatives=body.top_logprobs or 0,
            ),
            stops=tuple(body.stop),
        )
        for sampler in samplers(body)
    ]
    choices = [_Choice(index=index, model=model, with_logprobs=body.logprobs) for index in range(body.n)]
    prefix, kind = "chatcmpl", "chat.completion"
    envelope = Envelope.new(prefix, kind + ".chunk" if body.stream else kind, body.model, with_usage=body.include_usage)

    def whole() -> dict[str, Any]:
        tokens = usage(len(parts.prompt_ids), sum(len(choice.steps) for choice in choices))
        return envelope.around([choice.whole() for choice in choices], tokens)

    async def chunks(feed: AnswerFeed) -> AsyncGenerator[dict[str, Any], None]:
        for choice in choices:
            yield envelope.chunk(choice.begin())
        async for index, piece in feed:
            part = choices[index].add(piece)
            if part is not None:
                yield envelope.chunk(part)

    return await respond(service, orders, chunks, whole, stream=body.stream, with_usage=body.include_usage)


@dataclass(kw_only=True, eq=False)
class _Choice:
    """One choice as it comes."""

    index: int
    model: ServedModel
    with_logprobs: bool
    finish_reason: str | None = None
    texts: list[str] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)

    def begin(self) -> dict[str, Any]:
        """The delta that says who speaks."""
        return self._chunk({"role": "assistant", "content": ""}, [])

    def add(self, piece: Piece) -> dict[str, Any] | None:
        """What a step brings, if anything."""
        self.texts.append(piece.text)
        self.steps.append(piece.step)
        self.finish_reason = piece.finish_reason
        if not (piece.text or self.with_logprobs or piece.finish_reason):
            return None
        chunk = self._chunk({"content": piece.text} if piece.text else {}, [piece.step])
        return chunk if piece.finish_reason is None else {**chunk, "verified": None}

    def whole(self) -> dict[str, Any]:
        """All of it."""
        message = {"role": "assistant", "content": "".join(self.texts), "refusal": None}
        return {
            "index": self.index,
            "message": message,
            "logprobs": chat_logprobs(self.model.token_texts, self.steps) if self.with_logprobs else None,
            "finish_reason": self.finish_reason,
            "verified": None,
        }

    def _chunk(self, delta: dict[str, str], steps: list[Step]) -> dict[str, Any]:
        return {
            "index": self.index,
            "delta": delta,
            "logprobs": chat_logprobs(self.model.token_texts, steps) if self.with_logprobs and steps else None,
            "finish_reason": self.finish_reason,
        }
