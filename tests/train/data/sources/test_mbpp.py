"""MBPP and MBXP: which rows get in, what they become, and that translations are used only where they agree."""

import json
from dataclasses import replace

import pytest
from sandboxes import needs_bubblewrap
from source_files import JAVASCRIPT, LUCKY, MBPP, drawn, mbxp, write_lines

from hrm_edge.prompt import parse_answer
from hrm_edge.sandbox.judge import Judge
from hrm_edge.sandbox.open import open_sandbox
from hrm_edge.sandbox.toolchains import find_toolchains
from hrm_edge.sandbox.verdict import Outcome
from hrm_edge.train.data.example import Task
from hrm_edge.train.data.sources.mbpp import Mbpp
from hrm_edge.train.data.sources.mbpp_verification import verify_mbpp
from hrm_edge.train.data.sources.rows import RowReport
from hrm_edge.train.data.sources.verification import write_record


@pytest.fixture(scope="module")
def judging():
    """(session, judge) that knows the languages of this machine."""
    toolchains = find_toolchains()
    with open_sandbox(toolchains=toolchains.values()) as sandbox, sandbox.session() as session:
        yield session, Judge(session, toolchains)


def of_task(examples, task):
    return [example for example in examples if example.task is task]


def test_row_becomes_every_scenario_that_it_can(tmp_path):
    examples, report = drawn(Mbpp(), write_lines(tmp_path / "m.jsonl", MBPP))
    tasks = [example.task for example in examples]
    assert sorted(set(tasks)) == ["execution", "generation", "reverse", "test-output-prediction", "test-writing"]
    code = "def double_all(xs):\n    return [2 * x for x in xs]"
    assert {parse_answer(example.response).text for example in of_task(examples, Task.GENERATION)} == {code}
    assert [parse_answer(example.response).text for example in of_task(examples, Task.TEST_OUTPUT)] == MBPP["test_list"]
    (described,) = of_task(examples, Task.REVERSE)
    assert (described.response, described.language) == (MBPP["text"], "text")
    assert {example.group for example in examples} == {"mbpp/603"}
    assert not report.malformed


def test_no_request_that_asks_for_a_value_shows_it(tmp_path):
    examples, _ = drawn(Mbpp(), write_lines(tmp_path / "m.jsonl", MBPP))
    for example in (*of_task(examples, Task.TEST_OUTPUT), *of_task(examples, Task.EXECUTION)):
        value = parse_answer(example.response).text.partition("== ")[2]
        assert f"== {value}" not in example.request


@pytest.mark.parametrize(
    ("number", "rule"),
    [(10, None), (11, "held-out test"), (510, "held-out test"), (511, "validation"), (600, "validation"), (601, None)],
)
def test_only_training_numbers_get_in(tmp_path, number, rule):
    examples, report = drawn(Mbpp(), write_lines(tmp_path / "m.jsonl", MBPP | {"task_id": number}))
    assert bool(examples) == (rule is None)
    assert [rule for _, reason in report.left_out if rule and rule in reason] == ([rule] if rule else [])


def test_validation_set_gets_in_where_a_recipe_says_so(tmp_path):
    path = write_lines(tmp_path / "m.jsonl", MBPP | {"task_id": 555}, MBPP | {"task_id": 500})
    examples, _ = drawn(Mbpp(with_validation=True), path)
    assert {example.group for example in examples} == {"mbpp/555"}


@pytest.mark.parametrize(
    ("bad", "problem"),
    [
        (MBPP | {"code": "def f(:"}, "'code' is no Python 3"),
        (MBPP | {"test_list": ["assert other(1) == 2"]}, "'test_list' calls no function of 'code'"),
        (MBPP | {"test_list": []}, "'test_list' is []"),
        (MBPP | {"task_id": "603"}, "'task_id' is '603'"),
        (JAVASCRIPT | {"task_id": "MBJSP"}, "'task_id' is 'MBJSP'"),
        (JAVASCRIPT | {"prompt": None}, "'prompt' is None"),
    ],
)
def test_malformed_row_is_reported_with_its_line_and_the_rest_is_used(tmp_path, bad, problem):
    path = write_lines(tmp_path / "m.jsonl", bad, MBPP)
    examples, report = drawn(Mbpp(), path)
    assert examples
    (malformed,) = report.malformed
    assert malformed.line == 1
    assert malformed.problem.startswith(problem)


