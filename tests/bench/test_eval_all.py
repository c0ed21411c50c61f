"""LiveCodeBench's results files: the fields that lcb_runner/benchmarks writes, read back by all who read them."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from bench_problems import power_problem
from hypothesis import given
from hypothesis import strategies as st

from hrm_edge.bench.eval_all import error_metadata, eval_all, eval_summary, read_grades
from hrm_edge.bench.evaluation import Evaluation
from hrm_edge.bench.extraction import Extracted
from hrm_edge.bench.foreign_samples import read_sample_file
from hrm_edge.bench.judging import cut_middle
from hrm_edge.bench.run_loop import Judged
from hrm_edge.bench.samples import Sample
from hrm_edge.bench.suites import load_suite
from hrm_edge.errors import DataError
from hrm_edge.problems.problem import Calls, Problem
from hrm_edge.sandbox.verdict import Failure, Outcome, Verdict

GENERATION_FIELDS = [
    "question_title", "question_content", "platform", "question_id", "contest_id", "contest_date", "starter_code",
    "difficulty", "output_list", "code_list", "graded_list", "pass@1", "metadata",
]  # fmt: skip
TEST_OUTPUT_FIELDS = [
    "question_title", "question_content", "question_id", "contest_id", "contest_date", "difficulty", "test_id",
    "function_name", "starter_code", "output_list", "pred_list", "graded_list", "pass@1",
]  # fmt: skip
EXECUTION_FIELDS = [
    "question_id", "contest_id", "contest_date", "difficulty", "function_name", "code", "input", "output", "id",
    "problem_id", "numsteps", "output_list", "pred_list", "graded_list", "pass@1",
]  # fmt: skip
CONTEST = {"contest_id": "weekly-1", "contest_date": "2024-03-02T00:00:00", "difficulty": "easy"}
QUESTION = {"question_title": "Sum", "question_content": "Add.", "starter_code": "", **CONTEST}
QUESTIONS = [
    {**QUESTION, "platform": "atcoder", "question_id": q, "metadata": "{}", "private_test_cases": "[]",
     "public_test_cases": json.dumps([{"input": "1 2", "output": "3", "testtype": "stdin"}])}
    for q in ("abc301_a", "2811")
]  # fmt: skip
WRONG = Verdict(
    outcome=Outcome.FAILED, mode="call", tests=3, passed=1,
    failure=Failure(test=1, input="1 2", output="4", expected="3" * 400),
)  # fmt: skip
RIGHT = Verdict(outcome=Outcome.PASSED, mode="call", tests=3, passed=3, wall_s=0.25)


def rows_file(directory: Path, name: str, rows: list[dict[str, Any]]) -> Path:
    path = directory / name
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


@pytest.fixture
def questions(tmp_path: Path) -> list[Problem]:
    return load_suite("livecodebench", rows_file(tmp_path, "test.jsonl", QUESTIONS))


def evaluation(problems: list[Problem], *verdicts: Verdict) -> Evaluation:
    judged = tuple(
        Judged(
            sample=Sample(task_id=problem.id, sample=index, text=f"```python\nprint({index})\n```"),
            extracted=Extracted(answer=f"print({index})"),
            verdict=verdict,
        )
        for problem in problems
        for index, verdict in enumerate(verdicts)
    )
    return Evaluation(problems=tuple(problems), answerer="model", judged=judged)


class TestWritten:
    """Field by field."""

    def test_generation_has_the_official_fields_and_questions_in_the_official_order(
        self, questions: list[Problem]
    ) -> None:
        rows = eval_all(evaluation(questions, RIGHT, WRONG))
        assert [row["question_id"] for row in rows] == ["2811", "abc301_a"]  # sorted as text
        assert [sorted(row) for row in rows] == [sorted(GENERATION_FIELDS)] * 2
        first = rows[0]
        assert first["output_list"] == ["```python\nprint(0)\n```", "```python\nprint(1)\n```"]
        assert (first["code_list"], first["graded_list"], first["pass@1"]) == (
            ["print(0)", "print(1)"],
            [True, False],
            0.5,
        )
        assert first["contest_date"] == "2024-03-02T00:00:00"

    def test_metadata_is_one_json_text_a_program_with_values_cut(self, questions: list[Problem]) -> None:
        metadata = eval_all(evaluation(questions, RIGHT, WRONG))[0]["metadata"]
        assert [json.loads(text) for text in metadata] == [
            {"execution time": 0.25},
            {"error_code": -2, "error_message": "Wrong Answer", "inputs": "1 2", "output": "4",
             "expected": "3" * 150 + "...(truncated) ..." + "3" * 150},
        ]  # fmt: skip

    def test_test_output_has_predictions_and_no_metadata(self, tmp_path: Path) -> None:
        test = json.dumps([{"input": "1", "output": "2", "testtype": "functional"}])
        rows = [{**QUESTION, "question_id": "2777", "test_id": n, "function_name": "f", "test": test} for n in (10, 2)]
        problems = load_suite("livecodebench-test-output", rows_file(tmp_path, "test_generation.jsonl", rows))
        found = eval_all(evaluation(problems, RIGHT))
        assert [row["test_id"] for row in found] == [2, 10]
        assert [sorted(row) for row in found] == [sorted(TEST_OUTPUT_FIELDS)] * 2

    def test_execution_is_in_the_order_of_its_numbers(self, tmp_path: Path) -> None:
        rows = [
            {**CONTEST, "question_id": "2777", "function_name": "f", "code": "def f(a): return a", "input": "f(a = 1)",
             "output": "1", "id": f"sample_{n}", "problem_id": "p", "numsteps": 3}
            for n in (10, 2)
        ]  # fmt: skip
        problems = load_suite("livecodebench-execution", rows_file(tmp_path, "execution.jsonl", rows))
        found = eval_all(evaluation(problems, RIGHT))
        assert [row["id"] for row in found] == ["sample_2", "sample_10"]
        assert [sorted(row) for row in found] == [sorted(EXECUTION_FIELDS)] * 2

    def test_self_repair_has_the_programs_before_and_after_under_one_question(
        self, questions: list[Problem], tmp_path: Path
    ) -> None:
        """The official loop: generation's _eval_all.json is what self-repair starts from."""
        generated = eval_all(evaluation(questions, RIGHT, WRONG))
        (tmp_path / "run_eval_all.json").write_text(json.dumps(generated))
        problems = load_suite("livecodebench-repair", tmp_path)
        assert [problem.id for problem in problems if problem.request] == ["abc301_a/1", "2811/1"]
        assert "Input: 1 2\nGenerated Output: 4" in problems[-1].request
        rows = eval_all(evaluation(problems, RIGHT))
        assert [sorted(row) for row in rows] == [sorted([*GENERATION_FIELDS, "original_code_list"])] * 2
        assert rows[0]["original_code_list"] == ["print(0)", "print(1)"]
        assert (rows[0]["graded_list"], rows[0]["pass@1"]) == ([True, True], 1.0)

    def test_the_summary_has_pass_at_k_and_the_results_of_every_test(self, questions: list[Problem]) -> None:
        metrics, results, metadata = eval_summary(evaluation(questions, RIGHT, WRONG))
        assert metrics == {"pass@1": 0.5, "detail": {"pass@1": {"0": 0.5, "1": 0.5}}}
        assert results == {str(place): [[True, True, True], [True, -2]] for place in (0, 1)}
        assert [len(texts) for texts in metadata] == [2, 2]

    def test_what_was_not_judged_is_not_written_as_wrong(self, questions: list[Problem]) -> None:
        lost = Verdict(outcome=Outcome.SANDBOX_ERROR, mode="call")
        assert [row["graded_list"] for row in eval_all(evaluation(questions, RIGHT, lost))] == [[True], [True]]
        assert eval_all(evaluation(questions, lost)) == []

    def test_other_suites_have_no_such_file(self) -> None:
        with pytest.raises(DataError, match=r"suite powers has no _eval_all\.json"):
            eval_all(evaluation([power_problem(1)], RIGHT))


