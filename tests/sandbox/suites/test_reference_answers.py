"""Published reference answers pass in suite mode, and the untouched starts do not. Of all: reference_pass_counts.py."""

import os
from pathlib import Path

import pytest

from hrm_edge.bench.suites import load_suite
from hrm_edge.problems.problem import Answer, Problem, SuiteTests
from hrm_edge.sandbox.verdict import Outcome, Verdict

from .conftest import JudgeSuite

SAMPLES = {"javascript": range(0, 160, 16), "go": range(3, 164, 40), "rust": range(7, 164, 40)} | {
    "cpp": range(11, 164, 60),
    "java": range(5, 164, 60),
}
"""Numbers of the problems that are judged, fewer where compilation takes longer."""
POLYGLOT_LANGUAGES = ("cpp", "go", "java", "javascript", "python", "rust")
POLYGLOT_SHARE = 0.95


@pytest.mark.slow
@pytest.mark.parametrize("language", SAMPLES)
def test_humanevalpack_reference_passes_and_buggy_solution_fails(
    language: str, data_directory: Path, judge: JudgeSuite
) -> None:
    name = {"javascript": "js"}.get(language, language)
    problems = load_suite("humanevalfix", data_directory / "humanevalpack" / f"{name}.jsonl.gz")
    assert len(problems) == 164
    for problem in (problems[number] for number in SAMPLES[language]):
        assert problem.reference is not None
        assert problem.stub is not None
        verdict = _judged(judge, problem, problem.reference)
        assert verdict.outcome is Outcome.PASSED, (problem.id, verdict)
        assert _judged(judge, problem, problem.stub).outcome is not Outcome.PASSED, problem.id


@pytest.mark.slow
def test_polyglot_references_pass(judge: JudgeSuite) -> None:
    """Of all languages together; those whose toolchain is missing are skipped with the whole test."""
    checkout = os.environ.get("HRM_EDGE_POLYGLOT")
    if checkout is None:
        pytest.skip("needs a checkout of github.com/Aider-AI/polyglot-benchmark: set HRM_EDGE_POLYGLOT to it")
    problems = load_suite("polyglot", Path(checkout))
    assert {problem.language for problem in problems} == set(POLYGLOT_LANGUAGES)
    verdicts = {each.id: _judged(judge, each, each.reference) for each in problems if each.reference is not None}
    scored = {name: verdict for name, verdict in verdicts.items() if verdict.scored}
    failed = {name: verdict.message[:100] for name, verdict in scored.items() if verdict.outcome is not Outcome.PASSED}
    assert len(scored) >= 0.99 * len(verdicts)
    assert len(failed) <= (1 - POLYGLOT_SHARE) * len(scored), failed


def _judged(judge: JudgeSuite, problem: Problem, answer: Answer) -> Verdict:
    assert isinstance(problem.check, SuiteTests)
    return judge(problem.check, problem.language, answer)
