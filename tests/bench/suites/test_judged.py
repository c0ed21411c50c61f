"""The hand-written rows of every suite of texts and Python, judged in the sandbox: references pass, stubs fail."""

import shutil
from collections.abc import Callable, Iterator

import pytest
from suite_rows import (
    CRUXEVAL,
    HUMANEVAL,
    LCB_EXECUTION,
    LCB_FUNCTIONAL,
    LCB_STDIN,
    LCB_TEST_OUTPUT,
    MBPP,
    MBPP_SANITIZED,
    PACK_PYTHON,
    write_rows,
)

from hrm_edge.bench.suites import load_suite
from hrm_edge.problems.problem import Answer, Problem
from hrm_edge.sandbox.judge import Judge
from hrm_edge.sandbox.verdict import Outcome

ROWS = {
    "humaneval": HUMANEVAL,
    "mbpp": MBPP,
    "mbpp-sanitized": MBPP_SANITIZED,
    "humaneval-x": PACK_PYTHON,
    "humanevalpack": PACK_PYTHON,
    "humanevalfix": PACK_PYTHON,
    "livecodebench-test-output": LCB_TEST_OUTPUT,
    "livecodebench-execution": LCB_EXECUTION,
    "livecodebench-execution-cot": LCB_EXECUTION,
    "cruxeval-o": CRUXEVAL,
    "cruxeval-i": CRUXEVAL,
}
FUNCTIONAL = "class Solution:\n    def twiceTheSum(self, nums: List[int], k: int) -> int:\n        return {}\n"


@pytest.fixture(scope="module")
def judge() -> Iterator[Callable[[Problem, Answer], Outcome]]:
    """`judge(problem, answer)`: what becomes of it, in this machine's default isolation."""
    if shutil.which("bwrap") is None:
        pytest.skip("needs bubblewrap: apt install bubblewrap")
    from hrm_edge.sandbox.open import open_sandbox
    from hrm_edge.sandbox.toolchains import find_toolchain

    python = find_toolchain("python")
    if python is None:
        pytest.skip("needs python3")
    with open_sandbox(toolchains=[python]) as sandbox, sandbox.session() as session:
        judge = Judge(session, {"python": python})
        yield lambda problem, answer: judge.judge(problem.check, problem.language, answer).outcome


@pytest.mark.parametrize("suite", ROWS)
def test_reference_passes_and_stub_fails(tmp_path, judge, suite):
    (problem,) = load_suite(suite, write_rows(tmp_path / "rows.jsonl", ROWS[suite]))
    assert judge(problem, problem.reference) is Outcome.PASSED
    assert problem.stub is None or judge(problem, problem.stub) is Outcome.FAILED


def test_continuation_of_a_prompt_passes_too(tmp_path, judge):
    (problem,) = load_suite("humaneval", write_rows(tmp_path / "rows.jsonl", HUMANEVAL))
    assert judge(problem, HUMANEVAL["canonical_solution"]) is Outcome.PASSED


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (FUNCTIONAL.format("2 * (sum(nums) + k)"), Outcome.PASSED),
        (FUNCTIONAL.format("sum(nums) + k + 6"), Outcome.FAILED),
        (FUNCTIONAL.format("None"), Outcome.FAILED),
    ],
    ids=["right", "right in public tests only", "stub"],
)
def test_contest_function_needs_all_tests(tmp_path, judge, answer, outcome):
    (problem,) = load_suite("livecodebench", write_rows(tmp_path / "rows.jsonl", LCB_FUNCTIONAL))
    assert judge(problem, answer) is outcome


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [("print(input())", Outcome.PASSED), ("print('a')", Outcome.FAILED), ("# YOUR CODE HERE\n", Outcome.FAILED)],
    ids=["right", "right in public tests only", "stub"],
)
def test_contest_program_needs_all_tests(tmp_path, judge, answer, outcome):
    (problem,) = load_suite("livecodebench", write_rows(tmp_path / "rows.jsonl", LCB_STDIN))
    assert judge(problem, answer) is outcome
