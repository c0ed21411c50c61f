"""Errors in the shape OpenAI's clients read: {"error": {"message", "type", "param", "code"}}."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

LONGEST_ECHO = 100
"""Characters of the client's own input that a message repeats at most."""


class ApiError(Exception):
    """An answer that is an error."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        code: str | None = None,
        param: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """`code` is what programs branch on, `param` the field of the request at fault."""
        super().__init__(message)
        self.status, self.message, self.code, self.param = status, message, code, param
        self.headers = dict(headers or {})

    def body(self) -> dict[str, Any]:
        """The JSON of it."""
        return {"error": {"message": self.message, "type": _kind(self.status), "param": self.param, "code": self.code}}

    def response(self) -> JSONResponse:
        """The whole HTTP response."""
        return JSONResponse(self.body(), status_code=self.status, headers=self.headers)


class DisconnectedError(Exception):
    """The client went away: nobody reads what we would answer."""


def bad_request(message: str, *, param: str | None = None, code: str | None = None) -> ApiError:
    """400: the client must change its request."""
    return ApiError(400, message, param=param, code=code)


def shortened(text: str) -> str:
    """The client's own text, safe to repeat in a message."""
    return repr(text if len(text) <= LONGEST_ECHO else text[:LONGEST_ECHO] + "…")


def handle_errors(app: FastAPI) -> None:
    """Answer every error of `app` in that shape."""
    app.add_exception_handler(ApiError, _of_ours)
    app.add_exception_handler(RequestValidationError, _of_validation)
    app.add_exception_handler(HTTPException, _of_http)
    app.add_exception_handler(Exception, _of_a_bug)


def _kind(status: int) -> str:
    kinds = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}
    return kinds.get(status, "server_error" if status >= 500 else "invalid_request_error")


async def _of_ours(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ApiError)
    return error.response()


async def _of_validation(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    # ("body", "messages", 0, "content"): the body itself is not a parameter
    param = ".".join(str(part) for part in first["loc"][1:])[:LONGEST_ECHO].encode(errors="replace").decode() or None
    if first["type"] == "json_invalid":
        return bad_request("the body is not valid JSON").response()
    if first["type"] == "extra_forbidden":
        message = f"unknown parameter {shortened(param or '')}: leave it out"
    elif first["type"] == "value_error" and param is None:
        message = str(first["ctx"]["error"])
    elif param is None:
        message = "the body must be a JSON object, sent as Content-Type: application/json"
    else:
        message = f"{param}: {first['msg'].removeprefix('Value error, ')}"
    return bad_request(message, param=param).response()


async def _of_http(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    message = {
        400: "the body is not valid JSON in UTF-8",
        404: "there is nothing at this address: see /v1/models, /v1/completions and /v1/chat/completions",
        405: "this address does not take this method",
    }.get(error.status_code, str(error.detail))
    return ApiError(error.status_code, message, headers=error.headers).response()


async def _of_a_bug(_: Request, __: Exception) -> JSONResponse:
    # Starlette raises it again afterwards, so that its traceback is in the log.
    phrase = HTTPStatus(500).phrase.lower()
    return ApiError(500, f"{phrase}: the server's log has the details").response()
