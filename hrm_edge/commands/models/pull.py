"""`hrm-edge pull`: a model of the Hugging Face Hub, checked and kept under its name."""

from typing import TYPE_CHECKING, Annotated

import typer

from hrm_edge.commands.models.stages import size_text, stages
from hrm_edge.commands.options import Json
from hrm_edge.commands.terminal import print_json, print_status, print_table

if TYPE_CHECKING:
    from hrm_edge.model_store.pull import PullResult


def pull(
    name: Annotated[
        str,
        typer.Argument(metavar="NAME", help="owner/name on the hub; owner/name@revision for a branch, tag, commit."),
    ],
    as_json: Json = False,
) -> None:
    """Fetch a model from the Hugging Face Hub, for every command to use by its name.

    Config, tokenizer and safetensors are taken and nothing else: no pickle, no code. Every file is checked against
    the checksum the hub states. After Ctrl-C or a broken connection the same command goes on where it stopped.

    HF_TOKEN opens gated and private models, HF_ENDPOINT names another hub, HRM_EDGE_MODELS another place to keep them.

    Examples:

      hrm-edge pull sapientinc/HRM-Text-1B

      hrm-edge run --model sapientinc/HRM-Text-1B "list the ten largest files"
    """
    from hrm_edge.model_store import ModelName, ModelStore
    from hrm_edge.model_store.pull import pull as pull_model

    with stages() as display:
        result = pull_model(ModelName.parse(name), ModelStore(), display.in_bytes)
    tell(result)
    if as_json:
        print_json(_to_json(result))
    else:
        print_table([[file, size_text(stored.size), stored.checksum] for file, stored in result.manifest.files.items()])
        print(result.entry.path)


def tell(result: "PullResult") -> None:
    """On stderr: whether anything was fetched, and what is odd about the model."""
    if result.notice is not None:
        print_status(f"{result.entry.name}: {result.notice}")
    if not result.fetched:
        print_status(f"{result.entry.name} is already here, at commit {result.manifest.commit}")


def _to_json(result: "PullResult") -> dict[str, object]:
    files = {name: {"size": stored.size, "checksum": stored.checksum} for name, stored in result.manifest.files.items()}
    return {
        "name": result.entry.name,
        "path": str(result.entry.path),
        "commit": result.manifest.commit,
        "fetched": result.fetched,
        "files": files,
    }
