"""A Hugging Face Hub on this machine: the three endpoints a download uses, real files, real ranges, real faults.

    GET  /api/models/{repository}[/revision/{revision}]?blobs=true    commit and files, with sizes and checksums
    HEAD, GET  /{repository}/resolve/{commit}/{file}                  the file, in whole or from `Range: bytes=N-`

The shape of the answers is the hub's; `huggingface_hub`'s own download reads them in a test. Faults are asked for by
attributes of `HubServer`, each for one file name.

    with serving(model_dir, monkeypatch, tmp_path / "models") as hub:   # as tiny/model, for this process
        ...
"""

import hashlib
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from huggingface_hub import constants

from hrm_edge.model_store import MODELS_VARIABLE

MODEL = "tiny/model"

LARGE_SUFFIXES = (".safetensors", ".bin", "tokenizer.json")
"""Kept by Git LFS on the hub, so that it states their SHA-256; smaller texts have a git blob's SHA-1 alone."""


class HubServer:
    """Repositories by name; `requests` is what was asked for, as (method, path, range)."""

    def __init__(self) -> None:
        self.files: dict[str, dict[str, bytes]] = {}
        self.gated: set[str] = set()
        self.breaks_after: dict[str, list[int]] = {}
        """File → bytes after which each next connection breaks."""
        self.refuses: dict[str, list[int]] = {}
        """File → statuses that each next request gets instead of the file."""
        self.sends_instead: dict[str, bytes] = {}
        self.holds_after: dict[str, int] = {}
        """File → bytes after which the server sends no more and keeps the connection, until it is closed there."""
        self.holding = threading.Event()
        self.answers_instead: bytes | None = None
        """Of /api/models."""
        self.without_ranges: set[str] = set()
        self.on_another_host: set[str] = set()
        """Files that the hub redirects to its content delivery network for."""
        self.stated_sizes: dict[str, int] = {}
        self.requests: list[tuple[str, str, str | None]] = []
        self.tokens: set[tuple[str, str | None]] = set()
        """(host name, Authorization) of every request."""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(self))
        self.endpoint = f"http://127.0.0.1:{self._server.server_port}"

    def add(self, repository: str, directory: Path, **more: bytes) -> None:
        """Serve the files of `directory`, and `more` under the names with `__` for a dot."""
        self.files[repository] = {path.name: path.read_bytes() for path in directory.iterdir()}
        self.files[repository].update({name.replace("__", "."): content for name, content in more.items()})

    def commit(self, repository: str) -> str:
        """Changes with every byte of the repository, as git's does."""
        digest = hashlib.sha1()
        for name, content in sorted(self.files[repository].items()):
            digest.update(name.encode() + b"\0" + content)
        return digest.hexdigest()

    def info(self, repository: str) -> dict[str, Any]:
        """The body of /api/models/…?blobs=true."""
        siblings = [self._sibling(name, content) for name, content in self.files[repository].items()]
        return {"id": repository, "modelId": repository, "sha": self.commit(repository), "siblings": siblings}

    def fetched(self, name: str) -> list[str | None]:
        """The range of every GET for a file of this name."""
        return [wanted for method, path, wanted in self.requests if method == "GET" and path.endswith(f"/{name}")]

    def _sibling(self, name: str, content: bytes) -> dict[str, Any]:
        size = self.stated_sizes.get(name, len(content))
        sibling: dict[str, Any] = {"rfilename": name, "size": size, "blobId": blob_id(content)}
        if name.endswith(LARGE_SUFFIXES):
            sibling["lfs"] = {"size": size, "sha256": hashlib.sha256(content).hexdigest(), "pointerSize": 134}
        return sibling

    def __enter__(self) -> "HubServer":
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def serving(model_dir: Path, patch: pytest.MonkeyPatch, models: Path) -> Iterator[HubServer]:
    """A hub with one model, which this process and its children ask; pulled models go to `models`."""
    with HubServer() as hub:
        hub.add(MODEL, model_dir)
        patch.setenv(MODELS_VARIABLE, str(models))
        patch.setenv("HF_ENDPOINT", hub.endpoint)
        patch.delenv("HF_TOKEN", raising=False)
        patch.setattr(constants, "HF_HUB_DISABLE_TELEMETRY", True)  # transformers imported it before any of us
        patch.setattr("hrm_edge.model_store.transfer.RETRY_WAIT_S", 0.0)
        yield hub


