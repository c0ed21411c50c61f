"""Lines of the user's own: commands and functions as they stand, one group for each request, errors with their line."""

import pytest
from train_data import shell_rows, write_lines

from hrm_edge.errors import DataError
from hrm_edge.train.data.example import Task
from hrm_edge.train.data.sources.own import Own
from hrm_edge.train.data.sources.rows import RowReport

ROWS = (
    {"request": "say hello", "code": "echo hello", "language": "bash"},
    {"request": "add two numbers", "code": "def add(a, b):\n    return a + b", "language": "python"},
    {"request": "Add  two numbers", "code": "def plus(a, b):\n    return b + a", "language": "python"},
)


def test_own_lines_are_examples_whose_group_is_their_request(tmp_path):
    path = write_lines(tmp_path / "own.jsonl", *ROWS)
    found = list(Own().examples([path], seed=0, report=RowReport()))
    assert [example.request for example in found] == [row["request"] for row in ROWS]
    assert [example.task for example in found] == [Task.SHELL, Task.GENERATION, Task.GENERATION]
    assert found[1].response == "```python\ndef add(a, b):\n    return a + b\n```"
    assert found[0].group != found[1].group == found[2].group
    assert {example.source for example in found} == {"own"}


def test_known_data_sets_are_read_too(tmp_path):
    path = write_lines(tmp_path / "nl2bash.jsonl", *shell_rows(5))
    assert len(list(Own().examples([path], seed=0, report=RowReport()))) == 5


def test_a_line_without_its_fields_is_named(tmp_path):
    path = write_lines(tmp_path / "own.jsonl", ROWS[0], {"request": "x", "code": 3, "language": "bash"})
    with pytest.raises(DataError, match=r"own\.jsonl:2: 'code' is 3; every line needs a str there"):
        list(Own().examples([path], seed=0, report=RowReport()))
