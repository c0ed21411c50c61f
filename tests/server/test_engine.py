"""Queue, places, clients that leave, engines that die: with a model that goes on only when the test lets it."""

import json
import threading

import numpy as np
import pytest
from prometheus_client.parser import text_string_to_metric_families
from running_server import MODEL, GatedModel, RunningServer, gated, wait_until

from hrm_edge.errors import CheckpointError, PromptError, RuntimeUnavailableError
from hrm_edge.runtimes.generation import Sampling
from hrm_edge.runtimes.sampling import Sampler
from hrm_edge.server.engine import Order
from hrm_edge.server.settings import Limits

openai = pytest.importorskip("openai")
COMPLETION = {"model": MODEL, "prompt": "count", "max_tokens": 5, "temperature": 1.0, "seed": 0}
"""One draw in 750 is the end token: without a seed an answer may be over before it takes a place."""


@pytest.fixture
def model():
    return GatedModel()


@pytest.fixture
def server(model, tmp_path):
    limits = Limits(places=2, queue=4, grace_s=0.1)
    with RunningServer(gated(model, tmp_path), limits=limits) as running:
        model.gate.set()
        running.ready()
        model.gate.clear()
        yield running
        model.gate.set()


class Asking:
    """A request on a thread of its own."""

    def __init__(self, server, **options):
        self._thread = threading.Thread(target=self._ask, args=(server, {**COMPLETION, **options}), daemon=True)
        self._thread.start()

    def _ask(self, server, body):
        self.result = server.ask("POST", "/v1/completions", body)

    def status(self):
        self._thread.join(60)
        return self.result[0]

    def json(self):
        self._thread.join(60)
        return json.loads(self.result[2])


def metric(server, name):
    _, _, text = server.ask("GET", "/metrics")
    return {
        tuple(sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text.decode())
        for sample in family.samples
        if sample.name == f"hrm_edge_{name}"
    }


def test_a_full_queue_says_when_to_come_back_and_all_others_are_answered(server, model):
    running = [Asking(server)]
    wait_until(lambda: server.engine.running == 1)
    waiting = [Asking(server, prompt=f"wait {number}") for number in range(4)]
    wait_until(lambda: server.engine.waiting == 4)
    status, headers, body = server.ask("POST", "/v1/completions", COMPLETION)
    assert status == 429
    assert int(headers["Retry-After"]) >= 1
    assert json.loads(body)["error"]["type"] == "rate_limit_error"
    with pytest.raises(openai.RateLimitError):
        server.client().completions.create(**COMPLETION)
    assert metric(server, "answers_waiting") == {(): 4}
    assert metric(server, "answers_running") == {(): 1}
    model.gate.set()
    assert [asking.status() for asking in running + waiting] == [200] * 5
    assert metric(server, "requests_total")[("/v1/completions", "429")] == 2
    assert metric(server, "requests_total")[("/v1/completions", "200")] == 5
    assert metric(server, "answer_tokens_total")[()] >= 5


def test_orders_are_taken_all_or_none(server):
    sampling = Sampling(sampler=Sampler(), stop_ids=(), max_tokens=1)
    orders = [Order(prompt_ids=ids, sampling=sampling) for ids in ((5,), (5,) * 10_000)]
    with pytest.raises(PromptError):
        server.engine.submit(orders, lambda *_: None)
    assert not server.engine._writing
    wait_until(lambda: server.engine.waiting == server.engine.running == 0)


@pytest.mark.parametrize("stream", [False, True])
def test_a_client_that_leaves_frees_its_place(server, model, stream):
    body = json.dumps({**COMPLETION, "stream": stream}).encode()
    head = "POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    head += f"Content-Length: {len(body)}\r\n\r\n"
    gone = [server.connection() for _ in range(3)]  # one with a place, two that wait
    for connection in gone:
        connection.sendall(head.encode() + body)
    wait_until(lambda: server.engine.running + server.engine.waiting == 3)
    for connection in gone:
        connection.close()
    wait_until(lambda: not server.engine._writing)
    model.gate.set()
    wait_until(lambda: server.engine.running == 0)
    assert Asking(server).status() == 200
    (batch,) = model.batches
    assert batch.sequences == {}


def test_a_client_that_reads_its_stream_half_leaves_no_answer_behind(server, model):
    model.gate.set()
    stream = server.client().completions.create(**{**COMPLETION, "max_tokens": 150}, stream=True)
    next(iter(stream))
    stream.close()
    wait_until(lambda: not server.engine._writing and server.engine.running == 0)


