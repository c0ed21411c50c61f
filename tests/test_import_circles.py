"""No two modules import each other, directly or by way of others: what both need stands in a third.

Every import counts that is written down, those under TYPE_CHECKING and inside functions too: a circle that only a type
checker sees still means that neither module can be read, moved or tested without the other. That a module's packages
are imported before it is not written down and does not count.
"""

import ast
from collections.abc import Iterator, Mapping, Set
from pathlib import Path

import pytest

import hrm_edge

PACKAGE = Path(hrm_edge.__file__).parent


def modules_of(package: Path) -> dict[str, Path]:
    """Name → file of every module; `a.b` for a/b/__init__.py."""
    files = package.rglob("*.py")
    return {
        ".".join(path.relative_to(package.parent).with_suffix("").parts).removesuffix(".__init__"): path
        for path in files
    }


def imports_of(name: str, path: Path, modules: Set[str]) -> Iterator[str]:
    """The modules among `modules` that one of them imports; the package where a name is no module of its own."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in modules)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parts = [*name.split("."), "__init__"] if path.name == "__init__.py" else name.split(".")
                base = ".".join([*parts[: -node.level], *filter(None, [node.module])])
            named = (f"{base}.{alias.name}" for alias in node.names)
            yield from (found for each in named if (found := each if each in modules else base) in modules)


def import_graph(package: Path) -> dict[str, frozenset[str]]:
    """Module → what it imports of the package."""
    modules = modules_of(package)
    return {name: frozenset(imports_of(name, path, modules.keys())) for name, path in modules.items()}


def circles(graph: Mapping[str, Set[str]]) -> list[list[str]]:
    """The strongly connected components of more than one module, and modules that import themselves."""
    reached = {name: _reached(graph, name) for name in graph}
    found = {frozenset(other for other in ahead if name in reached[other]) for name, ahead in reached.items()}
    return sorted(sorted(component) for component in found if component)


def _reached(graph: Mapping[str, Set[str]], start: str) -> set[str]:
    """What a module imports, and what that imports, and so on."""
    seen: set[str] = set()
    ahead = list(graph[start])
    while ahead:
        name = ahead.pop()
        if name not in seen:
            seen.add(name)
            ahead.extend(graph[name])
    return seen


def test_no_modules_of_the_package_import_each_other() -> None:
    """About 2 s alone: every file is parsed."""
    graph = import_graph(PACKAGE)
    told = [
        "; ".join(f"{name} imports {', '.join(sorted(graph[name] & set(circle)))}" for name in circle)
        for circle in circles(graph)
    ]
    assert not told, "modules import each other: let both import a third, which holds what they share\n" + "\n".join(
        told
    )


@pytest.mark.parametrize(
    ("there", "back"),
    [
        pytest.param("from p.b import f", "from p.a import g", id="from"),
        pytest.param("import p.b", "import p.a as a", id="import"),
        pytest.param("from p import b", "from p import a", id="module of a package"),
        pytest.param("from .b import f", "from . import a", id="relative"),
        pytest.param("from p.b import f", "if TYPE_CHECKING:\n    from p.a import g", id="for types"),
        pytest.param("from p.b import f", "def f():\n    from p.a import g", id="in a function"),
        pytest.param("from p.c.d import f", "", id="by way of a package"),
    ],
)
def test_circle_is_found_however_it_is_written(there: str, back: str, tmp_path: Path) -> None:
    """p.a imports p.b and is imported by it, or goes by way of p.c, whose own module imports p.a."""
    write_package(tmp_path, {"a": there, "b": back, "c/__init__": "from ..a import g", "c/d": "from p import c"})
    components = circles(import_graph(tmp_path / "p"))
    assert components == [["p.a", "p.b"] if back else ["p.a", "p.c", "p.c.d"]]


def test_imports_in_one_direction_are_no_circle(tmp_path: Path) -> None:
    """A package may import its modules; two ways to one module are none back."""
    write_package(
        tmp_path, {"a": "from p import c\nfrom p.c.d import g", "c/__init__": "from p.c.d import g", "c/d": ""}
    )
    assert circles(import_graph(tmp_path / "p")) == []


def test_each_circle_is_told_alone(tmp_path: Path) -> None:
    """Two circles with a way from one to the other, and a module that imports itself."""
    sources = {"a": "import p.b", "b": "import p.a\nimport p.c.d", "c/__init__": "import p.c.d", "c/d": "import p.c"}
    write_package(tmp_path, {**sources, "e": "import p.e"})
    assert circles(import_graph(tmp_path / "p")) == [["p.a", "p.b"], ["p.c", "p.c.d"], ["p.e"]]


def write_package(directory: Path, sources: Mapping[str, str]) -> None:
    """A package `p` of these modules."""
    for name, source in {"__init__": "", **sources}.items():
        path = directory / "p" / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source + "\n")