@pytest.mark.parametrize(
    ("outcome", "code"),
    [
        (Outcome.COMPILE_ERROR, -1),
        (Outcome.FAILED, -2),
        (Outcome.TIMEOUT, -3),
        (Outcome.RUNTIME_ERROR, -4),
        (Outcome.MEMORY_LIMIT, -4),
        (Outcome.OUTPUT_LIMIT, -4),
    ],
)
@pytest.mark.parametrize("failure", [WRONG.failure, None], ids=["with failure", "without"])
def test_every_error_has_what_the_official_repair_prompt_reads(
    outcome: Outcome, code: int, failure: Failure | None
) -> None:
    """lcb_runner/prompts/self_repair.py, get_check_prompt: a missing field would be a KeyError there."""
    told = error_metadata(power_problem(1), replace(WRONG, outcome=outcome, failure=failure))
    needed = {-1: ["error"], -2: ["inputs", "output", "expected"], -3: ["error", "inputs", "expected"]}
    assert told["error_code"] == code
    assert {"error_message", *needed.get(code, ["inputs", "expected", "error"])} <= told.keys()


def test_the_arguments_of_a_call_are_shown_as_a_list() -> None:
    """grade_call_based tells truncatefn(gt_inp), and gt_inp is the list of arguments."""
    problem = replace(power_problem(1), check=Calls(function="f", arguments=(([1], 2),), expected=(3,)))
    verdict = replace(WRONG, failure=Failure(test=0, input="[1], 2", output="4", expected="3"))
    assert error_metadata(problem, verdict)["inputs"] == "[[1], 2]"


@given(st.text(max_size=1000))
def test_values_are_cut_to_their_first_and_last_150_characters(value: str) -> None:
    """lcb_runner/evaluation/testing_util.py, truncatefn."""
    shown = cut_middle(value, 300)
    if len(value) <= 300:
        assert shown == value
    else:
        assert shown == value[:150] + "...(truncated) ..." + value[-150:]


class TestRead:
    """What we or the official runner wrote."""

    def test_grades_and_programs_come_back(self, questions: list[Problem], tmp_path: Path) -> None:
        path = tmp_path / "run_eval_all.json"
        path.write_text(json.dumps(eval_all(evaluation(questions, RIGHT, WRONG))))
        assert read_grades(path) == {"2811": (True, False), "abc301_a": (True, False)}
        samples = read_sample_file(path, questions).samples
        assert {(sample.form, sample.text) for sample in samples.values()} == {
            ("solution", "print(0)"), ("solution", "print(1)"),
        }  # fmt: skip

    def test_a_row_without_grades_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "a.json").write_text('[{"question_id": "1", "graded_list": [1]}]')
        with pytest.raises(DataError, match="row 1: graded_list is no list of true and false"):
            read_grades(tmp_path / "a.json")
