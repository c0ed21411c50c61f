"""`hrm-edge serve` as a process: where it listens, and how it ends."""

import json
import re
import shutil
import signal
import subprocess
import sys
from http.client import HTTPConnection

import pytest
from onnx_files import exported
from running_server import wait_until

from hrm_edge.model_store import MODELS_VARIABLE, ModelName, ModelStore
from hrm_edge.model_store.manifest import Converted, write_manifest


@pytest.fixture
def started(random_model):
    """`started(*options)`: (process, port) of a server that has its model."""
    pytest.importorskip("llama_cpp")
    processes = []

    def start(*options, model=None):
        command = [
            sys.executable, "-m", "hrm_edge", "serve", "--model", str(model or random_model("plain")),
            "--runtime", "llama-cpp", "--threads", "1", "--port", "0", *options,
        ]  # fmt: skip
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        processes.append(process)
        said = process.stderr.readline()
        port = int(re.search(r"http://127\.0\.0\.1:(\d+)/", said)[1])
        wait_until(lambda: health(port) != "loading")
        return process, port

    yield start
    for process in processes:
        process.kill()
        process.communicate()


def ask(port, method, path, body=None):
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request(method, path, None if body is None else json.dumps(body), {"Content-Type": "application/json"})
    return connection, connection.getresponse()


def health(port):
    connection, response = ask(port, "GET", "/health")
    try:
        return json.loads(response.read())["status"]
    finally:
        connection.close()


def streaming(port, max_tokens=200):
    """A long answer whose first bytes have come."""
    chat = {
        "model": "model", "messages": [{"role": "user", "content": "list"}], "stream": True, "temperature": 1,
        "seed": 3, "max_tokens": max_tokens, "n": 4,
    }  # fmt: skip
    connection, response = ask(port, "POST", "/v1/chat/completions", chat)
    assert response.status == 200
    return connection, response


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, -signal.SIGTERM)], ids=["INT", "TERM"]
)
def test_a_signal_lets_the_answers_end_and_leaves_nothing_on_stdout(started, number, code):
    process, port = started()
    connection, response = streaming(port)
    response.read(1)
    process.send_signal(number)
    assert response.read().rstrip().endswith(b"data: [DONE]")
    connection.close()
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (code, "")
    assert "Traceback" not in err


def test_past_the_grace_period_a_stream_ends_with_an_error(started):
    process, port = started("--grace", "0")
    connection, response = streaming(port)
    response.read(1)
    process.send_signal(signal.SIGTERM)
    events = response.read().decode().strip().split("\n\n")
    connection.close()
    assert "shutting down" in json.loads(events[-1].removeprefix("data: "))["error"]["message"]
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGTERM


def test_a_converted_model_is_served_at_another_depth(started, random_model, monkeypatch, tmp_path):
    """Its model.onnx has its own depth unrolled: this one is exported from its directory."""
    monkeypatch.setenv(MODELS_VARIABLE, str(tmp_path / "models"))
    directory = ModelStore().path_of(ModelName.parse("a/b-4bit"))
    shutil.copytree(random_model("plain"), directory)
    exported(directory, directory / "model.onnx")
    write_manifest(
        directory, Converted(name="a/b-4bit", source="a/b", fingerprint="f", bits=4, method="rtn", made_by="1")
    )
    _, port = started("--runtime", "onnx", "--cycles", "1", model="a/b-4bit")
    assert health(port) == "ready"
    connection, response = ask(port, "GET", "/v1/models", None)
    assert [model["id"] for model in json.loads(response.read())["data"]] == ["a/b-4bit"]
    connection.close()


def test_a_broken_model_file_is_a_503_and_a_line_in_the_log(started, tmp_path):
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(b"GGUF" + bytes(200))
    process, port = started(model=broken)
    assert health(port) == "failed"
    connection, response = ask(port, "POST", "/v1/completions", {"model": "broken", "prompt": "a"})
    assert response.status == 503
    assert "broken.gguf" in json.loads(response.read())["error"]["message"]
    connection.close()
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert len([line for line in err.splitlines() if "the model cannot be used" in line and "broken.gguf" in line]) == 1
    assert "Traceback" not in err
