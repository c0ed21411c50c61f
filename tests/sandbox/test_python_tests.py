"""Data sets' own Python tests: references pass, stubs fail, and whose error it was is told."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from hrm_edge.bench.suites.humaneval import load_humaneval
from hrm_edge.bench.suites.mbpp import load_mbpp
from hrm_edge.bench.suites.source import read_rows
from hrm_edge.errors import DataError
from hrm_edge.problems.problem import Problem, PythonTests
from hrm_edge.sandbox.build import Builder
from hrm_edge.sandbox.judges.python_test_mode import python_test_mode
from hrm_edge.sandbox.judges.python_tests import judge_python_tests
from hrm_edge.sandbox.session import Session
from hrm_edge.sandbox.verdict import Outcome, Verdict


@pytest.fixture
def judge(zygote: Session) -> Callable[[PythonTests, str], Verdict]:
    return lambda check, answer: judge_python_tests(Builder(zygote, {}), check, "python", answer)


def outcomes(judge: Callable[[PythonTests, str], Verdict], problems: list[Problem], answer: str) -> Counter[Outcome]:
    return Counter(judge(problem.check, getattr(problem, answer)).outcome for problem in problems)


@pytest.mark.slow
def test_humaneval_references_pass_and_stubs_fail(judge, data_directory: Path):
    problems = list(load_humaneval(read_rows([data_directory / "humaneval" / "HumanEval.jsonl.gz"])))
    assert {python_test_mode(problem.check) for problem in problems} == {"call"}
    assert outcomes(judge, problems, "reference") == {Outcome.PASSED: 164}
    assert outcomes(judge, problems, "stub") == {Outcome.FAILED: 164}


def test_humaneval_completions_that_only_continue_the_prompt_pass(judge, data_directory: Path):
    rows = list(read_rows([data_directory / "humaneval" / "HumanEval.jsonl.gz"]))
    for row, problem in list(zip(rows, load_humaneval(rows), strict=True))[:40]:
        assert judge(problem.check, row.text("canonical_solution")).outcome is Outcome.PASSED, problem.id


@pytest.mark.slow
def test_mbpp_validation_references_pass_and_stubs_fail(judge, data_directory: Path):
    problems = list(load_mbpp(read_rows([data_directory / "mbpp" / "validation.jsonl"])))
    assert [problem.id for problem in problems if python_test_mode(problem.check) == "suite"] == ["533", "596"]
    assert outcomes(judge, problems, "reference") == {Outcome.PASSED: 90}
    assert outcomes(judge, problems, "stub") == {Outcome.FAILED: 90}


def check(*tests: str, setup: str = "", prefix: str = "", entry_point: str = "f") -> PythonTests:
    return PythonTests(entry_point=entry_point, tests=tests, setup=setup, prefix=prefix)


@pytest.mark.parametrize(
    ("tests", "mode"),
    [
        (check("assert f(1) == 2"), "call"),
        (check("assert set(f([1])) == set([1])"), "call"),
        (check("x = f(1)\nassert x == 2"), "call"),
        (check("assert math.isclose(f(1), 2)", setup="import math"), "call"),
        (check("assert poly([1], f([1])) == 0", setup="def poly(xs, x):\n    return 0"), "call"),
        (check("def check(candidate):\n    assert candidate(1) == 2\ncheck(f)"), "call"),
        (check("assert all(map(f, [1])) and sorted([1], key=f)"), "call"),
        (check("assert f([n for n in range(3)]) == 1"), "call"),
        (check("assert f(Pair(1, 2)) == 3"), "suite"),
        (check("assert f(root) == 3", setup="root = Node(1)\nroot.left = Node(2)"), "suite"),
        (check("assert f(1) == other(1)"), "suite"),
        (check("assert f(lambda x: x) == 2"), "suite"),
        (check("assert f(len) == 2"), "suite"),
        (check("assert f([1, helper]) == 2", setup="def helper():\n    pass"), "suite"),
        (check("def check(candidate):\n    assert candidate(int) == 2\ncheck(f)"), "suite"),
        (check("assert f(Box()) == 2", setup="class Box:\n    pass"), "suite"),
    ],
    ids=lambda value: value.tests[0][:40] if isinstance(value, PythonTests) else value,
)
def test_mode_follows_from_the_tests_alone(tests, mode):
    assert python_test_mode(tests) == mode


def test_tests_that_are_no_python_are_the_data_s_error():
    with pytest.raises(DataError, match="tests of 'f' are no Python"):
        python_test_mode(check("assert f(1) =="))


@pytest.mark.parametrize(
    ("answer", "outcome", "error"),
    [
        ("def f(x): return 2 * x", Outcome.PASSED, ""),
        ("def f(x): return x", Outcome.FAILED, "AssertionError: "),
        ("def f(x): raise ValueError('no')", Outcome.RUNTIME_ERROR, "ValueError: no"),
        ("def f(x): assert x != 3, 'mine'", Outcome.RUNTIME_ERROR, "AssertionError: mine"),
        ("class Own(Exception): pass\ndef f(x): raise Own('no')", Outcome.RUNTIME_ERROR, "AnswerError: Own: no"),
        ("def f(x): return int", Outcome.FAILED, "builtins.type does not cross"),
        ("def f(x): raise ValueError('\\x1b[2J\\ud800\\n!')", Outcome.RUNTIME_ERROR, "ValueError:  [2J  !"),
        ("def g(x): return x", Outcome.RUNTIME_ERROR, "AttributeError"),
        ("def f(x) return x", Outcome.RUNTIME_ERROR, "SyntaxError"),
        ("raise KeyError(1)", Outcome.RUNTIME_ERROR, "KeyError: 1"),
        ("x = " + "-" * 100_000 + "1", Outcome.RUNTIME_ERROR, ""),
        ("", Outcome.RUNTIME_ERROR, "AttributeError"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_verdict_says_whose_error_it_was(judge, answer, outcome, error):
    verdict = judge(check("assert f(3) == 6"), answer)
    assert verdict.outcome is outcome
    assert error in verdict.message
    assert (verdict.failure is None) == (outcome is Outcome.PASSED)


def test_tests_see_exceptions_by_their_builtin_type(judge):
    tests = check("try:\n    f(-1)\n    assert False\nexcept ValueError as error:\n    assert str(error) == 'negative'")
    assert judge(tests, "def f(x):\n    raise ValueError('negative')").outcome is Outcome.PASSED
    assert judge(tests, "def f(x):\n    raise TypeError('negative')").outcome is Outcome.RUNTIME_ERROR


def test_no_test_can_go_on_after_the_answer_is_gone(judge):
    verdict = judge(check("try:\n    f(1)\nexcept BaseException:\n    pass"), "import os\ndef f(x): os._exit(0)")
    assert verdict.outcome is Outcome.RUNTIME_ERROR


def test_values_keep_their_types_on_the_way(judge):
    answer = "import collections\ndef f(*a, **k): return a, k, {1, 2}, collections.Counter('aab'), iter(a), 10**30, 1j"
    tests = check(
        "a, k, s, c, i, n, z = f((1, [2]), x={3: None})\n"
        "assert a == ((1, [2]),) and k == {'x': {3: None}} and s == {1, 2} and c['zz'] == 0\n"
        "assert next(i) == (1, [2]) and n == 10**30 and z * z == -1"
    )
    assert judge(tests, answer).outcome is Outcome.PASSED


def test_value_that_does_not_cross_is_still_true_or_false(judge):
    """MBPP's references for 737, 787 and 794 return a match object."""
    tests = check("assert f('ab')", "assert not f('b')")
    assert judge(tests, "import re\ndef f(x): return re.match('a', x)").outcome is Outcome.PASSED


def test_answer_continues_its_prefix_or_stands_after_it(judge):
    tests = check(
        "assert f([3, 1]) == [1, 3]", prefix="from typing import List\ndef f(xs: List) -> List:\n    'sorts'\n"
    )
    for answer in (
        "    return sorted(xs)",
        "def f(xs: List):\n    return sorted(xs)",
        "from __future__ import annotations\ndef f(xs: list):\n    return sorted(xs)",
    ):
        assert judge(tests, answer).outcome is Outcome.PASSED, answer
    assert judge(tests, "").outcome is Outcome.FAILED


def test_first_test_that_does_not_pass_is_named(judge):
    verdict = judge(check("assert f(1) == 1", "assert f(2) == 4", "assert f(3) == 9"), "def f(x): return x")
    assert (verdict.tests, verdict.passed) == (3, 1)
    assert verdict.failure is not None
    assert (verdict.failure.test, verdict.failure.input) == (1, "assert f(2) == 4")


def test_endless_answer_is_a_timeout(judge):
    tests = PythonTests(entry_point="f", tests=("assert f(1)",), timeout_s=0.5)
    assert judge(tests, "def f(x):\n    while True: pass").outcome is Outcome.TIMEOUT