def test_translation_that_nothing_vouches_for_is_left_out(tmp_path):
    examples, report = drawn(Mbpp(), write_lines(tmp_path / "m.jsonl", MBPP, JAVASCRIPT))
    assert {example.language for example in examples} == {"python", "text"}
    assert any("not seen to agree" in rule for _, rule in report.left_out)


def test_rows_without_a_solution_or_in_other_languages_are_counted(tmp_path):
    failed = mbxp("java", "class X {\n", "}", passed=False)
    none, typescript = mbxp("go", "func f() {\n", None, passed=None), mbxp("typescript", "const f = {\n", "}")
    _, report = drawn(Mbpp(), write_lines(tmp_path / "m.jsonl", MBPP, failed, none, typescript))
    assert sorted(rule for _, rule in report.left_out) == [
        "no solution in go that compiled and passed",
        "no solution in java that compiled and passed",
        "typescript is no language of ours",
    ]


@needs_bubblewrap
def test_right_translation_is_used_and_one_that_only_passes_its_tests_is_not(tmp_path, judging):
    """`LUCKY` passes both of MBPP's tests and is wrong."""
    for row, agrees in ((JAVASCRIPT, True), (LUCKY, False)):
        path = write_lines(tmp_path / "m.jsonl", MBPP, row)
        verdicts = list(verify_mbpp([path], *judging, RowReport()))
        assert [verdict.outcome for _, verdict in verdicts] == [
            Outcome.PASSED,
            Outcome.PASSED if agrees else Outcome.FAILED,
        ]
        assert write_record(tmp_path / "record.txt", verdicts) == (1 + agrees, 2)
        examples, _ = drawn(Mbpp(verified=(str(tmp_path / "record.txt"),)), path)
        assert {example.language for example in examples if example.executed} >= {"python"}
        assert any(example.language == "javascript" for example in examples) == agrees
    record = (tmp_path / "record.txt").read_text()
    assert record.endswith(" mbpp/603\n")


@needs_bubblewrap
def test_agreeing_translation_gives_transfer_both_ways_and_generation(tmp_path, judging):
    path = write_lines(tmp_path / "m.jsonl", MBPP, JAVASCRIPT)
    write_record(tmp_path / "record.txt", verify_mbpp([path], *judging, RowReport()))
    examples, _ = drawn(Mbpp(verified=(str(tmp_path / "record.txt"),)), path)
    there, back = sorted(of_task(examples, Task.TRANSFER), key=lambda example: example.language)
    assert "def double_all(xs):" in back.response
    assert "function doubleAll(xs) {" in there.response
    assert "function doubleAll(xs)" in there.request and "/**" not in there.request + there.response
    (asked,) = [example for example in of_task(examples, Task.GENERATION) if example.language == "javascript"]
    assert "> doubleAll([1, 2])" in asked.request
    assert asked.licence == "Apache-2.0" and asked.executed


@needs_bubblewrap
def test_first_five_of_the_real_solutions_pass_and_the_package_vouches_for_them(data_directory, judging):
    path = data_directory / "mbpp" / "train.jsonl"
    for item, verdict in verify_mbpp([path], *judging, RowReport(), limit=5):
        assert verdict.outcome is Outcome.PASSED, item.id
    examples, _ = drawn(Mbpp(), path)
    assert all(example.executed for example in examples if example.language == "python")


def test_changed_solution_is_no_longer_vouched_for(data_directory, tmp_path):
    row = json.loads((data_directory / "mbpp" / "train.jsonl").read_text().split("\n")[1])
    kept, _ = drawn(Mbpp(), write_lines(tmp_path / "kept.jsonl", row))
    changed, _ = drawn(Mbpp(), write_lines(tmp_path / "changed.jsonl", row | {"code": row["code"] + "\nx = 1"}))
    assert {example.executed for example in kept if example.language == "python"} == {True}
    assert {example.executed for example in changed} == {None}


def test_real_files_by_count(data_directory):
    examples, report = drawn(Mbpp(), data_directory)
    assert sum(report.read.values()) == 384 + 90 + 411 + 456 + 468 + 468 + 470
    assert not report.malformed
    used = {example.group for example in examples}
    assert all(int(group.partition("/")[2]) in (*range(1, 11), *range(601, 975)) for group in used)
    held_out = report.left_out["mbpp", "held out for evaluation"]
    assert 340 < len(used) < 384 and held_out > 0
    assert {example.language for example in examples} == {"python", "javascript", "java", "cpp", "text"}
    assert all(replace(example, executed=True) == example for example in examples if example.language == "cpp")
