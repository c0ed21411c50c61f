"""Server-sent events: `data: {json}` and an empty line each, `data: [DONE]` in the end.

https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, suppress
from typing import Any

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from hrm_edge.server.answers import AnswerFeed, while_connected
from hrm_edge.server.api_errors import ApiError, DisconnectedError

LAST_WORD_S = 5.0
"""For a client that reads slowly to take the error that ends its stream."""
Chunks = Callable[[AnswerFeed], AsyncGenerator[dict[str, Any], None]]


class EventStream(Response):
    """The chunks of a feed, for as long as the client reads them; the feed is closed whatever ends it.

    Starlette's own StreamingResponse leaves it to the garbage collector to close a stream that the client has left.
    """

    media_type = "text/event-stream"

    def __init__(self, feed: AnswerFeed, chunks: Chunks, *, seconds: float) -> None:
        """`seconds` bounds the whole stream: a client that does not read it loses its place too."""
        super().__init__(headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._feed, self._chunks, self._seconds = feed, chunks, seconds

    async def __call__(self, _: Scope, receive: Receive, send: Send) -> None:
        """The ASGI application."""

        async def write(text: str, *, more: bool = True) -> None:
            body = f"data: {text}\n\n".encode()
            await send({"type": "http.response.body", "body": body, "more_body": more})

        try:
            with self._feed:
                await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
                async with while_connected(receive, self._seconds), aclosing(self._chunks(self._feed)) as chunks:
                    async for chunk in chunks:
                        await write(json.dumps(chunk, ensure_ascii=False, allow_nan=False))
                        # Neither chunks that are there already nor a write wait for anything: without a pause a
                        # client that has left would be noticed after all of them, and others would wait for them.
                        await asyncio.sleep(0)
                    await write("[DONE]", more=False)
        except ApiError as error:  # the status is sent: clients find the error in the stream
            with suppress(TimeoutError):
                async with asyncio.timeout(LAST_WORD_S):
                    await write(json.dumps(error.body()), more=False)
        except DisconnectedError:
            return
