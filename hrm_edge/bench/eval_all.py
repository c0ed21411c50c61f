"""LiveCodeBench's results files, `_eval_all.json` and `_eval.json`, with the fields its own runner writes and reads:
https://github.com/LiveCodeBench/LiveCodeBench/blob/28fef95/lcb_runner/benchmarks (insert_output_evaluation) and
https://github.com/LiveCodeBench/LiveCodeBench/blob/28fef95/lcb_runner/evaluation/testing_util.py (metadata).

`_eval_all.json` has one object per question: the question's fields, `output_list` (the responses), `code_list` or
`pred_list` (what was extracted), `graded_list`, `pass@1`, and for programs `metadata`, a JSON text for each with
`error_code` and what went wrong, values cut at 300 characters. Self-repair adds `original_code_list`.

Samples that this machine could not judge are in no list, as the format has no word for them but wrong.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from hrm_edge.bench.evaluation import Evaluation
from hrm_edge.bench.foreign_samples import official_order
from hrm_edge.bench.judging import cut_middle
from hrm_edge.bench.pass_at_k import scores_at_k
from hrm_edge.bench.run_loop import Judged
from hrm_edge.data_files import read_objects
from hrm_edge.errors import DataError
from hrm_edge.problems.problem import Calls, Problem, Scenario
from hrm_edge.sandbox.verdict import Outcome, Verdict

CUT = 300
"""Characters of a value that are kept, half from its start and half from its end."""
OFFICIAL_KS = (1, 5, 10, 20, 40, 50, 75, 100, 125, 150, 200, 500, 1000)
_PROGRAMS = (Scenario.GENERATION, Scenario.REPAIR)
_ERRORS: Mapping[Outcome, tuple[int, str]] = {
    Outcome.COMPILE_ERROR: (-1, "Compilation Error"),
    Outcome.FAILED: (-2, "Wrong Answer"),
    Outcome.TIMEOUT: (-3, "Time Limit Exceeded"),
    Outcome.RUNTIME_ERROR: (-4, "Runtime Error"),
    Outcome.MEMORY_LIMIT: (-4, "Runtime Error"),
    Outcome.OUTPUT_LIMIT: (-4, "Runtime Error"),
}
"""error_code and error_message; the official checker has no limits of memory and output of its own."""


def eval_all(evaluation: Evaluation) -> list[dict[str, Any]]:
    """The content of `_eval_all.json`, in the official order of questions.

    Raises:
        DataError: the run is not of LiveCodeBench.
    """
    codes = {problem.id: problem.source.get("original_code") for problem in evaluation.problems}
    rows = []
    for problem, judged in _questions(evaluation):
        rows.append(_question(problem, judged))
        if problem.scenario is Scenario.REPAIR:
            rows[-1]["original_code_list"] = [codes[one.sample.task_id] for one in judged]
    return rows


def eval_summary(evaluation: Evaluation) -> list[Any]:
    """The content of `_eval.json`: [metrics, results, metadata], questions by their place in the official order.

    metrics has pass@k and, under `detail`, pass@k of each question; results the checker's list for each program: True
    for each test passed, then the error_code of the one that was not.

    Raises:
        DataError: the run is not of LiveCodeBench.
    """
    questions = _questions(evaluation)
    counts = [(len(judged), sum(one.verdict.outcome is Outcome.PASSED for one in judged)) for _, judged in questions]
    metrics: dict[str, Any] = {f"pass@{k}": score.value for k, score in scores_at_k(counts, OFFICIAL_KS).items()}
    detail = {
        name: {
            str(place): scores_at_k([count], [int(name.removeprefix("pass@"))])[int(name.removeprefix("pass@"))].value
            for place, count in enumerate(counts)
        }
        for name in metrics
    }
    results = {str(place): [_results(one) for one in judged] for place, (_, judged) in enumerate(questions)}
    metadata = [[json.dumps(error_metadata(problem, one.verdict)) for one in judged] for problem, judged in questions]
    return [{**metrics, "detail": detail}, results, metadata]


def read_grades(path: Path) -> dict[str, tuple[bool, ...]]:
    """Question → whether each of its programs passed, of an `_eval_all.json` whoever wrote it.

    The question's name is its `question_id`, with `/test_id` where it has one, or its `id` in the execution scenario.
    The programs themselves are read by hrm_edge.bench.foreign_samples.

    Raises:
        DataError: the file cannot be read, or is no such file.
    """
    found = {}
    for place, row in read_objects(path):
        grades = row.get("graded_list")
        if not isinstance(grades, list) or not all(isinstance(grade, bool) for grade in grades):
            raise DataError(f"{path}, row {place}: graded_list is no list of true and false: give an _eval_all.json")
        name = row.get("id", row.get("question_id"))
        found[f"{name}/{row['test_id']}" if "test_id" in row else str(name)] = tuple(grades)
    return found


def error_metadata(problem: Problem, verdict: Verdict) -> dict[str, Any]:
    """What the checker tells about a program: its time if it passed, else the error and the first failing test.

    The arguments of a call are shown as the list they are there.
    """
    if verdict.outcome is Outcome.PASSED:
        return {"execution time": verdict.wall_s}
    code, message = _ERRORS[verdict.outcome]
    failure = verdict.failure
    told: dict[str, Any] = {"error_code": code, "error_message": message}
    if code == -2:
        told["output"] = _cut(failure.output if failure else "")
    elif code == -3:
        told["error"] = "TimeoutException()"
    else:
        told["error"] = _cut((failure.error if failure else "") or verdict.message)
    given, expected = (failure.input, failure.expected) if failure else ("", "")
    inputs = f"[{given}]" if isinstance(problem.check, Calls) else given
    return {**told, "inputs": _cut(inputs), "expected": _cut(expected)}


def _cut(value: str) -> str:
    return cut_middle(value, CUT)


def _questions(evaluation: Evaluation) -> list[tuple[Problem, list[Judged]]]:
    """(a problem of the question, its judged samples) in the official order; each sample's last try."""
    suite = evaluation.problems[0].suite if evaluation.problems else "none"
    if not suite.startswith("livecodebench"):
        raise DataError(f"suite {suite} has no _eval_all.json: it is LiveCodeBench's; take samples.jsonl")
    last = {(judged.sample.task_id, judged.sample.sample): judged for judged in evaluation.judged}
    by_problem: dict[str, list[Judged]] = {}
    for judged in last.values():
        if judged.verdict.scored:
            by_problem.setdefault(judged.sample.task_id, []).append(judged)
    questions: dict[str, tuple[Problem, list[Judged]]] = {}
    for problem in sorted(evaluation.problems, key=official_order):
        name = problem.source["question_id"] if problem.scenario is Scenario.REPAIR else problem.id
        _, found = questions.setdefault(str(name), (problem, []))
        found += by_problem.get(problem.id, [])
    return [(problem, judged) for problem, judged in questions.values() if judged]


def _question(problem: Problem, judged: Sequence[Judged]) -> dict[str, Any]:
    source = {name: value for name, value in problem.source.items() if name not in ("code_index", "original_code")}
    extracted = "code_list" if problem.scenario in _PROGRAMS else "pred_list"
    grades = [one.verdict.outcome is Outcome.PASSED for one in judged]
    row = {
        **source,
        "contest_date": datetime.fromisoformat(str(source["contest_date"])).isoformat(),
        "output_list": [one.sample.text for one in judged],
        extracted: [one.judged_text for one in judged],
        "graded_list": grades,
        "pass@1": sum(grades) / len(grades),
    }
    if problem.scenario in _PROGRAMS:
        row["metadata"] = [json.dumps(error_metadata(problem, one.verdict)) for one in judged]
    return row


def _results(judged: Judged) -> list[bool | int]:
    verdict = judged.verdict
    if verdict.outcome is Outcome.PASSED:
        return [True] * max(1, verdict.tests)
    return [True] * verdict.passed + [_ERRORS[verdict.outcome][0]]
