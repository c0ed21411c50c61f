"""The socket a server listens with, made before anything heavy is imported: a wrong address is told at once."""

import socket
from ipaddress import ip_address

BACKLOG = 2048
"""Connections that the system holds while the server is busy or its model is loading."""


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
