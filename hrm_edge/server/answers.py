"""From the engine's thread to the event loop: the pieces of a request's answers, for as long as its client is there.

with AnswerFeed(engine, orders) as feed:
    async for index, piece in feed: ...
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, MutableMapping, Sequence
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Any

from hrm_edge.errors import HrmEdgeError, PromptError
from hrm_edge.server.api_errors import ApiError, DisconnectedError, bad_request
from hrm_edge.server.engine import Engine, EngineUnavailableError, Order, Piece, QueueFullError

RETRY_S = 1
"""What clients are told to wait when the queue is full: an answer of a small model takes about that."""
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]


class AnswerFeed:
    """The answers to some orders; leaving the block takes back what is not finished."""

    def __init__(self, engine: Engine, orders: Sequence[Order]) -> None:
        """Queue the orders.

        Raises:
            ApiError: 429 where the queue is full, 503 where there is no engine, 400 for a prompt it cannot take.
        """
        self._engine = engine
        self._news: asyncio.Queue[tuple[int, Piece | Exception]] = asyncio.Queue()
        self._event_loop = asyncio.get_running_loop()
        try:
            tickets = engine.submit(orders, self._hand_over)
        except (QueueFullError, EngineUnavailableError, HrmEdgeError) as error:
            raise api_error(error) from error
        self._tickets = dict(enumerate(tickets))
        """Of the orders whose answers have not ended."""

    def __enter__(self) -> "AnswerFeed":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.cancel()

    def cancel(self, *, all_but: int | None = None) -> None:
        """Take back what is not finished: no piece of it comes any more.

        Args:
            all_but: the index of an order that goes on.
        """
        left = [index for index in self._tickets if index != all_but]
        self._engine.cancel([self._tickets.pop(index) for index in left])

    async def __aiter__(self) -> AsyncIterator[tuple[int, Piece]]:
        """As `pieces`, without an end of time."""
        async for index, piece in self.pieces():
            yield index, piece

    async def pieces(self, *, until: float | None = None) -> AsyncGenerator[tuple[int, Piece], None]:
        """(index of the order, piece) until every answer has ended, or until then by the event loop's clock.

        Raises:
            ApiError: an answer ended by an error.
        """
        while self._tickets:
            try:
                async with asyncio.timeout_at(until):
                    index, news = await self._news.get()
            except TimeoutError:
                return
            if index not in self._tickets:  # it was under way when its order was taken back
                continue
            if isinstance(news, Exception):
                raise api_error(news) from news
            if news.finish_reason is not None:
                del self._tickets[index]
            yield index, news

    def _hand_over(self, index: int, news: Piece | Exception) -> None:
        self._event_loop.call_soon_threadsafe(self._news.put_nowait, (index, news))


def api_error(error: Exception) -> ApiError:
    """What a client is told of an error of the engine."""
    if isinstance(error, QueueFullError):
        return ApiError(429, str(error), code="queue_full", headers={"Retry-After": str(RETRY_S)})
    if isinstance(error, EngineUnavailableError):
        return ApiError(503, str(error), code="engine_unavailable")
    if isinstance(error, PromptError):
        return bad_request(str(error), param="prompt", code="context_length_exceeded")
    return ApiError(500, str(error), code="model_error")


@asynccontextmanager
async def while_connected(receive: Receive, seconds: float) -> AsyncIterator[None]:
    """The block ends when the client goes away or the time is over.

    Raises:
        DisconnectedError: it went.
        ApiError: 504, the time is over.
    """
    gone = False

    async def watch() -> None:
        nonlocal gone
        while (await receive())["type"] != "http.disconnect":
            pass
        gone = True
        if not deadline.expired():
            deadline.reschedule(asyncio.get_running_loop().time())

    try:
        async with asyncio.timeout(seconds) as deadline:
            watcher = asyncio.create_task(watch())
            try:
                yield
            finally:
                watcher.cancel()
    except TimeoutError as error:
        if gone:
            raise DisconnectedError from error
        raise ApiError(504, f"no whole answer within {seconds:g} s: ask for fewer tokens", code="timeout") from error
