"""Shell data sets and recipes: held-out requests never get in, new values stand in request and command alike."""

import re

import pytest
from source_files import drawn, write_lines
from train_data import CHEATSHEET, NL2BASH, TLDR, shell_rows

from hrm_edge.prompt import parse_answer
from hrm_edge.train.data.data_sets import Example
from hrm_edge.train.data.example import Task
from hrm_edge.train.data.sources.recipes import Recipes
from hrm_edge.train.data.sources.shell import CheatSheets, Nl2Bash, Tldr


def is_held_out(request: str) -> bool:
    return Example(request=request, code="", language="bash", source="").held_out


def commands(examples):
    return [example for example in examples if example.task is Task.SHELL]


@pytest.mark.parametrize(
    ("kind", "row", "code", "licence"),
    [
        (Tldr(rounds=1), TLDR, "ls -1 path/to/dir", "CC-BY-4.0"),
        (Nl2Bash(rounds=1), NL2BASH, 'find logs/old -name "*.log"', "MIT"),
        (CheatSheets(rounds=1), CHEATSHEET, "tar -tf a.tar", "MIT"),
        (CheatSheets(rounds=1), CHEATSHEET | {"source": "cheat/cheatsheets"}, "tar -tf a.tar", "CC0-1.0"),
    ],
    ids=["tldr", "nl2bash", "cheatsheet", "cc0"],
)
def test_row_becomes_a_command_and_its_explanation(tmp_path, kind, row, code, licence):
    (asked, explained), _ = drawn(kind, write_lines(tmp_path / "s.jsonl", row))
    assert parse_answer(asked.response).text == code
    assert code in explained.request and explained.language == "text"
    assert asked.licence == explained.licence == licence


def test_held_out_requests_are_counted_and_nothing_drawn_is_one_of_them(tmp_path):
    rows = shell_rows(600)
    examples, report = drawn(Nl2Bash(rounds=4), write_lines(tmp_path / "s.jsonl", *rows))
    held_out = sum(is_held_out(str(row["nl"])) for row in rows)
    assert report.left_out["nl2bash", "held out for evaluation"] == held_out > 0
    assert not any(is_held_out(example.request) for example in commands(examples))
    assert not any(is_held_out(example.response) for example in examples if example.task is Task.REVERSE)


def test_new_values_stand_in_request_and_command(tmp_path):
    examples, _ = drawn(Nl2Bash(rounds=3, explain=False), write_lines(tmp_path / "s.jsonl", *shell_rows(50)))
    assert len({example.request for example in examples}) > 60
    for example in examples:
        count, name = re.fullmatch(
            r"show the first (\d+) lines of (\S+?)(?: with head| using head)?", example.request
        ).groups()
        assert parse_answer(example.response).text == f"head -{count} {name}"


def test_rows_of_one_meaning_share_a_group_whatever_their_spelling(tmp_path):
    path = write_lines(tmp_path / "s.jsonl", {"nl": "List files!", "cmd": "ls"}, {"nl": "list FILES", "cmd": "ls -1"})
    examples, _ = drawn(Nl2Bash(), path)
    assert len({example.group for example in examples}) == 1


def test_malformed_rows_and_other_platforms_are_counted(tmp_path):
    path = write_lines(tmp_path / "s.jsonl", TLDR | {"example_command": 5}, TLDR | {"platform": "windows"}, "[", TLDR)
    examples, report = drawn(Tldr(), path)
    assert examples
    assert [row.line for row in report.malformed] == [1, 3]
    assert sum(report.left_out.values()) == 1


def test_recipes_draw_fresh_values_outside_the_held_out_share():
    examples, report = drawn(Recipes(fillings=3))
    assert len({example.group for example in examples}) > 700
    assert not any(is_held_out(example.request) for example in examples)
    assert report.left_out["recipes", "held out for evaluation"] > 50
    other, _ = drawn(Recipes(fillings=3), seed=2)
    assert [example.request for example in other] != [example.request for example in examples]
