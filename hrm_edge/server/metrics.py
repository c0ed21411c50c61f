"""What /metrics says, in Prometheus's text format.

prometheus-client writes it: a package without dependencies, whose escaping, types and process figures are those that
every collector is tested with. Each server has a registry of its own, so that two in one process do not add up.
"""

from collections.abc import Callable
from time import perf_counter

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_TYPE = CONTENT_TYPE_LATEST
SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0)


class Metrics:
    """The figures of one server; safe to use from any thread."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)
        self._requests = Counter(
            "hrm_edge_requests", "Requests by path and status.", ("path", "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "hrm_edge_request_seconds",
            "From a request's head to the end of its response.",
            ("path",),
            buckets=SECONDS,
            registry=self._registry,
        )
        self._first_token = Histogram(
            "hrm_edge_first_token_seconds",
            "From a queued answer to its first token.",
            buckets=SECONDS,
            registry=self._registry,
        )
        self._prompt_tokens = Counter(
            "hrm_edge_prompt_tokens", "Tokens of the prompts of all answers.", registry=self._registry
        )
        self._answer_tokens = Counter(
            "hrm_edge_answer_tokens", "Tokens of all answers, given ones included.", registry=self._registry
        )

    def watch(self, name: str, description: str, value: Callable[[], float]) -> None:
        """A gauge that is read when it is asked for."""
        Gauge(f"hrm_edge_{name}", description, registry=self._registry).set_function(value)

    def count_prompt(self, tokens: int) -> None:
        """An answer is asked for."""
        self._prompt_tokens.inc(tokens)

    def count_tokens(self, tokens: int) -> None:
        """Tokens have been written."""
        self._answer_tokens.inc(tokens)

    def count_first_token(self, seconds: float) -> None:
        """An answer has its first token after so long."""
        self._first_token.observe(seconds)

    def count_request(self, path: str, status: int, seconds: float) -> None:
        """A response has ended."""
        self._requests.labels(path, str(status)).inc()
        self._seconds.labels(path).observe(seconds)

    def text(self) -> bytes:
        """All of it."""
        return generate_latest(self._registry)


class Measured:
    """ASGI middleware that counts every response, whatever made it."""

    def __init__(self, app: ASGIApp, metrics: Metrics, paths: frozenset[str]) -> None:
        """`paths` are told apart; all others are one, so that strangers cannot fill the registry."""
        self._app, self._metrics, self._paths = app, metrics, paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The ASGI application."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start, status = perf_counter(), 500

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noting)
        finally:
            path = scope["path"] if scope["path"] in self._paths else "other"
            self._metrics.count_request(path, status, perf_counter() - start)
