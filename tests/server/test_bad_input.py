"""Whatever a client sends, it gets an error in OpenAI's shape, and the next one gets its answer."""

import json
import math

import pytest
from running_server import MODEL, RunningServer, loader, wait_until

from hrm_edge.server.settings import Limits

CHAT = {"model": MODEL, "messages": [{"role": "user", "content": "list"}], "max_tokens": 2}
COMPLETION = {"model": MODEL, "prompt": "list", "max_tokens": 2}

BODIES = {
    "no JSON": b"{",
    "empty": b"",
    "no object": b"[1, 2]",
    "null": b"null",
    "invalid UTF-8": b'{"model": "\xff\xfe"}',
    "nested deeply": b"[" * 100_000,
    "a number of 5000 digits": b'{"max_tokens": ' + b"9" * 5000 + b"}",
}
COMMON = {
    "unknown parameter": {"temprature": 0.5},
    "unknown parameter of half a character": {"\ud800": 1},
    "unknown parameter with a long name": {"a" * 10_000: 1},
    "negative max_tokens": {"max_tokens": -1},
    "max_tokens of text": {"max_tokens": "5"},
    "max_tokens with a fraction": {"max_tokens": 1.5},
    "max_tokens beyond the context": {"max_tokens": 10**12},
    "huge n": {"n": 10**9},
    "n of 0": {"n": 0},
    "negative temperature": {"temperature": -0.1},
    "temperature NaN": {"temperature": math.nan},
    "temperature infinite": {"temperature": math.inf},
    "top_p of 0": {"top_p": 0},
    "too many stops": {"stop": ["a"] * 17},
    "empty stop": {"stop": ""},
    "long stop": {"stop": "a" * 257},
    "stop of numbers": {"stop": [1]},
    "stream of text": {"stream": "yes"},
    "stream_options without a stream": {"stream_options": {"include_usage": True}},
    "penalty": {"frequency_penalty": 1.0},
    "logit_bias": {"logit_bias": {"5": 10}},
    "huge seed": {"seed": 2**70},
    "model of a number": {"model": 5},
    "no model": {"model": None},
}
CHATS = {
    "no messages": {"messages": []},
    "messages of text": {"messages": "hi"},
    "unknown role": {"messages": [{"role": "tool", "content": "hi"}]},
    "no content": {"messages": [{"role": "user"}]},
    "an image": {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x"}}]}]},
    "lone surrogate": {"messages": [{"role": "user", "content": "\ud800"}]},
    "last word not the user's": {"messages": [{"role": "assistant", "content": "hi"}]},
    "long request": {"messages": [{"role": "user", "content": "list " * 400}]},
    "unknown language": {"language": "cobol"},
    "tools": {"tools": [{"type": "function", "function": {"name": "f"}}]},
    "top_logprobs alone": {"top_logprobs": 2},
    "logprobs of a number": {"logprobs": 3},
    "max_tokens of 0": {"max_tokens": 0},
}
COMPLETIONS = {
    "no prompt": {"prompt": None},
    "empty prompt": {"prompt": ""},
    "no prompts": {"prompt": []},
    "prompt of a number": {"prompt": 5},
    "prompts of both kinds inside": {"prompt": [["a", 1]]},
    "tokens of truth": {"prompt": [True, False]},
    "token below 0": {"prompt": [-1, 2]},
    "token outside the vocabulary": {"prompt": [5, 10**9]},
    "token beyond 64 bits": {"prompt": [2**80]},
    "lone surrogate": {"prompt": "\udfff"},
    "long prompt": {"prompt": [5] * 300},
    "long text": {"prompt": "a" * 100_000},
    "many answers": {"prompt": ["a"] * 40, "n": 2},
    "many logprobs": {"logprobs": 21},
    "max_tokens of 0 without echo": {"max_tokens": 0},
    "best_of": {"best_of": 4},
    "suffix": {"suffix": "end"},
}
CASES = [
    *(pytest.param("/v1/chat/completions", body, id=f"chat: {name}") for name, body in BODIES.items()),
    *(pytest.param("/v1/completions", body, id=f"completion: {name}") for name, body in BODIES.items()),
    *(pytest.param("/v1/chat/completions", {**CHAT, **more}, id=f"chat: {n}") for n, more in (COMMON | CHATS).items()),
    *(
        pytest.param("/v1/completions", {**COMPLETION, **more}, id=f"completion: {n}")
        for n, more in (COMMON | COMPLETIONS).items()
    ),
]


def check_error(status, body):
    error = json.loads(body)["error"]
    assert set(error) == {"message", "type", "param", "code"}
    assert 400 <= status < 500, error
    assert error["type"] == "invalid_request_error"
    assert error["message"]
    assert len(error["message"]) < 500
    return error


@pytest.mark.parametrize(("path", "body"), CASES)
def test_a_bad_request_is_refused_and_the_server_lives(server, path, body):
    status, _, answer = server.ask("POST", path, body)
    check_error(status, answer)
    assert server.ask("POST", "/v1/chat/completions", CHAT)[0] == 200


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/v1/nothing", 404),
        ("GET", "/../../etc/passwd", 404),
        ("GET", "/v1/chat/completions", 405),
        ("DELETE", "/v1/models", 405),
        ("GET", "/v1/models/other", 404),
    ],
)
def test_other_addresses_have_errors_of_the_same_shape(server, method, path, expected):
    status, _, answer = server.ask(method, path)
    check_error(status, answer)
    assert status == expected


