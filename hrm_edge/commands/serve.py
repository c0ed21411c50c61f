"""`hrm-edge serve`: the model over HTTP, for OpenAI's clients and for the browser."""

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hrm_edge.commands.options import Cycles, Device, RuntimeName, Threads
from hrm_edge.commands.requirements import require_libraries
from hrm_edge.commands.terminal import export_notice, print_status

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from hrm_edge.runtimes.options import RuntimeOptions
    from hrm_edge.server.served_model import ServedModel
    from hrm_edge.server.settings import Binding, Limits

KEY_VARIABLE = "HRM_EDGE_API_KEY"
NEEDED = ("fastapi", "uvicorn", "prometheus_client")
PLACES, QUEUE, TIMEOUT_S, GRACE_S = 16, 128, 120.0, 10.0


def serve(
    model: Annotated[
        str | None,
        typer.Option(
            "--model", metavar="PATH|NAME", help="A checkpoint directory, .gguf, .onnx or a pulled model's name."
        ),
    ] = None,
    host: Annotated[
        str,
        typer.Option("--host", metavar="ADDRESS", help="Where to listen; beyond this machine only with a key."),
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", metavar="N", min=0, max=65535, help="0 takes a free one.")] = 8000,
    api_key: Annotated[
        str | None,
        typer.Option(
            "--api-key",
            metavar="KEY",
            envvar=KEY_VARIABLE,
            help="What clients must send. Every user of this machine can read a command line: prefer the variable.",
        ),
    ] = None,
    name: Annotated[
        str | None,
        typer.Option("--name", metavar="NAME", help="The model's name for clients; default: its own."),
    ] = None,
    runtime: Annotated[RuntimeName, typer.Option("--runtime", help="What computes.")] = "onnx",
    device: Device = "cpu",
    cycles: Cycles = None,
    threads: Threads = None,
    context: Annotated[
        int | None,
        typer.Option("--context", metavar="N", min=2, help="Tokens of prompt and answer; default: the model's own."),
    ] = None,
    places: Annotated[
        int, typer.Option("--places", metavar="N", min=1, help="Answers that are written at the same time.")
    ] = PLACES,
    queue: Annotated[
        int, typer.Option("--queue", metavar="N", min=64, help="Answers that may wait; beyond, clients get 429.")
    ] = QUEUE,
    no_verify: Annotated[
        bool, typer.Option("--no-verify", help="Run no answers; by default those to requests with examples are.")
    ] = False,
    no_index: Annotated[
        bool,
        typer.Option("--no-index", help="Leave the local index out: no entry is run, and none is shown to the model."),
    ] = False,
    timeout: Annotated[
        float, typer.Option("--timeout", metavar="SECONDS", min=1, help="Longest request, the wait included.")
    ] = TIMEOUT_S,
    grace: Annotated[
        float, typer.Option("--grace", metavar="SECONDS", min=0, help="For answers to end after SIGTERM or Ctrl-C.")
    ] = GRACE_S,
) -> None:
    """Serve the model by OpenAI's protocol, and a page to try it at the server's address.

    /v1/models, /v1/completions, /v1/chat/completions, /health and /metrics: docs/server.md has the details.

    Examples:

      hrm-edge serve --port 8000

      curl http://127.0.0.1:8000/v1/chat/completions -H 'Content-Type: application/json'
        -d '{"model": "nano-4bit", "messages": [{"role": "user", "content": "list the largest files"}]}'
    """
    require_libraries("the server", *NEEDED, extra="serve")
    key = _checked_key(api_key)
    with _listen(host, port, key) as listening:
        from hrm_edge.commands.model_path import model_path
        from hrm_edge.runtimes.options import RuntimeOptions
        from hrm_edge.server.settings import Binding, Limits

        options = RuntimeOptions(runtime=runtime, device=device, cycles=cycles, threads=threads, context_length=context)
        path = model_path(model, options)
        _serve(
            _loader(path, options),
            listening,
            name or _name_for_clients(model, path),
            Binding(host=host, api_key=key),
            Limits(places=places, queue=queue, request_s=timeout, grace_s=grace),
            verify=not no_verify,
            index=not no_index,
        )


def _name_for_clients(model: str | None, path: Path) -> str:
    """The name that a model was pulled by, a file's or directory's own."""
    own = path.name if path.is_dir() else path.stem
    return own if model is None or Path(model).exists() else model


def _loader(path: Path, options: "RuntimeOptions") -> "Callable[[], ServedModel]":
    """What loads the model, in the engine's thread: the server answers meanwhile."""
    from hrm_edge.server.served_model import ServedModel

    return lambda: ServedModel.load(path, options, on_tensor=export_notice(path))


def _serve(
    load: "Callable[[], ServedModel]",
    listening: "socket.socket",
    name: str,
    binding: "Binding",
    limits: "Limits",
    *,
    verify: bool,
    index: bool,
) -> None:
    from hrm_edge.server.assistance import Assistance
    from hrm_edge.server.engine import Engine
    from hrm_edge.server.listening import address_of
    from hrm_edge.server.metrics import Metrics
    from hrm_edge.server.serving import make_server

    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.WARNING)
    logging.getLogger("hrm_edge").setLevel(logging.INFO)
    metrics = Metrics()
    engine = Engine(load, limits, metrics)
    assistance = Assistance(limits, metrics, verify=verify, index=index)
    server = make_server(engine, assistance, metrics, model_name=name, binding=binding, limits=limits)
    print_status(f"serving {name} at {address_of(listening)}/ (Ctrl-C ends)")
    server.run(sockets=[listening])


def _checked_key(key: str | None) -> str | None:
    """A key that a header can carry."""
    if key is not None and not (key and key.isascii() and key.isprintable() and " " not in key):
        raise typer.BadParameter(f"the API key (--api-key or {KEY_VARIABLE}) must be printable ASCII without spaces")
    return key


def _listen(host: str, port: int, key: str | None) -> "socket.socket":
    from hrm_edge.server.listening import bound_socket, is_loopback

    try:
        listening = bound_socket(host, port)
    except OSError as error:
        raise typer.BadParameter(f"cannot listen at {host} port {port}: {error}") from error
    if key is None and not is_loopback(listening):
        listening.close()
        raise typer.BadParameter(
            f"--host {host} can be reached from other machines: set {KEY_VARIABLE} to a key that clients must send"
        )
    return listening
