"""MBPP: short Python tasks with three assertions each (Austin et al. 2021, arXiv:2108.07732), full and sanitized rows.

Of the 974 full rows 1-10 are the paper's examples, 11-510 test, 511-600 validation and 601-974 train. Rows of the
examples and of train are training data of the embedded model: `is_training_row` tells.
"""

import ast
from collections.abc import Iterable, Iterator, Sequence

from hrm_edge.bench.suites.python_text import parse_python
from hrm_edge.bench.suites.rows import Row
from hrm_edge.errors import DataError
from hrm_edge.problems.problem import Problem, PythonTests, Scenario


def load_mbpp(rows: Iterable[Row]) -> Iterator[Problem]:
    """The problems of full rows (`text`, `test_setup_code`) or sanitized ones (`prompt`, `test_imports`).

    Raises:
        DataError: a row lacks a field, or its tests call no function that its reference defines.
    """
    return map(_problem, rows)


def is_training_row(problem: Problem) -> bool:
    """Whether the embedded model was trained on this problem."""
    return problem.id.isdecimal() and (int(problem.id) <= 10 or int(problem.id) >= 601)


def _problem(row: Row) -> Problem:
    full = "text" in row.fields
    code, tests = row.text("code").strip() + "\n", row.texts("test_list")
    setup = row.optional_text("test_setup_code") if full else "\n".join(row.texts("test_imports"))
    entry_point = _entry_point(code, tests, row.place)
    return Problem(
        suite="mbpp" if full else "mbpp-sanitized",
        id=row.identifier("task_id"),
        scenario=Scenario.GENERATION,
        language="python",
        request=_request(row.text("text" if full else "prompt"), tests),
        check=PythonTests(entry_point=entry_point, tests=tests, setup=setup),
        reference=code,
        stub=f"def {entry_point}(*arguments):\n    pass\n",
        source=row.fields,
    )


def _request(text: str, tests: Sequence[str]) -> str:
    """Task and tests, as the paper shows them (section 2.1 and figure 1)."""
    assertions = "\n".join(tests)
    return (
        f"You are an expert Python programmer, and here is your task: {text.strip()}\n"
        f"Your code should pass these tests:\n\n{assertions}"
    )


def _entry_point(code: str, tests: Sequence[str], place: str) -> str:
    """The function that the tests call: the outermost call of the first test to one that the reference defines."""
    statements = parse_python(code, f"{place}, field 'code'")
    defined = {statement.name for statement in statements if isinstance(statement, ast.FunctionDef)}
    called = (name for test in tests for name in _calls(test, place))
    found = next((name for name in called if name in defined), None)
    if found is None:
        raise DataError(f"{place}: 'test_list' calls no function of 'code': there is nothing to test")
    return found


def _calls(test: str, place: str) -> Iterator[str]:
    """Names of the functions that a test calls, outermost first."""
    statements = parse_python(test, f"{place}, field 'test_list'")
    for node in (node for statement in statements for node in ast.walk(statement)):  # breadth first
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id
