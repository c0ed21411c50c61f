"""`hrm-edge remove`: a model that was pulled or converted, gone from disk."""

import sys
from typing import Annotated

import typer

from hrm_edge.commands.models.stages import size_text
from hrm_edge.errors import ModelStoreError


def remove(
    name: Annotated[str, typer.Argument(metavar="NAME", help="As `hrm-edge list` names it.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete a pulled or converted model, and what an interrupted pull left of it.

    Only what `hrm-edge list` shows can be removed: nothing that hrm-edge did not put there, and nothing by a path.

    Example:

      hrm-edge remove sapientinc/HRM-Text-1B
    """
    from hrm_edge.model_store import ModelName, ModelStore
    from hrm_edge.model_store.store import directory_bytes

    store, model = ModelStore(), ModelName.parse(name)
    size = size_text(sum(directory_bytes(path) for path in store.removable(model)))
    if not yes:
        _ask(f"Remove {model} ({size}) from {store.directory}?", name)
    store.remove(model)
    print(f"removed {model}  {size}")


def _ask(question: str, name: str) -> None:
    """Return on a yes; nobody to ask is an error, a no ends the command with exit code 1."""
    if not sys.stdin.isatty():
        raise ModelStoreError(f"nobody is here to say yes to removing {name}: add --yes")
    if not typer.confirm(question, err=True):
        raise typer.Exit(1)