def test_an_answer_that_takes_too_long_is_ended(model, tmp_path):
    limits = Limits(places=2, request_s=0.3, grace_s=0.1)
    model.gate.set()
    with RunningServer(gated(model, tmp_path), limits=limits) as server:
        server.ready()
        model.gate.clear()
        status, _, body = server.ask("POST", "/v1/completions", COMPLETION)
        assert status == 504
        assert json.loads(body)["error"]["code"] == "timeout"
        _, _, events = server.ask("POST", "/v1/completions", {**COMPLETION, "stream": True})
        last = events.decode().strip().split("\n\n")[-1]
        assert json.loads(last.removeprefix("data: "))["error"]["code"] == "timeout"
        with pytest.raises(openai.APIError, match="no whole answer"):
            list(server.client().completions.create(**COMPLETION, stream=True))
        assert not server.engine._writing
        model.gate.set()


@pytest.mark.parametrize("error", [RuntimeUnavailableError("the device is gone"), ZeroDivisionError("a bug")], ids=str)
def test_an_engine_that_dies_answers_503_and_says_so(server, model, caplog, error):
    streaming = Asking(server, stream=True)
    wait_until(lambda: server.engine.running == 1)
    asking = Asking(server, prompt="other")
    wait_until(lambda: server.engine.waiting == 1)
    model.broken = error
    model.gate.set()
    assert asking.status() == 503
    assert asking.json()["error"]["type"] == "server_error"
    streaming.status()
    assert b'"engine_unavailable"' in streaming.result[2]
    status, _, body = server.ask("GET", "/health")
    assert (status, json.loads(body)["status"]) == (503, "failed")
    assert server.ask("POST", "/v1/completions", COMPLETION)[0] == 503
    with pytest.raises(openai.InternalServerError):
        server.client().completions.create(**COMPLETION)
    assert str(error) in caplog.text
    assert metric(server, "engine_ready") == {(): 0}


def test_an_answer_without_numbers_is_an_error_of_its_own(server, model, caplog):
    broken = model.logits
    model.logits = lambda context: broken(context) * (np.nan if len(context) > 8 else 1)
    model.gate.set()
    assert Asking(server, prompt=[5] * 20).status() == 500
    assert "could not be written" in caplog.text
    assert Asking(server, prompt=[5], max_tokens=2).status() == 200


def test_before_the_model_is_loaded_clients_are_told_so(tmp_path):
    model, loading = GatedModel(open_gate=True), threading.Event()
    load = gated(model, tmp_path)

    def slowly():
        loading.wait(60)
        return load()

    with RunningServer(slowly) as server:
        assert json.loads(server.ask("GET", "/health")[2]) == {"status": "loading"}
        assert server.ask("GET", "/health")[0] == 503
        assert server.ask("POST", "/v1/completions", COMPLETION)[0] == 503
        assert server.ask("GET", "/v1/models")[0] == 200
        loading.set()
        server.ready()
        assert server.ask("GET", "/health")[0] == 200
        assert server.ask("POST", "/v1/completions", COMPLETION)[0] == 200


@pytest.mark.parametrize("damage", ["file", "weights"])
def test_a_broken_model_is_told_before_anyone_asks(tmp_path, caplog, damage):
    model = GatedModel(open_gate=True)
    load = gated(model, tmp_path)
    if damage == "weights":
        model.logits = lambda _: np.full(320, np.nan, np.float32)

    def refuse():
        raise CheckpointError("model.gguf: the file ends early")

    with RunningServer(refuse if damage == "file" else load) as server:
        wait_until(lambda: server.engine.state == "failed")
        status, _, body = server.ask("POST", "/v1/completions", COMPLETION)
        assert status == 503
        assert "cannot be used" in json.loads(body)["error"]["message"]
        assert server.ask("GET", "/health")[0] == 503
    assert "the model cannot be used" in caplog.text


def test_at_the_end_answers_have_their_grace_and_then_an_error(server):
    asking = Asking(server)
    wait_until(lambda: server.engine.running == 1)
    server.stop()
    assert asking.status() == 503
    assert "shutting down" in asking.json()["error"]["message"]


def test_an_answer_that_ends_within_the_grace_period_is_whole(model, tmp_path):
    model.gate.set()
    with RunningServer(gated(model, tmp_path), limits=Limits(places=2, grace_s=30)) as server:
        server.ready()
        model.gate.clear()
        asking = Asking(server)
        wait_until(lambda: server.engine.running == 1)
        server.stop()
        wait_until(lambda: not server.server.servers[0].is_serving())
        model.gate.set()
        assert asking.status() == 200
