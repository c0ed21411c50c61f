"""Who may ask: this machine's programs and the server's own page, and with a key those who have it."""

import json

import pytest
from context_model import ContextModel
from running_server import MODEL, RunningServer, gated

CHAT = {"model": MODEL, "messages": [{"role": "user", "content": "list"}], "max_tokens": 2}
KEY = "a-key-of-the-tests"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("tokenizer")


@pytest.fixture(scope="module")
def local(folder):
    with RunningServer(gated(ContextModel(vocab_size=320), folder)) as running:
        yield running.ready()


@pytest.fixture(scope="module")
def keyed(folder):
    with RunningServer(gated(ContextModel(vocab_size=320), folder), api_key=KEY) as running:
        yield running.ready()


def status(server, path="/v1/models", body=None, **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    code, _, answer = server.ask("GET" if body is None else "POST", path, body, named)
    if code >= 400:
        assert set(json.loads(answer)["error"]) == {"message", "type", "param", "code"}
    return code


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1:1", "[::1]:8000", "LOCALHOST"])
def test_names_of_this_machine_are_answered(local, host):
    assert status(local, Host=host) == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", "localhost@evil.example", "192.168.0.1", "[", ""],
)
@pytest.mark.parametrize("path", ["/v1/models", "/", "/health", "/metrics"])
def test_a_name_that_was_made_to_point_here_is_refused(local, host, path):
    assert status(local, path, Host=host) == 403


@pytest.mark.parametrize("origin", ["https://evil.example", "http://localhost:1", "null", "http://127.0.0.1"])
def test_a_page_of_another_site_is_refused(local, origin):
    assert status(local, "/v1/chat/completions", CHAT, Origin=origin) == 403


def test_the_servers_own_page_is_answered(local):
    own = f"127.0.0.1:{local.port}"
    assert status(local, "/v1/chat/completions", CHAT, Origin=f"http://{own}", Sec_Fetch_Site="same-origin") == 200


def test_an_image_or_script_of_another_site_cannot_ask(local):
    assert status(local, Sec_Fetch_Site="cross-site") == 403
    assert status(local, Sec_Fetch_Site="same-site") == 403
    assert status(local, "/", Sec_Fetch_Site="cross-site") == 200  # a link to the page
    assert status(local, Sec_Fetch_Site="none") == 200


@pytest.mark.parametrize(
    "given", [None, "", "Bearer", "Bearer wrong", f"Bearer {KEY}x", f"Basic {KEY}", KEY, "Bearer \xff"]
)
@pytest.mark.parametrize("path", ["/v1/models", "/metrics", "/v1/nothing"])
def test_without_the_key_there_is_nothing_to_see(keyed, path, given):
    assert status(keyed, path, **({} if given is None else {"Authorization": given})) == 401


def test_the_key_opens_all_of_it_by_any_name(keyed):
    assert status(keyed, Authorization=f"Bearer {KEY}") == 200
    assert status(keyed, Authorization=f"bearer {KEY}", Host="box.lan") == 200
    assert status(keyed, "/v1/chat/completions", CHAT, Authorization=f"Bearer {KEY}") == 200


def test_the_page_and_the_health_need_no_key(keyed):
    assert [status(keyed, path) for path in ("/", "/page.js", "/page.css", "/health")] == [200] * 4


def test_openais_client_sends_the_key(keyed):
    openai = pytest.importorskip("openai")
    assert keyed.client(api_key=KEY).models.list().data[0].id == MODEL
    with pytest.raises(openai.AuthenticationError):
        keyed.client(api_key="other").models.list()


def test_a_large_body_without_the_key_is_not_read(keyed):
    with keyed.connection() as connection:
        connection.sendall(b"POST /v1/completions HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n")
        assert connection.recv(65536).startswith(b"HTTP/1.1 401 ")


def test_the_page_allows_itself_nothing_from_elsewhere(local):
    _, headers, page = local.ask("GET", "/")
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self';")
    assert "unsafe" not in policy
    assert b"http" not in page  # no address of anybody else
    assert headers["X-Content-Type-Options"] == "nosniff"
