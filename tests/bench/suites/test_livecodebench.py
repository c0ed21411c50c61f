"""LiveCodeBench rows become problems with the official fields, encodings and request structure."""

import base64
import json
import pickle
import zlib
from datetime import date, datetime

import pytest
from suite_rows import (
    LCB_EXECUTION,
    LCB_FUNCTIONAL,
    LCB_STDIN,
    LCB_TEST_OUTPUT,
    ids,
    packed,
    read_raw,
    write_rows,
)

from hrm_edge.bench.suites import Filters, load_suite
from hrm_edge.bench.suites.livecodebench import load_generation
from hrm_edge.bench.suites.rows import Row
from hrm_edge.errors import DataError
from hrm_edge.problems.problem import Calls, Prediction, Scenario, StdinTests, TestOutput

QUESTION_FIELDS = {
    "question_title",
    "question_content",
    "platform",
    "question_id",
    "contest_id",
    "contest_date",
    "starter_code",
    "difficulty",
}
"""lcb_runner/benchmarks/code_generation.py: CodeGenerationProblem.insert_output."""


def load(tmp_path, suite, *rows):
    return load_suite(suite, write_rows(tmp_path / "rows.jsonl", *rows))


def test_functional_problem_calls_a_method_with_json_arguments(tmp_path):
    (problem,) = load(tmp_path, "livecodebench", LCB_FUNCTIONAL)
    assert problem.check == Calls(
        function="twiceTheSum",
        arguments=(([1, 2], 3), ([], -1)),
        expected=(12, -2),
        method_of="Solution",
        equality="livecodebench",
        timeout_s=6.0,
    )
    assert problem.stub.endswith("k: int) -> int:\n        pass\n")
    compile(problem.stub.replace("List", "list"), "stub", "exec")


def test_function_without_a_class_is_called_as_it_is(tmp_path):
    row = LCB_FUNCTIONAL | {"starter_code": "def twiceTheSum(nums, k):\n"}
    assert load(tmp_path, "livecodebench", row)[0].check.method_of is None


def test_stdin_problem_has_public_tests_before_private_ones(tmp_path):
    (problem,) = load(tmp_path, "livecodebench", LCB_STDIN)
    assert problem.check == StdinTests(tests=(("a\n", "a\n"), ("b\n", "b\n")), timeout_s=6.0)


def test_problem_says_when_where_and_how_hard(tmp_path):
    (problem,) = load(tmp_path, "livecodebench", LCB_STDIN)
    assert (problem.id, problem.platform, problem.difficulty) == ("abc999_a", "atcoder", "hard")
    assert (problem.contest_date, problem.scenario) == (date(2024, 5, 31), Scenario.GENERATION)
    assert problem.source == {name: LCB_STDIN[name] for name in QUESTION_FIELDS}


def test_date_that_datasets_read_is_text_again_in_results():
    row = Row(place="hf:x, row 1", fields=LCB_STDIN | {"contest_date": datetime(2024, 5, 31, 21)})
    (problem,) = load_generation([row])
    assert problem.source["contest_date"] == LCB_STDIN["contest_date"]
    assert problem.contest_date == date(2024, 5, 31)


