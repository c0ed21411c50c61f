"""`hrm-edge list`: the models that commands know by name, and what each costs."""

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import typer

from hrm_edge.commands.models.stages import size_text
from hrm_edge.commands.options import Json
from hrm_edge.commands.terminal import print_json, print_status
from hrm_edge.errors import HrmEdgeError

if TYPE_CHECKING:
    from hrm_edge.architecture import Architecture
    from hrm_edge.info import ModelInfo
    from hrm_edge.model_store import Entry


@dataclass(frozen=True, kw_only=True)
class _Row:
    """A model with what its files say; `error` instead where they cannot be read."""

    entry: "Entry"
    info: "ModelInfo | None"
    error: str | None
    verified: bool | None
    """What the verify.json of a converted model says; None where there is none."""


def list_models(as_json: Json = False) -> None:
    """Show the models that were pulled or converted: architecture, bits, size on disk, KV cache per token.

    Each can be given to every command by its name. The embedded model is not among them and always there.

    Examples:

      hrm-edge list

      hrm-edge list --json
    """
    from hrm_edge.model_store import ModelStore

    store = ModelStore()
    entries, errors = store.entries()
    rows = [_describe(entry) for entry in entries]
    if as_json:
        print_json({"directory": str(store.directory), "models": [_to_json(row) for row in rows]})
    elif rows:
        _print_rows(rows)
    else:
        print_status(f"no model in {store.directory}: hrm-edge pull NAME fetches one from the Hugging Face Hub")
    for name, size in store.unfinished():
        model = name.replace("--", "/")
        print_status(
            f"unfinished: {model}, {size_text(size)}; the same command goes on, hrm-edge remove {model} drops it"
        )
    for problem in [*map(str, errors), *(row.error for row in rows if row.error is not None)]:
        typer.secho(f"hrm-edge: {problem}", err=True)


def _describe(entry: "Entry") -> _Row:
    from hrm_edge.info import describe

    try:
        return _Row(entry=entry, info=describe(entry.path), error=None, verified=_verified(entry))
    except HrmEdgeError as error:
        return _Row(entry=entry, info=None, error=str(error), verified=None)


def _verified(entry: "Entry") -> bool | None:
    from hrm_edge.checkpoint.text_files import read_json_object

    path = entry.path / "verify.json"
    if not path.is_file():
        return None
    candidates = read_json_object(path).get("candidates")
    return isinstance(candidates, list) and all(
        isinstance(candidate, dict) and candidate.get("passed") is True for candidate in candidates
    )


def _print_rows(rows: list[_Row]) -> None:
    """A rich table, wrapped to the terminal. A pipe has no width: there nothing is wrapped or coloured."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("model", "kind", "architecture", "bits", "on disk", "KV cache per token", "verified"):
        side: Literal["left", "right"] = "right" if heading in ("bits", "on disk") else "left"
        longest_word = max(map(len, heading.split()))
        table.add_column(heading, overflow="fold", justify=side, min_width=longest_word)
    for row in rows:
        table.add_row(*(Text(cell) for cell in _cells(row)))
    Console(width=None if sys.stdout.isatty() else 1000, highlight=False).print(table)


def _cells(row: _Row) -> list[str]:
    kind = type(row.entry.manifest).__name__.lower()
    on_disk = size_text(row.entry.disk_bytes)
    if row.info is None:
        return [row.entry.name, kind, "damaged", "", on_disk, "", ""]
    kv = ", ".join(f"{size_text(size)} {kind}" for kind, size in row.info.kv_bytes_per_token.items())
    verified = {None: "", True: "yes", False: "no: past tolerance"}[row.verified]
    return [row.entry.name, kind, _shape(row.info.architecture), str(row.info.bits), on_disk, kv, verified]


def _shape(architecture: "Architecture") -> str:
    """`hrm_text, 1536 wide, 2×16 layers, 2×3 cycles`."""
    sizes = architecture
    return (
        f"hrm_text, {sizes.hidden_size} wide, 2×{sizes.num_layers_per_stack} layers, "
        f"{sizes.h_cycles}×{sizes.l_cycles} cycles"
    )


def _to_json(row: _Row) -> dict[str, Any]:
    """Everything `hrm-edge info --json` says of the model, under its name."""
    described = {} if row.info is None else row.info.to_json()
    return {
        **described,
        "name": row.entry.name,
        "kind": type(row.entry.manifest).__name__.lower(),
        "path": str(row.entry.path),
        "disk_bytes": row.entry.disk_bytes,
        "verified": row.verified,
        "error": row.error,
    }
