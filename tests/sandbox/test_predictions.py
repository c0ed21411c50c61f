"""Predicted values: the published ones are right, by the official evaluators' rules, and none computes itself."""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from hrm_edge.bench.suites.cruxeval import load_input, load_output
from hrm_edge.bench.suites.livecodebench_predictions import load_test_output
from hrm_edge.bench.suites.source import read_rows
from hrm_edge.problems.problem import Prediction, TestOutput
from hrm_edge.sandbox.build import Builder
from hrm_edge.sandbox.judges.predictions import judge_prediction, judge_test_output
from hrm_edge.sandbox.session import Session
from hrm_edge.sandbox.verdict import Outcome, Verdict

CODE = "def f(a, b=1):\n    return [a + b]\nclass Pair: pass"


@pytest.fixture
def judge(zygote: Session) -> Callable[[Prediction, str], Verdict]:
    return lambda check, answer: judge_prediction(Builder(zygote, {}), check, "python", answer)


@pytest.fixture
def judge_assertion(zygote: Session) -> Callable[[TestOutput, str], Verdict]:
    return lambda check, answer: judge_test_output(Builder(zygote, {}), check, "python", answer)


@pytest.mark.parametrize("load", [load_output, load_input])
def test_cruxeval_references_pass(judge, data_directory: Path, load):
    """Every sixth of the 591. One of all inputs, sample_344, is a function, which does not cross to the second run."""
    problems = list(load(read_rows([data_directory / "cruxeval.jsonl"])))[::6]
    verdicts = Counter(judge(problem.check, problem.reference).outcome for problem in problems)
    assert verdicts == {Outcome.PASSED: 99}


def test_livecodebench_test_output_references_pass(judge_assertion, data_directory: Path):
    path = data_directory / "livecodebench" / "test_output_prediction_sample.jsonl"
    problems = list(load_test_output(read_rows([path])))
    verdicts = Counter(judge_assertion(problem.check, problem.reference).outcome for problem in problems)
    assert verdicts == {Outcome.PASSED: 47}


@pytest.mark.parametrize(
    ("guess", "outcome"),
    [
        ("[3]", Outcome.PASSED),
        ("[1 + 2]", Outcome.PASSED),
        ("[3.0]", Outcome.PASSED),  # Python's ==, as the official assertion
        ("[x for x in range(4) if x > 2]", Outcome.PASSED),
        ("list((3,))", Outcome.PASSED),
        ("[3], 'a message'", Outcome.PASSED),  # `assert [3] == [3], 'a message'`
        ("[4]", Outcome.FAILED),
        ("(3,)", Outcome.FAILED),
        ("3", Outcome.FAILED),
        ("f(a = 1, b = 2)", Outcome.FAILED),  # contains the call: not run, as officially
        ("f(a=1, b=2)", Outcome.FAILED),
        ("(f)(1, 2)", Outcome.FAILED),
        ("[4] or True", Outcome.FAILED),
        ("[4]\nimport os", Outcome.FAILED),
        ("type('A', (), {'__eq__': lambda *_: True})()", Outcome.FAILED),
        ("exit(0)", Outcome.FAILED),
        ("__import__('os')._exit(0)", Outcome.FAILED),
        ("__import__('os').write(3, b'{\"v\": [3]}\\n') and []", Outcome.FAILED),
        ("", Outcome.FAILED),
        ("[" * 5000, Outcome.FAILED),
    ],
    ids=lambda value: str(value)[:40],
)
def test_guessed_output(judge, guess, outcome):
    check = Prediction(code=CODE, call="f(a = 1, b = 2)", expected="[3]")
    assert judge(check, guess).outcome is outcome


def test_expected_value_that_is_no_literal_is_evaluated_apart(judge):
    check = Prediction(code="def f(a): return Counter(a)", call="f('aab')", expected="Counter({'a': 2, 'b': 1})")
    assert judge(check, "{'a': 2, 'b': 1}").outcome is Outcome.PASSED
    assert judge(check, "{'a': 2}").outcome is Outcome.FAILED


def test_expected_value_that_cannot_be_told_is_not_scored(judge):
    verdict = judge(Prediction(code=CODE, call="f(1)", expected="Pair()"), "[2]")
    assert (verdict.outcome, verdict.scored) == (Outcome.UNSCORED, False)
    assert "code.Pair does not cross" in verdict.message


@pytest.mark.parametrize(
    ("guess", "outcome"),
    [
        ("1, 2", Outcome.PASSED),
        ("f(1, 2)", Outcome.PASSED),
        ("f(b=0, a=3)", Outcome.PASSED),
        ("*[1], **{'b': 2}", Outcome.PASSED),
        ("2", Outcome.PASSED),
        ("1", Outcome.FAILED),
        ("1) or [3] or (1", Outcome.FAILED),
        ("f(1) or [3]", Outcome.FAILED),
        ("f(1) if 0 else [3]", Outcome.FAILED),
        ("Pair(), 2", Outcome.FAILED),
        ("globals().update(f=lambda *_: [3]) or 1", Outcome.FAILED),
        ("setattr(__import__('builtins'), 'sum', 1) or 7", Outcome.FAILED),
        ("__import__('os').write(3, b'{\"v\": [3]}\\n') and 1", Outcome.FAILED),
        ("__import__('os')._exit(not open(3, 'w').write('{\"v\": \"%s\"}' % ('a' * 5_000_000)))", Outcome.FAILED),
        ("", Outcome.FAILED),
    ],
    ids=lambda value: str(value)[:40],
)
def test_guessed_input(judge, guess, outcome):
    check = Prediction(code=CODE, call="f", expected="[3]", asks="input")
    assert judge(check, guess).outcome is outcome


def test_endless_guess_is_a_timeout(judge):
    check = Prediction(code=CODE, call="f(1)", expected="[2]", timeout_s=0.5)
    assert judge(check, "[x for x in iter(int, 1)]").outcome is Outcome.TIMEOUT


@pytest.mark.parametrize(
    ("answer", "expected", "outcome"),
    [
        ("assert f(1) == [1, 2]", [1, 2], Outcome.PASSED),
        ("[1, 2]", [1, 2], Outcome.PASSED),
        ("# thinking\nassert f('==') == True", True, Outcome.PASSED),
        ("assert f(1) == 1.0", 1, Outcome.PASSED),
        ("assert f(1) == 'a', 'why'", "a", Outcome.PASSED),
        ("assert f(1) == 2**31", 2**31, Outcome.PASSED),
        ("assert f(1) == (1, 2)", [1, 2], Outcome.FAILED),
        ("assert f(1) == true", True, Outcome.FAILED),
        ("assert f(1) != 1", 1, Outcome.FAILED),
        ("assert f(1)", True, Outcome.FAILED),
        ("assert f(1) ==", 1, Outcome.FAILED),
        ("", 1, Outcome.FAILED),
    ],
    ids=lambda value: str(value)[:40],
)
def test_right_side_of_an_assertion(judge_assertion, answer, expected, outcome):
    assert judge_assertion(TestOutput(expected=json.dumps(expected)), answer).outcome is outcome
