"""HumanEval: 164 Python functions to complete, each with a test function (Chen et al. 2021, arXiv:2107.03374).

A row's program is prompt + completion + test + `check(entry_point)`
(github.com/openai/human-eval/blob/6d43fb9/human_eval/execution.py#L25).
"""

import ast
from collections.abc import Iterable, Iterator

from hrm_edge.bench.suites.python_text import parse_python
from hrm_edge.bench.suites.requests import complete_function
from hrm_edge.bench.suites.rows import Row
from hrm_edge.errors import DataError
from hrm_edge.problems.problem import Problem, PythonTests, Scenario

STUB_BODY = "    pass\n"


def load_humaneval(rows: Iterable[Row]) -> Iterator[Problem]:
    """The problems of `HumanEval.jsonl`.

    Raises:
        DataError: a row lacks a field, or its prompt is no Python.
    """
    return map(_problem, rows)


def _problem(row: Row) -> Problem:
    prompt, entry_point = row.text("prompt"), row.text("entry_point")
    return Problem(
        suite="humaneval",
        id=row.text("task_id"),
        scenario=Scenario.GENERATION,
        language="python",
        request=complete_function(prompt, "python"),
        check=PythonTests(
            entry_point=entry_point,
            tests=(f"{row.text('test')}\ncheck({entry_point})\n",),
            setup=code_before(prompt, entry_point, row.place),
            prefix=prompt,
        ),
        reference=prompt + row.text("canonical_solution"),
        stub=prompt + STUB_BODY,
        source=row.fields,
    )


def code_before(prompt: str, entry_point: str, place: str) -> str:
    """What a prompt has above the function it asks for: imports and helpers, which its tests may use too.

    Raises:
        DataError: the prompt is no Python, or does not define `entry_point`.
    """
    for statement in parse_python(prompt + STUB_BODY, f"{place}, field 'prompt'"):
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef) and statement.name == entry_point:
            first = min(node.lineno for node in (statement, *statement.decorator_list))
            return "".join(prompt.splitlines(keepends=True)[: first - 1])
    raise DataError(f"{place}: 'prompt' does not define {entry_point!r:.80}: the tests would call nothing")
