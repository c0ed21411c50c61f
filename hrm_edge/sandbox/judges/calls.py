"""`Calls`: the program computes what a function returns, the host compares. Expected values stay with the host."""

from collections.abc import Callable
from functools import partial
from typing import Any

from hrm_edge.problems.problem import Answer, Calls
from hrm_edge.sandbox.build import Builder
from hrm_edge.sandbox.judges.call_runs import result_type, run_calls
from hrm_edge.sandbox.judges.call_verdicts import call_verdict
from hrm_edge.sandbox.judges.messages import single_text
from hrm_edge.sandbox.judges.python_calls import python_values_equal
from hrm_edge.sandbox.typed_values import conform
from hrm_edge.sandbox.values import strictly_equal
from hrm_edge.sandbox.verdict import Verdict


def judge_calls(builder: Builder, check: Calls, language: str, answer: Answer) -> Verdict:
    """Call the answer's function with all arguments, in one process, and compare what comes back."""
    kind = result_type(check, language)
    expected = tuple(conform(kind, value) for value in check.expected) if kind else check.expected
    run = run_calls(builder, check, language, single_text(answer))
    equal: Callable[[Any, Any], bool]
    if language == "python":
        equal = partial(python_values_equal, check)
    else:
        equal = strictly_equal if kind else javascript_equal
    return call_verdict(check, run.compiled, run.ran, run.results, expected, equal)


def javascript_equal(returned: Any, expected: Any) -> bool:
    """Equality without a signature: JavaScript has one kind of number and one of sequence."""
    if type(expected) in (list, tuple):
        if type(returned) is not list or len(returned) != len(expected):
            return False
        return all(javascript_equal(a, b) for a, b in zip(returned, expected, strict=True))
    if type(expected) is dict:
        if type(returned) is not dict or returned.keys() != expected.keys():
            return False
        return all(javascript_equal(returned[key], value) for key, value in expected.items())
    if type(expected) in (int, float) and type(returned) in (int, float):
        return bool(returned == expected) or (returned != returned and expected != expected)
    return strictly_equal(returned, expected)