def test_generation_request_has_the_official_parts(tmp_path):
    functional, stdin = load(tmp_path, "livecodebench", LCB_FUNCTIONAL, LCB_STDIN)
    assert functional.request.startswith("You are an expert Python programmer. You will be given a question (problem")
    assert functional.request.endswith(
        "\n\n### Question:\nReturn twice the sum of nums and k.\n\n\n### Format: You will use the following starter "
        "code to write the solution to the problem and enclose your code within delimiters.\n```python\n"
        f"{LCB_FUNCTIONAL['starter_code']}\n```\n\n### Answer: (use the provided format with backticks)\n\n"
    )
    assert "### Format: Read the inputs from stdin solve the problem and write the answer to stdout" in stdin.request
    assert stdin.request.endswith(
        "\n```python\n# YOUR CODE HERE\n```\n\n### Answer: (use the provided format with backticks)\n\n"
    )


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("public_test_cases", "[", r"field 'public_test_cases' cannot be read as JSON"),
        ("public_test_cases", "{}", r"field 'public_test_cases' is no list of tests"),
        ("public_test_cases", '[{"input": 1}]', r"'public_test_cases', test 0 is \{'input': 1\}; a test has input"),
        (
            "public_test_cases",
            '[{"input": "1", "output": "1", "testtype": "other"}]',
            "a test has input, output and testtype",
        ),
        ("public_test_cases", '[{"input": "[1", "output": "1", "testtype": "functional"}]', "input 0 of a functional"),
        ("private_test_cases", "garbage", "field 'private_test_cases' is"),
        ("private_test_cases", packed(7), "field 'private_test_cases' is no list of tests"),
        (
            "private_test_cases",
            base64.b64encode(zlib.compress(pickle.dumps([print]))).decode(),
            "holds a pickle with EMPTY_LIST, which may run code",
        ),
        ("metadata", '{"func_name": 5}', "'metadata' is .*; every row needs JSON with \"func_name\" as text"),
        ("contest_date", "May 2024", "every row needs an ISO date"),
        ("difficulty", 3, "'difficulty' is 3; every row needs text there"),
    ],
)
def test_damaged_row_is_one_clear_error(tmp_path, field, value, message):
    with pytest.raises(DataError, match=rf"rows\.jsonl:1.*{message}"):
        load(tmp_path, "livecodebench", LCB_FUNCTIONAL | {field: value})


def test_row_without_tests_is_refused(tmp_path):
    """Anything would pass it."""
    with pytest.raises(DataError, match=r"rows\.jsonl:1 has no tests"):
        load(tmp_path, "livecodebench", LCB_STDIN | {"public_test_cases": "[]", "private_test_cases": packed([])})


def official(tmp_path, *numbers):
    """A directory with files of code_generation_lite, one row each; row n is of release n."""
    for number in numbers:
        name = "test.jsonl" if number == 1 else f"test{number}.jsonl"
        write_rows(tmp_path / name, LCB_STDIN | {"question_id": f"q{number}"})
    return tmp_path


@pytest.mark.parametrize(("release", "kept"), [("v1", ["q1"]), ("release_v3", ["q1", "q2", "q3"]), (None, None)])
def test_release_of_the_official_files_is_the_first_of_them_whatever_their_dates(tmp_path, release, kept):
    problems = load_suite("livecodebench", official(tmp_path, 1, 2, 3, 4), Filters(release=release))
    assert ids(problems) == (kept or ["q1", "q2", "q3", "q4"])


def test_missing_file_of_a_release_is_named(tmp_path):
    with pytest.raises(DataError, match=r"release v4 also needs test3\.jsonl: download"):
        load_suite("livecodebench", official(tmp_path, 1, 2, 4, 5), Filters(release="v4"))


def test_release_of_other_files_goes_by_date(tmp_path):
    path = write_rows(tmp_path / "codegen_sample.jsonl", LCB_FUNCTIONAL, LCB_STDIN)
    assert ids(load_suite("livecodebench", tmp_path, Filters(release="v1"))) == ["9001"]
    assert ids(load_suite("livecodebench", path, Filters(release="v2"))) == ["9001", "abc999_a"]


def test_test_output_problem_asks_to_complete_an_assertion(tmp_path):
    (problem,) = load(tmp_path, "livecodebench-test-output", LCB_TEST_OUTPUT)
    assert (problem.id, problem.scenario, problem.difficulty) == ("9001/1", Scenario.TEST_OUTPUT, "medium")
    assert problem.check == TestOutput(expected="[true, false]")
    assert problem.reference == "assert flags([1, 2], 3) == [True, False]"
    assert problem.request.endswith(
        f"Problem:\nReturn twice the sum.\nFunction:\n```\n{LCB_TEST_OUTPUT['starter_code']}\n```\n"
        "Please complete the following test case:\n\n```\nassert flags([1, 2], 3) == # TODO\n```\n"
    )
    assert set(problem.source) == QUESTION_FIELDS - {"platform"} | {"test_id", "function_name"}


