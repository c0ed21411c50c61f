"""What can be read off Python source without running it: functions, heads, and assertions about one call."""

import ast
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from hrm_edge.train.data.sources.rows import BadRow


@dataclass(frozen=True)
class Assertion:
    """`assert call == value`, as it is written."""

    call: str
    """One call of a function by its name."""
    value: str
    """A literal."""
    function: str

    @property
    def arguments(self) -> list[Any]:
        """The call's arguments as values."""
        call = ast.parse(self.call, mode="eval").body
        assert isinstance(call, ast.Call)
        return [ast.literal_eval(argument) for argument in call.args]


def parsed(code: str, field: str) -> ast.Module:
    """The tree of a text.

    Raises:
        BadRow: it is no Python 3; with the field's name.
    """
    try:
        with warnings.catch_warnings(action="ignore"):  # invalid escape sequences
            return ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise BadRow(f"{field!r} is no Python 3 ({error})") from error


def entry_point(code: str, tests: Sequence[str]) -> str:
    """The function that the tests call: the outermost call of the first test to one that the code defines.

    Raises:
        BadRow: a text is no Python, or no test calls a function of the code.
    """
    defined = {node.name for node in parsed(code, "code").body if isinstance(node, ast.FunctionDef)}
    found = next((name for test in tests for name in _called(test) if name in defined), None)
    if found is None:
        raise BadRow("'test_list' calls no function of 'code'")
    return found


def head_of(code: str, function: str) -> str:
    """The `def` line of a top-level function, decorators and body left out."""
    node = next(
        node for node in parsed(code, "code").body if isinstance(node, ast.FunctionDef) and node.name == function
    )
    result = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    return f"def {node.name}({ast.unparse(node.args)}){result}:"


def read_assertion(test: str) -> Assertion | None:
    """The assertion, where it compares one call of a named function on literals with a literal; None otherwise."""
    match parsed(test, "test_list").body:
        case [
            ast.Assert(
                test=ast.Compare(
                    left=ast.Call(func=ast.Name(id=function), args=arguments, keywords=[]) as call,
                    ops=[ast.Eq()],
                    comparators=[value],
                )
            )
        ] if all(map(_is_literal, [*arguments, value])):
            source = [ast.get_source_segment(test, node) for node in (call, value)]
            if all(segment and "\n" not in segment for segment in source):
                return Assertion(str(source[0]), _whole_tuple(str(source[1]), value), function)
    return None


def _called(test: str) -> Iterator[str]:
    """Names of the functions that a test calls, outermost first."""
    for node in ast.walk(parsed(test, "test_list")):  # breadth first
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id


def _is_literal(node: ast.expr) -> bool:
    try:
        ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False
    return True


def _whole_tuple(source: str, node: ast.expr) -> str:
    """The source with the parentheses that `get_source_segment` may leave out."""
    return f"({source})" if isinstance(node, ast.Tuple) and not source.startswith("(") else source
