"""CRUXEval: the value of a call, or a call of a value."""

import pytest
from suite_rows import CRUXEVAL, read_raw, write_rows

from hrm_edge.bench.suites import load_suite
from hrm_edge.errors import DataError
from hrm_edge.problems.problem import Prediction, Scenario


@pytest.fixture
def path(tmp_path):
    return write_rows(tmp_path / "cruxeval.jsonl", CRUXEVAL)


def test_output_is_asked_for_a_call(path):
    (problem,) = load_suite("cruxeval-o", path)
    assert (problem.id, problem.scenario, problem.reference) == ("sample_9", Scenario.EXECUTION, "'xy'")
    assert problem.check == Prediction(code=CRUXEVAL["code"], call="f('x', 'y')", expected="'xy'", asks="output")
    assert problem.request.endswith(f"[PYTHON]\n{CRUXEVAL['code']}\nassert f('x', 'y') == ??\n[/PYTHON]\n[ANSWER]\n")


def test_input_is_asked_for_a_value(path):
    (problem,) = load_suite("cruxeval-i", path)
    assert problem.reference == "f('x', 'y')"
    assert problem.check == Prediction(code=CRUXEVAL["code"], call="f", expected="'xy'", asks="input")
    assert problem.request.endswith(f"[PYTHON]\n{CRUXEVAL['code']}\nassert f(??) == 'xy'\n[/PYTHON]\n[ANSWER]\n")
    assert "'x', 'y'" not in problem.request


def test_damaged_row_is_one_clear_error(tmp_path):
    path = write_rows(tmp_path / "cruxeval.jsonl", CRUXEVAL | {"output": None})
    with pytest.raises(DataError, match=r"cruxeval\.jsonl:1: 'output' is None; every row needs text there"):
        load_suite("cruxeval-o", path)


@pytest.mark.parametrize("suite", ["cruxeval-o", "cruxeval-i"])
def test_published_rows_load(data_directory, suite):
    problems = load_suite(suite, data_directory)
    raw = read_raw(data_directory / "cruxeval.jsonl")
    assert [problem.source for problem in problems] == raw and len(raw) == 591
