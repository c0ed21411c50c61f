"""The house has floors: a lower one never imports a higher one, and inference never imports what trains."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import hrm_edge

PACKAGE = Path(hrm_edge.__file__).parent
FLOORS = (
    {"errors", "pretokenizer", "models", "processor"},
    {
        "machine",
        "architecture",
        "tokenizer",
        "files",
        "languages",
        "edits",
        "shell_match",
        "shell_recipes",
        "data_files",
        "prompt_files",
        "local_index",
        "function_heads",
        "python_source",
    },
    {"problems", "delexicalization"},
    {"prompt", "repair_request"},
    {"quantize.grid", "quantize.ggml_blocks"},
    {"checkpoint"},
    {"quantize"},
    {"export", "sandbox"},
    {"runtimes"},
    {"info", "model_store"},
    {"train", "bench", "assistant"},
    {"server"},
    {"commands"},
    {"cli"},
    {"__main__"},
)
"""From the ground up; a room is a module at the root, a folder, or a file that stands lower than its folder."""


def room(module: str) -> str:
    """`runtimes` for hrm_edge.runtimes.load; `quantize.grid` for itself."""
    parts = module.split(".")[1:]
    two = ".".join(parts[:2])
    return two if any(two in floor for floor in FLOORS) else parts[0]


def floor_of(module: str) -> int:
    return next(number for number, floor in enumerate(FLOORS) if room(module) in floor)


def imports(path: Path) -> Iterator[str]:
    """Every hrm_edge module that a file imports, inside functions too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("hrm_edge."):
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.startswith("hrm_edge."))


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_file_imports_only_from_its_floor_or_below(path: Path) -> None:
    module = ".".join(("hrm_edge", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__")
    if module == "hrm_edge":
        return
    above = [other for other in imports(path) if floor_of(other) > floor_of(module)]
    assert not above, f"{module} imports {above} from a higher floor: move what both need down, or call it from above"
