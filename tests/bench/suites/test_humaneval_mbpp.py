"""HumanEval and MBPP rows become problems whose programs are those of the official evaluations."""

import subprocess
import sys

import pytest
from suite_rows import HUMANEVAL, MBPP, MBPP_SANITIZED, ids, read_raw, write_rows

from hrm_edge.bench.suites import Filters, load_suite, notices
from hrm_edge.errors import DataError
from hrm_edge.problems.problem import Scenario


def run(source: str) -> bool:
    """Whether a program of the test's own rows ends well."""
    return subprocess.run([sys.executable, "-I", "-S", "-c", source], capture_output=True).returncode == 0


@pytest.fixture
def humaneval(tmp_path):
    return load_suite("humaneval", write_rows(tmp_path / "HumanEval.jsonl.gz", HUMANEVAL))[0]


def test_humaneval_problem_asks_for_the_function_and_keeps_the_row(humaneval):
    assert (humaneval.suite, humaneval.id, humaneval.language) == ("humaneval", "HumanEval/900", "python")
    assert humaneval.scenario is Scenario.GENERATION
    assert HUMANEVAL["prompt"].strip() in humaneval.request
    assert humaneval.source == HUMANEVAL
    assert humaneval.check.prefix == HUMANEVAL["prompt"]
    assert humaneval.check.entry_point == "ring"


def test_humaneval_setup_is_what_stands_above_the_function_and_its_tests_may_use_it(humaneval):
    assert humaneval.check.setup == "import math\n\n\ndef area(radius):\n    return math.pi * radius**2\n\n\n"
    (test,) = humaneval.check.tests
    assert run(f"{humaneval.reference}\n{test}")
    assert not run(f"{humaneval.stub}\n{test}")
    assert run(f"{humaneval.check.setup}\nring = lambda a, b: area(a) - area(b)\n{test}")


def test_decorators_belong_to_the_function(tmp_path):
    row = HUMANEVAL | {"prompt": "import functools\n\n@functools.cache\ndef ring(a):\n    '''Doc.'''\n"}
    (problem,) = load_suite("humaneval", write_rows(tmp_path / "rows.jsonl", row))
    assert problem.check.setup == "import functools\n\n"


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("prompt", "def ring(:\n", r"rows\.jsonl:1, field 'prompt' is no Python"),
        ("prompt", "def other():\n    '''Doc.'''\n", "'prompt' does not define 'ring'"),
        ("prompt", "(" * 5000 + "\n", "field 'prompt' is no Python"),
        ("prompt", "\0", "'prompt' is no Python"),
        ("test", None, r"rows\.jsonl:1: 'test' is None; every row needs text there"),
        ("entry_point", 5, "'entry_point' is 5; every row needs text there"),
    ],
)
def test_damaged_humaneval_row_is_one_clear_error(tmp_path, field, value, message):
    path = write_rows(tmp_path / "rows.jsonl", HUMANEVAL | {field: value})
    with pytest.raises(DataError, match=message):
        load_suite("humaneval", path)


def test_all_of_humaneval_as_its_own_readme_assembles_it(data_directory):
    problems = load_suite("humaneval", data_directory)
    raw = read_raw(data_directory / "humaneval/HumanEval.jsonl.gz")
    assert ids(problems) == [f"HumanEval/{number}" for number in range(164)]
    for problem, row in zip(problems, raw, strict=True):
        assert problem.reference == row["prompt"] + row["canonical_solution"]
        assert problem.check.tests == (row["test"] + f"\ncheck({row['entry_point']})\n",)
        assert row["prompt"].startswith(problem.check.setup)
    assert "def poly(" in problems[32].check.setup and "def find_zero(" not in problems[32].check.setup


def test_mbpp_problem_shows_task_and_tests_and_has_plain_newlines(tmp_path):
    (problem,) = load_suite("mbpp", write_rows(tmp_path / "mbpp.jsonl", MBPP))
    assert (problem.id, problem.suite) == ("512", "mbpp")
    assert problem.request.endswith(
        "Write a function to find the larger of two numbers.\nYour code should pass these tests:\n\n"
        "assert larger(1, 2) == 2\nassert larger(3, 2) == 3"
    )
    assert problem.reference == "def larger(a, b): \n  return a if a > b else b\n"
    assert problem.check.tests == tuple(MBPP["test_list"])
    assert (problem.check.entry_point, problem.check.setup) == ("larger", "")
    assert all(run(f"{problem.reference}\n{test}") for test in problem.check.tests)
    assert not run(f"{problem.stub}\n{problem.check.tests[0]}")


def test_sanitized_rows_bring_their_imports(tmp_path):
    (problem,) = load_suite("mbpp-sanitized", write_rows(tmp_path / "sanitized-mbpp.json", MBPP_SANITIZED))
    assert (problem.id, problem.suite, problem.check.setup) == ("3", "mbpp-sanitized", "import math")
    assert problem.check.entry_point == "side"
    assert problem.request.startswith("You are an expert Python programmer, and here is your task: Write a function")


def test_entry_point_is_the_outermost_function_that_the_reference_defines(tmp_path):
    code = "class Pair:\n    pass\ndef helper(x):\n    return x\ndef main(x):\n    return x"
    row = MBPP | {"code": code, "test_list": ["assert set(main([Pair(), helper(1)])) == {1}"]}
    (problem,) = load_suite("mbpp", write_rows(tmp_path / "mbpp.jsonl", row))
    assert problem.check.entry_point == "main"


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("test_list", ["assert other(1)"], "'test_list' calls no function of 'code'"),
        ("test_list", ["assert larger("], r"mbpp\.jsonl:1, field 'test_list' is no Python"),
        ("test_list", "assert larger(1, 2) == 2", "every row needs a list of texts there"),
        ("task_id", None, "every row needs text or a whole number there"),
    ],
)
def test_damaged_mbpp_row_is_one_clear_error(tmp_path, field, value, message):
    path = write_rows(tmp_path / "mbpp.jsonl", MBPP | {field: value})
    with pytest.raises(DataError, match=message):
        load_suite("mbpp", path)


def test_rows_that_the_embedded_model_was_trained_on_are_counted(tmp_path):
    rows = [MBPP | {"task_id": number} for number in (1, 10, 11, 511, 600, 601, 974)]
    problems = load_suite("mbpp", write_rows(tmp_path / "mbpp.jsonl", *rows))
    assert notices(problems) == ("4 MBPP problems (1-10, 601-974) are training data of the embedded model.",)
    assert notices(problems[2:5]) == ()


def test_mbpp_of_a_directory_is_the_validation_split(data_directory):
    problems = load_suite("mbpp", data_directory)
    assert ids(problems) == [str(number) for number in range(511, 601)]
    raw = {row["task_id"]: row for row in read_raw(data_directory / "mbpp/validation.jsonl")}
    assert problems[0].check.entry_point == "find_Min_Sum"
    assert problems[0].check.tests == tuple(raw[511]["test_list"])
    assert notices(problems) == ()


def test_other_mbpp_files_load_whole(data_directory):
    assert len(load_suite("mbpp", data_directory / "mbpp/train.jsonl")) == 384
    assert len(load_suite("mbpp-sanitized", data_directory, Filters(languages=("python",)))) == 170


@pytest.mark.parametrize("name", ["humaneval", "mbpp"])
def test_first_problems_are_the_same_every_time(data_directory, name):
    assert load_suite(name, data_directory, Filters(limit=3)) == load_suite(name, data_directory)[:3]
