"""What completions and chats have in common: from orders to a response, whole or in chunks."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, ParamSpec

from starlette.responses import JSONResponse, Response

from hrm_edge.errors import HrmEdgeError
from hrm_edge.server.answers import AnswerFeed, Receive, api_error, while_connected
from hrm_edge.server.api_errors import ApiError, shortened
from hrm_edge.server.assistance import Assistance
from hrm_edge.server.engine import Engine, EngineUnavailableError, Order
from hrm_edge.server.event_stream import EventStream
from hrm_edge.server.served_model import Parts, ServedModel
from hrm_edge.server.settings import Limits

P = ParamSpec("P")


@dataclass(frozen=True, kw_only=True)
class Service:
    """What a request is answered with."""

    engine: Engine
    assistance: Assistance
    limits: Limits
    model_name: str
    receive: Receive
    """Of the request at hand: it says when the client goes away."""

    def model(self, name: str) -> ServedModel:
        """The loaded model, if it is the one asked for.

        Raises:
            ApiError: 404 for another, 503 where none is loaded.
        """
        check_model(name, self.model_name)
        try:
            return self.engine.model
        except EngineUnavailableError as error:
            raise api_error(error) from error


def check_model(name: str, served: str) -> None:
    """Raise ApiError, 404, unless the model is the one we have."""
    if name != served:
        raise ApiError(
            404, f"there is no model {shortened(name)} here: it is {served!r}", param="model", code="model_not_found"
        )


async def tokenized(read: Callable[P, Parts], *args: P.args, **kwargs: P.kwargs) -> Parts:
    """`read(…)` beside the event loop, which a long text would hold up.

    Raises:
        ApiError: 400, the text is none for this model.
    """
    try:
        return await asyncio.to_thread(read, *args, **kwargs)
    except HrmEdgeError as error:
        raise api_error(error) from error


async def respond(
    service: Service,
    orders: Sequence[Order],
    chunks: Callable[[AnswerFeed], AsyncGenerator[dict[str, Any], None]],
    whole: Callable[[], dict[str, Any]],
    *,
    stream: bool,
    with_usage: bool,
) -> Response:
    """Write the orders. `chunks` reads the feed to its end; after that `whole` has the response, usage included.

    Raises:
        ApiError: no answer, or not all of it; in a stream that has begun the error is its last event.
        DisconnectedError: the client went away.
    """
    feed = AnswerFeed(service.engine, orders)
    if stream:

        async def events(feed: AnswerFeed) -> AsyncGenerator[dict[str, Any], None]:
            async with aclosing(chunks(feed)) as parts:
                async for chunk in parts:
                    yield chunk
            if with_usage:
                yield {**whole(), "choices": []}

        return EventStream(feed, events, seconds=service.limits.request_s)
    with feed:
        async with while_connected(service.receive, service.limits.request_s), aclosing(chunks(feed)) as parts:
            async for _ in parts:
                pass
    return JSONResponse(whole())
