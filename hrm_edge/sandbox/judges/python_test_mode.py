"""Whether a data set's Python tests can run in a process apart from the answer's: decided by the tests alone.

They cannot where they use a name that neither they nor Python define, since the answer must then define it (MBPP's
`Pair(5, 24)`), or where they hand the answer what does not cross between processes: a function, a class or an
instance of their own class. What the answer does has no part in the decision, so it cannot choose to be judged beside
its tests.
"""

import ast
import builtins
import symtable
from collections.abc import Iterator
from functools import lru_cache

from hrm_edge.errors import DataError
from hrm_edge.problems.problem import PythonTests
from hrm_edge.python_source import NOT_PYTHON, parse
from hrm_edge.sandbox.verdict import Mode


@lru_cache(maxsize=4096)
def python_test_mode(check: PythonTests) -> Mode:
    """`call` where the tests can run apart from the answer, else `suite`.

    Raises:
        DataError: the setup or a test is no Python.
    """
    source = "\n".join((check.setup, *check.tests))
    try:
        tree, table = parse(source), symtable.symtable(source, "tests", "exec")
    except NOT_PYTHON as error:
        raise DataError(f"the tests of {check.entry_point!r:.80} are no Python ({error}): repair them") from error
    missing = set(_used(table)) - set(_defined(table)) - {check.entry_point} - set(dir(builtins))
    stars = any(
        alias.name == "*" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names
    )
    if missing and not stars:
        return "suite"
    return "suite" if _hands_over_code(tree, check.entry_point) else "call"


def _defined(table: symtable.SymbolTable) -> Iterator[str]:
    """Names that the module binds, inside functions with `global` too."""
    for symbol in table.get_symbols():
        module = table.get_type() == "module"
        if (module or symbol.is_declared_global()) and (symbol.is_assigned() or symbol.is_imported()):
            yield symbol.get_name()
    for child in table.get_children():
        yield from _defined(child)


def _used(table: symtable.SymbolTable) -> Iterator[str]:
    """Names that are looked up in the module or in builtins."""
    for symbol in table.get_symbols():
        if symbol.is_referenced() and (symbol.is_global() or table.get_type() == "module"):
            yield symbol.get_name()
    for child in table.get_children():
        yield from _used(child)


def _hands_over_code(tree: ast.Module, entry_point: str) -> bool:
    """Whether a call of the answer has a function, a class or a module among its arguments, or tests define a class."""
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    called = {entry_point} | {argument.arg for node in functions for argument in node.args.args}
    code = {node.name for node in functions} | {name for name in dir(builtins) if callable(getattr(builtins, name))}
    code -= {entry_point}
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            return True
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in called:
            values = [*node.args, *(keyword.value for keyword in node.keywords)]
            if any(_is_code(value, code) for argument in values for value in _elements(argument)):
                return True
    return False


def _elements(value: ast.expr) -> Iterator[ast.expr]:
    """The value itself, and for a display of several, each of them."""
    yield value
    if isinstance(value, ast.List | ast.Tuple | ast.Set):
        for element in value.elts:
            yield from _elements(element)
    elif isinstance(value, ast.Dict):
        for element in value.values:
            yield from _elements(element)


def _is_code(value: ast.expr, code: set[str]) -> bool:
    return isinstance(value, ast.Lambda) or (isinstance(value, ast.Name) and value.id in code)