@pytest.mark.parametrize(
    ("test", "message"),
    [
        ("[]", "every row needs a list of one test there"),
        (json.dumps(json.loads(LCB_TEST_OUTPUT["test"]) * 2), "every row needs a list of one test there"),
        ('[{"input": "1", "output": "True", "testtype": "functional"}]', "the test's output cannot be read as JSON"),
    ],
)
def test_damaged_test_output_row_is_one_clear_error(tmp_path, test, message):
    with pytest.raises(DataError, match=message):
        load(tmp_path, "livecodebench-test-output", LCB_TEST_OUTPUT | {"test": test})


def test_execution_problem_asks_for_the_value(tmp_path):
    (problem,) = load(tmp_path, "livecodebench-execution", LCB_EXECUTION)
    assert (problem.id, problem.scenario, problem.reference) == ("sample_7", Scenario.EXECUTION, "8")
    assert problem.check == Prediction(code=LCB_EXECUTION["code"], call="twice(a = 4)", expected="8", timeout_s=3.0)
    assert problem.request.endswith(
        "\n\n[PYTHON]\ndef twice(a: int) -> int:\n    return 2 * a\nassert twice(a = 4) == ??\n[/PYTHON]\n[ANSWER]\n"
    )
    assert problem.request.count("[PYTHON]") == 3 and "[THOUGHT]" not in problem.request
    assert problem.source == LCB_EXECUTION


def test_execution_with_a_thought_has_one_example_and_ends_where_the_thought_begins(tmp_path):
    (problem,) = load(tmp_path, "livecodebench-execution-cot", LCB_EXECUTION)
    assert problem.suite == "livecodebench-execution-cot"
    assert problem.request.endswith("assert twice(a = 4) == ??\n[/PYTHON]\n[THOUGHT]\n")
    assert problem.request.count("[PYTHON]") == 2


def test_published_sample_has_all_tests_of_its_rows(data_directory):
    problems = load_suite("livecodebench", data_directory)
    raw = {row["question_id"]: row for row in read_raw(data_directory / "livecodebench/codegen_sample.jsonl")}
    provenance = read_raw(data_directory / "livecodebench/codegen_sample.provenance.jsonl")
    assert ids(problems) == list(raw) and len(problems) == 40
    counts = {
        problem.id: len(problem.check.expected if isinstance(problem.check, Calls) else problem.check.tests)
        for problem in problems
    }
    assert counts == {row["question_id"]: row["n_public"] + row["n_private"] for row in provenance}
    assert sum(isinstance(problem.check, Calls) for problem in problems) == 20
    for problem in problems:
        row = raw[problem.id]
        # the project's own file, so that the official way of reading it is safe here
        private = json.loads(pickle.loads(zlib.decompress(base64.b64decode(row["private_test_cases"]))))
        tests = json.loads(row["public_test_cases"]) + private
        if isinstance(problem.check, StdinTests):
            assert problem.check.tests == tuple((test["input"], test["output"]) for test in tests)
        else:
            assert problem.check.expected == tuple(json.loads(test["output"]) for test in tests)
            first = [json.loads(line) for line in tests[0]["input"].split("\n")]
            assert problem.check.arguments[0] == tuple(first)
        assert problem.source == {name: row[name] for name in QUESTION_FIELDS}


def test_published_sample_is_filtered_by_date_platform_and_difficulty(data_directory):
    raw = read_raw(data_directory / "livecodebench/codegen_sample.jsonl")
    day = "2023-08-21"
    filters = Filters(since=date.fromisoformat(day), platforms=("codeforces", "leetcode"), difficulties=("easy",))
    expected = [
        row["question_id"]
        for row in raw
        if row["contest_date"][:10] >= day and row["platform"] != "atcoder" and row["difficulty"] == "easy"
    ]
    assert ids(load_suite("livecodebench", data_directory, filters)) == expected and expected


def test_published_test_outputs_and_google_contests_load(data_directory):
    problems = load_suite("livecodebench-test-output", data_directory)
    assert len(problems) == 47 and problems[0].id == "3032/0" and problems[0].check.expected == "6"
    contests = load_suite("livecodebench", data_directory / "google-contests.jsonl.gz", Filters(limit=30))
    assert {problem.platform for problem in contests} == {"google"}
