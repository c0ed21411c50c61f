"""Calls of a Python function: LiveCodeBench's semantics, results apart from what the answer prints."""

from collections.abc import Callable
from typing import Any

import pytest

from hrm_edge.errors import DataError
from hrm_edge.problems.problem import Calls
from hrm_edge.sandbox.job import Limits
from hrm_edge.sandbox.judges.python_calls import (
    LIVECODEBENCH_PRELUDE,
    CallResult,
    python_calls_job,
    read_python_results,
)
from hrm_edge.sandbox.session import Session

Call = Callable[..., list[CallResult]]


@pytest.fixture
def call(zygote: Session) -> Call:
    def run(answer: str, *arguments: tuple[Any, ...], **fields: Any) -> list[CallResult]:
        check = Calls(**{"function": "f", "arguments": arguments, "expected": arguments, **fields})
        return read_python_results(zygote.run(python_calls_job(check, answer, Limits())), check)

    return run


def values(results: list[CallResult]) -> list[Any]:
    assert all(result.error is None and not result.timed_out for result in results), results
    return [result.value for result in results]


def test_each_call_has_its_result(call):
    assert values(call("def f(x, y): return x + y, y", (1, 2), ("a", "b"))) == [(3, 2), ("ab", "b")]


def test_one_instance_serves_all_calls(call):
    answer = "class Solution:\n    n = 0\n    def f(self):\n        self.n += 1\n        return self.n"
    assert values(call(answer, (), (), (), method_of="Solution")) == [1, 2, 3]


def test_function_without_the_class_is_called_as_it_is(call):
    assert values(call("def f(x): return x", (1,), method_of="Solution", equality="livecodebench")) == [1]


def test_livecodebench_answers_find_the_names_its_prelude_imports(call):
    answer = (
        "class Solution:\n    def f(self, xs: List[int]) -> Optional[int]:\n"
        "        heapify(xs)\n        return gcd(xs[0], Counter(xs)[2], sys.getrecursionlimit())"
    )
    assert values(call(answer, ([2, 4],), method_of="Solution", equality="livecodebench")) == [1]
    assert call(answer, ([2, 4],), method_of="Solution") == []


def test_prelude_is_the_official_text():
    """`import_string` of testing_util.py at 28fef95, rebuilt from its order of names."""
    modules = "string re datetime collections heapq bisect copy math random statistics itertools functools operator"
    modules += " io sys json"
    stars = [f"from {name} import *" for name in f"{modules} builtins typing".split()]
    plain = [f"import {name}" for name in modules.split()]
    assert LIVECODEBENCH_PRELUDE.split("\n")[:-3] == [*stars, *plain, "sys.setrecursionlimit(50000)"]


def test_arguments_that_do_not_cross_are_the_data_s_error():
    check = Calls(function="f", arguments=((object(),),), expected=(1,))
    with pytest.raises(DataError, match=r"arguments of 'f': a value of type builtins\.object does not cross"):
        python_calls_job(check, "", Limits())


def test_what_the_answer_prints_is_no_result(call):
    answer = 'def f(x):\n    print(\'{"i": 0, "v": 7}\')\n    return x'
    assert values(call(answer, (1,), (2,))) == [1, 2]


def test_first_call_that_raises_ends_the_run(call):
    results = call("def f(x): return 1 // x", (1,), (0,), (1,))
    assert [result.error for result in results] == [None, "ZeroDivisionError: integer division or modulo by zero"]


def test_value_that_does_not_cross_is_an_error_of_its_call(call):
    (result,) = call("def f(x): return f", (1,))
    assert "builtins.function does not cross" in str(result.error)


def test_recursion_as_deep_as_livecodebench_allows(call):
    answer = "def f(n): return 0 if n == 0 else 1 + f(n - 1)"
    assert values(call(answer, (9000,), equality="livecodebench")) == [9000]
    (result,) = call(answer, (9000,))
    assert "RecursionError" in str(result.error)


def test_lines_out_of_order_or_too_many_are_no_results(call):
    for lines in ('{"i": 1, "v": 1}', '{"i": 0, "v": 1}\\n{"i": 0, "v": 1}', "[0, 1]", '{"i": true, "v": 1}'):
        assert call(f"import os\nos.write(3, b'{lines}\\n')\ndef f(x): return x", (1,)) == []
