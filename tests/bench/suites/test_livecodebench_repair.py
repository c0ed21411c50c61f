"""Self-repair: one problem for each program of an _eval_all.json, which shows how it failed."""

import json

import pytest
from suite_rows import LCB_FUNCTIONAL, LCB_STDIN, ids, write_rows

from hrm_edge.bench.suites import Filters, load_suite
from hrm_edge.bench.suites.livecodebench_repair import failure_text
from hrm_edge.errors import DataError
from hrm_edge.problems.problem import Scenario

NAME = "Scenario.codegeneration_2_0.2_eval_all.json"
WRONG = {
    "error_code": -2,
    "error_message": "Wrong Answer",
    "inputs": "a\n",
    "output": "b",
    "expected": "a",
}


def evaluated(row, codes, graded, metadata):
    """A row as the official evaluation writes it."""
    fields = {name: value for name, value in row.items() if not name.endswith("_test_cases") and name != "metadata"}
    return fields | {
        "output_list": [f"```python\n{code}\n```" for code in codes],
        "code_list": codes,
        "graded_list": graded,
        "pass@1": graded.count(True) / len(graded),
        "metadata": [json.dumps(told) for told in metadata],
    }


ROWS = (
    evaluated(LCB_STDIN, ["print('b')", "print(input())"], [False, True], [WRONG, {"execution time": 0.1}]),
    evaluated(LCB_FUNCTIONAL, ["x ="], [False], [{"error_code": -1, "error": "SyntaxError('invalid syntax')"}]),
)


def directory(tmp_path, *rows, questions=(LCB_FUNCTIONAL, LCB_STDIN)):
    write_rows(tmp_path / NAME, *rows)
    if questions:
        write_rows(tmp_path / "test.jsonl", *questions)
    return tmp_path


@pytest.mark.parametrize("named", ["directory", "file"])
def test_each_program_is_a_problem_with_the_tests_of_its_question(tmp_path, named):
    path = directory(tmp_path, *ROWS)
    problems = load_suite("livecodebench-repair", path if named == "directory" else path / NAME)
    generation = {problem.id: problem for problem in load_suite("livecodebench", path)}
    assert ids(problems) == ["9001/0", "abc999_a/0", "abc999_a/1"]
    assert all(problem.scenario is Scenario.REPAIR for problem in problems)
    for problem in problems:
        asked = generation[problem.id.partition("/")[0]]
        assert problem.check == asked.check
        assert (problem.platform, problem.contest_date) == (asked.platform, asked.contest_date)
        own = {name: value for name, value in problem.source.items() if name not in ("code_index", "original_code")}
        assert own == asked.source


def test_wrong_program_is_shown_with_its_failure(tmp_path):
    problem = load_suite("livecodebench-repair", directory(tmp_path, *ROWS))[1]
    assert (problem.stub, problem.reference) == ("print('b')", None)
    assert problem.source["code_index"] == 0 and problem.source["original_code"] == "print('b')"
    assert problem.request.endswith(
        "\n\n### Question:\nPrint the line.\n\n### Answer:\n```python\nprint('b')\n```\n\n"
        "The above code is incorrect and got a wrong answer.\nInput: a\n\nGenerated Output: b\nExpected: a\n"
        "### Format: Read the inputs from stdin solve the problem and write the answer to stdout (do not directly test "
        "on the sample inputs). Enclose your code within delimiters as follows.\n```python\n# YOUR CODE HERE\n```\n\n"
        "### Answer: (use the provided format with backticks)\n\n"
    )


def test_program_that_passed_is_kept_and_asks_nothing(tmp_path):
    problem = load_suite("livecodebench-repair", directory(tmp_path, *ROWS))[2]
    assert (problem.request, problem.reference, problem.stub) == ("", "print(input())", None)


@pytest.mark.parametrize(
    ("metadata", "text"),
    [
        (
            {"error_code": -1, "error": "SyntaxError()"},
            "The above code is incorrect and got the following compilation error.\nSyntaxError()",
        ),
        (
            {"error_code": -3, "error": "TimeoutException()", "inputs": "1", "expected": "2"},
            "The above code is incorrect and got time limit exceeded.\nTimeoutException()\nInput: 1\nExpected: 2",
        ),
        (
            {"error_code": -4, "error": "ValueError()", "inputs": "1", "expected": "2"},
            "The above code is incorrect and got a runtime error.\nInput: 1\nExpected: 2\nValueError()",
        ),
        (
            {"error_code": -3, "error_message": "Time Limit Exceeded"},
            "The above code is incorrect and got time limit exceeded.\nTime Limit Exceeded\nInput: \nExpected: ",
        ),
        (
            {"error_code": -5, "error": "IndexError()", "error_message": "TestRunnerError"},
            "The above code is incorrect and could not be tested.\nIndexError()",
        ),
        ({"execution time": 1.5}, ""),
    ],
    ids=["compile", "time", "runtime", "few fields", "its own", "none"],
)
def test_failure_is_told_by_its_kind(metadata, text):
    assert failure_text(json.dumps(metadata), "here") == text


@pytest.mark.parametrize(
    ("metadata", "message"),
    [
        ("[]", "here is no JSON object"),
        ("{", "here cannot be read as JSON"),
        ('{"error_code": -9}', "here: error_code is -9; choose of -1, -2, -3, -4, -5"),
        ('{"error_code": [1]}', r"here: error_code is \[1\]"),
    ],
)
def test_unknown_metadata_is_refused(metadata, message):
    with pytest.raises(DataError, match=message):
        failure_text(metadata, "here")


def test_programs_without_tests_are_named(tmp_path):
    with pytest.raises(DataError, match="question 9001 and 0 more have no tests: put the data"):
        load_suite("livecodebench-repair", directory(tmp_path, *ROWS, questions=(LCB_STDIN,)))


def test_questions_without_programs_are_left_out(tmp_path):
    assert ids(load_suite("livecodebench-repair", directory(tmp_path, ROWS[1]))) == ["9001/0"]


def test_results_without_the_data_beside_them_are_named(tmp_path):
    with pytest.raises(DataError, match="holds no data of suite livecodebench-repair"):
        load_suite("livecodebench-repair", directory(tmp_path, *ROWS, questions=()))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"graded_list": [0]}, "'graded_list' is .*; every row needs a list of true and false there"),
        ({"graded_list": [True, False]}, "has 1 programs, 1 metadata and 2 grades: they must be as many"),
        ({"code_list": "x"}, "'code_list' is 'x'; every row needs a list of texts there"),
    ],
)
def test_damaged_results_are_named(tmp_path, changes, message):
    with pytest.raises(DataError, match=message):
        load_suite("livecodebench-repair", directory(tmp_path, ROWS[1] | changes))


def test_question_that_comes_twice_is_refused(tmp_path):
    with pytest.raises(DataError, match="question 9001 comes twice: give one"):
        load_suite("livecodebench-repair", directory(tmp_path, ROWS[1], ROWS[1]))


def test_filters_apply_to_repairs(tmp_path):
    problems = load_suite("livecodebench-repair", directory(tmp_path, *ROWS), Filters(platforms=("atcoder",), limit=1))
    assert ids(problems) == ["abc999_a/0"]
