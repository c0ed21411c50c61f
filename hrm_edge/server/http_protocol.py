"""uvicorn's HTTP/1.1 with three gaps closed: it waits for the head of a request without an end, so that a client that
sends a byte a minute ("slowloris") holds a connection forever; its limit of connections is for those that have sent a
head; and its own errors are plain text.
"""

import asyncio
import json

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from hrm_edge.server.api_errors import ApiError
from hrm_edge.server.settings import Limits


def protocol_with(limits: Limits) -> type[H11Protocol]:
    """The protocol class for uvicorn's `http` setting, which takes no arguments of ours."""

    class BoundedProtocol(HeadTimeoutProtocol):
        head_s = limits.header_s
        most_connections = limits.connections

    return BoundedProtocol


class HeadTimeoutProtocol(H11Protocol):
    """A connection whose client has `head_s` for the head of each request, from its first byte on; for the first
    request from the connection on."""

    head_s: float
    most_connections: int
    _head_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """See asyncio.Protocol."""
        super().connection_made(transport)
        if len(self.connections) > self.most_connections:
            self._refuse(ApiError(503, f"{self.most_connections} connections are open already", code="too_busy"))
        else:
            self._start_timer()

    def data_received(self, data: bytes) -> None:
        """See asyncio.Protocol."""
        super().data_received(data)
        if self.transport.is_closing() or (self.cycle is not None and not self.cycle.response_complete):
            self._stop_timer()
        elif self._head_timer is None:
            self._start_timer()

    def connection_lost(self, exc: Exception | None) -> None:
        """See asyncio.Protocol."""
        self._stop_timer()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """What uvicorn answers to bytes that are no HTTP."""
        self._refuse(ApiError(400, msg))

    def _start_timer(self) -> None:
        self._head_timer = self.loop.call_later(self.head_s, self._too_slow)

    def _stop_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _too_slow(self) -> None:
        self._head_timer = None
        if not self.transport.is_closing():
            self._refuse(ApiError(408, f"the head of the request did not come within {self.head_s:g} s"))

    def _refuse(self, error: ApiError) -> None:
        """Answer by hand, where no request was understood, and close."""
        body = json.dumps(error.body()).encode()
        headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body))), ("Connection", "close")]
        try:
            self.transport.write(self.conn.send(h11.Response(status_code=error.status, headers=headers)) or b"")
            self.transport.write(self.conn.send(h11.Data(data=body)) or b"")
        except h11.LocalProtocolError:
            pass  # a response is under way already: closing is all that is left
        self.transport.close()
