"""What the model is asked after a try that failed: the files as they are now, and what the tests printed.

Times and addresses in the output are the machine's and not the program's: left in, the same seed would meet another
request in every run. Aider removes the times too (benchmark.py, cleanup_test_output).
"""

import re
from collections.abc import Mapping

from hrm_edge.bench.extraction import Extracted
from hrm_edge.problems.problem import Problem
from hrm_edge.sandbox.verdict import Verdict

_NUMBER = r"\d+(?:\.\d+)?"
_CHANCE = (
    (re.compile(rf"\((?:{_NUMBER}\s?m?s)\)|\b(?:in|after) {_NUMBER}\s?m?s\b|\b\d+\.\d+s\b"), ""),
    (re.compile(r"\b0x[0-9a-fA-F]{6,}\b"), "0x…"),
)
"""(12 ms), in 0.003s, after 57 ms, 0.003s; <object at 0x7f…>."""


def next_request(problem: Problem, extracted: Extracted, verdict: Verdict) -> str:
    """The request of the next try of a problem that is answered by editing files."""
    from hrm_edge.bench.suites.polyglot import second_request

    printed = verdict.failure.error if verdict.failure is not None and verdict.failure.error else verdict.message
    assert isinstance(extracted.answer, Mapping), "only problems that are edited have several tries"
    return second_request(problem, extracted.answer, "\n".join([*extracted.complaints, without_chance(printed)]))


def without_chance(output: str) -> str:
    """The output without what differs from run to run."""
    for pattern, replacement in _CHANCE:
        output = pattern.sub(replacement, output)
    return output
