"""What calls came to, compared with what they should."""

from collections.abc import Callable
from typing import Any

from hrm_edge.problems.problem import Calls
from hrm_edge.sandbox.job import Raw
from hrm_edge.sandbox.judges.messages import compile_failure, error_line, run_message
from hrm_edge.sandbox.judges.python_calls import CallResult
from hrm_edge.sandbox.values import shown
from hrm_edge.sandbox.verdict import Failure, Outcome, Verdict, decide

WIRE_REFUSED = "WireError"
_REFUSED = (WIRE_REFUSED, "ValueRefusedError")
"""Errors of a call that did return, but no value that could be right."""
_BEFORE_ANY_TEST = (Outcome.SANDBOX_ERROR, Outcome.OUTPUT_LIMIT, Outcome.MEMORY_LIMIT)


def call_verdict(
    check: Calls,
    compiled: Raw | None,
    ran: Raw | None,
    results: list[CallResult],
    expected: tuple[Any, ...],
    equal: Callable[[Any, Any], bool],
) -> Verdict:
    """The first call that is not right decides, as in LiveCodeBench; what came after it is not looked at.

    Args:
        results: what each call came to, up to the first that did not return.
        expected: the check's values, as values of the language.
    """
    assert len(expected) == len(check.arguments), "a check has as many expected values as calls"
    passed = 0
    while passed < min(len(results), len(expected)) and _right(results[passed], expected[passed], equal):
        passed += 1
    wrong = results[passed] if passed < min(len(results), len(expected)) else None
    outcome = _outcome(decide(compiled=compiled, ran=ran, agreed=passed == len(expected)), wrong)
    error = "" if outcome is Outcome.PASSED else _error(compiled, ran, wrong, outcome)
    failure = None
    if outcome is not Outcome.PASSED and passed < len(expected):
        failure = Failure(
            test=passed,
            input=", ".join(shown(value) for value in check.arguments[passed]),
            output="" if wrong is None or wrong.error is not None or wrong.timed_out else shown(wrong.value),
            expected=shown(check.expected[passed]),
            error=error,
        )
    runs = [raw for raw in (compiled, ran) if raw is not None]
    return Verdict(
        outcome=outcome,
        mode="call",
        tests=len(expected),
        passed=passed,
        failure=failure,
        message="" if outcome is Outcome.PASSED else run_message(compiled, ran, error),
        cpu_s=sum(raw.cpu_s for raw in runs),
        wall_s=sum(raw.wall_s for raw in runs),
        peak_bytes=max((raw.peak_bytes for raw in runs), default=0),
    )


def _right(result: CallResult, expected: Any, equal: Callable[[Any, Any], bool]) -> bool:
    return result.error is None and not result.timed_out and equal(result.value, expected)


def _outcome(decided: Outcome, wrong: CallResult | None) -> Outcome:
    """The outcome of the first wrong call, where there is one; else of the program as a whole."""
    if wrong is None or decided in _BEFORE_ANY_TEST:
        return decided
    if wrong.timed_out:
        return Outcome.TIMEOUT
    raised = wrong.error is not None and not wrong.error.startswith(_REFUSED)
    return Outcome.RUNTIME_ERROR if raised else Outcome.FAILED


def _error(compiled: Raw | None, ran: Raw | None, wrong: CallResult | None, outcome: Outcome) -> str:
    if ran is None:
        return compile_failure(compiled)
    if wrong is not None and wrong.error is not None:
        return wrong.error
    if outcome is Outcome.TIMEOUT:
        return "Time Limit Exceeded"
    if wrong is not None:
        return "Wrong Answer"
    return error_line(ran) or "ended before the call returned"
