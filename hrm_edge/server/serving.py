"""The process: a bound socket, uvicorn, and an end in good order.

On SIGTERM or Ctrl-C no new connection is taken, the answers at hand get their grace period, and what is not finished
then ends with an error that says so. uvicorn raises the signal again afterwards, so that the exit status tells it.
"""

import asyncio
import socket

import uvicorn

from hrm_edge.server.app import create_app
from hrm_edge.server.assistance import Assistance
from hrm_edge.server.engine import Engine
from hrm_edge.server.http_protocol import protocol_with
from hrm_edge.server.metrics import Metrics
from hrm_edge.server.settings import Binding, Limits

AFTER_GRACE_S = 5
"""For the last words to be sent."""


def make_server(
    engine: Engine, assistance: Assistance, metrics: Metrics, *, model_name: str, binding: Binding, limits: Limits
) -> uvicorn.Server:
    """What `run(sockets=[…])` serves with until a signal comes: Ctrl-C then raises KeyboardInterrupt, and SIGTERM ends
    the process, as both do by default."""
    config = uvicorn.Config(
        create_app(engine, assistance, metrics, model_name=model_name, binding=binding, limits=limits),
        http=protocol_with(limits),
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=int(limits.grace_s) + AFTER_GRACE_S,
    )
    return _Server(config, engine, assistance, limits.grace_s)


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, engine: Engine, assistance: Assistance, grace_s: float) -> None:
        super().__init__(config)
        self._engine, self._assistance = engine, assistance
        self._grace_s = grace_s

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """See uvicorn.Server."""
        end = asyncio.get_running_loop().call_later(self._grace_s, self._end)
        await super().shutdown(sockets)
        end.cancel()

    def _end(self) -> None:
        self._engine.end()
        self._assistance.end()
