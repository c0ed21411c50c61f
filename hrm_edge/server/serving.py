"""The process: a bound socket, uvicorn, and an end in good order.

On SIGTERM or Ctrl-C no new connection is taken, the answers at hand get their grace period, and what is not finished
then ends with an error that says so. uvicorn raises the signal again afterwards, so that the exit status tells it.
"""

import asyncio
import socket
from ipaddress import ip_address

import uvicorn

from hrm_edge.server.app import create_app
from hrm_edge.server.engine import Engine
from hrm_edge.server.http_protocol import protocol_with
from hrm_edge.server.metrics import Metrics
from hrm_edge.server.settings import Binding, Limits

AFTER_GRACE_S = 5
"""For the last words to be sent."""
BACKLOG = 2048


def bound_socket(host: str, port: int) -> socket.socket:
    """A socket that listens on the first address of `host`; port 0 takes a free one.

    Raises:
        OSError: there is no such address here, or another program has the port.
    """
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    return socket.create_server(address, family=family, backlog=BACKLOG)


def is_loopback(listening: socket.socket) -> bool:
    """Whether only this machine reaches the socket."""
    return ip_address(listening.getsockname()[0].partition("%")[0]).is_loopback


def address_of(listening: socket.socket) -> str:
    """http://127.0.0.1:8000"""
    host, port, *_ = listening.getsockname()
    return f"http://[{host}]:{port}" if listening.family == socket.AF_INET6 else f"http://{host}:{port}"


def make_server(
    engine: Engine, metrics: Metrics, *, model_name: str, binding: Binding, limits: Limits
) -> uvicorn.Server:
    """What `run(sockets=[…])` serves with until a signal comes: Ctrl-C then raises KeyboardInterrupt, and SIGTERM ends
    the process, as both do by default."""
    config = uvicorn.Config(
        create_app(engine, metrics, model_name=model_name, binding=binding, limits=limits),
        http=protocol_with(limits),
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        limit_concurrency=limits.connections,
        timeout_graceful_shutdown=int(limits.grace_s) + AFTER_GRACE_S,
    )
    return _Server(config, engine, limits.grace_s)


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, engine: Engine, grace_s: float) -> None:
        super().__init__(config)
        self._engine = engine
        self._grace_s = grace_s

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """See uvicorn.Server."""
        end = asyncio.get_running_loop().call_later(self._grace_s, self._engine.end)
        await super().shutdown(sockets)
        end.cancel()
