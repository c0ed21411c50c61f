"""`Calls` in Python: the job that makes the calls, and what it left, read without trust."""

import json
from dataclasses import dataclass, replace
from typing import Any

from hrm_edge.errors import DataError
from hrm_edge.problems.problem import Calls
from hrm_edge.sandbox.drivers.python_source import driver_job
from hrm_edge.sandbox.job import Job, Limits, Raw
from hrm_edge.sandbox.values import (
    ValueRefusedError,
    livecodebench_equal,
    pack,
    parse_json,
    printable,
    strictly_equal,
    unpack,
)

_FIRST = ("string", "re", "datetime", "collections", "heapq", "bisect", "copy", "math", "random", "statistics")
_MODULES = (*_FIRST, "itertools", "functools", "operator", "io", "sys", "json")
LIVECODEBENCH_PRELUDE = "".join(
    [
        *(f"from {name} import *\n" for name in (*_MODULES, "builtins", "typing")),
        *(f"import {name}\n" for name in _MODULES),
        "sys.setrecursionlimit(50000)\n\n\n",
    ]
)
"""What LiveCodeBench puts before an answer.

https://github.com/LiveCodeBench/LiveCodeBench/blob/28fef95/lcb_runner/evaluation/testing_util.py#L27
"""


@dataclass(frozen=True, kw_only=True)
class CallResult:
    """What one call came to."""

    value: Any = None
    error: str | None = None
    """`TypeName: message` of what it raised, or why its value does not cross. None: it returned `value`."""
    timed_out: bool = False


def python_calls_job(check: Calls, answer: str, limits: Limits) -> Job:
    """The job that makes all calls one after another, each with the check's time, in one interpreter.

    `limits.wall_s` and `cpu_s` are replaced by LiveCodeBench's rule for a whole run: a second more per call, and 5 s.

    Raises:
        DataError: an argument is too large, or no plain value.
    """
    try:
        arguments = [pack(call) for call in check.arguments]
    except ValueRefusedError as error:
        raise DataError(f"arguments of {check.function!r:.80}: {error}") from error
    whole_s = (check.timeout_s + 1) * len(check.arguments) + 5
    calls = {
        "function": check.function,
        "method_of": check.method_of,
        "timeout_s": check.timeout_s,
        "prelude": LIVECODEBENCH_PRELUDE if check.equality == "livecodebench" else "",
        "arguments": arguments,
    }
    return driver_job(
        "python_calls",
        {"calls.json": json.dumps(calls).encode(), "answer.py": answer.encode("utf-8", "surrogatepass")},
        replace(limits, wall_s=whole_s, cpu_s=int(whole_s) + 1),
    )


def read_python_results(raw: Raw, check: Calls) -> list[CallResult]:
    """What each call came to, in order: shorter than the calls where one did not return.

    Empty where the lines are not the calls' indices, each once and in order.
    """
    results = []
    for index, line in enumerate(raw.result.splitlines()):
        try:
            fields = parse_json(line)
            if type(fields) is not dict or type(fields.get("i")) is not int or fields["i"] != index:
                return []
            results.append(_result(fields))
        except ValueRefusedError as error:
            results.append(CallResult(error=printable(error)))
    return results if len(results) <= len(check.arguments) else []


def _result(fields: dict[str, Any]) -> CallResult:
    if fields.get("timeout") is True:
        return CallResult(timed_out=True)
    if "v" not in fields:
        return CallResult(error=printable(fields.get("error")))
    return CallResult(value=unpack(fields["v"]))


def python_values_equal(check: Calls, returned: Any, expected: Any) -> bool:
    """Equality by the check's rule."""
    if check.equality == "livecodebench":
        return livecodebench_equal(returned, expected)
    return strictly_equal(returned, expected)
