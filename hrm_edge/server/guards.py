"""What stands before every route: who may ask from where, and how much and how slowly they may send.

A web page of anybody can make the browser of this machine's user send requests to 127.0.0.1, and by DNS rebinding (a
name of the attacker that resolves to 127.0.0.1) even read the answers. Without an API key the `Host` must therefore be
a name of this machine; with one, such a page lacks the key. A request that a browser sends for another site's page
says so (`Origin`, `Sec-Fetch-Site`) and is refused in both cases.
"""

import asyncio
import hmac
from hashlib import sha256
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hrm_edge.server.api_errors import ApiError, DisconnectedError, shortened
from hrm_edge.server.settings import Binding, Limits

LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


class Guard:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp, *, binding: Binding, limits: Limits, open_paths: frozenset[str]) -> None:
        """`open_paths` need no key and may be linked to from elsewhere: they say nothing about the model."""
        self._app, self._limits, self._open_paths = app, limits, open_paths
        self._key = None if binding.api_key is None else _digest(binding.api_key)
        self._names = LOCAL_NAMES | {binding.host}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The ASGI application."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        try:
            self._check_site(headers, is_open=scope["path"] in self._open_paths)
            if scope["path"] not in self._open_paths:
                self._check_key(headers)
            body = await self._body(headers, receive)
        except ApiError as error:
            error.headers["Connection"] = "close"  # what is left of the body is not waited for
            await error.response()(scope, receive, send)
        except DisconnectedError:
            return
        else:
            await self._app(scope, _replayed(body, receive), send)

    def _check_site(self, headers: Headers, *, is_open: bool) -> None:
        host = headers.get("host", "")
        if self._key is None and _name(host) not in self._names:
            raise ApiError(403, f"the host {shortened(host)} is not this machine: ask http://127.0.0.1 or localhost")
        origin = headers.get("origin")
        if origin is not None and origin.partition("://")[2] != host:
            raise ApiError(403, f"a page of {shortened(origin)} may not use this server")
        if not is_open and headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
            raise ApiError(403, "pages of other sites may not use this server")

    def _check_key(self, headers: Headers) -> None:
        if self._key is None:
            return
        scheme, _, given = headers.get("authorization", "").partition(" ")
        # Digests have one length, so that the time to compare them says nothing about the key.
        if scheme.lower() != "bearer" or not hmac.compare_digest(_digest(given.strip()), self._key):
            raise ApiError(
                401,
                "the API key is missing or wrong: send Authorization: Bearer KEY",
                code="invalid_api_key",
                headers={"WWW-Authenticate": "Bearer"},
            )

    async def _body(self, headers: Headers, receive: Receive) -> bytes:
        """The whole body, within the bounds of size and time."""
        declared = headers.get("content-length", "0")
        if declared.isdigit() and int(declared[:20]) > self._limits.body_bytes:
            raise self._too_large()
        body = bytearray()
        try:
            async with asyncio.timeout(self._limits.body_s):
                while True:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise DisconnectedError
                    body += message.get("body", b"")
                    if len(body) > self._limits.body_bytes:
                        raise self._too_large()
                    if not message.get("more_body", False):
                        return bytes(body)
        except TimeoutError as error:
            raise ApiError(408, f"the body did not come within {self._limits.body_s:g} s", code="timeout") from error

    def _too_large(self) -> ApiError:
        return ApiError(413, f"the body is larger than {self._limits.body_bytes} bytes", code="body_too_large")


def _replayed(body: bytes, receive: Receive) -> Receive:
    """`receive` from the beginning, for an application that has not read the body."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return messages.pop() if messages else await receive()

    return again


def _name(host: str) -> str:
    """`localhost` of `localhost:8000`; nothing where it is no host."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _digest(key: str) -> bytes:
    return sha256(key.encode()).digest()
