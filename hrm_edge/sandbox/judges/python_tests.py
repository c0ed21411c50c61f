"""`PythonTests`: a data set's own Python tests, apart from the answer wherever the tests allow it."""

import ast
import json
import secrets
from dataclasses import dataclass, replace

from hrm_edge.problems.problem import Answer, PythonTests
from hrm_edge.python_source import parse
from hrm_edge.sandbox.build import Builder
from hrm_edge.sandbox.drivers.python_source import driver_job
from hrm_edge.sandbox.job import Limits, Raw
from hrm_edge.sandbox.judges.messages import error_line, single_text
from hrm_edge.sandbox.judges.python_test_mode import python_test_mode
from hrm_edge.sandbox.values import ValueRefusedError, parse_json, printable
from hrm_edge.sandbox.verdict import Failure, Mode, Outcome, Verdict, decide

_NO_RESULT = "the tests ended without a result"


@dataclass(frozen=True, kw_only=True)
class _Results:
    """What the tests reported, in order, up to the first that did not pass."""

    passed: int
    error: str = ""
    raised_by_answer: bool = False


def judge_python_tests(builder: Builder, check: PythonTests, language: str, answer: Answer) -> Verdict:
    """The verdict on a Python answer: `call` mode, or `suite` mode with a canary where the tests need its classes."""
    assert language == "python", "the tests are Python"
    answer, mode = single_text(answer), python_test_mode(check)
    raw, results = _run(builder, check, answer, mode)
    agreed, tampered = results.passed == len(check.tests), False
    if agreed and raw.exit_code == 0 and mode == "suite":
        canary_raw, canary = _run(builder, replace(check, tests=(_impossible(check.tests[0]),)), answer, "suite")
        tampered = canary.passed > 0
        raw = raw if canary_raw.sandbox_error is None else canary_raw
    outcome = decide(compiled=None, ran=raw, agreed=agreed and not tampered)
    if outcome is Outcome.FAILED and results.raised_by_answer:
        outcome = Outcome.RUNTIME_ERROR
    failure = None
    if outcome is not Outcome.PASSED and not tampered:
        test = min(results.passed, len(check.tests) - 1)
        failure = Failure(test=test, input=check.tests[test], error=results.error)
    return Verdict(
        outcome=outcome,
        mode=mode,
        tests=len(check.tests),
        passed=results.passed,
        failure=failure,
        message=_message(raw, results, outcome),
        notes=("tampered",) if tampered else (),
        cpu_s=raw.cpu_s,
        wall_s=raw.wall_s,
        peak_bytes=raw.peak_bytes,
    )


def _run(builder: Builder, check: PythonTests, answer: str, mode: Mode) -> tuple[Raw, _Results]:
    nonce = secrets.token_hex(16)
    given = {"mode": mode, "entry_point": check.entry_point, "prefix": check.prefix, "answer": answer}
    job = driver_job(
        "python_tests",
        {"answer.json": json.dumps(given).encode()},
        secret=json.dumps({"nonce": nonce, "setup": check.setup, "tests": check.tests}).encode(),
        limits=replace(Limits(), wall_s=check.timeout_s, cpu_s=int(check.timeout_s) + 1),
    )
    raw = builder.session.run(job)
    return raw, _read_results(raw.result, nonce, len(check.tests))


def _read_results(lines: bytes, nonce: str, tests: int) -> _Results:
    """The tests that passed: their lines with the nonce, each once and in order."""
    passed = 0
    for line in lines.splitlines():
        try:
            fields = parse_json(line)
        except ValueRefusedError:
            return _Results(passed=passed, error=_NO_RESULT)
        if type(fields) is not dict or fields.get("nonce") != nonce or fields.get("test") != passed:
            return _Results(passed=0, error=_NO_RESULT)
        if fields.get("error") is not None:
            return _Results(
                passed=passed, error=printable(fields["error"]), raised_by_answer=fields.get("by") == "answer"
            )
        passed += 1
    return _Results(passed=passed, error="" if passed == tests else _NO_RESULT)


def _impossible(test: str) -> str:
    """The canary, a test that no right program passes: `assert f(…) == value` with a value that nothing was told of.

    Whatever is equal to that is equal to everything, or reads its tests. For other kinds of test: `assert False`.
    """
    match parse(test).body:
        case [ast.Assert(test=ast.Compare(left=left, ops=[ast.Eq()], comparators=[value]))]:
            number = isinstance(value, ast.Constant) and type(value.value) is int
            other = secrets.randbits(60) if number else secrets.token_hex(16)
            return f"assert {ast.unparse(left)} == {other!r}"
        case _:
            return "assert False"


def _message(raw: Raw, results: _Results, outcome: Outcome) -> str:
    """For people."""
    if outcome is Outcome.PASSED:
        return ""
    ended = error_line(raw) if raw.sandbox_error is not None or results.error == _NO_RESULT else ""
    return ended or results.error
