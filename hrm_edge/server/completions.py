"""POST /v1/completions: a text as it stands is continued, and scored if its echo is asked for with logprobs.

See ServedModel.completion_parts for which part of the text is the prompt block.
"""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Any

from starlette.responses import Response

from hrm_edge.runtimes.generation import Sampling
from hrm_edge.server.answers import AnswerFeed
from hrm_edge.server.engine import Order, Piece
from hrm_edge.server.envelope import Envelope, check_length, samplers, usage
from hrm_edge.server.logprobs import CompletionLogprobs, joined
from hrm_edge.server.responding import Service, respond, tokenized
from hrm_edge.server.schema import CompletionRequest
from hrm_edge.server.served_model import Parts, ServedModel


async def answer_completion(body: CompletionRequest, service: Service) -> Response:
    """The response to one request.

    Raises:
        ApiError: what the client is told.
        DisconnectedError: there is no client any more.
    """
    model = service.model(body.model)
    check_length("max_tokens", body.max_tokens, model.context_length)
    scored = body.echo and body.logprobs is not None
    texts = [await tokenized(model.completion_parts, prompt, scored=scored) for prompt in body.prompt]
    # A sampler is one answer's alone: each prompt has its own, from the same seeds.
    drawn = [sampler for _ in texts for sampler in samplers(body)]
    choices = [
        _Choice.new(number * body.n + index, body, model, parts)
        for number, parts in enumerate(texts)
        for index in range(body.n)
    ]
    # The echo of a single block with no token after it is known without the model.
    written = [choice for choice in choices if choice.parts.begun_ids or body.max_tokens]
    orders = [
        Order(
            prompt_ids=choice.parts.prompt_ids,
            sampling=Sampling(
                sampler=drawn[choice.index],
                stop_ids=model.stop_ids,
                max_tokens=len(choice.parts.begun_ids) + body.max_tokens,
                forced_ids=choice.parts.begun_ids,
                alternatives=body.logprobs or 0,
            ),
            stops=tuple(body.stop),
        )
        for choice in written
    ]
    envelope = Envelope.new("cmpl", "text_completion", body.model, with_usage=body.include_usage)

    def whole() -> dict[str, Any]:
        tokens = usage(sum(len(parts.ids) for parts in texts), sum(choice.completion_tokens for choice in choices))
        return envelope.around([choice.whole() for choice in choices], tokens)

    async def chunks(feed: AnswerFeed) -> AsyncGenerator[dict[str, Any], None]:
        for choice in choices:
            if choice not in written:
                choice.finish_reason = "length"
            first = choice.begin()
            if first is not None:
                yield envelope.chunk(first)
        async for index, piece in feed:
            part = written[index].add(piece)
            if part is not None:
                yield envelope.chunk(part)

    return await respond(service, orders, chunks, whole, stream=body.stream, with_usage=body.include_usage)


@dataclass(kw_only=True, eq=False)
class _Choice:
    """One choice as it comes."""

    index: int
    parts: Parts
    echo: str | None
    """The text given, where it is part of the response."""
    logprobs: CompletionLogprobs | None
    finish_reason: str | None = None
    completion_tokens: int = 0
    shown: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def new(cls, index: int, body: CompletionRequest, model: ServedModel, parts: Parts) -> "_Choice":
        prompt = body.prompt[index // body.n]
        echo = prompt if isinstance(prompt, str) else model.token_texts.text(prompt)
        logprobs = None if body.logprobs is None else CompletionLogprobs(model.token_texts)
        return cls(index=index, parts=parts, echo=echo if body.echo else None, logprobs=logprobs)

    def begin(self) -> dict[str, Any] | None:
        """What comes before the first step, if anything does."""
        if self.echo is None:
            return None
        return self._shown(self.echo, None if self.logprobs is None else self.logprobs.unscored(self.parts.prompt_ids))

    def add(self, piece: Piece) -> dict[str, Any] | None:
        """What a step brings, if anything; the text of given tokens is in the echo."""
        given = piece.step.forced
        self.completion_tokens += not given
        self.finish_reason = piece.finish_reason
        told = self.logprobs is not None and not (given and self.echo is None)
        lists = self.logprobs.scored([piece.step]) if self.logprobs is not None and told else None
        text = "" if given else piece.text
        return self._shown(text, lists) if text or told or piece.finish_reason is not None else None

    def whole(self) -> dict[str, Any]:
        """All that was shown as one choice."""
        lists = None
        if self.logprobs is not None:
            lists = joined([part["logprobs"] for part in self.shown])
        return self._json("".join(part["text"] for part in self.shown), lists)

    def _shown(self, text: str, lists: dict[str, list[Any]] | None) -> dict[str, Any]:
        self.shown.append(self._json(text, lists))
        return self.shown[-1]

    def _json(self, text: str, lists: dict[str, list[Any]] | None) -> dict[str, Any]:
        return {"index": self.index, "text": text, "logprobs": lists, "finish_reason": self.finish_reason}
