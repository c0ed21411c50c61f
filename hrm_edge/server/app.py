"""The routes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.resources import files
from pathlib import PurePosixPath
from time import time
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response

from hrm_edge.server.api_errors import DisconnectedError, handle_errors
from hrm_edge.server.assistance import Assistance
from hrm_edge.server.chat import answer_chat
from hrm_edge.server.completions import answer_completion
from hrm_edge.server.engine import Engine
from hrm_edge.server.guards import Guard
from hrm_edge.server.metrics import CONTENT_TYPE, Measured, Metrics
from hrm_edge.server.responding import Service, check_model
from hrm_edge.server.schema import ChatRequest, CompletionRequest
from hrm_edge.server.settings import Binding, Limits

PAGE_FILES = {"/": "index.html", "/page.js": "page.js", "/page.css": "page.css"}
PAGE_TYPES = {".html": "text/html", ".js": "text/javascript", ".css": "text/css"}
PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
OPEN_PATHS = frozenset({*PAGE_FILES, "/health"})
API_PATHS = frozenset({"/v1/models", "/v1/completions", "/v1/chat/completions", "/metrics"})
CLIENT_CLOSED_REQUEST = 499
"""nginx's status for a client that left; nobody reads it but the metrics."""


def create_app(
    engine: Engine, assistance: Assistance, metrics: Metrics, *, model_name: str, binding: Binding, limits: Limits
) -> FastAPI:
    """The application around an engine, which it starts and closes, and what it closes with it."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        engine.start()
        yield
        await asyncio.to_thread(engine.close)
        await asyncio.to_thread(assistance.close)

    # FastAPI's own documentation pages load scripts from elsewhere.
    app = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    handle_errors(app)
    app.add_exception_handler(DisconnectedError, _nobody_listens)
    app.add_middleware(Guard, binding=binding, limits=limits, open_paths=OPEN_PATHS)
    app.add_middleware(Measured, metrics=metrics, paths=OPEN_PATHS | API_PATHS)
    _add_model_routes(app, engine, assistance, limits, model_name)
    _add_state_routes(app, engine, metrics)
    _add_page_routes(app)
    return app


def _add_model_routes(app: FastAPI, engine: Engine, assistance: Assistance, limits: Limits, model_name: str) -> None:
    described = {"id": model_name, "object": "model", "created": int(time()), "owned_by": "hrm-edge"}

    def service(request: Request) -> Service:
        return Service(
            engine=engine, assistance=assistance, limits=limits, model_name=model_name, receive=request.receive
        )

    @app.get("/v1/models")
    async def list_models() -> dict[str, Any]:
        return {"object": "list", "data": [described]}

    @app.get("/v1/models/{name:path}")
    async def show_model(name: str) -> dict[str, Any]:
        check_model(name, model_name)
        return described

    @app.post("/v1/completions")
    async def complete(body: CompletionRequest, request: Request) -> Response:
        return await answer_completion(body, service(request))

    @app.post("/v1/chat/completions")
    async def chat(body: ChatRequest, request: Request) -> Response:
        return await answer_chat(body, service(request))


def _add_state_routes(app: FastAPI, engine: Engine, metrics: Metrics) -> None:
    @app.get("/health")
    async def health() -> JSONResponse:
        state = engine.state
        return JSONResponse({"status": state}, status_code=200 if state == "ready" else 503)

    @app.get("/metrics")
    async def show_metrics() -> Response:
        return Response(metrics.text(), headers={"Content-Type": CONTENT_TYPE})


def _add_page_routes(app: FastAPI) -> None:
    folder = files("hrm_edge.server") / "page"
    for path, name in PAGE_FILES.items():
        media_type = PAGE_TYPES[PurePosixPath(name).suffix]
        app.add_api_route(path, _page(folder.joinpath(name).read_bytes(), media_type), methods=["GET", "HEAD"])


def _page(content: bytes, media_type: str) -> Any:
    async def show() -> Response:
        return Response(content, media_type=media_type, headers=PAGE_HEADERS)

    return show


async def _nobody_listens(_: Request, __: Exception) -> Response:
    return Response(status_code=CLIENT_CLOSED_REQUEST)
