"""Contest problems: what statements teach, dates, supplied solutions, and LiveCodeBench kept out."""

import json

import pytest
from sandboxes import needs_bubblewrap
from source_files import CONTEST, drawn, write_lines

from hrm_edge.errors import DataError
from hrm_edge.prompt import parse_answer
from hrm_edge.sandbox.judge import Judge
from hrm_edge.sandbox.open import open_sandbox
from hrm_edge.sandbox.toolchains import find_toolchains
from hrm_edge.train.data.example import Task
from hrm_edge.train.data.sources.contests import Contests
from hrm_edge.train.data.sources.rows import RowReport
from hrm_edge.train.data.sources.verification import verify, write_record

DOUBLES = "import sys\nfor line in sys.stdin:\n    print(2 * int(line))"
FUNCTIONAL = CONTEST | {
    "question_id": "f",
    "starter_code": "class Solution:\n    def double(self, xs: List[int]) -> bool:",
    "metadata": json.dumps({"func_name": "double"}),
    "public_test_cases": json.dumps([{"input": "[1]\ntrue", "output": "null", "testtype": "functional"}]),
}


def test_sample_output_is_asked_for_without_being_shown(tmp_path):
    examples, _ = drawn(Contests(), write_lines(tmp_path / "c.jsonl", CONTEST))
    (predicted,) = [example for example in examples if example.task is Task.TEST_OUTPUT]
    assert parse_answer(predicted.response).text == "8"
    assert "4" in predicted.request and "8" not in predicted.request
    assert str(predicted.contest_date) == "2020-05-01"
    assert predicted.difficulty == 0.4


def test_input_and_output_format_are_quoted_from_the_statement(tmp_path):
    examples, _ = drawn(Contests(), write_lines(tmp_path / "c.jsonl", CONTEST))
    quoted = [example for example in examples if example.task is Task.REASONING]
    assert [example.response for example in quoted] == ["One number a line.", "Its double, a line each."]
    assert all(example.response in example.request for example in quoted)


def test_functional_sample_is_an_assertion_in_python(tmp_path):
    examples, _ = drawn(Contests(), write_lines(tmp_path / "c.jsonl", FUNCTIONAL))
    assert parse_answer(examples[0].response).text == "assert double([1], True) == None"


@pytest.mark.parametrize("change", [{"platform": "leetcode"}, {"platform": "AtCoder"}, {"question_id": "1873_A"}])
def test_livecodebench_gets_in_only_when_its_user_names_it(tmp_path, change):
    path = write_lines(tmp_path / "c.jsonl", CONTEST | change)
    examples, report = drawn(Contests(), path)
    assert not examples
    assert any("LiveCodeBench is for evaluation" in rule for _, rule in report.left_out)
    assert drawn(Contests(livecodebench=True), path)[0]


def test_real_evaluation_file_is_refused_whole(data_directory):
    examples, report = drawn(Contests(), data_directory / "livecodebench" / "codegen_sample.jsonl")
    assert (examples, sum(report.left_out.values())) == ([], 40)


@pytest.mark.parametrize(
    ("options", "kept"),
    [({"first_day": "2020-05-01"}, 1), ({"first_day": "2020-05-02"}, 0), ({"last_day": "2020-04-30"}, 0)],
)
def test_contests_outside_the_days_are_left_out(tmp_path, options, kept):
    examples, _ = drawn(Contests(**options), write_lines(tmp_path / "c.jsonl", CONTEST))
    assert bool(examples) == kept
    with pytest.raises(DataError, match="'first_day' is 'May': give a day"):
        drawn(Contests(first_day="May"), tmp_path / "c.jsonl")


@needs_bubblewrap
def test_solution_counts_as_executed_once_it_passed_every_test(tmp_path):
    path = write_lines(tmp_path / "c.jsonl", CONTEST)
    right = {"question_id": "doubles", "language": "python", "code": DOUBLES}
    wrong = right | {"code": "print(8)"}
    solutions = str(write_lines(tmp_path / "solutions.jsonl", right, wrong, right | {"language": "basic"}))
    toolchains, report = find_toolchains(), RowReport()
    with open_sandbox(toolchains=toolchains.values()) as sandbox, sandbox.session() as session:
        items = Contests(solutions=(solutions,)).unverified([path], report)
        passed = write_record(tmp_path / "record.txt", verify(items, Judge(session, toolchains)))
    assert passed == (1, 2)
    assert report.malformed[0].line == 3
    source = Contests(solutions=(solutions,), verified=(str(tmp_path / "record.txt"),))
    solved = [example for example in drawn(source, path)[0] if example.task is Task.GENERATION]
    assert [(example.executed, DOUBLES in example.response) for example in solved] == [(True, True), (None, False)]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"contest_date": "spring"}, "'contest_date' is 'spring'"),
        ({"public_test_cases": "[1]"}, "'public_test_cases', test 0 is 1"),
        ({"public_test_cases": "{"}, "'public_test_cases' cannot be read as JSON"),
        ({"metadata": '{"func_name": "f"}'}, "a functional test of 'public_test_cases'"),
        ({"question_content": None}, "'question_content' is None"),
    ],
)
def test_malformed_row_is_reported(tmp_path, change, problem):
    examples, report = drawn(Contests(), write_lines(tmp_path / "c.jsonl", CONTEST | change, FUNCTIONAL))
    assert examples
    (malformed,) = report.malformed
    assert malformed.line == 1
    assert malformed.problem.startswith(problem)


def test_packed_tests_that_cannot_be_read_are_reported_where_a_solution_needs_them(tmp_path):
    path = write_lines(tmp_path / "c.jsonl", CONTEST | {"private_test_cases": "AAAA"})
    right = {"question_id": "doubles", "language": "python", "code": DOUBLES}
    solutions = str(write_lines(tmp_path / "solutions.jsonl", right))
    examples, report = drawn(Contests(solutions=(solutions,)), path)
    assert not [example for example in examples if example.task is Task.GENERATION]
    assert report.malformed[0].line == 1


def test_real_archive_by_count(data_directory):
    examples, report = drawn(Contests(), data_directory)
    assert (sum(report.read.values()), len(report.malformed)) == (285, 0)
    assert len({example.group for example in examples}) == 284
    assert all(example.contest_date for example in examples)
