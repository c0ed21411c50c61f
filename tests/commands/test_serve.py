"""What `hrm-edge serve` refuses before it serves; tests/server has what it does then."""

import socket

import pytest

pytest.importorskip("fastapi")


@pytest.fixture(autouse=True)
def _without_a_key(monkeypatch):
    monkeypatch.delenv("HRM_EDGE_API_KEY", raising=False)


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_an_address_that_others_reach_needs_a_key(cli, monkeypatch, host):
    result = cli("serve", "--host", host, "--port", "0")
    assert (result.code, result.out) == (2, "")
    assert "HRM_EDGE_API_KEY" in result.err
    monkeypatch.setenv("HRM_EDGE_API_KEY", "")
    assert cli("serve", "--host", host, "--port", "0").code == 2


@pytest.mark.parametrize("key", ["two words", "naïve", "a\nb"])
def test_a_key_that_no_header_carries_is_refused(cli, key):
    result = cli("serve", "--port", "0", "--api-key", key)
    assert result.code == 2
    assert key not in result.err


def test_a_port_that_is_taken_is_wrong_usage(cli):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        result = cli("serve", "--port", port)
    assert result.code == 2
    assert str(port) in result.err


def test_an_address_of_another_machine_is_wrong_usage(cli):
    result = cli("serve", "--host", "192.0.2.1", "--api-key", "key")
    assert result.code == 2
    assert "192.0.2.1" in result.err


def test_a_model_that_is_not_there_is_one_line(cli):
    result = cli("serve", "--model", "no/such.gguf", "--port", "0")
    assert (result.code, result.out) == (1, "")
    assert result.err.startswith("hrm-edge: no/such.gguf ")
    assert result.err.count("\n") == 1