def test_messages_name_the_parameter_and_the_rule(server):
    error = json.loads(server.ask("POST", "/v1/chat/completions", {**CHAT, "n": 99})[2])["error"]
    assert error["param"] == "n"
    assert "16" in error["message"]
    error = json.loads(server.ask("POST", "/v1/chat/completions", {**CHAT, "temprature": 1})[2])["error"]
    assert "'temprature'" in error["message"]


def test_a_body_that_is_no_json_by_its_type_is_refused(server):
    # What a form of another site can send without asking the browser's permission.
    body = json.dumps(CHAT).encode()
    status, _, answer = server.ask("POST", "/v1/chat/completions", body, {"Content-Type": "text/plain"})
    check_error(status, answer)


@pytest.mark.parametrize("chunked", [False, True])
def test_a_large_body_is_refused_before_it_is_read(server, chunked):
    limit = Limits().body_bytes
    with server.connection() as connection:
        head = "POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        if chunked:
            connection.sendall(f"{head}Transfer-Encoding: chunked\r\n\r\n{limit + 1:x}\r\n".encode())
            connection.sendall(b" " * (limit + 1))
        else:
            connection.sendall(f"{head}Content-Length: {10**15}\r\n\r\n".encode())
        answer = read_all(connection)
    assert answer.startswith(b"HTTP/1.1 413 ")
    check_error(413, answer.partition(b"\r\n\r\n")[2])


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"HELLO\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: \xff\r\n\r\n",
    ],
    ids=["TLS", "no HTTP", "no Host", "Host of bytes"],
)
def test_bytes_that_are_no_request_are_refused_in_the_same_shape(server, sent):
    with server.connection() as connection:
        connection.sendall(sent + b"x" * 70_000 if sent[:1] == b"\x16" else sent)
        answer = read_all(connection)
    status = int(answer.split(b" ")[1])
    body = json.loads(answer.partition(b"\r\n\r\n")[2])
    assert 400 <= status < 500
    assert set(body["error"]) == {"message", "type", "param", "code"}


@pytest.fixture(scope="module")
def impatient(random_model):
    with RunningServer(loader(random_model("plain")), limits=Limits(header_s=0.3, body_s=0.3)) as running:
        yield running.ready()


def read_all(connection):
    """What the server sends until it closes."""
    answer = b""
    while piece := connection.recv(65536):
        answer += piece
    return answer


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nX-Slow",
        b"POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50\r\n\r\n{",
        b"POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n",
    ],
    ids=["nothing", "half a head", "half a body", "half a chunked body"],
)
def test_a_client_that_never_ends_its_request_is_cut_off(impatient, sent):
    with impatient.connection() as connection:
        connection.sendall(sent)
        answer = read_all(connection)  # returns: the server closes
    assert answer.startswith(b"HTTP/1.1 408 ")
    check_error(408, answer.partition(b"\r\n\r\n")[2])
    assert impatient.ask("GET", "/v1/models")[0] == 200


def test_a_client_that_begins_another_request_and_never_ends_it_is_cut_off(impatient):
    with impatient.connection() as connection:
        connection.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        answer = b""
        while b'"ready"' not in answer:
            answer += connection.recv(65536)
        connection.sendall(b"GET /health HT")
        assert read_all(connection).startswith(b"HTTP/1.1 408 ")


def test_a_client_that_sends_a_byte_now_and_then_is_cut_off(impatient):
    with impatient.connection() as connection:
        connection.settimeout(0.05)
        connection.sendall(b"GET /v1/models HTTP/1.1\r\nHost: localhost\r\nX: ")
        answer = b""
        while not answer:
            connection.sendall(b"a")
            try:
                answer = connection.recv(65536)
            except TimeoutError:
                continue
    assert answer.startswith(b"HTTP/1.1 408 ")


def test_many_slow_clients_do_not_hold_up_a_quick_one(impatient):
    slow = [impatient.connection() for _ in range(100)]
    try:
        for connection in slow:
            connection.sendall(b"POST /v1/completions HTTP/1.1\r\nHost: localhost\r\n")
        assert impatient.ask("POST", "/v1/chat/completions", CHAT)[0] == 200
        assert all(read_all(connection).startswith(b"HTTP/1.1 408 ") for connection in slow)
    finally:
        for connection in slow:
            connection.close()


def test_a_connection_too_many_is_told_so(random_model):
    with RunningServer(loader(random_model("plain")), limits=Limits(connections=3)) as running:
        running.ready()
        held = [running.connection() for _ in range(3)]
        with running.connection() as connection:
            answer = read_all(connection)
        assert answer.startswith(b"HTTP/1.1 503 ")
        assert json.loads(answer.partition(b"\r\n\r\n")[2])["error"]["code"] == "too_busy"
        for connection in held:
            connection.close()
        wait_until(lambda: not running.server.server_state.connections)
        assert running.ask("GET", "/v1/models")[0] == 200
