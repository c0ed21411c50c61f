"""A server in this process, on a port of its own: real sockets, real HTTP, the engine's real thread.

with RunningServer(lambda: ServedModel.load(…)) as server:
    server.client().models.list()
"""

import json
import socket
import threading
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from time import sleep

from context_model import ContextBatch, ContextModel
from random_models import write_tiny_tokenizer

from hrm_edge.assistant.drawing import Model
from hrm_edge.runtimes.options import RuntimeOptions
from hrm_edge.server.assistance import Assistance
from hrm_edge.server.engine import Engine
from hrm_edge.server.listening import bound_socket
from hrm_edge.server.metrics import Metrics
from hrm_edge.server.served_model import ServedModel
from hrm_edge.server.serving import make_server
from hrm_edge.server.settings import Binding, Limits
from hrm_edge.tokenizer import Tokenizer

MODEL = "tiny"
WAIT_S = 60
"""For what must come; reached only when it does not."""


class RunningServer:
    """Started by `with`, and stopped as SIGTERM stops it."""

    def __init__(
        self,
        load: Callable[[], ServedModel],
        *,
        limits: Limits | None = None,
        api_key: str | None = None,
        verify: bool = True,
        index: bool = False,
    ) -> None:
        limits = limits or Limits(places=4)
        metrics = Metrics()
        self.engine = Engine(load, limits, metrics)
        self.assistance = Assistance(limits, metrics, verify=verify, index=index)
        self._listening = bound_socket("127.0.0.1", 0)
        self.port = self._listening.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        binding = Binding(api_key=api_key)
        self.server = make_server(
            self.engine, self.assistance, metrics, model_name=MODEL, binding=binding, limits=limits
        )
        self._thread = threading.Thread(target=self.server.run, kwargs={"sockets": [self._listening]}, daemon=True)

    def __enter__(self) -> "RunningServer":
        self._thread.start()
        wait_until(lambda: self.server.started)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._thread.join(WAIT_S)
        assert not self._thread.is_alive()

    def stop(self) -> None:
        """What a signal does."""
        self.server.should_exit = True

    def ready(self) -> "RunningServer":
        """Wait for the model."""
        wait_until(lambda: self.engine.state != "loading")
        assert self.engine.state == "ready"
        return self

    def client(self, **options):
        """OpenAI's own client."""
        openai = __import__("pytest").importorskip("openai")
        return openai.OpenAI(base_url=f"{self.url}/v1", max_retries=0, **{"api_key": "none", **options})

    def connection(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=WAIT_S)

    def ask(self, method: str, path: str, body: bytes | dict | None = None, headers: dict[str, str] | None = None):
        """(status, headers, body) of one request."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=WAIT_S)
        if isinstance(body, dict):
            body = json.dumps(body).encode()
        try:
            connection.request(method, path, body, {"Content-Type": "application/json", **(headers or {})})
            response = connection.getresponse()
            return response.status, response.headers, response.read()
        finally:
            connection.close()


class GatedModel(ContextModel):
    """A model that decodes only as many passes as it was let: what happens while answers are written can be tested
    without a clock. `broken` makes the next pass raise it."""

    def __init__(self, *, open_gate: bool = False, vocab_size: int = 320, **shape) -> None:
        super().__init__(vocab_size=vocab_size, **shape)
        self.gate = threading.Event()
        self.broken: Exception | None = None
        self.batches: list[GatedBatch] = []
        if open_gate:
            self.gate.set()

    def batch(self, *, capacity: int, context_length: int | None = None) -> "GatedBatch":
        self.batches.append(GatedBatch(self, capacity, context_length or self.context_length))
        return self.batches[-1]

    def close(self) -> None:
        self.gate.set()


class GatedBatch(ContextBatch):
    """Its sequences."""

    def decode(self, tokens):
        self.model.gate.wait(WAIT_S)
        if self.model.broken is not None:
            raise self.model.broken
        return super().decode(tokens)


def gated(model: ContextModel, directory: Path) -> Callable[[], ServedModel]:
    """What loads it, with a tokenizer that is written to `directory`."""
    text = write_tiny_tokenizer(directory, 320).read_text(encoding="utf-8")
    return lambda: ServedModel(Model(model, Tokenizer.from_json(text)))


def wait_until(happened: Callable[[], bool]) -> None:
    """Wait for what another thread will do."""
    for _ in range(WAIT_S * 200):
        if happened():
            return
        sleep(0.005)
    raise AssertionError("it did not happen")


def loader(path: Path) -> Callable[[], ServedModel]:
    """What loads a checkpoint into llama.cpp."""
    return lambda: ServedModel.load(path, RuntimeOptions(runtime="llama-cpp", threads=1))