def blob_id(content: bytes) -> str:
    """What git names a blob."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()


def _handler_of(hub: HubServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = unquote(urlsplit(self.path).path)
            hub.requests.append((self.command, path, self.headers["Range"]))
            hub.tokens.add((self.headers["Host"].partition(":")[0], self.headers["Authorization"]))
            if match := re.fullmatch(r"/api/models/([^/]+/[^/]+)(?:/revision/(.+))?", path):
                self._info(match[1], match[2])
            elif match := re.fullmatch(r"/([^/]+/[^/]+)/resolve/([^/]+)/(.+)", path):
                self._file(match[1], match[2], match[3])
            elif match := re.fullmatch(r"/cdn/([^/]+/[^/]+)/(.+)", path):
                self._send(match[2], hub.files[match[1]][match[2]], hub.commit(match[1]))
            else:
                self._error(404, "EntryNotFound")

        do_HEAD = do_GET  # noqa: N815 - http.server's name

        def _info(self, repository: str, revision: str | None) -> None:
            if repository not in hub.files:
                self._error(401, "RepoNotFound")  # what the hub tells somebody it does not know
            elif revision not in (None, "main", "v1", "refs/pr/1", hub.commit(repository)):
                self._error(404, "RevisionNotFound")
            else:
                self._answer(200, hub.answers_instead or json.dumps(hub.info(repository)).encode())

        def _file(self, repository: str, revision: str, name: str) -> None:
            content = hub.files.get(repository, {}).get(name)
            statuses = hub.refuses.get(name)
            if repository in hub.gated:
                self._error(401, "GatedRepo")
            elif content is None or revision not in ("main", hub.commit(repository)):
                self._error(404, "EntryNotFound")
            elif statuses:
                self._error(statuses.pop(0), "")
            elif name in hub.on_another_host:
                place = f"http://localhost:{self.server.server_address[1]}/cdn/{repository}/{name}"
                self._answer(302, b"", {"Location": place})
            else:
                content = hub.sends_instead.get(name, content)
                self._send(name, content, hub.commit(repository))

        def _send(self, name: str, content: bytes, commit: str) -> None:
            wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers["Range"] or "")
            start = int(wanted[1]) if wanted and name not in hub.without_ranges else 0
            headers = {"X-Repo-Commit": commit, "ETag": f'"{hashlib.sha256(content).hexdigest()}"'}
            if wanted and name not in hub.without_ranges:
                headers["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
                self._answer(206, content[start:], headers, name)
            else:
                self._answer(200, content, headers, name)

        def _error(self, status: int, code: str) -> None:
            self._answer(status, b"{}", {"X-Error-Code": code})

        def _answer(self, status: int, body: bytes, headers: dict[str, str] | None = None, name: str = "") -> None:
            self.send_response(status)
            for key, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
                self.send_header(key, value)
            self.end_headers()
            if self.command == "HEAD":
                return
            if name in hub.holds_after:
                self.wfile.write(body[: hub.holds_after[name]])
                self.wfile.flush()
                hub.holding.set()
                self.connection.recv(1)  # ends when the client is gone
                self.close_connection = True
                return
            breaks = hub.breaks_after.get(name)
            if breaks:
                self.wfile.write(body[: breaks.pop(0)])
                self.wfile.flush()
                self.connection.close()
                self.close_connection = True
            else:
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Said by nobody: stderr belongs to the command under test."""

    return Handler
